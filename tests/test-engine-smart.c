/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-smart"

#include "engine-fixture.h"
#include "tide-error.h"
#include "tide-time.h"

/* While somebody fills in a form his refresh goes first, and the others wait until the last form is closed. */

typedef struct
{
  guint started;
  guint ended;
  guint timeout;
} Told;

static void
count_cb (TideEngine *engine,
          guint      *count)
{
  (*count)++;
}

static void
listen (EngineFixture *fixture,
        Told          *told)
{
  g_signal_connect (fixture->engine, "smart-sync-started", G_CALLBACK (count_cb), &told->started);
  g_signal_connect (fixture->engine, "smart-sync-ended", G_CALLBACK (count_cb), &told->ended);
  g_signal_connect (fixture->engine, "smart-sync-timeout", G_CALLBACK (count_cb), &told->timeout);
}

static char *
begin (EngineFixture *fixture,
       const char    *session)
{
  g_autoptr(GError) error = NULL;
  char *id = tide_engine_begin_smart_sync (fixture->engine, "Harbor Café", session, "Ann", &error);

  g_assert_no_error (error);
  return id;
}

static void
end (EngineFixture *fixture,
     const char    *session)
{
  g_autoptr(GError) error = NULL;

  tide_engine_end_smart_sync (fixture->engine, session, "Ann", &error);
  g_assert_no_error (error);
}

static const TideRun *
get_ended (EngineFixture *fixture,
           guint          index)
{
  g_assert_cmpuint (index, <, fixture->ended->len);
  return g_ptr_array_index (fixture->ended, index);
}

static gboolean
have_ended (EngineFixture *fixture,
            gpointer       user_data)
{
  return fixture->ended->len >= GPOINTER_TO_UINT (user_data);
}

static gboolean
is_reading (EngineFixture *fixture,
            gpointer       user_data)
{
  g_autoptr(GPtrArray) list = tide_engine_list_progress (fixture->engine);

  return list->len == 1 && g_str_equal (((TideRunProgress *)list->pdata[0])->stream, user_data) &&
         ((TideRunProgress *)list->pdata[0])->pages > 0;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_hold (EngineFixture *fixture,
             const char    *stream,
             TideHold       hold)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = tide_engine_list_queue (fixture->engine, 0, &error);

  for (guint i = 0; i < list->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (list, i);

      if (!g_str_equal (entry->run->stream, stream))
        continue;
      g_assert_cmpint (entry->hold, ==, hold);
      return;
    }
  g_assert_not_reached ();
}

/* What goes makes room at its next page; the refresh is read; only after the last session the rest goes on, from where
 * it was. */
static void
test_first (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new_real ("--latency 30");
  Told told = { 0 };
  g_autofree char *one = NULL, *two = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  const TideRun *orders;

  listen (fixture, &told);
  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_ptr_array_set_size (fixture->ended, 0);
  fixture->n_started = 0;
  runs = engine_fixture_request (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  g_clear_pointer (&runs, g_ptr_array_unref);
  engine_fixture_wait (fixture, is_reading, (gpointer)"payments");
  runs = engine_fixture_request (fixture, "products", TIDE_RUN_MODE_INCREMENTAL);

  one = begin (fixture, NULL);
  two = begin (fixture, NULL);
  g_assert_cmpuint (tide_engine_count_smart_sessions (fixture->engine), ==, 2);
  engine_fixture_wait (fixture, have_ended, GUINT_TO_POINTER (1));
  g_assert_cmpstr (get_ended (fixture, 0)->stream, ==, "customers");
  g_assert_cmpint (get_ended (fixture, 0)->priority, ==, TIDE_RUN_PRIORITY_SMART);
  g_assert_cmpint (get_ended (fixture, 0)->status, ==, TIDE_RUN_COMPLETED);

  end (fixture, one);
  engine_fixture_wait (fixture, (EngineCondition)have_ended, GUINT_TO_POINTER (1));
  iterate ();
  assert_hold (fixture, "products", TIDE_HOLD_SMART_SYNC);
  g_assert_cmpuint (fixture->ended->len, ==, 1);
  end (fixture, two);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 3);
  orders = get_ended (fixture, 1);
  g_assert_cmpstr (orders->stream, ==, "payments");
  g_assert_cmpint (orders->status, ==, TIDE_RUN_COMPLETED);
  /* It made room, and that is no try. */
  g_assert_cmpuint (orders->attempts, ==, 1);
  g_assert_cmpint (orders->counts.unchanged, ==, 0);
  engine_fixture_assert_truth (fixture, "payments");
  g_assert_cmpuint (told.started, ==, 1);
  g_assert_cmpuint (told.ended, ==, 1);
  g_assert_cmpuint (told.timeout, ==, 0);
}

/* The refresh joins one that waits, goes before all that does, and nothing but it goes. */
static void
test_jumps (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autofree char *session = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GPtrArray) all = engine_fixture_request (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);
  const TideRun *run;

  session = begin (fixture, NULL);
  engine_fixture_wait (fixture, have_ended, GUINT_TO_POINTER (1));
  iterate ();
  g_assert_cmpuint (fixture->ended->len, ==, 1);
  run = get_ended (fixture, 0);
  g_assert_cmpstr (run->stream, ==, "customers");
  g_assert_cmpstr (run->requested_by, ==, "test");

  engine_fixture_order (fixture, "edit", "{\"entity\": \"customers\", \"percent\": 5}");
  g_free (begin (fixture, session));
  engine_fixture_wait (fixture, have_ended, GUINT_TO_POINTER (2));
  run = get_ended (fixture, 1);
  g_assert_cmpstr (run->stream, ==, "customers");
  g_assert_cmpstr (run->requested_by, ==, "Ann");
  g_assert_cmpint (run->counts.updated, >, 0);
  end (fixture, session);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, all->len + 1);
  engine_fixture_assert_all (fixture);
}

/* Who is not heard of for ten minutes is given up; each sign of life counts from its own moment. */
static void
test_timeout (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideSimClock *clock = TIDE_SIM_CLOCK (fixture->clock);
  Told told = { 0 };
  g_autofree char *one = NULL, *two = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) error = NULL;

  listen (fixture, &told);
  one = begin (fixture, NULL);
  two = begin (fixture, NULL);
  engine_fixture_wait_idle (fixture);
  runs = engine_fixture_request (fixture, "products", TIDE_RUN_MODE_INCREMENTAL);
  tide_sim_clock_advance (clock, 9 * TIDE_MINUTE);
  iterate ();
  g_free (begin (fixture, one));
  tide_sim_clock_advance (clock, 2 * TIDE_MINUTE);
  iterate ();
  g_assert_cmpuint (tide_engine_count_smart_sessions (fixture->engine), ==, 1);
  g_assert_cmpuint (told.timeout, ==, 0);
  assert_hold (fixture, "products", TIDE_HOLD_SMART_SYNC);
  g_assert_false (tide_engine_end_smart_sync (fixture->engine, two, "Ann", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);

  tide_sim_clock_advance (clock, 8 * TIDE_MINUTE);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (tide_engine_count_smart_sessions (fixture->engine), ==, 0);
  g_assert_cmpuint (told.timeout, ==, 1);
  g_assert_cmpuint (told.ended, ==, 0);
  g_assert_cmpuint (told.started, ==, 1);
  g_assert_cmpstr (get_ended (fixture, fixture->ended->len - 1)->stream, ==, "products");
}

/* The program ends in between: there is no session afterwards, and all that made room goes on. */
static void
test_crash (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) runs = engine_fixture_request (fixture, NULL, TIDE_RUN_MODE_INCREMENTAL);

  g_free (begin (fixture, NULL));
  engine_fixture_wait (fixture, have_ended, GUINT_TO_POINTER (1));
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  g_assert_cmpuint (tide_engine_count_smart_sessions (fixture->engine), ==, 0);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, runs->len);
  engine_fixture_assert_all (fixture);
}

static void
test_errors (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_engine_begin_smart_sync (fixture->engine, "Nowhere", NULL, "Ann", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (tide_engine_end_smart_sync (fixture->engine, "none", "Ann", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_cmpuint (tide_engine_count_smart_sessions (fixture->engine), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/smart/first", test_first);
  g_test_add_func ("/smart/jumps", test_jumps);
  g_test_add_func ("/smart/timeout", test_timeout);
  g_test_add_func ("/smart/crash", test_crash);
  g_test_add_func ("/smart/errors", test_errors);

  return engine_fixture_run ();
}
