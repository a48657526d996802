/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tide-sim-clock.h"
#include "tide-system-clock.h"
#include "tide-time.h"

#include <sys/resource.h>

/* Long enough that only a bug comes near it. */
#define DEADLINE (30 * G_USEC_PER_SEC)

typedef struct
{
  GMutex        lock;
  GCond         cond;
  gboolean      started; /* (mutex lock) */
  TideClock    *clock;
  GCancellable *cancellable;
  gint64        woken_after;
  GError       *error;
} Sleeper;

static gboolean
count_cb (gpointer user_data)
{
  ++*(int *) user_data;

  return G_SOURCE_CONTINUE;
}

static GSource *
attach_timer (TideClock    *clock,
              GMainContext *context,
              gint64        due,
              int          *count)
{
  GSource *source = tide_clock_timer_source_new (clock, due);

  g_source_set_callback (source, count_cb, count, NULL);
  g_source_attach (source, context);

  return source;
}

static void
drain (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
test_clock_sim_time (void)
{
  g_autoptr(TideSimClock) sim = tide_sim_clock_new (1000);
  TideClock *clock = TIDE_CLOCK (sim);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (tide_clock_now (clock), ==, 1000);
  g_assert_cmpint (tide_clock_monotonic (clock), ==, 0);
  tide_sim_clock_advance (sim, 5);
  g_assert_cmpint (tide_clock_now (clock), ==, 1005);
  g_assert_cmpint (tide_clock_monotonic (clock), ==, 5);
  tide_sim_clock_set (sim, 100);
  g_assert_cmpint (tide_clock_now (clock), ==, 100);
  g_assert_cmpint (tide_clock_monotonic (clock), ==, 5);

  g_assert_true (tide_clock_sleep (clock, TIDE_HOUR, cancellable, &error));
  g_assert_no_error (error);
  g_assert_cmpint (tide_clock_now (clock), ==, 100 + TIDE_HOUR);
  g_assert_true (tide_clock_sleep (clock, -5, NULL, NULL));

  g_cancellable_cancel (cancellable);
  g_assert_false (tide_clock_sleep (clock, 5, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (tide_clock_now (clock), ==, 100 + TIDE_HOUR);
}

static void
test_clock_sim_timers (void)
{
  g_autoptr(TideSimClock) sim = tide_sim_clock_new (0);
  g_autoptr(GMainContext) context = g_main_context_new ();
  int early = 0, late = 0, past = 0, dropped = 0;
  g_autoptr(GSource) early_source = attach_timer (TIDE_CLOCK (sim), context, 10, &early);
  g_autoptr(GSource) late_source = attach_timer (TIDE_CLOCK (sim), context, 20, &late);
  g_autoptr(GSource) past_source = attach_timer (TIDE_CLOCK (sim), context, -10, &past);
  g_autoptr(GSource) dropped_source = attach_timer (TIDE_CLOCK (sim), context, 10, &dropped);

  drain (context);
  g_assert_cmpint (past, ==, 1);
  g_assert_cmpint (early + late, ==, 0);

  g_source_destroy (dropped_source);
  tide_sim_clock_advance (sim, 9);
  drain (context);
  g_assert_cmpint (early + late, ==, 0);

  tide_sim_clock_advance (sim, 1);
  drain (context);
  g_assert_cmpint (early, ==, 1);
  g_assert_cmpint (late, ==, 0);
  g_assert_true (g_source_is_destroyed (early_source));

  tide_sim_clock_set (sim, 5);
  tide_sim_clock_set (sim, 100);
  drain (context);
  tide_sim_clock_advance (sim, 100);
  drain (context);
  g_assert_cmpint (early, ==, 1);
  g_assert_cmpint (late, ==, 1);
  g_assert_cmpint (past, ==, 1);
  g_assert_cmpint (dropped, ==, 0);
}

static gpointer
run_until_counted (gpointer data)
{
  gpointer *arguments = data;
  GMainContext *context = arguments[0];
  int *count = arguments[1];

  while (*count == 0)
    g_main_context_iteration (context, TRUE);

  return NULL;
}

/* The context sleeps in another thread, or is just about to: the wake-up must not be lost. If it is, the
 * join never ends and the test's time limit says so. */
static void
test_clock_sim_wakes (void)
{
  for (int i = 0; i < 200; i++)
    {
      g_autoptr(TideSimClock) sim = tide_sim_clock_new (0);
      g_autoptr(GMainContext) context = g_main_context_new ();
      int count = 0;
      g_autoptr(GSource) source = attach_timer (TIDE_CLOCK (sim), context, 1, &count);
      gpointer arguments[] = { context, &count };
      GThread *thread = g_thread_new ("loop", run_until_counted, arguments);

      if (i % 2 == 0)
        g_thread_yield ();
      tide_sim_clock_advance (sim, 1);
      g_thread_join (thread);
      g_assert_cmpint (count, ==, 1);
    }
}

static gpointer
make_timers (gpointer data)
{
  for (int i = 0; i < 2000; i++)
    {
      g_autoptr(GMainContext) context = g_main_context_new ();
      int count = 0;
      g_autoptr(GSource) source = attach_timer (data, context, G_MAXINT64, &count);

      drain (context);
      g_source_destroy (source);
    }

  return NULL;
}

/* Sources go while the clock is moved. */
static void
test_clock_sim_race (void)
{
  g_autoptr(TideSimClock) sim = tide_sim_clock_new (0);
  GThread *one = g_thread_new ("one", make_timers, sim);
  GThread *two = g_thread_new ("two", make_timers, sim);

  for (int i = 0; i < 20000; i++)
    tide_sim_clock_advance (sim, 1);
  g_thread_join (one);
  g_thread_join (two);

  g_assert_cmpint (tide_clock_now (TIDE_CLOCK (sim)), ==, 20000);
  g_assert_finalize_object (g_steal_pointer (&sim));
}

static void
test_clock_system_time (void)
{
  g_autoptr(TideClock) clock = tide_system_clock_new ();
  gint64 real = g_get_real_time ();
  gint64 monotonic = tide_clock_monotonic (clock);

  g_assert_cmpint (tide_clock_now (clock), >=, real);
  g_assert_cmpint (tide_clock_now (clock), <, real + DEADLINE);
  g_assert_true (tide_clock_sleep (clock, 2000, NULL, NULL));
  g_assert_cmpint (tide_clock_monotonic (clock), >=, monotonic + 2000);
}

static gpointer
sleep_long (gpointer data)
{
  Sleeper *self = data;
  gint64 start = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  self->started = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);

  g_assert_false (tide_clock_sleep (self->clock, 10 * DEADLINE, self->cancellable, &self->error));
  self->woken_after = g_get_monotonic_time () - start;

  return NULL;
}

static void
test_clock_system_cancel (void)
{
  g_autoptr(TideClock) clock = tide_system_clock_new ();

  for (int i = 0; i < 100; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      Sleeper sleeper = { .clock = clock, .cancellable = cancellable };
      GThread *thread;

      g_mutex_init (&sleeper.lock);
      g_cond_init (&sleeper.cond);
      thread = g_thread_new ("sleeper", sleep_long, &sleeper);
      g_mutex_lock (&sleeper.lock);
      while (!sleeper.started)
        g_cond_wait (&sleeper.cond, &sleeper.lock);
      g_mutex_unlock (&sleeper.lock);

      g_cancellable_cancel (cancellable);
      g_thread_join (thread);
      g_assert_error (sleeper.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (sleeper.woken_after, <, DEADLINE);
      g_clear_error (&sleeper.error);
      g_mutex_clear (&sleeper.lock);
      g_cond_clear (&sleeper.cond);
    }
}

static void
test_clock_system_timers (void)
{
  g_autoptr(TideClock) clock = tide_system_clock_new ();
  g_autoptr(GMainContext) context = g_main_context_new ();
  gint64 start = tide_clock_now (clock);
  int soon = 0, past = 0, epoch = 0, never = 0;
  g_autoptr(GSource) soon_source = attach_timer (clock, context, start + 20000, &soon);
  g_autoptr(GSource) past_source = attach_timer (clock, context, start - 1, &past);
  g_autoptr(GSource) epoch_source = attach_timer (clock, context, 0, &epoch);
  g_autoptr(GSource) never_source = attach_timer (clock, context, G_MAXINT64, &never);

  drain (context);
  g_assert_cmpint (past, ==, 1);
  g_assert_cmpint (epoch, ==, 1);

  /* Blocks: only the timer can end this. */
  while (soon == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpint (tide_clock_now (clock), >=, start + 20000);

  drain (context);
  g_assert_cmpint (soon, ==, 1);
  g_assert_cmpint (past, ==, 1);
  g_assert_cmpint (never, ==, 0);
  g_source_destroy (never_source);
}

/* Without a descriptor to be had, the timer still rings. */
static void
test_clock_system_no_descriptors (void)
{
  g_autoptr(TideClock) clock = tide_system_clock_new ();
  g_autoptr(GMainContext) context = g_main_context_new ();
  gint64 due = tide_clock_now (clock) + 20000;
  struct rlimit limit, none;
  g_autoptr(GSource) source = NULL;
  int count = 0;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  none = limit;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  source = attach_timer (clock, context, due, &count);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);

  while (count == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpint (tide_clock_now (clock), >=, due);
  g_assert_true (g_source_is_destroyed (source));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/clock/sim/time", test_clock_sim_time);
  g_test_add_func ("/core/clock/sim/timers", test_clock_sim_timers);
  g_test_add_func ("/core/clock/sim/wakes", test_clock_sim_wakes);
  g_test_add_func ("/core/clock/sim/race", test_clock_sim_race);
  g_test_add_func ("/core/clock/system/time", test_clock_system_time);
  g_test_add_func ("/core/clock/system/cancel", test_clock_system_cancel);
  g_test_add_func ("/core/clock/system/timers", test_clock_system_timers);
  g_test_add_func ("/core/clock/system/no-descriptors", test_clock_system_no_descriptors);

  return g_test_run ();
}
