/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tide-data-columns.h"
#include "tide-data-row.h"

#define MAX_COLUMNS 6                 /* beside title, time and origin; the rest is in the drawer */
#define TITLE_WIDTH 100               /* at least: it takes what the others leave */

/* What a cell shows. */
typedef enum
{
  CELL_TITLE,
  CELL_ORIGIN,
  CELL_FIELD,
} CellKind;

typedef struct
{
  TideLive *live;             /* (unowned): outlives the page's table */
  CellKind  kind;
  char     *name;             /* (nullable) */
  gboolean  right;
} Cell;

static void
cell_free (Cell *cell)
{
  g_free (cell->name);
  g_free (cell);
}

static void
update_label (GtkListItem *item,
              const Cell  *cell)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  TideDataRow *row = gtk_list_item_get_item (item);
  TideProviderInfo *provider;
  g_autofree char *text = NULL;

  if (row == NULL || box == NULL)
    return;
  if (cell->kind == CELL_ORIGIN)
    {
      GtkWidget *tile = gtk_widget_get_first_child (box);

      provider = tide_live_find_provider (cell->live, tide_data_row_get_common (row, TIDE_DATA_PROVIDER));
      gtk_label_set_label (GTK_LABEL (tile), provider != NULL ? provider->tile : "");
      gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (tile)),
                           tide_data_row_get_common (row, TIDE_DATA_CONNECTION));
      return;
    }
  if (cell->kind == CELL_TITLE)
    text = tide_data_row_dup_title (row);
  else
    text = tide_data_row_dup_text (row, cell->name, tide_live_get_now (cell->live), tide_live_get_zone (cell->live));
  gtk_label_set_label (GTK_LABEL (box), text);
}

static void
row_loaded_cb (TideDataRow *row,
               GParamSpec  *pspec,
               GtkListItem *item)
{
  update_label (item, g_object_get_data (G_OBJECT (item), "tide-cell"));
}

static GtkWidget *
label_new (gboolean right)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), right ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (right)
    gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
origin_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *tile = gtk_label_new (NULL);

  gtk_widget_set_valign (tile, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (tile, "tide-tile");
  gtk_widget_add_css_class (tile, "tide-tile-22");
  gtk_accessible_update_state (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (box), tile);
  gtk_box_append (GTK_BOX (box), label_new (FALSE));
  return box;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  const Cell *cell = user_data;

  g_object_set_data (G_OBJECT (item), "tide-cell", (gpointer)cell);
  gtk_list_item_set_child (item, cell->kind == CELL_ORIGIN ? origin_new () : label_new (cell->right));
  if (cell->kind == CELL_FIELD && !cell->right)
    gtk_widget_add_css_class (gtk_list_item_get_child (item), "tide-secondary");
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  TideDataRow *row = gtk_list_item_get_item (item);

  g_signal_connect (row, "notify::loaded", G_CALLBACK (row_loaded_cb), item);
  update_label (item, user_data);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  user_data)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), row_loaded_cb, item);
}

/* The store puts records in order. The sorter is there for the header's sake; it compares nothing but the two probes
 * by which tide_data_columns_get_sort() asks the view how it is set. */
static int
compare_probes (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const char *first = gtk_string_object_get_string (GTK_STRING_OBJECT ((gpointer)a));
  const char *second = gtk_string_object_get_string (GTK_STRING_OBJECT ((gpointer)b));

  return g_str_has_prefix (first, user_data) ? strcmp (first, second) : GTK_ORDERING_EQUAL;
}

static GtkColumnViewColumn *
add_column (GtkColumnView *view,
            TideLive      *live,
            CellKind       kind,
            const char    *title,
            const char    *name,
            gboolean       right)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;
  Cell *cell = g_new0 (Cell, 1);

  cell->live = live;
  cell->kind = kind;
  cell->name = g_strdup (name);
  cell->right = right;
  g_object_set_data_full (G_OBJECT (factory), "tide-cell", cell, (GDestroyNotify)cell_free);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), cell);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), cell);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), cell);
  column = gtk_column_view_column_new (title, factory);
  if (name != NULL)
    {
      g_autoptr(GtkSorter) sorter = NULL;
      char *prefix = g_strdup_printf ("%s\n", name);

      sorter = GTK_SORTER (gtk_custom_sorter_new (compare_probes, prefix, g_free));
      gtk_column_view_column_set_sorter (column, sorter);
      g_object_set_data_full (G_OBJECT (column), "tide-column", g_strdup (name), g_free);
    }
  gtk_column_view_append_column (view, column);
  g_object_unref (column);
  return column;
}

static void
column_set_width (GtkColumnViewColumn *column,
                  int                  width)
{
  gtk_column_view_column_set_fixed_width (column, width);
  g_object_set_data (G_OBJECT (column), "tide-width", GINT_TO_POINTER (width));
}

static gboolean
is_money (const TideDataColumn *column)
{
  return column->type == TIDE_FIELD_MONEY || column->type == TIDE_FIELD_MONEY_DECIMAL;
}

/* Ids of other records, and what every record has the same, tell nothing in a list. */
static gboolean
is_listed (const TideDataColumn *column,
           const char           *time)
{
  static const char * const unlisted[] = { "currency", "updated_at", "closed_at", "description", "note", "timezone",
                                           "country", "reference", NULL };

  return !g_str_has_suffix (column->name, "_id") && !g_strv_contains (unlisted, column->name)
         && !tide_data_is_title (column->name) && g_strcmp0 (column->name, time) != 0
         && column->type != TIDE_FIELD_JSON;
}

static int
get_width (const TideDataColumn *column,
           gboolean              right)
{
  if (g_str_equal (column->name, "email"))
    return 196;
  if (column->type == TIDE_FIELD_INSTANT || g_str_equal (column->name, "phone"))
    return 148;
  return right ? 92 : 128;
}

/* What a record is called by: a column to sort by, where there is one. */
static const char *
find_title_column (GPtrArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const TideDataColumn *column = g_ptr_array_index (columns, i);

      if (tide_data_is_title (column->name))
        return column->name;
    }
  return NULL;
}

/* How the view is set for one column: -1 from the first value on, 1 from the last, 0 not at all. */
static int
ask_sorter (GtkSorter  *sorter,
            const char *name)
{
  g_autofree char *first_text = g_strdup_printf ("%s\n1", name);
  g_autofree char *second_text = g_strdup_printf ("%s\n2", name);
  g_autoptr(GtkStringObject) first = gtk_string_object_new (first_text);
  g_autoptr(GtkStringObject) second = gtk_string_object_new (second_text);

  return gtk_sorter_compare (sorter, first, second);
}

/* The column whose header was clicked since this was asked last: a click changes what the view says about that column
 * and about no other. */
static const char *
find_clicked (GtkColumnView *view)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  const char *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      const char *name = g_object_get_data (G_OBJECT (column), "tide-column");
      int state = name != NULL ? ask_sorter (gtk_column_view_get_sorter (view), name) : 0;

      if (state != GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), "tide-state")) && state != 0)
        found = name;
      g_object_set_data (G_OBJECT (column), "tide-state", GINT_TO_POINTER (state));
    }
  return found;
}

/**
 * tide_data_columns_set:
 * @live: for names of providers, and the time; outlives @view
 * @shape: what there is
 *
 * Gives a table the columns for an entity, in place of those it had; sorted by time, the newest first.
 */
void
tide_data_columns_set (GtkColumnView *view,
                       TideLive      *live,
                       TideDataShape *shape)
{
  GPtrArray *columns = tide_data_shape_get_columns (shape);
  GListModel *old = gtk_column_view_get_columns (view);
  const char *time = tide_data_shape_get_time (shape);
  const char *title = find_title_column (columns);
  GtkColumnViewColumn *column;
  guint shown = 0;

  while (g_list_model_get_n_items (old) > 0)
    {
      g_autoptr(GtkColumnViewColumn) first = g_list_model_get_item (old, 0);

      gtk_column_view_remove_column (view, first);
    }
  column = add_column (view, live, CELL_TITLE, title != NULL ? tide_data_get_label (title) : _("Record"), title, FALSE);
  if (g_strcmp0 (title, "given_name") == 0)
    gtk_column_view_column_set_title (column, _("Name"));
  gtk_column_view_column_set_expand (column, TRUE);
  if (time != NULL)
    {
      column = add_column (view, live, CELL_FIELD, tide_data_get_label (time), time, FALSE);
      column_set_width (column, 148);
      gtk_column_view_sort_by_column (view, column, GTK_SORT_DESCENDING);
    }
  column = add_column (view, live, CELL_ORIGIN, _("From"), NULL, FALSE);
  column_set_width (column, 128);
  for (guint i = 0; i < columns->len && shown < MAX_COLUMNS; i++)
    {
      const TideDataColumn *info = g_ptr_array_index (columns, i);
      gboolean right = is_money (info) || info->type == TIDE_FIELD_INTEGER || info->type == TIDE_FIELD_DECIMAL;

      if (!is_listed (info, time))
        continue;
      column = add_column (view, live, CELL_FIELD, tide_data_get_label (info->name), info->name, right);
      column_set_width (column, get_width (info, right));
      shown++;
    }
  find_clicked (view);
  g_object_set_data (G_OBJECT (view), "tide-sort", NULL);
}

/* The first that tells an amount matters more than other fields. */
static gboolean
column_is_amount (GtkColumnViewColumn *column)
{
  static const char * const amounts[] = { "total", "amount", "price", "balance", NULL };
  const char *name = g_object_get_data (G_OBJECT (column), "tide-column");

  return name != NULL && g_strv_contains (amounts, name);
}

/* GTK counts the width of hidden columns, too, in what the table needs. */
static void
column_show (GtkColumnViewColumn *column,
             gboolean             show)
{
  int width = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), "tide-width"));

  gtk_column_view_column_set_visible (column, show);
  gtk_column_view_column_set_fixed_width (column, show ? width : 0);
}

/**
 * tide_data_columns_fit:
 * @width: what there is
 *
 * Shows as many columns as there is room for: what a record is called and when it was, then an amount, then the rest from
 * left to right. What is left out is in the drawer.
 */
void
tide_data_columns_fit (GtkColumnView *view,
                       int            width)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  int room = width - TITLE_WIDTH;
  gboolean amount = FALSE;

  for (guint i = 1; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (i == 1 || (column_is_amount (column) && !amount))
        room -= GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), "tide-width"));
      amount = amount || column_is_amount (column);
    }
  amount = FALSE;
  for (guint i = 1; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      gboolean first = i == 1 || (column_is_amount (column) && !amount);
      int need = first ? 0 : GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), "tide-width"));

      amount = amount || column_is_amount (column);
      column_show (column, need <= room);
      room -= need <= room ? need : 0;
    }
}

/**
 * tide_data_columns_get_sort:
 * @descending: (out): from the last value on
 *
 * GTK 4.8 does not tell it.
 *
 * Returns: (nullable): the column whose header was clicked last; %NULL where none was
 */
const char *
tide_data_columns_get_sort (GtkColumnView *view,
                            gboolean      *descending)
{
  const char *clicked = find_clicked (view);
  const char *sort;

  if (clicked != NULL)
    g_object_set_data_full (G_OBJECT (view), "tide-sort", g_strdup (clicked), g_free);
  sort = g_object_get_data (G_OBJECT (view), "tide-sort");
  *descending = sort != NULL && ask_sorter (gtk_column_view_get_sorter (view), sort) > 0;
  return sort;
}
