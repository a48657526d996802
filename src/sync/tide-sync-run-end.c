/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-sync-run-private.h"

#include "tide-duration.h"
#include "tide-error.h"
#include "tide-retry.h"
#include "tide-run-rows.h"
#include "tide-text.h"

/**
 * tide_sync_run_set_end:
 * @status: what the run is from here on
 * @error: (nullable): what its attempt failed with
 *
 * Ends the attempt, in what is going to be saved; the run may go on.
 */
void
tide_sync_run_set_end (TideSyncRun   *self,
                       TideRunStatus  status,
                       const GError  *error)
{
  g_autofree char *phases = tide_run_journal_dup_phases (self->journal);

  self->run->status = status;
  self->run->ended_at = tide_run_is_over (self->run) ? tide_clock_now (self->clock) : 0;
  self->run->due_at = 0;
  tide_set_str (&self->run->phases, phases);
  tide_set_str (&self->run->error_code, error != NULL ? tide_error_to_name (error) : NULL);
  tide_set_str (&self->run->error_message, error != NULL ? error->message : NULL);
}

static TideRetry
sync_run_decide (TideSyncRun  *self,
                 const GError *error)
{
  int halt = g_atomic_int_get (&self->job->halt_status);
  gint64 now = tide_clock_now (self->clock);
  TideRetry retry = { .status = TIDE_RUN_FAILED };

  self->run->stalled = tide_run_transaction_has_progress (self->transaction) ? 0 : self->base_stalled + 1;
  if (self->job->retries)
    retry = tide_retry_decide (self->run, error, now, tide_requester_get_hold (self->job->requester),
                               g_random_double ());
  /* Who wanted it to halt gets that; when it is tried again is theirs to say, unless they only put it back in line. */
  if (retry.status == TIDE_RUN_PENDING && halt >= 0)
    retry = (TideRetry) { (TideRunStatus)halt, halt == TIDE_RUN_PENDING ? retry.due_at : 0 };
  return retry;
}

static void
sync_run_set_failed (TideSyncRun  *self,
                     const GError *error)
{
  TideRetry retry = sync_run_decide (self, error);
  g_autofree char *words = NULL;

  tide_run_journal_log (self->journal, "error", "%s", error->message);
  if (retry.due_at != 0)
    {
      words = tide_duration_to_words (retry.due_at - tide_clock_now (self->clock));
      tide_run_journal_log (self->journal, "info", "attempt %u failed; trying again in %s", self->run->attempts, words);
    }
  tide_sync_run_set_end (self, retry.status, error);
  self->run->due_at = retry.due_at;
}

/* Only what went wrong counts as a try: a run that made room twenty times has not failed twenty times. */
static void
sync_run_uncount (TideSyncRun *self)
{
  if (!tide_run_is_over (self->run) && self->run->attempts > 0)
    self->run->attempts--;
}

/* Nothing has gone wrong: it is a question. */
static void
sync_run_set_held (TideSyncRun  *self,
                   const GError *error)
{
  tide_run_journal_log (self->journal, "warning", "halted: %s", error->message);
  tide_sync_run_set_end (self, TIDE_RUN_AWAITING_APPROVAL, NULL);
  tide_set_str (&self->run->error_message, error->message);
  sync_run_uncount (self);
}

static void
sync_run_set_stopped (TideSyncRun *self)
{
  int halt = g_atomic_int_get (&self->job->halt_status);

  tide_run_journal_log (self->journal, "info", "stopped: what was read so far is kept");
  if (halt < 0 || g_cancellable_is_cancelled (self->cancellable))
    tide_sync_run_set_end (self, (TideRunStatus)g_atomic_int_get (&self->job->stop_status), NULL);
  else
    tide_sync_run_set_end (self, (TideRunStatus)halt, NULL);
  sync_run_uncount (self);
}

/* It ended before it had a row. */
static void
sync_run_add_end (TideSyncRun *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->job->store, NULL, &error);
  gint64 id = write != NULL ? tide_run_rows_add (write, self->run, &error) : 0;

  if (id > 0 && tide_run_journal_save (self->journal, write, id, &error) && tide_write_commit (write, &error))
    self->run->id = id;
  else
    {
      self->job->unsaved = TRUE;
      g_message ("run %s: could not be saved: %s", self->run->sync_id, error->message);
    }
}

static void
sync_run_save_end (TideSyncRun *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) last_error = NULL;

  if (tide_run_transaction_commit (self->transaction, &error))
    return;

  /* It took the open pages along, and they were the trouble, or it was cancelled: the word alone may still fit. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sync_run_set_stopped (self);
  else
    sync_run_set_failed (self, error);
  tide_run_transaction_shield (self->transaction);
  self->job->unsaved = !tide_run_transaction_commit (self->transaction, &last_error);
  if (self->job->unsaved)
    g_message ("run %s: how it ended could not be saved: %s", self->run->sync_id, last_error->message);
}

/**
 * tide_sync_run_fail:
 * @error: why it does not go on: a failure, a brake, or somebody's wish
 *
 * Decides what becomes of the run, and saves it, with the pages that are still open where they are good.
 */
void
tide_sync_run_fail (TideSyncRun  *self,
                    const GError *error)
{
  g_clear_pointer (&self->pipeline, tide_run_pipeline_free);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sync_run_set_stopped (self);
  else if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_CONFLICT) &&
           tide_run_transaction_get_brake (self->transaction) != NULL)
    sync_run_set_held (self, error);
  else
    sync_run_set_failed (self, error);

  if (g_cancellable_is_cancelled (self->cancellable))
    tide_run_transaction_shield (self->transaction);
  if (self->run->id != 0)
    sync_run_save_end (self);
  else
    sync_run_add_end (self);
}
