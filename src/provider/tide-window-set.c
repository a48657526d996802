/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-window-set.h"

#include "tide-reading.h"

/* How many pages a window may be ahead of its turn: more than an increment that somebody waits for has, and few
 * enough to bound the memory of one that turns out to be long. */
#define PAGES_AHEAD 16

/* One window. What only its thread uses is not guarded. */
typedef struct
{
  TideWindowSet *set;       /* (unowned) */
  TideWalk       walk;
  TideWalker     walker;
  GThread       *thread;    /* (owned) (nullable) */
  GQueue         pages;     /* (mutex set->lock) of owned GBytes */
  gboolean       done;      /* (mutex set->lock) no more will come */
} Window;

struct _TideWindowSet
{
  GCancellable    *cancellable;  /* (owned) of all windows */
  gboolean         in_line;
  guint            n_windows;
  Window          *windows;      /* (owned) */
  guint            current;      /* whose turn it is */
  GMutex           lock;
  GCond            cond;
  gboolean         stopping;     /* (mutex lock) */
  GError          *failure;      /* (mutex lock) (owned) (nullable) the first, which is the cause of the others */
  TideErrorAction  action;       /* (mutex lock) that goes with it */
};

/* Returns whether there is more to read in the window. */
static gboolean
window_take (Window          *self,
             GBytes          *page,
             TideErrorAction  action,
             GError          *failure)
{
  TideWindowSet *set = self->set;
  gboolean goes_on;

  g_mutex_lock (&set->lock);
  if (page != NULL)
    g_queue_push_tail (&self->pages, page);
  else if (set->failure == NULL)
    {
      set->failure = g_steal_pointer (&failure);
      set->action = action;
    }
  self->done = page == NULL || self->walk.at == NULL;
  g_cond_broadcast (&set->cond);
  while (!set->stopping && !self->done && self->pages.length >= PAGES_AHEAD)
    g_cond_wait (&set->cond, &set->lock);
  goes_on = !self->done && !set->stopping && set->failure == NULL;
  g_mutex_unlock (&set->lock);
  g_clear_error (&failure);
  return goes_on;
}

static gpointer
window_thread (gpointer user_data)
{
  Window *self = user_data;
  gboolean goes_on;

  do
    {
      TideErrorAction action = TIDE_ERROR_ACTION_FAIL;
      GError *failure = NULL;
      GBytes *page = tide_walker_next (&self->walker, &action, self->set->cancellable, &failure);

      goes_on = window_take (self, page, action, failure);
    }
  while (goes_on);
  return NULL;
}

/**
 * tide_window_set_new:
 * @selection: of the reading; lives as long as the set, as do all of these
 * @partition: what is read; its walk is at its beginning, and its number of windows is set
 * @in_line: one window after the other, on the caller's thread
 * @note_func: (nullable): must not mind which thread calls it
 *
 * Begins to read.
 *
 * Returns: (transfer full): the windows
 */
TideWindowSet *
tide_window_set_new (TideStream           *stream,
                     TideRequester        *requester,
                     const TideSelection  *selection,
                     const TidePartition  *partition,
                     gboolean              in_line,
                     TideRequestNoteFunc   note_func,
                     gpointer              note_data)
{
  TideWindowSet *self = g_new0 (TideWindowSet, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->cancellable = g_cancellable_new ();
  self->in_line = in_line;
  self->n_windows = partition->n_windows;
  self->windows = g_new0 (Window, self->n_windows);
  for (guint i = 0; i < self->n_windows; i++)
    {
      Window *window = &self->windows[i];

      window->set = self;
      g_queue_init (&window->pages);
      tide_walk_cut_window (&window->walk, &stream->incremental, &partition->state.walk, i, self->n_windows);
      tide_walker_init (&window->walker, stream, requester, selection, note_func, note_data);
      /* What one window announces is not what there is. */
      window->walker.expected = -1;
      tide_walker_enter (&window->walker, partition, &window->walk);
    }
  for (guint i = 0; i < self->n_windows && !in_line; i++)
    self->windows[i].thread = g_thread_new ("tide-window", window_thread, &self->windows[i]);
  return self;
}

/* Stops the threads, wherever they wait. */
void
tide_window_set_free (TideWindowSet *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->n_windows; i++)
    {
      Window *window = &self->windows[i];

      g_clear_pointer (&window->thread, g_thread_join);
      g_queue_clear_full (&window->pages, (GDestroyNotify)g_bytes_unref);
      tide_walker_clear (&window->walker);
      g_free (window->walk.at);
    }
  g_free (self->windows);
  g_clear_error (&self->failure);
  g_clear_object (&self->cancellable);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  TideWindowSet *self = user_data;

  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

/* Waits for the page whose turn it is. Returns %NULL when a window has failed or all is cancelled. */
static GBytes *
wait_for_page (TideWindowSet *self,
               gboolean      *last)
{
  GBytes *page = NULL;

  g_mutex_lock (&self->lock);
  while (self->failure == NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      Window *window = &self->windows[self->current];

      page = g_queue_pop_head (&window->pages);
      if (page == NULL)
        {
          g_cond_wait (&self->cond, &self->lock);
          continue;
        }
      if (window->done && window->pages.length == 0)
        self->current++;
      *last = self->current == self->n_windows;
      g_cond_broadcast (&self->cond);
      break;
    }
  g_mutex_unlock (&self->lock);
  return page;
}

static GBytes *
next_in_line (TideWindowSet    *self,
              gboolean         *last,
              TideErrorAction  *action,
              GCancellable     *cancellable,
              GError          **error)
{
  Window *window = &self->windows[self->current];
  GBytes *page = tide_walker_next (&window->walker, action, cancellable, error);

  if (page != NULL && window->walk.at == NULL)
    self->current++;
  *last = self->current == self->n_windows;
  return page;
}

static void
take_failure (TideWindowSet    *self,
              TideErrorAction  *action,
              GCancellable     *cancellable,
              GError          **error)
{
  /* The others read in vain now. */
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  *action = TIDE_ERROR_ACTION_FAIL;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error) && self->failure != NULL)
    {
      *action = self->action;
      g_propagate_error (error, g_error_copy (self->failure));
    }
  g_mutex_unlock (&self->lock);
}

/**
 * tide_window_set_next:
 * @last: (out): it is the last one of all windows
 * @action: (out): after a failure, what the provider's rules say to do about it
 * @cancellable: (nullable): wakes all windows at once
 *
 * Blocks. Not to be called again after the last page or a failure: one window's failure is that of all.
 *
 * Returns: (transfer full): the next page, or %NULL with @error
 */
GBytes *
tide_window_set_next (TideWindowSet    *self,
                      gboolean         *last,
                      TideErrorAction  *action,
                      GCancellable     *cancellable,
                      GError          **error)
{
  gulong handler = 0;
  GBytes *page;

  *last = FALSE;
  if (self->in_line)
    return next_in_line (self, last, action, cancellable, error);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  page = wait_for_page (self, last);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  if (page == NULL)
    take_failure (self, action, cancellable, error);
  return page;
}
