/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-random.h"
#include "sandbox-table.h"

G_BEGIN_DECLS

/* The people who left their name. */
typedef struct _SandboxCustomers SandboxCustomers;

#define SANDBOX_NO_CUSTOMER G_MAXUINT32

SandboxCustomers *sandbox_customers_new       (guint64           seed);
void              sandbox_customers_free      (SandboxCustomers *self);
SandboxTable     *sandbox_customers_get_table (SandboxCustomers *self);
void              sandbox_customers_add       (SandboxCustomers *self,
                                               gint64            created,
                                               gint64            now);
guint32           sandbox_customers_pick      (SandboxCustomers *self,
                                               SandboxRandom    *random,
                                               gint64            time);
SandboxId         sandbox_customers_get_id    (SandboxCustomers *self,
                                               guint32           number);
void              sandbox_customers_get_name  (SandboxCustomers *self,
                                               guint32           number,
                                               const char      **out_given,
                                               const char      **out_family);
void              sandbox_customers_edit      (SandboxCustomers *self,
                                               guint32           number,
                                               gint64            now);
gboolean          sandbox_customers_delete    (SandboxCustomers *self,
                                               guint32           number);
int               sandbox_customers_find      (SandboxCustomers *self,
                                               const char       *id);

G_END_DECLS
