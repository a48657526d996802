/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-sale.h"

static const char *const modifiers[] = { "Oat Milk", "Soya Milk", "Extra Shot", "Vanilla Syrup", "Decaf", "Whipped Cream" };
static const gint64 modifier_prices[] = { 50, 45, 60, 55, 0, 40 };

static const char *const notes[] = {
  "extra hot", "no foam please", "f\303\274r M\303\274ller \342\200\224 dr\303\274ben", "half & half", "for \"Big Dave\"",
  "allergy: nuts\nsee card", "birthday \360\237\216\202", "cr\303\250me \303\240 part", "back\\slash table", "\342\230\225\357\270\217 usual"
};

static void
line_draw (SandboxLine    *self,
           SandboxCatalog *catalog,
           SandboxRandom  *random,
           gint64          created,
           guint           discount_percent)
{
  guint modifier = sandbox_random_below (random, G_N_ELEMENTS (modifiers));

  self->variation = sandbox_catalog_pick (catalog, random, created);
  self->item = sandbox_catalog_get_item (catalog, self->variation->item);
  self->quantity = sandbox_random_chance (random, 1300) ? sandbox_random_span (random, 2, 4) : 1;
  self->price = sandbox_catalog_get_price (self->variation, created);
  self->modifier = NULL;
  self->extra = 0;
  if (self->item->category <= 2 && sandbox_random_chance (random, 2600))
    {
      self->modifier = modifiers[modifier];
      self->extra = modifier_prices[modifier];
    }
  self->note = sandbox_random_chance (random, 350) ? notes[sandbox_random_below (random, G_N_ELEMENTS (notes))] : NULL;

  self->gross = (self->price + self->extra) * self->quantity;
  self->discount = (self->gross * discount_percent + 50) / 100;
  self->total = self->gross - self->discount;
  self->tax = self->item->taxed ? (self->total * 20 + 60) / 120 : 0;
}

static void
sale_draw_payment (SandboxSale      *self,
                   SandboxRandom    *random,
                   SandboxSaleCourse course)
{
  gboolean tips = sandbox_random_chance (random, 1800);
  guint percent = sandbox_random_span (random, 5, 15);

  self->card = (guint)(sandbox_random_next (random) >> 32);
  self->tip = tips && !course.cash ? (self->total * percent + 50) / 100 : 0;
}

/**
 * sandbox_sale_draw:
 * @self: (out caller-allocates): the sale
 * @number: which one
 * @created: when it was rung up: decides prices, who was there and who was known
 */
void
sandbox_sale_draw (SandboxSale       *self,
                   SandboxBusiness   *business,
                   SandboxCatalog    *catalog,
                   SandboxCustomers  *customers,
                   guint32            number,
                   guint              location,
                   gint64             created,
                   SandboxSaleCourse  course)
{
  SandboxRandom random;
  gboolean known;

  sandbox_random_init (&random, business->seed, SANDBOX_STREAM_SALE, number);
  self->person = sandbox_business_pick_person (business, &random, location, created);
  known = sandbox_random_chance (&random, course.online ? 10000 : 2200);
  self->customer = sandbox_customers_pick (customers, &random, created);
  if (!known)
    self->customer = SANDBOX_NO_CUSTOMER;
  self->discount_percent = sandbox_random_chance (&random, 400) ? 10 : 0;
  self->table = course.online || location == 2 || sandbox_random_chance (&random, 4500)
                  ? 0 : sandbox_random_span (&random, 1, 24);

  self->n_lines = 1;
  while (self->n_lines < SANDBOX_MAX_LINES && sandbox_random_chance (&random, 2600))
    self->n_lines++;

  self->gross = self->discount = self->tax = self->total = 0;
  for (guint i = 0; i < self->n_lines; i++)
    {
      line_draw (&self->lines[i], catalog, &random, created, self->discount_percent);
      self->gross += self->lines[i].gross;
      self->discount += self->lines[i].discount;
      self->tax += self->lines[i].tax;
      self->total += self->lines[i].total;
    }
  sale_draw_payment (self, &random, course);
}

/** sandbox_sale_get_fee: what Square keeps of it, in pence; nothing of cash. */
gint64
sandbox_sale_get_fee (const SandboxSale *self,
                      SandboxSaleCourse  course)
{
  gint64 charged = self->total + self->tip;

  if (course.cash)
    return 0;
  if (course.online)
    return (charged * 140 + 5000) / 10000 + 25;
  return (charged * 175 + 5000) / 10000;
}
