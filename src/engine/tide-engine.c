/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <malloc.h>

#include "tide-engine-private.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-run-rows.h"
#include "tide-secret-keyring.h"
#include "tide-soup-transport.h"
#include "tide-text.h"
#include "tide-write.h"

/* Under what a workspace keeps its secrets in the keyring. Beside the database, not in it, as a copy of
 * the database is another workspace. */
#define WORKSPACE_ID_NAME "workspace-id"

G_DEFINE_FINAL_TYPE (TideEngine, tide_engine, G_TYPE_OBJECT)

enum
{
  SYNC_STARTED,
  SYNC_PROGRESS,
  SYNC_COMPLETED,
  SYNC_ERROR,
  SYNC_CANCELLED,
  QUEUE_UPDATED,
  CONNECTIONS_CHANGED,
  CONNECTION_HEALTH_CHANGED,
  SCHEDULE_CHANGED,
  SMART_SYNC_STARTED,
  SMART_SYNC_ENDED,
  SMART_SYNC_TIMEOUT,
  ATTENTION_CHANGED,
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
run_started_cb (TideRun  *run,
                gpointer  user_data)
{
  g_signal_emit (user_data, signals[SYNC_STARTED], 0, run);
}

static void
run_progress_cb (TideRunProgress *progress,
                 gpointer         user_data)
{
  g_signal_emit (user_data, signals[SYNC_PROGRESS], 0, progress);
}

static guint
get_end_signal (const TideRun *run)
{
  if (run->status == TIDE_RUN_COMPLETED)
    return signals[SYNC_COMPLETED];
  return run->status == TIDE_RUN_FAILED ? signals[SYNC_ERROR] : signals[SYNC_CANCELLED];
}

/* Not over, but not going either: it waits for another try, for its owner or for somebody to resume it. */
static void
run_halted_cb (TideRun  *run,
               gpointer  user_data)
{
  g_autoptr(TideEngine) self = g_object_ref (user_data);
  const TideBlockRow *block = tide_run_planner_get_block (self->planner, run->connection_id);

  /* It went on beside the one that found out. */
  if (run->status == TIDE_RUN_PENDING && block != NULL)
    tide_run_queue_fail_pending (self->queue, block);
  g_signal_emit (self, signals[CONNECTION_HEALTH_CHANGED], 0, run->connection_id);
  if (run->status == TIDE_RUN_AWAITING_APPROVAL && !self->closed)
    tide_engine_look_for_attention (self);
}

/* What its refused login had stopped is asked for again, without waiting for a slot. */
static void
tide_engine_ask_again (TideEngine *self,
                       gint64      connection_id)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, NULL);
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(TideManifest) manifest = NULL;
  GPtrArray *streams;

  if ((self->flags & TIDE_ENGINE_SCHEDULES) == 0 || read == NULL)
    return;
  connection = tide_connection_rows_get (tide_read_get_database (read), connection_id, NULL);
  manifest = connection != NULL ? tide_providers_lookup (self->providers, connection->provider, NULL) : NULL;
  streams = manifest != NULL ? tide_manifest_get_streams (manifest) : NULL;

  for (guint i = 0; streams != NULL && i < streams->len; i++)
    {
      const char *stream = tide_stream_get_name (g_ptr_array_index (streams, i));
      g_autoptr(TideRun) run = tide_run_rows_get_last_ended (tide_read_get_database (read), connection_id, stream, NULL);

      if (run != NULL && run->status == TIDE_RUN_FAILED && g_strcmp0 (run->error_code, "auth") == 0 &&
          !tide_run_planner_is_due (self->planner, connection_id, stream))
        tide_engine_run_planned (connection_id, stream, run->mode, self);
    }
}

/* A refused login is refused for all that waits too, and must not be hammered; one that works is none any more. */
static void
tide_engine_note_login (TideEngine    *self,
                        const TideRun *run)
{
  TideBlockRow *block;

  if (run->status == TIDE_RUN_COMPLETED && tide_run_planner_unblock (self->planner, run->connection_id))
    tide_engine_ask_again (self, run->connection_id);
  if (run->status != TIDE_RUN_FAILED || g_strcmp0 (run->error_code, "auth") != 0)
    return;

  block = g_new0 (TideBlockRow, 1);
  block->connection_id = run->connection_id;
  block->error_code = g_strdup (run->error_code);
  block->error_message = g_strdup (run->error_message);
  block->since = tide_clock_now (self->clock);
  tide_logins_forget (self->logins, run->connection_id);
  tide_run_planner_block (self->planner, block);
  tide_run_queue_fail_pending (self->queue, block);
}

static void
run_ended_cb (TideRun  *run,
              gboolean  went,
              gpointer  user_data)
{
  g_autoptr(TideEngine) self = g_object_ref (user_data);

  if (went && !self->closed)
    {
      tide_engine_note_login (self, run);
      tide_engine_drop_moot_questions (self, run);
    }
  g_signal_emit (self, get_end_signal (run), 0, run);
  g_signal_emit (self, signals[CONNECTION_HEALTH_CHANGED], 0, run->connection_id);
}

static void
queue_changed_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[QUEUE_UPDATED], 0);
}

static GArray *
tide_engine_take_unblocked (TideEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GArray *unblocked = g_steal_pointer (&self->unblocked);

  self->unblocked = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_clear_pointer (&self->changed, g_source_unref);
  return unblocked;
}

/* Runs of connections that are not there any more. */
static void
tide_engine_drop_orphans (TideEngine *self)
{
  g_autoptr(GPtrArray) connections = tide_engine_list_connections (self, NULL);
  g_autoptr(GPtrArray) runs = tide_run_queue_list_runs (self->queue);
  g_autoptr(GHashTable) ids = g_hash_table_new (g_int64_hash, g_int64_equal);

  if (connections == NULL)
    return;
  for (guint i = 0; i < connections->len; i++)
    g_hash_table_add (ids, &((TideConnection *)g_ptr_array_index (connections, i))->id);
  for (guint i = 0; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);

      if (g_hash_table_add (ids, &run->connection_id))
        tide_run_queue_forget (self->queue, run->connection_id);
    }
}

static gboolean
connections_changed_cb (gpointer user_data)
{
  g_autoptr(TideEngine) self = g_object_ref (user_data);
  g_autoptr(GArray) unblocked = tide_engine_take_unblocked (self);
  g_autoptr(GError) error = NULL;

  tide_engine_drop_orphans (self);
  if (!tide_run_planner_reload (self->planner, &error))
    g_warning ("schedules: could not be read: %s", error->message);
  for (guint i = 0; i < unblocked->len; i++)
    if (tide_run_planner_unblock (self->planner, g_array_index (unblocked, gint64, i)))
      tide_engine_ask_again (self, g_array_index (unblocked, gint64, i));

  g_signal_emit (self, signals[CONNECTIONS_CHANGED], 0);
  g_signal_emit (self, signals[SCHEDULE_CHANGED], 0);
  tide_engine_look_for_attention (self);
  return G_SOURCE_REMOVE;
}

/* Any thread. @unblocked: a connection whose login is new, 0 for none. */
void
tide_engine_connections_changed (TideEngine *self,
                                 gint64      unblocked)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (unblocked != 0)
    g_array_append_val (self->unblocked, unblocked);
  if (self->changed != NULL || self->closed)
    return;

  self->changed = g_idle_source_new ();
  g_source_set_priority (self->changed, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->changed, "tide-engine");
  g_source_set_callback (self->changed, connections_changed_cb, self, NULL);
  g_source_attach (self->changed, self->context);
}

/* Any thread. */
gboolean
tide_engine_check_writable (TideEngine  *self,
                            GError     **error)
{
  if (self->closed)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "workspace %s: is closed", tide_engine_get_folder (self));
  else if (self->flags & TIDE_ENGINE_READ_ONLY)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "workspace %s: is open for looking only",
                 tide_engine_get_folder (self));
  else
    return TRUE;
  return FALSE;
}

static void
tide_engine_dispose (GObject *object)
{
  TideEngine *self = TIDE_ENGINE (object);

  tide_engine_close (self);
  g_clear_pointer (&self->status, tide_status_builder_free);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->sessions, tide_smart_sessions_free);
  g_clear_pointer (&self->planner, tide_run_planner_free);
  g_clear_pointer (&self->connector, tide_connector_free);
  if (self->logins != NULL)
    tide_logins_close (self->logins);
  g_clear_pointer (&self->logins, tide_logins_unref);
  g_clear_pointer (&self->providers, tide_providers_free);
  g_clear_pointer (&self->chronicle, tide_chronicle_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tide_engine_parent_class)->dispose (object);
}

static void
tide_engine_finalize (GObject *object)
{
  TideEngine *self = TIDE_ENGINE (object);

  g_clear_object (&self->clock);
  g_main_context_unref (self->context);
  g_array_unref (self->unblocked);
  g_free (self->attention);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_engine_parent_class)->finalize (object);
}

static guint
add_signal (const char *name,
            GType       parameter)
{
  return g_signal_new (name, TIDE_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       parameter != G_TYPE_NONE ? 1 : 0, parameter);
}

static void
tide_engine_class_init (TideEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_engine_dispose;
  object_class->finalize = tide_engine_finalize;

  signals[SYNC_STARTED] = add_signal ("sync-started", TIDE_TYPE_RUN);
  signals[SYNC_PROGRESS] = add_signal ("sync-progress", TIDE_TYPE_RUN_PROGRESS);
  signals[SYNC_COMPLETED] = add_signal ("sync-completed", TIDE_TYPE_RUN);
  signals[SYNC_ERROR] = add_signal ("sync-error", TIDE_TYPE_RUN);
  signals[SYNC_CANCELLED] = add_signal ("sync-cancelled", TIDE_TYPE_RUN);
  signals[QUEUE_UPDATED] = add_signal ("queue-updated", G_TYPE_NONE);
  signals[CONNECTIONS_CHANGED] = add_signal ("connections-changed", G_TYPE_NONE);
  signals[CONNECTION_HEALTH_CHANGED] = add_signal ("connection-health-changed", G_TYPE_INT64);
  signals[SCHEDULE_CHANGED] = add_signal ("schedule-changed", G_TYPE_NONE);
  signals[SMART_SYNC_STARTED] = add_signal ("smart-sync-started", G_TYPE_NONE);
  signals[SMART_SYNC_ENDED] = add_signal ("smart-sync-ended", G_TYPE_NONE);
  signals[SMART_SYNC_TIMEOUT] = add_signal ("smart-sync-timeout", G_TYPE_NONE);
  signals[ATTENTION_CHANGED] = add_signal ("attention-changed", G_TYPE_NONE);
  signals[EVENT] = add_signal ("event", TIDE_TYPE_EVENT);
}

static void
tide_engine_init (TideEngine *self)
{
  g_mutex_init (&self->lock);
  self->unblocked = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->context = g_main_context_ref_thread_default ();
}

/**
 * tide_engine_get_default_folder:
 *
 * Returns: (transfer full): the user's workspace, which need not exist yet
 */
char *
tide_engine_get_default_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "tidemark", NULL);
}

/* A newer manifest may have new fields: their columns have to be there before a run. */
static gboolean
tide_engine_ensure_tables (TideEngine  *self,
                           GError     **error)
{
  g_autoptr(GPtrArray) connections = tide_engine_list_connections (self, error);

  if (connections == NULL)
    return FALSE;

  for (guint i = 0; i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);
      g_autoptr(TideManifest) manifest = tide_providers_lookup (self->providers, connection->provider, NULL);

      if (manifest == NULL)
        g_message ("connection %s: there is no provider %s any more", connection->name, connection->provider);
      else if (!tide_manifest_ensure_tables (manifest, self->store, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static char *
tide_engine_load_workspace_id (TideEngine  *self,
                               GError     **error)
{
  g_autofree char *path = g_build_filename (tide_store_get_folder (self->store), WORKSPACE_ID_NAME, NULL);
  g_autoptr(GError) local_error = NULL;
  char *id = NULL;

  if (g_file_get_contents (path, &id, NULL, NULL))
    return g_strstrip (id);

  id = tide_uuid_new ();
  if (self->flags & TIDE_ENGINE_READ_ONLY ||
      g_file_set_contents_full (path, id, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local_error))
    return id;

  g_set_error (error, TIDE_ERROR,
               g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? TIDE_ERROR_NO_SPACE
                                                                               : TIDE_ERROR_STORAGE,
               "naming the workspace: %s", local_error->message);
  g_free (id);
  return NULL;
}

static TideRunQueueFlags
tide_engine_get_queue_flags (TideEngine *self)
{
  TideRunQueueFlags flags = TIDE_RUN_QUEUE_NONE;

  if (self->flags & TIDE_ENGINE_SCHEDULES)
    flags |= TIDE_RUN_QUEUE_RETRIES;
  if (self->flags & TIDE_ENGINE_IN_LINE)
    flags |= TIDE_RUN_QUEUE_IN_LINE;
  return flags;
}

static void
tide_engine_make_parts (TideEngine    *self,
                        TideTransport *transport,
                        TideKeyring   *keyring,
                        const char    *workspace_id)
{
  static const TideRunQueueFuncs funcs =
  {
    .started = run_started_cb,
    .progress = run_progress_cb,
    .halted = run_halted_cb,
    .ended = run_ended_cb,
    .changed = queue_changed_cb,
  };
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "tidemark", "providers", NULL);

  self->providers = tide_providers_new (folder);
  self->logins = tide_logins_new (keyring, transport, self->clock, workspace_id);
  self->connector = tide_connector_new (self->store, self->logins, self->providers);
  self->queue = tide_run_queue_new (self->store, self->logins, tide_engine_get_queue_flags (self), &funcs, self);
  self->sessions = tide_smart_sessions_new (self->clock, tide_engine_smart_timed_out, self);
  self->planner = tide_run_planner_new (self->store, (self->flags & TIDE_ENGINE_SCHEDULES) != 0,
                                        tide_engine_run_planned, self);
  self->status = tide_status_builder_new (self->store, self->providers,
                                          (self->flags & TIDE_ENGINE_READ_ONLY) == 0);
}

/* The last process may have ended before it could say so. */
static void
tide_engine_fail_blocked (TideEngine *self)
{
  g_autoptr(GPtrArray) blocks = tide_run_planner_list_blocks (self->planner);

  for (guint i = 0; i < blocks->len; i++)
    tide_run_queue_fail_pending (self->queue, g_ptr_array_index (blocks, i));
}

static gboolean
tide_engine_prepare (TideEngine  *self,
                     GError     **error)
{
  if (self->flags & TIDE_ENGINE_READ_ONLY)
    return TRUE;

  if (!tide_engine_open_ledger (self, error) ||
      !tide_engine_ensure_tables (self, error) ||
      !tide_run_planner_load_blocks (self->planner, error) ||
      !tide_engine_restore_runs (self, error) ||
      !tide_run_planner_reload (self->planner, error))
    return FALSE;
  tide_engine_fail_blocked (self);
  tide_run_queue_set_max_going (self->queue, (guint)tide_engine_get_setting (self, TIDE_SETTING_MAX_CONCURRENT_RUNS));
  tide_run_queue_set_paused (self->queue, tide_engine_get_setting (self, TIDE_SETTING_PAUSED) != 0);
  tide_engine_serve (self);
  return TRUE;
}

/* Pages of a megabyte or two pass from thread to thread. Left to itself the C library soon takes such blocks from its
 * heaps, a heap a thread, and what is freed there stays: a fifth of the memory of a large sync. */
static void
hold_less_memory (void)
{
#ifdef M_MMAP_THRESHOLD
  mallopt (M_MMAP_THRESHOLD, 1024 * 1024);
#endif
}

/**
 * tide_engine_open_full:
 * @folder: (nullable): the workspace, %NULL for the user's own
 * @flags: how
 * @clock: (nullable): its time, %NULL for the real one
 * @transport: (nullable): its network, %NULL for the real one
 * @keyring: (nullable): where secrets are kept, %NULL for the Secret Service
 *
 * Opens a workspace, and makes it if there is none. Blocks for the disk. Its thread is the one that calls.
 *
 * Returns: (transfer full): the engine; %NULL with TIDE_ERROR_BUSY (another process has it), _CORRUPT (no database
 *   of ours), _CONFLICT (of a newer version), _NO_SPACE, _STORAGE, _NOT_FOUND (nothing there to look at)
 */
TideEngine *
tide_engine_open_full (const char       *folder,
                       TideEngineFlags   flags,
                       TideClock        *clock,
                       TideTransport    *transport,
                       TideKeyring      *keyring,
                       GError          **error)
{
  g_autoptr(TideEngine) self = g_object_new (TIDE_TYPE_ENGINE, NULL);
  g_autoptr(TideTransport) used_transport = NULL;
  g_autoptr(TideKeyring) used_keyring = NULL;
  g_autofree char *used_folder = folder != NULL ? g_strdup (folder) : tide_engine_get_default_folder ();
  g_autofree char *workspace_id = NULL;

  hold_less_memory ();
  self->flags = flags;
  self->clock = clock != NULL ? g_object_ref (clock) : tide_system_clock_new ();
  self->store = tide_store_open (used_folder, flags & TIDE_ENGINE_READ_ONLY ? TIDE_STORE_READ_ONLY : TIDE_STORE_NONE,
                                 self->clock, error);
  if (self->store == NULL)
    return NULL;
  workspace_id = tide_engine_load_workspace_id (self, error);
  if (workspace_id == NULL)
    return NULL;

  used_transport = transport != NULL ? g_object_ref (transport) : tide_soup_transport_new ();
  used_keyring = keyring != NULL ? g_object_ref (keyring) : TIDE_KEYRING (tide_secret_keyring_new ());
  tide_engine_make_parts (self, used_transport, used_keyring, workspace_id);
  return tide_engine_prepare (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_engine_open:
 *
 * As tide_engine_open_full(), with the Secret Service.
 *
 * Returns: (transfer full): the engine; %NULL with an error
 */
TideEngine *
tide_engine_open (const char       *folder,
                  TideEngineFlags   flags,
                  TideClock        *clock,
                  TideTransport    *transport,
                  GError          **error)
{
  return tide_engine_open_full (folder, flags, clock, transport, NULL, error);
}

/**
 * tide_engine_close:
 *
 * Stops all runs, which keep what they have read and go on when the workspace is opened again, and ends all threads.
 * Nothing can be asked for afterwards. Blocks, but not for the network. May be called twice.
 */
void
tide_engine_close (TideEngine *self)
{
  g_return_if_fail (TIDE_IS_ENGINE (self));

  if (self->closed)
    return;

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  if (self->changed != NULL)
    g_source_destroy (self->changed);
  g_clear_pointer (&self->changed, g_source_unref);
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&self->socket, tide_owner_socket_free);
  g_clear_pointer (&self->follower, tide_follower_free);
  if (self->planner != NULL)
    tide_run_planner_stop (self->planner);
  if (self->queue != NULL)
    tide_run_queue_close (self->queue);
  tide_engine_close_ledger (self);
}

/**
 * tide_engine_get_folder:
 *
 * Returns: (transfer none): the workspace, absolute. Any thread
 */
const char *
tide_engine_get_folder (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  return tide_store_get_folder (self->store);
}

/**
 * tide_engine_get_clock:
 *
 * Returns: (transfer none): its time. Any thread
 */
TideClock *
tide_engine_get_clock (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  return self->clock;
}
