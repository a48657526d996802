/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-run-entry.h"
#include "tide-run-fetch.h"
#include "tide-run-model.h"

#define PAGE 200
#define KEPT_PAGES 8                  /* more than a view holds on to at once */
#define MAX_WALK 8                    /* pages; what lies further is looked for by counting */

/* Rows come from the store by key, not by number: a page is what lies below the last id of the page before
 * it. To get far down, the key is found by counting; keys are kept, so a page that was dropped is fetched again
 * directly. Runs that began after the list was made stand in @head, so that the pages below never shift. The first page is
 * shown as soon as it has come; how many there are in all is counted meanwhile. */
typedef struct
{
  gint64     before_id;       /* its key; 0 = from the top, -1 = not known yet */
  GPtrArray *entries;         /* (owned) (nullable): while the page is kept */
  guint      last_used;
} Page;

struct _TideRunModel
{
  GObject        parent_instance;

  TideEngine    *engine;      /* (owned) */
  TideRunFilter *filter;      /* (owned) */
  GPtrArray     *head;        /* (owned) (element-type TideRunEntry): newest first */
  GArray        *pages;       /* (owned) (element-type Page) */
  guint          n_base;      /* runs in the pages */
  guint          wanted;      /* page that is looked at and not here; G_MAXUINT = none */
  guint          clock;       /* for last_used */
  GCancellable  *cancellable; /* (owned) (nullable): of the question being asked */
  GError        *error;       /* (owned) (nullable) */
  guint          walked;      /* the page being fetched */
  gboolean       walking;     /* a page, or the place of one, is being fetched */
  gboolean       refreshing;  /* the newest ones are being fetched */
  gboolean       counted;     /* n_base is all there are */
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

static void
page_clear (Page *page)
{
  g_clear_pointer (&page->entries, g_ptr_array_unref);
}

static guint
tide_run_model_get_length (TideRunModel *self)
{
  return self->head->len + self->n_base;
}

static GPtrArray *
entries_new (guint length)
{
  GPtrArray *entries = g_ptr_array_new_full (length, g_object_unref);

  for (guint i = 0; i < length; i++)
    g_ptr_array_add (entries, tide_run_entry_new (NULL));
  return entries;
}

static void
tide_run_model_set_entry (TideRunModel *self,
                          TideRunEntry *entry,
                          TideRun      *run)
{
  tide_run_entry_set_run (entry, run);
  tide_run_entry_judge (entry, self->usual);
}

static void
tide_run_model_fill (TideRunModel *self,
                     GPtrArray    *entries,
                     GPtrArray    *runs)
{
  for (guint i = 0; i < entries->len && i < runs->len; i++)
    {
      TideRunEntry *entry = g_ptr_array_index (entries, i);

      if (tide_run_entry_get_run (entry) == NULL)
        tide_run_model_set_entry (self, entry, g_ptr_array_index (runs, i));
    }
}

/* Lets go of the pages that have not been looked at for longest; their keys stay. */
static void
tide_run_model_drop_pages (TideRunModel *self)
{
  for (;;)
    {
      Page *oldest = NULL;
      guint kept = 0;

      for (guint i = 0; i < self->pages->len; i++)
        {
          Page *page = &g_array_index (self->pages, Page, i);

          if (page->entries == NULL)
            continue;
          kept++;
          if (oldest == NULL || page->last_used < oldest->last_used)
            oldest = page;
        }
      if (kept <= KEPT_PAGES)
        return;
      page_clear (oldest);
    }
}

/* Whether rows of it have been handed out that are still without their run. */
static gboolean
page_is_waiting (const Page *page)
{
  return page->entries != NULL
         && tide_run_entry_get_run (g_ptr_array_index (page->entries, page->entries->len - 1)) == NULL;
}

static TideRunEntry *
tide_run_model_peek (TideRunModel *self,
                     guint         position)
{
  Page *page;

  if (position < self->head->len)
    return g_ptr_array_index (self->head, position);
  position -= self->head->len;
  if (position >= self->n_base)
    return NULL;
  page = &g_array_index (self->pages, Page, position / PAGE);
  return page->entries != NULL ? g_ptr_array_index (page->entries, position % PAGE) : NULL;
}

static void tide_run_model_walk (TideRunModel *self);

/* The store has fewer runs than it counted: some were deleted in between. */
static void
tide_run_model_cut (TideRunModel *self,
                    guint         length)
{
  guint removed = self->n_base - length;

  g_array_set_size (self->pages, (length + PAGE - 1) / PAGE);
  if (length % PAGE != 0)
    {
      Page *last = &g_array_index (self->pages, Page, self->pages->len - 1);

      if (last->entries != NULL && last->entries->len > length % PAGE)
        g_ptr_array_set_size (last->entries, (int)(length % PAGE));
    }
  self->n_base = length;
  self->wanted = G_MAXUINT;
  g_list_model_items_changed (G_LIST_MODEL (self), self->head->len + length, removed, 0);
}

static void
tide_run_model_take_page (TideRunModel *self,
                          GPtrArray    *runs)
{
  guint index = self->walked;
  Page *page = &g_array_index (self->pages, Page, index);
  guint expected = MIN (PAGE, self->n_base - index * PAGE);

  if (page->entries != NULL)
    tide_run_model_fill (self, page->entries, runs);
  if (index + 1 < self->pages->len && runs->len > 0)
    g_array_index (self->pages, Page, index + 1).before_id =
      ((TideRun *)g_ptr_array_index (runs, runs->len - 1))->id;
  if (index == self->wanted)
    self->wanted = G_MAXUINT;
  if (runs->len < expected)
    tide_run_model_cut (self, index * PAGE + runs->len);
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

/* So many pages as the list is long, as far as it is known. */
static void
tide_run_model_add_pages (TideRunModel *self)
{
  for (guint i = self->pages->len; i * PAGE < self->n_base; i++)
    {
      Page page = { .before_id = i == 0 ? 0 : -1 };

      g_array_append_val (self->pages, page);
    }
}

/* How long the list is now known, or known anew. */
static void
tide_run_model_take_count (TideRunModel *self,
                           gint64        count)
{
  guint before = self->n_base;
  guint n = (guint)CLAMP (count, 0, (gint64)G_MAXINT32);

  self->counted = TRUE;
  if (n < before)
    tide_run_model_cut (self, n);
  if (n <= before)
    return;
  self->n_base = n;
  tide_run_model_add_pages (self);
  /* The page before it was full, so its last run is the key of the next. */
  if (before % PAGE == 0 && before > 0)
    {
      TideRunEntry *last = tide_run_model_peek (self, self->head->len + before - 1);
      TideRun *run = last != NULL ? tide_run_entry_get_run (last) : NULL;

      if (run != NULL)
        g_array_index (self->pages, Page, before / PAGE).before_id = run->id;
    }
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
  if (place->before_id != 0 && self->walked < self->pages->len)
    g_array_index (self->pages, Page, self->walked).before_id = place->before_id;
  tide_run_model_take_count (self, place->count);
  if (self->wanted != G_MAXUINT && self->wanted >= self->pages->len)
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
  for (guint i = 0; index == G_MAXUINT && i < self->pages->len; i++)
    if (page_is_waiting (&g_array_index (self->pages, Page, i)))
      index = i;
  if (index >= self->pages->len)
    return;
  self->wanted = index;
  while (g_array_index (self->pages, Page, index).before_id < 0)
    index--;
  self->walking = TRUE;
  if (self->wanted - index > MAX_WALK)
    {
      self->walked = self->wanted;
      tide_run_fetch_place_async (self->engine, self->filter, g_array_index (self->pages, Page, 0).before_id,
                                  self->wanted * PAGE, self->cancellable, tide_run_model_place_cb,
                                  g_object_ref (self));
      return;
    }
  self->walked = index;
  tide_run_model_ask (self, g_array_index (self->pages, Page, index).before_id, tide_run_model_page_cb);
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

/* The list anew: the first page of it. */
static void
tide_run_model_take_first (TideRunModel *self,
                           GPtrArray    *runs)
{
  guint before = tide_run_model_get_length (self);
  Page *first = NULL;

  g_ptr_array_set_size (self->head, 0);
  g_array_set_size (self->pages, 0);
  self->n_base = runs->len;
  self->wanted = G_MAXUINT;
  self->walking = FALSE;
  /* What fits on one page is all there is. */
  self->counted = runs->len < PAGE;
  tide_run_model_add_pages (self);
  if (runs->len > 0)
    {
      first = &g_array_index (self->pages, Page, 0);
      first->entries = entries_new (runs->len);
      first->last_used = ++self->clock;
      /* From the newest of these, not from the top: newer ones go to the head. */
      first->before_id = ((TideRun *)g_ptr_array_index (runs, 0))->id + 1;
      tide_run_model_fill (self, first->entries, runs);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, tide_run_model_get_length (self));
  if (first != NULL && !self->counted)
    tide_run_fetch_place_async (self->engine, self->filter, first->before_id, 0, self->cancellable,
                                tide_run_model_counted_cb, g_object_ref (self));
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
  guint base;
  Page *page;

  if (position < self->head->len)
    return g_object_ref (g_ptr_array_index (self->head, position));
  base = position - self->head->len;
  if (base >= self->n_base)
    return NULL;
  page = &g_array_index (self->pages, Page, base / PAGE);
  page->last_used = ++self->clock;
  if (page->entries == NULL)
    {
      page->entries = entries_new (MIN (PAGE, self->n_base - base / PAGE * PAGE));
      tide_run_model_drop_pages (self);
    }
  if (page_is_waiting (page))
    {
      self->wanted = base / PAGE;
      tide_run_model_walk (self);
    }
  return g_object_ref (g_ptr_array_index (page->entries, base % PAGE));
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
  g_clear_pointer (&self->pages, g_array_unref);
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
  self->pages = g_array_new (FALSE, TRUE, sizeof (Page));
  g_array_set_clear_func (self->pages, (GDestroyNotify)page_clear);
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

/**
 * tide_run_model_touch:
 *
 * Has what is shown of all entries made anew, as the minute has changed.
 */
void
tide_run_model_touch (TideRunModel *self)
{
  for (guint i = 0; i < self->head->len; i++)
    tide_run_entry_touch (g_ptr_array_index (self->head, i));
  for (guint i = 0; i < self->pages->len; i++)
    {
      GPtrArray *entries = g_array_index (self->pages, Page, i).entries;

      for (guint k = 0; entries != NULL && k < entries->len; k++)
        tide_run_entry_touch (g_ptr_array_index (entries, k));
    }
}

static void
tide_run_model_renote (TideRunModel *self,
                       GPtrArray    *entries)
{
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    tide_run_entry_judge (g_ptr_array_index (entries, i), self->usual);
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
  tide_run_model_renote (self, self->head);
  for (guint i = 0; i < self->pages->len; i++)
    tide_run_model_renote (self, g_array_index (self->pages, Page, i).entries);
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
