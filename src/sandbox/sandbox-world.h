/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-business.h"
#include "sandbox-catalog.h"
#include "sandbox-customers.h"
#include "sandbox-labor.h"
#include "sandbox-trade.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 seed;
  guint   orders;
  guint   months;
  guint   customers;    /* 0: as many as suit the orders */
  gint64  now;          /* where the history ends */
} SandboxWorldOptions;

/* The whole business and its time. */
typedef struct _SandboxWorld SandboxWorld;

SandboxWorld     *sandbox_world_new           (const SandboxWorldOptions *options);
void              sandbox_world_free          (SandboxWorld  *self);
gint64            sandbox_world_get_now       (SandboxWorld  *self);
void              sandbox_world_advance       (SandboxWorld  *self,
                                               gint64         now);
SandboxBusiness  *sandbox_world_get_business  (SandboxWorld  *self);
SandboxCatalog   *sandbox_world_get_catalog   (SandboxWorld  *self);
SandboxCustomers *sandbox_world_get_customers (SandboxWorld  *self);
SandboxTable     *sandbox_world_get_table     (SandboxWorld  *self,
                                               const char    *entity,
                                               guint         *out_kinds);
gboolean          sandbox_world_edit          (SandboxWorld  *self,
                                               const char    *entity,
                                               guint          count,
                                               guint         *out_done);
void              sandbox_world_touch         (SandboxWorld  *self,
                                               SandboxTable  *table,
                                               guint32        id);
gboolean          sandbox_world_delete        (SandboxWorld  *self,
                                               const char    *entity,
                                               guint          count,
                                               guint         *out_done);
void              sandbox_world_arrive_late   (SandboxWorld  *self,
                                               guint          count);

G_END_DECLS
