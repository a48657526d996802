/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-sweep"

#include <sqlite3.h>

#include "engine-fixture.h"

/* When what a listing did not have may be marked as deleted, and when not. */

#define LIVE_PAYMENTS "SELECT count(*) FROM square_payments WHERE _deleted = 0"

/* Changes the store behind the engine's back. */
static void
execute (EngineFixture *fixture,
         const char    *sql)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* The smallest location goes, so that the brake on too many deletions would let it pass. */
static void
delete_location (EngineFixture *fixture)
{
  execute (fixture, "UPDATE square_locations SET _deleted = 1 WHERE _id = (SELECT location_id FROM square_payments"
                    " GROUP BY location_id ORDER BY count(*) LIMIT 1)");
}

/* A parent's record that is marked as deleted is not asked about any more: its records have not been looked for. */
static void
test_parent_deleted (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  gint64 live;
  TideRun *run;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  live = engine_fixture_query_int (fixture, LIVE_PAYMENTS);
  delete_location (fixture);

  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_FULL);
  g_assert_cmpstr (run->error_message, ==, NULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.read, >, 0);
  g_assert_cmpint (run->counts.read, <, live);
  g_assert_cmpint (run->counts.deleted, ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, LIVE_PAYMENTS), ==, live);
}

/* Once the parent's record is back, a full listing is one again. */
static void
test_parent_back (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideRun *run;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  execute (fixture, "UPDATE square_payments SET _id = 'nowhere' WHERE _key = (SELECT min(_key) FROM square_payments)");
  delete_location (fixture);
  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->counts.deleted, ==, 0);
  execute (fixture, "UPDATE square_locations SET _deleted = 0 WHERE _deleted = 1");
  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.deleted, ==, 1);
  engine_fixture_assert_truth (fixture, "payments");
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/sweep/parent-deleted", test_parent_deleted);
  g_test_add_func ("/sweep/parent-back", test_parent_back);

  return engine_fixture_run ();
}
