/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-runs"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "tide-engine.h"
#include "tide-run-counts.h"
#include "tide-run-entry.h"
#include "tide-run-model.h"

/* The list of runs over a real workspace with a hundred thousand of them. */

#define N_RUNS 100000

typedef struct
{
  char         *folder;
  TideEngine   *engine;
  TideRunModel *model;
  guint         loaded;
  guint         length;       /* as the items-changed signals add it up */
} Fixture;

static void
execute (sqlite3    *db,
         const char *sql)
{
  char *message = NULL;

  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

static sqlite3 *
open_database (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  return db;
}

/* A run a second, until some days ago: the engine prunes what is much older. */
static void
add_runs (Fixture *fixture,
          int      first,
          int      last)
{
  sqlite3 *db = open_database (fixture);
  g_autofree char *sql =
    g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                     " INSERT INTO sync_runs (id, sync_id, connection_id, stream, entity, mode, status, requested_by,"
                     " requested_at, started_at, ended_at, read, created)"
                     " SELECT i, 'run-' || i, 1, CASE i %% 4 WHEN 0 THEN 'payments' ELSE 'orders' END,"
                     " CASE i %% 4 WHEN 0 THEN 'payments' ELSE 'orders' END, 'incremental', 'completed', 'schedule',"
                     " t, t, t, i, i FROM (SELECT i, strftime ('%%Y-%%m-%%dT%%H:%%M:%%S.000Z', 'now',"
                     " (i - 200000) || ' seconds') AS t FROM n)", first, last);

  execute (db, sql);
  sqlite3_close (db);
}

static void
prepare (Fixture *fixture)
{
  TideEngine *engine = tide_engine_open (fixture->folder, TIDE_ENGINE_NONE, NULL, NULL, NULL);
  sqlite3 *db;

  g_assert_nonnull (engine);
  tide_venue_unref (tide_engine_add_venue (engine, "Quay", "Europe/London", NULL));
  tide_engine_close (engine);
  g_object_unref (engine);
  db = open_database (fixture);
  execute (db, "INSERT INTO connections (id, venue_id, provider, name, environment, created_at)"
               " VALUES (1, 1, 'square', 'Square', 'production', '2026-01-01T00:00:00.000Z')");
  sqlite3_close (db);
  add_runs (fixture, 1, N_RUNS);
}

static void
loaded_cb (Fixture *fixture)
{
  fixture->loaded++;
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  g_assert_cmpuint (position + removed, <=, fixture->length);
  fixture->length = fixture->length - removed + added;
  g_assert_cmpuint (fixture->length, ==, g_list_model_get_n_items (model));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tidemark-runs-XXXXXX", NULL);
  prepare (fixture);
  fixture->engine = tide_engine_open (fixture->folder, TIDE_ENGINE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->model = tide_run_model_new (fixture->engine);
  g_signal_connect_swapped (fixture->model, "loaded", G_CALLBACK (loaded_cb), fixture);
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", fixture->folder);

  g_signal_handlers_disconnect_by_data (fixture->model, fixture);
  g_object_unref (fixture->model);
  tide_engine_close (fixture->engine);
  g_object_unref (fixture->engine);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->folder);
}

static void
wait_for_load (Fixture *fixture,
               guint    loads)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (fixture->loaded < loads)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
wait_for_count (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!tide_run_model_is_counted (fixture->model))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
load (Fixture    *fixture,
      const char *entity)
{
  TideRunFilter filter = { .entity = (char *)entity };
  guint before = fixture->loaded;

  tide_run_model_set_filter (fixture->model, &filter);
  wait_for_load (fixture, before + 1);
  wait_for_count (fixture);
}

/* The run at a position, once its page has come. */
static TideRun *
run_at (Fixture *fixture,
        guint    position)
{
  g_autoptr(TideRunEntry) entry = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  g_assert_nonnull (entry);
  while (tide_run_entry_get_run (entry) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
  return tide_run_ref (tide_run_entry_get_run (entry));
}

static void
check_id (Fixture *fixture,
          guint    position,
          gint64   expected)
{
  g_autoptr(TideRun) run = run_at (fixture, position);

  g_assert_cmpint (run->id, ==, expected);
}

static void
test_all (Fixture       *fixture,
          gconstpointer  data)
{
  load (fixture, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, N_RUNS);
  check_id (fixture, 0, N_RUNS);
  check_id (fixture, 199, N_RUNS - 199);
  check_id (fixture, 200, N_RUNS - 200);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), N_RUNS));
}

/* From the top to the very end and back, and somewhere in the middle. */
static void
test_jumps (Fixture       *fixture,
            gconstpointer  data)
{
  load (fixture, NULL);
  check_id (fixture, N_RUNS - 1, 1);
  check_id (fixture, 0, N_RUNS);
  for (int i = 0; i < 200; i++)
    {
      guint position = (guint)g_test_rand_int_range (0, N_RUNS);

      check_id (fixture, position, N_RUNS - (gint64)position);
    }
}

/* The first page is there before all are counted: it does not wait for that. */
static void
test_opening (Fixture       *fixture,
              gconstpointer  data)
{
  TideRunFilter filter = { 0 };

  tide_run_model_set_filter (fixture->model, &filter);
  wait_for_load (fixture, 1);
  g_assert_false (tide_run_model_is_counted (fixture->model));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 200);
  check_id (fixture, 0, N_RUNS);
  wait_for_count (fixture);
  g_assert_cmpuint (fixture->length, ==, N_RUNS);
  check_id (fixture, 200, N_RUNS - 200);
}

/* Places are found by counting; that must be exact also where ids do not lie evenly. */
static void
test_uneven (Fixture       *fixture,
             gconstpointer  data)
{
  sqlite3 *db = open_database (fixture);

  /* Of the first 60 000 every tenth, then none, then all from 90 001 on; of that the payments: every fourth id. */
  execute (db, "DELETE FROM sync_runs WHERE (id <= 60000 AND id % 10 <> 0) OR (id > 60000 AND id <= 90000)");
  sqlite3_close (db);
  load (fixture, NULL);
  g_assert_cmpuint (fixture->length, ==, 16000);
  for (int i = 0; i < 60; i++)
    {
      guint position = (guint)g_test_rand_int_range (0, 16000);

      check_id (fixture, position, position < 10000 ? N_RUNS - (gint64)position
                                                    : 60000 - ((gint64)position - 10000) * 10);
    }
  load (fixture, "payments");
  g_assert_cmpuint (fixture->length, ==, 5500);
  check_id (fixture, 2499, 90004);
  check_id (fixture, 5499, 20);
  check_id (fixture, 2500, 60000);
}

static void
entry_gone_cb (gpointer  alive,
               GObject  *entry)
{
  (*(guint *)alive)--;
}

/* However far one scrolls, only so many rows are kept. */
static void
test_bounded (Fixture       *fixture,
              gconstpointer  data)
{
  guint alive = 0;

  load (fixture, NULL);
  for (guint position = 0; position < N_RUNS; position += 200)
    {
      g_autoptr(TideRun) run = run_at (fixture, position);
      g_autoptr(GObject) entry = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);

      g_object_weak_ref (entry, entry_gone_cb, &alive);
      alive++;
      g_assert_cmpint (run->id, ==, N_RUNS - (gint64)position);
    }
  g_assert_cmpuint (alive, <=, 25);
  g_assert_cmpuint (alive, >, 1);
  load (fixture, "nothing");
  g_assert_cmpuint (alive, ==, 0);
}

static void
counts_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  *(TideRunCounts **)user_data = tide_run_counts_finish (result, &error);
  g_assert_no_error (error);
}

static TideRunCounts *
count (Fixture             *fixture,
       const TideRunFilter *filter)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  TideRunCounts *counts = NULL;

  tide_run_counts_async (fixture->engine, filter, NULL, counts_cb, &counts);
  while (counts == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
  return counts;
}

/* Each run is counted once: what went well, what took another try, what needs its owner, and the rest. */
static void
test_counts (Fixture       *fixture,
             gconstpointer  data)
{
  sqlite3 *db = open_database (fixture);
  const TideRunFilter all = { 0 };
  const TideRunFilter orders = { .entity = (char *)"orders" };
  const TideRunFilter problems = { .outcome = (char *)"problems" };
  g_autofree TideRunCounts *counts = NULL;
  g_autofree TideRunCounts *of_orders = NULL;
  g_autofree TideRunCounts *of_problems = NULL;
  g_autofree char *total = NULL;
  g_autofree char *parts = NULL;

  execute (db, "UPDATE sync_runs SET retries = 1 WHERE id IN (1, 2)");
  execute (db, "UPDATE sync_runs SET attempts = 2 WHERE id = 3");
  execute (db, "UPDATE sync_runs SET status = 'failed', error_code = 'provider' WHERE id IN (5, 6)");
  execute (db, "UPDATE sync_runs SET status = 'awaiting_approval' WHERE id = 7");
  execute (db, "UPDATE sync_runs SET failed = 1, created = created - 1, retries = 3 WHERE id = 9");
  execute (db, "UPDATE sync_runs SET status = 'cancelled' WHERE id = 10");
  execute (db, "UPDATE sync_runs SET status = 'paused' WHERE id = 11");
  sqlite3_close (db);
  counts = count (fixture, &all);
  g_assert_cmpint (counts->total, ==, N_RUNS);
  g_assert_cmpint (counts->retried, ==, 3);
  g_assert_cmpint (counts->problems, ==, 4);
  g_assert_cmpint (counts->done, ==, N_RUNS - 3 - 4 - 2);
  total = tide_run_counts_dup_total (counts);
  parts = tide_run_counts_dup_parts (counts);
  g_assert_cmpstr (total, ==, "100000 runs");
  g_assert_cmpstr (parts, ==, "99991 done, 3 retried, 4 need you, 2 going, waiting or stopped");
  of_orders = count (fixture, &orders);
  g_assert_cmpint (of_orders->total, ==, N_RUNS / 4 * 3);
  g_assert_cmpint (of_orders->problems, ==, 4);
  of_problems = count (fixture, &problems);
  g_assert_cmpint (of_problems->total, ==, 4);
  g_assert_false (of_problems->split);
}

static void
test_filter (Fixture       *fixture,
             gconstpointer  data)
{
  load (fixture, "payments");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, N_RUNS / 4);
  check_id (fixture, 1, N_RUNS - 4);
  load (fixture, "nothing");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 0);
  load (fixture, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, N_RUNS);
}

/* New runs come in at the top; the rows below keep their place, and the objects they were. */
static void
test_growth (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TideRunEntry) first = NULL;
  g_autoptr(TideRunEntry) same = NULL;
  guint loads;

  load (fixture, NULL);
  check_id (fixture, 5000, N_RUNS - 5000);
  first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  add_runs (fixture, N_RUNS + 1, N_RUNS + 3);
  loads = fixture->loaded;
  tide_run_model_refresh (fixture->model);
  wait_for_load (fixture, loads + 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, N_RUNS + 3);
  same = g_list_model_get_item (G_LIST_MODEL (fixture->model), 3);
  g_assert_true (first == same);
  check_id (fixture, 0, N_RUNS + 3);
  check_id (fixture, 5003, N_RUNS - 5000);
  check_id (fixture, N_RUNS + 2, 1);
}

/* More new ones than a page holds: all is loaded anew, and right. */
static void
test_flood (Fixture       *fixture,
            gconstpointer  data)
{
  guint loads;

  load (fixture, NULL);
  add_runs (fixture, N_RUNS + 1, N_RUNS + 1000);
  loads = fixture->loaded;
  tide_run_model_refresh (fixture->model);
  wait_for_load (fixture, loads + 1);
  wait_for_count (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, N_RUNS + 1000);
  check_id (fixture, 700, N_RUNS + 300);
}

/* Runs that go away under the list are missed when their page is fetched. */
static void
test_shrinking (Fixture       *fixture,
                gconstpointer  data)
{
  sqlite3 *db;
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  load (fixture, NULL);
  db = open_database (fixture);
  execute (db, "DELETE FROM sync_runs WHERE id <= 50000");
  sqlite3_close (db);
  g_object_unref (g_list_model_get_item (G_LIST_MODEL (fixture->model), 60000));
  while (fixture->length != N_RUNS - 50000)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
  check_id (fixture, N_RUNS - 50001, 50001);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/runs/all", test_all);
  ADD ("/runs/opening", test_opening);
  ADD ("/runs/jumps", test_jumps);
  ADD ("/runs/uneven", test_uneven);
  ADD ("/runs/bounded", test_bounded);
  ADD ("/runs/counts", test_counts);
  ADD ("/runs/filter", test_filter);
  ADD ("/runs/growth", test_growth);
  ADD ("/runs/flood", test_flood);
  ADD ("/runs/shrinking", test_shrinking);
  return g_test_run ();
}
