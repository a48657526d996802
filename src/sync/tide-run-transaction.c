/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-run-transaction.h"

#include <string.h>

#include "tide-approval-rows.h"
#include "tide-error.h"
#include "tide-failure-rows.h"
#include "tide-run-rows.h"
#include "tide-state-rows.h"
#include "tide-time.h"

/* A commit costs a wait for the disk: measured, 10 000 rows make it vanish. The time keeps the view alive
 * on a slow line, and what a crash can cost small. */
#define MAX_ROWS 10000
#define MAX_AGE (2 * TIDE_SECOND)

/* The first pages wait less, so that there is soon something to see; and all do while somebody else has something to
 * write: it may be a person who has pressed a button. */
#define MAX_FIRST_AGE (TIDE_SECOND / 10)

/* Put-aside records that the log names; all of them are kept as failures anyway. */
#define MAX_BAD_LINES 20

struct _TideRunTransaction
{
  TideStore        *store;        /* (owned) */
  TideClock        *clock;        /* (owned) */
  GCancellable     *cancellable;  /* (owned) (nullable) */
  TideRunJournal   *journal;
  TideRecordWriter *writer;       /* (nullable) */
  TideRun          *run;          /* as it was last committed; its keeper sees what we put there */
  TideRun           base;         /* its numbers as the attempts before have left them; no text */
  gboolean          resumes;      /* this attempt goes on with a listing */

  TideWrite        *write;        /* (owned) (nullable): the open transaction */
  gint64            began;        /* monotonic: when it was opened */
  TideRun           ahead;        /* the run with what is in the open transaction; borrows @run's text */
  gint64            handed;       /* records in the pages handed in by this attempt, counted apart from the writer */
  gint64            committed;    /* @handed at the last commit */
  gint64            told;         /* records that this attempt will bring, by the provider's word; -1 = not known */
  GHashTable       *states;       /* (owned): partition → state after its last page */
  guint             n_bad_lines;

  TideRunBrakes     brakes;
};

/**
 * tide_run_transaction_new:
 * @store: where the records go
 * @run: the run, with its row's id; brought up to date by each commit. Outlives the transaction
 * @journal: what to save along. Outlives the transaction
 * @cancellable: interrupts the store's work
 *
 * Returns: (transfer full): a storing stage with nothing in it
 */
TideRunTransaction *
tide_run_transaction_new (TideStore      *store,
                          TideRun        *run,
                          TideRunJournal *journal,
                          GCancellable   *cancellable)
{
  TideRunTransaction *self = g_new0 (TideRunTransaction, 1);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (tide_store_get_clock (store));
  self->cancellable = g_object_ref (cancellable);
  self->journal = journal;
  self->run = run;
  self->base = *run;
  self->ahead = *run;
  self->told = -1;
  tide_run_brakes_init (&self->brakes, run);
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * tide_run_transaction_free:
 * @self: (transfer full): rolls back what was not committed
 */
void
tide_run_transaction_free (TideRunTransaction *self)
{
  tide_run_transaction_roll_back (self);
  g_hash_table_unref (self->states);
  g_clear_object (&self->cancellable);
  g_object_unref (self->clock);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * tide_run_transaction_set_writer:
 * @writer: decides record by record; outlives the transaction
 * @resumes: whether the reading goes on with the listing of an attempt before
 */
void
tide_run_transaction_set_writer (TideRunTransaction *self,
                                 TideRecordWriter   *writer,
                                 gboolean            resumes)
{
  self->writer = writer;
  self->resumes = resumes;
}

/**
 * tide_run_transaction_set_brakes:
 * @brakes: whether to halt before too much is deleted or changed, as far as the run's owner has not let go of that
 */
void
tide_run_transaction_set_brakes (TideRunTransaction *self,
                                 gboolean            brakes)
{
  tide_run_brakes_set_on (&self->brakes, brakes);
}

/**
 * tide_run_transaction_begin:
 *
 * Opens a transaction, unless one is open. Blocks.
 */
gboolean
tide_run_transaction_begin (TideRunTransaction  *self,
                            GError             **error)
{
  if (self->write != NULL)
    return TRUE;

  self->write = tide_store_begin_write (self->store, self->cancellable, error);
  self->began = tide_clock_monotonic (self->clock);
  return self->write != NULL;
}

gboolean
tide_run_transaction_is_open (TideRunTransaction *self)
{
  return self->write != NULL;
}

/**
 * tide_run_transaction_is_due:
 *
 * Returns: whether to commit before the next page
 */
gboolean
tide_run_transaction_is_due (TideRunTransaction *self)
{
  gboolean soon = self->run->pages == 0 || tide_store_is_wanted (self->store);
  gint64 max_age = soon ? MAX_FIRST_AGE : MAX_AGE;

  return self->write != NULL &&
         (self->handed - self->committed >= MAX_ROWS ||
          tide_clock_monotonic (self->clock) - self->began >= max_age);
}

static void
tide_run_transaction_log_bad (TideRunTransaction  *self,
                              const TideBadRecord *bad)
{
  if (self->n_bad_lines < MAX_BAD_LINES)
    tide_run_journal_log (self->journal, "warning", "record %s put aside: %s",
                          bad->id != NULL && *bad->id != '\0' ? bad->id : "without an id", bad->reason);
  else if (self->n_bad_lines == MAX_BAD_LINES)
    tide_run_journal_log (self->journal, "warning", "further records put aside are not named here");
  self->n_bad_lines++;
}

/* The ledger's other side: what the page holds, before anybody has decided anything about it. */
static gint64
tide_run_transaction_count_page (TideRunTransaction *self,
                                 TideRecordBatch    *batch)
{
  const TideBadRecord *bad;
  gsize n_records, n_bad;

  tide_record_batch_get_records (batch, &n_records);
  bad = tide_record_batch_get_bad (batch, &n_bad);
  for (gsize i = 0; i < n_bad; i++)
    tide_run_transaction_log_bad (self, &bad[i]);
  return (gint64)(n_records + n_bad + tide_record_batch_get_skipped (batch));
}

/* A page that may trip a brake goes into a transaction of its own, so that it alone is rolled back. */
static gboolean
tide_run_transaction_part_page (TideRunTransaction  *self,
                                TideRecordBatch     *batch,
                                GError             **error)
{
  gsize n_records;

  tide_record_batch_get_records (batch, &n_records);
  if (self->handed == self->committed || !tide_run_brakes_may_hold (&self->brakes, self->writer, (gint64)n_records))
    return TRUE;
  return tide_run_transaction_commit (self, error);
}

/* What the provider tells of is what this reading brings from its beginning to its end. */
static void
tide_run_transaction_take_expected (TideRunTransaction *self,
                                    gint64              told)
{
  self->told = told;
  if (told >= 0)
    self->ahead.expected = self->base.counts.read + told;
  else
    self->ahead.expected = self->resumes ? self->base.expected : -1;
}

/**
 * tide_run_transaction_add_page:
 * @page: (transfer none): a whole page
 *
 * Puts a page into the open transaction, and opens one if there is none. Blocks.
 *
 * Returns: %FALSE with TIDE_ERROR_CONFLICT if a brake holds: see tide_run_transaction_get_brake()
 */
gboolean
tide_run_transaction_add_page (TideRunTransaction  *self,
                               TideParsedPage      *page,
                               GError             **error)
{
  if (!tide_run_transaction_part_page (self, page->batch, error) ||
      !tide_run_transaction_begin (self, error) ||
      !tide_record_writer_write (self->writer, self->write, page->batch, &self->ahead.counts, error) ||
      !tide_run_brakes_check_page (&self->brakes, self->writer, self->write, self->ahead.counts.created, error))
    return FALSE;

  self->handed += tide_run_transaction_count_page (self, page->batch);
  self->ahead.pages++;
  self->ahead.bytes += tide_page_get_size (page->page);
  /* The latest page knows best, also where it no longer knows. */
  tide_run_transaction_take_expected (self, tide_page_get_expected (page->page));
  g_hash_table_replace (self->states, g_strdup (tide_page_get_partition (page->page)),
                        g_strdup (tide_page_get_state (page->page)));
  return TRUE;
}

/* What the provider tells of and did not hand out is not gone. A total is known only of what this attempt has read
 * from its beginning, so never in one that goes on with a listing. */
static gboolean
tide_run_transaction_check_total (TideRunTransaction  *self,
                                  GError             **error)
{
  if (self->told < 0 || self->handed >= self->told)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT,
               "the provider tells of %" G_GINT64_FORMAT " records, %" G_GINT64_FORMAT " came: nothing was marked"
               " as deleted", self->told, self->handed);
  return FALSE;
}

static gboolean
tide_run_transaction_sweep (TideRunTransaction  *self,
                            GError             **error)
{
  gint64 since = tide_clock_monotonic (self->clock);
  gint64 n_unseen, n_live;
  gboolean ok;

  ok = tide_run_transaction_check_total (self, error) &&
       tide_record_writer_flush (self->writer, self->write, error) &&
       tide_record_writer_count_unseen (self->writer, self->write, &n_unseen, &n_live, error) &&
       tide_run_brakes_check_sweep (&self->brakes, self->writer, self->write, self->ahead.counts.created, n_unseen,
                                    n_live, error) &&
       tide_record_writer_sweep (self->writer, self->write, &self->ahead.counts, error);
  tide_run_journal_measure (self->journal, TIDE_RUN_PHASE_SWEPT, since);
  return ok;
}

/**
 * tide_run_transaction_finish:
 * @full_listing: whether all that there is has come by
 *
 * After the last page: marks what a full listing no longer had as deleted. Goes into the open transaction, so
 * into that of the last pages where it can. Blocks.
 *
 * Returns: %FALSE with TIDE_ERROR_CONFLICT if a brake holds, or if fewer records came than the provider tells of, and then
 *    nothing was marked
 */
gboolean
tide_run_transaction_finish (TideRunTransaction  *self,
                             gboolean             full_listing,
                             GError             **error)
{
  gint64 since;
  gboolean ok;

  if (!tide_run_transaction_begin (self, error) || (full_listing && !tide_run_transaction_sweep (self, error)))
    return FALSE;
  /* A few records do not end a table's first load. */
  if (tide_run_is_part (self->run))
    return TRUE;

  since = tide_clock_monotonic (self->clock);
  ok = tide_record_writer_finish (self->writer, self->write, error);
  tide_run_journal_measure (self->journal, TIDE_RUN_PHASE_STORED, since);
  return ok;
}

/**
 * tide_run_transaction_solve:
 * @ids: (array zero-terminated=1): records that were asked for and are not there any more
 *
 * Takes their failures, if they have any, off the list: there is nothing left to be read. Goes into the open transaction.
 * Blocks.
 */
gboolean
tide_run_transaction_solve (TideRunTransaction  *self,
                            const char * const  *ids,
                            GError             **error)
{
  if (self->run->dry_run || *ids == NULL)
    return TRUE;
  if (!tide_run_transaction_begin (self, error))
    return FALSE;
  for (gsize i = 0; ids[i] != NULL; i++)
    if (!tide_failure_rows_solved (self->write, self->run->connection_id, self->run->stream, ids[i], strlen (ids[i]),
                                   error))
      return FALSE;
  return TRUE;
}

static gboolean
tide_run_transaction_check_ledger (TideRunTransaction  *self,
                                   GError             **error)
{
  const TideCounts *counts = &self->ahead.counts;

  if (!tide_counts_check (counts, error))
    return FALSE;
  if (counts->read == self->base.counts.read + self->handed)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT,
               "the ledger does not balance: %" G_GINT64_FORMAT " records were handed in and %" G_GINT64_FORMAT
               " are accounted for", self->handed, counts->read - self->base.counts.read);
  return FALSE;
}

static gboolean
tide_run_transaction_save_states (TideRunTransaction  *self,
                                  GError             **error)
{
  gint64 now = tide_clock_now (self->clock);
  GHashTableIter iter;
  gpointer partition, state;

  if (self->run->dry_run || tide_run_is_part (self->run))
    return TRUE;

  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, &partition, &state))
    if (!tide_state_rows_save (self->write, self->run->connection_id, self->run->stream, partition, state,
                               now, error))
      return FALSE;
  return TRUE;
}

/**
 * tide_run_transaction_has_progress:
 *
 * Returns: whether this attempt has brought a page that the next one need not read again, in the open transaction or
 *    before
 */
gboolean
tide_run_transaction_has_progress (TideRunTransaction *self)
{
  return self->ahead.pages > self->base.pages && !self->run->dry_run && !tide_run_is_part (self->run);
}

/* What its keeper set meanwhile (status, error, end) goes in too; only the numbers are ours. */
static void
tide_run_transaction_merge (TideRunTransaction *self,
                            TideRun            *row)
{
  *row = *self->run;
  row->counts = self->ahead.counts;
  row->pages = self->ahead.pages;
  row->bytes = self->ahead.bytes;
  row->expected = self->ahead.expected;
  row->retries = self->base.retries + tide_run_journal_get_retries (self->journal);
  row->waited = self->base.waited + tide_run_journal_get_waited (self->journal);
  if (tide_run_transaction_has_progress (self))
    row->stalled = 0;
}

/* The question and the word that the run waits for its answer are one. */
static gboolean
tide_run_transaction_save_question (TideRunTransaction  *self,
                                    const TideRun       *row,
                                    GError             **error)
{
  if (row->status != TIDE_RUN_AWAITING_APPROVAL)
    return TRUE;

  return tide_approval_rows_add (self->write, row->id, self->brakes.held.kind, tide_clock_now (self->clock),
                                 row->error_message, self->brakes.held.affected, self->brakes.held.total, error) > 0;
}

static gboolean
tide_run_transaction_save (TideRunTransaction  *self,
                           const TideRun       *row,
                           GError             **error)
{
  return tide_run_transaction_check_ledger (self, error) &&
         (self->writer == NULL || tide_record_writer_flush (self->writer, self->write, error)) &&
         tide_run_transaction_save_states (self, error) &&
         tide_run_rows_update (self->write, row, error) &&
         tide_run_transaction_save_question (self, row, error) &&
         tide_run_journal_save (self->journal, self->write, row->id, error) &&
         tide_write_commit (self->write, error);
}

/**
 * tide_run_transaction_commit:
 *
 * Checks the ledger; then commits the pages, how far they reach, the run as it stands and its log, all or
 * nothing. What could not be committed is rolled back. Blocks.
 *
 * Returns: %FALSE with TIDE_ERROR_CORRUPT if the ledger does not balance, or what the store says
 */
gboolean
tide_run_transaction_commit (TideRunTransaction  *self,
                             GError             **error)
{
  TideRun row;

  if (!tide_run_transaction_begin (self, error))
    return FALSE;

  tide_run_transaction_merge (self, &row);
  if (!tide_run_transaction_save (self, &row, error))
    {
      tide_run_transaction_roll_back (self);
      return FALSE;
    }

  g_clear_pointer (&self->write, tide_write_free);
  tide_run_journal_saved (self->journal);
  g_hash_table_remove_all (self->states);
  self->committed = self->handed;
  *self->run = row;
  return TRUE;
}

/**
 * tide_run_transaction_roll_back:
 *
 * Drops what was not committed, from the counts too.
 */
void
tide_run_transaction_roll_back (TideRunTransaction *self)
{
  if (self->write == NULL)
    return;

  g_clear_pointer (&self->write, tide_write_free);
  if (self->writer != NULL)
    tide_record_writer_rolled_back (self->writer);
  g_hash_table_remove_all (self->states);
  self->handed = self->committed;
  self->ahead = *self->run;
}

/**
 * tide_run_transaction_shield:
 *
 * Makes what follows run to its end though the run be cancelled: how a cancelled run ended has to be saved too.
 * What is open was begun under the old rule, so it is dropped.
 */
void
tide_run_transaction_shield (TideRunTransaction *self)
{
  tide_run_transaction_roll_back (self);
  g_clear_object (&self->cancellable);
}

/**
 * tide_run_transaction_get_ahead:
 *
 * Returns: (transfer none): the run with what is in the open transaction; only its numbers are to be read
 */
const TideRun *
tide_run_transaction_get_ahead (TideRunTransaction *self)
{
  return &self->ahead;
}

/**
 * tide_run_transaction_get_handed:
 *
 * Returns: records in the pages that this attempt has put in
 */
gint64
tide_run_transaction_get_handed (TideRunTransaction *self)
{
  return self->handed;
}

/**
 * tide_run_transaction_get_brake:
 *
 * Returns: (transfer none) (nullable): what the last failure is about, if it is that the owner has to be asked
 */
const TideRunBrake *
tide_run_transaction_get_brake (TideRunTransaction *self)
{
  return self->brakes.held.kind != TIDE_RUN_ALLOW_NONE ? &self->brakes.held : NULL;
}
