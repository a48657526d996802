/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "bench-history"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "tide-engine.h"
#include "tide-memory-keyring.h"
#include "tide-time.h"

/* bench-history RUNS QUEUED: how fast the engine answers in a workspace with so many runs in its history, a year of
 * them, and so many in its queue. Prints a line a figure: its name, and milliseconds (the median of some tries). */

#define ROUNDS 15
#define ASKED 2000

static TideEngine *
open_engine (const char *folder)
{
  g_autoptr(TideMemoryKeyring) keyring = tide_memory_keyring_new ();
  g_autoptr(GError) error = NULL;
  TideEngine *engine = tide_engine_open_full (folder, TIDE_ENGINE_NONE, NULL, NULL, TIDE_KEYRING (keyring), &error);

  g_assert_no_error (error);
  return engine;
}

static void
close_engine (TideEngine *engine)
{
  tide_engine_close (engine);
  g_object_unref (engine);
}

/* Four connections; nothing is to be begun, as there is nobody to ask. */
static void
make_workspace (const char *folder)
{
  TideEngine *engine = open_engine (folder);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideVenue) venue = tide_engine_add_venue (engine, "Harbor Café", "America/Chicago", &error);

  g_assert_no_error (error);
  for (int i = 1; i <= 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("Café %d", i);
      g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
      TideConnection wanted = { .venue_id = venue->id, .provider = (char *)"square", .name = name,
                                .environment = (char *)"sandbox" };
      g_autoptr(TideConnection) made = NULL;

      g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)"token");
      made = tide_engine_connect (engine, &wanted, secrets, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_true (tide_engine_set_paused (engine, TRUE, "bench", &error));
  close_engine (engine);
}

static void
execute (const char *folder,
         const char *sql)
{
  g_autofree char *path = g_build_filename (folder, "tidemark.db", NULL);
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  if (message != NULL)
    g_error ("%s", message);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* A year of runs of ten streams at four connections, evenly, the last one just now: one in a hundred failed, one in two
 * hundred asked for by a person. */
static void
fill_history (const char *folder,
              int         n_runs)
{
  g_autofree char *sql = g_strdup_printf (
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d),"
    " t AS (SELECT i, unixepoch('now') - (%d - 1 - i) * 31536000.0 / %d AS at,"
    " (i / 4) %% 10 AS s, i %% 97 = 0 AS bad, i %% 7 AS c, i %% 3 AS u FROM n),"
    " r AS (SELECT *, CASE s WHEN 0 THEN 'orders' WHEN 1 THEN 'payments' WHEN 2 THEN 'customers' WHEN 3 THEN 'products'"
    "  WHEN 4 THEN 'prices' WHEN 5 THEN 'refunds' WHEN 6 THEN 'payouts' WHEN 7 THEN 'locations'"
    "  WHEN 8 THEN 'team_members' ELSE 'timesheets' END AS name FROM t)"
    "INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, status, priority, attempts, requested_by,"
    " requested_at, started_at, ended_at, read, created, updated, unchanged, pages, bytes, error_code, error_message,"
    " phases) SELECT printf('run-%%09d', i), 1 + i %% 4, name, name, 'incremental',"
    " CASE WHEN bad THEN 'failed' ELSE 'completed' END, 5, 1 + (i %% 61 = 0),"
    " CASE WHEN i %% 211 = 0 THEN 'owner' ELSE 'schedule' END, strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', at, 'unixepoch'),"
    " strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', at + 0.2, 'unixepoch'),"
    " strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', at + 1.5, 'unixepoch'), 30, c, u, 30 - c - u, 1, 30000,"
    " CASE WHEN bad THEN 'provider' END, CASE WHEN bad THEN 'GET /v2/orders: HTTP 503' END,"
    " '[{\"name\":\"read\",\"start\":0,\"duration\":120},{\"name\":\"stored\",\"start\":9,\"duration\":12}]' FROM r",
    n_runs - 1, n_runs, n_runs);

  execute (folder, sql);
}

/* Each asks for one record of its own, so that none joins another. */
static void
fill_queue (const char *folder,
            int         n_runs)
{
  g_autofree char *sql = g_strdup_printf (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    "INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, ids, status, priority, rank, requested_by,"
    " requested_at) SELECT printf('queued-%%09d', i), 1 + i %% 4, 'customers', 'customers', 'full',"
    " json_array('record-' || i), 'pending', 5, unixepoch('now') * 1000000 + i,"
    " 'bench', strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now') FROM n", n_runs);

  if (n_runs > 0)
    execute (folder, sql);
}

static int
compare_ints (gconstpointer a,
              gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

static void
print_figure (const char *name,
              gint64      usec)
{
  g_print ("%s %.3f\n", name, (double)usec / 1000);
}

static void
measure_runs (TideEngine         *engine,
              const char         *name,
              const TideRunQuery *query,
              gboolean            count)
{
  gint64 took[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    {
      gint64 since = g_get_monotonic_time ();
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) runs = count ? NULL : tide_engine_query_runs (engine, query, &error);
      gint64 n_runs = count ? tide_engine_count_runs (engine, query, &error) : runs->len;

      took[i] = g_get_monotonic_time () - since;
      g_assert_no_error (error);
      g_assert_cmpint (n_runs, >=, 0);
    }
  qsort (took, ROUNDS, sizeof *took, compare_ints);
  print_figure (name, took[ROUNDS / 2]);
}

static void
measure_lists (TideEngine *engine,
               gint64      middle)
{
  const TideRunQuery all = { .limit = 50 };
  const TideRunQuery further = { .limit = 50, .before_id = middle };
  const TideRunQuery entity = { .limit = 50, .entity = "orders", .before_id = middle };
  const TideRunQuery connection = { .limit = 50, .connection_id = 2, .before_id = middle };
  const TideRunQuery problems = { .limit = 50, .outcome = "problems" };
  const TideRunQuery retried = { .limit = 50, .outcome = "retried", .entity = "orders" };
  const TideRunQuery done = { .limit = 50, .outcome = "done", .venue = "Harbor Café" };
  const TideRunQuery owner = { .limit = 50, .requested_by = "owner", .entity = "orders" };

  measure_runs (engine, "first-page", &all, FALSE);
  measure_runs (engine, "further-page", &further, FALSE);
  measure_runs (engine, "entity-page", &entity, FALSE);
  measure_runs (engine, "connection-page", &connection, FALSE);
  measure_runs (engine, "problems-page", &problems, FALSE);
  measure_runs (engine, "retried-page", &retried, FALSE);
  measure_runs (engine, "done-page", &done, FALSE);
  measure_runs (engine, "owner-page", &owner, FALSE);
  measure_runs (engine, "count-all", &all, TRUE);
  measure_runs (engine, "count-entity", &entity, TRUE);
  measure_runs (engine, "count-problems", &problems, TRUE);
  measure_runs (engine, "count-retried", &retried, TRUE);
  measure_runs (engine, "count-done", &done, TRUE);
}

static void
measure_statistics (TideEngine *engine)
{
  gint64 now = g_get_real_time ();
  gint64 since = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) hours = tide_engine_get_run_hours (engine, now - 8 * TIDE_DAY, now + TIDE_DAY, &error);
  g_autoptr(GPtrArray) bands = NULL;
  g_autoptr(GPtrArray) status = NULL;

  print_figure ("hours", g_get_monotonic_time () - since);
  g_assert_no_error (error);
  since = g_get_monotonic_time ();
  bands = tide_engine_list_bands (engine, &error);
  print_figure ("bands", g_get_monotonic_time () - since);
  g_assert_no_error (error);
  since = g_get_monotonic_time ();
  status = tide_engine_get_status (engine, &error);
  print_figure ("status", g_get_monotonic_time () - since);
  g_assert_no_error (error);
}

/* As a person presses "Sync", again and again; of different records, or they would all be one. */
static void
measure_asking (TideEngine *engine)
{
  gint64 *took = g_new0 (gint64, ASKED);

  for (int i = 0; i < ASKED; i++)
    {
      g_autofree char *id = g_strdup_printf ("asked-%d", i);
      const char *ids[] = { id, NULL };
      TideRunRequest request = { .connection_id = 1 + i % 4, .stream = "customers", .mode = TIDE_RUN_MODE_FULL,
                                 .requested_by = "bench", .ids = ids };
      gint64 since = g_get_monotonic_time ();
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) runs = tide_engine_request_run (engine, &request, &error);

      took[i] = g_get_monotonic_time () - since;
      g_assert_no_error (error);
      /* What the engine does about it afterwards is its own business, but takes its time from those who ask next. */
      since = g_get_monotonic_time ();
      while (g_main_context_iteration (NULL, FALSE))
        ;
      took[i] += g_get_monotonic_time () - since;
    }
  qsort (took, ASKED, sizeof *took, compare_ints);
  print_figure ("ask-median", took[ASKED / 2]);
  print_figure ("ask-p99", took[ASKED * 99 / 100]);
  g_free (took);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_remove (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = NULL;
  TideEngine *engine;
  gint64 since;

  if (argc != 3)
    return 2;
  folder = g_dir_make_tmp ("tidemark-bench-XXXXXX", &error);
  g_assert_no_error (error);
  make_workspace (folder);
  fill_history (folder, MAX (atoi (argv[1]), 10));
  fill_queue (folder, atoi (argv[2]));

  since = g_get_monotonic_time ();
  engine = open_engine (folder);
  print_figure ("open", g_get_monotonic_time () - since);
  measure_lists (engine, atoi (argv[1]) / 2 + 10);
  measure_statistics (engine);
  measure_asking (engine);
  since = g_get_monotonic_time ();
  close_engine (engine);
  print_figure ("close", g_get_monotonic_time () - since);
  remove_folder (folder);
  return 0;
}
