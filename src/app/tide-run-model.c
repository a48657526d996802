/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-run-entry.h"
#include "tide-run-fetch.h"
#include "tide-run-model.h"
#include "tide-run-rows.h"

#define PAGE TIDE_RUN_ROWS_PAGE
#define MAX_WALK 8                    /* pages; what lies further is looked for by counting */

/* Rows come from the store by key, not by number: a page is what lies below the last id of the page before
 * it. To get far down, the key is found by counting; keys are kept, so a page that was dropped is fetched again
 * directly. Runs that began after the list was made stand in @head, so that the pages below never shift. The first
 * page is shown as soon as it has come; how many there are in all is counted meanwhile. */
struct _TideRunModel
{
  GObject        parent_instance;

  TideEngine    *engine;      /* (owned) */
  TideRunFilter *filter;      /* (owned) */
  GPtrArray     *head;        /* (owned) (element-type TideRunEntry): newest first */
  TideRunRows   *rows;        /* (owned): the others */
  guint          wanted;      /* page that is looked at and not here; G_MAXUINT = none */
  GCancellable  *cancellable; /* (owned) (nullable): of the question being asked */
  GError        *error;       /* (owned) (nullable) */
  guint          walked;      /* the page being fetched */
  gboolean       walking;     /* a page, or the place of one, is being fetched */
  gboolean       refreshing;  /* the newest ones are being fetched */
  gboolean       counted;     /* the rows are all there are */
  TideUsual     *usual;       /* (owned) (nullable) */
};

static void tide_run_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideRunModel, tide_run_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, tide_run_model_list_model_init))

enum
{
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tide_run_model_ask (TideRunModel        *self,
                    gint64               before_id,
                    GAsyncReadyCallback  callback)
{
  tide_run_fetch_async (self->engine, self->filter, before_id, PAGE, self->cancellable, callback, g_object_ref (self));
}

static guint
tide_run_model_get_length (TideRunModel *self)
{
  return self->head->len + tide_run_rows_get_length (self->rows);
}

static void
tide_run_model_set_entry (TideRunModel *self,
                          TideRunEntry *entry,
                          TideRun      *run)
{
  tide_run_entry_set_run (entry, run);
  tide_run_entry_judge (entry, self->usual);
}

static TideRunEntry *
tide_run_model_peek (TideRunModel *self,
                     guint         position)
{
  if (position < self->head->len)
    return g_ptr_array_index (self->head, position);
  return tide_run_rows_peek (self->rows, position - self->head->len);
}

static void tide_run_model_walk (TideRunModel *self);

/* The store has fewer runs than it counted: some were deleted in between. */
static void
tide_run_model_cut (TideRunModel *self,
                    guint         length)
{
  guint removed = tide_run_rows_get_length (self->rows) - length;

  tide_run_rows_set_length (self->rows, length);
  self->wanted = G_MAXUINT;
  g_list_model_items_changed (G_LIST_MODEL (self), self->head->len + length, removed, 0);
}

static void
tide_run_model_take_page (TideRunModel *self,
                          GPtrArray    *runs)
{
  guint page = self->walked;

  /* The list may have turned out shorter meanwhile. */
  if (page >= tide_run_rows_get_n_pages (self->rows))
    return;
  tide_run_rows_fill (self->rows, page, runs, self->usual);
  if (page == self->wanted)
    self->wanted = G_MAXUINT;
  if (runs->len < tide_run_rows_get_page_length (self->rows, page))
    tide_run_model_cut (self, page * PAGE + runs->len);
}

static void
tide_run_model_page_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(TideRunModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRunFetch) answer = tide_run_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->walking = FALSE;
  if (answer == NULL)
    {
      /* Asked again when the rows are looked at again. */
      g_warning ("reading runs: %s", error->message);
      self->wanted = G_MAXUINT;
      return;
    }
  tide_run_model_take_page (self, answer->runs);
  tide_run_model_walk (self);
}

/* How long the list is now known, or known anew. */
static void
tide_run_model_take_count (TideRunModel *self,
                           gint64        count)
{
  guint before = tide_run_rows_get_length (self->rows);
  guint n = (guint)CLAMP (count, 0, (gint64)G_MAXINT32);
  TideRunEntry *last = before > 0 ? tide_run_rows_peek (self->rows, before - 1) : NULL;
  TideRun *run = last != NULL ? tide_run_entry_get_run (last) : NULL;

  self->counted = TRUE;
  if (n < before)
    tide_run_model_cut (self, n);
  if (n <= before)
    return;
  tide_run_rows_set_length (self->rows, n);
  /* The page before it was full, so its last run is the key of the next. */
  if (before % PAGE == 0 && run != NULL)
    tide_run_rows_set_key (self->rows, before / PAGE, run->id);
  g_list_model_items_changed (G_LIST_MODEL (self), self->head->len + before, 0, n - before);
}

static void
tide_run_model_place_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TideRunPlace *place = tide_run_fetch_place_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->walking = FALSE;
  if (place == NULL)
    {
      g_warning ("finding a run: %s", error->message);
      self->wanted = G_MAXUINT;
      return;
    }
  if (place->before_id != 0 && self->walked < tide_run_rows_get_n_pages (self->rows))
    tide_run_rows_set_key (self->rows, self->walked, place->before_id);
  tide_run_model_take_count (self, place->count);
  if (self->wanted != G_MAXUINT && self->wanted >= tide_run_rows_get_n_pages (self->rows))
    self->wanted = G_MAXUINT;
  tide_run_model_walk (self);
}

/* Fetches the page that is wanted, or the next one on the way to it; then those still waited for. */
static void
tide_run_model_walk (TideRunModel *self)
{
  guint index = self->wanted;

  if (self->walking)
    return;
  if (index == G_MAXUINT)
    index = tide_run_rows_find_waiting (self->rows);
  if (index >= tide_run_rows_get_n_pages (self->rows))
    return;
  self->wanted = index;
  while (tide_run_rows_get_key (self->rows, index) < 0)
    index--;
  self->walking = TRUE;
  if (self->wanted - index > MAX_WALK)
    {
      self->walked = self->wanted;
      tide_run_fetch_place_async (self->engine, self->filter, tide_run_rows_get_key (self->rows, 0), self->wanted * PAGE,
                                  self->cancellable, tide_run_model_place_cb,
                                  g_object_ref (self));
      return;
    }
  self->walked = index;
  tide_run_model_ask (self, tide_run_rows_get_key (self->rows, index), tide_run_model_page_cb);
}

static void
tide_run_model_counted_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(TideRunModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TideRunPlace *place = tide_run_fetch_place_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (place == NULL)
    {
      g_warning ("counting runs: %s", error->message);
      return;
    }
  tide_run_model_take_count (self, place->count);
  g_signal_emit (self, signals[LOADED], 0);
}

/* The topmost rows as they are now, and as many more as there have to be. They stay the rows they are and get other runs:
 * made anew, each would have all its widgets made anew, before the old ones go. */
static GPtrArray *
tide_run_model_dup_top (TideRunModel *self,
                        guint         length,
                        guint        *n_old)
{
  GPtrArray *entries = g_ptr_array_new_full (length, g_object_unref);
  TideRunEntry *entry;

  while (entries->len < length && (entry = tide_run_model_peek (self, entries->len)) != NULL)
    g_ptr_array_add (entries, g_object_ref (entry));
  *n_old = entries->len;
  while (entries->len < length)
    g_ptr_array_add (entries, tide_run_entry_new (NULL));
  return entries;
}

/* The list anew: the first page of it. */
static void
tide_run_model_take_first (TideRunModel *self,
                           GPtrArray    *runs)
{
  guint before = tide_run_model_get_length (self);
  /* From the newest of these, not from the top: newer ones go to the head. */
  gint64 top = runs->len > 0 ? ((TideRun *)g_ptr_array_index (runs, 0))->id + 1 : 0;
  guint n_old = 0;
  g_autoptr(GPtrArray) entries = tide_run_model_dup_top (self, runs->len, &n_old);

  g_ptr_array_set_size (self->head, 0);
  tide_run_rows_reset (self->rows, runs->len, top, entries);
  self->wanted = G_MAXUINT;
  self->walking = FALSE;
  /* What fits on one page is all there is. */
  self->counted = runs->len < PAGE;
  for (guint i = 0; i < runs->len; i++)
    tide_run_model_set_entry (self, g_ptr_array_index (entries, i), g_ptr_array_index (runs, i));
  g_list_model_items_changed (G_LIST_MODEL (self), n_old, before - n_old, runs->len - n_old);
  if (!self->counted)
    tide_run_fetch_place_async (self->engine, self->filter, top, 0, self->cancellable, tide_run_model_counted_cb,
                                g_object_ref (self));
}

static void
tide_run_model_first_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRunFetch) answer = tide_run_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_error (&self->error);
  if (answer != NULL)
    tide_run_model_take_first (self, answer->runs);
  else
    {
      g_warning ("reading runs: %s", error->message);
      self->error = g_steal_pointer (&error);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

static void
tide_run_model_reset (TideRunModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->walking = FALSE;
  self->wanted = G_MAXUINT;
  tide_run_model_ask (self, 0, tide_run_model_first_cb);
}

/* Whether the newest runs, of which so many are new, can be what the list begins with. */
static gboolean
tide_run_model_fits (TideRunModel *self,
                     GPtrArray    *runs,
                     guint         added)
{
  if (runs->len == PAGE)
    return added < runs->len;
  return self->counted && tide_run_model_get_length (self) + added == runs->len;
}

/* The newest runs have come anew: those not seen before go to the head, the others are renewed.
 * FALSE when they do not fit what is here, so that all is to be loaded again. */
static gboolean
tide_run_model_merge (TideRunModel *self,
                      GPtrArray    *runs)
{
  TideRunEntry *newest = tide_run_model_peek (self, 0);
  gint64 newest_id = newest != NULL && tide_run_entry_get_run (newest) != NULL ? tide_run_entry_get_run (newest)->id : 0;
  guint added = 0;

  while (added < runs->len && ((TideRun *)g_ptr_array_index (runs, added))->id > newest_id)
    added++;
  if ((newest_id == 0 && runs->len > 0) || !tide_run_model_fits (self, runs, added))
    return FALSE;
  for (guint i = added; i > 0; i--)
    {
      TideRunEntry *entry = tide_run_entry_new (NULL);

      tide_run_model_set_entry (self, entry, g_ptr_array_index (runs, i - 1));
      g_ptr_array_insert (self->head, 0, entry);
    }
  if (added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, added);
  for (guint i = added; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);
      TideRunEntry *entry = tide_run_model_peek (self, i);
      TideRun *known = entry != NULL ? tide_run_entry_get_run (entry) : NULL;

      if (known != NULL && known->id != run->id)
        return FALSE;
      if (known != NULL && (known->status != run->status || known->counts.read != run->counts.read
                            || known->due_at != run->due_at || known->attempts != run->attempts))
        tide_run_model_set_entry (self, entry, run);
    }
  return TRUE;
}

static void
tide_run_model_newest_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(TideRunModel) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRunFetch) answer = tide_run_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->refreshing = FALSE;
  if (answer == NULL)
    g_warning ("reading runs: %s", error->message);
  else if (!tide_run_model_merge (self, answer->runs))
    tide_run_model_reset (self);
  else
    g_signal_emit (self, signals[LOADED], 0);
}

static GType
tide_run_model_get_item_type (GListModel *model)
{
  return TIDE_TYPE_RUN_ENTRY;
}

static guint
tide_run_model_get_n_items (GListModel *model)
{
  return tide_run_model_get_length (TIDE_RUN_MODEL (model));
}

static gpointer
tide_run_model_get_item (GListModel *model,
                         guint       position)
{
  TideRunModel *self = TIDE_RUN_MODEL (model);
  TideRunEntry *entry;
  guint row;

  if (position >= tide_run_model_get_length (self))
    return NULL;
  if (position < self->head->len)
    return g_object_ref (g_ptr_array_index (self->head, position));
  row = position - self->head->len;
  entry = tide_run_rows_look (self->rows, row);
  if (tide_run_rows_is_waiting (self->rows, row / PAGE))
    {
      self->wanted = row / PAGE;
      tide_run_model_walk (self);
    }
  return g_object_ref (entry);
}

static void
tide_run_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tide_run_model_get_item_type;
  iface->get_n_items = tide_run_model_get_n_items;
  iface->get_item = tide_run_model_get_item;
}

static void
tide_run_model_dispose (GObject *object)
{
  TideRunModel *self = TIDE_RUN_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (tide_run_model_parent_class)->dispose (object);
}

static void
tide_run_model_finalize (GObject *object)
{
  TideRunModel *self = TIDE_RUN_MODEL (object);

  g_clear_pointer (&self->filter, tide_run_filter_free);
  g_clear_pointer (&self->head, g_ptr_array_unref);
  g_clear_pointer (&self->rows, tide_run_rows_free);
  g_clear_pointer (&self->usual, tide_usual_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_run_model_parent_class)->finalize (object);
}

static void
tide_run_model_class_init (TideRunModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_run_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_run_model_finalize;

  signals[LOADED] = g_signal_new ("loaded", TIDE_TYPE_RUN_MODEL, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_run_model_init (TideRunModel *self)
{
  self->filter = g_new0 (TideRunFilter, 1);
  self->head = g_ptr_array_new_with_free_func (g_object_unref);
  self->rows = tide_run_rows_new ();
  self->wanted = G_MAXUINT;
}

/**
 * tide_run_model_new:
 * @engine: whose runs
 *
 * Returns: (transfer full): an empty list; tide_run_model_set_filter() fills it
 */
TideRunModel *
tide_run_model_new (TideEngine *engine)
{
  TideRunModel *self = g_object_new (TIDE_TYPE_RUN_MODEL, NULL);

  self->engine = g_object_ref (engine);
  return self;
}

/**
 * tide_run_model_set_filter:
 * @filter: which runs; copied
 *
 * Loads the runs of @filter; until they come, the old ones stay.
 */
void
tide_run_model_set_filter (TideRunModel        *self,
                           const TideRunFilter *filter)
{
  TideRunFilter *copy = tide_run_filter_copy (filter);

  tide_run_filter_free (self->filter);
  self->filter = copy;
  self->refreshing = FALSE;
  tide_run_model_reset (self);
}

/**
 * tide_run_model_refresh:
 *
 * Looks for runs that began or ended; those in between keep their place.
 */
void
tide_run_model_refresh (TideRunModel *self)
{
  if (self->refreshing)
    return;
  self->refreshing = TRUE;
  if (self->cancellable == NULL)
    self->cancellable = g_cancellable_new ();
  tide_run_model_ask (self, 0, tide_run_model_newest_cb);
}

/**
 * tide_run_model_set_progress:
 * @progress: where a run stands; if it is among the newest, its entry is told
 */
void
tide_run_model_set_progress (TideRunModel    *self,
                             TideRunProgress *progress)
{
  guint n = MIN (tide_run_model_get_length (self), PAGE);

  for (guint i = 0; i < n; i++)
    {
      TideRunEntry *entry = tide_run_model_peek (self, i);
      TideRun *run = entry != NULL ? tide_run_entry_get_run (entry) : NULL;

      if (run != NULL && g_strcmp0 (run->sync_id, progress->sync_id) == 0)
        {
          tide_run_entry_set_progress (entry, progress);
          return;
        }
    }
}

static void
touch_entry (gpointer entry,
             gpointer user_data)
{
  tide_run_entry_touch (entry);
}

/**
 * tide_run_model_touch:
 *
 * Has what is shown of all entries made anew, as the minute has changed.
 */
void
tide_run_model_touch (TideRunModel *self)
{
  g_ptr_array_foreach (self->head, touch_entry, NULL);
  tide_run_rows_foreach (self->rows, touch_entry, NULL);
}

static void
judge_entry (gpointer entry,
             gpointer usual)
{
  tide_run_entry_judge (entry, usual);
}

/**
 * tide_run_model_set_usual:
 * @usual: (nullable) (transfer full): what runs are compared with
 */
void
tide_run_model_set_usual (TideRunModel *self,
                          TideUsual    *usual)
{
  g_clear_pointer (&self->usual, tide_usual_unref);
  self->usual = usual;
  g_ptr_array_foreach (self->head, judge_entry, usual);
  tide_run_rows_foreach (self->rows, judge_entry, usual);
}

/**
 * tide_run_model_get_usual:
 *
 * Returns: (transfer none) (nullable): what runs are compared with
 */
TideUsual *
tide_run_model_get_usual (TideRunModel *self)
{
  return self->usual;
}

/**
 * tide_run_model_is_counted:
 *
 * Returns: whether the list is as long as there are runs; until then it is as long as its first page
 */
gboolean
tide_run_model_is_counted (TideRunModel *self)
{
  return self->counted;
}

/**
 * tide_run_model_get_error:
 *
 * Returns: (nullable): why the list could not be loaded
 */
const GError *
tide_run_model_get_error (TideRunModel *self)
{
  return self->error;
}
