/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-sync-run-private.h"

#include "tide-error.h"
#include "tide-read.h"
#include "tide-record-query.h"
#include "tide-run-rows.h"
#include "tide-text.h"
#include "tide-time.h"

/* How long an open transaction stays open for the next page. The network may take long, and others want to
 * write too; but a page that is nearly there belongs in it. So on a fast line commits are rare, and on a
 * slow one, where there is time, each page is safe at once. */
#define GRACE (25 * TIDE_SECOND / 1000)

/* How long the log's lines wait for a page to be saved with. */
#define LOG_DELAY TIDE_SECOND

#define PROGRESS_INTERVAL (TIDE_SECOND / 10)
#define PAGES_A_LINE 100

/* Guards the jobs' interrupts: who halts a job need not know whether it has begun. */
static GMutex interrupt_lock;

/* Called with the lock held. */
static void
sync_run_tell (TideSyncRun *self)
{
  gint64 now = tide_clock_monotonic (self->clock);
  gint64 working = now - self->began - tide_run_journal_get_waited (self->journal);
  TideSyncProgress *progress = &self->progress;

  self->told = now;
  progress->run = &self->shown;
  progress->waiting = self->waiting;
  progress->rate = working > 0 ? (double)(self->shown.counts.read - self->base_read) * TIDE_SECOND / working : 0;
  progress->remaining = -1;
  if (progress->expected >= self->shown.counts.read && progress->rate > 0)
    progress->remaining = (gint64)((progress->expected - self->shown.counts.read) / progress->rate * TIDE_SECOND);

  if (self->job->progress_func != NULL)
    self->job->progress_func (progress, self->job->progress_data);
}

static void
sync_run_show_page (TideSyncRun *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->shown = *tide_run_transaction_get_ahead (self->transaction);
  g_clear_pointer (&self->waiting, g_free);
  if (self->shown.expected >= 0)
    self->progress.expected = self->shown.expected;
  if (tide_clock_monotonic (self->clock) - self->told >= PROGRESS_INTERVAL)
    sync_run_tell (self);
}

/* The fetching thread. */
static void
sync_run_note_cb (const TideRequestNote *note,
                  gpointer               user_data)
{
  TideSyncRun *self = user_data;
  g_autoptr(GMutexLocker) locker = NULL;

  tide_run_journal_note (self->journal, note);
  if (note->wait < PROGRESS_INTERVAL)
    return;

  locker = g_mutex_locker_new (&self->lock);
  tide_set_str (&self->waiting, note->wait_reason);
  sync_run_tell (self);
}

static void
sync_run_set_begun (TideSyncRun *self)
{
  TideRun *run = self->run;

  self->began_at = tide_clock_now (self->clock);
  run->status = TIDE_RUN_PROCESSING;
  run->attempts++;
  run->due_at = 0;
  run->ended_at = 0;
  if (run->started_at == 0)
    run->started_at = self->began_at;
  tide_set_str (&run->error_code, NULL);
  tide_set_str (&run->error_message, NULL);
}

/* The row says from here on that the run is going: should the program die, it is found again. */
static gboolean
sync_run_begin (TideSyncRun  *self,
                GError      **error)
{
  g_autoptr(TideWrite) write = NULL;

  sync_run_set_begun (self);
  write = tide_store_begin_write (self->job->store, self->cancellable, error);
  if (write == NULL)
    return FALSE;

  if (self->run->id == 0)
    {
      gint64 id = tide_run_rows_add (write, self->run, error);

      if (id <= 0 || !tide_write_commit (write, error))
        return FALSE;
      self->run->id = id;
      return TRUE;
    }
  return tide_run_rows_forget_rehearsed (write, self->run->id, error) &&
         tide_run_rows_update (write, self->run, error) && tide_write_commit (write, error);
}

static gboolean
sync_run_open_writer (TideSyncRun  *self,
                      GError      **error)
{
  TideRecordWriterFlags flags = TIDE_RECORD_WRITER_NONE;

  /* A part says nothing of the rest, so there is nothing to remember for a sweep. */
  if (tide_stream_reader_is_listing (self->reader) && !tide_run_is_part (self->run))
    flags |= TIDE_RECORD_WRITER_FULL;
  if (tide_stream_reader_resumes (self->reader) && !tide_run_is_part (self->run))
    flags |= TIDE_RECORD_WRITER_RESUME;
  if (self->run->dry_run)
    flags |= TIDE_RECORD_WRITER_DRY;

  self->writer = tide_record_writer_new (self->job->store, tide_stream_get_table (self->job->stream),
                                         self->run->connection_id, self->run->id, flags, self->interrupt, error);
  if (self->writer == NULL)
    return FALSE;

  tide_run_transaction_set_writer (self->transaction, self->writer, tide_stream_reader_resumes (self->reader));
  return TRUE;
}

/* Where the provider tells no total, a full listing will most likely be as long as what is here already. */
static void
sync_run_guess_expected (TideSyncRun *self)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->job->store, self->interrupt, NULL);
  gint64 before = tide_stream_reader_resumes (self->reader) ? 0 : self->base_read;
  gint64 count = -1;

  /* Only a guess for a progress bar: without it there is none, and what is wrong shows elsewhere. */
  if (read != NULL)
    count = tide_record_query_count (tide_read_get_database (read), tide_manifest_get_id (self->job->manifest),
                                     self->run->stream, self->run->connection_id, NULL);

  g_mutex_lock (&self->lock);
  self->progress.expected = count > 0 ? before + count : -1;
  g_mutex_unlock (&self->lock);
}

static void
sync_run_log_begin (TideSyncRun *self)
{
  const char *kind = tide_stream_reader_is_listing (self->reader) ? "full" : "incremental";

  tide_run_journal_log (self->journal, "info", "%s reading of %s %s%s, asked for by %s",
                        tide_run_is_part (self->run) ? "partial" : kind, self->run->stream,
                        tide_stream_reader_resumes (self->reader) ? "goes on" : "begins",
                        self->run->dry_run ? " (dry run: nothing is written)" : "", self->run->requested_by);
}

static gboolean
sync_run_open (TideSyncRun  *self,
               GError      **error)
{
  if (!tide_sync_run_open_reader (self, sync_run_note_cb, error))
    return FALSE;
  sync_run_log_begin (self);

  /* The first pages are on their way while the writer gets to know the table, which takes it a moment. */
  self->pipeline = tide_run_pipeline_new (self->reader, self->journal, self->clock, self->job->in_line, self->interrupt,
                                          self->cancellable);
  if (tide_stream_reader_is_listing (self->reader) && !tide_run_is_part (self->run))
    sync_run_guess_expected (self);
  return sync_run_open_writer (self, error);
}

static gboolean
sync_run_store_page (TideSyncRun     *self,
                     TideParsedPage  *page,
                     GError         **error)
{
  gint64 since = tide_clock_monotonic (self->clock);
  const TideRun *ahead = tide_run_transaction_get_ahead (self->transaction);
  gboolean ok = tide_run_transaction_add_page (self->transaction, page, error);

  if (ok && (ahead->pages == 10 || ahead->pages % PAGES_A_LINE == 0))
    tide_run_journal_log (self->journal, "info", "page %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " records read",
                          ahead->pages, ahead->counts.read);
  if (ok && tide_run_transaction_is_due (self->transaction))
    ok = tide_run_transaction_commit (self->transaction, error);
  tide_run_journal_measure (self->journal, TIDE_RUN_PHASE_STORED, since);

  if (ok)
    sync_run_show_page (self);
  else
    tide_run_transaction_roll_back (self->transaction);
  return ok;
}

/* No page for a while: what is there is made safe, so that nobody waits for a lock that waits for the network. */
static gboolean
sync_run_save_idle (TideSyncRun  *self,
                    GError      **error)
{
  if (!tide_run_transaction_is_open (self->transaction) && !tide_run_journal_is_unsaved (self->journal))
    return TRUE;

  return tide_run_transaction_commit (self->transaction, error);
}

/* In line, asking for the next page means to wait for the network: nothing is left open over that. After the last page
 * there is nothing to wait for, and the end goes with it. */
static gboolean
sync_run_prepare_wait (TideSyncRun  *self,
                       GError      **error)
{
  return !self->job->in_line || !tide_run_transaction_is_open (self->transaction) ||
         !tide_stream_reader_has_more (self->reader) || tide_run_transaction_commit (self->transaction, error);
}

static gboolean
sync_run_store_pages (TideSyncRun  *self,
                      GError      **error)
{
  for (;;)
    {
      g_autoptr(TideParsedPage) page = NULL;
      gint64 timeout = tide_run_transaction_is_open (self->transaction) ? GRACE : LOG_DELAY;

      if (!sync_run_prepare_wait (self, error))
        return FALSE;

      switch (tide_run_pipeline_next (self->pipeline, timeout, &page, error))
        {
        case TIDE_RUN_PIPELINE_PAGE:
          if (!sync_run_store_page (self, page, error))
            return FALSE;
          break;

        case TIDE_RUN_PIPELINE_NOT_YET:
          if (!sync_run_save_idle (self, error))
            return FALSE;
          break;

        case TIDE_RUN_PIPELINE_END:
          return TRUE;

        case TIDE_RUN_PIPELINE_FAILED:
        default:
          return FALSE;
        }
    }
}

static gboolean
sync_run_finish (TideSyncRun  *self,
                 GError      **error)
{
  gboolean full = tide_stream_reader_is_full_listing (self->reader) && !tide_run_is_part (self->run);
  g_auto(GStrv) gone = tide_stream_reader_list_gone (self->reader);
  g_autoptr(GError) local_error = NULL;

  if (tide_run_transaction_finish (self->transaction, full, &local_error) &&
      tide_run_transaction_solve (self->transaction, (const char * const *)gone, &local_error))
    return TRUE;

  /* A sweep that was refused has changed nothing: the pages before it are good. */
  if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_CONFLICT))
    tide_run_transaction_roll_back (self->transaction);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
sync_run_log_summary (TideSyncRun *self)
{
  const TideRun *ahead = tide_run_transaction_get_ahead (self->transaction);
  const TideCounts *counts = &ahead->counts;

  tide_run_journal_log (self->journal, "info",
                        "read %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " created, %" G_GINT64_FORMAT " updated, %"
                        G_GINT64_FORMAT " unchanged, %" G_GINT64_FORMAT " failed, %" G_GINT64_FORMAT " conflicted, %"
                        G_GINT64_FORMAT " skipped; %" G_GINT64_FORMAT " deleted", counts->read, counts->created,
                        counts->updated, counts->unchanged, counts->failed, counts->conflicted, counts->skipped,
                        counts->deleted);
  if (ahead->expected >= 0 && tide_stream_reader_is_full_listing (self->reader) &&
      !tide_stream_reader_resumes (self->reader) && counts->read != ahead->expected)
    tide_run_journal_log (self->journal, "warning",
                          "the provider tells of %" G_GINT64_FORMAT " records, %" G_GINT64_FORMAT " came",
                          ahead->expected, counts->read);
}

/* The last pages, the sweep and the word "completed" are one transaction. */
static gboolean
sync_run_complete (TideSyncRun  *self,
                   GError      **error)
{
  sync_run_log_summary (self);
  tide_sync_run_set_end (self, TIDE_RUN_COMPLETED, NULL);
  return tide_run_transaction_commit (self->transaction, error);
}

/* Called on whichever thread cancels. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

/* From here on the job can be halted, and may have been before. */
static void
sync_run_take_interrupt (TideSyncRun *self)
{
  self->interrupt = g_cancellable_new ();
  self->handler = g_cancellable_connect (self->cancellable, G_CALLBACK (cancelled_cb), self->interrupt, NULL);

  g_mutex_lock (&interrupt_lock);
  self->job->interrupt = self->interrupt;
  g_mutex_unlock (&interrupt_lock);
  if (g_atomic_int_get (&self->job->halt_status) >= 0)
    g_cancellable_cancel (self->interrupt);
}

static void
sync_run_drop_interrupt (TideSyncRun *self)
{
  g_mutex_lock (&interrupt_lock);
  self->job->interrupt = NULL;
  g_mutex_unlock (&interrupt_lock);
  g_cancellable_disconnect (self->cancellable, self->handler);
  g_clear_object (&self->interrupt);
}

/* A dry run has left nothing that could be gone on with: each attempt begins anew. */
static TideRun *
copy_run (const TideRun *run)
{
  TideRun *copy = tide_run_copy (run);

  if (run->dry_run)
    {
      copy->counts = (TideCounts) { 0 };
      copy->expected = -1;
    }
  return copy;
}

static void
sync_run_init (TideSyncRun  *self,
               TideSyncJob  *job,
               GCancellable *cancellable)
{
  self->job = job;
  self->job->unsaved = FALSE;
  self->cancellable = cancellable;
  self->clock = tide_store_get_clock (job->store);
  self->run = copy_run (job->run);
  self->base_read = self->run->counts.read;
  self->base_stalled = self->run->stalled;
  self->journal = tide_run_journal_new (self->clock, self->run);
  self->transaction = tide_run_transaction_new (job->store, self->run, self->journal, cancellable);
  tide_run_transaction_set_brakes (self->transaction, job->brakes);
  self->began = tide_clock_monotonic (self->clock);
  self->shown = *self->run;
  self->progress.expected = -1;
  g_mutex_init (&self->lock);
  sync_run_take_interrupt (self);
}

static void
sync_run_clear (TideSyncRun *self)
{
  sync_run_drop_interrupt (self);
  g_clear_pointer (&self->pipeline, tide_run_pipeline_free);
  g_clear_pointer (&self->transaction, tide_run_transaction_free);
  g_clear_pointer (&self->writer, tide_record_writer_free);
  g_clear_pointer (&self->reader, tide_stream_reader_free);
  g_clear_pointer (&self->journal, tide_run_journal_free);
  g_clear_pointer (&self->waiting, g_free);
  g_mutex_clear (&self->lock);
}

/**
 * tide_sync_job_halt:
 * @job: a job, which may not have begun yet, or be over already
 * @status: what its run is to become: %TIDE_RUN_PAUSED or %TIDE_RUN_PENDING
 *
 * Ends an attempt at the next page boundary: what it waits for is interrupted at once, what has been fetched is stored.
 * Where there was nothing left to fetch it completes. Any thread; does not wait.
 */
void
tide_sync_job_halt (TideSyncJob   *job,
                    TideRunStatus  status)
{
  g_autoptr(GCancellable) interrupt = NULL;

  g_mutex_lock (&interrupt_lock);
  g_atomic_int_set (&job->halt_status, status);
  if (job->interrupt != NULL)
    interrupt = g_object_ref (job->interrupt);
  g_mutex_unlock (&interrupt_lock);

  if (interrupt != NULL)
    g_cancellable_cancel (interrupt);
}

/**
 * tide_sync_run_execute:
 * @job: what to do
 * @cancellable: stops it at once, wherever it waits; what was committed stays
 *
 * Executes an attempt of a run from its first request to its last commit. Blocks as long as that takes; starts two
 * threads of its own and ends them, unless it is to be done in line. Errors are the run's result, not the caller's: they
 * are in its status and in its row, which also says whether and when it is to be tried again. Should even saving
 * that fail, only the result here tells.
 *
 * Returns: (transfer full): the run as the attempt has left it
 */
TideRun *
tide_sync_run_execute (TideSyncJob  *job,
                       GCancellable *cancellable)
{
  TideSyncRun self = { 0 };
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (G_IS_CANCELLABLE (cancellable), NULL);

  sync_run_init (&self, job, cancellable);
  if (!sync_run_begin (&self, &error) ||
      !sync_run_open (&self, &error) ||
      !sync_run_store_pages (&self, &error) ||
      !sync_run_finish (&self, &error) ||
      !sync_run_complete (&self, &error))
    tide_sync_run_fail (&self, error);

  sync_run_clear (&self);
  return self.run;
}
