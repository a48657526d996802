/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-business.h"
#include "sandbox-catalog.h"
#include "sandbox-customers.h"

G_BEGIN_DECLS

#define SANDBOX_MAX_LINES 6

typedef struct
{
  const SandboxVariation *variation;   /* (not owned) */
  const SandboxItem      *item;        /* (not owned) */
  const char             *modifier;    /* (nullable) (static) */
  const char             *note;        /* (nullable) (static) */
  guint                   quantity;
  gint64                  price;
  gint64                  extra;       /* the modifier's price for one */
  gint64                  gross;
  gint64                  discount;
  gint64                  tax;         /* contained in the total: VAT is included in prices */
  gint64                  total;
} SandboxLine;

/* How a sale goes, which has to be known before anything is rung up. */
typedef struct
{
  guint8 online   : 1;
  guint8 cash     : 1;
  guint8 canceled : 1;
  guint8 late     : 1;   /* rung up offline, sent hours later */
} SandboxSaleCourse;

/* What is in a sale. Not stored: drawn again from its number whenever it is needed. */
typedef struct
{
  SandboxLine lines[SANDBOX_MAX_LINES];
  guint       n_lines;
  guint       discount_percent;        /* 0: none */
  gint64      gross;
  gint64      discount;
  gint64      tax;
  gint64      total;                   /* without the tip */
  gint64      tip;
  guint32     customer;
  guint       person;
  guint       card;                    /* which sort, and the last digits */
  guint       table;                   /* 0: take-away */
} SandboxSale;

void   sandbox_sale_draw     (SandboxSale       *self,
                              SandboxBusiness   *business,
                              SandboxCatalog    *catalog,
                              SandboxCustomers  *customers,
                              guint32            number,
                              guint              location,
                              gint64             created,
                              SandboxSaleCourse  course);
gint64 sandbox_sale_get_fee  (const SandboxSale *self,
                              SandboxSaleCourse  course);

G_END_DECLS
