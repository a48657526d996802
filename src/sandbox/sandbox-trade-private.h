/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-sale.h"
#include "sandbox-trade.h"

G_BEGIN_DECLS

/* What is remembered of a sale beyond what can be drawn again. */
typedef struct
{
  gint64            created;
  gint64            paid;          /* 0: not yet */
  gint64            closed;        /* 0: not yet */
  gint64            fee_at;        /* 0: no fee was taken yet */
  guint32           order;         /* its record, G_MAXUINT32: not there yet */
  guint32           payment;       /* likewise */
  guint32           refund;        /* its number, G_MAXUINT32: none */
  guint16           order_edits;
  guint16           payment_edits;
  guint8            location;
  SandboxSaleCourse course;
} Sale;

typedef struct
{
  gint64  created;
  gint64  amount;
  guint32 sale;
  guint32 record;
  guint32 order;                   /* the record of the return order */
  guint16 edits;
  guint16 order_edits;
  guint8  lines;                   /* how many lines came back */
} Refunding;

typedef struct
{
  gint64 created;
  gint64 amount;
  guint8 location;
} Payout;

struct _SandboxTrade
{
  SandboxBusiness  *business;      /* (not owned) */
  SandboxCatalog   *catalog;       /* (not owned) */
  SandboxCustomers *customers;     /* (not owned) */
  SandboxAgenda    *agenda;        /* (not owned) */
  SandboxTable     *orders;        /* (owned) */
  SandboxTable     *payments;      /* (owned) */
  SandboxTable     *refunds;       /* (owned) */
  SandboxTable     *payouts;       /* (owned) */
  GArray           *sales;         /* (owned) (element-type Sale) */
  GArray           *refundings;    /* (owned) (element-type Refunding) */
  GArray           *paid_out;      /* (owned) (element-type Payout) */
  gint64            balance[SANDBOX_N_LOCATIONS];
  guint             history_sales;
  guint             history_refunds;
  gint64            history_until;
};

/* An order record's ref is a sale's number, or this bit and a refund's number. */
#define SANDBOX_RETURN_BIT 0x80000000u

static inline Sale *
sandbox_trade_sale (SandboxTrade *self,
                    guint32       number)
{
  return &g_array_index (self->sales, Sale, number);
}

static inline Refunding *
sandbox_trade_refunding (SandboxTrade *self,
                         guint32       number)
{
  return &g_array_index (self->refundings, Refunding, number);
}

void      sandbox_trade_draw           (SandboxTrade        *self,
                                        guint32              number,
                                        SandboxSale         *sale);
SandboxId sandbox_trade_order_id       (SandboxTrade        *self,
                                        guint32              number);
SandboxId sandbox_trade_return_id      (SandboxTrade        *self,
                                        guint32              number);
SandboxId sandbox_trade_payment_id     (SandboxTrade        *self,
                                        guint32              number);
SandboxId sandbox_trade_refund_id      (SandboxTrade        *self,
                                        guint32              number);
void      sandbox_trade_render_order   (gpointer             owner,
                                        const SandboxRecord *record,
                                        SandboxText         *text);
void      sandbox_trade_render_payment (gpointer             owner,
                                        const SandboxRecord *record,
                                        SandboxText         *text);
void      sandbox_trade_render_refund  (gpointer             owner,
                                        const SandboxRecord *record,
                                        SandboxText         *text);
void      sandbox_trade_render_payout  (gpointer             owner,
                                        const SandboxRecord *record,
                                        SandboxText         *text);
void      sandbox_text_card            (SandboxText         *text,
                                        guint                card);
gint64    sandbox_trade_return_tax     (const SandboxSale   *sale,
                                        guint                lines);
gint64    sandbox_trade_return_total   (const SandboxSale   *sale,
                                        guint                lines);

G_END_DECLS
