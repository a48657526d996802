/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What can happen; of two things at one instant the first in this list happens first. */
typedef enum
{
  SANDBOX_EVENT_PAYOUT,
  SANDBOX_EVENT_PAYOUT_PAID,
  SANDBOX_EVENT_DAY,
  SANDBOX_EVENT_CUSTOMER,
  SANDBOX_EVENT_CUSTOMER_EDIT,
  SANDBOX_EVENT_CUSTOMER_DELETE,
  SANDBOX_EVENT_CATALOG_EDIT,
  SANDBOX_EVENT_CATALOG_DELETE,
  SANDBOX_EVENT_CLOCK_IN,
  SANDBOX_EVENT_CLOCK_OUT,
  SANDBOX_EVENT_TIMECARD_EDIT,
  SANDBOX_EVENT_TIMECARD_DELETE,
  SANDBOX_EVENT_SALE,
  SANDBOX_EVENT_PAY,
  SANDBOX_EVENT_CAPTURE,
  SANDBOX_EVENT_CLOSE,
  SANDBOX_EVENT_FEE,
  SANDBOX_EVENT_REFUND,
  SANDBOX_EVENT_REFUNDED
} SandboxEventKind;

typedef struct
{
  gint64           time;
  SandboxEventKind kind;
  guint32          ref;
} SandboxEvent;

/* What is going to happen, soonest first (a binary heap). */
typedef struct _SandboxAgenda SandboxAgenda;

SandboxAgenda *sandbox_agenda_new  (void);
void           sandbox_agenda_free (SandboxAgenda   *self);
void           sandbox_agenda_add  (SandboxAgenda   *self,
                                    gint64           time,
                                    SandboxEventKind kind,
                                    guint32          ref);
gboolean       sandbox_agenda_pop  (SandboxAgenda   *self,
                                    gint64           until,
                                    SandboxEvent    *out_event);

G_END_DECLS
