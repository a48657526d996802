/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-block-rows.h"
#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-run-item.h"
#include "tide-run-rows.h"
#include "tide-text.h"
#include "tide-write.h"

/* What people do with runs. The functions belong to tide-engine.h. */

/* A run that is not in the queue: which it is says the store. Always %FALSE. */
static gboolean
tide_engine_refuse_run (TideEngine  *self,
                        const char  *sync_id,
                        GError     **error)
{
  g_autoptr(TideRun) run = tide_engine_get_run (self, sync_id, error);

  if (run != NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "run %s: is over already", sync_id);
  return FALSE;
}

/**
 * tide_engine_cancel_run:
 * @sync_id: a run that is not over
 * @by: who wants it
 *
 * Ends it for good, and at once. It is over when its end is told; what it has committed stays.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, TIDE_ERROR_CONFLICT if it is over, or, of an engine that only
 *   looks, TIDE_ERROR_BUSY if no process answers
 */
gboolean
tide_engine_cancel_run (TideEngine  *self,
                        const char  *sync_id,
                        const char  *by,
                        GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_change_run (tide_engine_get_folder (self), "cancel-run", sync_id, by, error);
  if (!tide_engine_check_writable (self, error))
    return FALSE;
  if (!tide_run_queue_cancel (self->queue, sync_id))
    return tide_engine_refuse_run (self, sync_id, error);

  tide_engine_audit (self, by, "run-cancelled", sync_id, NULL);
  return TRUE;
}

typedef gboolean (*ChangeFunc) (TideRunQueue  *queue,
                                const char    *sync_id,
                                GError       **error);

/* What three of them have in common. @command: for the process that has the workspace; @action: for the audit log. */
static gboolean
tide_engine_change_run (TideEngine  *self,
                        const char  *sync_id,
                        const char  *by,
                        const char  *command,
                        const char  *action,
                        ChangeFunc   func,
                        GError     **error)
{
  g_autoptr(GError) local_error = NULL;

  if (tide_engine_is_remote (self))
    return tide_remote_change_run (tide_engine_get_folder (self), command, sync_id, by, error);
  if (!tide_engine_check_writable (self, error))
    return FALSE;

  if (func (self->queue, sync_id, &local_error))
    {
      tide_engine_audit (self, by, action, sync_id, NULL);
      return TRUE;
    }
  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return tide_engine_refuse_run (self, sync_id, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * tide_engine_pause_run:
 * @sync_id: a run that waits or goes
 * @by: who wants it
 *
 * Holds it until it is resumed. One that goes stops at its next page, and keeps what it has read.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, or TIDE_ERROR_CONFLICT if it is over or asks for approval
 */
gboolean
tide_engine_pause_run (TideEngine  *self,
                       const char  *sync_id,
                       const char  *by,
                       GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, FALSE);

  return tide_engine_change_run (self, sync_id, by, "pause-run", "run-paused", tide_run_queue_pause, error);
}

/**
 * tide_engine_resume_run:
 * @sync_id: a paused run
 * @by: who wants it
 *
 * Lets it go on, as soon as it is its turn.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, or TIDE_ERROR_CONFLICT if it is not paused
 */
gboolean
tide_engine_resume_run (TideEngine  *self,
                        const char  *sync_id,
                        const char  *by,
                        GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, FALSE);

  return tide_engine_change_run (self, sync_id, by, "resume-run", "run-resumed", tide_run_queue_resume, error);
}

/* As somebody asks for it now, and as if it had never been tried. Its numbers stay. */
static TideRun *
make_revived (TideEngine    *self,
              const TideRun *run)
{
  TideRun *revived = tide_run_copy (run);

  revived->status = TIDE_RUN_PENDING;
  revived->rank = tide_run_item_rank (tide_clock_now (self->clock), run->priority);
  revived->due_at = 0;
  revived->attempts = 0;
  revived->stalled = 0;
  revived->ended_at = 0;
  tide_set_str (&revived->error_code, NULL);
  tide_set_str (&revived->error_message, NULL);
  return revived;
}

/* @want: (out): its manifest and connection are the caller's to let go of. */
static gboolean
tide_engine_make_want (TideEngine     *self,
                       TideDatabase   *database,
                       const TideRun  *run,
                       TideRunWant    *want,
                       GError        **error)
{
  TideStream *parent;
  gboolean completed = TRUE;

  want->run = run;
  want->connection = tide_connection_rows_get (database, run->connection_id, error);
  if (want->connection == NULL)
    return FALSE;
  want->manifest = tide_providers_lookup (self->providers, want->connection->provider, error);
  if (want->manifest == NULL)
    return FALSE;
  want->stream = tide_manifest_get_stream (want->manifest, run->stream);
  if (want->stream == NULL || tide_stream_is_child (want->stream))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "connection %s: %s brings no %s any more",
                   want->connection->name, want->connection->provider, run->stream);
      return FALSE;
    }

  parent = tide_stream_get_parent (want->stream);
  if (parent != NULL && !tide_engine_has_completed (database, run->connection_id, parent, &completed, error))
    return FALSE;
  want->needs_parent = !completed;
  return TRUE;
}

static void
want_clear (TideRunWant *self)
{
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_clear_pointer (&self->connection, tide_connection_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideRunWant, want_clear)

static gboolean
delete_block (TideWrite  *write,
              gpointer    data,
              GError    **error)
{
  return tide_block_rows_delete (write, *(gint64 *)data, error);
}

/* A person who wants another try knows of the refused login, and says that it is worth one. */
static void
tide_engine_let_try (TideEngine *self,
                     gint64      connection_id)
{
  if (tide_run_planner_unblock (self->planner, connection_id))
    tide_run_queue_write (self->queue, delete_block, g_memdup2 (&connection_id, sizeof connection_id), g_free);
}

/* Puts a run in line again that is over. */
gboolean
tide_engine_revive_run (TideEngine     *self,
                        const TideRun  *run,
                        GError        **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(TideRun) revived = make_revived (self, run);
  g_auto(TideRunWant) want = { 0 };

  if (read == NULL || !tide_engine_make_want (self, tide_read_get_database (read), revived, &want, error))
    return FALSE;

  tide_engine_let_try (self, run->connection_id);
  tide_run_queue_restore (self->queue, &want, TRUE);
  return TRUE;
}

/**
 * tide_engine_retry_run:
 * @sync_id: a run that has failed, or waits for another try
 * @by: who wants it
 *
 * Has it go on where it stopped, as soon as it is its turn; its tries are counted from the beginning.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, or TIDE_ERROR_CONFLICT if it is in no state for that
 */
gboolean
tide_engine_retry_run (TideEngine  *self,
                       const char  *sync_id,
                       const char  *by,
                       GError     **error)
{
  g_autoptr(TideRun) run = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, FALSE);

  if (!tide_engine_is_remote (self) && !self->closed)
    run = tide_engine_get_run (self, sync_id, error);
  else
    return tide_engine_change_run (self, sync_id, by, "retry-run", "run-retried", tide_run_queue_retry, error);

  if (run == NULL)
    return FALSE;
  if (run->status != TIDE_RUN_FAILED)
    return tide_engine_change_run (self, sync_id, by, "retry-run", "run-retried", tide_run_queue_retry, error);
  if (!tide_engine_check_writable (self, error) || !tide_engine_revive_run (self, run, error))
    return FALSE;
  tide_engine_audit (self, by, "run-retried", sync_id, NULL);
  return TRUE;
}

/**
 * tide_engine_move_run:
 * @sync_id: a run that waits
 * @before: (nullable): another run that waits, %NULL to go last
 * @by: who wants it
 *
 * Puts it just before another in the queue.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, or TIDE_ERROR_CONFLICT if one of them does not wait
 */
gboolean
tide_engine_move_run (TideEngine  *self,
                      const char  *sync_id,
                      const char  *before,
                      const char  *by,
                      GError     **error)
{
  g_autofree char *detail = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_move_run (tide_engine_get_folder (self), sync_id, before, by, error);
  if (!tide_engine_check_writable (self, error) || !tide_run_queue_move (self->queue, sync_id, before, error))
    return FALSE;

  detail = tide_engine_make_detail ("before", before, NULL);
  tide_engine_audit (self, by, "run-moved", sync_id, detail);
  return TRUE;
}

/**
 * tide_engine_cancel_all:
 *
 * Asks all runs to stop, whatever they wait for.
 */
void
tide_engine_cancel_all (TideEngine *self)
{
  g_return_if_fail (TIDE_IS_ENGINE (self));

  if (!self->closed)
    tide_run_queue_cancel_all (self->queue);
}

/**
 * tide_engine_is_idle:
 *
 * Returns: whether no run goes or waits for its turn. One that waits for its next try or for its owner, or that is
 *   paused, does not count
 */
gboolean
tide_engine_is_idle (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), TRUE);

  return tide_run_queue_is_idle (self->queue);
}

/**
 * tide_engine_list_progress:
 *
 * Returns: (transfer full) (element-type TideRunProgress): where the going runs stand
 */
GPtrArray *
tide_engine_list_progress (TideEngine *self)
{
  GPtrArray *list;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (!tide_engine_is_remote (self))
    return tide_run_queue_list_progress (self->queue);
  list = tide_remote_list_progress (tide_engine_get_folder (self), NULL);
  return list != NULL ? list : g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_progress_unref);
}

gboolean
tide_engine_get_paused (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  if (tide_engine_is_remote (self))
    return tide_engine_get_setting (self, TIDE_SETTING_PAUSED) != 0;
  return tide_run_queue_get_paused (self->queue);
}

/**
 * tide_engine_set_paused:
 * @paused: whether nothing more is to be started. What goes goes on; what is asked for waits
 * @by: who wants it
 *
 * Kept until it is changed, also over restarts. Blocks for the store's writer.
 *
 * Returns: %FALSE with an error of the store if it could not be kept, and then nothing is changed
 */
gboolean
tide_engine_set_paused (TideEngine  *self,
                        gboolean     paused,
                        const char  *by,
                        GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_set_paused (tide_engine_get_folder (self), paused, by, error);
  if (!tide_engine_check_writable (self, error))
    return FALSE;
  if (tide_run_queue_get_paused (self->queue) == (paused != FALSE))
    return TRUE;
  if (!tide_engine_save_setting (self, TIDE_SETTING_PAUSED, paused != FALSE, error))
    return FALSE;

  tide_run_queue_set_paused (self->queue, paused != FALSE);
  tide_engine_audit (self, by, paused ? "all-paused" : "all-resumed", "", NULL);
  return TRUE;
}

static TideHold
get_saved_hold (const TideRun *run,
                gint64         now,
                gboolean       paused)
{
  if (run->status == TIDE_RUN_PROCESSING)
    return TIDE_HOLD_NONE;
  if (run->status == TIDE_RUN_PAUSED)
    return TIDE_HOLD_PAUSED;
  if (run->status == TIDE_RUN_AWAITING_APPROVAL)
    return TIDE_HOLD_APPROVAL;
  if (run->due_at > now)
    return TIDE_HOLD_RETRY;
  return paused ? TIDE_HOLD_ALL_PAUSED : TIDE_HOLD_TURN;
}

/* What an engine that only looks can know of it. */
static GPtrArray *
tide_engine_list_saved_queue (TideEngine  *self,
                              guint        limit,
                              GError     **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(GPtrArray) runs = read != NULL ? tide_run_rows_list_live (tide_read_get_database (read), limit, error)
                                           : NULL;
  gboolean paused = tide_engine_get_setting (self, TIDE_SETTING_PAUSED) != 0;
  gint64 now = tide_clock_now (self->clock);
  GPtrArray *list;
  guint position = 0;

  if (runs == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_queue_entry_free);
  for (guint i = 0; i < runs->len; i++)
    {
      TideQueueEntry *entry = g_new0 (TideQueueEntry, 1);

      entry->run = tide_run_ref (g_ptr_array_index (runs, i));
      entry->hold = get_saved_hold (entry->run, now, paused);
      if (entry->hold == TIDE_HOLD_TURN || entry->hold == TIDE_HOLD_ALL_PAUSED)
        entry->position = ++position;
      g_ptr_array_add (list, entry);
    }
  return list;
}

/**
 * tide_engine_list_queue:
 * @limit: how many at most, 0 for all
 *
 * Who has the workspace answers from memory; an engine that only looks from what is in the store. Any thread.
 *
 * Returns: (transfer full) (element-type TideQueueEntry): the runs that go, then the others in the order of the queue
 */
GPtrArray *
tide_engine_list_queue (TideEngine  *self,
                        guint        limit,
                        GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (tide_engine_is_remote (self))
    return tide_engine_list_saved_queue (self, limit, error);
  return tide_run_queue_list (self->queue, limit);
}

/* A row that nobody can execute any more says why. */
static gboolean
fail_row (TideEngine     *self,
          TideWrite      *write,
          const TideRun  *run,
          const GError   *reason,
          GError        **error)
{
  g_autoptr(TideRun) end = tide_run_copy (run);

  end->status = TIDE_RUN_FAILED;
  end->due_at = 0;
  end->ended_at = tide_clock_now (self->clock);
  tide_set_str (&end->error_code, tide_error_to_name (reason));
  tide_set_str (&end->error_message, reason->message);
  return tide_run_rows_update (write, end, error);
}

static void
want_free (gpointer data)
{
  want_clear (data);
  g_free (data);
}

/* A stream's runs are many, but their stream is looked up once. */
static TideRunWant *
ensure_want (TideEngine     *self,
             TideDatabase   *database,
             GHashTable     *wants,
             const TideRun  *run,
             GError        **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", run->connection_id, run->stream);
  TideRunWant *want = g_hash_table_lookup (wants, key);

  if (want == NULL)
    {
      want = g_new0 (TideRunWant, 1);
      if (!tide_engine_make_want (self, database, run, want, error))
        {
          want_free (want);
          return NULL;
        }
      g_hash_table_insert (wants, g_steal_pointer (&key), want);
    }
  want->run = run;
  return want;
}

/* What was going when the last process ended waits again, and all that waits is put in line. */
gboolean
tide_engine_restore_runs (TideEngine  *self,
                          GError     **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);
  g_autoptr(GHashTable) wants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, want_free);
  g_autoptr(GPtrArray) runs = NULL;
  TideDatabase *database;

  if (write == NULL || !tide_run_rows_requeue (write, error))
    return FALSE;
  database = tide_write_get_database (write);
  runs = tide_run_rows_list_live (database, 0, error);
  if (runs == NULL)
    return FALSE;

  for (guint i = 0; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);
      g_autoptr(GError) reason = NULL;
      TideRunWant *want = ensure_want (self, database, wants, run, &reason);

      if (want != NULL)
        tide_run_queue_restore (self->queue, want, FALSE);
      else if (!fail_row (self, write, run, reason, error))
        return FALSE;
    }
  return tide_write_commit (write, error);
}
