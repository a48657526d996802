/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-progress-private.h"

G_DEFINE_BOXED_TYPE (TideRunProgress, tide_run_progress, tide_run_progress_ref, tide_run_progress_unref)

static void
tide_run_progress_clear (TideRunProgress *self)
{
  g_free (self->sync_id);
  g_free (self->stream);
  g_free (self->waiting);
}

/**
 * tide_run_progress_new:
 * @progress: where a run stands, as its own threads tell
 *
 * Returns: (transfer full): the same as a value that may cross threads
 */
TideRunProgress *
tide_run_progress_new (const TideSyncProgress *progress)
{
  TideRunProgress *self = g_atomic_rc_box_new0 (TideRunProgress);

  self->sync_id = g_strdup (progress->run->sync_id);
  self->connection_id = progress->run->connection_id;
  self->stream = g_strdup (progress->run->stream);
  self->counts = progress->run->counts;
  self->pages = progress->run->pages;
  self->bytes = progress->run->bytes;
  self->expected = progress->expected;
  self->rate = progress->rate;
  self->remaining = progress->remaining;
  self->waiting = g_strdup (progress->waiting);
  return self;
}

/**
 * tide_run_progress_copy:
 * @progress: a value, which may stand on the stack with borrowed strings
 *
 * Returns: (transfer full): a value of its own, with copies of the strings
 */
TideRunProgress *
tide_run_progress_copy (const TideRunProgress *progress)
{
  TideRunProgress *self = g_atomic_rc_box_dup (sizeof *progress, (TideRunProgress *)progress);

  self->sync_id = g_strdup (progress->sync_id);
  self->stream = g_strdup (progress->stream);
  self->waiting = g_strdup (progress->waiting);
  return self;
}

TideRunProgress *
tide_run_progress_ref (TideRunProgress *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_run_progress_unref (TideRunProgress *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_run_progress_clear);
}
