/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-run-brake.h"

/* More deletions than this are asked about, and more than this share where that is more than a handful. */
#define MAX_DELETES 20
#define MAX_DELETES_PERCENT 5

/* More changes than this share, where that is more than what an ordinary day brings. */
#define MAX_CHANGES_PERCENT 50

static gboolean
is_more_than (gint64 affected,
              gint64 total,
              gint64 percent)
{
  return affected * 100 > total * percent;
}

/**
 * tide_run_brake_check_deletes:
 * @self: (inout): says what it is about, if it is too much
 * @affected: records that the run would mark as deleted, in all
 * @total: live ones when it began
 *
 * Returns: whether the run may go on without being asked
 */
gboolean
tide_run_brake_check_deletes (TideRunBrake *self,
                              gint64        affected,
                              gint64        total)
{
  if (affected <= MAX_DELETES &&
      (affected < TIDE_RUN_BRAKE_MIN_DELETES || !is_more_than (affected, total, MAX_DELETES_PERCENT)))
    return TRUE;

  *self = (TideRunBrake) { TIDE_RUN_ALLOW_DELETES, affected, total };
  return FALSE;
}

/**
 * tide_run_brake_check_changes:
 * @self: (inout): says what it is about, if it is too much
 * @affected: records whose payload the run changes, in all
 * @total: live ones when it began
 *
 * Returns: whether the run may go on without being asked
 */
gboolean
tide_run_brake_check_changes (TideRunBrake *self,
                              gint64        affected,
                              gint64        total)
{
  if (affected < TIDE_RUN_BRAKE_MIN_CHANGES || !is_more_than (affected, total, MAX_CHANGES_PERCENT))
    return TRUE;

  *self = (TideRunBrake) { TIDE_RUN_ALLOW_CHANGES, affected, total };
  return FALSE;
}

/**
 * tide_run_brake_dup_reason:
 * @self: a brake that holds
 *
 * Returns: (transfer full): what would happen, and why it asks
 */
char *
tide_run_brake_dup_reason (const TideRunBrake *self)
{
  if (self->kind == TIDE_RUN_ALLOW_DELETES && self->affected == self->total)
    return g_strdup_printf ("the provider lists none of the %" G_GINT64_FORMAT " records that are here, which would all be"
                            " marked as deleted", self->total);
  if (self->kind == TIDE_RUN_ALLOW_DELETES)
    return g_strdup_printf ("the provider no longer has %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " records, which would be"
                            " marked as deleted: nobody is asked for up to %d, and up to %d %% of them",
                            self->affected, self->total, MAX_DELETES, MAX_DELETES_PERCENT);
  return g_strdup_printf ("at least %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " records have another content at the provider:"
                          " nobody is asked while it is no more than half of them", self->affected, self->total);
}
