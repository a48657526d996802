/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-workers.h"

#include "tide-block-rows.h"
#include "tide-run-progress-private.h"
#include "tide-run-scribe.h"
#include "tide-schedule-rows.h"
#include "tide-write.h"

struct _TideRunWorkers
{
  TideStore           *store;     /* (owned) */
  TideLogins          *logins;    /* (owned) */
  gboolean             in_line;
  TideRunWorkersFuncs  funcs;
  GObject             *owner;
  GMainContext        *context;   /* (owned) */
  TideRunScribe       *scribe;    /* (owned) */
  GPtrArray           *going;     /* (owned): items whose threads are to be joined */
  GAsyncQueue         *messages;  /* (owned): Message */

  GMutex               lock;
  GSource             *wake;      /* (owned) (nullable) (mutex lock): set while messages wait to be looked at */
  gboolean             closed;    /* (mutex lock) */
};

/* The thread that is told has something else to do too. */
#define MESSAGES_A_TURN 200

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
  GError          *error;     /* (owned) (nullable) */
} Message;

/* Who executes a run and reports its progress, for the time of the run. */
typedef struct
{
  TideRunWorkers *workers;
  TideRunItem    *item;       /* (owned) */
} Runner;

static void
message_free (Message *self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->progress, tide_run_progress_unref);
  g_clear_pointer (&self->run, tide_run_unref);
  tide_run_item_unref (self->item);
  g_free (self);
}

/* Its thread has said its last word. */
static void
tide_run_workers_join (TideRunWorkers *self,
                       TideRunItem    *item)
{
  if (item->thread == NULL)
    return;

  g_thread_join (g_steal_pointer (&item->thread));
  g_ptr_array_remove_fast (self->going, item);
}

static void
tide_run_workers_handle (TideRunWorkers *self,
                         Message        *message)
{
  switch (message->kind)
    {
    case MESSAGE_SAVED:
      self->funcs.saved (message->item, message->run, message->error, self->owner);
      break;

    case MESSAGE_PROGRESS:
      self->funcs.progress (message->item, message->progress, self->owner);
      break;

    case MESSAGE_ENDED:
    default:
      tide_run_workers_join (self, message->item);
      self->funcs.ended (message->item, message->run, self->owner);
      break;
    }
}

static gboolean
tide_run_workers_handle_messages (TideRunWorkers *self,
                                  guint           limit)
{
  gboolean settled = FALSE;
  Message *message;

  for (guint i = 0; i < limit && (message = g_async_queue_try_pop (self->messages)) != NULL; i++)
    {
      settled = settled || message->kind != MESSAGE_PROGRESS;
      tide_run_workers_handle (self, message);
      message_free (message);
    }
  return settled;
}

static void tide_run_workers_wake (TideRunWorkers *self);

static gboolean
tide_run_workers_wake_cb (gpointer user_data)
{
  TideRunWorkers *self = user_data;
  /* Who is told may let go of it, and with it of us. */
  g_autoptr(GObject) held = g_object_ref (self->owner);
  gboolean settled;

  /* Before looking: what is posted from now on makes a source of its own. */
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->wake, g_source_unref);
  g_mutex_unlock (&self->lock);

  settled = tide_run_workers_handle_messages (self, MESSAGES_A_TURN);
  if (g_async_queue_length (self->messages) > 0)
    tide_run_workers_wake (self);
  if (settled)
    self->funcs.settled (self->owner);
  return G_SOURCE_REMOVE;
}

/* Any thread. An idle source, as an invocation would run on the calling thread while no loop runs. */
static void
tide_run_workers_wake (TideRunWorkers *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->wake != NULL || self->closed)
    return;

  self->wake = g_idle_source_new ();
  g_source_set_priority (self->wake, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->wake, "tide-run-workers");
  g_source_set_callback (self->wake, tide_run_workers_wake_cb, self, NULL);
  g_source_attach (self->wake, self->context);
}

/* Any thread. */
static void
tide_run_workers_post (TideRunWorkers *self,
                       Message        *message)
{
  g_async_queue_push (self->messages, message);
  tide_run_workers_wake (self);
}

static Message *
message_new (MessageKind  kind,
             TideRunItem *item,
             TideRun     *run)
{
  Message *message = g_new0 (Message, 1);

  message->kind = kind;
  message->item = tide_run_item_ref (item);
  message->run = run;
  return message;
}

static void
saved_cb (TideRunItem *item,
          TideRun     *row,
          GError      *error,
          gpointer     user_data)
{
  Message *message = message_new (MESSAGE_SAVED, item, row);

  message->error = error;
  tide_run_workers_post (user_data, message);
}

static void
report_progress_cb (const TideSyncProgress *progress,
                    gpointer                user_data)
{
  Runner *runner = user_data;
  Message *message = message_new (MESSAGE_PROGRESS, runner->item, NULL);

  message->progress = tide_run_progress_new (progress);
  tide_run_workers_post (runner->workers, message);
}

/* The owner may have switched a stream's brakes off. Not being able to tell is no reason to do that. */
static gboolean
load_brakes (TideStore     *store,
             const TideRun *run)
{
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, NULL);
  gboolean brakes = TRUE;

  return read == NULL || !tide_schedule_rows_get_brakes (tide_read_get_database (read), run->connection_id,
                                                         run->stream, &brakes, NULL) || brakes;
}

static gboolean
put_block (TideStore      *store,
           const TideRun  *run,
           GError        **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, error);
  TideBlockRow row = { run->connection_id, run->error_code, run->error_message, run->ended_at };

  return write != NULL && tide_block_rows_put (write, &row, error) && tide_write_commit (write, error);
}

static gboolean
delete_block (TideStore  *store,
              gint64      connection_id,
              GError    **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, error);
  g_autoptr(TideWrite) write = NULL;
  gboolean has;

  if (read == NULL || !tide_block_rows_has (tide_read_get_database (read), connection_id, &has, error))
    return FALSE;
  if (!has)
    return TRUE;

  g_clear_pointer (&read, tide_read_free);
  write = tide_store_begin_write (store, NULL, error);
  return write != NULL && tide_block_rows_delete (write, connection_id, error) && tide_write_commit (write, error);
}

/* A login that is refused stops the whole connection, and one that works is not refused: the store says so before
 * anybody hears of the run's end. */
static void
note_block (TideStore     *store,
            const TideRun *run)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;

  if (run->status == TIDE_RUN_FAILED && g_strcmp0 (run->error_code, "auth") == 0)
    ok = put_block (store, run, &error);
  else if (run->status == TIDE_RUN_COMPLETED)
    ok = delete_block (store, run->connection_id, &error);
  if (!ok)
    g_message ("connection %s: whether it is blocked could not be saved: %s", run->connection_name, error->message);
}

static void
tide_run_workers_run (TideRunWorkers *self,
                      TideRunItem    *item)
{
  Runner runner = { self, item };
  TideSyncJob *job = &item->job;
  TideRun *run;

  job->store = self->store;
  job->manifest = item->manifest;
  job->stream = item->stream;
  job->requester = tide_logins_get_requester (self->logins, item->manifest, item->connection);
  job->brakes = load_brakes (self->store, job->run);
  job->in_line = self->in_line;
  job->progress_func = report_progress_cb;
  job->progress_data = &runner;

  run = tide_sync_run_execute (job, item->cancellable);
  note_block (self->store, run);
  g_clear_object (&job->requester);
  tide_run_workers_post (self, message_new (MESSAGE_ENDED, item, run));
}

static gpointer
run_thread (gpointer user_data)
{
  Runner *runner = user_data;

  tide_run_workers_run (runner->workers, runner->item);
  tide_run_item_unref (runner->item);
  g_free (runner);
  return NULL;
}

/**
 * tide_run_workers_new:
 * @store: what runs write to
 * @logins: who sends their requests
 * @in_line: whether to do without threads
 * @funcs: what to call
 * @owner: given to @funcs, and kept while they are called
 *
 * Returns: (transfer full): workers with nothing to do
 */
TideRunWorkers *
tide_run_workers_new (TideStore                 *store,
                      TideLogins                *logins,
                      gboolean                   in_line,
                      const TideRunWorkersFuncs *funcs,
                      GObject                   *owner)
{
  TideRunWorkers *self = g_new0 (TideRunWorkers, 1);

  g_mutex_init (&self->lock);
  self->store = g_object_ref (store);
  self->logins = tide_logins_ref (logins);
  self->in_line = in_line;
  self->funcs = *funcs;
  self->owner = owner;
  self->context = g_main_context_ref_thread_default ();
  self->scribe = tide_run_scribe_new (store, in_line, saved_cb, self);
  self->going = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_item_unref);
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
  g_assert (self->going->len == 0);

  g_async_queue_unref (self->messages);
  g_ptr_array_unref (self->going);
  tide_run_scribe_free (self->scribe);
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
 * Executes an attempt at a run, from which comes one "ended". In line it returns when that is over.
 */
void
tide_run_workers_execute (TideRunWorkers *self,
                          TideRunItem    *item)
{
  Runner *runner;

  if (self->in_line)
    {
      tide_run_workers_run (self, item);
      return;
    }

  runner = g_new0 (Runner, 1);
  runner->workers = self;
  runner->item = tide_run_item_ref (item);
  g_ptr_array_add (self->going, tide_run_item_ref (item));
  item->thread = g_thread_new ("tide-run", run_thread, runner);
}

/**
 * tide_run_workers_save:
 * @row: (transfer full): the item's run as it is to be written
 *
 * As tide_run_scribe_save().
 *
 * Returns: whether one more "saved" will come of it
 */
gboolean
tide_run_workers_save (TideRunWorkers *self,
                       TideRunItem    *item,
                       TideRun        *row)
{
  return tide_run_scribe_save (self->scribe, item, row);
}

/**
 * tide_run_workers_withdraw:
 *
 * As tide_run_scribe_withdraw().
 *
 * Returns: whether one "saved" less will come
 */
gboolean
tide_run_workers_withdraw (TideRunWorkers *self,
                           TideRunItem    *item)
{
  return tide_run_scribe_withdraw (self->scribe, item);
}

/**
 * tide_run_workers_write:
 *
 * As tide_run_scribe_write(); for each of @items comes one "saved".
 */
void
tide_run_workers_write (TideRunWorkers   *self,
                        GPtrArray        *items,
                        TideRunWriteFunc  func,
                        gpointer          data,
                        GDestroyNotify    destroy)
{
  tide_run_scribe_write (self->scribe, items, func, data, destroy);
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
  while (self->going->len > 0)
    tide_run_workers_join (self, g_ptr_array_index (self->going, 0));
  /* What the ends of runs ask to be written is written too. */
  tide_run_workers_handle_messages (self, G_MAXUINT);
  tide_run_scribe_close (self->scribe);

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  if (self->wake != NULL)
    g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_mutex_unlock (&self->lock);

  tide_run_workers_handle_messages (self, G_MAXUINT);
}
