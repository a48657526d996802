/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-time.h"
#include "sandbox-trade-private.h"

/* How payments, refunds and payouts look in Square's JSON. */

/** sandbox_text_card: appends the member "card", made up from @card. */
void
sandbox_text_card (SandboxText *text,
                   guint        card)
{
  static const char *const brands[] = { "VISA", "VISA", "MASTERCARD", "MASTERCARD", "AMERICAN_EXPRESS" };
  char digits[8];

  sandbox_text_open (text, "card", '{');
  sandbox_text_plain (text, "card_brand", brands[card % G_N_ELEMENTS (brands)]);
  g_snprintf (digits, sizeof digits, "%04u", card / 8 % 10000);
  sandbox_text_plain (text, "last_4", digits);
  sandbox_text_member_int (text, "exp_month", 1 + card / 64 % 12);
  sandbox_text_member_int (text, "exp_year", 2027 + card / 1024 % 5);
  sandbox_text_char (text, '}');
}

static void
render_card_details (SandboxText         *text,
                     const Sale          *sale,
                     const SandboxSale   *content,
                     const SandboxRecord *record)
{
  sandbox_text_open (text, "card_details", '{');
  sandbox_text_plain (text, "status", record->state == SANDBOX_PAYMENT_COMPLETED ? "CAPTURED" : "AUTHORIZED");
  sandbox_text_card (text, content->card);
  sandbox_text_plain (text, "entry_method", sale->course.online ? "KEYED" : "CONTACTLESS");
  sandbox_text_plain (text, "cvv_status", sale->course.online ? "CVV_ACCEPTED" : "CVV_NOT_CHECKED");
  sandbox_text_plain (text, "avs_status", sale->course.online ? "AVS_ACCEPTED" : "AVS_NOT_CHECKED");
  sandbox_text_plain (text, "statement_description", "SQ *HARBOUR COFFEE");
  sandbox_text_char (text, '}');
}

static void
render_fee (SandboxText       *text,
            const Sale        *sale,
            const SandboxSale *content)
{
  sandbox_text_open (text, "processing_fee", '[');
  sandbox_text_char (text, '{');
  sandbox_text_member_time (text, "effective_at", sale->fee_at);
  sandbox_text_plain (text, "type", "INITIAL");
  sandbox_text_member_money (text, "amount_money", sandbox_sale_get_fee (content, sale->course));
  sandbox_text_raw (text, "}]", 2);
}

static void
trade_render_source (const SandboxRecord *record,
                     const Sale          *sale,
                     const SandboxSale   *content,
                     SandboxText         *text)
{
  gint64 total = content->total + content->tip;

  if (!sale->course.cash)
    {
      sandbox_text_plain (text, "source_type", "CARD");
      render_card_details (text, sale, content, record);
      return;
    }

  sandbox_text_plain (text, "source_type", "CASH");
  sandbox_text_open (text, "cash_details", '{');
  sandbox_text_member_money (text, "buyer_supplied_money", (total + 499) / 500 * 500);
  sandbox_text_member_money (text, "change_back_money", (total + 499) / 500 * 500 - total);
  sandbox_text_char (text, '}');
}

static void
trade_render_refunded (SandboxTrade *self,
                       const Sale   *sale,
                       SandboxText  *text)
{
  const Refunding *refund;

  if (sale->refund == G_MAXUINT32)
    return;
  refund = sandbox_trade_refunding (self, sale->refund);
  if (refund->record == G_MAXUINT32)
    return;

  sandbox_text_member_money (text, "refunded_money", refund->amount);
  sandbox_text_open (text, "refund_ids", '[');
  sandbox_text_string (text, sandbox_trade_refund_id (self, sale->refund).text);
  sandbox_text_char (text, ']');
}

static void
trade_render_links (SandboxTrade      *self,
                    guint32            number,
                    const Sale        *sale,
                    const SandboxSale *content,
                    SandboxText       *text)
{
  SandboxId payment = sandbox_trade_payment_id (self, number);
  char line[80];

  sandbox_text_plain (text, "location_id", self->business->locations[sale->location].text);
  sandbox_text_plain (text, "order_id", sandbox_trade_order_id (self, number).text);
  if (content->customer != SANDBOX_NO_CUSTOMER)
    sandbox_text_plain (text, "customer_id", sandbox_customers_get_id (self->customers, content->customer).text);
  if (!sale->course.online)
    sandbox_text_plain (text, "team_member_id", self->business->staff[content->person].text);
  g_snprintf (line, sizeof line, "%.4s", payment.text);
  sandbox_text_plain (text, "receipt_number", line);
  g_snprintf (line, sizeof line, "https://receipts.example/%s", payment.text);
  sandbox_text_plain (text, "receipt_url", line);
}

static void
trade_render_tail (const Sale  *sale,
                   guint32      number,
                   SandboxText *text)
{
  char line[32];

  sandbox_text_open (text, "application_details", '{');
  sandbox_text_plain (text, "square_product", sale->course.online ? "ONLINE_STORE" : "SQUARE_POS");
  sandbox_text_char (text, '}');
  sandbox_text_member_bool (text, "is_offline_payment", sale->course.late);
  if (sale->course.late)
    {
      sandbox_text_open (text, "offline_payment_details", '{');
      sandbox_text_member_time (text, "client_created_at", sale->created);
      sandbox_text_char (text, '}');
    }
  if (sale->payment_edits > 0)
    {
      g_snprintf (line, sizeof line, "checked, %u times", sale->payment_edits);
      sandbox_text_plain (text, "note", line);
    }
  g_snprintf (line, sizeof line, "v-%x-%u", number, 1u + (sale->fee_at > 0) + sale->payment_edits);
  sandbox_text_plain (text, "version_token", line);
}

/** sandbox_trade_render_payment: a payment as it is served. */
void
sandbox_trade_render_payment (gpointer             owner,
                              const SandboxRecord *record,
                              SandboxText         *text)
{
  SandboxTrade *self = owner;
  const Sale *sale = sandbox_trade_sale (self, record->ref);
  SandboxSale content;

  sandbox_trade_draw (self, record->ref, &content);
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", sandbox_trade_payment_id (self, record->ref).text);
  sandbox_text_member_time (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_member_time (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_member_money (text, "amount_money", content.total);
  if (content.tip > 0)
    sandbox_text_member_money (text, "tip_money", content.tip);
  sandbox_text_member_money (text, "total_money", content.total + content.tip);
  sandbox_text_member_money (text, "approved_money", content.total + content.tip);
  if (sale->fee_at > 0)
    render_fee (text, sale, &content);
  trade_render_refunded (self, sale, text);
  sandbox_text_plain (text, "status", record->state == SANDBOX_PAYMENT_COMPLETED ? "COMPLETED" : "APPROVED");
  trade_render_source (record, sale, &content, text);
  trade_render_links (self, record->ref, sale, &content, text);
  trade_render_tail (sale, record->ref, text);
  sandbox_text_char (text, '}');
}

/** sandbox_trade_render_refund: a refund as it is served. */
void
sandbox_trade_render_refund (gpointer             owner,
                             const SandboxRecord *record,
                             SandboxText         *text)
{
  static const char *const reasons[] = { "Returned Goods", "Wrong order", "Spilt on the way \360\237\230\225", "Accidental charge" };
  SandboxTrade *self = owner;
  const Refunding *refund = sandbox_trade_refunding (self, record->ref);
  const Sale *sale = sandbox_trade_sale (self, refund->sale);
  SandboxSale content;

  sandbox_trade_draw (self, refund->sale, &content);
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", sandbox_trade_refund_id (self, record->ref).text);
  sandbox_text_plain (text, "status", record->state == SANDBOX_REFUND_COMPLETED ? "COMPLETED" : "PENDING");
  sandbox_text_plain (text, "location_id", self->business->locations[record->location].text);
  sandbox_text_member_bool (text, "unlinked", FALSE);
  sandbox_text_plain (text, "destination_type", sale->course.cash ? "CASH" : "CARD");
  sandbox_text_member_money (text, "amount_money", refund->amount);
  sandbox_text_plain (text, "payment_id", sandbox_trade_payment_id (self, refund->sale).text);
  sandbox_text_plain (text, "order_id", sandbox_trade_return_id (self, record->ref).text);
  sandbox_text_member_string (text, "reason", reasons[(record->ref + refund->edits) % G_N_ELEMENTS (reasons)]);
  sandbox_text_member_time (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_member_time (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_plain (text, "team_member_id", self->business->staff[content.person].text);
  sandbox_text_char (text, '}');
}

/** sandbox_trade_render_payout: a payout as it is served. */
void
sandbox_trade_render_payout (gpointer             owner,
                             const SandboxRecord *record,
                             SandboxText         *text)
{
  SandboxTrade *self = owner;
  const Payout *payout = &g_array_index (self->paid_out, Payout, record->ref);
  SandboxId id = sandbox_id_make ("po_", 24, FALSE, self->business->seed, SANDBOX_STREAM_PAYOUT, record->ref);
  SandboxId bank = sandbox_id_make ("bact:", 20, FALSE, self->business->seed, SANDBOX_STREAM_PAYOUT, 1u << 30);
  char date[SANDBOX_TIME_SIZE];

  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", id.text);
  sandbox_text_plain (text, "status", record->state == SANDBOX_PAYOUT_PAID ? "PAID" : "SENT");
  sandbox_text_plain (text, "location_id", self->business->locations[payout->location].text);
  sandbox_text_member_second (text, "created_at", payout->created);
  sandbox_text_member_second (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_member_money (text, "amount_money", payout->amount);
  sandbox_text_open (text, "destination", '{');
  sandbox_text_plain (text, "type", "BANK_ACCOUNT");
  sandbox_text_plain (text, "id", bank.text);
  sandbox_text_char (text, '}');
  sandbox_text_member_int (text, "version", 1 + (record->state == SANDBOX_PAYOUT_PAID));
  sandbox_text_plain (text, "type", "BATCH");
  sandbox_text_open (text, "payout_fee", '[');
  sandbox_text_char (text, ']');
  sandbox_time_format_date (date, payout->created + 2 * SANDBOX_DAY);
  sandbox_text_plain (text, "arrival_date", date);
  sandbox_text_char (text, '}');
}
