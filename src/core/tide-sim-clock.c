/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-sim-clock.h"

/* All fields are guarded by the lock, so any thread may move it or ask it. */
struct _TideSimClock
{
  GObject    parent_instance;

  GMutex     lock;
  gint64     now;        /* (mutex lock) */
  gint64     monotonic;  /* (mutex lock) */
  GPtrArray *contexts;   /* (owned) (mutex lock) of owned GMainContext, once for each waiting source */
};

typedef struct
{
  GSource       source;
  TideSimClock *clock;    /* (owned) */
  GMainContext *context;  /* what it is registered for with the clock; the reference is the clock's */
  gint64        due;
} TimerSource;

static void tide_sim_clock_iface_init (TideClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSimClock, tide_sim_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_CLOCK, tide_sim_clock_iface_init))

static gboolean
timer_source_is_due (TimerSource *timer)
{
  return tide_clock_now (TIDE_CLOCK (timer->clock)) >= timer->due;
}

/* A source cannot be woken safely from another thread, as it may be on its way out there. Its context
 * can: so the source registers the context before it goes to sleep, and looks at the clock after. */
static gboolean
timer_source_prepare (GSource *source,
                      int     *timeout)
{
  TimerSource *timer = (TimerSource *) source;

  *timeout = -1;

  if (timer->context == NULL)
    {
      timer->context = g_source_get_context (source);
      g_mutex_lock (&timer->clock->lock);
      g_ptr_array_add (timer->clock->contexts, g_main_context_ref (timer->context));
      g_mutex_unlock (&timer->clock->lock);
    }

  return timer_source_is_due (timer);
}

static gboolean
timer_source_check (GSource *source)
{
  return timer_source_is_due ((TimerSource *) source);
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
  TimerSource *timer = (TimerSource *) source;

  if (timer->context != NULL)
    {
      g_mutex_lock (&timer->clock->lock);
      g_ptr_array_remove_fast (timer->clock->contexts, timer->context);
      g_mutex_unlock (&timer->clock->lock);
      g_main_context_unref (timer->context);
    }

  g_object_unref (timer->clock);
}

static GSourceFuncs timer_source_funcs =
{
  .prepare = timer_source_prepare,
  .check = timer_source_check,
  .dispatch = timer_source_dispatch,
  .finalize = timer_source_finalize,
};

/* Called with the lock held. A wake-up that comes before the context sleeps is not lost. */
static void
tide_sim_clock_wake (TideSimClock *self)
{
  for (guint i = 0; i < self->contexts->len; i++)
    g_main_context_wakeup (g_ptr_array_index (self->contexts, i));
}

static gint64
tide_sim_clock_now (TideClock *clock)
{
  TideSimClock *self = TIDE_SIM_CLOCK (clock);
  gint64 time;

  g_mutex_lock (&self->lock);
  time = self->now;
  g_mutex_unlock (&self->lock);

  return time;
}

static gint64
tide_sim_clock_monotonic (TideClock *clock)
{
  TideSimClock *self = TIDE_SIM_CLOCK (clock);
  gint64 time;

  g_mutex_lock (&self->lock);
  time = self->monotonic;
  g_mutex_unlock (&self->lock);

  return time;
}

static gboolean
tide_sim_clock_sleep (TideClock     *clock,
                      gint64         usec,
                      GCancellable  *cancellable,
                      GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (usec > 0)
    tide_sim_clock_advance (TIDE_SIM_CLOCK (clock), usec);

  return TRUE;
}

static GSource *
tide_sim_clock_timer_source (TideClock *clock,
                             gint64     due)
{
  GSource *source = g_source_new (&timer_source_funcs, sizeof (TimerSource));
  TimerSource *timer = (TimerSource *) source;

  timer->clock = g_object_ref (TIDE_SIM_CLOCK (clock));
  timer->due = due;
  g_source_set_static_name (source, "tide-sim-clock");

  return source;
}

static void
tide_sim_clock_finalize (GObject *object)
{
  TideSimClock *self = TIDE_SIM_CLOCK (object);

  g_ptr_array_unref (self->contexts);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_sim_clock_parent_class)->finalize (object);
}

static void
tide_sim_clock_class_init (TideSimClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_sim_clock_finalize;
}

static void
tide_sim_clock_iface_init (TideClockInterface *iface)
{
  iface->now = tide_sim_clock_now;
  iface->monotonic = tide_sim_clock_monotonic;
  iface->sleep = tide_sim_clock_sleep;
  iface->timer_source = tide_sim_clock_timer_source;
}

static void
tide_sim_clock_init (TideSimClock *self)
{
  g_mutex_init (&self->lock);
  self->contexts = g_ptr_array_new ();
}

/**
 * tide_sim_clock_new:
 * @start: microseconds since 1970 UTC
 *
 * Makes a clock that shows @start until it is moved; its monotonic time starts at 0.
 *
 * Returns: (transfer full): a clock
 */
TideSimClock *
tide_sim_clock_new (gint64 start)
{
  TideSimClock *self = g_object_new (TIDE_TYPE_SIM_CLOCK, NULL);

  self->now = start;

  return self;
}

/**
 * tide_sim_clock_advance:
 * @self: a clock
 * @usec: how much, not negative
 *
 * Lets time pass, on the wall clock and the monotonic one. Timers that fall due are ready at their
 * contexts' next iteration. Any thread.
 */
void
tide_sim_clock_advance (TideSimClock *self,
                        gint64        usec)
{
  g_return_if_fail (TIDE_IS_SIM_CLOCK (self));
  g_return_if_fail (usec >= 0);

  g_mutex_lock (&self->lock);
  self->now += usec;
  self->monotonic += usec;
  tide_sim_clock_wake (self);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_sim_clock_set:
 * @self: a clock
 * @now: microseconds since 1970 UTC
 *
 * Sets the wall clock, forward or back, as an administrator or a time server does. No time passes:
 * the monotonic clock stays where it is. Any thread.
 */
void
tide_sim_clock_set (TideSimClock *self,
                    gint64        now)
{
  g_return_if_fail (TIDE_IS_SIM_CLOCK (self));

  g_mutex_lock (&self->lock);
  self->now = now;
  tide_sim_clock_wake (self);
  g_mutex_unlock (&self->lock);
}
