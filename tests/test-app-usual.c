/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-usual"

#include <locale.h>

#include "tide-run-entry.h"
#include "tide-run-words.h"
#include "tide-look.h"
#include "tide-time.h"
#include "tide-usual.h"

/* What is said about one run: how it went, what it waits for, and whether it is as usual. */

#define NOON (1793016000 * TIDE_SECOND) /* 26 October 2026, 12:00 UTC: in Paris, 13:00 */

static TideRun *
run_new (TideRunStatus status,
         gint64        created)
{
  const TideRun run = {
    .sync_id = (char *)"r", .connection_id = 1, .connection_name = (char *)"Till", .venue_name = (char *)"Quay",
    .provider = (char *)"square", .stream = (char *)"orders", .entity = (char *)"orders", .status = status,
    .requested_by = (char *)"schedule", .requested_at = NOON, .started_at = NOON, .ended_at = NOON + TIDE_SECOND,
    .counts = { .read = created, .created = created }, .expected = -1,
  };

  return tide_run_copy (&run);
}

static TideUsual *
usual_new (int   hour,
           guint n_days)
{
  g_autoptr(GPtrArray) bands = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_band_free);
  TideRunBand *band = g_new0 (TideRunBand, 1);

  band->connection_id = 1;
  band->stream = g_strdup ("orders");
  band->hour = hour;
  band->usual = 220;
  band->low = 180;
  band->high = 260;
  band->n_days = n_days;
  g_ptr_array_add (bands, band);
  return tide_usual_new (g_steal_pointer (&bands));
}

static void
check (TideUsual        *usual,
       gint64            created,
       TideUsualVerdict  expected)
{
  g_autoptr(TideRun) run = run_new (TIDE_RUN_COMPLETED, created);

  g_assert_cmpint (tide_usual_judge (usual, run), ==, expected);
}

static void
test_verdicts (void)
{
  g_autoptr(TideUsual) usual = usual_new (13, 20);

  tide_usual_set_zone (usual, 1, "Europe/Paris");
  check (usual, 179, TIDE_USUAL_FEWER);
  check (usual, 180, TIDE_USUAL_EXPECTED);
  check (usual, 220, TIDE_USUAL_EXPECTED);
  check (usual, 260, TIDE_USUAL_EXPECTED);
  check (usual, 261, TIDE_USUAL_MORE);
}

/* The hour is that of the venue's wall clock; another hour tells nothing. */
static void
test_hours (void)
{
  g_autoptr(TideUsual) paris = usual_new (12, 20);
  g_autoptr(TideUsual) london = usual_new (12, 20);

  tide_usual_set_zone (paris, 1, "Europe/Paris");
  tide_usual_set_zone (london, 1, "Europe/London");
  check (paris, 5, TIDE_USUAL_UNKNOWN);
  check (london, 5, TIDE_USUAL_FEWER);
}

static void
test_unknown (void)
{
  g_autoptr(TideUsual) usual = usual_new (12, 20);
  g_autoptr(TideUsual) young = usual_new (12, 13);
  g_autoptr(TideRun) failed = run_new (TIDE_RUN_FAILED, 0);
  g_autoptr(TideRun) rehearsed = run_new (TIDE_RUN_COMPLETED, 0);
  g_autoptr(TideRun) part = run_new (TIDE_RUN_COMPLETED, 0);
  g_autofree char *hint = tide_usual_dup_hint (6);

  tide_usual_set_zone (usual, 1, "UTC");
  tide_usual_set_zone (young, 1, "UTC");
  rehearsed->dry_run = TRUE;
  part->ids = g_strdup ("[\"a\"]");
  g_assert_cmpint (tide_usual_judge (usual, failed), ==, TIDE_USUAL_UNKNOWN);
  g_assert_cmpint (tide_usual_judge (usual, rehearsed), ==, TIDE_USUAL_UNKNOWN);
  g_assert_cmpint (tide_usual_judge (usual, part), ==, TIDE_USUAL_UNKNOWN);
  g_assert_cmpint (tide_usual_judge (NULL, part), ==, TIDE_USUAL_UNKNOWN);
  check (young, 0, TIDE_USUAL_UNKNOWN);
  g_assert_true (tide_usual_is_known (usual, 1, "orders"));
  g_assert_false (tide_usual_is_known (young, 1, "orders"));
  g_assert_false (tide_usual_is_known (usual, 2, "orders"));
  g_assert_cmpstr (hint, ==, "What is usual is known after 14 days; 6 so far");
}

static void
test_notes (void)
{
  g_autoptr(TideUsual) usual = usual_new (12, 20);
  g_autoptr(TideRun) run = run_new (TIDE_RUN_COMPLETED, 900);
  g_autoptr(TideRun) other = run_new (TIDE_RUN_COMPLETED, 200);
  g_autoptr(TideRunEntry) entry = tide_run_entry_new (run);
  g_autofree char *note = NULL;
  g_autofree char *text = NULL;

  tide_usual_set_zone (usual, 1, "UTC");
  text = tide_usual_dup_note (usual, run);
  g_assert_cmpstr (text, ==, "More than usual: 900 came or changed, usually 180 to 260 at this hour");
  g_assert_null (tide_usual_dup_note (usual, other));
  tide_run_entry_judge (entry, usual);
  g_object_get (entry, "note", &note, NULL);
  g_assert_cmpstr (note, ==, text);
  g_assert_cmpint (tide_run_entry_get_verdict (entry), ==, TIDE_USUAL_MORE);
}

/* Amber and silent while it is tried again; red once it was given up. */
static void
test_looks (void)
{
  g_autoptr(TideRun) retrying = run_new (TIDE_RUN_PENDING, 0);
  g_autoptr(TideRun) waiting = run_new (TIDE_RUN_PENDING, 0);
  g_autoptr(TideRun) failed = run_new (TIDE_RUN_FAILED, 0);
  g_autoptr(TideRun) asks = run_new (TIDE_RUN_AWAITING_APPROVAL, 0);
  g_autoptr(TideRun) again = run_new (TIDE_RUN_COMPLETED, 3);

  retrying->error_code = g_strdup ("provider");
  retrying->due_at = NOON + TIDE_MINUTE;
  again->attempts = 2;
  g_assert_cmpstr (tide_look_for_run (retrying).style, ==, "tide-late");
  g_assert_false (tide_run_has_problem (retrying));
  g_assert_cmpstr (tide_look_for_run (waiting).style, ==, "tide-quiet");
  g_assert_cmpstr (tide_look_for_run (failed).style, ==, "tide-bad");
  g_assert_true (tide_run_has_problem (failed));
  g_assert_cmpstr (tide_look_for_run (asks).style, ==, "tide-bad");
  g_assert_true (tide_run_has_problem (asks));
  g_assert_cmpstr (tide_look_for_run (again).word, ==, "Retried, done");
}

static void
check_wait (TideRunStatus  status,
            guint          attempts,
            const char    *expected)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(TideRun) run = run_new (status, 0);
  g_autofree char *text = NULL;

  run->attempts = attempts;
  run->error_code = g_strdup ("provider");
  run->due_at = NOON + 31 * TIDE_MINUTE;
  text = tide_run_words_wait (run, NOON, utc);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_waiting (void)
{
  check_wait (TIDE_RUN_PENDING, 2, "Tried 2 times; next try 12:31");
  check_wait (TIDE_RUN_PENDING, 1, "Tried once; next try 12:31");
  check_wait (TIDE_RUN_COMPLETED, 2, NULL);
  check_wait (TIDE_RUN_FAILED, 2, NULL);
}

static void
check_scope (const char *ids,
             const char *filters,
             const char *expected)
{
  g_autoptr(TideRun) run = run_new (TIDE_RUN_COMPLETED, 0);
  g_autofree char *text = NULL;

  run->ids = g_strdup (ids);
  run->filters = g_strdup (filters);
  text = tide_run_words_scope (run);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_scope (void)
{
  check_scope (NULL, NULL, NULL);
  check_scope ("[\"A1\"]", NULL, "Only this record: A1");
  check_scope ("[\"A1\", \"ABCDEFGHIJKLMNOP\"]", NULL, "Only these 2 records: A1 and …IJKLMNOP");
  check_scope ("[\"a\", \"b\", \"c\", \"d\", \"e\"]", NULL, "Only these 5 records: a, b, c and 2 more");
  check_scope (NULL, "{\"state\": \"OPEN\", \"location_id\": \"L1\"}", "Only where state is OPEN and location id is L1");
  check_scope ("[\"a\"]", "{\"state\": \"OPEN\"}", "Only this record: a; and only where state is OPEN");
  check_scope ("nonsense", "[]", NULL);
}

static void
test_rehearsals (void)
{
  g_autoptr(TideRun) run = run_new (TIDE_RUN_COMPLETED, 2);
  g_autofree char *headline = NULL;

  run->dry_run = TRUE;
  headline = tide_run_words_headline (run, "Customers");
  g_assert_cmpstr (headline, ==, "Customers: would create 2 and change 0");
}

static void
test_approvals (void)
{
  g_autoptr(TideRun) run = run_new (TIDE_RUN_AWAITING_APPROVAL, 0);
  const TideApproval deletes = { .kind = TIDE_RUN_ALLOW_DELETES, .affected = 28, .total = 39 };
  const TideApproval changes = { .kind = TIDE_RUN_ALLOW_CHANGES, .affected = 300, .total = 500 };
  g_autofree char *of_deletes = tide_run_words_approval (run, &deletes);
  g_autofree char *of_changes = tide_run_words_approval (run, &changes);

  g_assert_cmpstr (of_deletes, ==, "It would mark 28 of 39 records as deleted");
  g_assert_cmpstr (of_changes, ==, "It would change 300 of 500 records");
}

static void
test_rates (void)
{
  g_autofree char *second = tide_run_words_rate (3, 5, TIDE_SECOND);
  g_autofree char *minute = tide_run_words_rate (38, 500, TIDE_MINUTE);
  g_autofree char *other = tide_run_words_rate (1, 20, 10 * TIDE_SECOND);

  g_assert_cmpstr (second, ==, "3 of 5 requests a second used");
  g_assert_cmpstr (minute, ==, "38 of 500 requests a minute used");
  g_assert_cmpstr (other, ==, "1 of 20 requests in 10 seconds used");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usual/verdicts", test_verdicts);
  g_test_add_func ("/usual/hours", test_hours);
  g_test_add_func ("/usual/unknown", test_unknown);
  g_test_add_func ("/usual/notes", test_notes);
  g_test_add_func ("/run-words/looks", test_looks);
  g_test_add_func ("/run-words/waiting", test_waiting);
  g_test_add_func ("/run-words/scope", test_scope);
  g_test_add_func ("/run-words/rehearsals", test_rehearsals);
  g_test_add_func ("/run-words/approvals", test_approvals);
  g_test_add_func ("/run-words/rates", test_rates);
  return g_test_run ();
}
