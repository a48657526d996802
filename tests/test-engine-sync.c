/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-sync"

#include "engine-fixture.h"
#include "tide-error.h"
#include "tide-time.h"

/* Square, end to end: what is read, what is written, what is found deleted. */

static TideCounts
sum_counts (EngineFixture *fixture,
            TideRunStatus  status)
{
  TideCounts sum = { 0 };

  for (guint i = 0; i < fixture->ended->len; i++)
    {
      const TideRun *run = g_ptr_array_index (fixture->ended, i);

      if (run->status != status)
        g_error ("%s: %s: %s", run->stream, tide_run_status_to_name (run->status), run->error_message);
      tide_counts_add (&sum, &run->counts);
    }
  return sum;
}

static void
assert_nothing_changes (EngineFixture *fixture,
                        TideRunMode    mode)
{
  gint64 changes = engine_fixture_query_int (fixture, "SELECT count(*) FROM record_changes");
  TideCounts counts;

  engine_fixture_sync (fixture, NULL, mode);
  counts = sum_counts (fixture, TIDE_RUN_COMPLETED);
  g_assert_cmpint (counts.created + counts.updated + counts.deleted + counts.failed, ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM record_changes"), ==, changes);
}

static void
test_first (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideCounts counts;

  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  counts = sum_counts (fixture, TIDE_RUN_COMPLETED);
  g_assert_cmpint (counts.created, >, 600);
  g_assert_cmpint (counts.created, ==, counts.read);
  g_assert_cmpuint (fixture->n_started, ==, fixture->ended->len);
  g_assert_cmpuint (fixture->ended->len, ==, g_strv_length ((char **)engine_fixture_streams));
  engine_fixture_assert_all (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE status = 'completed'"), ==,
                   fixture->ended->len);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_failures"), ==, 0);
}

static void
test_nothing_new (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  assert_nothing_changes (fixture, TIDE_RUN_MODE_INCREMENTAL);
  assert_nothing_changes (fixture, TIDE_RUN_MODE_FULL);
  assert_nothing_changes (fixture, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_assert_all (fixture);
}

static void
test_one_percent (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideCounts counts;

  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "edit", "{\"entity\": \"orders\", \"percent\": 1}");
  engine_fixture_sync (fixture, "orders", TIDE_RUN_MODE_INCREMENTAL);
  counts = sum_counts (fixture, TIDE_RUN_COMPLETED);
  g_assert_cmpint (counts.updated, ==, 6);
  g_assert_cmpint (counts.created + counts.deleted, ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM record_changes WHERE stream = 'orders'"), ==,
                   6);
  engine_fixture_assert_all (fixture);
}

/* Time goes on: what came, came late or was changed meanwhile is found by the next incremental reading. */
static void
test_life (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideCounts counts;

  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  for (guint day = 0; day < 3; day++)
    {
      engine_fixture_order (fixture, "advance", "{\"seconds\": 86400}");
      tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), TIDE_DAY);
      engine_fixture_order (fixture, "late", "{\"count\": 3}");
      engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
      counts = sum_counts (fixture, TIDE_RUN_COMPLETED);
      g_assert_cmpint (counts.created, >, 0);
      engine_fixture_assert_truth (fixture, "orders");
      engine_fixture_assert_truth (fixture, "payments");
      engine_fixture_assert_truth (fixture, "customers");
      engine_fixture_assert_truth (fixture, "timesheets");
      engine_fixture_assert_truth (fixture, "products");
    }
}

/* What no incremental reading can see: a full one finds it gone, marks it, and keeps what it was. */
static void
test_deleted (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideRun *run;

  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "delete", "{\"entity\": \"timesheets\", \"count\": 5}");
  engine_fixture_order (fixture, "delete", "{\"entity\": \"customers\", \"count\": 2}");
  engine_fixture_order (fixture, "delete", "{\"entity\": \"products\", \"count\": 1}");

  run = engine_fixture_sync_one (fixture, "timesheets", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->counts.deleted, ==, 0);
  run = engine_fixture_sync_one (fixture, "timesheets", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.deleted, ==, 5);
  g_assert_cmpint (run->counts.created + run->counts.updated, ==, 0);
  run = engine_fixture_sync_one (fixture, "customers", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->counts.deleted, ==, 2);
  /* The catalog tells of deletions by itself. */
  run = engine_fixture_sync_one (fixture, "products", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->counts.deleted, ==, 1);
  engine_fixture_sync (fixture, "prices", TIDE_RUN_MODE_INCREMENTAL);

  engine_fixture_assert_all (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_timesheets WHERE _deleted = 1"), ==,
                   5);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM record_changes WHERE kind = 'deleted'"
                                             " AND stream = 'timesheets'"), ==, 5);
}

static void
assert_live_timesheets (EngineFixture *fixture,
                        gint64         n)
{
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_timesheets WHERE _deleted = 0"), ==,
                   n);
}

static void
assert_asks (EngineFixture *fixture,
             const char    *stream)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) statuses = tide_engine_get_status (fixture->engine, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);

      g_assert_true ((status->health == TIDE_HEALTH_APPROVAL) == g_str_equal (status->stream, stream));
    }
}

/* Its schedule would only come to the same question again. */
static void
assert_schedule_joins (EngineFixture *fixture,
                       const TideRun *run)
{
  TideRunRequest request = { .connection_id = run->connection_id, .stream = run->stream, .mode = run->mode,
                             .requested_by = "schedule" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = tide_engine_request_run (fixture->engine, &request, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (((TideRun *)g_ptr_array_index (runs, 0))->sync_id, ==, run->sync_id);
}

/* Most of it gone at once is asked about, and only then done; so is all of it. */
static void
test_brake (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(TideRun) halted = NULL;
  g_autoptr(GError) error = NULL;
  gint64 live;
  TideRun *run;

  engine_fixture_sync (fixture, "timesheets", TIDE_RUN_MODE_INCREMENTAL);
  live = engine_fixture_query_int (fixture, "SELECT count(*) FROM square_timesheets WHERE _deleted = 0");
  g_assert_cmpint (live, >, 40);
  engine_fixture_order (fixture, "delete", "{\"entity\": \"timesheets\", \"percent\": 60}");

  g_ptr_array_set_size (fixture->ended, 0);
  runs = engine_fixture_request (fixture, "timesheets", TIDE_RUN_MODE_FULL);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 0);
  run = g_ptr_array_index (runs, 0);
  halted = tide_engine_get_run (fixture->engine, run->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (halted->status, ==, TIDE_RUN_AWAITING_APPROVAL);
  assert_live_timesheets (fixture, live);
  assert_asks (fixture, "timesheets");
  assert_schedule_joins (fixture, halted);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 0);

  approvals = tide_engine_list_approvals (fixture->engine, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (approvals->len, ==, 1);
  tide_engine_decide_approval (fixture->engine, ((TideApproval *)g_ptr_array_index (approvals, 0))->id, TRUE, FALSE,
                               "owner", &error);
  g_assert_no_error (error);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 1);
  run = g_ptr_array_index (fixture->ended, 0);
  g_assert_cmpstr (run->sync_id, ==, halted->sync_id);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.deleted, >, live / 2);
  live -= run->counts.deleted;
  assert_live_timesheets (fixture, live);
  engine_fixture_assert_truth (fixture, "timesheets");

  engine_fixture_order (fixture, "delete", "{\"entity\": \"timesheets\", \"percent\": 100}");
  g_clear_pointer (&runs, g_ptr_array_unref);
  g_clear_pointer (&halted, tide_run_unref);
  runs = engine_fixture_request (fixture, "timesheets", TIDE_RUN_MODE_FULL);
  engine_fixture_wait_idle (fixture);
  run = g_ptr_array_index (runs, 0);
  halted = tide_engine_get_run (fixture->engine, run->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (halted->status, ==, TIDE_RUN_AWAITING_APPROVAL);
  g_assert_nonnull (strstr (halted->error_message, "lists none"));
  assert_live_timesheets (fixture, live);
}

/* Asked for alone, a stream that is read by its parent's records brings the parent along, once. */
static void
test_parent (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  const TideRun *run;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (fixture->ended->len, ==, 2);
  run = g_ptr_array_index (fixture->ended, 0);
  g_assert_cmpstr (run->stream, ==, "locations");
  engine_fixture_assert_truth (fixture, "payments");

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (fixture->ended->len, ==, 1);
}

/* Where the parent cannot be read, its streams say so rather than call nothing complete. */
static void
test_parent_fails (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  const TideRun *run;

  engine_fixture_order (fixture, "faults",
                        "{\"faults\": [{\"kind\": \"server_error\", \"path\": \"/v2/locations\", \"times\": -1}]}");
  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  run = g_ptr_array_index (fixture->ended, 1);
  g_assert_cmpstr (run->stream, ==, "payments");
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_nonnull (strstr (run->error_message, "locations has to be read first"));
}

static void
test_dry_run (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideRunRequest request = { .connection_id = fixture->connection->id, .stream = "customers",
                             .mode = TIDE_RUN_MODE_FULL, .dry_run = TRUE, .requested_by = "test" };
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) error = NULL;
  const TideRun *run;

  runs = tide_engine_request_run (fixture->engine, &request, &error);
  g_assert_no_error (error);
  engine_fixture_wait_idle (fixture);
  run = g_ptr_array_index (fixture->ended, 0);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_true (run->dry_run);
  g_assert_cmpint (run->counts.created, >, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_customers"), ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_state"), ==, 0);

  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_assert_truth (fixture, "customers");
}

/* What is told of a run: log, phases, row, all the same. */
static void
test_told (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideRun *run;
  g_autoptr(TideRun) stored = NULL;
  g_autoptr(GPtrArray) log = NULL;
  g_autoptr(JsonNode) phases = NULL;
  g_autoptr(GError) error = NULL;

  engine_fixture_order (fixture, "faults",
                        "{\"faults\": [{\"kind\": \"unavailable\", \"path\": \"/v2/customers\"}]}");
  run = engine_fixture_sync_one (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->retries, ==, 1);
  g_assert_cmpint (run->waited, >, 0);
  g_assert_cmpint (run->pages, >, 0);
  g_assert_cmpint (run->bytes, >, 1000);

  stored = tide_engine_get_run (fixture->engine, run->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (&stored->counts, sizeof stored->counts, &run->counts, sizeof run->counts);
  g_assert_cmpint (stored->retries, ==, 1);
  g_assert_cmpstr (stored->phases, ==, run->phases);

  phases = json_from_string (run->phases, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (phases)), >=, 3);

  log = tide_engine_get_run_log (fixture->engine, run->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (log->len, >=, 3);
  g_assert_nonnull (strstr (((TideLogLine *)g_ptr_array_index (log, 0))->message, "asked for by test"));
  g_assert_nonnull (strstr (((TideLogLine *)g_ptr_array_index (log, log->len - 1))->message, "created"));
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/sync/first", test_first);
  g_test_add_func ("/sync/nothing-new", test_nothing_new);
  g_test_add_func ("/sync/one-percent", test_one_percent);
  g_test_add_func ("/sync/life", test_life);
  g_test_add_func ("/sync/deleted", test_deleted);
  g_test_add_func ("/sync/brake", test_brake);
  g_test_add_func ("/sync/parent", test_parent);
  g_test_add_func ("/sync/parent-fails", test_parent_fails);
  g_test_add_func ("/sync/dry-run", test_dry_run);
  g_test_add_func ("/sync/told", test_told);

  return engine_fixture_run ();
}
