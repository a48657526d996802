/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sync-brakes"

#include <string.h>

#include "sync-fixture.h"
#include "tide-approval-rows.h"
#include "tide-run-brake.h"

/* What a run does not do without being asked. */

#define LIVE "SELECT count(*) FROM toy_items WHERE _deleted = 0"
#define CONTENT "SELECT _id, _hash, _deleted, _raw FROM toy_items ORDER BY _id"
#define STATES "SELECT partition, state FROM sync_state"
#define QUESTIONS "SELECT kind, affected, total, state FROM approvals ORDER BY id"

#define INCREMENTAL ", \"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}"

static void
remove_items (SyncFixture *fixture,
              guint        first,
              guint        last)
{
  for (guint id = first; id <= last; id++)
    toy_remove (fixture->toy, id);
}

/* Edits that the list's order does not show. */
static void
touch_items (SyncFixture *fixture,
             guint        first,
             guint        last,
             int          updated)
{
  for (guint id = first; id <= last; id++)
    toy_touch (fixture->toy, id, updated);
}

/* The provider says that they are gone. */
static void
mark_items (SyncFixture *fixture,
            guint        first,
            guint        last,
            int          updated)
{
  touch_items (fixture, first, last, updated);
  g_mutex_lock (&fixture->provider.mutex);
  for (guint i = first - 1; i < last; i++)
    {
      g_free (g_array_index (fixture->toy->records, ToyRecord, i).place);
      g_array_index (fixture->toy->records, ToyRecord, i).place = g_strdup ("gone");
    }
  g_mutex_unlock (&fixture->provider.mutex);
}

static void
assert_held (SyncFixture *fixture,
             const char  *words)
{
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_AWAITING_APPROVAL);
  g_assert_null (fixture->run->error_code);
  g_assert_nonnull (fixture->run->error_message);
  g_assert_nonnull (strstr (fixture->run->error_message, words));
}

/* The owner lets the run through, and it is put back in line. */
static void
approve (SyncFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  g_autoptr(GPtrArray) approvals = NULL;
  const TideApproval *approval;

  g_assert_no_error (error);
  approvals = tide_approval_rows_list (tide_write_get_database (write), TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (approvals->len, ==, 1);
  approval = g_ptr_array_index (approvals, 0);
  g_assert_cmpint (approval->run->id, ==, fixture->run->id);
  g_assert_cmpstr (approval->reason, ==, fixture->run->error_message);
  sync_fixture_put_back (fixture, approval->kind);
  g_assert_true (tide_approval_rows_decide (write, approval->id, TRUE, "owner",
                                            tide_clock_now (TIDE_CLOCK (fixture->provider.clock)), &error));
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}

static void
test_limits (void)
{
  TideRunBrake brake = { 0 };

  g_assert_true (tide_run_brake_check_deletes (&brake, 20, 1000));
  g_assert_false (tide_run_brake_check_deletes (&brake, 21, 1000));
  g_assert_true (tide_run_brake_check_deletes (&brake, 3, 60));
  g_assert_false (tide_run_brake_check_deletes (&brake, 3, 59));
  g_assert_true (tide_run_brake_check_deletes (&brake, 2, 3));
  g_assert_cmpint (brake.kind, ==, TIDE_RUN_ALLOW_DELETES);
  g_assert_cmpint (brake.affected, ==, 3);
  g_assert_cmpint (brake.total, ==, 59);
  g_assert_true (tide_run_brake_check_changes (&brake, 20, 20));
  g_assert_true (tide_run_brake_check_changes (&brake, 21, 42));
  g_assert_false (tide_run_brake_check_changes (&brake, 21, 41));
  g_assert_cmpint (brake.kind, ==, TIDE_RUN_ALLOW_CHANGES);
}

/* Three of sixty pass, three of fifty-seven are asked about; let through, the run lists anew and does it. */
static void
test_deletes (SyncFixture   *fixture,
              gconstpointer  data)
{
  TideRun *run;

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  remove_items (fixture, 1, 3);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.deleted, ==, 3);

  remove_items (fixture, 4, 6);
  toy_touch (fixture->toy, 61, 70);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  assert_held (fixture, "no longer has 3 of 57 records");
  g_assert_cmpint (run->counts.deleted, ==, 0);
  /* The pages before the sweep are good. */
  g_assert_cmpint (run->counts.read, ==, 55);
  sync_fixture_assert (fixture, LIVE, "58");
  sync_fixture_assert (fixture, QUESTIONS, "deletes|3|57|open");

  approve (fixture);
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_null (run->error_message);
  g_assert_cmpint (run->counts.deleted, ==, 3);
  g_assert_cmpint (run->counts.read, ==, 110);
  g_assert_cmpint (run->expected, ==, 110);
  sync_fixture_assert (fixture, LIVE, "55");
  sync_fixture_assert (fixture, QUESTIONS, "deletes|3|57|approved");
}

/* A stream that is read by its cursor lists anew too, if it is a sweep that was let through. */
static void
test_deletes_incremental (SyncFixture   *fixture,
                          gconstpointer  data)
{
  sync_fixture_load (fixture, "]" INCREMENTAL);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_INCREMENTAL);
  /* How far it was read is lost, so that an increment is a listing. */
  sync_fixture_execute (fixture, "DELETE FROM sync_state");
  remove_items (fixture, 1, 10);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_INCREMENTAL);
  assert_held (fixture, "10 of 60");
  approve (fixture);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 10);
  sync_fixture_assert (fixture, LIVE, "50");
}

/* Let go of beforehand, or for good, or because it only pretends. */
static void
test_let_go (SyncFixture   *fixture,
             gconstpointer  data)
{
  const TideRun allowed = { .mode = TIDE_RUN_MODE_FULL, .allowed = TIDE_RUN_ALLOW_DELETES | TIDE_RUN_ALLOW_CHANGES };
  const TideRun dry = { .mode = TIDE_RUN_MODE_FULL, .dry_run = TRUE };

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  remove_items (fixture, 1, 10);
  touch_items (fixture, 11, 60, 9000);
  sync_fixture_ask_full (fixture, &dry);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 10);
  g_assert_cmpint (fixture->run->counts.updated, ==, 50);

  sync_fixture_ask_full (fixture, &allowed);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 10);
  g_assert_cmpint (fixture->run->counts.updated, ==, 50);

  remove_items (fixture, 11, 20);
  touch_items (fixture, 21, 60, 9060);
  fixture->job.brakes = FALSE;
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 10);
  sync_fixture_assert (fixture, QUESTIONS, "");
}

/* That nothing is left is asked about even where the brakes are off, and done when it is allowed. */
static void
test_none_listed (SyncFixture   *fixture,
                  gconstpointer  data)
{
  const TideRun allowed = { .mode = TIDE_RUN_MODE_FULL, .allowed = TIDE_RUN_ALLOW_DELETES };

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  remove_items (fixture, 1, 60);
  fixture->job.brakes = FALSE;
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  assert_held (fixture, "none of the 60 records");
  sync_fixture_assert (fixture, LIVE, "60");
  sync_fixture_assert (fixture, QUESTIONS, "deletes|60|60|open");

  sync_fixture_ask_full (fixture, &allowed);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  sync_fixture_assert (fixture, LIVE, "0");
}

/* Half of sixty may change; more are asked about before they are. */
static void
test_changes (SyncFixture   *fixture,
              gconstpointer  data)
{
  g_autofree char *content = NULL;
  g_autofree char *states = NULL;
  TideRun *run;

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  touch_items (fixture, 1, 30, 9000);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.updated, ==, 30);

  content = sync_fixture_query (fixture, CONTENT);
  states = sync_fixture_query (fixture, STATES);
  touch_items (fixture, 1, 31, 9060);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  assert_held (fixture, "at least 31 of 60 records");
  sync_fixture_assert (fixture, QUESTIONS, "changes|31|60|open");
  /* The page that tripped it is not there; those before are. */
  g_assert_cmpint (run->counts.updated, ==, 28);
  g_assert_cmpint (run->pages, ==, 7);
  sync_fixture_assert (fixture, "SELECT count(*) FROM record_changes WHERE run_id = (SELECT max(id) FROM sync_runs)", "28");

  approve (fixture);
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.read, ==, 60);
  g_assert_cmpint (run->counts.updated, ==, 31);
  g_assert_cmpint (run->counts.unchanged, ==, 29);
}

static void
fail_from (ProviderCall *call,
           gpointer      user_data)
{
  const char *cursor = provider_call_get (call, "cursor");

  if (cursor != NULL && g_ascii_strtoull (cursor + strlen ("c-"), NULL, 10) >= *(guint *)user_data)
    call->status = 500;
}

/* What the attempts before have changed counts as well. */
static void
test_changes_add_up (SyncFixture   *fixture,
                     gconstpointer  data)
{
  guint at = 24;

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  touch_items (fixture, 1, 31, 9000);
  toy_set_fault (fixture->toy, fail_from, &at);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpint (fixture->run->counts.updated, ==, 24);
  toy_set_fault (fixture->toy, NULL, NULL);
  sync_fixture_go (fixture);
  assert_held (fixture, "at least 31 of 60 records");
}

/* Columns that were filled again are no change. */
static void
test_retyping (SyncFixture   *fixture,
               gconstpointer  data)
{
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  sync_fixture_load (fixture, ", {\"name\": \"created_at\", \"type\": \"instant\"}]");
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.unchanged, ==, 60);
  sync_fixture_assert (fixture, "SELECT count(*) FROM toy_items WHERE created_at IS NULL", "0");
}

/* From the eighth page on the first records come once more, with another content. */
static void
repeat (ProviderCall *call,
        gpointer      user_data)
{
  const char *cursor = provider_call_get (call, "cursor");
  guint place = cursor != NULL ? (guint)g_ascii_strtoull (cursor + strlen ("c-"), NULL, 10) : 0;

  for (guint i = 1; place >= 28 && i <= 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("\"id\": \"r%u\"", place + i);
      g_autofree char *other = g_strdup_printf ("\"id\": \"r%u\"", place - 28 + i);

      g_string_replace (call->answer, id, other, 0);
    }
}

/* What the run itself has brought may change as it likes. */
static void
test_own_records (SyncFixture   *fixture,
                  gconstpointer  data)
{
  guint at = 4;

  fixture->job.retries = FALSE;
  toy_set_fault (fixture->toy, fail_from, &at);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->counts.created, ==, 4);
  toy_set_fault (fixture->toy, repeat, NULL);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.created, ==, 28);
  g_assert_cmpint (fixture->run->counts.updated, ==, 28);
}

/* Deletions that the provider tells of in an increment count like those that a listing finds. */
static void
test_notices (SyncFixture   *fixture,
              gconstpointer  data)
{
  sync_fixture_load (fixture, "]" INCREMENTAL);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_INCREMENTAL);
  mark_items (fixture, 1, 3, 9000);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 3);
  sync_fixture_assert (fixture, LIVE, "57");

  mark_items (fixture, 4, 6, 9060);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_INCREMENTAL);
  assert_held (fixture, "3 of 57");
  sync_fixture_assert (fixture, LIVE, "57");
  sync_fixture_assert (fixture, QUESTIONS, "deletes|3|57|open");
  approve (fixture);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  sync_fixture_assert (fixture, LIVE, "54");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n, func) \
  g_test_add ("/brakes/" path, SyncFixture, GUINT_TO_POINTER (n), sync_fixture_set_up, func, sync_fixture_tear_down)
  g_test_add_func ("/brakes/limits", test_limits);
  ADD ("deletes", 60, test_deletes);
  ADD ("deletes-incremental", 60, test_deletes_incremental);
  ADD ("let-go", 60, test_let_go);
  ADD ("none-listed", 60, test_none_listed);
  ADD ("changes", 60, test_changes);
  ADD ("changes-add-up", 60, test_changes_add_up);
  ADD ("retyping", 60, test_retyping);
  ADD ("own-records", 60, test_own_records);
  ADD ("notices", 60, test_notices);

  return g_test_run ();
}
