/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <string.h>

#include "tide-key-map-private.h"

typedef TideRecordWriterFlags Flags;

#define FULL TIDE_RECORD_WRITER_FULL
#define RESUME TIDE_RECORD_WRITER_RESUME
#define DRY TIDE_RECORD_WRITER_DRY

static TideRecordWriter *
begin (StoreFixture *fixture,
       gint64        connection_id,
       gint64        run_id,
       int           flags)
{
  g_autoptr(GError) error = NULL;
  TideRecordWriter *writer;

  writer = tide_record_writer_new (fixture->store, &store_orders, connection_id, run_id, (Flags)flags, NULL, &error);
  g_assert_no_error (error);
  return writer;
}

/* Stores a batch in a write of its own. */
static void
store_batch (StoreFixture     *fixture,
             TideRecordWriter *writer,
             TideRecordBatch  *batch,
             TideCounts       *counts)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  g_assert_no_error (error);
  tide_record_writer_write (writer, write, batch, counts, &error);
  g_assert_no_error (error);
  tide_record_writer_flush (writer, write, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_true (tide_counts_check (counts, &error));
}

static void
end (StoreFixture     *fixture,
     TideRecordWriter *writer,
     gboolean          sweep,
     TideCounts       *counts)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  g_assert_no_error (error);
  if (sweep)
    tide_record_writer_sweep (writer, write, counts, &error);
  g_assert_no_error (error);
  tide_record_writer_finish (writer, write, &error);
  g_assert_no_error (error);
  tide_record_writer_flush (writer, write, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
}

/* A run of one batch: "a=1 b=2 -c" are two records and a notice of deletion; "!d" cannot be read, "!" does not
 * even tell its id, "." is skipped. */
static TideRecordBatch *
make_batch (const char *text)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  TideRecordBatch *batch = store_batch_new ();

  for (char **word = words; *word != NULL; word++)
    {
      char *equals = strchr (*word, '=');

      if (**word == '\0')
        continue;
      if (equals != NULL)
        *equals = '\0';
      if (equals != NULL)
        store_batch_add (batch, *word, g_ascii_strtoll (equals + 1, NULL, 10));
      else if (**word == '-')
        store_batch_add_deleted (batch, *word + 1);
      else if (**word == '!')
        tide_record_batch_add_bad (batch, (*word)[1] != '\0' ? *word + 1 : NULL, "no total", "{}", 2);
      else
        tide_record_batch_add_skipped (batch);
    }
  return batch;
}

static char *
counts_to_string (const TideCounts *counts)
{
  return g_strdup_printf ("%d: %d+ %d~ %d= %d! %d. %d-", (int)counts->read, (int)counts->created,
                          (int)counts->updated, (int)counts->unchanged, (int)counts->failed,
                          (int)counts->skipped, (int)counts->deleted);
}

#define assert_counts(counts, expected) \
  G_STMT_START { \
    g_autofree char *counts_text = counts_to_string (counts); \
    g_assert_cmpstr (counts_text, ==, expected); \
  } G_STMT_END

#define assert_query(fixture, sql, expected) \
  G_STMT_START { \
    g_autofree char *query_text = store_fixture_query_text (fixture, sql); \
    g_assert_cmpstr (query_text, ==, expected); \
  } G_STMT_END

static void
run_all (StoreFixture *fixture,
         int           flags,
         const char   *text,
         const char   *expected)
{
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id,
                                      flags & FULL ? TIDE_RUN_MODE_FULL : TIDE_RUN_MODE_INCREMENTAL);
  g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, flags);
  g_autoptr(TideRecordBatch) batch = make_batch (text);
  TideCounts counts = { 0 };

  store_batch (fixture, writer, batch, &counts);
  end (fixture, writer, (flags & FULL) != 0, &counts);
  assert_counts (&counts, expected);
}

#define ROWS "SELECT _id, total, _deleted FROM shop_orders ORDER BY _connection, _id"

static void
test_matrix (StoreFixture  *fixture,
             gconstpointer  data)
{
  run_all (fixture, 0, "a=1 b=2 . a=1 a=3 -z !q", "7: 2+ 1~ 1= 1! 2. 0-");
  assert_query (fixture, ROWS, "a|3|0\nb|2|0");
  run_all (fixture, 0, "a=3 b=2", "2: 0+ 0~ 2= 0! 0. 0-");
  run_all (fixture, 0, "a=4 c=5 -b -b", "4: 1+ 2~ 1= 0! 0. 1-");
  assert_query (fixture, ROWS, "a|4|0\nb|2|1\nc|5|0");
  run_all (fixture, 0, "b=2 -q c=5", "3: 0+ 1~ 1= 0! 1. 0-");
  assert_query (fixture, ROWS, "a|4|0\nb|2|0\nc|5|0");
  assert_query (fixture, "SELECT run_id, record_id, kind, before FROM record_changes ORDER BY id",
                "1|a|updated|{\"id\": \"a\", \"total\": 1}\n"
                "3|a|updated|{\"id\": \"a\", \"total\": 3}\n"
                "3|b|deleted|{\"id\": \"b\", \"total\": 2}\n"
                "4|b|restored|{\"id\": \"b\", \"total\": 2}");
  assert_query (fixture, "SELECT _id, _first_run, _changed_run FROM shop_orders ORDER BY _id",
                "a|1|3\nb|1|4\nc|3|3");
}

static gint64
count_changes (TideDatabase *database)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStatement) statement = tide_statement_new (database, "SELECT total_changes()", &error);

  g_assert_no_error (error);
  g_assert_true (tide_statement_next (statement, &error));
  return tide_statement_get_int (statement, 0);
}

/* The second time, nothing at all is written. */
static void
test_unchanged_writes_nothing (StoreFixture  *fixture,
                               gconstpointer  data)
{
  g_autofree char *before = NULL;

  run_all (fixture, 0, "a=1 b=2", "2: 2+ 0~ 0= 0! 0. 0-");
  before = store_fixture_query_text (fixture, "SELECT * FROM shop_orders");
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, 1, i == 0 ? 0 : FULL);
      g_autoptr(TideRecordBatch) batch = make_batch ("a=1 b=2 b=2");
      g_autoptr(GError) error = NULL;
      g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
      TideDatabase *database = tide_write_get_database (write);
      TideCounts counts = { 0 };
      gint64 changes;

      changes = count_changes (database);
      g_assert_true (tide_record_writer_write (writer, write, batch, &counts, &error));
      g_assert_cmpint (count_changes (database), ==, changes);
      assert_counts (&counts, "3: 0+ 0~ 3= 0! 0. 0-");
    }
  assert_query (fixture, "SELECT * FROM shop_orders", before);
}

static gboolean
has_index (StoreFixture *fixture)
{
  return store_fixture_query_int (fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'shop_orders.id'") == 1;
}

static void
test_first_load (StoreFixture  *fixture,
                 gconstpointer  data)
{
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  TideCounts counts = { 0 };

  g_assert_false (has_index (fixture));
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
    g_autoptr(TideRecordBatch) first = make_batch ("a=1 b=2");

    store_batch (fixture, writer, first, &counts);
    g_assert_false (has_index (fixture));
    /* Here the program is killed. */
  }
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL | RESUME);
    g_autoptr(TideRecordBatch) second = make_batch ("c=3");
    g_autoptr(TideRecordBatch) third = make_batch ("c=3 a=7 d=4");

    store_batch (fixture, writer, second, &counts);
    g_assert_false (has_index (fixture));
    /* An id that is known cannot be answered without the index. */
    store_batch (fixture, writer, third, &counts);
    g_assert_true (has_index (fixture));
    end (fixture, writer, TRUE, &counts);
  }
  assert_counts (&counts, "6: 4+ 1~ 1= 0! 0. 0-");
  assert_query (fixture, ROWS, "a|7|0\nb|2|0\nc|3|0\nd|4|0");
  assert_query (fixture, "SELECT first_key, last_key FROM sync_runs", "1|4");
  assert_query (fixture, "SELECT count(*) FROM sync_seen", "0");
}

/* A run that broke off and begins anew, over a table without its index. */
static void
test_first_load_anew (StoreFixture  *fixture,
                      gconstpointer  data)
{
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  TideCounts counts = { 0 };

  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
    g_autoptr(TideRecordBatch) first = make_batch ("a=1 b=2 c=3");

    store_batch (fixture, writer, first, &counts);
  }
  run_all (fixture, FULL, "d=4 b=2 a=5", "3: 1+ 1~ 1= 0! 0. 1-");
  g_assert_true (has_index (fixture));
  assert_query (fixture, ROWS, "a|5|0\nb|2|0\nc|3|1\nd|4|0");
}

static void
test_two_connections (StoreFixture  *fixture,
                      gconstpointer  data)
{
  gint64 other = store_fixture_add_connection (fixture, "Other");
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  gint64 other_run = store_fixture_add_run (fixture, other, TIDE_RUN_MODE_FULL);
  g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
  g_autoptr(TideRecordWriter) other_writer = begin (fixture, other, other_run, FULL);
  TideCounts counts = { 0 };
  TideCounts other_counts = { 0 };

  for (int i = 0; i < 4; i++)
    {
      g_autofree char *text = g_strdup_printf ("a%d=1 same%d=2", i, i);
      g_autoptr(TideRecordBatch) batch = make_batch (text);
      g_autoptr(TideRecordBatch) other_batch = make_batch (text);

      store_batch (fixture, writer, batch, &counts);
      store_batch (fixture, other_writer, other_batch, &other_counts);
      /* The first to finish builds the index under the other. */
      if (i == 2)
        end (fixture, writer, FALSE, &counts);
    }
  end (fixture, other_writer, TRUE, &other_counts);
  assert_counts (&counts, "8: 8+ 0~ 0= 0! 0. 0-");
  assert_counts (&other_counts, "8: 8+ 0~ 0= 0! 0. 0-");
  assert_query (fixture, "SELECT _connection, count(*), count(DISTINCT _id) FROM shop_orders GROUP BY 1", "1|8|8\n2|8|8");
}

static void
test_sweep (StoreFixture  *fixture,
            gconstpointer  data)
{
  gint64 other = store_fixture_add_connection (fixture, "Other");
  gint64 run;
  gint64 n_unseen;
  gint64 n_live;
  TideCounts counts = { 0 };

  run_all (fixture, FULL, "a=1 b=2 c=3 d=4 e=5", "5: 5+ 0~ 0= 0! 0. 0-");
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, other,
                                                store_fixture_add_run (fixture, other, TIDE_RUN_MODE_FULL), FULL);
    g_autoptr(TideRecordBatch) batch = make_batch ("a=1 x=2");

    store_batch (fixture, writer, batch, &counts);
    end (fixture, writer, TRUE, &counts);
  }
  run_all (fixture, 0, "-e", "1: 0+ 1~ 0= 0! 0. 1-");
  run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  memset (&counts, 0, sizeof counts);
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
    g_autoptr(TideRecordBatch) batch = make_batch ("a=1 f=6");
    g_autoptr(GError) error = NULL;

    store_batch (fixture, writer, batch, &counts);
    {
      g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

      g_assert_true (tide_record_writer_count_unseen (writer, write, &n_unseen, &n_live, &error));
    }
    g_assert_cmpint (n_unseen, ==, 3);
    g_assert_cmpint (n_live, ==, 4);
  }
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL | RESUME);
    g_autoptr(TideRecordBatch) batch = make_batch ("c=4 g=7");

    store_batch (fixture, writer, batch, &counts);
    end (fixture, writer, TRUE, &counts);
  }
  assert_counts (&counts, "4: 2+ 1~ 1= 0! 0. 2-");
  assert_query (fixture, "SELECT _id, _deleted FROM shop_orders WHERE _connection = 1 ORDER BY _id",
                "a|0\nb|1\nc|0\nd|1\ne|1\nf|0\ng|0");
  assert_query (fixture, "SELECT count(*) FROM shop_orders WHERE _connection = 2 AND _deleted = 0", "2");
  assert_query (fixture, "SELECT record_id, kind FROM record_changes WHERE run_id = 4 ORDER BY record_id",
                "b|deleted\nc|updated\nd|deleted");
  assert_query (fixture, "SELECT count(*) FROM sync_seen", "0");
}

/* A record that comes and cannot be read is no deleted record. */
static void
test_sweep_spares_bad (StoreFixture  *fixture,
                       gconstpointer  data)
{
  run_all (fixture, FULL, "a=1 b=2 c=3", "3: 3+ 0~ 0= 0! 0. 0-");
  run_all (fixture, FULL, "a=1 !b", "2: 0+ 0~ 1= 1! 0. 1-");
  assert_query (fixture, ROWS, "a|1|0\nb|2|0\nc|3|1");
  /* Without an id, it may be any of them. */
  run_all (fixture, FULL, "a=1 !", "2: 0+ 0~ 1= 1! 0. 0-");
  assert_query (fixture, ROWS, "a|1|0\nb|2|0\nc|3|1");
}

static void
test_rolled_back (StoreFixture  *fixture,
                  gconstpointer  data)
{
  gint64 run;
  TideCounts counts = { 0 };

  run_all (fixture, FULL, "a=1 b=2 c=3", "3: 3+ 0~ 0= 0! 0. 0-");
  run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
    g_autoptr(TideRecordBatch) kept = make_batch ("a=1");
    g_autoptr(TideRecordBatch) lost = make_batch ("b=9 c=3 d=4");
    g_autoptr(TideRecordBatch) last = make_batch ("d=4 d=4 b=2");
    g_autoptr(GError) error = NULL;
    TideCounts ignored = { 0 };

    store_batch (fixture, writer, kept, &counts);
    {
      g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

      g_assert_true (tide_record_writer_write (writer, write, lost, &ignored, &error));
      g_assert_true (tide_record_writer_flush (writer, write, &error));
    }
    tide_record_writer_rolled_back (writer);
    store_batch (fixture, writer, last, &counts);
    end (fixture, writer, TRUE, &counts);
  }
  /* b is as it was, d is new, c has not been seen after all. */
  assert_counts (&counts, "4: 1+ 0~ 3= 0! 0. 1-");
  assert_query (fixture, ROWS, "a|1|0\nb|2|0\nc|3|1\nd|4|0");
}

/* Even of a first load, where nothing but the memory of the writer forbids a record twice. */
static void
test_first_load_rolled_back (StoreFixture  *fixture,
                             gconstpointer  data)
{
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
  g_autoptr(TideRecordBatch) first = make_batch ("a=1 b=2");
  g_autoptr(TideRecordBatch) again = make_batch ("a=1 b=2 c=3");
  g_autoptr(GError) error = NULL;
  TideCounts counts = { 0 };

  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

    g_assert_true (tide_record_writer_write (writer, write, first, &counts, &error));
  }
  memset (&counts, 0, sizeof counts);
  store_batch (fixture, writer, again, &counts);
  end (fixture, writer, TRUE, &counts);
  assert_counts (&counts, "3: 3+ 0~ 0= 0! 0. 0-");
  assert_query (fixture, "SELECT first_key, last_key FROM sync_runs", "1|3");
}

/* Of an older listing that broke off, nothing may be left, whatever happens to the first transaction. */
static void
test_listing_anew (StoreFixture  *fixture,
                   gconstpointer  data)
{
  gint64 run;
  TideCounts counts = { 0 };
  g_autoptr(GError) error = NULL;

  run_all (fixture, FULL, "a=1 b=2", "2: 2+ 0~ 0= 0! 0. 0-");
  /* Far enough for a block of bits of its own. */
  store_fixture_execute (fixture, "UPDATE shop_orders SET _key = 70001 WHERE _id = 'b'");
  run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
    g_autoptr(TideRecordBatch) batch = make_batch ("a=1 b=2");

    store_batch (fixture, writer, batch, &counts);
    assert_query (fixture, "SELECT block FROM sync_seen ORDER BY block", "-1\n0\n1");
  }
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL);
    g_autoptr(TideRecordBatch) batch = make_batch ("a=1");
    {
      g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

      g_assert_true (tide_record_writer_write (writer, write, batch, &counts, &error));
      g_assert_true (tide_record_writer_flush (writer, write, &error));
    }
    store_batch (fixture, writer, batch, &counts);
    assert_query (fixture, "SELECT block FROM sync_seen ORDER BY block", "-1\n0");
  }
  memset (&counts, 0, sizeof counts);
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL | RESUME);

    end (fixture, writer, TRUE, &counts);
  }
  assert_counts (&counts, "0: 0+ 0~ 0= 0! 0. 1-");
  assert_query (fixture, ROWS, "a|1|0\nb|2|1");
}

/* Two ids with the same hash: the map must not answer for either. */
static void
test_map_collision (StoreFixture  *fixture,
                    gconstpointer  data)
{
  g_autoptr(TideKeyMap) map = tide_key_map_new (0, FALSE);
  gsize place;

  tide_key_map_put (map, 42, 1000, 1, FALSE);
  g_assert_true (tide_key_map_find (map, 42, &place));
  g_assert_cmpuint (map->rows[place], ==, 1);
  tide_key_map_put (map, 42, 2000, 2, FALSE);
  g_assert_true (tide_key_map_find (map, 42, &place));
  g_assert_cmpuint (map->rows[place], ==, 0);
  tide_key_map_put (map, 42, 1000, 1, FALSE);
  g_assert_cmpuint (map->rows[place], ==, 0);
  g_assert_cmpuint (map->n, ==, 1);
}

static void
test_map_grows (StoreFixture  *fixture,
                gconstpointer  data)
{
  g_autoptr(TideKeyMap) map = tide_key_map_new (10, FALSE);
  gsize place;

  /* Neighbours, at the very end, so that they run over it. */
  for (guint64 i = 0; i < 5000; i++)
    tide_key_map_put (map, G_MAXUINT64 - i, i, (gint64)i + 1, i % 2 != 0);
  for (guint64 i = 0; i < 5000; i++)
    {
      g_assert_true (tide_key_map_find (map, G_MAXUINT64 - i, &place));
      g_assert_cmpuint (map->hashes[place], ==, i);
      g_assert_cmpuint (map->rows[place], ==, (i + 1) | (i % 2 != 0 ? TIDE_KEY_MAP_GONE : 0));
    }
  g_assert_false (tide_key_map_find (map, 7, &place));
  /* A row that its number has no room for has to be asked for. */
  tide_key_map_put (map, 7, 0, G_GINT64_CONSTANT (0x80000000), FALSE);
  g_assert_true (tide_key_map_find (map, 7, &place));
  g_assert_cmpuint (map->rows[place], ==, 0);
}

static void
test_dry (StoreFixture  *fixture,
          gconstpointer  data)
{
  g_autofree char *before = NULL;
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  TideCounts counts = { 0 };
  g_autoptr(GError) error = NULL;

  run_all (fixture, FULL, "a=1 b=2 c=3 d=4", "4: 4+ 0~ 0= 0! 0. 0-");
  run_all (fixture, 0, "-d", "1: 0+ 1~ 0= 0! 0. 1-");
  before = store_fixture_query_text (fixture, "SELECT * FROM shop_orders");
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL | DRY);
    g_autoptr(TideRecordBatch) batch = make_batch ("a=1 a=5 a=5 d=4 x=9 x=9 -x -y !b ! .");

    g_assert_true (tide_record_writer_write (writer, NULL, batch, &counts, &error));
    g_assert_true (tide_record_writer_flush (writer, NULL, &error));
    assert_counts (&counts, "11: 1+ 3~ 3= 2! 2. 1-");
    memset (&counts, 0, sizeof counts);
  }
  {
    g_autoptr(TideRecordWriter) writer = begin (fixture, fixture->connection_id, run, FULL | DRY);
    g_autoptr(TideRecordBatch) batch = make_batch ("a=1");
    gint64 n_unseen;
    gint64 n_live;

    g_assert_true (tide_record_writer_write (writer, NULL, batch, &counts, &error));
    g_assert_true (tide_record_writer_count_unseen (writer, NULL, &n_unseen, &n_live, &error));
    g_assert_cmpint (n_unseen, ==, 2);
    g_assert_cmpint (n_live, ==, 3);
    g_assert_true (tide_record_writer_sweep (writer, NULL, &counts, &error));
    g_assert_true (tide_record_writer_finish (writer, NULL, &error));
    assert_counts (&counts, "1: 0+ 0~ 1= 0! 0. 2-");
  }
  assert_query (fixture, "SELECT * FROM shop_orders", before);
  assert_query (fixture, "SELECT count(*) FROM sync_failures", "0");
}

static void
test_failures (StoreFixture  *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  run_all (fixture, 0, "!a !b ! c=1", "4: 1+ 0~ 0= 3! 0. 0-");
  run_all (fixture, 0, "!a", "1: 0+ 0~ 0= 1! 0. 0-");
  assert_query (fixture, "SELECT substr(record_id, 1, 8), attempts, run_id FROM sync_failures ORDER BY 1",
                "a|2|2\nb|1|1\npayload-|1|1");
  run_all (fixture, FULL, "a=1 b=2 c=1", "3: 2+ 0~ 1= 0! 0. 0-");
  assert_query (fixture, "SELECT substr(record_id, 1, 8) FROM sync_failures", "payload-");
  /* Within one run, too, and when the record is the same as ever. */
  run_all (fixture, FULL, "!a a=1 b=2 !c c=1", "5: 0+ 0~ 3= 2! 0. 0-");
  {
    g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
    g_autoptr(GPtrArray) failures = tide_failure_rows_list (tide_read_get_database (read), fixture->connection_id,
                                                            NULL, 0, &error);
    const TideFailure *failure;

    g_assert_no_error (error);
    g_assert_cmpint (tide_failure_rows_count (tide_read_get_database (read), 0, NULL, &error), ==, (int)failures->len);
    failure = g_ptr_array_index (failures, 0);
    g_assert_cmpstr (failure->reason, ==, "no total");
  }
}

/* What the database refuses concerns that record only. */
static void
test_refused_record (StoreFixture  *fixture,
                     gconstpointer  data)
{
  run_all (fixture, 0, "a=1 b=2", "2: 2+ 0~ 0= 0! 0. 0-");
  store_fixture_execute (fixture, "CREATE TRIGGER no_13 BEFORE INSERT ON shop_orders WHEN new.total = 13"
                                  " BEGIN SELECT RAISE (ABORT, 'unlucky'); END");
  store_fixture_execute (fixture, "CREATE TRIGGER no_13_either BEFORE UPDATE ON shop_orders WHEN new.total = 13"
                                  " BEGIN SELECT RAISE (ABORT, 'unlucky'); END");
  run_all (fixture, FULL, "a=13 c=13 d=4 b=2", "4: 1+ 0~ 1= 2! 0. 0-");
  assert_query (fixture, ROWS, "a|1|0\nb|2|0\nd|4|0");
  assert_query (fixture, "SELECT count(*) FROM record_changes", "0");
  assert_query (fixture, "SELECT record_id, reason FROM sync_failures ORDER BY 1", "a|unlucky\nc|unlucky");
}

static void
test_changes (StoreFixture  *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  run_all (fixture, FULL, "a=1 b=2 c=3", "3: 3+ 0~ 0= 0! 0. 0-");
  run_all (fixture, FULL, "a=2 b=2 d=4 d=5", "4: 1+ 2~ 1= 0! 0. 1-");
  run_all (fixture, 0, "a=3", "1: 0+ 1~ 0= 0! 0. 0-");
  {
    g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
    g_autofree char *sync_id = store_fixture_query_text (fixture, "SELECT sync_id FROM sync_runs WHERE id = 2");
    g_autoptr(TideRun) run = tide_run_rows_get (tide_read_get_database (read), sync_id, &error);
    g_autoptr(GPtrArray) all = tide_run_rows_get_changes (tide_read_get_database (read), run, 0, 0, &error);

    g_assert_no_error (error);
    for (guint i = 0; i < all->len; i++)
      {
        const TideRecordChange *change = g_ptr_array_index (all, i);
        g_autoptr(GPtrArray) one = tide_run_rows_get_changes (tide_read_get_database (read), run, 1, i, &error);
        const TideRecordChange *same;

        g_assert_no_error (error);
        g_assert_cmpuint (one->len, ==, 1);
        same = g_ptr_array_index (one, 0);
        g_assert_cmpstr (same->record_id, ==, change->record_id);
        g_assert_cmpstr (same->kind, ==, change->kind);
        g_assert_cmpint (change->at, ==, STORE_START);
        g_string_append_printf (text, "%s %s %s -> %s\n", change->kind, change->record_id,
                                change->before != NULL ? strrchr (change->before, ' ') : "",
                                change->after != NULL ? strrchr (change->after, ' ') : "");
      }
  }
  g_assert_cmpstr (text->str, ==,
                   "created d  ->  4}\n"
                   "updated a  1} ->  2}\n"
                   "updated d  4} ->  5}\n"
                   "deleted c  3} -> \n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/store/writer/" path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("matrix", test_matrix);
  ADD ("unchanged-writes-nothing", test_unchanged_writes_nothing);
  ADD ("first-load", test_first_load);
  ADD ("first-load-anew", test_first_load_anew);
  ADD ("two-connections", test_two_connections);
  ADD ("sweep", test_sweep);
  ADD ("sweep-spares-bad", test_sweep_spares_bad);
  ADD ("rolled-back", test_rolled_back);
  ADD ("first-load-rolled-back", test_first_load_rolled_back);
  ADD ("listing-anew", test_listing_anew);
  ADD ("map-collision", test_map_collision);
  ADD ("map-grows", test_map_grows);
  ADD ("dry", test_dry);
  ADD ("failures", test_failures);
  ADD ("refused-record", test_refused_record);
  ADD ("changes", test_changes);
  return g_test_run ();
}
