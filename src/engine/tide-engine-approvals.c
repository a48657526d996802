/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-approval-rows.h"
#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-schedule-rows.h"
#include "tide-write.h"

/* What runs wait for somebody to decide. The functions belong to tide-engine.h. */

/**
 * tide_engine_list_approvals:
 * @open_only: only those that a run waits for
 *
 * Returns: (transfer full) (element-type TideApproval): questions, newest first. Blocks; any thread
 */
GPtrArray *
tide_engine_list_approvals (TideEngine  *self,
                            gboolean     open_only,
                            GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_approval_rows_list (tide_read_get_database (read), open_only, error) : NULL;
}

static TideApproval *
tide_engine_get_open_approval (TideEngine  *self,
                               gint64       id,
                               GError     **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(TideApproval) approval = NULL;

  approval = read != NULL ? tide_approval_rows_get (tide_read_get_database (read), id, error) : NULL;
  if (approval == NULL)
    return NULL;
  if (approval->state == TIDE_APPROVAL_OPEN && approval->run->status == TIDE_RUN_AWAITING_APPROVAL)
    return g_steal_pointer (&approval);

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "approval %" G_GINT64_FORMAT ": is decided already", id);
  return NULL;
}

static gboolean
tide_engine_write_decision (TideEngine          *self,
                            const TideApproval  *approval,
                            gboolean             approve,
                            gboolean             always,
                            const char          *by,
                            GError             **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);

  return write != NULL &&
         tide_approval_rows_decide (write, approval->id, approve, by, tide_clock_now (self->clock), error) &&
         (!always || tide_schedule_rows_set_brakes (write, approval->run->connection_id, approval->run->stream, FALSE,
                                                    error)) &&
         tide_write_commit (write, error);
}

/* First the run: if the program ends here, a question without a run that waits is no question any more. The other way
 * about, a run would wait for an answer that was given. */
static gboolean
tide_engine_carry_out (TideEngine          *self,
                       const TideApproval  *approval,
                       gboolean             approve,
                       GError             **error)
{
  const char *sync_id = approval->run->sync_id;

  if (approve)
    return tide_run_queue_approve (self->queue, sync_id, approval->kind, error);
  if (tide_run_queue_cancel (self->queue, sync_id))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "run %s: is over already", sync_id);
  return FALSE;
}

static void
tide_engine_note_decision (TideEngine         *self,
                           const TideApproval *approval,
                           gboolean            approve,
                           gboolean            always,
                           const char         *by)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, approval->id);
  g_autofree char *affected = g_strdup_printf ("%" G_GINT64_FORMAT, approval->affected);
  g_autofree char *total = g_strdup_printf ("%" G_GINT64_FORMAT, approval->total);
  g_autofree char *detail =
    tide_engine_make_detail ("approval", id, "kind", approval->kind == TIDE_RUN_ALLOW_DELETES ? "deletes" : "changes",
                             "connection", approval->run->connection_name, "stream", approval->run->stream,
                             "reason", approval->reason, "affected", affected, "total", total,
                             "always", always ? "yes" : NULL, NULL);

  tide_engine_audit (self, by, approve ? "approval-approved" : "approval-refused", approval->run->sync_id, detail);
}

/**
 * tide_engine_decide_approval:
 * @approval_id: an open question
 * @approve: whether the run may do what it asked about; if not, it is cancelled
 * @always: the stream's brakes are not to hold any more; only together with @approve
 * @by: who says so
 *
 * Answers what a run waits for. Blocks for the store's writer.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, _CONFLICT if it is decided already, or an error of the store
 */
gboolean
tide_engine_decide_approval (TideEngine  *self,
                             gint64       approval_id,
                             gboolean     approve,
                             gboolean     always,
                             const char  *by,
                             GError     **error)
{
  g_autoptr(TideApproval) approval = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_decide_approval (tide_engine_get_folder (self), approval_id, approve, always, by, error);
  if (!tide_engine_check_writable (self, error))
    return FALSE;
  if (always && !approve)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "approval %" G_GINT64_FORMAT ": cannot be refused for always",
                   approval_id);
      return FALSE;
    }

  if (by == NULL)
    by = "owner";
  approval = tide_engine_get_open_approval (self, approval_id, error);
  if (approval == NULL ||
      !tide_engine_carry_out (self, approval, approve, error) ||
      !tide_engine_write_decision (self, approval, approve, always, by, error))
    return FALSE;

  tide_engine_note_decision (self, approval, approve, always, by);
  tide_engine_look_for_attention (self);
  return TRUE;
}

static gboolean
tide_engine_check_stream (TideEngine  *self,
                          gint64       connection_id,
                          const char  *stream,
                          GError     **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(TideManifest) manifest = NULL;

  if (read == NULL)
    return FALSE;
  connection = tide_connection_rows_get (tide_read_get_database (read), connection_id, error);
  manifest = connection != NULL ? tide_providers_lookup (self->providers, connection->provider, error) : NULL;
  if (manifest == NULL || tide_manifest_get_stream (manifest, stream) != NULL)
    return manifest != NULL;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "connection %s: %s brings no %s", connection->name,
               connection->provider, stream);
  return FALSE;
}

/**
 * tide_engine_get_brakes:
 * @stream: a stream of the connection's
 * @brakes: (out): whether its runs halt before they delete or change too much
 *
 * Blocks; any thread.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND or an error of the store
 */
gboolean
tide_engine_get_brakes (TideEngine  *self,
                        gint64       connection_id,
                        const char  *stream,
                        gboolean    *brakes,
                        GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && stream != NULL && brakes != NULL, FALSE);

  if (!tide_engine_check_stream (self, connection_id, stream, error))
    return FALSE;
  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL &&
         tide_schedule_rows_get_brakes (tide_read_get_database (read), connection_id, stream, brakes, error);
}

/**
 * tide_engine_set_brakes:
 * @stream: a stream of the connection's
 * @brakes: whether its runs, from the next attempt on, halt before they delete or change too much
 * @by: who wants it
 *
 * Takes back what was approved for always, or does so without a question. Blocks for the store's writer.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND or an error of the store
 */
gboolean
tide_engine_set_brakes (TideEngine  *self,
                        gint64       connection_id,
                        const char  *stream,
                        gboolean     brakes,
                        const char  *by,
                        GError     **error)
{
  g_autoptr(TideWrite) write = NULL;
  g_autofree char *object = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && stream != NULL, FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_set_brakes (tide_engine_get_folder (self), connection_id, stream, brakes, by, error);
  if (!tide_engine_check_writable (self, error) || !tide_engine_check_stream (self, connection_id, stream, error))
    return FALSE;
  write = tide_store_begin_write (self->store, NULL, error);
  if (write == NULL || !tide_schedule_rows_set_brakes (write, connection_id, stream, brakes, error) ||
      !tide_write_commit (write, error))
    return FALSE;

  object = g_strdup_printf ("%" G_GINT64_FORMAT " %s", connection_id, stream);
  tide_engine_audit (self, by, brakes ? "brakes-on" : "brakes-off", object, NULL);
  return TRUE;
}

/* What has changed is in either of them; only a whole listing tells what is gone. */
static gboolean
has_read_all_of (const TideRun *run,
                 const TideRun *other)
{
  return run->mode == TIDE_RUN_MODE_FULL || other->mode == TIDE_RUN_MODE_INCREMENTAL;
}

/**
 * tide_engine_drop_moot_questions:
 * @run: a run that is over
 *
 * A run that waits for an answer waits in vain once a later one has read all that it would, and got through: what it asked
 * about has been settled. The engine's thread.
 */
void
tide_engine_drop_moot_questions (TideEngine    *self,
                                 const TideRun *run)
{
  g_autoptr(GPtrArray) runs = NULL;

  if (run->status != TIDE_RUN_COMPLETED || run->dry_run || tide_run_is_part (run))
    return;

  runs = tide_run_queue_list_runs (self->queue);
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *other = g_ptr_array_index (runs, i);

      if (other->status != TIDE_RUN_AWAITING_APPROVAL || other->connection_id != run->connection_id ||
          !g_str_equal (other->stream, run->stream) || !has_read_all_of (run, other) ||
          !tide_run_queue_cancel (self->queue, other->sync_id))
        continue;
      tide_engine_audit (self, "Tidemark", "approval-moot", other->sync_id, NULL);
    }
}
