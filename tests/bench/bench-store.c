/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-bench"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <xxhash.h>

#include "tide-connection-rows.h"
#include "tide-record-writer.h"
#include "tide-run-rows.h"
#include "tide-store.h"
#include "tide-system-clock.h"
#include "tide-venue-rows.h"

/* The record writer alone, without network and parser: N records of 1.7 KB with 12 columns, in pages of 1000,
 * committed every 10 000. Prints records a second, with the milliseconds of start, records and end; and first what
 * SQLite alone does with the same rows, as what is fast depends on the disk. Usage: bench-store [N] */

#define PAGE 1000
#define PAGES_PER_COMMIT 10
#define PAYLOAD 1700
#define N_COLUMNS 12

static TideColumn columns[N_COLUMNS];
static char names[N_COLUMNS][8];
static TideTableSpec spec = { "bench", "orders", "orders", columns, N_COLUMNS };

static void
check (gboolean  ok,
       GError   *error)
{
  if (ok)
    return;
  g_printerr ("%s\n", error->message);
  exit (1);
}

static void
fill_record (TideRecordBatch *batch,
             char            *text,
             gint64           number,
             int              version)
{
  TideValue *values;
  TideRecord *record = tide_record_batch_add (batch, &values);
  int length;

  /* Ids in no order, as providers make them. */
  length = g_snprintf (text, PAYLOAD, "{\"id\": \"%016" G_GINT64_MODIFIER "x\", \"n\": %010" G_GINT64_FORMAT
                       ", \"v\": %d, \"pad\": \"",
                       (guint64)XXH3_64bits (&number, sizeof number), number, version);
  memset (text + length, 'x', (gsize)(PAYLOAD - length));
  memcpy (text + PAYLOAD - 2, "\"}", 2);
  record->id = text + 8;
  record->id_length = 16;
  record->raw = text;
  record->raw_length = PAYLOAD;
  record->hash = XXH3_64bits (text, PAYLOAD);
  for (int i = 0; i < N_COLUMNS; i++)
    {
      values[i].kind = i % 3 == 0 ? TIDE_VALUE_INTEGER : TIDE_VALUE_TEXT;
      if (i % 3 == 0)
        values[i].integer = number * i;
      else
        values[i].text = text + 8;
      values[i].length = 12;
    }
}

/* The work of the parser, which is not measured. */
static TideRecordBatch *
make_page (gint64 first,
           gint64 end,
           int    changed_of_1000)
{
  gsize n = (gsize)MIN (PAGE, end - first);
  char *text = g_malloc (n * PAYLOAD);
  g_autoptr(GBytes) page = g_bytes_new_take (text, n * PAYLOAD);
  TideRecordBatch *batch = tide_record_batch_new (page, N_COLUMNS);

  for (gsize i = 0; i < n; i++)
    fill_record (batch, text + i * PAYLOAD, first + (gint64)i, (int)i < changed_of_1000);
  return batch;
}

static gint64
add_run (TideStore *store,
         gint64     connection_id,
         int        number)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, &error);
  g_autofree char *sync_id = g_strdup_printf ("run-%d", number);
  TideRun run = {
    .sync_id = sync_id, .connection_id = connection_id, .stream = (char *)"orders", .entity = (char *)"orders",
    .mode = TIDE_RUN_MODE_FULL, .status = TIDE_RUN_PROCESSING, .requested_by = (char *)"bench",
  };
  gint64 id = tide_run_rows_add (write, &run, &error);

  check (id != 0 && tide_write_commit (write, &error), error);
  return id;
}

/* Microseconds of the parts of a run. */
typedef struct
{
  gint64 start;
  gint64 records;
  gint64 end;
} Times;

static void
report (const char  *what,
        gint64       n,
        const Times *times)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_print ("%-24s %9.0f records/s   (%.0f + %.0f + %.0f ms, peak RSS %ld MB)\n", what,
           (double)n * G_USEC_PER_SEC / (double)(times->start + times->records + times->end),
           (double)times->start / 1000, (double)times->records / 1000, (double)times->end / 1000,
           usage.ru_maxrss / 1024);
}

static void
run (TideStore  *store,
     gint64      connection_id,
     int         number,
     const char *what,
     gint64      n,
     int         changed_of_1000,
     int         flags)
{
  g_autoptr(GError) error = NULL;
  gint64 run_id = add_run (store, connection_id, number);
  g_autoptr(TideRecordWriter) writer = NULL;
  gint64 started = g_get_monotonic_time ();
  Times times = { 0 };
  TideCounts counts = { 0 };

  writer = tide_record_writer_new (store, &spec, connection_id, run_id, flags, NULL, &error);
  check (writer != NULL, error);
  times.start = g_get_monotonic_time () - started;
  for (gint64 at = 0; at < n; at += PAGE * PAGES_PER_COMMIT)
    {
      g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_record_batch_free);
      g_autoptr(TideWrite) write = NULL;

      for (gint64 first = at; first < MIN (n, at + PAGE * PAGES_PER_COMMIT); first += PAGE)
        g_ptr_array_add (pages, make_page (first, n, changed_of_1000));
      started = g_get_monotonic_time ();
      write = tide_store_begin_write (store, NULL, &error);
      check (write != NULL, error);
      for (guint i = 0; i < pages->len; i++)
        check (tide_record_writer_write (writer, write, g_ptr_array_index (pages, i), &counts, &error), error);
      check (tide_record_writer_flush (writer, write, &error) && tide_write_commit (write, &error), error);
      times.records += g_get_monotonic_time () - started;
    }
  started = g_get_monotonic_time ();
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, &error);

    check (write != NULL, error);
    check (!(flags & TIDE_RECORD_WRITER_FULL) || tide_record_writer_sweep (writer, write, &counts, &error), error);
    check (tide_record_writer_finish (writer, write, &error) && tide_write_commit (write, &error), error);
  }
  times.end = g_get_monotonic_time () - started;
  check (tide_counts_check (&counts, &error), error);
  report (what, n, &times);
}

static void
bind_bare (sqlite3_stmt     *insert,
           const TideRecord *record)
{
  sqlite3_bind_int64 (insert, 1, 1);
  sqlite3_bind_text (insert, 2, record->id, (int)record->id_length, SQLITE_STATIC);
  sqlite3_bind_int64 (insert, 3, (gint64)record->hash);
  sqlite3_bind_text (insert, 4, record->raw, (int)record->raw_length, SQLITE_STATIC);
  for (int i = 0; i < N_COLUMNS; i++)
    if (record->values[i].kind == TIDE_VALUE_INTEGER)
      sqlite3_bind_int64 (insert, 5 + i, record->values[i].integer);
    else
      sqlite3_bind_text (insert, 5 + i, record->values[i].text, (int)record->values[i].length, SQLITE_STATIC);
}

static void
insert_bare (sqlite3_stmt    *insert,
             TideRecordBatch *batch)
{
  gsize n;
  const TideRecord *records = tide_record_batch_get_records (batch, &n);

  for (gsize i = 0; i < n; i++)
    {
      bind_bare (insert, &records[i]);
      sqlite3_step (insert);
      sqlite3_reset (insert);
    }
}

/* The floor: the same rows, settings and commits, with nothing else done. */
static void
run_bare (const char *folder,
          gint64      n)
{
  g_autofree char *path = g_build_filename (folder, "bare.db", NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *insert = NULL;
  gint64 started;
  Times times = { 0 };

  sqlite3_open (path, &db);
  sqlite3_exec (db, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                    "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 2000;"
                    "CREATE TABLE t (_key INTEGER PRIMARY KEY, c INT, id TEXT, hash INT, c0, c1, c2, c3, c4, c5, c6, c7,"
                    " c8, c9, c10, c11, raw TEXT)", NULL, NULL, NULL);
  sqlite3_prepare_v2 (db, "INSERT INTO t (c, id, hash, raw, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, NULL);
  for (gint64 at = 0; at < n; at += PAGE * PAGES_PER_COMMIT)
    {
      g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_record_batch_free);

      for (gint64 first = at; first < MIN (n, at + PAGE * PAGES_PER_COMMIT); first += PAGE)
        g_ptr_array_add (pages, make_page (first, n, 0));
      started = g_get_monotonic_time ();
      sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
      for (guint i = 0; i < pages->len; i++)
        insert_bare (insert, g_ptr_array_index (pages, i));
      sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
      times.records += g_get_monotonic_time () - started;
    }
  started = g_get_monotonic_time ();
  sqlite3_exec (db, "CREATE UNIQUE INDEX i ON t (c, id)", NULL, NULL, NULL);
  times.end = g_get_monotonic_time () - started;
  sqlite3_finalize (insert);
  sqlite3_close (db);
  g_unlink (path);
  report ("SQLite alone, first load", n, &times);
}

static TideStore *
open_store (const char *folder,
            gint64     *connection_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideClock) clock = tide_system_clock_new ();
  TideStore *store = tide_store_open (folder, TIDE_STORE_NONE, clock, &error);
  g_autoptr(TideWrite) write = NULL;
  g_autoptr(TideVenue) venue = NULL;
  g_autoptr(TideConnection) connection = NULL;
  TideConnection wanted = {
    .provider = (char *)"bench", .name = (char *)"Bench", .environment = (char *)"sandbox",
  };

  check (store != NULL, error);
  write = tide_store_begin_write (store, NULL, &error);
  check (write != NULL, error);
  venue = tide_venue_rows_add (write, "Bench", "UTC", &error);
  check (venue != NULL, error);
  wanted.venue_id = venue->id;
  connection = tide_connection_rows_add (write, &wanted, &error);
  check (connection != NULL && tide_write_commit (write, &error), error);
  *connection_id = connection->id;
  return store;
}

int
main (int    argc,
      char **argv)
{
  gint64 n = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 100000;
  g_autofree char *folder = g_dir_make_tmp ("tidemark-bench-XXXXXX", NULL);
  g_autoptr(TideStore) store = NULL;
  g_autoptr(GError) error = NULL;
  gint64 connection_id;
  GStatBuf info;

  for (int i = 0; i < N_COLUMNS; i++)
    {
      g_snprintf (names[i], sizeof names[i], "c%d", i);
      columns[i].name = names[i];
      columns[i].type = i % 3 == 0 ? TIDE_FIELD_INTEGER : TIDE_FIELD_TEXT;
    }
  run_bare (folder, n);
  store = open_store (folder, &connection_id);
  check (tide_record_table_ensure (store, &spec, 1, NULL, 0, NULL, &error), error);
  run (store, connection_id, 1, "first load", n, 0, TIDE_RECORD_WRITER_FULL);
  run (store, connection_id, 2, "full, nothing changed", n, 0, TIDE_RECORD_WRITER_FULL);
  run (store, connection_id, 3, "full, 1 % changed", n, 10, TIDE_RECORD_WRITER_FULL);
  run (store, connection_id, 4, "increment, unchanged", n, 10, TIDE_RECORD_WRITER_NONE);
  if (g_stat (tide_store_get_path (store), &info) == 0)
    g_print ("database: %.2f of the JSON\n", (double)info.st_size / (double)(n * PAYLOAD));
  g_clear_object (&store);
  {
    g_autofree char *database = g_build_filename (folder, "tidemark.db", NULL);
    g_autofree char *lock = g_build_filename (folder, "tidemark.lock", NULL);

    g_unlink (database);
    g_unlink (lock);
    g_rmdir (folder);
  }
  return 0;
}
