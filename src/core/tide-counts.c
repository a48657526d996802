/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-counts.h"

#include "tide-error.h"

/**
 * tide_counts_add:
 * @self: counts so far
 * @other: counts to add, e.g. those of one page
 *
 * Adds each count of @other to that of @self.
 */
void
tide_counts_add (TideCounts       *self,
                 const TideCounts *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  self->read += other->read;
  self->created += other->created;
  self->updated += other->updated;
  self->unchanged += other->unchanged;
  self->failed += other->failed;
  self->conflicted += other->conflicted;
  self->skipped += other->skipped;
  self->deleted += other->deleted;
}

/**
 * tide_counts_check:
 * @self: counts
 * @error: return location
 *
 * Checks that every record read is accounted for once, and that nothing is negative. Asked at
 * each commit: a ledger that does not balance means that a record was lost or counted twice, which
 * must never be written down as a success.
 *
 * Returns: %TRUE if they balance, else %FALSE with %TIDE_ERROR_CORRUPT
 */
gboolean
tide_counts_check (const TideCounts *self,
                   GError          **error)
{
  gint64 sum;

  g_return_val_if_fail (self != NULL, FALSE);

  sum = self->created + self->updated + self->unchanged + self->failed + self->conflicted + self->skipped;
  if (sum == self->read &&
      self->created >= 0 && self->updated >= 0 && self->unchanged >= 0 &&
      self->failed >= 0 && self->conflicted >= 0 && self->skipped >= 0 && self->deleted >= 0)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT,
               "the ledger does not balance: read %" G_GINT64_FORMAT ", created %" G_GINT64_FORMAT
               ", updated %" G_GINT64_FORMAT ", unchanged %" G_GINT64_FORMAT ", failed %" G_GINT64_FORMAT
               ", conflicted %" G_GINT64_FORMAT ", skipped %" G_GINT64_FORMAT ", deleted %" G_GINT64_FORMAT,
               self->read, self->created, self->updated, self->unchanged, self->failed,
               self->conflicted, self->skipped, self->deleted);

  return FALSE;
}
