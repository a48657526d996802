/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-square.h"

G_BEGIN_DECLS

/* One request on its way through. */
typedef struct
{
  SandboxWorld   *world;     /* (not owned) */
  SandboxRequest *request;   /* (not owned) */
  SandboxReply   *reply;     /* (not owned) */
  SandboxTwist    twist;
} SandboxCall;

typedef void (*SandboxRouteFunc) (SandboxCall *call);

gboolean sandbox_call_read_locations (SandboxCall  *self,
                                      JsonArray    *ids,
                                      guint        *out_locations);
gboolean sandbox_call_begin_page     (SandboxCall  *self,
                                      SandboxQuery *query,
                                      const char   *key);
void     sandbox_call_page           (SandboxCall  *self,
                                      SandboxQuery *query,
                                      const char   *key);

gboolean sandbox_square_look_up      (SandboxCall  *call);
void     sandbox_square_order_batch  (SandboxCall  *call);
void     sandbox_square_catalog_batch (SandboxCall *call);
void     sandbox_square_orders       (SandboxCall  *call);
void     sandbox_square_customers    (SandboxCall  *call);
void     sandbox_square_customer_list (SandboxCall *call);
void     sandbox_square_timecards    (SandboxCall  *call);
void     sandbox_square_team         (SandboxCall  *call);
void     sandbox_square_catalog      (SandboxCall  *call);
void     sandbox_square_catalog_list (SandboxCall  *call);
void     sandbox_square_payments     (SandboxCall  *call);
void     sandbox_square_refunds      (SandboxCall  *call);
void     sandbox_square_payouts      (SandboxCall  *call);

G_END_DECLS
