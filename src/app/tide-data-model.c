/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <string.h>

#include "tide-data-fetch.h"
#include "tide-data-model.h"

#define PAGE 100
#define KEPT_PAGES 8                  /* more than a view holds on to at once */
#define FIRST 200                     /* shown before all have been put in order */

typedef struct
{
  guint      index;
  GPtrArray *rows;            /* (owned) (element-type TideDataRow) */
  gboolean   asked;
  guint      last_used;
} Page;

struct _TideDataModel
{
  GObject        parent_instance;

  TideEngine    *engine;      /* (owned) */
  char          *entity;      /* (owned) (nullable) */
  TideDataQuery *query;       /* (owned) (nullable) */
  TideDataShape *shape;       /* (owned) (nullable): until the first records have come */
  GArray        *keys;        /* (owned) (element-type gint64) */
  GPtrArray     *pages;       /* (owned) (element-type Page): those that are kept */
  guint          clock;       /* for last_used */
  GCancellable  *cancellable; /* (owned) (nullable): of all questions about the list as it is */
  GError        *error;       /* (owned) (nullable) */
  gboolean       complete;
  gboolean       refreshing;
};

static void tide_data_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideDataModel, tide_data_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, tide_data_model_list_model_init))

enum
{
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
page_free (Page *page)
{
  g_ptr_array_unref (page->rows);
  g_free (page);
}

static Page *
tide_data_model_find_page (TideDataModel *self,
                           guint          index)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      Page *page = g_ptr_array_index (self->pages, i);

      if (page->index == index)
        return page;
    }
  return NULL;
}

/* Lets go of the pages that have not been looked at for longest. */
static void
tide_data_model_drop_pages (TideDataModel *self)
{
  while (self->pages->len > KEPT_PAGES)
    {
      guint oldest = 0;

      for (guint i = 1; i < self->pages->len; i++)
        if (((Page *)g_ptr_array_index (self->pages, i))->last_used
            < ((Page *)g_ptr_array_index (self->pages, oldest))->last_used)
          oldest = i;
      g_ptr_array_remove_index_fast (self->pages, oldest);
    }
}

static Page *
tide_data_model_add_page (TideDataModel *self,
                          guint          index)
{
  Page *page = g_new0 (Page, 1);
  guint n = MIN (PAGE, self->keys->len - index * PAGE);

  page->index = index;
  page->rows = g_ptr_array_new_full (n, g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (page->rows, tide_data_row_new (self->shape, g_array_index (self->keys, gint64, index * PAGE + i)));
  g_ptr_array_add (self->pages, page);
  return page;
}

static void
tide_data_model_rows_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GPtrArray) rows = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) found = tide_data_fetch_rows_finish (result, &error);

  if (found == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("reading records: %s", error->message);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      TideDataRow *row = g_ptr_array_index (rows, i);
      gint64 key = tide_data_row_get_key (row);
      gpointer stored_key;
      gpointer cells;

      if (g_hash_table_steal_extended (found, &key, &stored_key, &cells))
        {
          g_free (stored_key);
          tide_data_row_set_cells (row, cells);
        }
    }
}

static void
tide_data_model_ask_page (TideDataModel *self,
                          Page          *page)
{
  page->asked = TRUE;
  tide_data_fetch_rows_async (self->engine, self->shape, &g_array_index (self->keys, gint64, page->index * PAGE),
                              page->rows->len, self->cancellable, tide_data_model_rows_cb,
                              g_ptr_array_ref (page->rows));
}

/* Takes a new list; what is the same at its beginning and its end stays where it is, so that a view does, too. */
static void
tide_data_model_take_keys (TideDataModel *self,
                           TideDataKeys  *answer)
{
  g_autoptr(GArray) old = g_steal_pointer (&self->keys);
  GArray *keys = answer->keys;
  guint most = MIN (old->len, keys->len);
  guint head = 0;
  guint tail = 0;

  while (head < most && g_array_index (old, gint64, head) == g_array_index (keys, gint64, head))
    head++;
  while (tail < most - head
         && g_array_index (old, gint64, old->len - 1 - tail) == g_array_index (keys, gint64, keys->len - 1 - tail))
    tail++;
  self->keys = g_array_ref (keys);
  if (head == old->len && head == keys->len)
    {
      /* The same records; what is in them may have changed. */
      for (guint i = 0; i < self->pages->len; i++)
        tide_data_model_ask_page (self, g_ptr_array_index (self->pages, i));
      return;
    }
  g_ptr_array_set_size (self->pages, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail, keys->len - head - tail);
}

static void
tide_data_model_fail (TideDataModel *self,
                      GError        *error)
{
  g_warning ("reading records: %s", error->message);
  g_clear_error (&self->error);
  self->error = error;
}

static void
tide_data_model_all_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(TideDataModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDataKeys) answer = tide_data_fetch_keys_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->refreshing = FALSE;
  if (answer != NULL)
    {
      tide_data_model_take_keys (self, answer);
      self->complete = TRUE;
    }
  else
    tide_data_model_fail (self, g_steal_pointer (&error));
  g_signal_emit (self, signals[LOADED], 0);
}

static void
tide_data_model_ask_all (TideDataModel *self)
{
  self->refreshing = TRUE;
  tide_data_fetch_keys_async (self->engine, self->entity, self->query, 0, self->cancellable, tide_data_model_all_cb,
                              g_object_ref (self));
}

static void
tide_data_model_first_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(TideDataModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDataKeys) answer = tide_data_fetch_keys_finish (result, &error);
  guint before = self->keys->len;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_error (&self->error);
  if (answer != NULL)
    {
      g_clear_pointer (&self->shape, tide_data_shape_unref);
      self->shape = tide_data_shape_ref (answer->shape);
      g_array_unref (self->keys);
      self->keys = g_array_ref (answer->keys);
      g_ptr_array_set_size (self->pages, 0);
      self->complete = self->keys->len < FIRST;
      g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->keys->len);
      if (!self->complete)
        tide_data_model_ask_all (self);
    }
  else
    tide_data_model_fail (self, g_steal_pointer (&error));
  g_signal_emit (self, signals[LOADED], 0);
}

static GType
tide_data_model_get_item_type (GListModel *model)
{
  return TIDE_TYPE_DATA_ROW;
}

static guint
tide_data_model_get_n_items (GListModel *model)
{
  return TIDE_DATA_MODEL (model)->keys->len;
}

static gpointer
tide_data_model_get_item (GListModel *model,
                          guint       position)
{
  TideDataModel *self = TIDE_DATA_MODEL (model);
  Page *page;

  if (position >= self->keys->len)
    return NULL;
  page = tide_data_model_find_page (self, position / PAGE);
  if (page == NULL)
    page = tide_data_model_add_page (self, position / PAGE);
  page->last_used = ++self->clock;
  tide_data_model_drop_pages (self);
  if (!page->asked)
    tide_data_model_ask_page (self, page);
  return g_object_ref (g_ptr_array_index (page->rows, position % PAGE));
}

static void
tide_data_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tide_data_model_get_item_type;
  iface->get_n_items = tide_data_model_get_n_items;
  iface->get_item = tide_data_model_get_item;
}

static void
tide_data_model_dispose (GObject *object)
{
  TideDataModel *self = TIDE_DATA_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (tide_data_model_parent_class)->dispose (object);
}

static void
tide_data_model_finalize (GObject *object)
{
  TideDataModel *self = TIDE_DATA_MODEL (object);

  g_free (self->entity);
  tide_data_query_free (self->query);
  g_clear_pointer (&self->shape, tide_data_shape_unref);
  g_array_unref (self->keys);
  g_ptr_array_unref (self->pages);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_data_model_parent_class)->finalize (object);
}

static void
tide_data_model_class_init (TideDataModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_data_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_data_model_finalize;

  signals[LOADED] = g_signal_new ("loaded", TIDE_TYPE_DATA_MODEL, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_data_model_init (TideDataModel *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify)page_free);
}

/**
 * tide_data_model_new:
 * @engine: whose records
 *
 * Returns: (transfer full): an empty list; tide_data_model_set_query() fills it
 */
TideDataModel *
tide_data_model_new (TideEngine *engine)
{
  TideDataModel *self = g_object_new (TIDE_TYPE_DATA_MODEL, NULL);

  self->engine = g_object_ref (engine);
  return self;
}

static void
tide_data_model_drop_questions (TideDataModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->refreshing = FALSE;
}

/**
 * tide_data_model_set_query:
 * @entity: of what
 * @query: which records, in which order; copied
 *
 * Loads the records; until they come, the old ones stay.
 */
void
tide_data_model_set_query (TideDataModel       *self,
                           const char          *entity,
                           const TideDataQuery *query)
{
  g_autofree char *name = g_strdup (entity);
  TideDataQuery *copy = tide_data_query_copy (query);

  tide_data_model_drop_questions (self);
  g_free (self->entity);
  self->entity = g_steal_pointer (&name);
  tide_data_query_free (self->query);
  self->query = copy;
  tide_data_fetch_keys_async (self->engine, self->entity, self->query, FIRST, self->cancellable,
                              tide_data_model_first_cb, g_object_ref (self));
}

/**
 * tide_data_model_clear:
 *
 * Lets go of all of it: a hidden page holds no million keys.
 */
void
tide_data_model_clear (TideDataModel *self)
{
  guint before = self->keys->len;

  tide_data_model_drop_questions (self);
  g_array_unref (self->keys);
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_ptr_array_set_size (self->pages, 0);
  self->complete = FALSE;
  if (before > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, 0);
}

/**
 * tide_data_model_refresh:
 *
 * Looks what has come or changed; what is the same keeps its place.
 */
void
tide_data_model_refresh (TideDataModel *self)
{
  if (self->entity != NULL && self->complete && !self->refreshing)
    tide_data_model_ask_all (self);
}

/**
 * tide_data_model_get_shape:
 *
 * Returns: (transfer none) (nullable): of what the records are; %NULL until the first have come
 */
TideDataShape *
tide_data_model_get_shape (TideDataModel *self)
{
  return self->shape;
}

/**
 * tide_data_model_is_complete:
 *
 * Returns: whether the list is as long as there are records
 */
gboolean
tide_data_model_is_complete (TideDataModel *self)
{
  return self->complete;
}

/**
 * tide_data_model_get_error:
 *
 * Returns: (nullable): why the records could not be had
 */
const GError *
tide_data_model_get_error (TideDataModel *self)
{
  return self->error;
}
