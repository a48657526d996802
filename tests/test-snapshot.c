/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-snapshot"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "store-fixture.h"
#include "tide-export.h"
#include "tide-snapshots.h"
#include "tide-store-backup.h"

typedef struct
{
  StoreFixture  store;
  char         *out;          /* a folder to export to */
} Fixture;

static void
run (const char *first,
     const char *second,
     const char *third)
{
  const char *argv[] = { first, second, third, NULL };
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  store_fixture_set_up (&fixture->store, NULL);
  fixture->out = store_fixture_make_folder ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (fixture->store.folder, "snapshots", NULL);

  run ("rm", "-rf", folder);
  store_fixture_tear_down (&fixture->store, NULL);
  run ("rm", "-rf", fixture->out);
  g_clear_pointer (&fixture->out, g_free);
}

/* @number: SQL of the value */
static void
add_order (Fixture    *fixture,
           const char *id,
           const char *number,
           const char *total)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO shop_orders (_connection, _id, _hash, _first_run, _changed_run, number, created_at,"
                     " total, currency, _raw) VALUES (%d, '%s', 1, 1, 1, %s, '2026-03-02T18:11:09.500Z', %s, 'USD', '{}')",
                     (int)fixture->store.connection_id, id, number, total);

  store_fixture_execute (&fixture->store, sql);
}

static void
add_orders (Fixture *fixture,
            int      n_orders)
{
  g_autofree char *sql =
    g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                     " INSERT INTO shop_orders (_connection, _id, _hash, _first_run, _changed_run, total, _raw)"
                     " SELECT %d, 'o' || i, i, 1, 1, i, printf('{\"padding\": \"%%0500d\"}', i) FROM n",
                     n_orders, (int)fixture->store.connection_id);

  store_fixture_execute (&fixture->store, sql);
}

static char *
path_of (Fixture    *fixture,
         const char *name)
{
  return g_build_filename (fixture->out, name, NULL);
}

static char *
read_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *content = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  return content;
}

static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

static guint
count_snapshot_files (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->store.folder, "snapshots", NULL);

  return count_files (folder);
}

static TideSnapshot *
take (Fixture    *fixture,
      const char *name)
{
  g_autoptr(GError) error = NULL;
  TideSnapshot *snapshot = tide_snapshots_take (fixture->store.store, name, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return snapshot;
}

static void
assert_verified (Fixture    *fixture,
                 const char *name)
{
  g_autoptr(GError) error = NULL;

  tide_snapshots_verify (fixture->store.store, name, NULL, &error);
  g_assert_no_error (error);
}

static gint64
count_in_copy (const char *path,
               const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStoreCopy) copy = tide_store_copy_open (path, NULL, &error);
  g_autoptr(TideStatement) statement = NULL;

  g_assert_no_error (error);
  statement = tide_statement_new (copy, sql, &error);
  g_assert_no_error (error);
  g_assert_true (tide_statement_next (statement, &error));
  return tide_statement_get_int (statement, 0);
}

static void
test_take (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TideSnapshot) first = NULL;
  g_autoptr(TideSnapshot) second = NULL;
  g_autoptr(GPtrArray) list = NULL;
  GStatBuf info;

  add_orders (fixture, 100);
  store_fixture_execute (&fixture->store, "UPDATE shop_orders SET _deleted = 1 WHERE total <= 10");
  first = take (fixture, "März 2026");
  g_assert_cmpint (first->records, ==, 90);
  g_assert_cmpint (first->taken_at, ==, STORE_START);
  g_assert_cmpuint (strlen (first->sha256), ==, 64);
  g_assert_cmpint (g_stat (first->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, first->size);
  g_assert_cmpint (info.st_mode & 0777, ==, 0400);
  g_assert_cmpint (count_in_copy (first->path, "SELECT count(*) FROM orders"), ==, 90);
  assert_verified (fixture, "März 2026");

  /* What comes later is not in it. */
  store_fixture_execute (&fixture->store, "DELETE FROM shop_orders");
  assert_verified (fixture, "März 2026");
  second = take (fixture, "b");
  g_assert_cmpint (second->records, ==, 0);
  g_assert_cmpuint (count_snapshot_files (fixture), ==, 2);
  list = tide_snapshots_list (fixture->store.store, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((TideSnapshot *)g_ptr_array_index (list, 0))->name, ==, "b");
}

static void
assert_refused (Fixture    *fixture,
                const char *name,
                int         code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_snapshots_take (fixture->store.store, name, NULL, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, code);
}

static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const bad[] = { "", ".", "..", "../x", "a/b", "/etc/x", ".hidden", "-x", " x", "x ", "a\nb", "a\\b",
                                      "a\x1b[31m", "\xff", "a:b", "nul\xe2\x80\xae" };
  g_autofree char *longest = g_strnfill (101, 'a');
  g_autoptr(TideSnapshot) snapshot = NULL;
  g_autoptr(TideSnapshot) dotted = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (fixture, bad[i], TIDE_ERROR_INVALID);
  assert_refused (fixture, longest, TIDE_ERROR_INVALID);
  g_assert_cmpuint (count_snapshot_files (fixture), ==, 0);

  snapshot = take (fixture, "a");
  assert_refused (fixture, "a", TIDE_ERROR_CONFLICT);
  dotted = take (fixture, "a.db");
  assert_verified (fixture, "a");
  g_assert_cmpuint (count_snapshot_files (fixture), ==, 2);
}

/* A file without a row is somebody's, and not ours to replace. */
static void
test_foreign_file (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideSnapshot) snapshot = take (fixture, "a");
  g_autofree char *path = g_build_filename (fixture->store.folder, "snapshots", "mine.db", NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  assert_refused (fixture, "mine", TIDE_ERROR_CONFLICT);
  content = read_file (path);
  g_assert_cmpstr (content, ==, "mine");
}

typedef struct
{
  Fixture *fixture;
  int      stop;              /* (atomic) */
  int      n_written;         /* (atomic) */
} Writer;

/* Two records a transaction, the second with the first's sum negated: in any instant they sum to nothing. */
static gpointer
writer_thread (gpointer data)
{
  Writer *writer = data;

  while (!g_atomic_int_get (&writer->stop))
    {
      int i = g_atomic_int_add (&writer->n_written, 1);
      g_autofree char *sql =
        g_strdup_printf ("INSERT INTO shop_orders (_connection, _id, _hash, _first_run, _changed_run, total, _raw) VALUES"
                         " (1, 'a%d', 1, 1, 1, %d, '{}'), (1, 'b%d', 1, 1, 1, -%d, printf('%%02000d', 1))", i, i, i, i);

      store_fixture_execute (&writer->fixture->store, sql);
    }
  return NULL;
}

static void
wait_for_more (Writer *writer)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  int before = g_atomic_int_get (&writer->n_written);

  while (g_atomic_int_get (&writer->n_written) <= before)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
}

static void
test_while_writing (Fixture       *fixture,
                    gconstpointer  data)
{
  Writer writer = { fixture, FALSE, 0 };
  g_autoptr(GThread) thread = g_thread_new ("writer", writer_thread, &writer);
  gint64 last = -1;

  for (int i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%d", i);
      g_autoptr(TideSnapshot) snapshot = NULL;

      wait_for_more (&writer);
      snapshot = take (fixture, name);
      g_assert_cmpint (count_in_copy (snapshot->path, "SELECT ifnull(sum(total), 0) FROM shop_orders"), ==, 0);
      g_assert_cmpint (snapshot->records % 2, ==, 0);
      g_assert_cmpint (snapshot->records, >, last);
      last = snapshot->records;
      assert_verified (fixture, name);
    }
  g_atomic_int_set (&writer.stop, TRUE);
  g_thread_join (g_steal_pointer (&thread));
  g_assert_cmpint (g_atomic_int_get (&writer.n_written), >=, 8);
}

/* As tidemarkctl does it beside the window. */
static void
test_beside (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) guest = NULL;
  g_autoptr(TideSnapshot) snapshot = NULL;
  g_autoptr(TideSnapshot) seen = NULL;

  add_orders (fixture, 50);
  guest = tide_store_open (fixture->store.folder, TIDE_STORE_READ_ONLY, TIDE_CLOCK (fixture->store.clock), &error);
  g_assert_no_error (error);
  snapshot = tide_snapshots_take (guest, "beside", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  seen = tide_snapshots_find (fixture->store.store, "beside", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->sha256, ==, snapshot->sha256);
  g_assert_cmpint (seen->records, ==, 50);
  assert_verified (fixture, "beside");
}

static void
assert_corrupt (Fixture    *fixture,
                const char *words)
{
  g_autofree char *path = path_of (fixture, "x.db");
  g_autoptr(GError) error = NULL;

  g_assert_false (tide_snapshots_verify (fixture->store.store, "a", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, words));
  g_clear_error (&error);
  g_assert_false (tide_snapshots_export (fixture->store.store, "a", "sqlite", path, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT);
  g_assert_cmpuint (count_files (fixture->out), ==, 0);
}

static void
test_tampered (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TideSnapshot) snapshot = NULL;
  g_autofree char *content = NULL;
  gsize length;

  add_orders (fixture, 100);
  snapshot = take (fixture, "a");
  g_assert_true (g_file_get_contents (snapshot->path, &content, &length, NULL));

  content[length / 2] ^= 1;
  g_assert_true (g_file_set_contents (snapshot->path, content, (gssize)length, NULL));
  assert_corrupt (fixture, "SHA-256");
  g_assert_true (g_file_set_contents (snapshot->path, content, (gssize)length - 1, NULL));
  assert_corrupt (fixture, "bytes");
  g_assert_cmpint (g_unlink (snapshot->path), ==, 0);
  assert_corrupt (fixture, "missing");
}

/* From here on, no file of this process grows beyond so many bytes: a full disk, as far as it can see. */
static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(TideSnapshot) after = NULL;

  add_orders (fixture, 2000);
  limit_files (256 * 1024);
  g_assert_null (tide_snapshots_take (fixture->store.store, "a", NULL, NULL, NULL, &error));
  limit_files (RLIM_INFINITY);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_SPACE);
  g_assert_cmpuint (count_snapshot_files (fixture), ==, 0);
  list = tide_snapshots_list (fixture->store.store, NULL);
  g_assert_cmpuint (list->len, ==, 0);

  after = take (fixture, "a");
  g_assert_cmpint (after->records, ==, 2000);
}

static void
test_full_disk_export (Fixture       *fixture,
                       gconstpointer  data)
{
  static const char * const formats[] = { "csv", "jsonl", "sqlite" };

  add_orders (fixture, 20000);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = path_of (fixture, "orders");
      g_autofree char *content = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (path, "older", -1, NULL));
      limit_files (128 * 1024);
      g_assert_false (tide_export_entity (fixture->store.store, "orders", NULL, formats[i], path, NULL, NULL, &error));
      limit_files (RLIM_INFINITY);
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_SPACE);
      content = read_file (path);
      g_assert_cmpstr (content, ==, "older");
      g_assert_cmpuint (count_files (fixture->out), ==, 1);
    }
}

static void
cancel_cb (gint64   done,
           gint64   total,
           gpointer user_data)
{
  g_assert_cmpint (done, <=, total);
  g_cancellable_cancel (user_data);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = path_of (fixture, "orders.csv");
  g_autoptr(GError) error = NULL;

  add_orders (fixture, 40000);
  g_assert_null (tide_snapshots_take (fixture->store.store, "a", cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_snapshot_files (fixture), ==, 0);
  g_clear_error (&error);

  g_assert_false (tide_export_entity (fixture->store.store, "orders", NULL, "csv", path, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (fixture->out), ==, 0);
}

static void
export_orders (Fixture    *fixture,
               const char *where,
               const char *format,
               const char *path,
               gint64      n_expected)
{
  g_autoptr(GError) error = NULL;
  gint64 n_records = -1;

  tide_export_entity (fixture->store.store, "orders", where, format, path, &n_records, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_records, ==, n_expected);
  g_assert_cmpuint (count_files (fixture->out), ==, 1);
}

static void
add_odd_orders (Fixture *fixture)
{
  add_order (fixture, "plain", "'A 1'", "1200");
  add_order (fixture, "quotes", "'say \"hi\", you'", "-5");
  add_order (fixture, "lines", "'a' || char(13, 10) || 'b\\c' || char(9)", "9223372036854775807");
  add_order (fixture, "empty", "''", "0");
  add_order (fixture, "null", "NULL", "NULL");
  add_order (fixture, "späce", "' ☕ '", "1");
}

static void
test_csv (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *path = path_of (fixture, "orders.csv");
  g_autofree char *content = NULL;

  export_orders (fixture, NULL, "csv", path, 0);
  content = read_file (path);
  g_assert_true (g_str_has_prefix (content, "id,venue,provider,connection,"));
  g_assert_true (g_str_has_suffix (content, "\r\n"));
  /* One line, the headings. */
  g_assert_cmpuint (strcspn (content, "\n") + 1, ==, strlen (content));
  g_clear_pointer (&content, g_free);

  add_odd_orders (fixture);
  export_orders (fixture, NULL, "csv", path, 6);
  content = read_file (path);
  g_assert_nonnull (strstr (content, "\r\nplain,Corner Café,shop,Shop,A 1,"));
  g_assert_nonnull (strstr (content, "\r\nquotes,Corner Café,shop,Shop,\"say \"\"hi\"\", you\","));
  g_assert_nonnull (strstr (content, "\r\nlines,Corner Café,shop,Shop,\"a\r\nb\\c\t\","));
  g_assert_nonnull (strstr (content, "\r\nempty,Corner Café,shop,Shop,\"\","));
  g_assert_nonnull (strstr (content, "\r\nnull,Corner Café,shop,Shop,,"));
  g_assert_nonnull (strstr (content, "\r\nspäce,Corner Café,shop,Shop,\" ☕ \","));
  g_assert_nonnull (strstr (content, ",9223372036854775807,"));
  g_assert_null (strstr (content, "_raw"));
}

static void
test_jsonl (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = path_of (fixture, "orders.jsonl");
  g_autofree char *content = NULL;
  g_auto(GStrv) lines = NULL;

  add_odd_orders (fixture);
  export_orders (fixture, "total > 0 -- not those", "jsonl", path, 3);
  content = read_file (path);
  lines = g_strsplit (content, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0], "{\"id\":\"plain\",\"venue\":\"Corner Café\",\"provider\":\"shop\","));
  g_assert_nonnull (strstr (lines[1], "\"number\":\"a\\u000d\\u000ab\\\\c\\u0009\""));
  g_assert_nonnull (strstr (lines[1], "\"total\":9223372036854775807"));
  g_assert_nonnull (strstr (lines[0], "\"created_at\":\"2026-03-02T18:11:09.500Z\",\"created_at_local\":\"2026-03-02T13:11:09\""));
}

static void
test_sqlite (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = path_of (fixture, "orders.db");

  add_odd_orders (fixture);
  export_orders (fixture, NULL, "sqlite", path, 6);
  g_assert_cmpint (count_in_copy (path, "SELECT count(*) FROM orders"), ==, 6);
  g_assert_cmpint (count_in_copy (path, "SELECT count(*) FROM orders WHERE number IS NULL"), ==, 1);
  g_assert_cmpint (count_in_copy (path, "SELECT total FROM orders WHERE id = 'lines'"), ==, G_MAXINT64);
  g_assert_cmpint (count_in_copy (path, "SELECT count(*) FROM orders WHERE typeof(total) = 'integer'"), ==, 5);
}

static void
assert_export_fails (Fixture    *fixture,
                     const char *entity,
                     const char *where,
                     const char *format,
                     int         code,
                     const char *words)
{
  g_autofree char *path = path_of (fixture, "x");
  g_autoptr(GError) error = NULL;

  g_assert_false (tide_export_entity (fixture->store.store, entity, where, format, path, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (count_files (fixture->out), ==, 0);
}

static void
test_bad_exports (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *nowhere = g_build_filename (fixture->out, "no", "such", "x.csv", NULL);
  g_autoptr(GError) error = NULL;

  add_odd_orders (fixture);
  assert_export_fails (fixture, "orders", NULL, "parquet", TIDE_ERROR_INVALID, "not supported yet");
  assert_export_fails (fixture, "orders", NULL, "xml", TIDE_ERROR_INVALID, "xml");
  assert_export_fails (fixture, "ordres", NULL, "csv", TIDE_ERROR_NOT_FOUND, "ordres");
  assert_export_fails (fixture, "sync_runs", NULL, "csv", TIDE_ERROR_NOT_FOUND, "sync_runs");
  assert_export_fails (fixture, "payments", NULL, "csv", TIDE_ERROR_NOT_FOUND, "payments");
  assert_export_fails (fixture, "orders", "totl > 1", "csv", TIDE_ERROR_INVALID, "totl");
  assert_export_fails (fixture, "orders", "1); DELETE FROM shop_orders; --", "csv", TIDE_ERROR_INVALID, "");
  g_assert_cmpint (store_fixture_query_int (&fixture->store, "SELECT count(*) FROM shop_orders"), ==, 6);

  g_assert_false (tide_export_entity (fixture->store.store, "orders", NULL, "csv", nowhere, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (tide_export_entity (fixture->store.store, "orders", NULL, "csv", fixture->out, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

static void
export_snapshot (Fixture    *fixture,
                 const char *format,
                 const char *path)
{
  g_autoptr(GError) error = NULL;
  gint64 n_records = -1;

  tide_snapshots_export (fixture->store.store, "a", format, path, &n_records, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_records, ==, 6);
}

static void
test_export_snapshot (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *file = path_of (fixture, "copy.db");
  g_autofree char *folder = path_of (fixture, "tables");
  g_autofree char *csv = g_build_filename (folder, "orders.csv", NULL);
  g_autofree char *content = NULL;
  g_autoptr(TideSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;

  add_odd_orders (fixture);
  snapshot = take (fixture, "a");
  store_fixture_execute (&fixture->store, "DELETE FROM shop_orders");

  export_snapshot (fixture, "sqlite", file);
  run ("cmp", snapshot->path, file);
  export_snapshot (fixture, "csv", folder);
  g_assert_cmpuint (count_files (folder), ==, 1);
  content = read_file (csv);
  g_assert_nonnull (strstr (content, "\r\nplain,"));

  g_assert_false (tide_snapshots_export (fixture->store.store, "a", "jsonl", folder, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_assert_cmpuint (count_files (fixture->out), ==, 2);
  g_clear_error (&error);
  g_assert_false (tide_snapshots_export (fixture->store.store, "none", "csv", folder, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* A file that may not grow is a failed write, not the end. */
  signal (SIGXFSZ, SIG_IGN);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/snapshot/take", test_take);
  ADD ("/snapshot/names", test_names);
  ADD ("/snapshot/foreign-file", test_foreign_file);
  ADD ("/snapshot/while-writing", test_while_writing);
  ADD ("/snapshot/beside", test_beside);
  ADD ("/snapshot/tampered", test_tampered);
  ADD ("/snapshot/full-disk", test_full_disk);
  ADD ("/snapshot/cancel", test_cancel);
  ADD ("/snapshot/export", test_export_snapshot);
  ADD ("/export/csv", test_csv);
  ADD ("/export/jsonl", test_jsonl);
  ADD ("/export/sqlite", test_sqlite);
  ADD ("/export/bad", test_bad_exports);
  ADD ("/export/full-disk", test_full_disk_export);

  return g_test_run ();
}
