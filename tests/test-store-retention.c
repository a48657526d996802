/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include "tide-retention-rows.h"

/* For how long the store keeps what happened, and what it never lets go of. */

#define assert_query(fixture, sql, expected) \
  G_STMT_START { \
    g_autofree char *query_text = store_fixture_query_text (fixture, sql); \
    g_assert_cmpstr (query_text, ==, expected); \
  } G_STMT_END

static gint64
prune (StoreFixture      *fixture,
       TideRetentionKind  kind,
       gint64             before,
       gint64             excess,
       guint              batch)
{
  TideRetentionStep step = { .before = before, .excess = excess };
  g_autoptr(GError) error = NULL;

  for (int i = 0; !step.done; i++)
    {
      g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

      g_assert_cmpint (i, <, 10000);
      g_assert_true (tide_retention_rows_prune (write, kind, &step, batch, &error));
      g_assert_true (tide_write_commit (write, &error));
      g_assert_no_error (error);
    }
  return step.removed;
}

/* Rows an hour apart, the first at STORE_START. */
static void
fill (StoreFixture *fixture,
      const char   *insert,
      int           n_rows)
{
  g_autofree char *sql =
    g_strdup_printf ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d), t AS"
                     " (SELECT i, strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 1772475069.5 + i * 3600, 'unixepoch') AS at FROM n)"
                     " %s FROM t", n_rows - 1, insert);

  store_fixture_execute (fixture, sql);
}

static void
test_retention (StoreFixture  *fixture,
                gconstpointer  data)
{
  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'completed'");
  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  fill (fixture, "INSERT INTO events (id, at, name, data) SELECT i + 1, at, 'x', '{}'", 100);
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_EVENTS, STORE_START + 10 * TIDE_HOUR, 0, 7), ==, 10);
  assert_query (fixture, "SELECT count(*), min(id) FROM events", "90|11");
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_EVENTS, STORE_START, 30, 7), ==, 30);
  assert_query (fixture, "SELECT count(*), min(id) FROM events", "60|41");
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_EVENTS, STORE_START, 0, 7), ==, 0);
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_EVENTS, STORE_START + TIDE_DAY * 365, 5, 7), ==, 60);

  /* What hangs on a run that is going stays, however old. */
  fill (fixture, "INSERT INTO sync_logs (run_id, at, level, message) SELECT 1 + i % 2, at, 'info', ''", 100);
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_LOGS, STORE_START + 50 * TIDE_HOUR, 0, 11), ==, 25);
  assert_query (fixture, "SELECT run_id, count(*) FROM sync_logs GROUP BY 1", "1|25\n2|50");
  fill (fixture, "INSERT INTO record_changes (run_id, connection_id, stream, record_id, kind, before, at)"
                 " SELECT 1 + i % 2, 1, 'orders', i, 'updated', '{}', at", 100);
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_CHANGES, STORE_START, 60, 9), ==, 50);
  assert_query (fixture, "SELECT run_id, count(*) FROM record_changes GROUP BY 1", "2|50");
}

static void
test_retention_of_runs (StoreFixture  *fixture,
                        gconstpointer  data)
{
  store_fixture_add_connection (fixture, "Rare");
  fill (fixture, "INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, status, requested_by, requested_at)"
                 " SELECT 'r' || i, CASE WHEN i < 20 THEN 2 ELSE 1 END, 'orders', 'orders', 'full',"
                 " CASE i WHEN 30 THEN 'paused' WHEN 31 THEN 'pending' ELSE 'completed' END, 'x', at", 300);
  store_fixture_execute (fixture, "INSERT INTO approvals (kind, run_id, asked_at, reason, affected, total)"
                                  " VALUES ('deletes', 33, '', '', 1, 1)");
  store_fixture_execute (fixture, "INSERT INTO sync_logs (run_id, at, level, message)"
                                  " SELECT id, requested_at, 'info', '' FROM sync_runs");
  store_fixture_execute (fixture, "INSERT INTO sync_failures (connection_id, stream, record_id, run_id, reason, payload,"
                                  " first_seen, last_seen) VALUES (1, 'orders', 'a', 40, '', '', '', '')");
  /* More hangs on it than one batch takes. */
  store_fixture_execute (fixture, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11999)"
                                  " INSERT INTO record_changes (run_id, connection_id, stream, record_id, kind, before, at)"
                                  " SELECT 50, 1, 'orders', i, 'updated', '{}', '' FROM n");
  /* Of the 300, the first 20 are all that a rare stream has, three wait for something, and 100 are young. */
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_RUNS, STORE_START + 200 * TIDE_HOUR, 0, 13), ==, 177);
  assert_query (fixture, "SELECT group_concat(id) FROM (SELECT id FROM sync_runs WHERE id BETWEEN 21 AND 200 ORDER BY id)",
                "31,32,33");
  assert_query (fixture, "SELECT count(*), min(id), max(id) FROM sync_runs", "123|1|300");
  assert_query (fixture, "SELECT count(*) FROM sync_logs", "123");
  assert_query (fixture, "SELECT count(*) FROM record_changes", "0");
  assert_query (fixture, "SELECT record_id, run_id FROM sync_failures", "a|NULL");
  /* However many are too many, each stream's newest fifty stay. */
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_RUNS, STORE_START + TIDE_DAY * 365, 0, 13), ==, 50);
  assert_query (fixture, "SELECT connection_id, count(*) FROM sync_runs GROUP BY 1", "1|53\n2|20");
}

/* Who asks again under a key is told of the same runs, so those stay as long as the key is known. */
static void
test_retention_of_named_runs (StoreFixture  *fixture,
                              gconstpointer  data)
{
  fill (fixture, "INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, status, requested_by, requested_at)"
                 " SELECT 'r' || i, 1, 'orders', 'orders', 'full', 'completed', 'x', at", 100);
  fill (fixture, "INSERT INTO sync_requests (key, body, sync_ids, requested_by, requested_at)"
                 " SELECT 'k' || i, '', CASE i WHEN 0 THEN '[\"r3\",\"r4\"]' WHEN 1 THEN '[\"r7\"]' ELSE '[]' END, 'x', at",
        3);
  store_fixture_execute (fixture, "INSERT INTO sync_logs (run_id, at, level, message)"
                                  " SELECT id, requested_at, 'info', '' FROM sync_runs");
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_RUNS, STORE_START + TIDE_DAY * 20, 0, 13), ==, 47);
  assert_query (fixture, "SELECT group_concat(sync_id) FROM (SELECT sync_id FROM sync_runs ORDER BY id LIMIT 3)",
                "r3,r4,r7");
  assert_query (fixture, "SELECT count(*) FROM sync_logs", "53");

  /* Each goes with its key. */
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_REQUESTS, STORE_START + TIDE_MINUTE, 0, 13), ==, 1);
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_RUNS, STORE_START + TIDE_DAY * 20, 0, 13), ==, 2);
  assert_query (fixture, "SELECT sync_id FROM sync_runs ORDER BY id LIMIT 1", "r7");
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_REQUESTS, STORE_START + TIDE_DAY * 20, 0, 13), ==, 2);
  g_assert_cmpint (prune (fixture, TIDE_RETENTION_RUNS, STORE_START + TIDE_DAY * 20, 0, 13), ==, 1);
}

static void
test_retention_by_size (StoreFixture  *fixture,
                        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = NULL;
  gint64 excess = -1;

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  fill (fixture, "INSERT INTO record_changes (run_id, connection_id, stream, record_id, kind, before, at)"
                 " SELECT 1, 1, 'orders', i, 'updated', printf('%.10000c', 'x'), at", 300);
  read = tide_store_begin_read (fixture->store, NULL, &error);
  g_assert_true (tide_retention_rows_count_larger (tide_read_get_database (read), 1024 * 1024, &excess, &error));
  g_assert_cmpint (excess, ==, 300 - 104);
  g_assert_true (tide_retention_rows_count_larger (tide_read_get_database (read), G_MAXINT64, &excess, &error));
  g_assert_cmpint (excess, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/store/retention/" path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("kinds", test_retention);
  ADD ("runs", test_retention_of_runs);
  ADD ("named-runs", test_retention_of_named_runs);
  ADD ("size", test_retention_by_size);
  return g_test_run ();
}
