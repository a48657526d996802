/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-time.h"
#include "sandbox-trade-private.h"

/* How orders and return orders look in Square's JSON. Written straight into the buffer:
 * a million of them are to be ready within seconds. */

static void
render_amounts (SandboxText *text,
                const char  *key,
                gint64       total,
                gint64       tax,
                gint64       discount,
                gint64       tip)
{
  sandbox_text_open (text, key, '{');
  sandbox_text_member_money (text, "total_money", total);
  sandbox_text_member_money (text, "tax_money", tax);
  if (discount != 0)
    sandbox_text_member_money (text, "discount_money", discount);
  if (tip != 0)
    sandbox_text_member_money (text, "tip_money", tip);
  sandbox_text_char (text, '}');
}

static void
render_uid (SandboxText *text,
            const char  *prefix,
            guint        number)
{
  char uid[24];

  g_snprintf (uid, sizeof uid, "%s-%u", prefix, number + 1);
  sandbox_text_plain (text, "uid", uid);
}

static void
render_applied (SandboxText *text,
                const char  *key,
                const char  *reference,
                gint64       amount)
{
  sandbox_text_open (text, key, '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, reference, reference[0] == 't' ? "vat" : "off");
  sandbox_text_member_money (text, "applied_money", amount);
  sandbox_text_raw (text, "}]", 2);
}

static void
render_modifier (SandboxText       *text,
                 const SandboxLine *line,
                 const char        *key,
                 guint              number)
{
  sandbox_text_open (text, key, '[');
  sandbox_text_char (text, '{');
  render_uid (text, "m", number);
  sandbox_text_plain (text, "name", line->modifier);
  sandbox_text_plain (text, "quantity", "1");
  sandbox_text_member_money (text, "base_price_money", line->extra);
  sandbox_text_member_money (text, "total_price_money", line->extra * line->quantity);
  sandbox_text_raw (text, "}]", 2);
}

/* What a sold and a returned line have in common. */
static void
render_line_head (SandboxText       *text,
                  const SandboxLine *line)
{
  char quantity[8];

  g_snprintf (quantity, sizeof quantity, "%u", line->quantity);
  sandbox_text_plain (text, "quantity", quantity);
  sandbox_text_member_string (text, "name", line->item->name);
  sandbox_text_member_string (text, "variation_name", line->variation->name);
  sandbox_text_plain (text, "catalog_object_id", line->variation->id.text);
  sandbox_text_plain (text, "item_type", "ITEM");
  sandbox_text_member_money (text, "base_price_money", line->price);
  if (line->quantity > 1)
    sandbox_text_member_money (text, "variation_total_price_money", line->price * line->quantity);
}

static void
render_line_tail (SandboxText       *text,
                  const SandboxLine *line)
{
  sandbox_text_member_money (text, "total_tax_money", line->tax);
  sandbox_text_member_money (text, "total_discount_money", line->discount);
  sandbox_text_member_money (text, "total_money", line->total);
  if (line->item->taxed)
    render_applied (text, "applied_taxes", "tax_uid", line->tax);
  if (line->discount > 0)
    render_applied (text, "applied_discounts", "discount_uid", line->discount);
}

static void
render_line (SandboxText       *text,
             const SandboxLine *line,
             guint              number)
{
  sandbox_text_next (text);
  sandbox_text_char (text, '{');
  render_uid (text, "li", number);
  render_line_head (text, line);
  if (line->note != NULL)
    sandbox_text_member_string (text, "note", line->note);
  if (line->modifier != NULL)
    render_modifier (text, line, "modifiers", number);
  sandbox_text_member_money (text, "gross_sales_money", line->gross);
  render_line_tail (text, line);
  sandbox_text_char (text, '}');
}

static void
render_returned_line (SandboxText       *text,
                      const SandboxLine *line,
                      guint              number)
{
  char uid[24];

  sandbox_text_next (text);
  sandbox_text_char (text, '{');
  render_uid (text, "rl", number);
  g_snprintf (uid, sizeof uid, "li-%u", number + 1);
  sandbox_text_plain (text, "source_line_item_uid", uid);
  render_line_head (text, line);
  if (line->modifier != NULL)
    render_modifier (text, line, "return_modifiers", number);
  sandbox_text_member_money (text, "gross_return_money", line->gross);
  render_line_tail (text, line);
  sandbox_text_char (text, '}');
}

static void
render_tax (SandboxTrade *self,
            SandboxText  *text,
            const char   *key,
            gboolean      returned,
            gint64        amount)
{
  sandbox_text_open (text, key, '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "uid", returned ? "rvat" : "vat");
  if (returned)
    sandbox_text_plain (text, "source_tax_uid", "vat");
  sandbox_text_plain (text, "catalog_object_id", sandbox_catalog_get_tax (self->catalog));
  sandbox_text_plain (text, "name", "VAT");
  sandbox_text_plain (text, "percentage", "20.0");
  sandbox_text_plain (text, "type", "INCLUSIVE");
  sandbox_text_member_money (text, "applied_money", amount);
  sandbox_text_plain (text, "scope", "LINE_ITEM");
  sandbox_text_raw (text, "}]", 2);
}

static void
render_discount (SandboxText       *text,
                 const SandboxSale *sale)
{
  char percentage[8];

  sandbox_text_open (text, "discounts", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "uid", "off");
  sandbox_text_plain (text, "name", "Neighbours");
  g_snprintf (percentage, sizeof percentage, "%u.0", sale->discount_percent);
  sandbox_text_plain (text, "percentage", percentage);
  sandbox_text_member_money (text, "applied_money", sale->discount);
  sandbox_text_plain (text, "type", "FIXED_PERCENTAGE");
  sandbox_text_plain (text, "scope", "ORDER");
  sandbox_text_raw (text, "}]", 2);
}

static void
render_tender (SandboxTrade      *self,
               SandboxText       *text,
               const Sale        *state,
               const SandboxSale *sale,
               guint32            number)
{
  SandboxId payment = sandbox_trade_payment_id (self, number);
  gint64 amount = sale->total + sale->tip;

  sandbox_text_open (text, "tenders", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", payment.text);
  sandbox_text_member_time (text, "created_at", state->paid);
  sandbox_text_member_money (text, "amount_money", amount);
  if (sale->tip > 0)
    sandbox_text_member_money (text, "tip_money", sale->tip);
  if (state->course.cash)
    {
      sandbox_text_plain (text, "type", "CASH");
      sandbox_text_open (text, "cash_details", '{');
      sandbox_text_member_money (text, "buyer_tendered_money", (amount + 499) / 500 * 500);
      sandbox_text_member_money (text, "change_back_money", (amount + 499) / 500 * 500 - amount);
      sandbox_text_char (text, '}');
    }
  else
    {
      sandbox_text_plain (text, "type", "CARD");
      sandbox_text_open (text, "card_details", '{');
      sandbox_text_plain (text, "status", state->closed > 0 ? "CAPTURED" : "AUTHORIZED");
      sandbox_text_card (text, sale->card);
      sandbox_text_plain (text, "entry_method", state->course.online ? "KEYED" : "CONTACTLESS");
      sandbox_text_char (text, '}');
    }
  sandbox_text_plain (text, "payment_id", payment.text);
  sandbox_text_raw (text, "}]", 2);
}

static void
render_pickup (SandboxTrade      *self,
               SandboxText       *text,
               const Sale        *state,
               const SandboxSale *sale)
{
  gboolean done = state->closed > 0 && !state->course.canceled;
  const char *given = "Guest";
  const char *family = "";
  char name[96];

  if (sale->customer != SANDBOX_NO_CUSTOMER)
    sandbox_customers_get_name (self->customers, sale->customer, &given, &family);
  g_snprintf (name, sizeof name, "%s %s", given, family);

  sandbox_text_open (text, "fulfillments", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "uid", "pickup-1");
  sandbox_text_plain (text, "type", "PICKUP");
  sandbox_text_plain (text, "state", done ? "COMPLETED" : state->course.canceled && state->closed > 0 ? "CANCELED" : "PROPOSED");
  sandbox_text_open (text, "pickup_details", '{');
  sandbox_text_member_time (text, "placed_at", state->created);
  sandbox_text_member_time (text, "pickup_at", state->created + 20 * SANDBOX_MINUTE);
  if (done)
    sandbox_text_member_time (text, "picked_up_at", state->closed);
  sandbox_text_plain (text, "schedule_type", "ASAP");
  sandbox_text_open (text, "recipient", '{');
  if (sale->customer != SANDBOX_NO_CUSTOMER)
    sandbox_text_plain (text, "customer_id", sandbox_customers_get_id (self->customers, sale->customer).text);
  sandbox_text_member_string (text, "display_name", name);
  sandbox_text_raw (text, "}}}]", 4);
}

static void
render_head (SandboxTrade *self,
             SandboxText  *text,
             const char   *id,
             guint         location,
             gboolean      online,
             guint32       customer)
{
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", id);
  sandbox_text_plain (text, "location_id", self->business->locations[location].text);
  sandbox_text_open (text, "source", '{');
  sandbox_text_plain (text, "name", online ? "Square Online" : "Point of Sale");
  sandbox_text_char (text, '}');
  if (customer != SANDBOX_NO_CUSTOMER)
    sandbox_text_plain (text, "customer_id", sandbox_customers_get_id (self->customers, customer).text);
}

static void
render_times (SandboxText         *text,
              const SandboxRecord *record,
              int                  version)
{
  static const char *const states[] = { "OPEN", "COMPLETED", "CANCELED", "DRAFT" };

  sandbox_text_member_time (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_member_time (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  if (record->times[SANDBOX_KEY_ENDED] > 0)
    sandbox_text_member_time (text, "closed_at", record->times[SANDBOX_KEY_ENDED]);
  sandbox_text_plain (text, "state", states[record->state]);
  if (version > 0)
    sandbox_text_member_int (text, "version", version);
}

static void
render_totals (SandboxText *text,
               gint64       total,
               gint64       tax,
               gint64       discount,
               gint64       tip,
               gint64       due)
{
  sandbox_text_member_money (text, "total_money", total);
  sandbox_text_member_money (text, "total_tax_money", tax);
  sandbox_text_member_money (text, "total_discount_money", discount);
  sandbox_text_member_money (text, "total_tip_money", tip);
  sandbox_text_member_money (text, "net_amount_due_money", due);
}

static void
render_ticket (SandboxText       *text,
               const SandboxSale *sale,
               guint              edits)
{
  char ticket[24];

  if (edits > 0)
    g_snprintf (ticket, sizeof ticket, "Table %u (%u)", sale->table, edits);
  else
    g_snprintf (ticket, sizeof ticket, "Table %u", sale->table);
  if (sale->table > 0 || edits > 0)
    sandbox_text_plain (text, "ticket_name", ticket);
}

static void
trade_render_sale (SandboxTrade        *self,
                   const SandboxRecord *record,
                   SandboxText         *text)
{
  const Sale *state = sandbox_trade_sale (self, record->ref);
  gint64 tip, total;
  gboolean paid = state->payment != G_MAXUINT32;
  /* What the till itself rings up has no version now and then, as with Square. */
  int version = record->ref % 10 == 3 ? 0 : 1 + (state->paid > 0) + (state->closed > 0) * 2 + state->order_edits;
  SandboxSale sale;

  sandbox_trade_draw (self, record->ref, &sale);
  tip = paid ? sale.tip : 0;
  total = sale.total + tip;
  render_head (self, text, sandbox_trade_order_id (self, record->ref).text, state->location,
               state->course.online, sale.customer);

  sandbox_text_open (text, "line_items", '[');
  for (guint i = 0; i < sale.n_lines; i++)
    render_line (text, &sale.lines[i], i);
  sandbox_text_char (text, ']');
  if (sale.tax > 0)
    render_tax (self, text, "taxes", FALSE, sale.tax);
  if (sale.discount_percent > 0)
    render_discount (text, &sale);
  if (state->course.online)
    render_pickup (self, text, state, &sale);
  render_amounts (text, "net_amounts", total, sale.tax, sale.discount, tip);
  if (paid)
    render_tender (self, text, state, &sale, record->ref);
  render_times (text, record, version);
  render_totals (text, total, sale.tax, sale.discount, tip, paid || state->course.canceled ? 0 : total);
  render_ticket (text, &sale, state->order_edits);
  sandbox_text_char (text, '}');
}

static void
render_refund_of (SandboxTrade    *self,
                  SandboxText     *text,
                  const Refunding *refund,
                  guint32          number,
                  guint            location)
{
  sandbox_text_open (text, "refunds", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", sandbox_trade_refund_id (self, number).text);
  sandbox_text_plain (text, "location_id", self->business->locations[location].text);
  sandbox_text_plain (text, "transaction_id", sandbox_trade_return_id (self, number).text);
  sandbox_text_plain (text, "tender_id", sandbox_trade_payment_id (self, refund->sale).text);
  sandbox_text_member_time (text, "created_at", refund->created);
  sandbox_text_plain (text, "reason", "Returned Goods");
  sandbox_text_member_money (text, "amount_money", refund->amount);
  sandbox_text_plain (text, "status", "APPROVED");
  sandbox_text_raw (text, "}]", 2);
}

static void
render_return (SandboxTrade      *self,
               SandboxText       *text,
               const Refunding   *refund,
               const SandboxSale *sale)
{
  gint64 tax = sandbox_trade_return_tax (sale, refund->lines);
  gint64 discount = 0;

  sandbox_text_open (text, "returns", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "uid", "return-1");
  sandbox_text_plain (text, "source_order_id", sandbox_trade_order_id (self, refund->sale).text);
  sandbox_text_open (text, "return_line_items", '[');
  for (guint i = 0; i < refund->lines; i++)
    {
      render_returned_line (text, &sale->lines[i], i);
      discount += sale->lines[i].discount;
    }
  sandbox_text_char (text, ']');
  if (tax > 0)
    render_tax (self, text, "return_taxes", TRUE, tax);
  render_amounts (text, "return_amounts", refund->amount, tax, discount, 0);
  sandbox_text_raw (text, "}]", 2);
  render_amounts (text, "return_amounts", refund->amount, tax, discount, 0);
  render_amounts (text, "net_amounts", -refund->amount, -tax, -discount, 0);
}

static void
trade_render_return (SandboxTrade        *self,
                     const SandboxRecord *record,
                     SandboxText         *text)
{
  guint32 number = record->ref & ~SANDBOX_RETURN_BIT;
  const Refunding *refund = sandbox_trade_refunding (self, number);
  SandboxSale sale;

  sandbox_trade_draw (self, refund->sale, &sale);
  render_head (self, text, sandbox_trade_return_id (self, number).text, record->location, FALSE, sale.customer);
  render_return (self, text, refund, &sale);
  render_refund_of (self, text, refund, number, record->location);
  render_times (text, record, 2 + refund->order_edits);
  render_totals (text, 0, 0, 0, 0, 0);
  render_ticket (text, &sale, refund->order_edits);
  sandbox_text_char (text, '}');
}

/** sandbox_trade_render_order: a sale's order, or the order of a return. */
void
sandbox_trade_render_order (gpointer             owner,
                            const SandboxRecord *record,
                            SandboxText         *text)
{
  if ((record->ref & SANDBOX_RETURN_BIT) != 0)
    trade_render_return (owner, record, text);
  else
    trade_render_sale (owner, record, text);
}
