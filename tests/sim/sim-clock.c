/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-clock.h"

/* So many rounds of the main context without any time going by: something keeps itself busy. */
#define MAX_ROUNDS 100000

/* Three times: the truth, by which the provider lives; the wall clock of the computer, which may be wrong; and the
 * computer's monotonic clock, which stands still while it is suspended. */
struct _SimClock
{
  GObject    parent_instance;

  gint64     truth;
  gint64     skew;       /* wall clock - truth */
  gint64     passed;
  gboolean   frozen;
  GPtrArray *timers;     /* (owned) of borrowed TimerSource */
};

typedef struct
{
  GSource   source;
  SimClock *clock;       /* (owned) */
  gint64    due;
} TimerSource;

static void sim_clock_iface_init (TideClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SimClock, sim_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_CLOCK, sim_clock_iface_init))

static gint64
sim_clock_get_wall (SimClock *self)
{
  return self->truth + self->skew;
}

static gboolean
timer_source_is_due (TimerSource *timer)
{
  return !timer->clock->frozen && sim_clock_get_wall (timer->clock) >= timer->due;
}

static gboolean
timer_source_prepare (GSource *source,
                      int     *timeout)
{
  *timeout = -1;
  return timer_source_is_due ((TimerSource *)source);
}

static gboolean
timer_source_check (GSource *source)
{
  return timer_source_is_due ((TimerSource *)source);
}

static gboolean
timer_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  if (callback != NULL)
    callback (user_data);
  return G_SOURCE_REMOVE;
}

static void
timer_source_finalize (GSource *source)
{
  TimerSource *timer = (TimerSource *)source;

  g_ptr_array_remove (timer->clock->timers, timer);
  g_object_unref (timer->clock);
}

static GSourceFuncs timer_source_funcs =
{
  .prepare = timer_source_prepare,
  .check = timer_source_check,
  .dispatch = timer_source_dispatch,
  .finalize = timer_source_finalize,
};

static gint64
sim_clock_now (TideClock *clock)
{
  return sim_clock_get_wall (SIM_CLOCK (clock));
}

static gint64
sim_clock_monotonic (TideClock *clock)
{
  return SIM_CLOCK (clock)->passed;
}

static gboolean
sim_clock_sleep (TideClock     *clock,
                 gint64         usec,
                 GCancellable  *cancellable,
                 GError       **error)
{
  SimClock *self = SIM_CLOCK (clock);

  sim_clock_pass (self, usec, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!self->frozen)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the computer has died");
  return FALSE;
}

static GSource *
sim_clock_timer_source (TideClock *clock,
                        gint64     due)
{
  GSource *source = g_source_new (&timer_source_funcs, sizeof (TimerSource));
  TimerSource *timer = (TimerSource *)source;

  timer->clock = g_object_ref (SIM_CLOCK (clock));
  timer->due = due;
  g_ptr_array_add (timer->clock->timers, timer);
  g_source_set_static_name (source, "sim-clock");
  return source;
}

static void
sim_clock_finalize (GObject *object)
{
  g_ptr_array_unref (SIM_CLOCK (object)->timers);

  G_OBJECT_CLASS (sim_clock_parent_class)->finalize (object);
}

static void
sim_clock_class_init (SimClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_clock_finalize;
}

static void
sim_clock_iface_init (TideClockInterface *iface)
{
  iface->now = sim_clock_now;
  iface->monotonic = sim_clock_monotonic;
  iface->sleep = sim_clock_sleep;
  iface->timer_source = sim_clock_timer_source;
}

static void
sim_clock_init (SimClock *self)
{
  self->timers = g_ptr_array_new ();
}

/**
 * sim_clock_new:
 * @start: microseconds since 1970 UTC
 *
 * Returns: (transfer full): a clock that is right, and stands still while nobody waits
 */
SimClock *
sim_clock_new (gint64 start)
{
  SimClock *self = g_object_new (SIM_TYPE_CLOCK, NULL);

  self->truth = start;
  return self;
}

/** sim_clock_get_truth: the time that it really is, microseconds since 1970 UTC. */
gint64
sim_clock_get_truth (SimClock *self)
{
  return self->truth;
}

/** sim_clock_get_passed: microseconds that the computer has been awake. */
gint64
sim_clock_get_passed (SimClock *self)
{
  return self->passed;
}

/**
 * sim_clock_get_next:
 *
 * Returns: what the wall clock will show when the next timer is due, 0 if nobody waits for a time to come
 */
gint64
sim_clock_get_next (SimClock *self)
{
  gint64 wall = sim_clock_get_wall (self);
  gint64 next = 0;

  for (guint i = 0; i < self->timers->len; i++)
    {
      TimerSource *timer = g_ptr_array_index (self->timers, i);

      if (timer->due > wall && !g_source_is_destroyed (&timer->source) && (next == 0 || timer->due < next))
        next = timer->due;
    }
  return next;
}

/** sim_clock_settle: does what is ready in the main context, until nothing is. May nest. */
void
sim_clock_settle (SimClock *self)
{
  gint64 passed = self->passed;

  for (guint n_rounds = 0; g_main_context_iteration (NULL, FALSE); n_rounds++)
    {
      if (self->passed != passed)
        n_rounds = 0;
      passed = self->passed;
      if (n_rounds > MAX_ROUNDS)
        g_error ("the main context does not come to rest");
    }
}

/**
 * sim_clock_pass:
 * @usec: how much
 * @cancellable: (nullable): ends it at once
 *
 * Lets time pass, timer by timer. May nest: what is done meanwhile may take longer than @usec, and then so does this.
 */
void
sim_clock_pass (SimClock     *self,
                gint64        usec,
                GCancellable *cancellable)
{
  gint64 end = self->passed + usec;

  for (;;)
    {
      gint64 next;
      gint64 step;

      if (self->frozen || g_cancellable_is_cancelled (cancellable))
        return;
      sim_clock_settle (self);
      if (self->frozen || g_cancellable_is_cancelled (cancellable) || self->passed >= end)
        return;

      next = sim_clock_get_next (self);
      step = end - self->passed;
      if (next != 0)
        step = MIN (step, next - sim_clock_get_wall (self));
      self->passed += step;
      self->truth += step;
    }
}

/** sim_clock_suspend: the computer sleeps, and knows only by the wall clock that it did. */
void
sim_clock_suspend (SimClock *self,
                   gint64    usec)
{
  self->truth += usec;
}

/** sim_clock_jump: the wall clock is set, forward or back. */
void
sim_clock_jump (SimClock *self,
                gint64    usec)
{
  self->skew += usec;
}

/** sim_clock_freeze: while frozen no timer is due and no time passes; who sleeps is told that all is over. */
void
sim_clock_freeze (SimClock *self,
                  gboolean  frozen)
{
  self->frozen = frozen;
}
