/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

/* Counts to a number that takes minutes. */
#define ENDLESS "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000000)" \
                " SELECT count(*) FROM c"

#define N_WRITES 60
#define N_ROWS 20

typedef struct
{
  StoreFixture *fixture;
  GCancellable *cancellable;
  int           number;
  gint          stop;         /* (atomic) */
  gint          n_reads;      /* (atomic) */
} Shared;

static gpointer
cancel_soon (gpointer data)
{
  Shared *shared = data;

  /* At the latest when the statement works, which it does for minutes. */
  g_cancellable_cancel (shared->cancellable);
  return NULL;
}

static void
test_cancel_read (StoreFixture  *fixture,
                  gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Shared shared = { fixture, cancellable };
  g_autoptr(GError) error = NULL;

  {
    g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, cancellable, &error);
    g_autoptr(TideStatement) statement = tide_statement_new (tide_read_get_database (read), ENDLESS, &error);
    GThread *thread = g_thread_new ("cancel", cancel_soon, &shared);

    g_assert_false (tide_statement_next (statement, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_thread_join (thread);
  }
  /* The connection that comes back is as good as new. */
  g_assert_cmpint (store_fixture_query_int (fixture, "SELECT count(*) FROM venues"), ==, 1);
}

static void
test_cancel_write (StoreFixture  *fixture,
                   gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Shared shared = { fixture, cancellable };
  g_autoptr(GError) error = NULL;

  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, cancellable, &error);
    TideDatabase *database = tide_write_get_database (write);
    GThread *thread;

    g_assert_true (tide_database_execute (database, "DELETE FROM zone_offsets", &error));
    thread = g_thread_new ("cancel", cancel_soon, &shared);
    g_assert_false (tide_database_execute (database, "CREATE TABLE x AS " ENDLESS, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_thread_join (thread);
  }
  g_assert_cmpint (store_fixture_query_int (fixture, "SELECT count(*) > 0 FROM zone_offsets"), ==, 1);
  g_clear_error (&error);
  store_fixture_execute (fixture, "CREATE TABLE x (a)");
}

static gpointer
wait_for_writer (gpointer data)
{
  Shared *shared = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (shared->fixture->store, shared->cancellable, &error);

  g_assert_null (write);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return NULL;
}

static void
test_cancel_wait (StoreFixture  *fixture,
                  gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Shared shared = { fixture, cancellable };
  g_autoptr(GError) error = NULL;
  GThread *thread;

  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

    thread = g_thread_new ("wait", wait_for_writer, &shared);
    g_cancellable_cancel (cancellable);
    g_thread_join (thread);
  }
  store_fixture_execute (fixture, "CREATE TABLE x (a)");
}

/* Another program has the database's own lock, without any lock on the folder. */
static void
test_busy (StoreFixture  *fixture,
           gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Shared shared = { fixture, cancellable };
  g_autoptr(TideWrite) write = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *db = NULL;
  GThread *thread;

  g_assert_cmpint (sqlite3_open (tide_store_get_path (fixture->store), &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  thread = g_thread_new ("wait", wait_for_writer, &shared);
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  write = tide_store_begin_write (fixture->store, NULL, &error);
  g_assert_null (write);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, "tidemark.db: database is locked");
  sqlite3_close (db);
  store_fixture_execute (fixture, "CREATE TABLE x (a)");
}

/* Each write puts N_ROWS rows: no reader may ever see some of them. */
static gpointer
write_rows (gpointer data)
{
  Shared *shared = data;

  for (int i = 0; i < N_WRITES; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideWrite) write = tide_store_begin_write (shared->fixture->store, NULL, &error);
      g_autoptr(TideStatement) statement = NULL;

      g_assert_no_error (error);
      statement = tide_statement_new (tide_write_get_database (write),
                                      "INSERT INTO sums (writer, turn) VALUES (@writer, @turn)", &error);
      g_assert_no_error (error);
      for (int j = 0; j < N_ROWS; j++)
        {
          tide_statement_bind_int (statement, "@writer", shared->number);
          tide_statement_bind_int (statement, "@turn", i);
          g_assert_true (tide_statement_run (statement, &error));
        }
      /* Every third is lost. */
      if (i % 3 != 2)
        g_assert_true (tide_write_commit (write, &error));
    }
  return NULL;
}

static gpointer
read_rows (gpointer data)
{
  Shared *shared = data;
  gint64 last = 0;

  while (!g_atomic_int_get (&shared->stop))
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideRead) read = tide_store_begin_read (shared->fixture->store, NULL, &error);
      g_autoptr(TideStatement) statement = NULL;

      g_assert_no_error (error);
      statement = tide_statement_new (tide_read_get_database (read), "SELECT count(*) FROM sums", &error);
      g_assert_no_error (error);
      g_assert_true (tide_statement_next (statement, &error));
      g_assert_cmpint (tide_statement_get_int (statement, 0) % N_ROWS, ==, 0);
      g_assert_cmpint (tide_statement_get_int (statement, 0), >=, last);
      last = tide_statement_get_int (statement, 0);
      g_atomic_int_inc (&shared->n_reads);
    }
  return NULL;
}

static void
test_concurrent (StoreFixture  *fixture,
                 gconstpointer  data)
{
  Shared writers[3] = { { fixture, NULL, 0 }, { fixture, NULL, 1 }, { fixture, NULL, 2 } };
  Shared readers[6] = { { fixture } };
  GThread *writing[3];
  GThread *reading[6];

  store_fixture_execute (fixture, "CREATE TABLE sums (writer INTEGER, turn INTEGER)");
  for (int i = 0; i < 6; i++)
    {
      readers[i].fixture = fixture;
      reading[i] = g_thread_new ("read", read_rows, &readers[i]);
    }
  for (int i = 0; i < 3; i++)
    writing[i] = g_thread_new ("write", write_rows, &writers[i]);
  for (int i = 0; i < 3; i++)
    g_thread_join (writing[i]);
  for (int i = 0; i < 6; i++)
    {
      g_atomic_int_set (&readers[i].stop, 1);
      g_thread_join (reading[i]);
    }
  g_assert_cmpint (store_fixture_query_int (fixture, "SELECT count(*) FROM sums"), ==, 3 * 40 * N_ROWS);
}

/* Whoever writes page after page must let the others in, in their turn. */
typedef struct
{
  StoreFixture *fixture;
  gint          done;         /* (atomic) */
} Turn;

static gpointer
write_once (gpointer data)
{
  Turn *turn = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = NULL;

  write = tide_store_begin_write (turn->fixture->store, NULL, &error);
  g_assert_no_error (error);
  g_atomic_int_set (&turn->done, 1);
  return NULL;
}

static void
test_fair (StoreFixture  *fixture,
           gconstpointer  data)
{
  Turn turn = { fixture };
  GThread *thread = g_thread_new ("once", write_once, &turn);
  gint64 deadline = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  g_autoptr(GError) error = NULL;

  while (!g_atomic_int_get (&turn.done))
    {
      g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
  g_thread_join (thread);
}

static gint64
get_log_size (StoreFixture *fixture)
{
  g_autofree char *path = g_strconcat (tide_store_get_path (fixture->store), "-wal", NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_size;
}

/* The log is copied into the database while it is written, and begins anew in time. */
static void
test_log_bounded (StoreFixture  *fixture,
                  gconstpointer  data)
{
  gint64 largest = 0;

  store_fixture_execute (fixture, "CREATE TABLE ballast (data BLOB)");
  for (int i = 0; i < 24; i++)
    {
      store_fixture_execute (fixture, "INSERT INTO ballast WITH RECURSIVE c(n) AS"
                                      " (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 8)"
                                      " SELECT zeroblob(1 << 20) FROM c");
      largest = MAX (largest, get_log_size (fixture));
    }
  g_assert_cmpint (largest, >, 32 << 20);
  g_assert_cmpint (largest, <, 150 << 20);
  g_assert_cmpint (store_fixture_query_int (fixture, "SELECT count(*) FROM ballast"), ==, 24 * 8);
}

/* Whoever has the writer can tell that somebody would like to have it. */
static void
test_wanted (StoreFixture  *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Shared shared = { fixture, cancellable };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  GThread *thread;

  g_assert_no_error (error);
  g_assert_false (tide_store_is_wanted (fixture->store));
  thread = g_thread_new ("wait", wait_for_writer, &shared);
  while (!tide_store_is_wanted (fixture->store))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_false (tide_store_is_wanted (fixture->store));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/store/threads/" path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("cancel-read", test_cancel_read);
  ADD ("cancel-write", test_cancel_write);
  ADD ("cancel-wait", test_cancel_wait);
  ADD ("wanted", test_wanted);
  ADD ("busy", test_busy);
  ADD ("concurrent", test_concurrent);
  ADD ("fair", test_fair);
  ADD ("log-bounded", test_log_bounded);
  return g_test_run ();
}
