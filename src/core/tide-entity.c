/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-entity.h"

static const TideEntityColumn orders_columns[] =
{
  { "number", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "channel", TIDE_FIELD_TEXT },
  { "location_id", TIDE_FIELD_TEXT },
  { "customer_id", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { "closed_at", TIDE_FIELD_INSTANT },
  { "total", TIDE_FIELD_MONEY },
  { "tax", TIDE_FIELD_MONEY },
  { "tip", TIDE_FIELD_MONEY },
  { "discount", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { "note", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn order_lines_columns[] =
{
  { "order_id", TIDE_FIELD_TEXT },
  { "position", TIDE_FIELD_INTEGER },
  { "product_id", TIDE_FIELD_TEXT },
  { "name", TIDE_FIELD_TEXT },
  { "variation", TIDE_FIELD_TEXT },
  { "quantity", TIDE_FIELD_DECIMAL },
  { "unit_price", TIDE_FIELD_MONEY },
  { "gross", TIDE_FIELD_MONEY },
  { "discount", TIDE_FIELD_MONEY },
  { "tax", TIDE_FIELD_MONEY },
  { "total", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn customers_columns[] =
{
  { "given_name", TIDE_FIELD_TEXT },
  { "family_name", TIDE_FIELD_TEXT },
  { "company", TIDE_FIELD_TEXT },
  { "email", TIDE_FIELD_TEXT },
  { "phone", TIDE_FIELD_TEXT },
  { "reference", TIDE_FIELD_TEXT },
  { "country", TIDE_FIELD_TEXT },
  { "locality", TIDE_FIELD_TEXT },
  { "postal_code", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { NULL }
};

static const TideEntityColumn delivery_notes_columns[] =
{
  { "number", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "order_id", TIDE_FIELD_TEXT },
  { "customer_id", TIDE_FIELD_TEXT },
  { "shipped_at", TIDE_FIELD_INSTANT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { NULL }
};

static const TideEntityColumn invoices_columns[] =
{
  { "number", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "customer_id", TIDE_FIELD_TEXT },
  { "order_id", TIDE_FIELD_TEXT },
  { "issued_on", TIDE_FIELD_DATE },
  { "due_on", TIDE_FIELD_DATE },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { "total", TIDE_FIELD_MONEY },
  { "tax", TIDE_FIELD_MONEY },
  { "balance", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn prices_columns[] =
{
  { "product_id", TIDE_FIELD_TEXT },
  { "name", TIDE_FIELD_TEXT },
  { "sku", TIDE_FIELD_TEXT },
  { "price", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { "valid_from", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { NULL }
};

static const TideEntityColumn products_columns[] =
{
  { "name", TIDE_FIELD_TEXT },
  { "description", TIDE_FIELD_TEXT },
  { "sku", TIDE_FIELD_TEXT },
  { "category_id", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { NULL }
};

static const TideEntityColumn payments_columns[] =
{
  { "order_id", TIDE_FIELD_TEXT },
  { "customer_id", TIDE_FIELD_TEXT },
  { "location_id", TIDE_FIELD_TEXT },
  { "team_member_id", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "method", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { "amount", TIDE_FIELD_MONEY },
  { "tip", TIDE_FIELD_MONEY },
  { "total", TIDE_FIELD_MONEY },
  { "fee", TIDE_FIELD_MONEY },
  { "refunded", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { "receipt_number", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn refunds_columns[] =
{
  { "payment_id", TIDE_FIELD_TEXT },
  { "order_id", TIDE_FIELD_TEXT },
  { "location_id", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "reason", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { "amount", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn payouts_columns[] =
{
  { "location_id", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "kind", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { "arrival_date", TIDE_FIELD_DATE },
  { "amount", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn timesheets_columns[] =
{
  { "team_member_id", TIDE_FIELD_TEXT },
  { "location_id", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "job", TIDE_FIELD_TEXT },
  { "started_at", TIDE_FIELD_INSTANT },
  { "ended_at", TIDE_FIELD_INSTANT },
  { "hourly_rate", TIDE_FIELD_MONEY },
  { "tips", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { NULL }
};

static const TideEntityColumn time_off_columns[] =
{
  { "team_member_id", TIDE_FIELD_TEXT },
  { "kind", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "starts_on", TIDE_FIELD_DATE },
  { "ends_on", TIDE_FIELD_DATE },
  { "hours", TIDE_FIELD_DECIMAL },
  { "note", TIDE_FIELD_TEXT },
  { NULL }
};

static const TideEntityColumn team_members_columns[] =
{
  { "given_name", TIDE_FIELD_TEXT },
  { "family_name", TIDE_FIELD_TEXT },
  { "email", TIDE_FIELD_TEXT },
  { "phone", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "reference", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "updated_at", TIDE_FIELD_INSTANT },
  { NULL }
};

static const TideEntityColumn locations_columns[] =
{
  { "name", TIDE_FIELD_TEXT },
  { "state", TIDE_FIELD_TEXT },
  { "timezone", TIDE_FIELD_TEXT },
  { "currency", TIDE_FIELD_TEXT },
  { "country", TIDE_FIELD_TEXT },
  { "locality", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { NULL }
};

/* The offsets spread the streams over the hour, so that a venue's streams do not all start on the same
 * minute. Order lines arrive inside their orders and so share their times. */
static const TideEntity entities[] =
{
  { "orders", 6, 10, 0, orders_columns },
  { "order_lines", 6, 10, 0, order_lines_columns },
  { "customers", 5, 30, 5, customers_columns },
  { "delivery_notes", 4, 45, 20, delivery_notes_columns },
  { "invoices", 3, 30, 15, invoices_columns },
  { "prices", 2, 30, 10, prices_columns },
  { "products", 1, 90, 30, products_columns },
  { "payments", 5, 10, 3, payments_columns },
  { "refunds", 4, 15, 7, refunds_columns },
  { "payouts", 2, 180, 40, payouts_columns },
  { "timesheets", 4, 30, 12, timesheets_columns },
  { "time_off", 1, 180, 50, time_off_columns },
  { "team_members", 1, 180, 55, team_members_columns },
  { "locations", 1, 180, 58, locations_columns },
};

/**
 * tide_entity_lookup:
 * @name: (nullable): an entity's name
 *
 * Finds an entity.
 *
 * Returns: (transfer none) (nullable): the entity, or %NULL if there is none of that name
 */
const TideEntity *
tide_entity_lookup (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      if (g_strcmp0 (entities[i].name, name) == 0)
        return &entities[i];
    }

  return NULL;
}

/**
 * tide_entity_all:
 * @n_entities: (out): how many there are
 *
 * Gives all entities. Static data, in no order that matters.
 *
 * Returns: (transfer none): the first of @n_entities
 */
const TideEntity *
tide_entity_all (gsize *n_entities)
{
  g_return_val_if_fail (n_entities != NULL, NULL);

  *n_entities = G_N_ELEMENTS (entities);

  return entities;
}
