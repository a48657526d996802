/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-retry.h"

#include "tide-error.h"
#include "tide-time.h"

/* After so many attempts in a row that brought nothing, and after so many with whatever came of them, the run is given
 * up. The stream is not: its next slot asks anew, and reads on from the cursor. */
#define MAX_STALLED 5
#define MAX_ATTEMPTS 20

#define FIRST_WAIT (5 * TIDE_SECOND)
#define LONGEST_WAIT (5 * TIDE_MINUTE)
#define SHORTEST_WAIT TIDE_SECOND

/* What may be different at the next try. The rest waits for somebody, or for the provider to be mended. */
static gboolean
is_worth_retrying (const GError *error)
{
  return g_error_matches (error, TIDE_ERROR, TIDE_ERROR_PROVIDER) ||
         g_error_matches (error, TIDE_ERROR, TIDE_ERROR_BUSY) ||
         g_error_matches (error, TIDE_ERROR, TIDE_ERROR_NO_SPACE) ||
         g_error_matches (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
}

static gint64
get_longest_wait (guint stalled)
{
  gint64 wait = FIRST_WAIT;

  for (guint i = 0; i < stalled && wait < LONGEST_WAIT; i++)
    wait *= 2;
  return MIN (wait, LONGEST_WAIT);
}

/**
 * tide_retry_decide:
 * @run: as its attempt has left it: attempts and stalled count this one
 * @error: why it failed
 * @now: instant
 * @hold: instant until which the provider asked to be left alone; 0 if it did not
 * @random: from 0 to 1
 *
 * Decides whether and when a run is tried again: exponential with full jitter, so that many venues whose provider was
 * away do not come back together. Pure.
 *
 * Returns: what becomes of the run
 */
TideRetry
tide_retry_decide (const TideRun *run,
                   const GError  *error,
                   gint64         now,
                   gint64         hold,
                   double         random)
{
  gint64 longest = get_longest_wait (run->stalled);
  gint64 wait = SHORTEST_WAIT + (gint64)(random * (double)(longest - SHORTEST_WAIT));

  if (!is_worth_retrying (error) || run->stalled >= MAX_STALLED || run->attempts >= MAX_ATTEMPTS)
    return (TideRetry) { .status = TIDE_RUN_FAILED };
  return (TideRetry) { .status = TIDE_RUN_PENDING, .due_at = MAX (now + wait, hold) };
}
