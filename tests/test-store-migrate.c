/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "tide-database-private.h"
#include "tide-migrations-private.h"
#include "tide-store-file-private.h"

/* From schema to schema: nothing is lost, and what fails changes nothing. */

typedef struct
{
  char      *folder;
  char      *path;
  TideClock *clock;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = store_fixture_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  fixture->clock = TIDE_CLOCK (tide_sim_clock_new (STORE_START));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  store_fixture_remove_folder (fixture->folder);
  g_object_unref (fixture->clock);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static TideStore *
open_store (Fixture  *fixture,
            GError  **error)
{
  return tide_store_open (fixture->folder, TIDE_STORE_NONE, fixture->clock, error);
}

static void
make_store (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = open_store (fixture, &error);

  g_assert_no_error (error);
}

static GBytes *
read_bytes (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

/* Runs SQL on the file as another program would. */
static void
tamper (const char *path,
        const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static gint64
query_int (TideStore  *store,
           const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, &error);
  gint64 value;

  g_assert_no_error (error);
  tide_database_query_int (tide_read_get_database (read), sql, &value, &error);
  g_assert_no_error (error);
  return value;
}

/* A workspace as the program left it that knew schema 1, with something in every table. */
static void
make_schema_1 (Fixture *fixture)
{
  g_autoptr(GPtrArray) migrations = tide_migrations_load ();
  g_autoptr(GError) error = NULL;

  while (migrations->len > 1)
    g_ptr_array_remove_index (migrations, migrations->len - 1);
  g_assert_true (tide_store_file_create (fixture->path, migrations, &error));
  g_assert_no_error (error);

  tamper (fixture->path,
          "INSERT INTO venues VALUES (1, 'Bar', 'Europe/Rome', '2026-03-02T18:11:09.500Z');"
          "INSERT INTO connections VALUES (1, 1, 'shop', 'Shop', 'sandbox', NULL, NULL, NULL,"
          " '2026-03-02T18:11:09.500Z', NULL);"
          "INSERT INTO streams VALUES ('shop', 'orders', 'orders', 'shop_orders', '[]', 3);"
          "INSERT INTO sync_runs (id, sync_id, connection_id, stream, entity, mode, status, requested_by, requested_at,"
          " started_at, read, created, failed, bytes, first_key, last_key, phases) VALUES"
          " (3, 'a', 1, 'orders', 'orders', 'full', 'completed', 'owner', '2026-03-02T18:11:09.500Z',"
          "  '2026-03-02T18:11:10.500Z', 5, 4, 1, 77, 10, 13, '[]'),"
          " (4, 'b', 1, 'orders', 'orders', 'incremental', 'interrupted', 'schedule', '2026-03-02T18:21:09.500Z',"
          "  NULL, 0, 0, 0, 0, NULL, NULL, NULL),"
          " (5, 'c', 1, 'orders', 'orders', 'incremental', 'pending', 'schedule', '2026-03-02T18:31:09.500Z',"
          "  NULL, 0, 0, 0, 0, NULL, NULL, NULL),"
          " (9, 'd', 1, 'orders', 'orders', 'incremental', 'failed', 'schedule', '2026-03-02T18:41:09.500Z',"
          "  NULL, 0, 0, 0, 0, NULL, NULL, NULL);"
          "DELETE FROM sync_runs WHERE id = 9;"
          "INSERT INTO sync_logs VALUES (1, 3, '2026-03-02T18:11:11.500Z', 'info', 'page 1');"
          "INSERT INTO sync_state VALUES (1, 'orders', 'L1', '{\"a\":1}', '2026-03-02T18:11:11.500Z');"
          "INSERT INTO sync_seen VALUES (1, 'orders', 0, x'ff');"
          "INSERT INTO sync_failures VALUES (1, 1, 'orders', 'x', 3, 'no total', '{}', 2, '2026-03-02T18:11:09.500Z',"
          " '2026-03-02T18:11:11.500Z');"
          "INSERT INTO record_changes VALUES (1, 3, 1, 'orders', 'y', 'updated', '{}', '2026-03-02T18:11:11.500Z');"
          "INSERT INTO sync_schedules VALUES (1, 1, 'orders', 1, 10, 3);"
          "INSERT INTO snapshots VALUES (1, 'before', '2026-03-02T18:11:09.500Z', 'snapshots/a.db', 1, 'ff', 2);"
          "CREATE TABLE shop_orders (_key INTEGER PRIMARY KEY, _id TEXT NOT NULL, total INTEGER) STRICT;"
          "INSERT INTO shop_orders VALUES (10, 'o1', 5);"
          "CREATE VIEW orders AS SELECT _id AS id, total FROM shop_orders;");
}

/* The first column of all rows, parted by blanks. */
static void
assert_rows (TideStore  *store,
             const char *sql,
             const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, &error);
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  statement = tide_statement_new (tide_read_get_database (read), sql, &error);
  g_assert_no_error (error);
  while (tide_statement_next (statement, &error))
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", tide_statement_get_text (statement, 0));
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, expected);
}

/* The data of schema 1 have to survive whatever comes. */
static void
test_migrate_schema_1 (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = NULL;

  make_schema_1 (fixture);
  store = open_store (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query_int (store, "PRAGMA user_version"), ==, 2);
  assert_rows (store, "SELECT format('%d:%s:%s:%s:%s', id, sync_id, status, requested_by, requested_at) FROM sync_runs"
                      " ORDER BY id",
               "3:a:completed:owner:2026-03-02T18:11:09.500Z 4:b:cancelled:schedule:2026-03-02T18:21:09.500Z"
               " 5:c:pending:schedule:2026-03-02T18:31:09.500Z");
  assert_rows (store, "SELECT format('%d,%d,%d,%d,%d,%d,%d,%s,%s', read, created, failed, conflicted, bytes, first_key,"
                      " last_key, phases, started_at) FROM sync_runs WHERE id = 3",
               "5,4,1,0,77,10,13,[],2026-03-02T18:11:10.500Z");
  /* What waited waits in the queue, and a key that was used is not used again. */
  assert_rows (store, "SELECT sync_id FROM sync_queue", "c");
  assert_rows (store, "SELECT seq FROM sqlite_sequence WHERE name = 'sync_runs'", "9");
  assert_rows (store, "SELECT message FROM sync_logs WHERE run_id = 3", "page 1");
  assert_rows (store, "SELECT state FROM sync_state", "{\"a\":1}");
  assert_rows (store, "SELECT hex(bits) FROM sync_seen", "FF");
  assert_rows (store, "SELECT format('%s,%d,%d,%s,%s', record_id, run_id, attempts, last_seen, dismissed_at)"
                      " FROM sync_failures", "x,3,2,2026-03-02T18:11:11.500Z,");
  assert_rows (store, "SELECT record_id FROM record_changes WHERE run_id = 3", "y");
  assert_rows (store, "SELECT format('%d,%d,%d', interval_minutes, offset_minutes, brakes) FROM sync_schedules", "10,3,1");
  assert_rows (store, "SELECT name FROM snapshots", "before");
  assert_rows (store, "SELECT revision FROM streams", "3");
  assert_rows (store, "SELECT total FROM orders WHERE id = 'o1'", "5");
  assert_rows (store, "SELECT 'broken' FROM pragma_foreign_key_check", "");
}

/* What points to a run still does after its table was made anew. */
static void
test_migrated_keys_hold (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = NULL;

  make_schema_1 (fixture);
  store = open_store (fixture, &error);
  g_assert_no_error (error);
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, &error);

    g_assert_false (tide_database_execute (tide_write_get_database (write),
                                           "INSERT INTO sync_logs VALUES (2, 77, '', 'info', '')", &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
    g_clear_error (&error);
    g_assert_true (tide_database_execute (tide_write_get_database (write), "DELETE FROM sync_runs WHERE id = 3",
                                          &error));
    g_assert_true (tide_write_commit (write, &error));
  }
  assert_rows (store, "SELECT id FROM sync_logs", "");
  assert_rows (store, "SELECT id FROM record_changes", "");
  /* But a failure outlives the run that met it. */
  assert_rows (store, "SELECT format('%s,%d', record_id, run_id ISNULL) FROM sync_failures", "x,1");
}

static void
assert_migration_fails (Fixture    *fixture,
                        const char *sql,
                        const char *words)
{
  g_autoptr(GPtrArray) migrations = tide_migrations_load ();
  int next = tide_migrations_get_newest (migrations) + 1;
  g_autofree char *prefix = g_strdup_printf ("migrating to schema %d: ", next);
  g_autoptr(GBytes) before = read_bytes (fixture->path);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(TideDatabase) database = NULL;
  g_autoptr(GError) error = NULL;
  gint64 version;

  g_ptr_array_add (migrations, tide_migration_new (next, sql));
  database = tide_database_open (fixture->path, TIDE_DATABASE_NONE, &error);
  g_assert_no_error (error);
  g_assert_false (tide_migrations_apply (database, migrations, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
  g_assert_true (g_str_has_prefix (error->message, prefix));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_true (tide_database_query_int (database, "PRAGMA user_version", &version, NULL));
  g_assert_cmpint (version, ==, next - 1);
  g_assert_true (tide_database_query_int (database, "PRAGMA foreign_keys", &version, NULL));
  g_assert_cmpint (version, ==, 1);
  g_clear_pointer (&database, tide_database_close);
  after = read_bytes (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_migration_fails (Fixture       *fixture,
                      gconstpointer  data)
{
  make_store (fixture);
  tamper (fixture->path, "INSERT INTO venues VALUES (1, 'Bar', 'Europe/Rome', '')");
  assert_migration_fails (fixture, "CREATE TABLE more (a); INSERT INTO more SELECT name FROM venues;"
                                   "DELETE FROM venues; INSERT INTO nowhere VALUES (1);", "nowhere");
}

static void
test_migration_breaks_key (Fixture       *fixture,
                           gconstpointer  data)
{
  make_store (fixture);
  tamper (fixture->path, "INSERT INTO venues VALUES (1, 'Bar', 'Europe/Rome', '');"
                         "INSERT INTO connections VALUES (1, 1, 'shop', 'Shop', 'sandbox', NULL, NULL, NULL, '', NULL)");
  assert_migration_fails (fixture, "DELETE FROM venues", "connections points to nothing in venues");
}

/* The real step, over a row that it cannot take: the workspace is still the old program's. */
static void
test_migrate_schema_1_fails (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(TideStore) store = NULL;
  g_autoptr(GError) error = NULL;

  make_schema_1 (fixture);
  /* As if somebody had made room for a table of his own under a name that is needed. */
  tamper (fixture->path, "CREATE TABLE audit_log (mine)");
  before = read_bytes (fixture->path);
  store = open_store (fixture, &error);
  g_assert_null (store);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
  g_assert_true (g_str_has_prefix (error->message, "migrating to schema 2: "));
  after = read_bytes (fixture->path);
  g_assert_true (g_bytes_equal (before, after));

  tamper (fixture->path, "DROP TABLE audit_log");
  g_clear_error (&error);
  store = open_store (fixture, &error);
  g_assert_no_error (error);
  assert_rows (store, "SELECT sync_id FROM sync_runs ORDER BY id", "a b c");
}

static void
test_migrations_in_order (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GPtrArray) migrations = tide_migrations_load ();

  for (guint i = 0; i < migrations->len; i++)
    {
      const TideMigration *migration = g_ptr_array_index (migrations, i);

      g_assert_cmpint (migration->version, ==, (int)i + 1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/store/migrate/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("fails", test_migration_fails);
  ADD ("breaks-key", test_migration_breaks_key);
  ADD ("schema-1", test_migrate_schema_1);
  ADD ("schema-1-keys-hold", test_migrated_keys_hold);
  ADD ("schema-1-fails", test_migrate_schema_1_fails);
  ADD ("in-order", test_migrations_in_order);
  return g_test_run ();
}
