/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-stop"

#include "engine-fixture.h"
#include "tide-error.h"
#include "tide-time.h"

/* Stopping: at once wherever a run is, keeping what was committed; and going on from there. Real time. */

/* Generous, as the machine may be busy; each wait that is cut short here would last longer. */
#define AT_ONCE (4 * TIDE_SECOND)

static gboolean
has_started (EngineFixture *fixture,
             gpointer       user_data)
{
  return fixture->n_started > 0;
}

static gboolean
has_requests (EngineFixture *fixture,
              gpointer       user_data)
{
  return engine_fixture_get_requests (fixture) >= GPOINTER_TO_INT (user_data);
}

/* What came before a wait is soon committed, as nobody knows how long it lasts. */
static gboolean
is_waiting_and_safe (EngineFixture *fixture,
                     gpointer       user_data)
{
  g_autoptr(GPtrArray) list = tide_engine_list_progress (fixture->engine);

  return list->len == 1 && ((TideRunProgress *)g_ptr_array_index (list, 0))->waiting != NULL &&
         engine_fixture_query_int (fixture, "SELECT count(*) FROM square_payments") == 200;
}

static void
assert_rows_match (EngineFixture *fixture,
                   const char    *stream)
{
  g_autofree char *rows = g_strdup_printf ("SELECT count(*) FROM square_%s", stream);
  g_autofree char *created = g_strdup_printf ("SELECT sum(created) FROM sync_runs WHERE stream = '%s'", stream);

  g_assert_cmpint (engine_fixture_query_int (fixture, rows), ==, engine_fixture_query_int (fixture, created));
}

static void
assert_cancelled_at_once (EngineFixture *fixture)
{
  gint64 since = g_get_monotonic_time ();
  const TideRun *run;

  tide_engine_cancel_all (fixture->engine);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpint (g_get_monotonic_time () - since, <, AT_ONCE);
  run = g_ptr_array_index (fixture->ended, fixture->ended->len - 1);
  g_assert_cmpint (run->status, ==, TIDE_RUN_CANCELLED);
  g_assert_null (run->error_code);
}

static void
assert_resumes (EngineFixture *fixture,
                const char    *stream)
{
  TideRun *run;

  engine_fixture_order (fixture, "faults", NULL);
  run = engine_fixture_sync_one (fixture, stream, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  assert_rows_match (fixture, stream);
  engine_fixture_assert_truth (fixture, stream);
}

/* From the press to all quiet. The machine may be busy with something else, but not each time. */
#define QUIET (300 * TIDE_SECOND / 1000)
#define TRIES 5

static gint64
measure_quiet (EngineFixture *fixture)
{
  gint64 since = g_get_monotonic_time ();

  tide_engine_cancel_all (fixture->engine);
  while (!tide_engine_is_idle (fixture->engine))
    g_main_context_iteration (NULL, TRUE);
  return g_get_monotonic_time () - since;
}

static void
assert_quiet (EngineFixture   *fixture,
              const char      *fault,
              EngineCondition  condition,
              gpointer         user_data)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < TRIES && best >= QUIET; i++)
    {
      g_autoptr(GPtrArray) runs = NULL;

      engine_fixture_order (fixture, "faults", NULL);
      engine_fixture_order (fixture, "faults", fault);
      runs = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_FULL);
      engine_fixture_wait (fixture, condition, user_data);
      best = MIN (best, measure_quiet (fixture));
    }
  g_test_message ("quiet after %" G_GINT64_FORMAT " µs", best);
  g_assert_cmpint (best, <, QUIET);
}

static gboolean
is_in_answer (EngineFixture *fixture,
              gpointer       user_data)
{
  g_autoptr(GPtrArray) list = tide_engine_list_progress (fixture->engine);

  return list->len == 1 && ((TideRunProgress *)g_ptr_array_index (list, 0))->pages > 0;
}

static gboolean
is_in_wait (EngineFixture *fixture,
            gpointer       user_data)
{
  g_autoptr(GPtrArray) list = tide_engine_list_progress (fixture->engine);

  return list->len == 1 && ((TideRunProgress *)g_ptr_array_index (list, 0))->waiting != NULL;
}

static void
test_quiet (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real ("--customers 500");

  assert_quiet (fixture, "{\"faults\": [{\"kind\": \"hang\", \"path\": \"/v2/customers\", \"nth\": 3}]}", is_in_answer, NULL);
  assert_quiet (fixture, "{\"faults\": [{\"kind\": \"rate_limit\", \"path\": \"/v2/customers\", \"nth\": 3,"
                " \"retry_after\": 9}]}", is_in_wait, NULL);
}

static void
test_hang (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real (NULL);
  g_autoptr(GPtrArray) runs = NULL;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"hang\", \"path\": \"/v2/payments\", \"nth\": 4}]}");
  runs = engine_fixture_request (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  /* Two of ours and one of the engine's for locations went before. */
  engine_fixture_wait (fixture, has_requests, GINT_TO_POINTER (5));
  assert_cancelled_at_once (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_payments"), <=, 300);
  assert_resumes (fixture, "payments");
}

static void
test_backoff (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real (NULL);
  g_autoptr(GPtrArray) runs = NULL;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"rate_limit\", \"path\": \"/v2/payments\","
                        " \"nth\": 3, \"retry_after\": 6}]}");
  runs = engine_fixture_request (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_wait (fixture, is_waiting_and_safe, NULL);
  assert_cancelled_at_once (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_payments"), ==, 200);
  assert_resumes (fixture, "payments");
}

static gboolean
cancel_cb (gpointer user_data)
{
  tide_engine_cancel_all (((EngineFixture *)user_data)->engine);
  return G_SOURCE_REMOVE;
}

/* At instants by chance, again and again, each reading on from the last: it gets there in the end. */
static void
test_random (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real ("--latency 5");

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  for (guint i = 0; i < 30; i++)
    {
      TideRun *run;

      g_timeout_add ((guint)g_test_rand_int_range (0, 60), cancel_cb, fixture);
      run = engine_fixture_sync_one (fixture, "payments", i % 3 == 2 ? TIDE_RUN_MODE_FULL
                                                                     : TIDE_RUN_MODE_INCREMENTAL);
      g_assert_true (run->status == TIDE_RUN_CANCELLED || run->status == TIDE_RUN_COMPLETED);
      assert_rows_match (fixture, "payments");
      /* The timer of a run that was faster goes off now, on nothing. */
      while (g_main_context_find_source_by_user_data (NULL, fixture) != NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  assert_resumes (fixture, "payments");
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_payments WHERE _deleted = 1"), ==, 0);
}

/* What waits for its turn can be cancelled too, each run ends once, and its row says so. */
static void
test_pending (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real (NULL);
  g_autoptr(GPtrArray) runs = NULL;
  const TideRun *first;
  g_autoptr(GError) error = NULL;

  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"hang\", \"path\": \"/v2\"}]}");
  runs = engine_fixture_request (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_wait (fixture, has_started, NULL);
  first = g_ptr_array_index (runs, runs->len - 1);
  tide_engine_cancel_run (fixture->engine, first->sync_id, "owner", &error);
  g_assert_no_error (error);
  assert_cancelled_at_once (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, runs->len);
  g_assert_cmpuint (fixture->n_started, <, runs->len);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE status = 'cancelled'"), ==,
                   runs->len);

  g_assert_false (tide_engine_cancel_run (fixture->engine, first->sync_id, "owner", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (tide_engine_cancel_run (fixture->engine, "0000-0000", "owner", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
}

static guint
count_ended_otherwise (EngineFixture *fixture)
{
  guint n = 0;

  for (guint i = 0; i < fixture->ended->len; i++)
    n += ((TideRun *)g_ptr_array_index (fixture->ended, i))->status != TIDE_RUN_COMPLETED;
  return n;
}

/* The program ends in the middle: no run is over because of that, and the next program goes on with the same ones. */
static void
test_close (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real (NULL);
  g_autoptr(GPtrArray) runs = NULL;
  gint64 since;
  guint n_ended;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  g_ptr_array_set_size (fixture->ended, 0);
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"hang\", \"path\": \"/v2/payments\", \"nth\": 4}]}");
  runs = engine_fixture_request (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_wait (fixture, has_requests, GINT_TO_POINTER (6));

  since = g_get_monotonic_time ();
  engine_fixture_close (fixture);
  g_assert_cmpint (g_get_monotonic_time () - since, <, AT_ONCE);
  n_ended = fixture->ended->len;
  g_assert_cmpuint (n_ended, <, runs->len);
  g_assert_cmpuint (count_ended_otherwise (fixture), ==, 0);

  engine_fixture_order (fixture, "faults", NULL);
  engine_fixture_open (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_queue"), ==, runs->len - n_ended);
  g_assert_false (tide_engine_is_idle (fixture->engine));
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, runs->len);
  g_assert_cmpuint (count_ended_otherwise (fixture), ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs"), ==, runs->len + 1);
  engine_fixture_assert_all (fixture);
}

/* The same at instants by chance, with no warning to anybody: the last reference goes while runs go. */
static void
test_drop (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real ("--latency 2");

  for (guint i = 0; i < 15; i++)
    {
      g_autoptr(GPtrArray) runs = engine_fixture_request (fixture, NULL, i % 4 == 3 ? TIDE_RUN_MODE_FULL
                                                                                    : TIDE_RUN_MODE_INCREMENTAL);
      gint64 until = g_get_monotonic_time () + g_test_rand_int_range (0, 80000);

      while (g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
      g_assert_finalize_object (g_steal_pointer (&fixture->engine));
      engine_fixture_open (fixture);
    }
  engine_fixture_wait_idle (fixture);
  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_assert_all (fixture);
  for (gsize i = 0; engine_fixture_streams[i] != NULL; i++)
    assert_rows_match (fixture, engine_fixture_streams[i]);
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/stop/quiet", test_quiet);
  g_test_add_func ("/stop/hang", test_hang);
  g_test_add_func ("/stop/backoff", test_backoff);
  g_test_add_func ("/stop/random", test_random);
  g_test_add_func ("/stop/pending", test_pending);
  g_test_add_func ("/stop/close", test_close);
  g_test_add_func ("/stop/drop", test_drop);

  return engine_fixture_run ();
}
