/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-time.h"
#include "sandbox-trade-private.h"

/** sandbox_trade_new: (transfer full): nothing sold yet; keeps its arguments, which must live longer. */
SandboxTrade *
sandbox_trade_new (SandboxBusiness  *business,
                   SandboxCatalog   *catalog,
                   SandboxCustomers *customers,
                   SandboxAgenda    *agenda)
{
  SandboxTrade *self = g_new0 (SandboxTrade, 1);

  self->business = business;
  self->catalog = catalog;
  self->customers = customers;
  self->agenda = agenda;
  self->orders = sandbox_table_new (self, sandbox_trade_render_order, NULL, TRUE);
  self->payments = sandbox_table_new (self, sandbox_trade_render_payment, NULL, FALSE);
  self->refunds = sandbox_table_new (self, sandbox_trade_render_refund, NULL, FALSE);
  self->payouts = sandbox_table_new (self, sandbox_trade_render_payout, NULL, FALSE);
  self->sales = g_array_new (FALSE, TRUE, sizeof (Sale));
  self->refundings = g_array_new (FALSE, TRUE, sizeof (Refunding));
  self->paid_out = g_array_new (FALSE, TRUE, sizeof (Payout));
  return self;
}

/** sandbox_trade_free: frees all of it. */
void
sandbox_trade_free (SandboxTrade *self)
{
  sandbox_table_free (self->orders);
  sandbox_table_free (self->payments);
  sandbox_table_free (self->refunds);
  sandbox_table_free (self->payouts);
  g_array_unref (self->sales);
  g_array_unref (self->refundings);
  g_array_unref (self->paid_out);
  g_free (self);
}

/** sandbox_trade_get_orders: (transfer none): sales and returns. */
SandboxTable *
sandbox_trade_get_orders (SandboxTrade *self)
{
  return self->orders;
}

/** sandbox_trade_get_payments: (transfer none): the payments. */
SandboxTable *
sandbox_trade_get_payments (SandboxTrade *self)
{
  return self->payments;
}

/** sandbox_trade_get_refunds: (transfer none): the refunds. */
SandboxTable *
sandbox_trade_get_refunds (SandboxTrade *self)
{
  return self->refunds;
}

/** sandbox_trade_get_payouts: (transfer none): the payouts. */
SandboxTable *
sandbox_trade_get_payouts (SandboxTrade *self)
{
  return self->payouts;
}

/** sandbox_trade_draw: what is in sale @number. */
void
sandbox_trade_draw (SandboxTrade *self,
                    guint32       number,
                    SandboxSale  *sale)
{
  const Sale *state = sandbox_trade_sale (self, number);

  sandbox_sale_draw (sale, self->business, self->catalog, self->customers,
                     number, state->location, state->created, state->course);
}

/** sandbox_trade_order_id: the id of sale @number's order. */
SandboxId
sandbox_trade_order_id (SandboxTrade *self,
                        guint32       number)
{
  return sandbox_id_make ("", 26, FALSE, self->business->seed, SANDBOX_STREAM_ORDER, number);
}

/** sandbox_trade_return_id: the id of refund @number's return order. */
SandboxId
sandbox_trade_return_id (SandboxTrade *self,
                         guint32       number)
{
  return sandbox_id_make ("", 26, FALSE, self->business->seed, SANDBOX_STREAM_RETURN, number);
}

/** sandbox_trade_payment_id: the id of sale @number's payment. */
SandboxId
sandbox_trade_payment_id (SandboxTrade *self,
                          guint32       number)
{
  return sandbox_id_make ("", 28, FALSE, self->business->seed, SANDBOX_STREAM_PAYMENT, number);
}

/** sandbox_trade_refund_id: the id of refund @number: Square's begin with the payment's. */
SandboxId
sandbox_trade_refund_id (SandboxTrade *self,
                         guint32       number)
{
  return sandbox_id_make ("RF", 28, FALSE, self->business->seed, SANDBOX_STREAM_REFUND, number);
}

/**
 * sandbox_trade_plan_history:
 * @sales: how many sales the history is going to have
 * @refunds: how many of them are given back before it ends
 * @until: when it ends
 *
 * The same share of later sales is given back.
 */
void
sandbox_trade_plan_history (SandboxTrade *self,
                            guint         sales,
                            guint         refunds,
                            gint64        until)
{
  self->history_sales = sales;
  self->history_refunds = refunds;
  self->history_until = until;
}

/* Spreads the refunds evenly, so that their number is exact. */
static gboolean
trade_is_refunded (SandboxTrade *self,
                   guint32       number)
{
  guint64 shifted = (guint64)number * self->history_refunds + self->history_sales / 2;

  return self->history_sales > 0
         && shifted / self->history_sales != (shifted + self->history_refunds) / self->history_sales;
}

static guint32
trade_add_sale (SandboxTrade *self,
                guint         location,
                gint64        created)
{
  guint32 number = self->sales->len;
  gboolean refunded = trade_is_refunded (self, number);
  Sale sale = { .created = created, .order = G_MAXUINT32, .payment = G_MAXUINT32, .refund = G_MAXUINT32 };
  SandboxRandom random;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8);
  sale.location = (guint8)location;
  sale.course.online = sandbox_random_chance (&random, 700);
  sale.course.cash = sandbox_random_chance (&random, 1700) && !sale.course.online;
  sale.course.canceled = sandbox_random_chance (&random, 60) && !refunded;
  sale.course.late = sandbox_random_chance (&random, 40) && !sale.course.online && !sale.course.canceled && !refunded;
  g_array_append_val (self->sales, sale);
  return number;
}

/** sandbox_trade_plan_sale: somebody will order something at @created. */
void
sandbox_trade_plan_sale (SandboxTrade *self,
                         guint         location,
                         gint64        created)
{
  guint32 number = trade_add_sale (self, location, created);
  Sale *sale = sandbox_trade_sale (self, number);
  gint64 delay = (gint64)(sandbox_mix (self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8 | 2) % 255600000u)
                 + 20 * SANDBOX_MINUTE;

  /* What is promised for the history must have arrived when it ends. */
  if (created <= self->history_until && created + delay > self->history_until)
    sale->course.late = FALSE;
  sandbox_agenda_add (self->agenda, sale->course.late ? created + delay : created, SANDBOX_EVENT_SALE, number);
}

static void
trade_add_order (SandboxTrade *self,
                 guint32       ref,
                 gint64        created,
                 guint         location,
                 guint32       customer,
                 guint32      *out_record)
{
  SandboxRecord *record;

  *out_record = sandbox_table_add (self->orders, ref, created);
  record = sandbox_table_get (self->orders, *out_record);
  record->location = (guint8)location;
  record->party = customer;
}

static void
trade_add_payment (SandboxTrade *self,
                   guint32       number,
                   gint64        now)
{
  Sale *sale = sandbox_trade_sale (self, number);
  SandboxRecord *record;

  sale->paid = now;
  sale->payment = sandbox_table_add (self->payments, number, now);
  record = sandbox_table_get (self->payments, sale->payment);
  record->location = sale->location;
  record->kind = sale->course.cash ? SANDBOX_SOURCE_CASH : SANDBOX_SOURCE_CARD;
  record->state = sale->course.cash ? SANDBOX_PAYMENT_COMPLETED : SANDBOX_PAYMENT_APPROVED;
  record->times[SANDBOX_KEY_STARTED] = sale->course.late ? sale->created : 0;
  sandbox_table_touch (self->payments, sale->payment, now);
}

/* The order is paid and handed over, or given up. */
static void
trade_close_order (SandboxTrade *self,
                   guint32       number,
                   gint64        closed,
                   gint64        now)
{
  Sale *sale = sandbox_trade_sale (self, number);
  SandboxRecord *record = sandbox_table_get (self->orders, sale->order);

  sale->closed = closed;
  record->state = sale->course.canceled ? SANDBOX_ORDER_CANCELED : SANDBOX_ORDER_COMPLETED;
  record->times[SANDBOX_KEY_ENDED] = closed;
  sandbox_table_touch (self->orders, sale->order, now);
}

/* Nobody brings a cake back at three in the morning. */
static gint64
move_into_opening_hours (gint64 when,
                         gint64 now)
{
  gint64 day = sandbox_time_day_start (when);
  gint64 of_day = when - day;

  if (of_day < 9 * SANDBOX_HOUR || of_day >= 16 * SANDBOX_HOUR)
    of_day = 9 * SANDBOX_HOUR + of_day % (7 * SANDBOX_HOUR);
  return day + of_day > now ? day + of_day : day + of_day + SANDBOX_DAY;
}

static void
trade_plan_refund (SandboxTrade  *self,
                   guint32        number,
                   SandboxRandom *random,
                   gint64         now)
{
  Refunding refund = { .sale = number, .record = G_MAXUINT32 };
  gint64 when = now + (gint64)(sandbox_random_unit (random) * sandbox_random_unit (random) * 6 * SANDBOX_DAY)
                + 3 * SANDBOX_MINUTE;

  when = move_into_opening_hours (when, now);
  if (number < self->history_sales && when > self->history_until)
    when = now + (gint64)((double)MAX (self->history_until - now, 0) * sandbox_random_unit (random)) + 1;

  refund.created = when;
  sandbox_trade_sale (self, number)->refund = self->refundings->len;
  g_array_append_val (self->refundings, refund);
  sandbox_agenda_add (self->agenda, when, SANDBOX_EVENT_REFUND, self->refundings->len - 1);
}

static void
trade_sale (SandboxTrade *self,
            guint32       number,
            gint64        now)
{
  Sale *sale = sandbox_trade_sale (self, number);
  SandboxSale content;
  SandboxRandom random;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8 | 3);
  sandbox_trade_draw (self, number, &content);
  trade_add_order (self, number, sale->created, sale->location, content.customer, &sale->order);
  sandbox_table_get (self->orders, sale->order)->kind = sale->course.online ? SANDBOX_CHANNEL_ONLINE : SANDBOX_CHANNEL_POS;

  if (sale->course.late)
    {
      trade_add_payment (self, number, now);
      sandbox_agenda_add (self->agenda, now + sandbox_random_span (&random, 2000, 9000), SANDBOX_EVENT_CAPTURE, number);
      trade_close_order (self, number, sale->created + sandbox_random_span (&random, 8000, 90000), now);
      return;
    }

  sandbox_table_touch (self->orders, sale->order, now);
  if (sale->course.canceled)
    sandbox_agenda_add (self->agenda, now + sandbox_random_span (&random, 30000, 900000), SANDBOX_EVENT_CLOSE, number);
  else
    sandbox_agenda_add (self->agenda, now + sandbox_random_span (&random, 4000, 55000), SANDBOX_EVENT_PAY, number);
}

static void
trade_pay (SandboxTrade *self,
           guint32       number,
           gint64        now)
{
  const Sale *sale = sandbox_trade_sale (self, number);
  gboolean cash = sale->course.cash;
  gboolean online = sale->course.online;
  SandboxRandom random;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8 | 4);
  trade_add_payment (self, number, now);
  if (!cash)
    sandbox_agenda_add (self->agenda, now + sandbox_random_span (&random, 700, 6000), SANDBOX_EVENT_CAPTURE, number);
  if (online)
    sandbox_table_touch (self->orders, sale->order, now);

  sandbox_agenda_add (self->agenda,
                      now + (online ? sandbox_random_span (&random, 420000, 2700000) : sandbox_random_span (&random, 100, 2500)),
                      SANDBOX_EVENT_CLOSE, number);
}

static void
trade_capture (SandboxTrade *self,
               guint32       number,
               gint64        now)
{
  Sale *sale = sandbox_trade_sale (self, number);
  SandboxRandom random;

  if (sale->course.cash)
    return;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8 | 5);
  sandbox_table_get (self->payments, sale->payment)->state = SANDBOX_PAYMENT_COMPLETED;
  sandbox_table_touch (self->payments, sale->payment, now);
  sandbox_agenda_add (self->agenda, now + sandbox_random_span (&random, 3600, 10800) * SANDBOX_SECOND / 2,
                      SANDBOX_EVENT_FEE, number);
}

static void
trade_close (SandboxTrade *self,
             guint32       number,
             gint64        now)
{
  SandboxRandom random;

  trade_close_order (self, number, now, now);
  if (!trade_is_refunded (self, number))
    return;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8 | 6);
  trade_plan_refund (self, number, &random, now);
}

static void
trade_take_fee (SandboxTrade *self,
                guint32       number,
                gint64        now)
{
  Sale *sale = sandbox_trade_sale (self, number);
  SandboxSale content;

  sandbox_trade_draw (self, number, &content);
  sale->fee_at = now;
  self->balance[sale->location] += content.total + content.tip - sandbox_sale_get_fee (&content, sale->course);
  sandbox_table_touch (self->payments, sale->payment, now);
}

/** sandbox_trade_return_total: what the first @lines lines cost. */
gint64
sandbox_trade_return_total (const SandboxSale *sale,
                            guint              lines)
{
  gint64 total = 0;

  for (guint i = 0; i < lines; i++)
    total += sale->lines[i].total;
  return total;
}

/** sandbox_trade_return_tax: the tax contained in the first @lines lines. */
gint64
sandbox_trade_return_tax (const SandboxSale *sale,
                          guint              lines)
{
  gint64 tax = 0;

  for (guint i = 0; i < lines; i++)
    tax += sale->lines[i].tax;
  return tax;
}

/* The return is an order of its own, of the same instant; the payment shows what was given back. */
static void
trade_refund (SandboxTrade *self,
              guint32       number,
              gint64        now)
{
  Refunding *refund = sandbox_trade_refunding (self, number);
  const Sale *sale = sandbox_trade_sale (self, refund->sale);
  SandboxRecord *record;
  SandboxRandom random;
  SandboxSale content;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_REFUND, number);
  sandbox_trade_draw (self, refund->sale, &content);
  refund->lines = (guint8)(sandbox_random_chance (&random, 6000) ? content.n_lines
                                                                 : sandbox_random_span (&random, 1, content.n_lines));
  refund->amount = sandbox_trade_return_total (&content, refund->lines);
  refund->record = sandbox_table_add (self->refunds, number, now);
  record = sandbox_table_get (self->refunds, refund->record);
  record->location = sale->location;
  record->kind = sale->course.cash ? SANDBOX_SOURCE_CASH : SANDBOX_SOURCE_CARD;
  record->state = sale->course.cash ? SANDBOX_REFUND_COMPLETED : SANDBOX_REFUND_PENDING;
  sandbox_table_touch (self->refunds, refund->record, now);
  sandbox_table_touch (self->payments, sale->payment, now);

  trade_add_order (self, SANDBOX_RETURN_BIT | number, now, sale->location, content.customer, &refund->order);
  record = sandbox_table_get (self->orders, refund->order);
  record->state = SANDBOX_ORDER_COMPLETED;
  record->times[SANDBOX_KEY_ENDED] = now;
  sandbox_table_touch (self->orders, refund->order, now);

  if (!sale->course.cash)
    sandbox_agenda_add (self->agenda, now + sandbox_random_span (&random, 300, 100000) * SANDBOX_SECOND,
                        SANDBOX_EVENT_REFUNDED, number);
}

static void
trade_refunded (SandboxTrade *self,
                guint32       number,
                gint64        now)
{
  const Refunding *refund = sandbox_trade_refunding (self, number);
  SandboxRecord *record = sandbox_table_get (self->refunds, refund->record);

  record->state = SANDBOX_REFUND_COMPLETED;
  record->times[SANDBOX_KEY_ENDED] = now;
  self->balance[record->location] -= refund->amount;
  sandbox_table_touch (self->refunds, refund->record, now);
}

/* Once a week, for each location, all that came in since; a debt is carried over. */
static void
trade_pay_out (SandboxTrade *self,
               gint64        now)
{
  for (guint location = 0; location < SANDBOX_N_LOCATIONS; location++)
    {
      Payout payout = { now, self->balance[location], (guint8)location };
      guint32 record;

      if (payout.amount <= 0)
        continue;
      self->balance[location] = 0;
      g_array_append_val (self->paid_out, payout);
      record = sandbox_table_add (self->payouts, self->paid_out->len - 1, now);
      sandbox_table_get (self->payouts, record)->location = (guint8)location;
      sandbox_table_touch (self->payouts, record, now);
      sandbox_agenda_add (self->agenda, now + 2 * SANDBOX_DAY + location * SANDBOX_SECOND, SANDBOX_EVENT_PAYOUT_PAID, record);
    }

  sandbox_agenda_add (self->agenda, now + 7 * SANDBOX_DAY, SANDBOX_EVENT_PAYOUT, 0);
}

/** sandbox_trade_happen: one of the events about money is due. */
void
sandbox_trade_happen (SandboxTrade       *self,
                      const SandboxEvent *event)
{
  if (event->kind == SANDBOX_EVENT_SALE)
    trade_sale (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_PAY)
    trade_pay (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_CAPTURE)
    trade_capture (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_CLOSE)
    trade_close (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_FEE)
    trade_take_fee (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_REFUND)
    trade_refund (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_REFUNDED)
    trade_refunded (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_PAYOUT)
    trade_pay_out (self, event->time);
  else
    {
      sandbox_table_get (self->payouts, event->ref)->state = SANDBOX_PAYOUT_PAID;
      sandbox_table_touch (self->payouts, event->ref, event->time);
    }
}

/** sandbox_trade_arrive_late: a sale of @created, in the past, is sent only now. */
void
sandbox_trade_arrive_late (SandboxTrade *self,
                           guint         location,
                           gint64        created,
                           gint64        now)
{
  guint32 number = trade_add_sale (self, location, created);
  SandboxSaleCourse course = { .cash = sandbox_trade_sale (self, number)->course.cash, .late = TRUE };

  sandbox_trade_sale (self, number)->course = course;
  trade_sale (self, number, now);
}

/** sandbox_trade_edit_order: somebody changes the name on the ticket. */
void
sandbox_trade_edit_order (SandboxTrade *self,
                          guint32       id,
                          gint64        now)
{
  guint32 ref = sandbox_table_get (self->orders, id)->ref;

  if ((ref & SANDBOX_RETURN_BIT) != 0)
    sandbox_trade_refunding (self, ref & ~SANDBOX_RETURN_BIT)->order_edits++;
  else
    sandbox_trade_sale (self, ref)->order_edits++;
  sandbox_table_touch (self->orders, id, now);
}

/** sandbox_trade_edit_payment: somebody puts a note on it. */
void
sandbox_trade_edit_payment (SandboxTrade *self,
                            guint32       id,
                            gint64        now)
{
  sandbox_trade_sale (self, sandbox_table_get (self->payments, id)->ref)->payment_edits++;
  sandbox_table_touch (self->payments, id, now);
}

/** sandbox_trade_edit_refund: somebody words the reason differently. */
void
sandbox_trade_edit_refund (SandboxTrade *self,
                           guint32       id,
                           gint64        now)
{
  sandbox_trade_refunding (self, sandbox_table_get (self->refunds, id)->ref)->edits++;
  sandbox_table_touch (self->refunds, id, now);
}
