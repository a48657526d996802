/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sync-parts"

#include <string.h>

#include "sync-fixture.h"
#include "tide-failure-rows.h"

/* Runs that do less than they could: of some records only, or as if. */

#define LIVE "SELECT count(*) FROM toy_items WHERE _deleted = 0"
#define CONTENT "SELECT _id, _hash, _deleted, _changed_run, _raw FROM toy_items ORDER BY _id"
#define STATES "SELECT partition, state FROM sync_state"
#define SEEN "SELECT count(*) FROM sync_seen"

#define INCREMENTAL ", \"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}"

/* Answers "/one/ID" out of the whole list, which is what the toy answers to everything. */
static void
look_up (ProviderCall *call,
         gpointer      user_data)
{
  g_autofree char *mark = NULL;
  g_autofree char *record = NULL;
  const char *begin;

  if (!g_str_has_prefix (call->path, "/one/"))
    return;
  mark = g_strdup_printf ("{\"id\": \"%s\"", call->path + strlen ("/one/"));
  begin = strstr (call->answer->str, mark);
  if (begin == NULL)
    {
      call->status = 404;
      g_string_assign (call->answer, "{}");
      return;
    }
  record = g_strndup (begin, (gsize)(strchr (begin, '}') - begin) + 1);
  g_string_printf (call->answer, "{\"item\": %s}", record);
}

static void
add_failure (SyncFixture *fixture,
             const char  *id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (tide_failure_rows_put (write, fixture->connection_id, "items", fixture->run->id, id, "odd", "{}",
                                        PROVIDER_NOW, &error));
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}

/* Just these records, and nothing of it moves the cursor or the others. */
static void
test_ids (SyncFixture   *fixture,
          gconstpointer  data)
{
  const TideRun wanted = { .mode = TIDE_RUN_MODE_FULL, .ids = (char *)"[\"r3\", \"r4\", \"r5\", \"r99\"]" };
  g_autofree char *states = NULL;
  TideRun *run;

  sync_fixture_load (fixture, "]" INCREMENTAL);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_INCREMENTAL);
  states = sync_fixture_query (fixture, STATES);
  add_failure (fixture, "r3");
  add_failure (fixture, "r5");
  add_failure (fixture, "r6");
  toy_touch (fixture->toy, 3, 9000);
  toy_touch (fixture->toy, 6, 9000);
  toy_remove (fixture->toy, 5);
  toy_set_fault (fixture->toy, look_up, NULL);

  sync_fixture_ask_full (fixture, &wanted);
  run = sync_fixture_go (fixture);
  g_assert_cmpstr (run->error_message, ==, NULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.read, ==, 2);
  g_assert_cmpint (run->counts.updated, ==, 1);
  g_assert_cmpint (run->counts.unchanged, ==, 1);
  g_assert_cmpint (run->counts.deleted, ==, 0);
  sync_fixture_assert (fixture, STATES, states);
  sync_fixture_assert (fixture, SEEN, "0");
  sync_fixture_assert (fixture, LIVE, "18");
  /* What came through and what is gone is solved; what was not asked for is not. */
  sync_fixture_assert (fixture, "SELECT record_id FROM sync_failures", "r6");
  sync_fixture_assert (fixture, "SELECT count(*) FROM sync_logs WHERE run_id = (SELECT max(id) FROM sync_runs)"
                                " AND message LIKE '%not there any more%'", "2");
}

static void
fail_late (ProviderCall *call,
           gpointer      user_data)
{
  if (g_strcmp0 (provider_call_get (call, "cursor"), "c-8") == 0)
    call->status = 500;
}

/* A listing that was interrupted is gone on with as if nothing had been in between. */
static void
test_in_between (SyncFixture   *fixture,
                 gconstpointer  data)
{
  const TideRun wanted = { .mode = TIDE_RUN_MODE_FULL, .ids = (char *)"[\"r17\"]" };
  g_autoptr(TideRun) listing = NULL;
  g_autofree char *states = NULL;
  g_autofree char *seen = NULL;

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  toy_remove (fixture->toy, 18);
  toy_set_fault (fixture->toy, fail_late, NULL);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PENDING);
  listing = tide_run_ref (fixture->run);
  states = sync_fixture_query (fixture, STATES);
  seen = sync_fixture_query (fixture, "SELECT block, hex (bits) FROM sync_seen");

  toy_set_fault (fixture->toy, look_up, NULL);
  sync_fixture_ask_full (fixture, &wanted);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->counts.unchanged, ==, 1);
  sync_fixture_assert (fixture, STATES, states);
  sync_fixture_assert (fixture, "SELECT block, hex (bits) FROM sync_seen", seen);

  tide_run_unref (fixture->run);
  fixture->run = tide_run_ref (listing);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.read, ==, 17);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 1);
}

static void
test_filters (SyncFixture   *fixture,
              gconstpointer  data)
{
  const TideRun wanted = { .mode = TIDE_RUN_MODE_FULL, .filters = (char *)"{\"place\": \"south\"}" };
  const TideRun broken = { .mode = TIDE_RUN_MODE_FULL, .filters = (char *)"[1]" };

  sync_fixture_ask_full (fixture, &wanted);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.created, ==, 6);
  sync_fixture_assert (fixture, STATES, "");
  sync_fixture_assert (fixture, SEEN, "0");
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->counts.created, ==, 12);

  /* All the others are gone for it, and nothing comes of that. */
  sync_fixture_ask_full (fixture, &wanted);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->counts.unchanged, ==, 6);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 0);
  sync_fixture_assert (fixture, LIVE, "18");

  sync_fixture_ask_full (fixture, &broken);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_FAILED);
}

static char *
print_rehearsed (SyncFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  g_autoptr(GPtrArray) changes = NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  changes = tide_run_rows_get_changes (tide_read_get_database (read), fixture->run, 0, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    {
      const TideRecordChange *change = g_ptr_array_index (changes, i);

      g_string_append_printf (text, "%s %s %s%s\n", change->kind, change->record_id, change->before != NULL ? "<" : "",
                              change->after != NULL ? ">" : "");
      if (g_str_equal (change->kind, "updated"))
        g_assert_cmpstr (change->before, !=, change->after);
    }
  return g_string_free (text, FALSE);
}

/* A dry run tells what would happen, and writes nothing else. */
static void
test_dry (SyncFixture   *fixture,
          gconstpointer  data)
{
  const TideRun dry = { .mode = TIDE_RUN_MODE_FULL, .dry_run = TRUE };
  g_autofree char *content = NULL;
  g_autofree char *states = NULL;
  g_autofree char *changes = NULL;
  TideRun *run;

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  toy_remove (fixture->toy, 18);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->counts.deleted, ==, 1);
  content = sync_fixture_query (fixture, CONTENT);
  states = sync_fixture_query (fixture, STATES);
  toy_touch (fixture->toy, 2, 9000);
  toy_touch (fixture->toy, 18, 1080);
  toy_touch (fixture->toy, 20, 1200);
  toy_remove (fixture->toy, 7);

  /* An attempt that fails leaves nothing that the next one would go on with. */
  toy_set_fault (fixture->toy, fail_late, NULL);
  sync_fixture_ask_full (fixture, &dry);
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpuint (run->stalled, ==, 1);
  toy_set_fault (fixture->toy, NULL, NULL);
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.read, ==, 18);
  g_assert_cmpint (run->counts.created, ==, 1);
  g_assert_cmpint (run->counts.updated, ==, 2);
  g_assert_cmpint (run->counts.deleted, ==, 1);
  changes = print_rehearsed (fixture);
  g_assert_cmpstr (changes, ==, "updated r2 <>\nrestored r18 <>\ncreated r20 >\ndeleted r7 <\n");
  sync_fixture_assert (fixture, CONTENT, content);
  sync_fixture_assert (fixture, STATES, states);
  sync_fixture_assert (fixture, SEEN, "0");
}

/* Only so many are kept. */
static void
test_dry_many (SyncFixture   *fixture,
               gconstpointer  data)
{
  const TideRun dry = { .mode = TIDE_RUN_MODE_FULL, .dry_run = TRUE };

  sync_fixture_ask_full (fixture, &dry);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->counts.created, ==, 1010);
  sync_fixture_assert (fixture, "SELECT count(*), count(DISTINCT record_id) FROM rehearsed_changes", "1000|1000");
  sync_fixture_assert (fixture, "SELECT count(*) FROM toy_items", "0");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n, func) \
  g_test_add ("/parts/" path, SyncFixture, GUINT_TO_POINTER (n), sync_fixture_set_up, func, sync_fixture_tear_down)
  ADD ("ids", 18, test_ids);
  ADD ("in-between", 18, test_in_between);
  ADD ("filters", 18, test_filters);
  ADD ("dry", 18, test_dry);
  ADD ("dry-many", 1010, test_dry_many);

  return g_test_run ();
}
