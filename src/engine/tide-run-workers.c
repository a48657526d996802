/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-workers.h"

#include "tide-error.h"
#include "tide-run-progress-private.h"
#include "tide-run-rows.h"
#include "tide-text.h"
#include "tide-write.h"

struct _TideRunWorkers
{
  TideStore           *store;     /* (owned) */
  TideLogins          *logins;    /* (owned) */
  TideRunWorkersFuncs  funcs;
  gpointer             user_data;
  GMainContext        *context;   /* (owned) */
  GThreadPool         *runners;   /* (owned) (nullable): made when first needed */
  GThreadPool         *scribes;   /* (owned) (nullable): likewise */
  GAsyncQueue         *messages;  /* (owned): Message */

  GMutex               lock;
  GSource             *wake;      /* (owned) (nullable) (mutex lock): set while messages wait to be looked at */
};

typedef enum
{
  MESSAGE_SAVED,
  MESSAGE_PROGRESS,
  MESSAGE_ENDED,
} MessageKind;

typedef struct
{
  MessageKind      kind;
  TideRunItem     *item;      /* (owned) */
  TideRun         *run;       /* (owned) (nullable) */
  TideRunProgress *progress;  /* (owned) (nullable) */
} Message;

/* Who reports a run's progress, for the time of the run. */
typedef struct
{
  TideRunWorkers *workers;
  TideRunItem    *item;
} Reporter;

static void
message_free (Message *self)
{
  g_clear_pointer (&self->progress, tide_run_progress_unref);
  g_clear_pointer (&self->run, tide_run_unref);
  tide_run_item_unref (self->item);
  g_free (self);
}

static gboolean
tide_run_workers_handle_messages (TideRunWorkers *self)
{
  gboolean settled = FALSE;
  Message *message;

  while ((message = g_async_queue_try_pop (self->messages)) != NULL)
    {
      settled = settled || message->kind != MESSAGE_PROGRESS;
      if (message->kind == MESSAGE_SAVED)
        self->funcs.saved (message->item, message->run, self->user_data);
      else if (message->kind == MESSAGE_PROGRESS)
        self->funcs.progress (message->item, message->progress, self->user_data);
      else
        self->funcs.ended (message->item, message->run, self->user_data);
      message_free (message);
    }
  return settled;
}

static gboolean
tide_run_workers_wake_cb (gpointer user_data)
{
  TideRunWorkers *self = user_data;

  /* Before looking: what is posted from now on makes a source of its own. */
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->wake, g_source_unref);
  g_mutex_unlock (&self->lock);

  if (tide_run_workers_handle_messages (self))
    self->funcs.settled (self->user_data);
  return G_SOURCE_REMOVE;
}

/* Any thread. An idle source, as an invocation would run on the calling thread while no loop runs. */
static void
tide_run_workers_post (TideRunWorkers  *self,
                       MessageKind      kind,
                       TideRunItem     *item,
                       TideRun         *run,
                       TideRunProgress *progress)
{
  g_autoptr(GMutexLocker) locker = NULL;
  Message *message = g_new0 (Message, 1);

  message->kind = kind;
  message->item = tide_run_item_ref (item);
  message->run = run;
  message->progress = progress;
  g_async_queue_push (self->messages, message);

  locker = g_mutex_locker_new (&self->lock);
  if (self->wake != NULL)
    return;

  self->wake = g_idle_source_new ();
  g_source_set_priority (self->wake, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->wake, "tide-run-workers");
  g_source_set_callback (self->wake, tide_run_workers_wake_cb, self, NULL);
  g_source_attach (self->wake, self->context);
}

static void
report_progress_cb (const TideSyncProgress *progress,
                    gpointer                user_data)
{
  Reporter *reporter = user_data;

  tide_run_workers_post (reporter->workers, MESSAGE_PROGRESS, reporter->item, NULL,
                         tide_run_progress_new (progress));
}

static void
execute_thread (gpointer data,
                gpointer user_data)
{
  TideRunWorkers *self = user_data;
  g_autoptr(TideRunItem) item = data;
  Reporter reporter = { self, item };
  TideSyncJob *job = &item->job;
  TideRun *run;

  job->store = self->store;
  job->manifest = item->manifest;
  job->stream = item->stream;
  job->requester = tide_logins_get_requester (self->logins, item->manifest, item->connection);
  job->progress_func = report_progress_cb;
  job->progress_data = &reporter;

  run = tide_sync_run_execute (job, item->cancellable);
  g_clear_object (&job->requester);
  tide_run_workers_post (self, MESSAGE_ENDED, item, run, NULL);
}

static gboolean
save_row (TideStore  *store,
          TideRun    *row,
          GError    **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, error);
  gint64 id = row->id;

  if (write == NULL)
    return FALSE;

  if (id == 0)
    id = tide_run_rows_add (write, row, error);
  else if (!tide_run_rows_update (write, row, error))
    return FALSE;
  if (id <= 0 || !tide_write_commit (write, error))
    return FALSE;

  row->id = id;
  return TRUE;
}

static void
save_thread (gpointer data,
             gpointer user_data)
{
  TideRunWorkers *self = user_data;
  g_autoptr(TideRunItem) item = data;
  g_autoptr(GError) error = NULL;
  TideRun *row = g_steal_pointer (&item->row);

  if (!save_row (self->store, row, &error))
    {
      g_warning ("run %s: could not be saved: %s", row->sync_id, error->message);
      row->status = TIDE_RUN_FAILED;
      row->ended_at = tide_clock_now (tide_store_get_clock (self->store));
      tide_set_str (&row->error_code, tide_error_to_name (error));
      tide_set_str (&row->error_message, error->message);
    }
  tide_run_workers_post (self, MESSAGE_SAVED, item, row, NULL);
}

/* Exclusive, so that its thread goes with it. */
static GThreadPool *
new_pool (GFunc           func,
          TideRunWorkers *self)
{
  return g_thread_pool_new_full (func, self, (GDestroyNotify)tide_run_item_unref, 1, TRUE, NULL);
}

/**
 * tide_run_workers_new:
 * @store: what runs write to
 * @logins: who sends their requests
 * @funcs: what to call
 *
 * Returns: (transfer full): workers with nothing to do
 */
TideRunWorkers *
tide_run_workers_new (TideStore                 *store,
                      TideLogins                *logins,
                      const TideRunWorkersFuncs *funcs,
                      gpointer                   user_data)
{
  TideRunWorkers *self = g_new0 (TideRunWorkers, 1);

  g_mutex_init (&self->lock);
  self->store = g_object_ref (store);
  self->logins = tide_logins_ref (logins);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->messages = g_async_queue_new_full ((GDestroyNotify)message_free);
  return self;
}

/**
 * tide_run_workers_free:
 * @self: (transfer full): closed workers
 */
void
tide_run_workers_free (TideRunWorkers *self)
{
  g_assert (self->runners == NULL && self->scribes == NULL);

  g_async_queue_unref (self->messages);
  g_main_context_unref (self->context);
  tide_logins_unref (self->logins);
  g_object_unref (self->store);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * tide_run_workers_execute:
 * @item: with its job's run set; cancelled through its cancellable
 *
 * Executes a run, from which comes one "ended".
 */
void
tide_run_workers_execute (TideRunWorkers *self,
                          TideRunItem    *item)
{
  if (self->runners == NULL)
    self->runners = new_pool (execute_thread, self);
  g_thread_pool_push (self->runners, tide_run_item_ref (item), NULL);
}

/**
 * tide_run_workers_save:
 * @row: (transfer full): the item's run as it is to be written
 *
 * Writes a run's row, from which comes one "saved".
 */
void
tide_run_workers_save (TideRunWorkers *self,
                       TideRunItem    *item,
                       TideRun        *row)
{
  if (self->scribes == NULL)
    self->scribes = new_pool (save_thread, self);
  item->row = row;
  g_thread_pool_push (self->scribes, tide_run_item_ref (item), NULL);
}

/**
 * tide_run_workers_close:
 *
 * Waits until all has been executed and saved, ends the threads, and tells what they had still to say. Whoever
 * wants that soon has cancelled the runs before. May be called twice.
 */
void
tide_run_workers_close (TideRunWorkers *self)
{
  if (self->runners != NULL)
    g_thread_pool_free (g_steal_pointer (&self->runners), FALSE, TRUE);
  if (self->scribes != NULL)
    g_thread_pool_free (g_steal_pointer (&self->scribes), FALSE, TRUE);

  g_mutex_lock (&self->lock);
  if (self->wake != NULL)
    g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_mutex_unlock (&self->lock);

  tide_run_workers_handle_messages (self);
}
