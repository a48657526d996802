/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <math.h>

#include "sandbox-calendar.h"
#include "sandbox-time.h"
#include "sandbox-world.h"

#define REFUND_SHARE 0.015

struct _SandboxWorld
{
  SandboxWorldOptions  options;
  gint64               now;
  SandboxAgenda       *agenda;      /* (owned) */
  SandboxBusiness     *business;    /* (owned) */
  SandboxCatalog      *catalog;     /* (owned) */
  SandboxCustomers    *customers;   /* (owned) */
  SandboxLabor        *labor;       /* (owned) */
  SandboxTrade        *trade;       /* (owned) */
  guint                sales;       /* how many the history has */
  double               weight;      /* of the whole history */
  double               weighed;     /* of what has been planned */
  double               pending;     /* fractions of sales after the history */
  double               newcomers;   /* fractions of new customers */
  guint64              choices;
};

static void
world_plan_sales (SandboxWorld  *self,
                  SandboxRandom *random,
                  guint          location,
                  gint64         day,
                  gint64         from,
                  gint64         until)
{
  double weight = from < until ? sandbox_calendar_weigh (self->business, location, day, from, until) : 0;
  double before, after;

  if (weight <= 0 || self->weight <= 0)
    return;

  /* Rounding the running sum, not each part, makes the number of sales exact. */
  if (until <= self->options.now)
    {
      before = floor (self->sales * self->weighed / self->weight + 0.5);
      self->weighed += weight;
      after = floor (self->sales * self->weighed / self->weight + 0.5);
    }
  else
    {
      before = floor (self->pending);
      self->pending += self->sales * weight / self->weight;
      after = floor (self->pending);
    }

  for (guint i = 0; i < (guint)(after - before); i++)
    sandbox_trade_plan_sale (self->trade, location,
                             sandbox_calendar_draw (self->business, random, location, day, from, until));
}

/* In the order in which the days are planned, so that the two sums come out the same to the last bit. */
static double
world_weigh_history (SandboxWorld *self)
{
  double weight = 0;

  for (gint64 day = self->business->opened; day < self->options.now; day += SANDBOX_DAY)
    for (guint location = 0; location < SANDBOX_N_LOCATIONS; location++)
      weight += sandbox_calendar_weigh (self->business, location, day, day, MIN (day + SANDBOX_DAY, self->options.now));
  return weight;
}

static void
world_plan_at (SandboxWorld    *self,
               SandboxRandom   *random,
               gint64           day,
               SandboxEventKind kind,
               double           expected)
{
  while (expected >= 1 || sandbox_random_unit (random) < expected)
    {
      sandbox_agenda_add (self->agenda, day + 7 * SANDBOX_HOUR + (gint64)(sandbox_random_unit (random) * 11 * SANDBOX_HOUR),
                          kind, (guint32)(sandbox_random_next (random) >> 33));
      if ((expected -= 1) <= 0)
        break;
    }
}

static void
world_plan_newcomers (SandboxWorld  *self,
                      SandboxRandom *random,
                      gint64         day)
{
  double days = MAX ((double)(self->options.now - self->business->opened) / SANDBOX_DAY, 1);

  self->newcomers += self->options.customers * 0.55 / days;
  for (; self->newcomers >= 1; self->newcomers -= 1)
    world_plan_at (self, random, day, SANDBOX_EVENT_CUSTOMER, 1);
}

static void
world_plan_day (SandboxWorld *self,
                gint64        day)
{
  SandboxRandom random;

  sandbox_random_init (&random, self->options.seed, SANDBOX_STREAM_DAY, (guint64)(day / SANDBOX_DAY) << 8);
  for (guint location = 0; location < SANDBOX_N_LOCATIONS; location++)
    {
      world_plan_sales (self, &random, location, day, day, MIN (day + SANDBOX_DAY, self->options.now));
      world_plan_sales (self, &random, location, day, MAX (day, self->options.now), day + SANDBOX_DAY);
    }

  world_plan_newcomers (self, &random, day);
  world_plan_at (self, &random, day, SANDBOX_EVENT_CUSTOMER_EDIT, self->options.customers * 0.0015);
  world_plan_at (self, &random, day, SANDBOX_EVENT_CUSTOMER_DELETE, self->options.customers * 0.0001);
  world_plan_at (self, &random, day, SANDBOX_EVENT_CATALOG_EDIT, 0.06);
  world_plan_at (self, &random, day, SANDBOX_EVENT_CATALOG_DELETE, 0.005);
  sandbox_labor_plan_day (self->labor, day);
  sandbox_agenda_add (self->agenda, day + SANDBOX_DAY, SANDBOX_EVENT_DAY, 0);
}

static void
world_change_customer (SandboxWorld       *self,
                       const SandboxEvent *event)
{
  guint count = sandbox_table_get_size (sandbox_customers_get_table (self->customers));
  guint32 number = event->ref % MAX (count, 1);

  if (event->kind == SANDBOX_EVENT_CUSTOMER)
    sandbox_customers_add (self->customers, event->time, event->time);
  else if (count == 0 || sandbox_table_get (sandbox_customers_get_table (self->customers), number)->gone)
    return;
  else if (event->kind == SANDBOX_EVENT_CUSTOMER_EDIT)
    sandbox_customers_edit (self->customers, number, event->time);
  else
    sandbox_customers_delete (self->customers, number);
}

static void
world_change_catalog (SandboxWorld       *self,
                      const SandboxEvent *event)
{
  guint item = event->ref % sandbox_catalog_get_n_items (self->catalog);

  if (sandbox_catalog_get_item (self->catalog, item)->withdrawn != G_MAXINT64)
    return;
  if (event->kind == SANDBOX_EVENT_CATALOG_EDIT)
    sandbox_catalog_edit (self->catalog, item, event->time);
  else
    sandbox_catalog_withdraw (self->catalog, item, event->time);
}

static void
world_happen (SandboxWorld       *self,
              const SandboxEvent *event)
{
  switch (event->kind)
    {
    case SANDBOX_EVENT_DAY:
      world_plan_day (self, event->time);
      break;
    case SANDBOX_EVENT_CUSTOMER:
    case SANDBOX_EVENT_CUSTOMER_EDIT:
    case SANDBOX_EVENT_CUSTOMER_DELETE:
      world_change_customer (self, event);
      break;
    case SANDBOX_EVENT_CATALOG_EDIT:
    case SANDBOX_EVENT_CATALOG_DELETE:
      world_change_catalog (self, event);
      break;
    case SANDBOX_EVENT_CLOCK_IN:
    case SANDBOX_EVENT_CLOCK_OUT:
    case SANDBOX_EVENT_TIMECARD_EDIT:
    case SANDBOX_EVENT_TIMECARD_DELETE:
      sandbox_labor_happen (self->labor, event);
      break;
    case SANDBOX_EVENT_PAYOUT:
    case SANDBOX_EVENT_PAYOUT_PAID:
    case SANDBOX_EVENT_SALE:
    case SANDBOX_EVENT_PAY:
    case SANDBOX_EVENT_CAPTURE:
    case SANDBOX_EVENT_CLOSE:
    case SANDBOX_EVENT_FEE:
    case SANDBOX_EVENT_REFUND:
    case SANDBOX_EVENT_REFUNDED:
    default:
      sandbox_trade_happen (self->trade, event);
    }
}

static void
world_settle (SandboxWorld *self)
{
  sandbox_table_settle (self->business->location_table);
  sandbox_table_settle (self->business->staff_table);
  sandbox_table_settle (sandbox_catalog_get_table (self->catalog));
  sandbox_table_settle (sandbox_customers_get_table (self->customers));
  sandbox_table_settle (sandbox_labor_get_table (self->labor));
  sandbox_table_settle (sandbox_trade_get_orders (self->trade));
  sandbox_table_settle (sandbox_trade_get_payments (self->trade));
  sandbox_table_settle (sandbox_trade_get_refunds (self->trade));
  sandbox_table_settle (sandbox_trade_get_payouts (self->trade));
}

/* Nearly half of the customers are older than the history. */
static void
world_add_first_customers (SandboxWorld *self)
{
  guint count = (guint)(self->options.customers * 0.45);
  gint64 opened = self->business->opened;

  for (guint i = 0; i < count; i++)
    sandbox_customers_add (self->customers, opened - (gint64)(count - i) * 600 * SANDBOX_DAY / count,
                           opened - (gint64)(count - i) * 600 * SANDBOX_DAY / count);
}

/**
 * sandbox_world_new:
 * @options: what it is to be like; the same options make the same world, byte for byte
 *
 * Lives through the whole history.
 *
 * Returns: (transfer full): the world as it is at its "now"
 */
SandboxWorld *
sandbox_world_new (const SandboxWorldOptions *options)
{
  SandboxWorld *self = g_new0 (SandboxWorld, 1);
  gint64 opened = sandbox_time_day_start (options->now - (gint64)(options->months * 30.4375 * SANDBOX_DAY));
  guint refunds = (guint)(options->orders * REFUND_SHARE);

  self->options = *options;
  if (self->options.customers == 0)
    self->options.customers = CLAMP (options->orders / 10, 40, 20000);
  self->agenda = sandbox_agenda_new ();
  self->business = sandbox_business_new (options->seed, opened, options->now);
  self->catalog = sandbox_catalog_new (options->seed, opened);
  self->customers = sandbox_customers_new (options->seed);
  self->labor = sandbox_labor_new (self->business, self->agenda);
  self->trade = sandbox_trade_new (self->business, self->catalog, self->customers, self->agenda);

  self->sales = options->orders - refunds;
  self->weight = world_weigh_history (self);
  sandbox_trade_plan_history (self->trade, self->sales, refunds, options->now);
  world_add_first_customers (self);
  sandbox_agenda_add (self->agenda, opened, SANDBOX_EVENT_DAY, 0);
  sandbox_agenda_add (self->agenda, opened + (7 - sandbox_time_weekday (opened)) * SANDBOX_DAY + 3 * SANDBOX_HOUR,
                      SANDBOX_EVENT_PAYOUT, 0);
  sandbox_world_advance (self, options->now);
  world_settle (self);
  return self;
}

/** sandbox_world_free: the end of it. */
void
sandbox_world_free (SandboxWorld *self)
{
  sandbox_trade_free (self->trade);
  sandbox_labor_free (self->labor);
  sandbox_customers_free (self->customers);
  sandbox_catalog_free (self->catalog);
  sandbox_business_free (self->business);
  sandbox_agenda_free (self->agenda);
  g_free (self);
}

/** sandbox_world_get_now: how far time has come. */
gint64
sandbox_world_get_now (SandboxWorld *self)
{
  return self->now;
}

/** sandbox_world_advance: lets happen what is due up to @now; time never goes back. */
void
sandbox_world_advance (SandboxWorld *self,
                       gint64        now)
{
  SandboxEvent event;

  while (sandbox_agenda_pop (self->agenda, now, &event))
    world_happen (self, &event);
  self->now = MAX (self->now, now);
}

/** sandbox_world_get_business: (transfer none): the company. */
SandboxBusiness *
sandbox_world_get_business (SandboxWorld *self)
{
  return self->business;
}

/** sandbox_world_get_catalog: (transfer none): the menu. */
SandboxCatalog *
sandbox_world_get_catalog (SandboxWorld *self)
{
  return self->catalog;
}

/** sandbox_world_get_customers: (transfer none): the customers. */
SandboxCustomers *
sandbox_world_get_customers (SandboxWorld *self)
{
  return self->customers;
}

/**
 * sandbox_world_get_table:
 * @entity: a plain name such as "orders"
 * @out_kinds: (out): a bit for each kind of record in the table that is meant, 0 for all
 *
 * Returns: (transfer none) (nullable): the table with that entity's records
 */
SandboxTable *
sandbox_world_get_table (SandboxWorld *self,
                         const char   *entity,
                         guint        *out_kinds)
{
  *out_kinds = 0;
  if (g_strcmp0 (entity, "locations") == 0)
    return self->business->location_table;
  if (g_strcmp0 (entity, "team_members") == 0)
    return self->business->staff_table;
  if (g_strcmp0 (entity, "timesheets") == 0)
    return sandbox_labor_get_table (self->labor);
  if (g_strcmp0 (entity, "orders") == 0)
    return sandbox_trade_get_orders (self->trade);
  if (g_strcmp0 (entity, "payments") == 0)
    return sandbox_trade_get_payments (self->trade);
  if (g_strcmp0 (entity, "refunds") == 0)
    return sandbox_trade_get_refunds (self->trade);
  if (g_strcmp0 (entity, "payouts") == 0)
    return sandbox_trade_get_payouts (self->trade);
  if (g_strcmp0 (entity, "customers") == 0)
    return sandbox_customers_get_table (self->customers);

  if (g_strcmp0 (entity, "products") == 0)
    *out_kinds = 1u << SANDBOX_OBJECT_ITEM;
  else if (g_strcmp0 (entity, "prices") == 0)
    *out_kinds = 1u << SANDBOX_OBJECT_VARIATION;
  return *out_kinds != 0 ? sandbox_catalog_get_table (self->catalog) : NULL;
}

/* @count different live records, drawn at random. */
static GArray *
world_choose (SandboxWorld *self,
              SandboxTable *table,
              guint         kinds,
              guint         count)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 *ids;
  SandboxRandom random;

  for (guint32 id = 0; id < sandbox_table_get_size (table); id++)
    if (sandbox_record_is_live (sandbox_table_get (table, id), kinds))
      g_array_append_val (chosen, id);

  ids = (guint32 *)(gpointer)chosen->data;
  count = MIN (count, chosen->len);
  sandbox_random_init (&random, self->options.seed, SANDBOX_STREAM_CONTROL, self->choices++);
  for (guint i = 0; i < count; i++)
    {
      guint other = i + sandbox_random_below (&random, chosen->len - i);
      guint32 id = ids[i];

      ids[i] = ids[other];
      ids[other] = id;
    }

  g_array_set_size (chosen, count);
  return chosen;
}

static void
world_edit_one (SandboxWorld *self,
                SandboxTable *table,
                guint32       id)
{
  if (table == sandbox_trade_get_orders (self->trade))
    sandbox_trade_edit_order (self->trade, id, self->now);
  else if (table == sandbox_trade_get_payments (self->trade))
    sandbox_trade_edit_payment (self->trade, id, self->now);
  else if (table == sandbox_trade_get_refunds (self->trade))
    sandbox_trade_edit_refund (self->trade, id, self->now);
  else if (table == sandbox_customers_get_table (self->customers))
    sandbox_customers_edit (self->customers, id, self->now);
  else if (table == sandbox_labor_get_table (self->labor))
    sandbox_labor_edit (self->labor, id, self->now);
  else if (table == self->business->staff_table)
    sandbox_business_edit_person (self->business, id, self->now);
  else if (table == sandbox_catalog_get_table (self->catalog)
           && sandbox_table_get (table, id)->kind == SANDBOX_OBJECT_ITEM)
    sandbox_catalog_edit (self->catalog, sandbox_table_get (table, id)->ref, self->now);
  else
    sandbox_table_touch (table, id, self->now);
}

/** sandbox_world_touch: changes one record, a millisecond later. */
void
sandbox_world_touch (SandboxWorld *self,
                     SandboxTable *table,
                     guint32       id)
{
  sandbox_world_advance (self, self->now + 1);
  world_edit_one (self, table, id);
}

/**
 * sandbox_world_edit:
 * @entity: what to change: not locations, payouts or prices (these change with their products)
 * @count: how many different records
 * @out_done: (out): how many there were
 *
 * Time moves on by a millisecond before each change, so that it is later than
 * whatever a client has seen, also where time stands still.
 *
 * Returns: %FALSE if nothing of that name can be changed
 */
gboolean
sandbox_world_edit (SandboxWorld *self,
                    const char   *entity,
                    guint         count,
                    guint        *out_done)
{
  guint kinds;
  SandboxTable *table = sandbox_world_get_table (self, entity, &kinds);
  g_autoptr(GArray) chosen = NULL;

  if (table == NULL || table == self->business->location_table || kinds == 1u << SANDBOX_OBJECT_VARIATION
      || table == sandbox_trade_get_payouts (self->trade))
    return FALSE;

  chosen = world_choose (self, table, kinds, count);
  for (guint i = 0; i < chosen->len; i++)
    {
      sandbox_world_advance (self, self->now + 1);
      world_edit_one (self, table, g_array_index (chosen, guint32, i));
    }

  *out_done = chosen->len;
  return TRUE;
}

/**
 * sandbox_world_delete:
 * @entity: "customers", "timesheets" or "products"
 * @count: how many different records
 * @out_done: (out): how many there were
 *
 * Returns: %FALSE if nothing of that name can be deleted
 */
gboolean
sandbox_world_delete (SandboxWorld *self,
                      const char   *entity,
                      guint         count,
                      guint        *out_done)
{
  guint kinds;
  SandboxTable *table = sandbox_world_get_table (self, entity, &kinds);
  g_autoptr(GArray) chosen = NULL;

  if (table == NULL
      || (table != sandbox_customers_get_table (self->customers) && table != sandbox_labor_get_table (self->labor)
          && kinds != 1u << SANDBOX_OBJECT_ITEM))
    return FALSE;

  chosen = world_choose (self, table, kinds, count);
  for (guint i = 0; i < chosen->len; i++)
    {
      guint32 id = g_array_index (chosen, guint32, i);

      sandbox_world_advance (self, self->now + 1);
      if (kinds != 0)
        sandbox_catalog_withdraw (self->catalog, sandbox_table_get (table, id)->ref, self->now);
      else if (table == sandbox_labor_get_table (self->labor))
        sandbox_labor_delete (self->labor, id);
      else
        sandbox_customers_delete (self->customers, id);
    }

  *out_done = chosen->len;
  return TRUE;
}

/** sandbox_world_arrive_late: @count sales of the last 72 hours arrive now. */
void
sandbox_world_arrive_late (SandboxWorld *self,
                           guint         count)
{
  SandboxRandom random;

  sandbox_random_init (&random, self->options.seed, SANDBOX_STREAM_CONTROL, self->choices++);
  for (guint i = 0; i < count; i++)
    {
      gint64 age = SANDBOX_HOUR + (gint64)(sandbox_random_unit (&random) * 71 * SANDBOX_HOUR);

      sandbox_world_advance (self, self->now + 1);
      sandbox_trade_arrive_late (self->trade, sandbox_random_below (&random, SANDBOX_N_LOCATIONS),
                                 self->now - age, self->now);
    }
}
