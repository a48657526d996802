/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-system-clock.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* The computer's own clocks. Stateless, so any thread may use it. */
struct _TideSystemClock
{
  GObject parent_instance;
};

typedef struct
{
  GSource  source;
  gint64   due;
  int      fd;      /* (owned) -1 if the system had none to give */
  gpointer fd_tag;
} TimerSource;

typedef struct
{
  GMutex   lock;
  GCond    cond;
  gboolean cancelled; /* (mutex lock) */
} Sleeper;

static void tide_system_clock_iface_init (TideClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSystemClock, tide_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_CLOCK, tide_system_clock_iface_init))

/* An absolute timer of CLOCK_REALTIME follows the wall clock: the kernel looks at it again whenever
 * the clock is set and after a suspend, so neither needs an eye kept on it here. */
static void
timer_source_arm (TimerSource *timer)
{
  gint64 due = MAX (timer->due, 1); /* all zero would switch it off */
  struct itimerspec spec = { 0 };

  spec.it_value.tv_sec = due / G_USEC_PER_SEC;
  spec.it_value.tv_nsec = (due % G_USEC_PER_SEC) * 1000;

  if (timer->fd >= 0 && timerfd_settime (timer->fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0)
    return;

  /* Out of descriptors: late after a jump of the clock is better than never. */
  g_source_set_ready_time (&timer->source,
                           g_get_monotonic_time () + MAX (timer->due - g_get_real_time (), 0));
}

static gboolean
timer_source_check (GSource *source)
{
  TimerSource *timer = (TimerSource *) source;
  guint64 expirations;

  if (g_get_real_time () >= timer->due)
    return TRUE;

  /* It rang, and then somebody set the clock back. */
  if (timer->fd_tag != NULL && g_source_query_unix_fd (source, timer->fd_tag) != 0)
    {
      if (read (timer->fd, &expirations, sizeof expirations) < 0)
        g_debug ("reading a timer: %s", g_strerror (errno));
      timer_source_arm (timer);
    }

  return FALSE;
}

static gboolean
timer_source_prepare (GSource *source,
                      int     *timeout)
{
  *timeout = -1;

  return g_get_real_time () >= ((TimerSource *) source)->due;
}

static gboolean
timer_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  TimerSource *timer = (TimerSource *) source;

  if (g_get_real_time () < timer->due)
    {
      timer_source_arm (timer);
      return G_SOURCE_CONTINUE;
    }

  if (callback != NULL)
    callback (user_data);

  return G_SOURCE_REMOVE;
}

static void
timer_source_finalize (GSource *source)
{
  TimerSource *timer = (TimerSource *) source;

  if (timer->fd >= 0)
    close (timer->fd);
}

static GSourceFuncs timer_source_funcs =
{
  .prepare = timer_source_prepare,
  .check = timer_source_check,
  .dispatch = timer_source_dispatch,
  .finalize = timer_source_finalize,
};

static gint64
tide_system_clock_now (TideClock *clock)
{
  return g_get_real_time ();
}

static gint64
tide_system_clock_monotonic (TideClock *clock)
{
  return g_get_monotonic_time ();
}

static void
sleeper_cancelled_cb (GCancellable *cancellable,
                      gpointer      user_data)
{
  Sleeper *sleeper = user_data;

  g_mutex_lock (&sleeper->lock);
  sleeper->cancelled = TRUE;
  g_cond_signal (&sleeper->cond);
  g_mutex_unlock (&sleeper->lock);
}

static gboolean
tide_system_clock_sleep (TideClock     *clock,
                         gint64         usec,
                         GCancellable  *cancellable,
                         GError       **error)
{
  gint64 end = g_get_monotonic_time () + usec;
  Sleeper sleeper = { 0 };
  gulong handler = 0;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (usec <= 0)
    return TRUE;

  g_mutex_init (&sleeper.lock);
  g_cond_init (&sleeper.cond);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (sleeper_cancelled_cb), &sleeper, NULL);

  g_mutex_lock (&sleeper.lock);
  while (!sleeper.cancelled && g_cond_wait_until (&sleeper.cond, &sleeper.lock, end))
    ;
  g_mutex_unlock (&sleeper.lock);

  /* Waits for a handler that is just running, so the sleeper may go after it. */
  g_cancellable_disconnect (cancellable, handler);
  g_cond_clear (&sleeper.cond);
  g_mutex_clear (&sleeper.lock);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static GSource *
tide_system_clock_timer_source (TideClock *clock,
                                gint64     due)
{
  GSource *source = g_source_new (&timer_source_funcs, sizeof (TimerSource));
  TimerSource *timer = (TimerSource *) source;

  timer->due = due;
  timer->fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (timer->fd >= 0)
    timer->fd_tag = g_source_add_unix_fd (source, timer->fd, G_IO_IN);
  timer_source_arm (timer);
  g_source_set_static_name (source, "tide-system-clock");

  return source;
}

static void
tide_system_clock_class_init (TideSystemClockClass *klass)
{
}

static void
tide_system_clock_iface_init (TideClockInterface *iface)
{
  iface->now = tide_system_clock_now;
  iface->monotonic = tide_system_clock_monotonic;
  iface->sleep = tide_system_clock_sleep;
  iface->timer_source = tide_system_clock_timer_source;
}

static void
tide_system_clock_init (TideSystemClock *self)
{
}

/**
 * tide_system_clock_new:
 *
 * Makes the clock of the real world.
 *
 * Returns: (transfer full): a clock
 */
TideClock *
tide_system_clock_new (void)
{
  return g_object_new (TIDE_TYPE_SYSTEM_CLOCK, NULL);
}
