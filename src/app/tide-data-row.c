/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tide-data-row.h"
#include "tide-format.h"
#include "tide-time.h"

struct _TideDataRow
{
  GObject        parent_instance;

  TideDataShape *shape;       /* (owned) */
  gint64         key;
  GStrv          cells;       /* (owned) (nullable): until its page has come; empty text = there is none */
};

G_DEFINE_FINAL_TYPE (TideDataRow, tide_data_row, G_TYPE_OBJECT)

enum
{
  PROP_LOADED = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Columns as the owner calls them; others are called by their name in the manifest. */
static const struct
{
  const char *name;
  const char *label;
} labels[] = {
  { "amount", N_("Amount") },
  { "arrival_date", N_("Arrives") },
  { "balance", N_("Still Owed") },
  { "category_id", N_("Category") },
  { "channel", N_("Sold Through") },
  { "closed_at", N_("Closed") },
  { "company", N_("Company") },
  { "country", N_("Country") },
  { "created_at", N_("Created") },
  { "currency", N_("Currency") },
  { "customer_id", N_("Customer") },
  { "discount", N_("Discount") },
  { "due_on", N_("Due") },
  { "email", N_("E-Mail") },
  { "ended_at", N_("Ended") },
  { "family_name", N_("Family Name") },
  { "fee", N_("Fee") },
  { "given_name", N_("Given Name") },
  { "hourly_rate", N_("Hourly Rate") },
  { "issued_on", N_("Issued") },
  { "job", N_("Job") },
  { "kind", N_("Kind") },
  { "locality", N_("Town") },
  { "location_id", N_("Location") },
  { "method", N_("Paid By") },
  { "name", N_("Name") },
  { "note", N_("Note") },
  { "number", N_("Number") },
  { "order_id", N_("Order") },
  { "payment_id", N_("Payment") },
  { "phone", N_("Telephone") },
  { "postal_code", N_("Postcode") },
  { "price", N_("Price") },
  { "product_id", N_("Product") },
  { "reason", N_("Reason") },
  { "receipt_number", N_("Receipt") },
  { "reference", N_("Reference") },
  { "refunded", N_("Refunded") },
  { "sku", N_("Article Number") },
  { "started_at", N_("Started") },
  { "state", N_("Status") },
  { "tax", N_("Tax") },
  { "team_member_id", N_("Team Member") },
  { "timezone", N_("Time Zone") },
  { "tip", N_("Tip") },
  { "tips", N_("Tips") },
  { "total", N_("Total") },
  { "updated_at", N_("Changed") },
};

static const char * const title_columns[] = { "name", "given_name", "family_name", "number", "receipt_number", NULL };

static void
tide_data_row_finalize (GObject *object)
{
  TideDataRow *self = TIDE_DATA_ROW (object);

  g_clear_pointer (&self->shape, tide_data_shape_unref);
  g_strfreev (self->cells);
  G_OBJECT_CLASS (tide_data_row_parent_class)->finalize (object);
}

static void
tide_data_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, tide_data_row_is_loaded (TIDE_DATA_ROW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_data_row_class_init (TideDataRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_data_row_finalize;
  G_OBJECT_CLASS (klass)->get_property = tide_data_row_get_property;

  /* Notified each time its cells have come, or have come anew. */
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_data_row_init (TideDataRow *self)
{
}

/**
 * tide_data_row_new:
 * @shape: of what it is
 * @key: its key
 *
 * Returns: (transfer full): a record that is not here yet
 */
TideDataRow *
tide_data_row_new (TideDataShape *shape,
                   gint64         key)
{
  TideDataRow *self = g_object_new (TIDE_TYPE_DATA_ROW, NULL);

  self->shape = tide_data_shape_ref (shape);
  self->key = key;
  return self;
}

gint64
tide_data_row_get_key (TideDataRow *self)
{
  return self->key;
}

TideDataShape *
tide_data_row_get_shape (TideDataRow *self)
{
  return self->shape;
}

gboolean
tide_data_row_is_loaded (TideDataRow *self)
{
  return self->cells != NULL;
}

/**
 * tide_data_row_set_cells:
 * @cells: (transfer full): one for each of #TideDataCommon, then one a column
 */
void
tide_data_row_set_cells (TideDataRow *self,
                         GStrv        cells)
{
  g_strfreev (self->cells);
  self->cells = cells;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

/**
 * tide_data_row_get_common:
 *
 * Returns: what every record has; empty until it has come
 */
const char *
tide_data_row_get_common (TideDataRow    *self,
                          TideDataCommon  which)
{
  return self->cells != NULL ? self->cells[which] : "";
}

static const TideDataColumn *
tide_data_row_find (TideDataRow  *self,
                    const char   *name,
                    const char  **cell)
{
  GPtrArray *columns = tide_data_shape_get_columns (self->shape);

  *cell = "";
  for (guint i = 0; i < columns->len; i++)
    {
      const TideDataColumn *column = g_ptr_array_index (columns, i);

      if (g_strcmp0 (column->name, name) != 0)
        continue;
      if (self->cells != NULL)
        *cell = self->cells[TIDE_DATA_N_COMMON + i];
      return column;
    }
  return NULL;
}

/**
 * tide_data_row_get_cell:
 *
 * Returns: a cell as it is in the store; empty where there is none
 */
const char *
tide_data_row_get_cell (TideDataRow *self,
                        const char  *column)
{
  const char *cell;

  tide_data_row_find (self, column, &cell);
  return cell;
}

/* "COMPLETED" → "Completed": providers shout. */
static char *
soften (const char *text)
{
  g_autofree char *lower = NULL;

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isupper (*p) && *p != '_')
      return g_strdup (text);
  lower = g_strdelimit (g_ascii_strdown (text, -1), "_", ' ');
  lower[0] = g_ascii_toupper (lower[0]);
  return g_steal_pointer (&lower);
}

static gboolean
column_is_word (const char *name)
{
  return g_str_equal (name, "state") || g_str_equal (name, "method") || g_str_equal (name, "kind");
}

/**
 * tide_data_row_dup_text:
 * @column: its name
 * @zone: whose time
 *
 * Returns: (transfer full): a cell for the owner: money with its currency, instants as day and time
 */
char *
tide_data_row_dup_text (TideDataRow *self,
                        const char  *column,
                        gint64       now,
                        GTimeZone   *zone)
{
  const char *cell;
  const TideDataColumn *info = tide_data_row_find (self, column, &cell);
  const char *currency = tide_data_row_get_cell (self, "currency");
  gint64 instant;

  if (info == NULL || *cell == '\0')
    return g_strdup ("");
  if (info->type == TIDE_FIELD_MONEY || info->type == TIDE_FIELD_MONEY_DECIMAL)
    return *currency != '\0' ? tide_format_money (g_ascii_strtoll (cell, NULL, 10), currency) : g_strdup (cell);
  if (info->type == TIDE_FIELD_INTEGER)
    return tide_format_number (g_ascii_strtoll (cell, NULL, 10));
  if (info->type == TIDE_FIELD_BOOLEAN)
    return g_strdup (g_str_equal (cell, "1") ? _("yes") : _("no"));
  if (info->type == TIDE_FIELD_INSTANT)
    {
      instant = tide_time_parse (cell, -1);
      return instant != TIDE_TIME_INVALID ? tide_format_moment (instant, now, zone) : g_strdup (cell);
    }
  return column_is_word (column) ? soften (cell) : g_strdup (cell);
}

/**
 * tide_data_row_dup_title:
 *
 * Returns: (transfer full): what to call the record: its name or number, else the end of its id
 */
char *
tide_data_row_dup_title (TideDataRow *self)
{
  const char *given = tide_data_row_get_cell (self, "given_name");
  const char *family = tide_data_row_get_cell (self, "family_name");
  const char *id = tide_data_row_get_common (self, TIDE_DATA_ID);
  gsize length = strlen (id);

  if (*given != '\0' && *family != '\0')
    /* Translators: given name, family name */
    return g_strdup_printf (C_("person", "%s %s"), given, family);
  for (gsize i = 0; title_columns[i] != NULL; i++)
    {
      const char *cell = tide_data_row_get_cell (self, title_columns[i]);

      if (*cell != '\0')
        return g_strdup (cell);
    }
  if (*tide_data_row_get_cell (self, "company") != '\0')
    return g_strdup (tide_data_row_get_cell (self, "company"));
  return length > 8 ? g_strdup_printf ("…%s", id + length - 6) : g_strdup (id);
}

/**
 * tide_data_get_label:
 *
 * Returns: what a column is called
 */
const char *
tide_data_get_label (const char *column)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (column, labels[i].name))
      return _(labels[i].label);
  return column;
}

/**
 * tide_data_is_title:
 *
 * Returns: whether a column is part of what a record is called by
 */
gboolean
tide_data_is_title (const char *column)
{
  return g_strv_contains (title_columns, column);
}
