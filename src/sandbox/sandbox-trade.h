/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-agenda.h"
#include "sandbox-business.h"
#include "sandbox-catalog.h"
#include "sandbox-customers.h"

G_BEGIN_DECLS

/* How orders' states are numbered in their records (a bit each in a query). */
enum { SANDBOX_ORDER_OPEN, SANDBOX_ORDER_COMPLETED, SANDBOX_ORDER_CANCELED, SANDBOX_ORDER_DRAFT };
enum { SANDBOX_PAYMENT_APPROVED, SANDBOX_PAYMENT_COMPLETED };
enum { SANDBOX_REFUND_PENDING, SANDBOX_REFUND_COMPLETED };
enum { SANDBOX_PAYOUT_SENT, SANDBOX_PAYOUT_PAID };
enum { SANDBOX_SOURCE_CARD, SANDBOX_SOURCE_CASH };
enum { SANDBOX_CHANNEL_POS, SANDBOX_CHANNEL_ONLINE };

/* Money changing hands: orders, payments, refunds with their return orders, payouts. */
typedef struct _SandboxTrade SandboxTrade;

SandboxTrade *sandbox_trade_new           (SandboxBusiness    *business,
                                           SandboxCatalog     *catalog,
                                           SandboxCustomers   *customers,
                                           SandboxAgenda      *agenda);
void          sandbox_trade_free          (SandboxTrade       *self);
SandboxTable *sandbox_trade_get_orders    (SandboxTrade       *self);
SandboxTable *sandbox_trade_get_payments  (SandboxTrade       *self);
SandboxTable *sandbox_trade_get_refunds   (SandboxTrade       *self);
SandboxTable *sandbox_trade_get_payouts   (SandboxTrade       *self);
void          sandbox_trade_plan_history  (SandboxTrade       *self,
                                           guint               sales,
                                           guint               refunds,
                                           gint64              until);
void          sandbox_trade_plan_sale     (SandboxTrade       *self,
                                           guint               location,
                                           gint64              created);
void          sandbox_trade_happen        (SandboxTrade       *self,
                                           const SandboxEvent *event);
void          sandbox_trade_arrive_late   (SandboxTrade       *self,
                                           guint               location,
                                           gint64              created,
                                           gint64              now);
void          sandbox_trade_edit_order    (SandboxTrade       *self,
                                           guint32             record,
                                           gint64              now);
void          sandbox_trade_edit_payment  (SandboxTrade       *self,
                                           guint32             record,
                                           gint64              now);
void          sandbox_trade_edit_refund   (SandboxTrade       *self,
                                           guint32             record,
                                           gint64              now);

G_END_DECLS
