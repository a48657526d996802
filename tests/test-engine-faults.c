/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-faults"

#include <signal.h>
#include <sys/resource.h>

#include <glib/gstdio.h>

#include "engine-fixture.h"
#include "tide-error.h"

/*
 * Each kind of fault by itself, in the middle of a reading: it is got over, or the run fails and says why, and the
 * next one reads on. In the end the store holds what the provider has, and no count was ever wrong.
 */

typedef struct
{
  const char    *kind;
  TideRunStatus  status;      /* of the run that meets it once */
  gint64         failed;      /* records it puts aside */
  const char    *more;        /* (nullable): of the fault's description */
} FaultCase;

static const FaultCase cases[] =
{
  { "rate_limit", TIDE_RUN_COMPLETED, 0 },
  { "rate_limit_bare", TIDE_RUN_COMPLETED, 0 },
  { "server_error", TIDE_RUN_COMPLETED, 0 },
  { "unavailable", TIDE_RUN_COMPLETED, 0 },
  { "reset_before", TIDE_RUN_COMPLETED, 0 },
  { "reset_middle", TIDE_RUN_COMPLETED, 0 },
  { "slow_drip", TIDE_RUN_COMPLETED, 0 },
  { "truncated", TIDE_RUN_COMPLETED, 0 },
  { "wrong_type", TIDE_RUN_COMPLETED, 0 },
  { "duplicate_page", TIDE_RUN_COMPLETED, 0 },
  { "shifting_page", TIDE_RUN_COMPLETED, 0 },
  { "empty_page", TIDE_RUN_COMPLETED, 0 },
  { "bad_record", TIDE_RUN_COMPLETED, 1 },
  { "bad_utf8", TIDE_RUN_FAILED, 0 },
  { "hang", TIDE_RUN_COMPLETED, 0, ", \"seconds\": 1" },
  { "expired_token", TIDE_RUN_FAILED, 0 },
  { "cursor_loop", TIDE_RUN_FAILED, 0 },
};

static const struct
{
  const char *stream;
  const char *path;
} streams[] =
{
  { "payments", "/v2/payments" },
  { "customers", "/v2/customers/search" },
  { "timesheets", "/v2/labor/timecards/search" },
};

/* Rows come from runs alone, and each once. */
static void
assert_counts (EngineFixture *fixture,
               const char    *stream)
{
  g_autofree char *rows = g_strdup_printf ("SELECT count(*) FROM square_%s", stream);
  g_autofree char *live = g_strdup_printf ("SELECT count(*) FROM square_%s WHERE _deleted = 0", stream);
  g_autofree char *created = g_strdup_printf ("SELECT sum(created) FROM sync_runs WHERE stream = '%s'", stream);
  g_autofree char *gone = g_strdup_printf ("SELECT sum(created) - sum(deleted) FROM sync_runs WHERE stream = '%s'",
                                           stream);

  g_assert_cmpint (engine_fixture_query_int (fixture, rows), ==, engine_fixture_query_int (fixture, created));
  g_assert_cmpint (engine_fixture_query_int (fixture, live), ==, engine_fixture_query_int (fixture, gone));
}

static void
assert_failure_is_clear (const TideRun *run)
{
  g_assert_nonnull (run->error_code);
  g_assert_nonnull (run->error_message);
  g_assert_cmpuint (strlen (run->error_message), >, 10);
  g_assert_null (strstr (run->error_message, "sandbox-token"));
}

static void
check_case (const FaultCase *fault,
            const char      *stream,
            const char      *path)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new ("--customers 800", TIDE_ENGINE_NONE);
  g_autofree char *order = g_strdup_printf ("{\"faults\": [{\"kind\": \"%s\", \"path\": \"%s\", \"nth\": 3%s}]}",
                                            fault->kind, path, fault->more != NULL ? fault->more : "");
  TideRun *run;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "faults", order);
  run = engine_fixture_sync_one (fixture, stream, TIDE_RUN_MODE_INCREMENTAL);
  g_test_message ("%s, %s: %s, read %" G_GINT64_FORMAT ", failed %" G_GINT64_FORMAT ", %s", stream, fault->kind,
                  tide_run_status_to_name (run->status), run->counts.read, run->counts.failed,
                  run->error_message != NULL ? run->error_message : "");
  g_assert_cmpint (run->status, ==, fault->status);
  g_assert_cmpint (run->counts.failed, ==, fault->failed);
  g_assert_cmpint (run->counts.read, >, 0);
  if (run->status == TIDE_RUN_FAILED)
    assert_failure_is_clear (run);
  assert_counts (fixture, stream);

  engine_fixture_order (fixture, "faults", NULL);
  run = engine_fixture_sync_one (fixture, stream, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  assert_counts (fixture, stream);
  engine_fixture_assert_truth (fixture, stream);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_failures"), ==, 0);
}

static void
test_fault (gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    check_case (data, streams[i].stream, streams[i].path);
}

/* What does not pass ends the run, and is told; nothing is lost and the next run reads on. */
static void
test_lasting (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  gint64 rows;
  TideRun *run;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"server_error\", \"path\": \"/v2/payments\","
                        " \"nth\": 4, \"times\": -1}]}");
  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpstr (run->error_code, ==, "provider");
  assert_failure_is_clear (run);
  g_assert_cmpint (run->retries, >, 1);
  rows = engine_fixture_query_int (fixture, "SELECT count(*) FROM square_payments");
  g_assert_cmpint (rows, ==, run->counts.created);
  g_assert_cmpint (rows, ==, 300);

  engine_fixture_order (fixture, "faults", NULL);
  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  /* It goes on after the last page that was saved. */
  g_assert_cmpint (run->counts.created, ==,
                   engine_fixture_query_int (fixture, "SELECT count(*) FROM square_payments") - rows);
  g_assert_cmpint (run->counts.unchanged, <=, 100);
  engine_fixture_assert_truth (fixture, "payments");
}

/* A login that is refused is tried once: what waits behind it ends too, with the reason. */
static void
test_refused (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  gint64 requests = engine_fixture_get_requests (fixture);

  g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)"no-such-token");
  tide_engine_replace_secrets (fixture->engine, fixture->connection->id, secrets, NULL, &error);
  g_assert_no_error (error);
  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  for (guint i = 0; i < fixture->ended->len; i++)
    {
      const TideRun *run = g_ptr_array_index (fixture->ended, i);

      g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
      g_assert_cmpstr (run->error_code, ==, "auth");
      g_assert_null (strstr (run->error_message, "no-such-token"));
    }
  g_assert_cmpint (engine_fixture_get_requests (fixture) - requests, <=, 3);

  g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)"sandbox-token");
  tide_engine_replace_secrets (fixture->engine, fixture->connection->id, secrets, NULL, &error);
  g_assert_no_error (error);
  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_assert_all (fixture);
}

static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (size, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static rlim_t
get_log_size (EngineFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db-wal", NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return (rlim_t)status.st_size;
}

/* Files cannot grow any more: the run fails and says so, half a page is never kept, and nobody calls the stream
 * fresh. Once there is room it reads on. */
static void
test_disk (void)
{
  /* Not even a row for the run; some pages; nearly all. */
  const rlim_t rooms[] = { 0, 200 * 1024, 500 * 1024 };

  signal (SIGXFSZ, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
      GLogLevelFlags fatal;
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) statuses = NULL;
      TideRun *run;

      engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
      /* That not even the end of the run can be saved is worth a warning. */
      fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
      limit_files (get_log_size (fixture) + rooms[i]);
      run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
      limit_files (RLIM_INFINITY);
      g_log_set_always_fatal (fatal);
      g_test_message ("read %" G_GINT64_FORMAT ", %s: %s", run->counts.read, run->error_code, run->error_message);
      g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
      g_assert_true (g_str_equal (run->error_code, "storage") || g_str_equal (run->error_code, "no-space"));

      statuses = tide_engine_get_status (fixture->engine, &error);
      g_assert_no_error (error);
      for (guint j = 0; j < statuses->len; j++)
        if (g_str_equal (((TideStreamStatus *)statuses->pdata[j])->stream, "payments"))
          g_assert_cmpint (((TideStreamStatus *)statuses->pdata[j])->health, ==, TIDE_HEALTH_FAILED);

      run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
      g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
      engine_fixture_assert_truth (fixture, "payments");
    }
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/faults/", cases[i].kind, NULL);

      g_test_add_data_func (path, &cases[i], test_fault);
    }
  g_test_add_func ("/faults/lasting", test_lasting);
  g_test_add_func ("/faults/refused", test_refused);
  g_test_add_func ("/faults/disk", test_disk);

  return engine_fixture_run ();
}
