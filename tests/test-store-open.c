/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tide-database-private.h"

#define NOBODY 65534

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

/* Expects the store to be refused with just these words, and the file to be left as it is. */
static void
assert_refused (Fixture        *fixture,
                TideStoreFlags  flags,
                TideError       code,
                const char     *pattern)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) before = read_bytes (fixture->path);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(TideStore) store = tide_store_open (fixture->folder, flags, fixture->clock, &error);

  g_assert_error (error, TIDE_ERROR, (int)code);
  g_assert_null (store);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” is not “%s”", error->message, pattern);
  after = read_bytes (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_fresh (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "a", NULL);
  g_autofree char *path = g_build_filename (folder, "tidemark.db", NULL);
  g_autofree char *left = g_strconcat (path, ".new", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = tide_store_open (folder, TIDE_STORE_NONE, fixture->clock, &error);
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_cmpstr (tide_store_get_path (store), ==, path);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_clear_object (&store);
  store_fixture_remove_folder (folder);
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

static void
test_settings (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = open_store (fixture, &error);
  g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, &error);
  TideDatabase *writer = tide_write_get_database (write);
  gint64 value;

  g_assert_no_error (error);
  g_assert_cmpint (query_int (store, "PRAGMA page_size"), ==, 16384);
  g_assert_cmpint (query_int (store, "PRAGMA application_id"), ==, 0x54696465);
  g_assert_cmpint (query_int (store, "PRAGMA user_version"), ==, 2);
  g_assert_cmpint (query_int (store, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), ==, 1);
  g_assert_cmpint (query_int (store, "PRAGMA query_only"), ==, 1);
  g_assert_true (tide_database_query_int (writer, "PRAGMA synchronous", &value, NULL));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (tide_database_query_int (writer, "PRAGMA foreign_keys", &value, NULL));
  g_assert_cmpint (value, ==, 1);
}

static void
test_empty_file (Fixture       *fixture,
                 gconstpointer  data)
{
  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  make_store (fixture);
}

static void
test_again (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;

  make_store (fixture);
  before = read_bytes (fixture->path);
  make_store (fixture);
  after = read_bytes (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_not_a_database (Fixture       *fixture,
                     gconstpointer  data)
{
  g_assert_true (g_file_set_contents (fixture->path, "Dear diary, ", -1, NULL));
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CORRUPT, "*/tidemark.db is not a database");
  assert_refused (fixture, TIDE_STORE_READ_ONLY, TIDE_ERROR_CORRUPT, "*/tidemark.db is not a database");
}

static void
test_foreign (Fixture       *fixture,
              gconstpointer  data)
{
  tamper (fixture->path, "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CORRUPT, "*/tidemark.db is a database of another program");
  assert_refused (fixture, TIDE_STORE_READ_ONLY, TIDE_ERROR_CORRUPT, "*is a database of another program");
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  data)
{
  make_store (fixture);
  tamper (fixture->path, "PRAGMA user_version = 7");
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CONFLICT,
                  "tidemark.db has schema 7, this version of Tidemark knows 2");
  assert_refused (fixture, TIDE_STORE_READ_ONLY, TIDE_ERROR_CONFLICT,
                  "tidemark.db has schema 7, this version of Tidemark knows 2");
}

/* The number is in the log only: what a newer program leaves behind when it is killed. */
static void
test_newer_in_log (Fixture       *fixture,
                   gconstpointer  data)
{
  sqlite3 *db = NULL;
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *kept = g_strconcat (fixture->path, "-kept", NULL);

  make_store (fixture);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA user_version = 9", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CONFLICT, "tidemark.db has schema 9, *knows 2");
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
}

static void
test_older_read_only (Fixture       *fixture,
                      gconstpointer  data)
{
  make_store (fixture);
  tamper (fixture->path, "PRAGMA user_version = 0");
  assert_refused (fixture, TIDE_STORE_READ_ONLY, TIDE_ERROR_CONFLICT,
                  "tidemark.db has schema 0, this version of Tidemark reads 2*");
}

static void
test_cut_short (Fixture       *fixture,
                gconstpointer  data)
{
  make_store (fixture);
  g_assert_cmpint (truncate (fixture->path, 16384 * 3), ==, 0);
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CORRUPT, "*/tidemark.db is cut short: 49152 of * bytes");
  g_assert_cmpint (truncate (fixture->path, 60), ==, 0);
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CORRUPT, "*/tidemark.db is not a database");
}

static void
test_garbage_inside (Fixture       *fixture,
                     gconstpointer  data)
{
  char garbage[4096];
  int fd;

  make_store (fixture);
  memset (garbage, 0xa5, sizeof garbage);
  fd = g_open (fixture->path, O_WRONLY | O_CLOEXEC, 0);
  g_assert_cmpint (pwrite (fd, garbage, sizeof garbage, 100), ==, sizeof garbage);
  close (fd);
  assert_refused (fixture, TIDE_STORE_NONE, TIDE_ERROR_CORRUPT, "tidemark.db: *malformed*");
}

static void
test_log_without_database (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = NULL;

  g_assert_true (g_file_set_contents (log, "frames", -1, NULL));
  store = open_store (fixture, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT);
  g_assert_null (store);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_read_only_missing (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = NULL;

  store = tide_store_open (fixture->folder, TIDE_STORE_READ_ONLY, fixture->clock, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_null (store);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_read_only_beside_owner (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) owner = open_store (fixture, &error);
  g_autoptr(TideStore) guest = NULL;
  g_autoptr(TideWrite) refused = NULL;

  g_assert_no_error (error);
  guest = tide_store_open (fixture->folder, TIDE_STORE_READ_ONLY, fixture->clock, &error);
  g_assert_no_error (error);
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (owner, NULL, &error);
    g_autoptr(TideVenue) venue = tide_venue_rows_add (write, "Bar", "Europe/Rome", &error);

    g_assert_no_error (error);
    g_assert_nonnull (venue);
    g_assert_cmpint (query_int (guest, "SELECT count(*) FROM venues"), ==, 0);
    g_assert_true (tide_write_commit (write, &error));
  }
  g_assert_cmpint (query_int (guest, "SELECT count(*) FROM venues"), ==, 1);
  refused = tide_store_begin_write (guest, NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
}

static void
test_locked_here (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) first = open_store (fixture, &error);
  g_autoptr(TideStore) second = NULL;
  g_autofree char *expected = NULL;

  g_assert_no_error (error);
  second = open_store (fixture, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  expected = g_strdup_printf ("the folder %s is in use by %s (process %ld)",
                              fixture->folder, g_get_prgname (), (long)getpid ());
  g_assert_cmpstr (error->message, ==, expected);
  g_clear_object (&first);
  make_store (fixture);
}

/* Plays the other process: opens the folder, says so, and waits for its end. */
static int
hold_folder (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideClock) clock = TIDE_CLOCK (tide_sim_clock_new (STORE_START));
  g_autoptr(TideStore) store = tide_store_open (folder, TIDE_STORE_NONE, clock, &error);
  char byte = store != NULL ? '+' : '-';

  if (write (STDOUT_FILENO, &byte, 1) == 1 && read (STDIN_FILENO, &byte, 1) == 0)
    return 0;
  return 1;
}

static void
test_locked_elsewhere (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) other = NULL;
  g_autoptr(TideStore) store = NULL;
  g_autofree char *expected = NULL;
  char byte = 0;

  other = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                            "/proc/self/exe", "--hold", fixture->folder, NULL);
  g_assert_no_error (error);
  g_input_stream_read (g_subprocess_get_stdout_pipe (other), &byte, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (byte, ==, '+');

  store = open_store (fixture, &error);
  g_assert_null (store);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  expected = g_strdup_printf ("* (process %s)", g_subprocess_get_identifier (other));
  g_assert_true (g_pattern_match_simple (expected, error->message));
  g_clear_error (&error);

  /* However it ends, the folder is free then. */
  g_subprocess_send_signal (other, SIGKILL);
  g_subprocess_wait (other, NULL, &error);
  g_assert_no_error (error);
  make_store (fixture);
}

/* Runs in a child: @uid other than 0 where files shall not be writable for root either. */
static int
try_open (const char *folder,
          int         expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideClock) clock = TIDE_CLOCK (tide_sim_clock_new (STORE_START));
  g_autoptr(TideStore) store = tide_store_open (folder, TIDE_STORE_NONE, clock, &error);

  if (store == NULL && error->domain == TIDE_ERROR && error->code == expected)
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "opened");
  return 1;
}

static void
assert_child (void     (*prepare) (void),
              const char *folder,
              TideError   code)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      prepare ();
      _exit (try_open (folder, (int)code));
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
become_nobody (void)
{
  if (getuid () == 0 && (setgid (NOBODY) != 0 || setuid (NOBODY) != 0))
    _exit (2);
}

static void
test_read_only_folder (Fixture       *fixture,
                       gconstpointer  data)
{
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  assert_child (become_nobody, fixture->folder, TIDE_ERROR_STORAGE);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
}

static void
test_read_only_file (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *lock = g_build_filename (fixture->folder, "tidemark.lock", NULL);
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;

  make_store (fixture);
  before = read_bytes (fixture->path);
  g_assert_cmpint (g_chmod (fixture->folder, 0777), ==, 0);
  g_assert_cmpint (g_chmod (lock, 0666), ==, 0);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  assert_child (become_nobody, fixture->folder, TIDE_ERROR_STORAGE);
  after = read_bytes (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
}

/* As if it lay on a read-only disk: no file can be made beside it, and nobody writes. */
static int
try_read (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideClock) clock = TIDE_CLOCK (tide_sim_clock_new (STORE_START));
  g_autoptr(TideStore) store = tide_store_open (folder, TIDE_STORE_READ_ONLY, clock, &error);

  if (store == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return query_int (store, "SELECT count(*) FROM venues") == 0 ? 0 : 1;
}

static void
test_read_from_read_only_folder (Fixture       *fixture,
                                 gconstpointer  data)
{
  pid_t child;
  int status;

  make_store (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  child = fork ();
  if (child == 0)
    {
      become_nobody ();
      _exit (try_read (fixture->folder));
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
}

static void
limit_files (void)
{
  struct rlimit limit = { 65536, 65536 };

  signal (SIGXFSZ, SIG_IGN);
  if (setrlimit (RLIMIT_FSIZE, &limit) != 0)
    _exit (2);
}

static void
test_full_at_creation (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *left = g_strconcat (fixture->path, ".new", NULL);

  assert_child (limit_files, fixture->folder, TIDE_ERROR_NO_SPACE);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  make_store (fixture);
}

static void
test_full_later (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = open_store (fixture, &error);
  gint64 before;

  g_assert_no_error (error);
  before = query_int (store, "SELECT count(*) FROM zone_offsets");
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, &error);
    TideDatabase *database = tide_write_get_database (write);

    g_assert_true (tide_database_execute (database, "PRAGMA max_page_count = 40", &error));
    while (tide_database_execute (database,
                                  "INSERT INTO zone_offsets SELECT hex(randomblob(4000)), 'x', 1", &error))
      ;
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_SPACE);
    g_assert_cmpstr (error->message, ==, "tidemark.db: database or disk is full");
  }
  g_clear_error (&error);
  g_assert_cmpint (query_int (store, "SELECT count(*) FROM zone_offsets"), ==, before);
}

/* After some errors SQLite rolls back by itself. Whoever goes on all the same must not store the other half. */
static void
test_lost_transaction (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = open_store (fixture, &error);

  g_assert_no_error (error);
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (store, NULL, &error);
    TideDatabase *database = tide_write_get_database (write);

    g_assert_true (tide_database_execute (database, "ROLLBACK", &error));
    g_assert_false (tide_database_execute (database, "INSERT INTO zone_offsets VALUES ('a', 'b', 1)", &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
    g_clear_error (&error);
    g_assert_false (tide_write_commit (write, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
  }
  g_assert_cmpint (query_int (store, "SELECT count(*) FROM zone_offsets"), ==, 0);
}

/* A system update can change the rules of a zone. */
static void
test_zones_refreshed (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStore) store = NULL;

  make_store (fixture);
  tamper (fixture->path, "INSERT INTO venues VALUES (1, 'Bar', 'Europe/Rome', '');"
                         "INSERT INTO zone_offsets VALUES ('Europe/Rome', '2001-01-01T00:00:00.000Z', 60)");
  store = open_store (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query_int (store, "SELECT count(*) FROM zone_offsets WHERE seconds = 60"), ==, 0);
  g_assert_cmpint (query_int (store, "SELECT count(DISTINCT seconds) FROM zone_offsets"), ==, 2);
  g_assert_cmpint (query_int (store, "SELECT count(*) FROM zone_offsets"), >, 100);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--hold") == 0)
    return hold_folder (argv[2]);
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/store/open/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("fresh", test_fresh);
  ADD ("settings", test_settings);
  ADD ("empty-file", test_empty_file);
  ADD ("again", test_again);
  ADD ("not-a-database", test_not_a_database);
  ADD ("foreign", test_foreign);
  ADD ("newer", test_newer);
  ADD ("newer-in-log", test_newer_in_log);
  ADD ("older-read-only", test_older_read_only);
  ADD ("cut-short", test_cut_short);
  ADD ("garbage-inside", test_garbage_inside);
  ADD ("log-without-database", test_log_without_database);
  ADD ("read-only-missing", test_read_only_missing);
  ADD ("read-only-beside-owner", test_read_only_beside_owner);
  ADD ("locked-here", test_locked_here);
  ADD ("locked-elsewhere", test_locked_elsewhere);
  ADD ("read-only-folder", test_read_only_folder);
  ADD ("read-only-file", test_read_only_file);
  ADD ("read-from-read-only-folder", test_read_from_read_only_folder);
  ADD ("full-at-creation", test_full_at_creation);
  ADD ("full-later", test_full_later);
  ADD ("lost-transaction", test_lost_transaction);
  ADD ("zones-refreshed", test_zones_refreshed);
  return g_test_run ();
}
