/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-run-brakes.h"

#include "tide-error.h"

/**
 * tide_run_brakes_init:
 * @run: as its attempts before have left it
 *
 * Begins the account of an attempt, with the brakes off.
 */
void
tide_run_brakes_init (TideRunBrakes *self,
                      const TideRun *run)
{
  *self = (TideRunBrakes) { .allowed = run->allowed, .base_updated = run->counts.updated, .n_before = -1 };
  /* What reads only some records does not judge the others, and a dry run does nothing. */
  self->serious = !run->dry_run && !tide_run_is_part (run);
}

/**
 * tide_run_brakes_set_on:
 * @on: whether to halt before too much is deleted or changed, as far as the run's owner has not let go of that
 */
void
tide_run_brakes_set_on (TideRunBrakes *self,
                        gboolean       on)
{
  self->on = on && self->serious;
}

static gboolean
has (const TideRunBrakes *self,
     TideRunAllow         kind)
{
  return self->on && (self->allowed & kind) == 0;
}

/* What the run has done to records that were there: all its attempts, the open transaction included. */
static TideRecordTally
get_tally (const TideRunBrakes *self,
           TideRecordWriter    *writer)
{
  const TideRecordTally *tally = tide_record_writer_get_tally (writer);

  return (TideRecordTally) { tally->changed + self->before.changed, tally->deleted + self->before.deleted,
                             tally->restored + self->before.restored };
}

/* Counts once an attempt, and only if it comes near a brake: it is a look at the whole index. */
static gboolean
count_before (TideRunBrakes     *self,
              TideRecordWriter  *writer,
              TideWrite         *write,
              gint64             n_created,
              GError           **error)
{
  const TideRecordTally *tally = tide_record_writer_get_tally (writer);
  TideRecordTally all;

  if (self->n_before >= 0)
    return TRUE;
  if (!tide_record_writer_count_before (writer, write, n_created, &all, &self->n_before, error))
    return FALSE;

  self->before.changed = MAX (all.changed - tally->changed, 0);
  self->before.deleted = MAX (all.deleted - tally->deleted, 0);
  self->before.restored = MAX (all.restored - tally->restored, 0);
  return TRUE;
}

/* Whether it may be that a brake has something to say. As long as they were not counted, all that the attempts before
 * have updated is taken for either. */
static gboolean
is_near (const TideRunBrakes *self,
         TideRecordWriter    *writer)
{
  TideRecordTally tally = get_tally (self, writer);
  gint64 unknown = self->n_before < 0 ? self->base_updated : 0;

  return (has (self, TIDE_RUN_ALLOW_CHANGES) && tally.changed + unknown >= TIDE_RUN_BRAKE_MIN_CHANGES) ||
         (has (self, TIDE_RUN_ALLOW_DELETES) && tally.deleted + unknown >= TIDE_RUN_BRAKE_MIN_DELETES);
}

static void
set_error (const TideRunBrakes  *self,
           GError              **error)
{
  g_autofree char *reason = tide_run_brake_dup_reason (&self->held);

  g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, reason);
}

/**
 * tide_run_brakes_may_hold:
 * @n_records: how many records come next
 *
 * Returns: whether they may be what trips the brake on changes, as far as is known
 */
gboolean
tide_run_brakes_may_hold (TideRunBrakes    *self,
                          TideRecordWriter *writer,
                          gint64            n_records)
{
  TideRunBrake trial;

  return self->n_before > 0 && has (self, TIDE_RUN_ALLOW_CHANGES) &&
         !tide_run_brake_check_changes (&trial, get_tally (self, writer).changed + n_records, self->n_before);
}

/**
 * tide_run_brakes_check_page:
 * @writer: has just written a page
 * @write: into this
 * @n_created: records that the run has created, in all its attempts
 * @error: return location
 *
 * Returns: %FALSE with TIDE_ERROR_CONFLICT and @held set if the page must not be committed without asking; or with what
 *    the store says
 */
gboolean
tide_run_brakes_check_page (TideRunBrakes     *self,
                            TideRecordWriter  *writer,
                            TideWrite         *write,
                            gint64             n_created,
                            GError           **error)
{
  TideRecordTally tally;

  if (!is_near (self, writer))
    return TRUE;
  if (!count_before (self, writer, write, n_created, error))
    return FALSE;

  /* Where nothing was there, nothing of it can be lost. */
  tally = get_tally (self, writer);
  if (self->n_before == 0 ||
      ((!has (self, TIDE_RUN_ALLOW_DELETES) ||
        tide_run_brake_check_deletes (&self->held, tally.deleted, self->n_before)) &&
       (!has (self, TIDE_RUN_ALLOW_CHANGES) ||
        tide_run_brake_check_changes (&self->held, tally.changed, self->n_before))))
    return TRUE;

  set_error (self, error);
  return FALSE;
}

/* That nothing is left of a table is asked about each time, also where its owner has switched the brakes off. */
static gboolean
check_all_gone (TideRunBrakes  *self,
                gint64          n_live,
                GError        **error)
{
  if (!self->serious || (self->allowed & TIDE_RUN_ALLOW_DELETES) != 0)
    return TRUE;

  self->held = (TideRunBrake) { TIDE_RUN_ALLOW_DELETES, n_live, n_live };
  set_error (self, error);
  return FALSE;
}

/**
 * tide_run_brakes_check_sweep:
 * @n_unseen: records that are about to be marked as deleted
 * @n_live: of so many that were there when the listing began
 *
 * Returns: %FALSE with TIDE_ERROR_CONFLICT and @held set if that must not be done without asking; or with what the store
 *    says
 */
gboolean
tide_run_brakes_check_sweep (TideRunBrakes     *self,
                             TideRecordWriter  *writer,
                             TideWrite         *write,
                             gint64             n_created,
                             gint64             n_unseen,
                             gint64             n_live,
                             GError           **error)
{
  gint64 deleted;

  if (n_unseen > 0 && n_unseen == n_live)
    return check_all_gone (self, n_live, error);
  if (n_unseen == 0 || !has (self, TIDE_RUN_ALLOW_DELETES))
    return TRUE;
  if (self->base_updated > 0 && !count_before (self, writer, write, n_created, error))
    return FALSE;

  deleted = get_tally (self, writer).deleted;
  if (tide_run_brake_check_deletes (&self->held, deleted + n_unseen, deleted + n_live))
    return TRUE;
  set_error (self, error);
  return FALSE;
}
