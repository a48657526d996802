/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-look.h"
#include "tide-run-words.h"
#include "tide-time.h"

static char *
headline_for_completed (const TideRun *run,
                        const char    *what)
{
  const TideCounts *counts = &run->counts;
  g_autofree char *read = tide_format_number (counts->read);
  g_autofree char *well = tide_format_number (counts->read - counts->failed);
  g_autofree char *moved = tide_format_number (counts->created + counts->updated + counts->deleted);
  gint64 n_moved = counts->created + counts->updated + counts->deleted;

  if (counts->failed > 0)
    return g_strdup_printf (_("%s: %s of %s went well"), what, well, read);
  if (n_moved == 0)
    return g_strdup_printf (_("%s: nothing had changed"), what);
  return g_strdup_printf (ngettext ("%s: %s record came or changed", "%s: %s records came or changed", (gulong)n_moved),
                          what, moved);
}

/**
 * tide_run_words_headline:
 * @what: what was synced: "Orders"
 *
 * Returns: (transfer full): how it went, what went well first
 */
char *
tide_run_words_headline (const TideRun *run,
                         const char    *what)
{
  g_autofree char *read = tide_format_number (run->counts.read);

  switch (run->status)
    {
    case TIDE_RUN_PENDING:
      return g_strdup_printf (_("%s: waits its turn"), what);
    case TIDE_RUN_PROCESSING:
      return g_strdup_printf (_("%s: syncing now"), what);
    case TIDE_RUN_FAILED:
      if (run->counts.read == 0)
        return g_strdup_printf (_("%s could not be synced"), what);
      return g_strdup_printf (_("%s: %s came, then it failed"), what, read);
    case TIDE_RUN_CANCELLED:
      return g_strdup_printf (_("%s: stopped after %s"), what, read);
    case TIDE_RUN_PAUSED:
      return g_strdup_printf (_("%s: paused after %s"), what, read);
    case TIDE_RUN_AWAITING_APPROVAL:
      return g_strdup_printf (_("%s: waits for your decision"), what);
    case TIDE_RUN_COMPLETED:
    default:
      return headline_for_completed (run, what);
    }
}

static char *
dup_asked (const char *requested_by)
{
  if (g_strcmp0 (requested_by, "owner") == 0)
    return g_strdup (_("asked by you"));
  if (g_strcmp0 (requested_by, "schedule") == 0)
    return g_strdup (_("asked by the schedule"));
  return g_strdup_printf (_("asked by %s"), tide_look_get_asker (requested_by));
}

/**
 * tide_run_words_line:
 *
 * Returns: (transfer full): where, asked by whom, when, and how long it took
 */
char *
tide_run_words_line (const TideRun *run,
                     gint64         now,
                     GTimeZone     *zone)
{
  gint64 start = run->started_at > 0 ? run->started_at : run->requested_at;
  g_autofree char *when = tide_format_moment (start, now, zone);
  g_autofree char *asked = dup_asked (run->requested_by);
  g_autofree char *took = NULL;
  g_autofree char *duration = NULL;

  if (run->started_at > 0 && run->ended_at > 0)
    {
      duration = tide_format_duration_long (run->ended_at - run->started_at);
      took = g_strdup_printf (_("took %s"), duration);
    }
  return g_strjoin (" · ", run->connection_name, asked, when, took, NULL);
}

/**
 * tide_run_words_read:
 *
 * Returns: (transfer full): how many records were read
 */
char *
tide_run_words_read (const TideRun *run)
{
  g_autofree char *read = tide_format_number (run->counts.read);
  g_autofree char *deleted = tide_format_number (run->counts.deleted);

  if (run->counts.deleted > 0)
    return g_strdup_printf (_("%s read, every one accounted for; %s no longer there"), read, deleted);
  return g_strdup_printf (_("%s read, every one accounted for"), read);
}

/**
 * tide_run_words_expected:
 * @equal: (out): whether the provider counts the same
 *
 * Returns: (transfer full) (nullable): how that compares with what the provider says there is, %NULL
 *    where it does not say, or where the run did not get to the end
 */
char *
tide_run_words_expected (const TideRun *run,
                         gboolean      *equal)
{
  g_autofree char *expected = NULL;

  if (run->expected < 0 || run->status != TIDE_RUN_COMPLETED)
    return NULL;
  *equal = run->expected == run->counts.read;
  if (*equal)
    return g_strdup (_("equals what was announced"));
  expected = tide_format_number (run->expected);
  return g_strdup_printf (_("%s were announced"), expected);
}

/**
 * tide_run_words_progress:
 *
 * Returns: (transfer full): how far it is, how fast, and how long still
 */
char *
tide_run_words_progress (const TideRunProgress *progress)
{
  g_autofree char *read = tide_format_number (progress->counts.read);
  g_autofree char *rate = tide_format_number ((gint64)progress->rate);
  g_autofree char *expected = tide_format_number (progress->expected);
  g_autofree char *left = progress->remaining >= 0 ? tide_format_duration_long (progress->remaining) : NULL;

  if (progress->waiting != NULL)
    return g_strdup (progress->waiting);
  if (progress->expected > 0 && left != NULL)
    return g_strdup_printf (_("%s of %s, %s a second, about %s left"), read, expected, rate, left);
  if (progress->expected > 0)
    return g_strdup_printf (_("%s of %s, %s a second"), read, expected, rate);
  return g_strdup_printf (_("%s so far, %s a second"), read, rate);
}
