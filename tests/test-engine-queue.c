/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-queue"

#include <sqlite3.h>

#include "engine-fixture.h"
#include "tide-error.h"
#include "tide-time.h"

/* What becomes of a request: its place, whom it joins, what people do with it, and that none of it is lost. */

#define HANG "{\"faults\": [{\"kind\": \"hang\", \"path\": \"/v2\", \"times\": -1}]}"

static TideRun *
ask (EngineFixture *fixture,
     const char    *stream,
     TideRunMode    mode,
     int            priority,
     const char    *by)
{
  TideRunRequest request = { .connection_id = fixture->connection->id, .stream = stream, .mode = mode,
                             .priority = priority, .requested_by = by };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = tide_engine_request_run (fixture->engine, &request, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, 1);
  return tide_run_ref (g_ptr_array_index (runs, 0));
}

static TideRun *
get_run (EngineFixture *fixture,
         const TideRun *run)
{
  g_autoptr(GError) error = NULL;
  TideRun *now = tide_engine_get_run (fixture->engine, run->sync_id, &error);

  g_assert_no_error (error);
  return now;
}

static void
assert_status (EngineFixture *fixture,
               const TideRun *run,
               TideRunStatus  status)
{
  g_autoptr(TideRun) now = get_run (fixture, run);

  g_assert_cmpstr (tide_run_status_to_name (now->status), ==, tide_run_status_to_name (status));
}

static void
assert_saved_status (EngineFixture *fixture,
                     const TideRun *run,
                     TideRunStatus  status)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM sync_runs WHERE sync_id = '%s' AND status = '%s'",
                                          run->sync_id, tide_run_status_to_name (status));

  g_assert_cmpint (engine_fixture_query_int (fixture, sql), ==, 1);
}

static void
set_paused (EngineFixture *fixture,
            gboolean       paused)
{
  g_autoptr(GError) error = NULL;

  tide_engine_set_paused (fixture->engine, paused, "owner", &error);
  g_assert_no_error (error);
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
is_saved (EngineFixture *fixture,
          gpointer       user_data)
{
  return engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_queue") >= GPOINTER_TO_INT (user_data);
}

static gboolean
has_status (EngineFixture *fixture,
            gpointer       user_data)
{
  const TideRun *wanted = user_data;
  g_autoptr(TideRun) now = get_run (fixture, wanted);

  return now->status == wanted->status;
}

static void
wait_for_status (EngineFixture *fixture,
                 const TideRun *run,
                 TideRunStatus  status)
{
  g_autoptr(TideRun) wanted = tide_run_copy (run);

  wanted->status = status;
  engine_fixture_wait (fixture, has_status, wanted);
}

static char *
describe_queue (EngineFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = tide_engine_list_queue (fixture->engine, 0, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (list, i);

      g_assert_cmpuint (entry->position, ==, entry->hold == TIDE_HOLD_ALL_PAUSED || entry->hold == TIDE_HOLD_TURN ||
                        entry->hold == TIDE_HOLD_SMART_SYNC ? i + 1 : 0);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", entry->run->stream);
    }
  return g_string_free (text, FALSE);
}

static void
assert_queue (EngineFixture *fixture,
              const char    *expected)
{
  g_autofree char *text = describe_queue (fixture);

  g_assert_cmpstr (text, ==, expected);
}

/* What was ended, in the order in which it did. */
static void
assert_ended (EngineFixture *fixture,
              const char    *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < fixture->ended->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", ((TideRun *)fixture->ended->pdata[i])->stream);
  g_assert_cmpstr (text->str, ==, expected);
}

/* Priority decides among those asked for together, age lifts, and a hand puts anything anywhere; also over a restart. */
static void
test_order (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) products = NULL, customers = NULL, prices = NULL, locations = NULL, team = NULL;

  set_paused (fixture, TRUE);
  products = ask (fixture, "products", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  customers = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  assert_queue (fixture, "customers products");
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 14 * TIDE_MINUTE);
  prices = ask (fixture, "prices", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  assert_queue (fixture, "customers prices products");
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 50 * TIDE_MINUTE);
  locations = ask (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL, 5, NULL);
  assert_queue (fixture, "customers prices products locations");
  team = ask (fixture, "team_members", TIDE_RUN_MODE_INCREMENTAL, 10, NULL);
  assert_queue (fixture, "team_members customers prices products locations");

  tide_engine_move_run (fixture->engine, locations->sync_id, prices->sync_id, "owner", &error);
  g_assert_no_error (error);
  tide_engine_move_run (fixture->engine, products->sync_id, prices->sync_id, "owner", &error);
  g_assert_no_error (error);
  tide_engine_move_run (fixture->engine, team->sync_id, NULL, "owner", &error);
  g_assert_no_error (error);
  assert_queue (fixture, "customers locations products prices team_members");

  engine_fixture_wait (fixture, is_saved, GINT_TO_POINTER (5));
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  g_assert_true (tide_engine_get_paused (fixture->engine));
  assert_queue (fixture, "customers locations products prices team_members");
  set_paused (fixture, FALSE);
  engine_fixture_wait_idle (fixture);
  assert_ended (fixture, "customers locations products prices team_members");
  assert_queue (fixture, "");
}

/* Moving among runs that were all asked for at the same moment, in any way, is as moving in a list. */
static void
test_move_random (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) model = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  g_autoptr(GError) error = NULL;

  set_paused (fixture, TRUE);
  for (gsize i = 0; engine_fixture_streams[i] != NULL; i++)
    if (!g_str_equal (engine_fixture_streams[i], "orders"))
      {
        TideRunRequest request = { .connection_id = fixture->connection->id, .stream = engine_fixture_streams[i],
                                   .mode = TIDE_RUN_MODE_FULL, .priority = 3 };
        g_autoptr(GPtrArray) runs = tide_engine_request_run (fixture->engine, &request, &error);

        g_assert_no_error (error);
        g_ptr_array_add (model, tide_run_ref (g_ptr_array_index (runs, runs->len - 1)));
      }

  for (guint i = 0; i < 300; i++)
    {
      guint from = (guint)g_test_rand_int_range (0, (int)model->len);
      TideRun *moved = g_ptr_array_steal_index (model, from);
      guint to = (guint)g_test_rand_int_range (0, (int)model->len + 1);
      const char *before = to < model->len ? ((TideRun *)g_ptr_array_index (model, to))->sync_id : NULL;
      g_autoptr(GString) expected = g_string_new (NULL);

      tide_engine_move_run (fixture->engine, moved->sync_id, before, "owner", &error);
      g_assert_no_error (error);
      g_ptr_array_insert (model, (int)to, moved);
      for (guint j = 0; j < model->len; j++)
        g_string_append_printf (expected, "%s%s", j > 0 ? " " : "", ((TideRun *)g_ptr_array_index (model, j))->stream);
      assert_queue (fixture, expected->str);
    }
}

/* Joining takes the higher priority; a person's request wakes what was paused, a schedule's does not. */
static void
test_join (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = NULL, again = NULL, by_schedule = NULL, by_person = NULL, dry = NULL;
  TideRunRequest request = { .connection_id = fixture->connection->id, .stream = "customers", .dry_run = TRUE };
  g_autoptr(GPtrArray) runs = NULL;

  set_paused (fixture, TRUE);
  run = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 2, "schedule");
  again = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 9, NULL);
  g_assert_cmpstr (again->sync_id, ==, run->sync_id);
  g_assert_cmpint (again->priority, ==, 9);
  g_assert_cmpint (again->rank, ==, run->requested_at - 9 * 15 * TIDE_MINUTE);
  g_assert_cmpstr (again->requested_by, ==, "schedule");

  tide_engine_pause_run (fixture->engine, run->sync_id, "owner", &error);
  g_assert_no_error (error);
  by_schedule = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, "schedule");
  g_assert_cmpstr (by_schedule->sync_id, ==, run->sync_id);
  g_assert_cmpint (by_schedule->status, ==, TIDE_RUN_PAUSED);
  by_person = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, "Ann");
  g_assert_cmpstr (by_person->sync_id, ==, run->sync_id);
  g_assert_cmpint (by_person->status, ==, TIDE_RUN_PENDING);

  runs = tide_engine_request_run (fixture->engine, &request, &error);
  g_assert_no_error (error);
  dry = tide_run_ref (g_ptr_array_index (runs, 0));
  g_assert_cmpstr (dry->sync_id, !=, run->sync_id);
  set_paused (fixture, FALSE);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 2);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs"), ==, 2);
}

static GPtrArray *
ask_with_key (EngineFixture *fixture,
              const char    *key,
              const char    *stream,
              gboolean      *replayed,
              GError       **error)
{
  TideRunRequest request = { .connection_id = fixture->connection->id, .stream = stream, .idempotency_key = key };

  return tide_engine_request_run_full (fixture->engine, &request, replayed, error);
}

static void
assert_same_runs (GPtrArray *runs,
                  GPtrArray *others)
{
  g_assert_cmpuint (runs->len, ==, others->len);
  for (guint i = 0; i < runs->len; i++)
    g_assert_cmpstr (((TideRun *)runs->pdata[i])->sync_id, ==, ((TideRun *)others->pdata[i])->sync_id);
}

static void
assert_replayed (EngineFixture *fixture,
                 const char    *key,
                 const char    *stream,
                 GPtrArray     *runs)
{
  g_autoptr(GError) error = NULL;
  gboolean replayed = FALSE;
  g_autoptr(GPtrArray) again = ask_with_key (fixture, key, stream, &replayed, &error);

  g_assert_no_error (error);
  g_assert_true (replayed);
  assert_same_runs (runs, again);
}

/* The same key and request is the same runs: at once, while they go, when they are over, after a restart, for 30 days. */
static void
test_idempotency (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  gboolean replayed = TRUE;
  g_autoptr(GPtrArray) runs = ask_with_key (fixture, "k1", NULL, &replayed, &error);
  g_autoptr(GPtrArray) other = NULL, late = NULL;

  g_assert_no_error (error);
  g_assert_false (replayed);
  assert_replayed (fixture, "k1", NULL, runs);
  other = ask_with_key (fixture, "k1", "customers", NULL, &error);
  g_assert_null (other);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (ask_with_key (fixture, "", "customers", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);

  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, runs->len);
  assert_replayed (fixture, "k1", NULL, runs);
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 29 * TIDE_DAY);
  assert_replayed (fixture, "k1", NULL, runs);
  iterate ();
  g_assert_true (tide_engine_is_idle (fixture->engine));
  g_assert_cmpuint (fixture->ended->len, ==, runs->len);

  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 2 * TIDE_DAY);
  late = ask_with_key (fixture, "k1", "customers", &replayed, &error);
  g_assert_no_error (error);
  g_assert_false (replayed);
  engine_fixture_wait_idle (fixture);
}

/* A run under a key has its row before it begins: nothing happens that the key would not tell of. */
static void
test_idempotency_saved_first (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *key = g_strdup_printf ("key %u", i);

      g_clear_pointer (&runs, g_ptr_array_unref);
      fixture->n_started = 0;
      runs = ask_with_key (fixture, key, "customers", NULL, &error);
      g_assert_no_error (error);
      while (fixture->n_started == 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_requests"), ==, i + 1);
      engine_fixture_wait_idle (fixture);
    }
}

/* Random keys and requests, restarts in between: a key always tells of the runs it told of first. */
static void
test_idempotency_random (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_run_unref);
  const char * const streams[] = { "customers", "products", "prices", "locations" };

  set_paused (fixture, TRUE);
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *key = g_strdup_printf ("%d", g_test_rand_int_range (0, 12));
      const char *stream = streams[g_test_rand_int_range (0, G_N_ELEMENTS (streams))];
      const TideRun *first = g_hash_table_lookup (known, key);
      g_autoptr(GError) error = NULL;
      gboolean replayed = FALSE;
      g_autoptr(GPtrArray) runs = ask_with_key (fixture, key, stream, &replayed, &error);

      if (first != NULL && !g_str_equal (first->stream, stream))
        g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
      else
        {
          g_assert_no_error (error);
          g_assert_true (replayed == (first != NULL));
          if (first != NULL)
            g_assert_cmpstr (((TideRun *)runs->pdata[0])->sync_id, ==, first->sync_id);
          else
            g_hash_table_insert (known, g_strdup (key), tide_run_ref (runs->pdata[0]));
        }

      if (g_test_rand_int_range (0, 15) == 0)
        {
          engine_fixture_close (fixture);
          engine_fixture_open (fixture);
        }
      else if (g_test_rand_bit ())
        iterate ();
    }
  /* All equal requests that waited were one run. */
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs"), <=, G_N_ELEMENTS (streams));
}

static gint64
get_records (EngineFixture *fixture,
             const char    *stream)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) statuses = tide_engine_get_status (fixture->engine, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < statuses->len; i++)
    if (g_str_equal (((TideStreamStatus *)statuses->pdata[i])->stream, stream))
      return ((TideStreamStatus *)statuses->pdata[i])->records;
  g_assert_not_reached ();
}

/* Pausing what waits and what goes; resuming; cancelling what is paused. */
static void
test_pause (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new ("--customers 900 --latency 20", TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) going = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  g_autoptr(TideRun) waiting = ask (fixture, "products", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  g_autoptr(TideRun) paused = NULL;
  gint64 rows;

  tide_engine_pause_run (fixture->engine, waiting->sync_id, "owner", &error);
  g_assert_no_error (error);
  wait_for_status (fixture, going, TIDE_RUN_PROCESSING);
  tide_engine_pause_run (fixture->engine, going->sync_id, "owner", &error);
  g_assert_no_error (error);
  wait_for_status (fixture, going, TIDE_RUN_PAUSED);
  engine_fixture_wait_idle (fixture);
  assert_saved_status (fixture, going, TIDE_RUN_PAUSED);
  assert_saved_status (fixture, waiting, TIDE_RUN_PAUSED);
  g_assert_cmpuint (fixture->ended->len, ==, 0);

  paused = get_run (fixture, going);
  rows = engine_fixture_query_int (fixture, "SELECT count(*) FROM square_customers");
  g_assert_cmpint (rows, ==, paused->counts.created);
  g_assert_cmpint (get_records (fixture, "customers"), ==, rows);

  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  iterate ();
  assert_status (fixture, going, TIDE_RUN_PAUSED);
  tide_engine_resume_run (fixture->engine, going->sync_id, "owner", &error);
  g_assert_no_error (error);
  g_assert_false (tide_engine_retry_run (fixture->engine, going->sync_id, "owner", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  tide_engine_cancel_run (fixture->engine, waiting->sync_id, "owner", &error);
  g_assert_no_error (error);
  engine_fixture_wait_idle (fixture);
  assert_saved_status (fixture, going, TIDE_RUN_COMPLETED);
  assert_saved_status (fixture, waiting, TIDE_RUN_CANCELLED);
  g_assert_cmpint (get_records (fixture, "customers"), ==,
                   engine_fixture_query_int (fixture, "SELECT count(*) FROM square_customers"));
  g_assert_cmpuint (fixture->ended->len, ==, 2);
  engine_fixture_assert_truth (fixture, "customers");

  g_assert_false (tide_engine_resume_run (fixture->engine, waiting->sync_id, "owner", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (tide_engine_pause_run (fixture->engine, "0000", "owner", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
}

/* A provider as a whole: stopped, resumed, and what has failed retried with the same runs. */
static void
test_provider (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new ("--customers 900 --latency 20", TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) going = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  g_autoptr(TideRun) waiting = ask (fixture, "products", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  g_autoptr(TideRun) failed = NULL;

  wait_for_status (fixture, going, TIDE_RUN_PROCESSING);
  g_assert_cmpint (tide_engine_stop_provider (fixture->engine, "square", "Harbor Café", "owner", &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpint (tide_engine_stop_provider (fixture->engine, "square", NULL, "owner", &error), ==, 0);
  g_assert_no_error (error);
  wait_for_status (fixture, going, TIDE_RUN_PAUSED);
  engine_fixture_wait_idle (fixture);
  assert_saved_status (fixture, waiting, TIDE_RUN_PAUSED);
  g_assert_cmpint (tide_engine_stop_provider (fixture->engine, "quickbooks", NULL, "owner", &error), ==, -1);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (tide_engine_resume_provider (fixture->engine, "square", NULL, "owner", &error), ==, 2);
  engine_fixture_wait_idle (fixture);
  assert_ended (fixture, "customers products");

  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"server_error\", \"path\": \"/v2/locations\","
                        " \"times\": -1}]}");
  failed = ask (fixture, "locations", TIDE_RUN_MODE_FULL, 0, NULL);
  engine_fixture_wait_idle (fixture);
  assert_saved_status (fixture, failed, TIDE_RUN_FAILED);
  engine_fixture_order (fixture, "faults", NULL);
  g_assert_cmpint (tide_engine_retry_provider (fixture->engine, "square", NULL, "owner", &error), ==, 1);
  g_assert_no_error (error);
  assert_status (fixture, failed, TIDE_RUN_PENDING);
  engine_fixture_wait_idle (fixture);
  assert_saved_status (fixture, failed, TIDE_RUN_COMPLETED);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT attempts FROM sync_runs WHERE stream = 'locations'"), ==,
                   1);
}

static void
execute (EngineFixture *fixture,
         const char    *sql)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
}

/* A program that died left runs as they were: they go on. What nobody can execute any more says so. */
static void
test_crash (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(TideRun) a = NULL, b = NULL, c = NULL, gone = NULL;

  set_paused (fixture, TRUE);
  a = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  b = ask (fixture, "products", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  c = ask (fixture, "prices", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  engine_fixture_wait (fixture, is_saved, GINT_TO_POINTER (3));
  engine_fixture_close (fixture);
  execute (fixture, "UPDATE sync_runs SET status = 'processing', attempts = 1 WHERE stream = 'customers';"
           " UPDATE sync_runs SET stream = 'weather' WHERE stream = 'prices';"
           " UPDATE settings SET value = '0' WHERE name = 'paused'");

  engine_fixture_open (fixture);
  assert_saved_status (fixture, a, TIDE_RUN_PENDING);
  gone = get_run (fixture, c);
  g_assert_cmpint (gone->status, ==, TIDE_RUN_FAILED);
  g_assert_nonnull (strstr (gone->error_message, "weather"));
  engine_fixture_wait_idle (fixture);
  assert_ended (fixture, "customers products");
  assert_saved_status (fixture, a, TIDE_RUN_COMPLETED);
  assert_saved_status (fixture, b, TIDE_RUN_COMPLETED);
}

static gboolean
is_quiet (EngineFixture *fixture,
          gpointer       user_data)
{
  return fixture->ended->len >= GPOINTER_TO_UINT (user_data) && tide_engine_is_idle (fixture->engine);
}

/* Lets the run's next try come, and returns how it stands after that. */
static TideRun *
pass_retry (EngineFixture *fixture,
            const TideRun *run)
{
  TideRun *now = get_run (fixture, run);
  guint attempts = now->attempts;

  g_assert_cmpint (now->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpint (now->due_at, >, tide_clock_now (fixture->clock));
  g_assert_cmpint (now->due_at, <=, tide_clock_now (fixture->clock) + 5 * TIDE_MINUTE);
  tide_sim_clock_set (TIDE_SIM_CLOCK (fixture->clock), now->due_at);
  while (now->attempts == attempts || now->status == TIDE_RUN_PROCESSING)
    {
      g_main_context_iteration (NULL, TRUE);
      tide_run_unref (now);
      now = get_run (fixture, run);
    }
  engine_fixture_wait_idle (fixture);
  return now;
}

static const TideRun *
find_ended (EngineFixture *fixture,
            const TideRun *run)
{
  for (guint i = 0; i < fixture->ended->len; i++)
    if (g_str_equal (((TideRun *)fixture->ended->pdata[i])->sync_id, run->sync_id))
      return fixture->ended->pdata[i];
  return NULL;
}

/* The try that brought pages does not count; five without any are enough. The next slot asks anew, in the same mode. */
static void
test_give_up (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new ("--customers 500", TIDE_ENGINE_SCHEDULES);
  g_autoptr(TideRun) run = NULL, next = NULL;
  guint n_attempts = 1;

  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (10));
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"server_error\", \"path\": \"/v2/customers\","
                        " \"nth\": 3, \"times\": -1}]}");
  run = ask (fixture, "customers", TIDE_RUN_MODE_FULL, 0, NULL);
  engine_fixture_wait_idle (fixture);
  for (next = get_run (fixture, run); next->status == TIDE_RUN_PENDING; n_attempts++)
    {
      TideRun *after = pass_retry (fixture, run);

      g_assert_cmpuint (n_attempts, <, 10);
      g_assert_cmpuint (next->stalled, <, 5);
      tide_run_unref (next);
      next = after;
    }
  g_assert_cmpint (next->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpuint (next->attempts, ==, 6);
  g_assert_cmpuint (next->stalled, ==, 5);
  g_assert_cmpuint (n_attempts, ==, 6);
  g_assert_nonnull (find_ended (fixture, run));
  g_assert_cmpint (next->counts.read, >, 0);

  engine_fixture_order (fixture, "faults", NULL);
  g_ptr_array_set_size (fixture->ended, 0);
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 40 * TIDE_MINUTE);
  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (1));
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE stream = 'customers' AND"
                                             " mode = 'full' AND status = 'completed' AND requested_by = 'schedule'"),
                   ==, 1);
  engine_fixture_assert_truth (fixture, "customers");
}

/* An engine that does not run by itself does not wait for another try. */
static void
test_no_retry (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  const TideRun *run;

  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"server_error\", \"path\": \"/v2/customers\","
                        " \"times\": -1}]}");
  run = engine_fixture_sync_one (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpuint (run->attempts, ==, 1);
}

static void
replace_token (EngineFixture *fixture,
               const char    *token)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)token);
  tide_engine_replace_secrets (fixture->engine, fixture->connection->id, secrets, NULL, &error);
  g_assert_no_error (error);
}

/* A refused login stops the connection; a person may try; a new login has all go on that it had stopped. */
static void
test_breaker (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_SCHEDULES);
  g_autoptr(GPtrArray) runs = NULL;
  gint64 requests;

  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (10));
  replace_token (fixture, "no-such-token");
  iterate ();
  g_ptr_array_set_size (fixture->ended, 0);
  runs = engine_fixture_request (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      const TideRun *run = g_ptr_array_index (fixture->ended, i);

      g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
      g_assert_cmpstr (run->error_code, ==, "auth");
      g_assert_cmpstr (run->error_message, ==, ((TideRun *)fixture->ended->pdata[0])->error_message);
    }
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 1);

  requests = engine_fixture_get_requests (fixture);
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), TIDE_DAY);
  iterate ();
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), TIDE_DAY);
  iterate ();
  g_assert_true (tide_engine_is_idle (fixture->engine));
  g_assert_cmpint (engine_fixture_get_requests (fixture), ==, requests);
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (engine_fixture_get_requests (fixture), >, requests);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 1);

  g_ptr_array_set_size (fixture->ended, 0);
  replace_token (fixture, "sandbox-token");
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 0);
  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (10));
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (((TideRun *)fixture->ended->pdata[i])->status, ==, TIDE_RUN_COMPLETED);
  engine_fixture_assert_all (fixture);
}

/* What the login may not read stops only that: the other streams go on, and it is asked for again in its slot. */
static void
test_not_permitted (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  guint n_refused = 0;

  engine_fixture_order (fixture, "faults",
                        "{\"faults\": [{\"kind\": \"forbidden\", \"path\": \"/v2/labor\", \"times\": -1}]}");
  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      const TideRun *run = g_ptr_array_index (fixture->ended, i);

      if (run->status == TIDE_RUN_COMPLETED)
        continue;
      g_assert_cmpstr (run->stream, ==, "timesheets");
      g_assert_cmpstr (run->error_code, ==, "permission");
      n_refused++;
    }
  g_assert_cmpuint (n_refused, ==, 1);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 0);
}

/* The provider takes the login again by itself: the run that finds out has the others asked for too. */
static void
test_breaker_probe (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_SCHEDULES);

  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (10));
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"expired_token\", \"times\": -1}]}");
  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 1);
  engine_fixture_order (fixture, "faults", NULL);
  g_ptr_array_set_size (fixture->ended, 0);
  tide_run_unref (ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, "Ann"));
  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (10));
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 0);
}

/* A failed run that a person wants tried again is tried, though nobody syncs just then and the next program does it. */
static void
test_breaker_retry (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_SCHEDULES);
  g_autoptr(TideRun) retried = NULL;
  g_autofree char *sync_id = NULL;
  g_autoptr(GError) error = NULL;
  TideRun *run;

  engine_fixture_wait (fixture, is_quiet, GUINT_TO_POINTER (10));
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"expired_token\", \"times\": -1}]}");
  run = engine_fixture_sync_one (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpstr (run->error_code, ==, "auth");
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 1);
  engine_fixture_order (fixture, "faults", NULL);

  tide_engine_retry_run (fixture->engine, run->sync_id, "Ann", &error);
  g_assert_no_error (error);
  sync_id = g_strdup (run->sync_id);
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  g_ptr_array_set_size (fixture->ended, 0);
  engine_fixture_wait_idle (fixture);
  retried = tide_engine_get_run (fixture->engine, sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (retried->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 0);
}

static guint
count_going (EngineFixture *fixture)
{
  g_autoptr(GPtrArray) list = tide_engine_list_progress (fixture->engine);

  return list->len;
}

static gboolean
are_going (EngineFixture *fixture,
           gpointer       user_data)
{
  return count_going (fixture) == GPOINTER_TO_UINT (user_data) &&
         engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE status = 'processing'") ==
         GPOINTER_TO_INT (user_data);
}

static void
set_max_going (EngineFixture *fixture,
               gint64         n)
{
  g_autoptr(GError) error = NULL;

  tide_engine_set_setting (fixture->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS, n, "owner", &error);
  g_assert_no_error (error);
}

/* As many at a time as the owner lets go, each waiting for its own answer; never two on one entity. */
static void
test_concurrent (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnection) second = engine_fixture_connect (fixture, "Bar", "sandbox-token", &error);
  TideRunRequest request = { .stream = "customers" };
  g_autoptr(GPtrArray) first_runs = NULL, runs = NULL, full_runs = NULL;
  g_autoptr(TideRun) full = NULL;

  g_assert_no_error (error);
  request.connection_id = second->id;
  engine_fixture_order (fixture, "faults", HANG);
  first_runs = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  runs = tide_engine_request_run (fixture->engine, &request, &error);
  g_assert_no_error (error);
  engine_fixture_wait (fixture, are_going, GUINT_TO_POINTER (1));
  full_runs = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_FULL);
  full = tide_run_ref (g_ptr_array_index (full_runs, 0));
  set_max_going (fixture, 8);
  engine_fixture_wait (fixture, are_going, GUINT_TO_POINTER (2));
  iterate ();
  assert_status (fixture, full, TIDE_RUN_PENDING);
  g_assert_cmpuint (count_going (fixture), ==, 2);

  tide_engine_cancel_run (fixture->engine, ((TideRun *)first_runs->pdata[0])->sync_id, "owner", &error);
  g_assert_no_error (error);
  wait_for_status (fixture, full, TIDE_RUN_PROCESSING);
  g_assert_cmpuint (count_going (fixture), ==, 2);
  tide_engine_cancel_all (fixture->engine);
  engine_fixture_wait_idle (fixture);
}

/* Several at a time read what one at a time would. */
static void
test_concurrent_truth (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new ("--latency 2", TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnection) second = engine_fixture_connect (fixture, "Bar", "sandbox-token", &error);
  TideRunRequest request = { 0 };
  g_autoptr(GPtrArray) first_runs = NULL, runs = NULL;

  g_assert_no_error (error);
  request.connection_id = second->id;
  set_max_going (fixture, 4);
  first_runs = engine_fixture_request (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  runs = tide_engine_request_run (fixture->engine, &request, &error);
  g_assert_no_error (error);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 20);
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (((TideRun *)fixture->ended->pdata[i])->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM (SELECT _id FROM square_orders"
                                             " GROUP BY _id HAVING count(*) <> 2)"), ==, 0);
  tide_engine_disconnect (fixture->engine, second->id, TRUE, NULL, &error);
  g_assert_no_error (error);
  engine_fixture_assert_all (fixture);
}

/* A connection that goes takes with it what waits, and nothing else. */
static void
test_disconnect (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = NULL;

  set_paused (fixture, TRUE);
  run = ask (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL, 0, NULL);
  engine_fixture_wait (fixture, is_saved, GINT_TO_POINTER (1));
  tide_engine_disconnect (fixture->engine, fixture->connection->id, FALSE, NULL, &error);
  g_assert_no_error (error);
  iterate ();
  g_assert_true (tide_engine_is_idle (fixture->engine));
  g_assert_cmpuint (fixture->ended->len, ==, 1);
  g_assert_cmpint (((TideRun *)fixture->ended->pdata[0])->status, ==, TIDE_RUN_CANCELLED);
}

/* Without threads all of it happens in the main loop's iterations, and comes to the same. */
static void
test_in_line (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_IN_LINE);

  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  engine_fixture_assert_all (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE status = 'completed'"), ==,
                   10);
}

/* A long queue: asking does not become slower with it, and all of it is there after a restart. */
static void
test_many (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  const guint n = 3000;
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL;

  set_paused (fixture, TRUE);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("CUSTOMER%u", i);
      const char *ids[] = { id, NULL };
      TideRunRequest request = { .connection_id = fixture->connection->id, .stream = "customers", .ids = ids };
      g_autoptr(GPtrArray) runs = tide_engine_request_run (fixture->engine, &request, &error);

      g_assert_no_error (error);
    }
  engine_fixture_wait (fixture, is_saved, GINT_TO_POINTER (n));
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  list = tide_engine_list_queue (fixture->engine, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, n);
  tide_engine_cancel_all (fixture->engine);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, n);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE status = 'cancelled'"), ==, n);
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/queue/order", test_order);
  g_test_add_func ("/queue/move-random", test_move_random);
  g_test_add_func ("/queue/join", test_join);
  g_test_add_func ("/queue/idempotency", test_idempotency);
  g_test_add_func ("/queue/idempotency-saved-first", test_idempotency_saved_first);
  g_test_add_func ("/queue/idempotency-random", test_idempotency_random);
  g_test_add_func ("/queue/pause", test_pause);
  g_test_add_func ("/queue/provider", test_provider);
  g_test_add_func ("/queue/crash", test_crash);
  g_test_add_func ("/queue/give-up", test_give_up);
  g_test_add_func ("/queue/no-retry", test_no_retry);
  g_test_add_func ("/queue/breaker", test_breaker);
  g_test_add_func ("/queue/breaker-probe", test_breaker_probe);
  g_test_add_func ("/queue/breaker-retry", test_breaker_retry);
  g_test_add_func ("/queue/not-permitted", test_not_permitted);
  g_test_add_func ("/queue/concurrent", test_concurrent);
  g_test_add_func ("/queue/concurrent-truth", test_concurrent_truth);
  g_test_add_func ("/queue/disconnect", test_disconnect);
  g_test_add_func ("/queue/in-line", test_in_line);
  g_test_add_func ("/queue/many", test_many);

  return engine_fixture_run ();
}
