/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-queue.h"

#include "tide-run-item.h"
#include "tide-run-progress-private.h"
#include "tide-run-rows.h"
#include "tide-run-workers.h"
#include "tide-text.h"
#include "tide-write.h"

/* One sync at a time across everything. */
#define MAX_GOING 1

struct _TideRunQueue
{
  GObject            parent_instance;

  TideStore         *store;     /* (owned) */
  TideRunQueueFuncs  funcs;
  gpointer           user_data;
  TideRunWorkers    *workers;   /* (owned) */
  GMainContext      *context;   /* (owned) */
  GSource           *dispatch;  /* (owned) (nullable): set while a look at who may go is planned */
  guint64            n_added;
  gboolean           paused;
  gboolean           closed;

  GMutex             lock;
  GPtrArray         *items;     /* (owned) (mutex lock for changes and for other threads): TideRunItem */
  GPtrArray         *unsaved;   /* (owned) (mutex lock): the last runs of streams that the store cannot tell about */
};

G_DEFINE_FINAL_TYPE (TideRunQueue, tide_run_queue, G_TYPE_OBJECT)

static void
tide_run_queue_set_run (TideRunQueue *self,
                        TideRunItem  *item,
                        TideRun      *run)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  tide_run_unref (item->run);
  item->run = tide_run_ref (run);
}

/* @row is the item's run as it is to be written; nobody else has seen it yet. */
static void
tide_run_queue_save (TideRunQueue *self,
                     TideRunItem  *item,
                     TideRun      *row)
{
  item->state = TIDE_RUN_ITEM_SAVING;
  tide_run_workers_save (self->workers, item, row);
}

static void
tide_run_queue_start (TideRunQueue *self,
                      TideRunItem  *item)
{
  g_autoptr(TideRun) run = tide_run_copy (item->run);

  run->status = TIDE_RUN_PROCESSING;
  run->started_at = tide_clock_now (tide_store_get_clock (self->store));
  item->job.run = item->run;
  item->state = TIDE_RUN_ITEM_GOING;
  /* The job goes on borrowing the run as it was asked for. */
  item->row = tide_run_ref (item->run);
  tide_run_queue_set_run (self, item, run);
  tide_run_workers_execute (self->workers, item);
  self->funcs.started (run, self->user_data);
}

/* Writes the rows of those that have to wait, and starts who may go. */
static void
tide_run_queue_dispatch (TideRunQueue *self)
{
  TideRunItem *item;

  while (!self->closed && !self->paused && (item = tide_run_item_choose (self->items, MAX_GOING)) != NULL)
    tide_run_queue_start (self, item);

  for (guint i = 0; !self->closed && i < self->items->len; i++)
    {
      item = g_ptr_array_index (self->items, i);
      if (item->state == TIDE_RUN_ITEM_WAITING && !item->ending && item->run->id == 0)
        tide_run_queue_save (self, item, tide_run_copy (item->run));
    }
}

static void
tide_run_queue_take_out (TideRunQueue *self,
                         TideRunItem  *item,
                         TideRun      *run)
{
  g_autoptr(TideRun) ended = tide_run_ref (run);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->items, item);
  g_mutex_unlock (&self->lock);

  self->funcs.ended (ended, self->user_data);
}

static void
item_saved_cb (TideRunItem *item,
               TideRun     *run,
               gpointer     user_data)
{
  TideRunQueue *self = user_data;

  item->state = TIDE_RUN_ITEM_WAITING;
  tide_run_queue_set_run (self, item, run);
  if (tide_run_is_over (run))
    tide_run_queue_take_out (self, item, run);
  else if (item->end != NULL && !self->closed)
    {
      item->end->id = run->id;
      tide_run_queue_save (self, item, g_steal_pointer (&item->end));
    }
}

static void
item_progress_cb (TideRunItem     *item,
                  TideRunProgress *progress,
                  gpointer         user_data)
{
  TideRunQueue *self = user_data;

  g_clear_pointer (&item->progress, tide_run_progress_unref);
  item->progress = tide_run_progress_ref (progress);
  self->funcs.progress (progress, self->user_data);
}

/* What a later run of the stream could save is out of date. */
static void
tide_run_queue_note_unsaved (TideRunQueue *self,
                             TideRunItem  *item,
                             TideRun      *run)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = self->unsaved->len; i > 0; i--)
    {
      TideRun *old = g_ptr_array_index (self->unsaved, i - 1);

      if (tide_run_item_is_stream (item, old->connection_id, old->stream))
        g_ptr_array_remove_index (self->unsaved, i - 1);
    }
  if (item->job.unsaved)
    g_ptr_array_add (self->unsaved, tide_run_ref (run));
}

static void
item_ended_cb (TideRunItem *item,
               TideRun     *run,
               gpointer     user_data)
{
  TideRunQueue *self = user_data;

  tide_run_queue_note_unsaved (self, item, run);
  tide_run_queue_set_run (self, item, run);
  tide_run_queue_take_out (self, item, run);
}

/* Who was told may have closed the queue meanwhile. */
static void
settled_cb (gpointer user_data)
{
  TideRunQueue *self = user_data;

  tide_run_queue_dispatch (self);
  if (!self->closed)
    self->funcs.changed (self->user_data);
}

static void
tide_run_queue_dispose (GObject *object)
{
  tide_run_queue_close (TIDE_RUN_QUEUE (object));

  G_OBJECT_CLASS (tide_run_queue_parent_class)->dispose (object);
}

static void
tide_run_queue_finalize (GObject *object)
{
  TideRunQueue *self = TIDE_RUN_QUEUE (object);

  tide_run_workers_free (self->workers);
  g_ptr_array_unref (self->unsaved);
  g_ptr_array_unref (self->items);
  g_main_context_unref (self->context);
  g_object_unref (self->store);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_run_queue_parent_class)->finalize (object);
}

static void
tide_run_queue_class_init (TideRunQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_run_queue_dispose;
  object_class->finalize = tide_run_queue_finalize;
}

static void
tide_run_queue_init (TideRunQueue *self)
{
  g_mutex_init (&self->lock);
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_item_unref);
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  self->context = g_main_context_ref_thread_default ();
}

/**
 * tide_run_queue_new:
 * @store: what runs write to
 * @logins: who sends their requests
 * @funcs: what to call
 *
 * Returns: (transfer full): an empty queue
 */
TideRunQueue *
tide_run_queue_new (TideStore               *store,
                    TideLogins              *logins,
                    const TideRunQueueFuncs *funcs,
                    gpointer                 user_data)
{
  static const TideRunWorkersFuncs workers_funcs =
  {
    .saved = item_saved_cb,
    .progress = item_progress_cb,
    .ended = item_ended_cb,
    .settled = settled_cb,
  };
  TideRunQueue *self = g_object_new (TIDE_TYPE_RUN_QUEUE, NULL);

  self->store = g_object_ref (store);
  self->workers = tide_run_workers_new (store, logins, &workers_funcs, self);
  self->funcs = *funcs;
  self->user_data = user_data;
  return self;
}

static gboolean
tide_run_queue_dispatch_cb (gpointer user_data)
{
  TideRunQueue *self = user_data;

  g_clear_pointer (&self->dispatch, g_source_unref);
  settled_cb (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: whoever asks for several runs has asked for all of them before the first is chosen, and knows
 * them before he hears of them. */
static void
tide_run_queue_plan_dispatch (TideRunQueue *self)
{
  if (self->dispatch != NULL)
    return;

  self->dispatch = g_idle_source_new ();
  g_source_set_priority (self->dispatch, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->dispatch, "tide-run-queue");
  g_source_set_callback (self->dispatch, tide_run_queue_dispatch_cb, self, NULL);
  g_source_attach (self->dispatch, self->context);
}

/**
 * tide_run_queue_add:
 * @stream: of @manifest
 * @run: what is asked for
 *
 * Puts a run in line, or joins one that waits to do the same.
 *
 * Returns: (transfer full): the run that will be executed
 */
TideRun *
tide_run_queue_add (TideRunQueue   *self,
                    TideManifest   *manifest,
                    TideStream     *stream,
                    TideConnection *connection,
                    const TideRun  *run)
{
  TideRunItem *item;

  g_return_val_if_fail (!self->closed, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      item = g_ptr_array_index (self->items, i);
      if (tide_run_item_is_same (item, run))
        return tide_run_ref (item->run);
    }

  item = tide_run_item_new (manifest, stream, connection, run);
  item->age = self->n_added++;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->items, item);
  g_mutex_unlock (&self->lock);

  tide_run_queue_plan_dispatch (self);
  return tide_run_ref (item->run);
}

/* Ends a run that has not begun. Its row says so before anybody is told. */
static void
tide_run_queue_end_waiting (TideRunQueue  *self,
                            TideRunItem   *item,
                            TideRunStatus  status,
                            const char    *error_code,
                            const char    *error_message)
{
  TideRun *end = tide_run_copy (item->run);

  end->status = status;
  end->ended_at = tide_clock_now (tide_store_get_clock (self->store));
  tide_set_str (&end->error_code, error_code);
  tide_set_str (&end->error_message, error_message);

  item->ending = TRUE;
  if (item->state == TIDE_RUN_ITEM_WAITING)
    tide_run_queue_save (self, item, end);
  else
    item->end = end;
}

static void
tide_run_queue_cancel_item (TideRunQueue *self,
                            TideRunItem  *item)
{
  if (item->state == TIDE_RUN_ITEM_GOING)
    g_cancellable_cancel (item->cancellable);
  else if (!item->ending)
    tide_run_queue_end_waiting (self, item, TIDE_RUN_CANCELLED, NULL, NULL);
}

/**
 * tide_run_queue_cancel:
 *
 * Ends a run, waiting or going. It is over when its end is told.
 *
 * Returns: whether there is such a run
 */
gboolean
tide_run_queue_cancel (TideRunQueue *self,
                       const char   *sync_id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (item->run->sync_id, sync_id))
        {
          tide_run_queue_cancel_item (self, item);
          return TRUE;
        }
    }
  return FALSE;
}

void
tide_run_queue_cancel_all (TideRunQueue *self)
{
  for (guint i = 0; i < self->items->len; i++)
    tide_run_queue_cancel_item (self, g_ptr_array_index (self->items, i));
}

/**
 * tide_run_queue_fail_pending:
 *
 * Ends all runs of a connection that have not begun: what stopped one of them would stop them all, and a
 * refused login must not be tried again and again.
 */
void
tide_run_queue_fail_pending (TideRunQueue *self,
                             gint64        connection_id,
                             const char   *error_code,
                             const char   *error_message)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->items, i);

      if (item->state != TIDE_RUN_ITEM_GOING && !item->ending && item->run->connection_id == connection_id)
        tide_run_queue_end_waiting (self, item, TIDE_RUN_FAILED, error_code, error_message);
    }
}

gboolean
tide_run_queue_is_idle (TideRunQueue *self)
{
  return self->items->len == 0;
}

/**
 * tide_run_queue_list_progress:
 *
 * Returns: (transfer full) (element-type TideRunProgress): where the going runs stand
 */
GPtrArray *
tide_run_queue_list_progress (TideRunQueue *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_progress_unref);

  for (guint i = 0; i < self->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->items, i);
      TideSyncProgress nothing = { .run = item->run, .expected = -1, .remaining = -1 };

      if (item->progress != NULL)
        g_ptr_array_add (list, tide_run_progress_ref (item->progress));
      else if (item->state == TIDE_RUN_ITEM_GOING)
        g_ptr_array_add (list, tide_run_progress_new (&nothing));
    }
  return list;
}

gboolean
tide_run_queue_get_paused (TideRunQueue *self)
{
  return self->paused;
}

/**
 * tide_run_queue_set_paused:
 * @paused: whether to start nothing more; what is going goes on
 */
void
tide_run_queue_set_paused (TideRunQueue *self,
                           gboolean      paused)
{
  self->paused = paused;
  tide_run_queue_plan_dispatch (self);
}

static void
tide_run_queue_stop_items (TideRunQueue *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->items, i);

      /* Nobody asked for it to be cancelled: it is the program that ends. */
      if (!g_cancellable_is_cancelled (item->cancellable))
        g_atomic_int_set (&item->job.stop_status, TIDE_RUN_PENDING);
      g_cancellable_cancel (item->cancellable);
    }
}

static void
tide_run_queue_interrupt_rows (TideRunQueue *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);

  if (write == NULL ||
      !tide_run_rows_requeue (write, &error) ||
      !tide_write_commit (write, &error))
    g_warning ("waiting runs: could not be saved as interrupted: %s", error->message);
}

static void
tide_run_queue_end_rest (TideRunQueue *self)
{
  if (self->items->len > 0)
    tide_run_queue_interrupt_rows (self);

  while (self->items->len > 0)
    {
      g_autoptr(TideRunItem) item = tide_run_item_ref (g_ptr_array_index (self->items, 0));
      g_autoptr(TideRun) run = tide_run_copy (item->run);

      run->status = TIDE_RUN_PENDING;
      run->ended_at = tide_clock_now (tide_store_get_clock (self->store));
      tide_run_queue_take_out (self, item, run);
    }
}

/**
 * tide_run_queue_close:
 *
 * Stops what is going, waits until its threads have ended, and tells the end of all runs. What waited is
 * interrupted. Blocks, but not for the network. May be called twice.
 */
void
tide_run_queue_close (TideRunQueue *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  if (self->dispatch != NULL)
    g_source_destroy (self->dispatch);
  g_clear_pointer (&self->dispatch, g_source_unref);

  tide_run_queue_stop_items (self);
  tide_run_workers_close (self->workers);
  tide_run_queue_end_rest (self);
}

/**
 * tide_run_queue_list_runs:
 *
 * Returns: (transfer full) (element-type TideRun): the runs that wait and go. Any thread
 */
GPtrArray *
tide_run_queue_list_runs (TideRunQueue *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  for (guint i = 0; i < self->items->len; i++)
    g_ptr_array_add (runs, tide_run_ref (((TideRunItem *)g_ptr_array_index (self->items, i))->run));
  return runs;
}

/**
 * tide_run_queue_list_unsaved:
 *
 * Returns: (transfer full) (element-type TideRun): the last runs of those streams of which it could not be saved how
 *   they ended. Any thread
 */
GPtrArray *
tide_run_queue_list_unsaved (TideRunQueue *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  for (guint i = 0; i < self->unsaved->len; i++)
    g_ptr_array_add (runs, tide_run_ref (g_ptr_array_index (self->unsaved, i)));
  return runs;
}

/**
 * tide_run_queue_get_run:
 *
 * Returns: (transfer full) (nullable): a run that waits or goes. Any thread
 */
TideRun *
tide_run_queue_get_run (TideRunQueue *self,
                        const char   *sync_id)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (item->run->sync_id, sync_id))
        return tide_run_ref (item->run);
    }
  return NULL;
}
