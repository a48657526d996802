/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sim"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "sim-clock.h"
#include "sim-disk.h"
#include "sim-provider.h"
#include "sim-transport.h"
#include "tide-error.h"
#include "tide-manifest.h"
#include "tide-requester.h"
#include "tide-stream-reader.h"
#include "tide-time.h"

/* The simulator's own parts: what they do to others has to be what is said. */

#define BEGINNING G_GINT64_CONSTANT (1767225600000000)

typedef struct
{
  GRand         *rand;
  SimClock      *clock;
  SimTransport  *transport;
  SimAccount    *account;
  TideManifest  *manifest;
  TideRequester *requester;
  SimFault       fault;       /* of the next request */
} Fixture;

static SimFault
meet_cb (const char *what,
         gpointer    user_data)
{
  Fixture *self = user_data;
  SimFault fault = self->fault;

  self->fault = SIM_FAULT_NONE;
  return fault;
}

static void
note_cb (const char *line,
         gpointer    user_data)
{
  g_test_message ("%s", line);
}

static char *
secret_cb (const char  *name,
           gpointer     user_data,
           GError     **error)
{
  return g_strdup ("right");
}

static TideManifest *
load_manifest (void)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  TideManifest *manifest;
  gsize length;

  g_file_get_contents (SIM_MANIFEST, &text, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new (text, length);
  manifest = tide_manifest_new_from_bytes (bytes, SIM_MANIFEST, problems, &error);
  g_assert_no_error (error);
  return manifest;
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  static const SimTransportFuncs funcs = { .meet = meet_cb, .note = note_cb };
  TideConnection connection = { .id = 1, .provider = (char *)"sim", .name = (char *)"Sim",
                                .environment = (char *)"sandbox", .base_url = (char *)"https://a.sim.example" };
  g_autoptr(TideConnection) copy = tide_connection_copy (&connection);

  self->rand = g_rand_new_with_seed (1);
  self->clock = sim_clock_new (BEGINNING);
  self->transport = sim_transport_new (self->clock, self->rand, &funcs, self);
  self->account = sim_account_new ("a.sim.example", "right");
  sim_transport_add_account (self->transport, self->account);
  self->manifest = load_manifest ();
  self->requester = tide_requester_new (self->manifest, copy, TIDE_TRANSPORT (self->transport), TIDE_CLOCK (self->clock),
                                        secret_cb, NULL, NULL);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_object_unref (self->requester);
  tide_manifest_unref (self->manifest);
  sim_account_free (self->account);
  g_assert_finalize_object (self->transport);
  g_assert_finalize_object (self->clock);
  g_rand_free (self->rand);
}

static void
take_page (GHashTable      *seen,
           TideRecordBatch *batch,
           guint           *n_records)
{
  gsize n;
  const TideRecord *records = tide_record_batch_get_records (batch, &n);

  for (gsize i = 0; i < n; i++)
    g_hash_table_replace (seen, g_strndup (records[i].id, records[i].id_length), g_strdup ("seen"));
  *n_records += n;
}

/* Reads a stream in full. Returns how many records came; the different ones are in @seen. */
static guint
read_all (Fixture     *self,
          SimStream    stream,
          GHashTable  *seen,
          GError     **error)
{
  g_autoptr(GHashTable) states = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) places = g_ptr_array_new ();
  TideReadPlan plan = { .mode = TIDE_RUN_MODE_FULL, .states = states, .started_at = BEGINNING };
  g_autoptr(TideStreamReader) reader = NULL;
  guint n_records = 0;

  g_ptr_array_add (places, (gpointer)"l1");
  g_ptr_array_add (places, (gpointer)"l2");
  plan.partition_values = stream == SIM_ORDERS ? places : NULL;
  reader = tide_stream_reader_new (tide_manifest_get_stream (self->manifest, sim_stream_to_name (stream)), self->requester,
                                   &plan, NULL, NULL, NULL);
  for (;;)
    {
      g_autoptr(TidePage) page = tide_stream_reader_fetch (reader, NULL, error);
      g_autoptr(TideRecordBatch) batch = page != NULL ? tide_stream_reader_parse (reader, page, error) : NULL;

      if (batch == NULL)
        return n_records;
      take_page (seen, batch, &n_records);
    }
}

static void
fill (Fixture *self,
      guint    n_records)
{
  for (SimStream stream = 0; stream < SIM_N_STREAMS; stream++)
    for (guint i = 0; i < n_records; i++)
      sim_account_add (self->account, stream, BEGINNING + i * TIDE_MINUTE, 0, stream == SIM_ORDERS ? 1 + i % 2 : 0);
}

static void
test_streams (Fixture       *self,
              gconstpointer  data)
{
  fill (self, 23);
  for (SimStream stream = 0; stream < SIM_N_STREAMS; stream++)
    {
      g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (read_all (self, stream, seen, &error), ==, 23);
      g_assert_no_error (error);
      g_assert_cmpuint (g_hash_table_size (seen), ==, 23);
      for (guint i = 0; i < 23; i++)
        {
          g_autofree char *id = sim_record_dup_id (g_ptr_array_index (self->account->books[stream], i));

          g_assert_true (g_hash_table_contains (seen, id));
        }
    }
  g_assert_cmpint (sim_clock_get_passed (self->clock), >, 0);
}

/* A page that comes twice, or empty, leaves nothing out; one that is shifted does, and the record is marked. */
static void
test_pages (Fixture       *self,
            gconstpointer  data)
{
  static const struct
  {
    SimFault fault;
    guint    n_records;
    guint    n_seen;
  } cases[] = {
    { SIM_FAULT_NONE, 23, 23 },
    { SIM_FAULT_EMPTY_PAGE, 23, 23 },
    { SIM_FAULT_SHIFTED_ON, 22, 22 },
    { SIM_FAULT_RECORD_NO_ID, 22, 22 },
    { SIM_FAULT_ERROR_500, 23, 23 },
    { SIM_FAULT_RESET_MIDDLE, 23, 23 },
    { SIM_FAULT_TRUNCATED, 23, 23 },
    { SIM_FAULT_RECORD_HUGE, 23, 23 },
  };

  fill (self, 23);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr(GError) error = NULL;
      guint n_spoilt = 0;

      g_test_message ("%s", sim_fault_to_name (cases[i].fault));
      self->fault = cases[i].fault;
      g_assert_cmpuint (read_all (self, SIM_CUSTOMERS, seen, &error), ==, cases[i].n_records);
      g_assert_no_error (error);
      g_assert_cmpuint (g_hash_table_size (seen), ==, cases[i].n_seen);
      for (guint j = 0; j < 23; j++)
        {
          SimRecord *record = g_ptr_array_index (self->account->books[SIM_CUSTOMERS], j);

          n_spoilt += record->spoilt != 0;
          record->spoilt = 0;
        }
      g_assert_cmpuint (n_spoilt, ==, cases[i].fault == SIM_FAULT_RECORD_HUGE ? 1 : 23 - cases[i].n_seen);
    }
}

static void
test_login (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) error = NULL;

  fill (self, 3);
  g_free (self->account->token);
  self->account->token = g_strdup ("another");
  g_assert_cmpuint (read_all (self, SIM_CUSTOMERS, seen, &error), ==, 0);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_AUTH);
}

typedef struct
{
  SimClock *clock;
  gint64    at;
  guint     n_times;
} Alarm;

static gboolean
alarm_cb (gpointer user_data)
{
  Alarm *self = user_data;

  self->at = tide_clock_now (TIDE_CLOCK (self->clock));
  self->n_times++;
  return G_SOURCE_REMOVE;
}

/* Whoever sleeps in a callback lets other timers come. */
static gboolean
sleeping_alarm_cb (gpointer user_data)
{
  Alarm *self = user_data;

  self->n_times++;
  g_assert_true (tide_clock_sleep (TIDE_CLOCK (self->clock), TIDE_HOUR, NULL, NULL));
  self->at = tide_clock_now (TIDE_CLOCK (self->clock));
  return G_SOURCE_REMOVE;
}

static void
set_alarm (SimClock    *clock,
           gint64       due,
           GSourceFunc  func,
           Alarm       *alarm)
{
  g_autoptr(GSource) source = tide_clock_timer_source_new (TIDE_CLOCK (clock), due);

  alarm->clock = clock;
  g_source_set_callback (source, func, alarm, NULL);
  g_source_attach (source, NULL);
}

static void
test_clock (void)
{
  SimClock *clock = sim_clock_new (BEGINNING);
  Alarm early = { 0 };
  Alarm late = { 0 };
  Alarm sleeper = { 0 };

  set_alarm (clock, BEGINNING + 2 * TIDE_MINUTE, alarm_cb, &late);
  set_alarm (clock, BEGINNING + TIDE_MINUTE, sleeping_alarm_cb, &sleeper);
  set_alarm (clock, BEGINNING + TIDE_SECOND, alarm_cb, &early);
  g_assert_cmpint (sim_clock_get_next (clock), ==, BEGINNING + TIDE_SECOND);
  g_assert_true (tide_clock_sleep (TIDE_CLOCK (clock), TIDE_MINUTE, NULL, NULL));

  g_assert_cmpint (early.at, ==, BEGINNING + TIDE_SECOND);
  g_assert_cmpint (late.at, ==, BEGINNING + 2 * TIDE_MINUTE);
  g_assert_cmpint (sleeper.at, ==, BEGINNING + TIDE_MINUTE + TIDE_HOUR);
  g_assert_cmpint (sim_clock_get_passed (clock), ==, TIDE_MINUTE + TIDE_HOUR);
  g_assert_cmpint (sim_clock_get_next (clock), ==, 0);
  g_assert_finalize_object (clock);
}

static void
test_clock_moves (void)
{
  SimClock *clock = sim_clock_new (BEGINNING);
  Alarm alarm = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  set_alarm (clock, BEGINNING + TIDE_HOUR, alarm_cb, &alarm);
  sim_clock_jump (clock, -TIDE_HOUR);
  sim_clock_suspend (clock, TIDE_HOUR);
  sim_clock_settle (clock);
  g_assert_cmpuint (alarm.n_times, ==, 0);
  g_assert_cmpint (sim_clock_get_truth (clock), ==, BEGINNING + TIDE_HOUR);
  g_assert_cmpint (sim_clock_get_passed (clock), ==, 0);

  sim_clock_freeze (clock, TRUE);
  sim_clock_jump (clock, 2 * TIDE_HOUR);
  sim_clock_settle (clock);
  g_assert_cmpuint (alarm.n_times, ==, 0);
  g_assert_false (tide_clock_sleep (TIDE_CLOCK (clock), 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  sim_clock_freeze (clock, FALSE);
  sim_clock_settle (clock);
  g_assert_cmpuint (alarm.n_times, ==, 1);
  g_cancellable_cancel (cancellable);
  g_assert_false (tide_clock_sleep (TIDE_CLOCK (clock), TIDE_HOUR, cancellable, NULL));
  g_assert_cmpint (sim_clock_get_passed (clock), ==, 0);
  g_assert_finalize_object (clock);
}

static void
count_cb (gpointer user_data)
{
  (*(guint *)user_data)++;
}

static int
execute (sqlite3    *db,
         const char *sql)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL);
}

/* What fails is not there afterwards, and what comes later is. */
static void
test_disk (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tidemark-test-sim-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.db", NULL);
  guint n_told = 0;
  sqlite3 *db;

  sim_disk_install ();
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (execute (db, "PRAGMA journal_mode = WAL; CREATE TABLE t (x)"), ==, SQLITE_OK);
  sim_disk_arm (SIM_DISK_FULL, 0, 1, count_cb, &n_told);
  g_assert_cmpint (execute (db, "INSERT INTO t VALUES (1)"), ==, SQLITE_FULL);
  g_assert_cmpint (execute (db, "INSERT INTO t VALUES (2)"), ==, SQLITE_OK);
  sim_disk_arm (SIM_DISK_BROKEN, 0, 1, count_cb, &n_told);
  g_assert_cmpint (execute (db, "INSERT INTO t VALUES (3)"), ==, SQLITE_IOERR);
  g_assert_cmpuint (n_told, ==, 2);
  sim_disk_arm (SIM_DISK_COMMIT, 1, 1, count_cb, &n_told);
  g_assert_cmpint (execute (db, "INSERT INTO t VALUES (4)"), ==, SQLITE_OK);
  g_assert_cmpuint (n_told, ==, 2);
  g_assert_cmpint (execute (db, "INSERT INTO t VALUES (5)"), ==, SQLITE_OK);
  g_assert_cmpuint (n_told, ==, 3);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  g_assert_cmpint (execute (db, "CREATE TABLE u AS SELECT 1 / (count(*) = 3) AS y FROM t"), ==, SQLITE_OK);
  g_assert_cmpint (execute (db, "INSERT INTO t SELECT y FROM u WHERE y = 1"), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  sqlite3_close (db);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/sim/streams", test_streams);
  ADD ("/sim/pages", test_pages);
  ADD ("/sim/login", test_login);
  g_test_add_func ("/sim/clock", test_clock);
  g_test_add_func ("/sim/clock-moves", test_clock_moves);
  g_test_add_func ("/sim/disk", test_disk);
  return g_test_run ();
}
