/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-business.h"
#include "sandbox-catalog.h"
#include "sandbox-time.h"

typedef struct
{
  gint64 from;
  gint64 price;
} PriceStep;

typedef struct
{
  const char *name;
  const char *description;
  guint8      category;
  gboolean    taxed;
  guint8      demand;
  const char *variations[SANDBOX_MAX_VARIATIONS];
  gint64      prices[SANDBOX_MAX_VARIATIONS];
} MenuLine;

static const char *const categories[] = { "Coffee", "Tea", "Cold Drinks", "Breakfast", "Lunch", "Cakes", "Retail" };

#define CUPS { "Small", "Regular", "Large" }

static const MenuLine menu[] = {
  { "Espresso", "Our house blend, short and sweet.", 0, TRUE, 6, { "Single", "Double" }, { 240, 280 } },
  { "Macchiato", NULL, 0, TRUE, 3, { "Single", "Double" }, { 270, 310 } },
  { "Flat White", "Double ristretto, velvety milk.", 0, TRUE, 20, CUPS, { 320, 355, 395 } },
  { "Latte", NULL, 0, TRUE, 18, CUPS, { 325, 360, 400 } },
  { "Cappuccino", NULL, 0, TRUE, 16, CUPS, { 325, 360, 400 } },
  { "Americano", NULL, 0, TRUE, 12, CUPS, { 280, 310, 340 } },
  { "Mocha", NULL, 0, TRUE, 6, CUPS, { 365, 395, 430 } },
  { "Cortado", NULL, 0, TRUE, 5, { "Regular" }, { 315 } },
  { "Filter of the Day", "Ask what is on the brewer.", 0, TRUE, 7, { "Cup", "Refill" }, { 295, 120 } },
  { "Hot Chocolate", "Dark, 70 % cocoa.", 0, TRUE, 7, CUPS, { 345, 375, 410 } },
  { "Babyccino", NULL, 0, TRUE, 3, { "Regular" }, { 120 } },
  { "English Breakfast Tea", NULL, 1, TRUE, 8, { "Cup", "Pot" }, { 240, 380 } },
  { "Earl Grey", NULL, 1, TRUE, 4, { "Cup", "Pot" }, { 250, 390 } },
  { "Peppermint Tea", NULL, 1, TRUE, 3, { "Cup", "Pot" }, { 250, 390 } },
  { "Chai Latte", NULL, 1, TRUE, 6, CUPS, { 345, 380, 415 } },
  { "Matcha Latte", NULL, 1, TRUE, 5, { "Regular", "Large" }, { 395, 435 } },
  { "Iced Latte", NULL, 2, TRUE, 6, { "Regular", "Large" }, { 380, 420 } },
  { "Cold Brew", "Steeped for 18 hours.", 2, TRUE, 4, { "Regular", "Large" }, { 390, 430 } },
  { "Lemonade", "Made here, with \"too much\" lemon.", 2, TRUE, 4, { "Regular" }, { 320 } },
  { "Orange Juice", NULL, 2, TRUE, 4, { "Small", "Large" }, { 290, 390 } },
  { "Sparkling Water", NULL, 2, TRUE, 5, { "330 ml" }, { 210 } },
  { "Bacon Roll", NULL, 3, TRUE, 9, { "Plain", "With Egg" }, { 595, 695 } },
  { "Porridge", "Oats, honey, cr\303\250me fra\303\256che.", 3, TRUE, 4, { "Regular", "Large" }, { 450, 550 } },
  { "Avocado Toast", NULL, 3, TRUE, 6, { "Plain", "With Egg" }, { 795, 945 } },
  { "Granola Bowl", NULL, 3, TRUE, 4, { "Regular" }, { 650 } },
  { "Eggs Benedict", NULL, 3, TRUE, 4, { "Ham", "Salmon" }, { 995, 1150 } },
  { "Soup of the Day", NULL, 4, TRUE, 4, { "Cup", "Bowl" }, { 480, 680 } },
  { "Cheese Toastie", "Cheddar & Gruy\303\250re.", 4, TRUE, 7, { "Plain", "With Ham" }, { 695, 795 } },
  { "Falafel Wrap", NULL, 4, FALSE, 5, { "Regular" }, { 745 } },
  { "Chicken Sandwich", NULL, 4, FALSE, 6, { "Regular" }, { 695 } },
  { "Quiche", NULL, 4, FALSE, 3, { "Slice", "Slice & Salad" }, { 550, 795 } },
  { "Butter Croissant", NULL, 5, FALSE, 14, { "Regular" }, { 295 } },
  { "Pain au Chocolat", NULL, 5, FALSE, 10, { "Regular" }, { 325 } },
  { "Almond Croissant", NULL, 5, FALSE, 6, { "Regular" }, { 385 } },
  { "Carrot Cake", NULL, 5, FALSE, 6, { "Slice", "Whole" }, { 425, 3600 } },
  { "Lemon Drizzle", NULL, 5, FALSE, 5, { "Slice" }, { 395 } },
  { "Brownie", "Contains nuts \342\200\224 and joy \360\237\230\200.", 5, FALSE, 9, { "Regular", "Box of 4" }, { 350, 1250 } },
  { "Scone", NULL, 5, FALSE, 6, { "Plain", "Cream Tea" }, { 310, 695 } },
  { "House Blend Beans", NULL, 6, FALSE, 3, { "250 g", "1 kg" }, { 950, 3200 } },
  { "Single Origin Beans", NULL, 6, FALSE, 2, { "250 g", "1 kg" }, { 1150, 3900 } },
  { "Reusable Cup", NULL, 6, TRUE, 1, { "8 oz", "12 oz" }, { 1200, 1400 } },
};

struct _SandboxCatalog
{
  guint64          seed;
  SandboxTable    *table;                                  /* (owned) */
  SandboxItem      items[G_N_ELEMENTS (menu)];
  SandboxVariation variations[G_N_ELEMENTS (menu) * SANDBOX_MAX_VARIATIONS];
  guint            n_variations;
  SandboxId        categories[G_N_ELEMENTS (categories)];
  SandboxId        tax;
  guint8           wheel[1024];                            /* items by demand */
  guint            wheel_size;
};

static const char *
kind_name (guint8 kind)
{
  static const char *const names[] = { "ITEM", "ITEM_VARIATION", "CATEGORY", "TAX" };

  return names[kind];
}

static void
render_head (SandboxText         *text,
             const SandboxRecord *record,
             const char          *id)
{
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "type", kind_name (record->kind));
  sandbox_text_plain (text, "id", id);
  sandbox_text_member_time (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_member_int (text, "version", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_member_bool (text, "is_deleted", record->deleted);
  sandbox_text_member_bool (text, "present_at_all_locations", TRUE);
}

static void
catalog_render_variation (SandboxCatalog *self,
                          guint           number,
                          SandboxText    *text)
{
  const SandboxVariation *variation = &self->variations[number];
  const SandboxRecord *record = sandbox_table_get (self->table, variation->record);
  const PriceStep *step = &g_array_index (variation->prices, PriceStep, variation->prices->len - 1);
  char sku[24];

  render_head (text, record, variation->id.text);
  if (!record->deleted)
    {
      sandbox_text_open (text, "item_variation_data", '{');
      sandbox_text_plain (text, "item_id", self->items[variation->item].id.text);
      sandbox_text_member_string (text, "name", variation->name);
      g_snprintf (sku, sizeof sku, "HC-%03u-%u", variation->item + 1, number - self->items[variation->item].first + 1);
      sandbox_text_plain (text, "sku", sku);
      sandbox_text_member_int (text, "ordinal", number - self->items[variation->item].first);
      sandbox_text_plain (text, "pricing_type", "FIXED_PRICING");
      sandbox_text_member_money (text, "price_money", step->price);
      sandbox_text_member_bool (text, "sellable", TRUE);
      sandbox_text_member_bool (text, "stockable", TRUE);
      sandbox_text_char (text, '}');
    }
  sandbox_text_char (text, '}');
}

static void
catalog_render_item_data (SandboxCatalog    *self,
                          const SandboxItem *item,
                          SandboxText       *text)
{
  const char *category = self->categories[item->category].text;

  sandbox_text_open (text, "item_data", '{');
  sandbox_text_member_string (text, "name", item->name);
  if (item->description != NULL)
    sandbox_text_member_string (text, "description", item->description);
  sandbox_text_member_bool (text, "is_taxable", item->taxed);
  if (item->taxed)
    {
      sandbox_text_open (text, "tax_ids", '[');
      sandbox_text_string (text, self->tax.text);
      sandbox_text_char (text, ']');
    }
  sandbox_text_open (text, "variations", '[');
  for (guint i = 0; i < item->count; i++)
    {
      sandbox_text_next (text);
      catalog_render_variation (self, item->first + i, text);
    }
  sandbox_text_char (text, ']');
  sandbox_text_plain (text, "product_type", item->category == 6 ? "REGULAR" : "FOOD_AND_BEV");
  sandbox_text_open (text, "categories", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", category);
  sandbox_text_member_int (text, "ordinal", 0);
  sandbox_text_raw (text, "}]", 2);
  sandbox_text_open (text, "reporting_category", '{');
  sandbox_text_plain (text, "id", category);
  sandbox_text_member_int (text, "ordinal", 0);
  sandbox_text_char (text, '}');
  sandbox_text_member_bool (text, "is_archived", FALSE);
  sandbox_text_char (text, '}');
}

static void
catalog_render_item (SandboxCatalog      *self,
                     const SandboxRecord *record,
                     SandboxText         *text)
{
  const SandboxItem *item = &self->items[record->ref];

  render_head (text, record, item->id.text);
  if (!record->deleted)
    catalog_render_item_data (self, item, text);
  sandbox_text_char (text, '}');
}

static void
catalog_render_category (SandboxCatalog      *self,
                         const SandboxRecord *record,
                         SandboxText         *text)
{
  render_head (text, record, self->categories[record->ref].text);
  sandbox_text_open (text, "category_data", '{');
  sandbox_text_plain (text, "name", categories[record->ref]);
  sandbox_text_plain (text, "category_type", "REGULAR_CATEGORY");
  sandbox_text_member_bool (text, "is_top_level", TRUE);
  sandbox_text_member_bool (text, "online_visibility", TRUE);
  sandbox_text_raw (text, "}}", 2);
}

static void
catalog_render_tax (SandboxCatalog      *self,
                    const SandboxRecord *record,
                    SandboxText         *text)
{
  render_head (text, record, self->tax.text);
  sandbox_text_open (text, "tax_data", '{');
  sandbox_text_plain (text, "name", "VAT");
  sandbox_text_plain (text, "calculation_phase", "TAX_SUBTOTAL_PHASE");
  sandbox_text_plain (text, "inclusion_type", "INCLUSIVE");
  sandbox_text_plain (text, "percentage", "20.0");
  sandbox_text_member_bool (text, "applies_to_custom_amounts", TRUE);
  sandbox_text_member_bool (text, "enabled", TRUE);
  sandbox_text_raw (text, "}}", 2);
}

static void
catalog_render (gpointer             owner,
                const SandboxRecord *record,
                SandboxText         *text)
{
  SandboxCatalog *self = owner;

  switch ((SandboxObjectKind)record->kind)
    {
    case SANDBOX_OBJECT_ITEM:
      catalog_render_item (self, record, text);
      break;
    case SANDBOX_OBJECT_VARIATION:
      catalog_render_variation (self, record->ref, text);
      break;
    case SANDBOX_OBJECT_CATEGORY:
      catalog_render_category (self, record, text);
      break;
    case SANDBOX_OBJECT_TAX:
    default:
      catalog_render_tax (self, record, text);
    }
}

static guint32
catalog_add (SandboxCatalog   *self,
             SandboxObjectKind kind,
             guint             ref,
             gint64            created)
{
  guint32 record = sandbox_table_add (self->table, ref, created);

  sandbox_table_get (self->table, record)->kind = (guint8)kind;
  sandbox_table_touch (self->table, record, created);
  return record;
}

static SandboxId
catalog_make_id (SandboxCatalog   *self,
                 SandboxObjectKind kind,
                 guint             number)
{
  return sandbox_id_make ("", 24, TRUE, self->seed, SANDBOX_STREAM_CATALOG, kind * 1000u + number);
}

static void
catalog_add_variation (SandboxCatalog *self,
                       guint           item,
                       const char     *name,
                       gint64          price,
                       gint64          created)
{
  SandboxVariation *variation = &self->variations[self->n_variations];
  PriceStep step = { G_MININT64, price };

  variation->name = name;
  variation->item = item;
  variation->prices = g_array_new (FALSE, FALSE, sizeof (PriceStep));
  g_array_append_val (variation->prices, step);
  variation->id = catalog_make_id (self, SANDBOX_OBJECT_VARIATION, self->n_variations);
  variation->record = catalog_add (self, SANDBOX_OBJECT_VARIATION, self->n_variations, created);
  self->n_variations++;
}

static void
catalog_add_item (SandboxCatalog *self,
                  guint           number,
                  gint64          created)
{
  const MenuLine *line = &menu[number];
  SandboxItem *item = &self->items[number];

  item->name = line->name;
  item->description = line->description;
  item->category = line->category;
  item->taxed = line->taxed;
  item->withdrawn = G_MAXINT64;
  item->first = self->n_variations;
  item->id = catalog_make_id (self, SANDBOX_OBJECT_ITEM, number);
  item->record = catalog_add (self, SANDBOX_OBJECT_ITEM, number, created);
  for (guint i = 0; i < SANDBOX_MAX_VARIATIONS && line->variations[i] != NULL; i++, item->count++)
    catalog_add_variation (self, number, line->variations[i], line->prices[i], created);

  for (guint i = 0; i < line->demand; i++)
    self->wheel[self->wheel_size++] = (guint8)number;
}

/**
 * sandbox_catalog_new:
 * @opened: all objects are somewhat older than this
 *
 * Returns: (transfer full): the menu as it is in the beginning
 */
SandboxCatalog *
sandbox_catalog_new (guint64 seed,
                     gint64  opened)
{
  SandboxCatalog *self = g_new0 (SandboxCatalog, 1);
  gint64 created = opened - 60 * SANDBOX_DAY;

  self->seed = seed;
  self->table = sandbox_table_new (self, catalog_render, NULL, FALSE);
  self->tax = catalog_make_id (self, SANDBOX_OBJECT_TAX, 0);
  catalog_add (self, SANDBOX_OBJECT_TAX, 0, created);
  for (guint i = 0; i < G_N_ELEMENTS (categories); i++)
    {
      self->categories[i] = catalog_make_id (self, SANDBOX_OBJECT_CATEGORY, i);
      catalog_add (self, SANDBOX_OBJECT_CATEGORY, i, created + (i + 1) * SANDBOX_MINUTE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (menu); i++)
    catalog_add_item (self, i, created + (i + 10) * SANDBOX_MINUTE + 137 * (gint64)i);
  return self;
}

/** sandbox_catalog_free: frees the menu. */
void
sandbox_catalog_free (SandboxCatalog *self)
{
  for (guint i = 0; i < self->n_variations; i++)
    g_array_unref (self->variations[i].prices);
  sandbox_table_free (self->table);
  g_free (self);
}

/** sandbox_catalog_get_table: (transfer none): all objects. */
SandboxTable *
sandbox_catalog_get_table (SandboxCatalog *self)
{
  return self->table;
}

/** sandbox_catalog_pick: (transfer none): something that could be bought at @time. */
const SandboxVariation *
sandbox_catalog_pick (SandboxCatalog *self,
                      SandboxRandom  *random,
                      gint64          time)
{
  guint start = sandbox_random_below (random, self->wheel_size);
  guint choice = (guint)sandbox_random_next (random);
  const SandboxItem *item = &self->items[self->wheel[start]];

  for (guint i = 1; item->withdrawn <= time && i < self->wheel_size; i++)
    item = &self->items[self->wheel[(start + i) % self->wheel_size]];
  return &self->variations[item->first + choice % item->count];
}

/** sandbox_catalog_get_item: (transfer none): an item by number. */
const SandboxItem *
sandbox_catalog_get_item (SandboxCatalog *self,
                          guint           number)
{
  return &self->items[number];
}

/** sandbox_catalog_get_price: what @variation cost at @time. */
gint64
sandbox_catalog_get_price (const SandboxVariation *variation,
                           gint64                  time)
{
  guint i = variation->prices->len - 1;

  while (i > 0 && g_array_index (variation->prices, PriceStep, i).from > time)
    i--;
  return g_array_index (variation->prices, PriceStep, i).price;
}

/** sandbox_catalog_get_tax: (transfer none): the id of the one tax there is. */
const char *
sandbox_catalog_get_tax (SandboxCatalog *self)
{
  return self->tax.text;
}

/** sandbox_catalog_edit: @item and its variations get dearer by five pence each. */
void
sandbox_catalog_edit (SandboxCatalog *self,
                      guint           number,
                      gint64          now)
{
  SandboxItem *item = &self->items[number];

  for (guint i = item->first; i < item->first + item->count; i++)
    {
      GArray *prices = self->variations[i].prices;
      PriceStep step = { now, g_array_index (prices, PriceStep, prices->len - 1).price + 5 };

      g_array_append_val (prices, step);
      sandbox_table_touch (self->table, self->variations[i].record, now);
    }
  sandbox_table_touch (self->table, item->record, now);
}

/**
 * sandbox_catalog_withdraw:
 *
 * Deletes an item and its variations; tombstones stay.
 *
 * Returns: %FALSE if it had been deleted before
 */
gboolean
sandbox_catalog_withdraw (SandboxCatalog *self,
                          guint           number,
                          gint64          now)
{
  SandboxItem *item = &self->items[number];

  if (item->withdrawn != G_MAXINT64)
    return FALSE;

  item->withdrawn = now;
  for (guint i = item->first; i < item->first + item->count; i++)
    sandbox_table_bury (self->table, self->variations[i].record, now);
  sandbox_table_bury (self->table, item->record, now);
  return TRUE;
}

/** sandbox_catalog_get_n_items: how many items there ever were. */
guint
sandbox_catalog_get_n_items (SandboxCatalog *self)
{
  return G_N_ELEMENTS (menu);
}
