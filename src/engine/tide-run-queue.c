/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-queue-private.h"

#include "tide-error.h"
#include "tide-run-progress-private.h"
#include "tide-text.h"

G_DEFINE_FINAL_TYPE (TideRunQueue, tide_run_queue, G_TYPE_OBJECT)

gint64
tide_run_queue_now (TideRunQueue *self)
{
  return tide_clock_now (tide_store_get_clock (self->store));
}

/* The queue's thread. */
TideRunItem *
tide_run_queue_find (TideRunQueue *self,
                     const char   *sync_id)
{
  return g_hash_table_lookup (self->items, sync_id);
}

static TideRunPlace
tide_run_queue_get_place (TideRunQueue      *self,
                          const TideRunItem *item)
{
  gint64 due_at = item->run->due_at;

  if (item->ending)
    return TIDE_RUN_PLACE_NONE;
  if (item->going)
    return TIDE_RUN_PLACE_GOING;
  if (item->run->status != TIDE_RUN_PENDING)
    return TIDE_RUN_PLACE_PARKED;
  if (due_at != 0 && (due_at > tide_run_queue_now (self) || (self->flags & TIDE_RUN_QUEUE_RETRIES) == 0))
    return TIDE_RUN_PLACE_LATER;
  return TIDE_RUN_PLACE_READY;
}

/* The item's run is @run from now on, and it stands where that belongs. */
void
tide_run_queue_set_run (TideRunQueue *self,
                        TideRunItem  *item,
                        TideRun      *run)
{
  g_autoptr(TideRun) old = NULL;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  tide_run_line_take (self->line, item);
  old = item->run;
  item->run = tide_run_ref (run);
  tide_run_line_put (self->line, item, tide_run_queue_get_place (self, item));
}

/* Its row is to say so, if it is still waiting when all have been chosen that may go. */
static void
tide_run_queue_mark (TideRunQueue *self,
                     TideRunItem  *item)
{
  if (item->unsaved)
    return;

  item->unsaved = TRUE;
  g_ptr_array_add (self->dirty, tide_run_item_ref (item));
}

void
tide_run_queue_save (TideRunQueue *self,
                     TideRunItem  *item,
                     TideRun      *row)
{
  if (!tide_run_workers_save (self->workers, item, row))
    return;

  item->n_saving++;
  self->n_saving++;
}

/* As tide_run_queue_set_run(), of one that does not go; and its row will say so too. */
void
tide_run_queue_change (TideRunQueue *self,
                       TideRunItem  *item,
                       TideRun      *run)
{
  tide_run_queue_set_run (self, item, run);
  tide_run_queue_mark (self, item);
  tide_run_queue_plan_dispatch (self);
}

static void
tide_run_queue_save_dirty (TideRunQueue *self)
{
  g_autoptr(GPtrArray) dirty = g_steal_pointer (&self->dirty);

  self->dirty = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_item_unref);
  for (guint i = 0; i < dirty->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (dirty, i);

      if (item->unsaved && !item->going && !item->ending)
        tide_run_queue_save (self, item, tide_run_copy (item->run));
      item->unsaved = FALSE;
    }
}

static void
tide_run_queue_set_going (TideRunQueue *self,
                          TideRunItem  *item,
                          gboolean      going)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  item->going = going;
  if (going)
    g_ptr_array_add (self->going, item);
  else
    g_ptr_array_remove (self->going, item);
  self->n_going += going ? 1 : -1;
  if (!going && item->halting)
    self->n_halting--;
  item->halting = FALSE;
  item->wanted = -1;
}

/* What a try begins with: nothing of how the last one ended. */
static TideRun *
make_begun (const TideRun *run)
{
  TideRun *begun = tide_run_copy (run);

  begun->due_at = 0;
  begun->ended_at = 0;
  tide_set_str (&begun->error_code, NULL);
  tide_set_str (&begun->error_message, NULL);
  return begun;
}

static void
tide_run_queue_prepare_job (TideRunQueue *self,
                            TideRunItem  *item)
{
  g_clear_pointer (&item->begun, tide_run_unref);
  item->begun = make_begun (item->run);
  g_clear_object (&item->cancellable);
  item->cancellable = g_cancellable_new ();
  item->job = (TideSyncJob) {
    .run = item->begun,
    .retries = (self->flags & TIDE_RUN_QUEUE_RETRIES) != 0,
    .stop_status = TIDE_RUN_CANCELLED,
    .halt_status = -1,
  };
}

/* Who is told of its start may stop it, or close the queue. */
static void
tide_run_queue_start (TideRunQueue *self,
                      TideRunItem  *item)
{
  g_autoptr(TideRunItem) held = tide_run_item_ref (item);
  g_autoptr(TideRun) run = NULL;

  tide_run_queue_prepare_job (self, item);
  run = tide_run_copy (item->begun);
  run->status = TIDE_RUN_PROCESSING;
  if (run->started_at == 0)
    run->started_at = tide_run_queue_now (self);
  item->unsaved = FALSE;
  tide_run_queue_set_going (self, item, TRUE);
  tide_run_queue_set_run (self, item, run);

  if (!item->told)
    self->funcs.started (run, self->user_data);
  item->told = TRUE;
  if (!self->closed)
    tide_run_workers_execute (self->workers, item);
}

/* A smart refresh does not wait for those that were asked to make room for it. */
static gboolean
tide_run_queue_has_room (TideRunQueue *self)
{
  guint n_going = self->smart_only ? self->n_going - self->n_halting : self->n_going;

  return !self->closed && !self->paused && n_going < self->max_going;
}

/* Whose row is just being written has its turn a moment later, when its key is known. */
static TideRunItem *
tide_run_queue_choose (TideRunQueue *self)
{
  TideRunItem *item;

  if (!tide_run_queue_has_room (self))
    return NULL;

  item = tide_run_line_choose (self->line, self->smart_only);
  if (item != NULL && item->n_saving > 0 && tide_run_workers_withdraw (self->workers, item))
    {
      item->n_saving--;
      self->n_saving--;
    }
  return item != NULL && item->n_saving == 0 ? item : NULL;
}

static void
tide_run_queue_take_due (TideRunQueue *self)
{
  gint64 now = tide_run_queue_now (self);
  TideRunItem *item;

  if ((self->flags & TIDE_RUN_QUEUE_RETRIES) == 0)
    return;

  while ((item = tide_run_line_get_next_due (self->line)) != NULL && item->run->due_at <= now)
    {
      g_autoptr(TideRun) run = tide_run_ref (item->run);

      tide_run_queue_set_run (self, item, run);
    }
}

static gboolean
tide_run_queue_due_cb (gpointer user_data)
{
  TideRunQueue *self = user_data;

  /* The source destroys itself after this call. */
  g_clear_pointer (&self->timer, g_source_unref);
  self->armed = 0;
  tide_run_queue_plan_dispatch (self);
  return G_SOURCE_REMOVE;
}

static void
tide_run_queue_disarm (TideRunQueue *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  self->armed = 0;
}

static void
tide_run_queue_arm (TideRunQueue *self)
{
  TideRunItem *item = tide_run_line_get_next_due (self->line);
  gboolean wanted = !self->closed && item != NULL && (self->flags & TIDE_RUN_QUEUE_RETRIES) != 0;
  gint64 due_at = wanted ? item->run->due_at : 0;

  if (due_at == self->armed)
    return;

  tide_run_queue_disarm (self);
  if (due_at == 0)
    return;

  self->armed = due_at;
  self->timer = tide_clock_timer_source_new (tide_store_get_clock (self->store), due_at);
  g_source_set_callback (self->timer, tide_run_queue_due_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* Starts who may go, and writes the rows of those that have to wait. In line a run is over when its start returns,
 * and this may have been entered again meanwhile: so nothing is remembered from one choice to the next. */
static void
tide_run_queue_dispatch (TideRunQueue *self)
{
  TideRunItem *item;

  tide_run_queue_take_due (self);
  while ((item = tide_run_queue_choose (self)) != NULL)
    {
      tide_run_queue_arm (self);
      tide_run_queue_start (self, item);
      tide_run_queue_take_due (self);
    }
  if (!self->closed)
    tide_run_queue_save_dirty (self);
  tide_run_queue_arm (self);
}

void
tide_run_queue_take_out (TideRunQueue *self,
                         TideRunItem  *item,
                         TideRun      *run,
                         gboolean      went)
{
  g_autoptr(TideRunItem) held = tide_run_item_ref (item);
  g_autoptr(TideRun) ended = tide_run_ref (run);

  item->ending = TRUE;
  g_mutex_lock (&self->lock);
  tide_run_line_take (self->line, item);
  g_hash_table_remove (self->items, run->sync_id);
  g_mutex_unlock (&self->lock);

  self->funcs.ended (ended, went, self->user_data);
}

/* Only what was not begun yet and has no row is lost with it. The rest goes on, and says so when it can. */
static TideRun *
make_unsaved_end (TideRunQueue *self,
                  TideRunItem  *item,
                  const GError *error)
{
  TideRun *end = tide_run_copy (item->run);

  end->status = TIDE_RUN_FAILED;
  end->ended_at = tide_run_queue_now (self);
  tide_set_str (&end->error_code, tide_error_to_name (error));
  tide_set_str (&end->error_message, error->message);
  return end;
}

static void
tide_run_queue_note_key (TideRunQueue *self,
                         TideRunItem  *item,
                         gint64        id)
{
  g_autoptr(TideRun) run = NULL;

  if (item->run->id != 0 || id == 0)
    return;

  run = tide_run_copy (item->run);
  run->id = id;
  tide_run_queue_set_run (self, item, run);
}

static void
item_saved_cb (TideRunItem  *item,
               TideRun      *row,
               const GError *error,
               gpointer      user_data)
{
  TideRunQueue *self = user_data;

  item->n_saving--;
  self->n_saving--;
  tide_run_queue_forget_requests (self, item);
  /* It may be over already, and then it has been told. */
  if (tide_run_queue_find (self, row->sync_id) != item)
    return;

  tide_run_queue_note_key (self, item, row->id);
  if (error != NULL)
    g_message ("run %s: could not be saved: %s", row->sync_id, error->message);
  if (tide_run_is_over (row))
    tide_run_queue_take_out (self, item, row, FALSE);
  else if (error != NULL && item->run->id == 0 && item->run->attempts == 0 && !item->going && !item->ending)
    {
      g_autoptr(TideRun) end = make_unsaved_end (self, item, error);

      tide_run_queue_take_out (self, item, end, FALSE);
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

      if (old->connection_id == run->connection_id && g_str_equal (old->stream, run->stream))
        g_ptr_array_remove_index (self->unsaved, i - 1);
    }
  if (item->job.unsaved && tide_run_is_over (run))
    g_ptr_array_add (self->unsaved, tide_run_ref (run));
}

/* What somebody has said of a run while it was about to stop for another reason is done now. */
static TideRunStatus
get_landing (const TideRun *run,
             int            wanted)
{
  if (run->status == TIDE_RUN_PENDING && wanted == TIDE_RUN_PAUSED)
    return TIDE_RUN_PAUSED;
  if (run->status == TIDE_RUN_PAUSED && wanted == TIDE_RUN_PENDING)
    return TIDE_RUN_PENDING;
  return run->status;
}

/* It does not go any more, and is not over. */
static void
tide_run_queue_land (TideRunQueue *self,
                     TideRunItem  *item,
                     TideRun      *run,
                     int           wanted)
{
  g_autoptr(TideRun) landed = tide_run_copy (run);

  landed->status = get_landing (run, wanted);
  tide_run_queue_set_run (self, item, landed);
  if (self->closed)
    {
      if (item->job.unsaved || landed->status != run->status)
        tide_run_queue_save (self, item, tide_run_copy (landed));
      return;
    }

  if (item->job.unsaved || landed->status != run->status)
    tide_run_queue_mark (self, item);
  if (tide_run_item_is_cancelled (item))
    tide_run_queue_end (self, item, TIDE_RUN_CANCELLED, NULL, NULL);
  self->funcs.halted (landed, self->user_data);
}

static void
item_ended_cb (TideRunItem *item,
               TideRun     *run,
               gpointer     user_data)
{
  TideRunQueue *self = user_data;
  int wanted = item->wanted;

  item->saved_id = run->id;
  g_clear_pointer (&item->progress, tide_run_progress_unref);
  tide_run_queue_set_going (self, item, FALSE);
  tide_run_queue_note_unsaved (self, item, run);
  if (tide_run_is_over (run))
    tide_run_queue_take_out (self, item, run, TRUE);
  else
    tide_run_queue_land (self, item, run, wanted);
}

/* Who is told may close the queue, and drop it. */
static void
settled_cb (gpointer user_data)
{
  g_autoptr(TideRunQueue) self = g_object_ref (user_data);

  tide_run_queue_dispatch (self);
  if (!self->closed)
    self->funcs.changed (self->user_data);
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
void
tide_run_queue_plan_dispatch (TideRunQueue *self)
{
  if (self->dispatch != NULL || self->closed)
    return;

  self->dispatch = g_idle_source_new ();
  g_source_set_priority (self->dispatch, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->dispatch, "tide-run-queue");
  g_source_set_callback (self->dispatch, tide_run_queue_dispatch_cb, self, NULL);
  g_source_attach (self->dispatch, self->context);
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
  g_ptr_array_unref (self->going);
  tide_run_line_free (self->line);
  g_hash_table_unref (self->requests);
  g_ptr_array_unref (self->dirty);
  g_hash_table_unref (self->items);
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
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_run_item_unref);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)tide_request_row_free);
  self->dirty = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_item_unref);
  self->line = tide_run_line_new ();
  self->going = g_ptr_array_new ();
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  self->context = g_main_context_ref_thread_default ();
  self->max_going = 1;
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
                    TideRunQueueFlags        flags,
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
  self->flags = flags;
  self->workers = tide_run_workers_new (store, logins, (flags & TIDE_RUN_QUEUE_IN_LINE) != 0, &workers_funcs,
                                        G_OBJECT (self));
  self->funcs = *funcs;
  self->user_data = user_data;
  return self;
}

/* Nobody asked for them to be cancelled: it is the program that ends. */
static void
tide_run_queue_stop_going (TideRunQueue *self)
{
  for (guint i = 0; i < self->going->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->going, i);

      if (!tide_run_item_is_cancelled (item))
        g_atomic_int_set (&item->job.stop_status, item->wanted == TIDE_RUN_PAUSED ? TIDE_RUN_PAUSED
                                                                                : TIDE_RUN_PENDING);
      g_cancellable_cancel (item->cancellable);
    }
}

/**
 * tide_run_queue_close:
 *
 * Stops what is going, waits until its threads have ended, and tells the end of those runs that are over. The others
 * stay in the store, and go on when the program comes back. Blocks, but not for the network. May be called twice.
 */
void
tide_run_queue_close (TideRunQueue *self)
{
  if (self->closed)
    return;

  tide_run_queue_save_dirty (self);
  self->closed = TRUE;
  if (self->dispatch != NULL)
    g_source_destroy (self->dispatch);
  g_clear_pointer (&self->dispatch, g_source_unref);
  tide_run_queue_disarm (self);

  tide_run_queue_stop_going (self);
  tide_run_workers_close (self->workers);

  g_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->items);
  g_mutex_unlock (&self->lock);
}
