/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "tide-format.h"
#include "tide-look.h"
#include "tide-run-words.h"
#include "tide-time.h"

/* Of a record's id only the end: it is enough to tell it by, and the rest of most ids is noise. */
#define NAMED_IDS 3
#define ID_TAIL 8

static char *
headline_for_rehearsed (const TideCounts *counts,
                        const char       *what)
{
  g_autofree char *created = tide_format_number (counts->created);
  g_autofree char *updated = tide_format_number (counts->updated);
  g_autofree char *deleted = tide_format_number (counts->deleted);

  if (counts->created + counts->updated + counts->deleted == 0)
    return g_strdup_printf (_("%s: nothing would change"), what);
  if (counts->deleted == 0)
    return g_strdup_printf (_("%s: would create %s and change %s"), what, created, updated);
  return g_strdup_printf (_("%s: would create %s, change %s and delete %s"), what, created, updated, deleted);
}

static char *
headline_for_completed (const TideRun *run,
                        const char    *what)
{
  const TideCounts *counts = &run->counts;
  g_autofree char *read = tide_format_number (counts->read);
  g_autofree char *well = tide_format_number (counts->read - counts->failed);
  g_autofree char *moved = tide_format_number (counts->created + counts->updated + counts->deleted);
  gint64 n_moved = counts->created + counts->updated + counts->deleted;

  if (run->dry_run)
    return headline_for_rehearsed (counts, what);
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
      if (tide_run_is_retrying (run))
        return g_strdup_printf (_("%s: will be tried again by itself"), what);
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

  if (run->started_at > 0 && run->ended_at > 0 && tide_run_is_over (run))
    {
      duration = tide_format_duration_long (run->ended_at - run->started_at);
      took = g_strdup_printf (_("took %s"), duration);
    }
  return g_strjoin (" · ", run->connection_name, asked, when, took, NULL);
}

/**
 * tide_run_words_wait:
 *
 * Returns: (transfer full) (nullable): for a run that has not ended, what it waits for and what comes next:
 *    "Tried 2 times; next try 12:31"
 */
char *
tide_run_words_wait (const TideRun *run,
                     gint64         now,
                     GTimeZone     *zone)
{
  int attempts = (int)run->attempts;
  g_autofree char *next = tide_format_next (run->due_at, now, zone);

  if (run->status == TIDE_RUN_PAUSED)
    return g_strdup (_("Paused. What has come stays; it goes on from there when you resume it."));
  if (!tide_run_is_retrying (run))
    return NULL;
  if (run->due_at <= now)
    return g_strdup_printf (ngettext ("Tried %d time; tried again at its next turn",
                                      "Tried %d times; tried again at its next turn", (gulong)attempts), attempts);
  if (attempts <= 1)
    return g_strdup_printf (_("Tried once; next try %s"), next);
  return g_strdup_printf (ngettext ("Tried %d time; next try %s", "Tried %d times; next try %s", (gulong)attempts),
                          attempts, next);
}

/**
 * tide_run_words_approval:
 * @run: a run that waits for its owner's decision
 * @approval: (nullable): what it asks, where that is known
 *
 * Returns: (transfer full): what would happen if it went on
 */
char *
tide_run_words_approval (const TideRun      *run,
                         const TideApproval *approval)
{
  g_autofree char *affected = approval != NULL ? tide_format_number (approval->affected) : NULL;
  g_autofree char *total = approval != NULL ? tide_format_number (approval->total) : NULL;

  if (approval == NULL)
    return g_strdup (run->error_message != NULL ? run->error_message : _("It waits for your decision"));
  if (approval->kind == TIDE_RUN_ALLOW_DELETES)
    return g_strdup_printf (ngettext ("It would mark %s of %s records as deleted",
                                      "It would mark %s of %s records as deleted", (gulong)approval->affected),
                            affected, total);
  return g_strdup_printf (ngettext ("It would change %s of %s records", "It would change %s of %s records",
                                    (gulong)approval->affected), affected, total);
}

/* Of {"a": "x", "b": "y"}: "a is x, b is y" */
static char *
describe_filters (const char *filters)
{
  g_autoptr(JsonNode) root = filters != NULL ? json_from_string (filters, NULL) : NULL;
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING
                              ? g_strdup (json_node_get_string (value)) : json_to_string (value, FALSE);
      g_autofree char *label = g_strdelimit (g_strdup (name), "_-", ' ');

      /* Translators: the name of a field, what it must be: "state is OPEN" */
      g_ptr_array_add (words, g_strdup_printf (_("%s is %s"), label, text));
    }
  return words->len > 0 ? tide_format_list (words, words->len) : NULL;
}

static char *
describe_ids (const char *ids)
{
  g_autoptr(JsonNode) root = ids != NULL ? json_from_string (ids, NULL) : NULL;
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  JsonArray *array;
  guint n;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return NULL;
  array = json_node_get_array (root);
  n = json_array_get_length (array);
  for (guint i = 0; i < n; i++)
    {
      const char *id = json_array_get_string_element (array, i);
      gsize length = id != NULL ? strlen (id) : 0;

      g_ptr_array_add (words, length > ID_TAIL + 2 ? g_strdup_printf ("…%s", id + length - ID_TAIL) : g_strdup (id));
    }
  list = tide_format_list (words, NAMED_IDS);
  if (n == 1)
    return g_strdup_printf (_("Only this record: %s"), list);
  return g_strdup_printf (ngettext ("Only this %d record: %s", "Only these %d records: %s", n), (int)n, list);
}

/**
 * tide_run_words_scope:
 *
 * Returns: (transfer full) (nullable): which records it was asked for, %NULL where it was all of them
 */
char *
tide_run_words_scope (const TideRun *run)
{
  g_autofree char *ids = describe_ids (run->ids);
  g_autofree char *filters = describe_filters (run->filters);

  if (ids != NULL && filters != NULL)
    return g_strdup_printf (_("%s; and only where %s"), ids, filters);
  if (filters != NULL)
    return g_strdup_printf (_("Only where %s"), filters);
  return g_steal_pointer (&ids);
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

  if (run->counts.deleted > 0 && !run->dry_run)
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

/* "a second", "a minute", "10 seconds" */
static char *
describe_span (gint64 per)
{
  int seconds = (int)(per / TIDE_SECOND);

  if (per == TIDE_SECOND)
    return g_strdup (_("a second"));
  if (per == TIDE_MINUTE)
    return g_strdup (_("a minute"));
  if (per == TIDE_HOUR)
    return g_strdup (_("an hour"));
  if (per == TIDE_DAY)
    return g_strdup (_("a day"));
  return g_strdup_printf (ngettext ("in %d second", "in %d seconds", (gulong)seconds), seconds);
}

/**
 * tide_run_words_rate:
 * @used: requests sent in the last @per
 * @limit: how many may be
 * @per: microseconds
 *
 * Returns: (transfer full): "3 of 5 requests a second used"
 */
char *
tide_run_words_rate (guint  used,
                     guint  limit,
                     gint64 per)
{
  g_autofree char *span = describe_span (per);
  g_autofree char *used_text = tide_format_number (used);
  g_autofree char *limit_text = tide_format_number (limit);

  /* Translators: two numbers, then "a second" or the like */
  return g_strdup_printf (_("%s of %s requests %s used"), used_text, limit_text, span);
}

/**
 * tide_run_words_held:
 * @until: instant until which the service has asked to be left alone, 0 for none
 *
 * Returns: (transfer full) (nullable): the same in words, %NULL where it has not, or not any more
 */
char *
tide_run_words_held (gint64     until,
                     gint64     now,
                     GTimeZone *zone)
{
  g_autofree char *clock = tide_format_next (until, now, zone);

  if (until <= now)
    return NULL;
  return g_strdup_printf (_("It has asked to be left alone until %s"), clock);
}
