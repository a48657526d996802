/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-clock.h"

G_DEFINE_INTERFACE (TideClock, tide_clock, G_TYPE_OBJECT)

static void
tide_clock_default_init (TideClockInterface *iface)
{
}

/**
 * tide_clock_now:
 * @self: a clock
 *
 * Tells the wall clock's time, which may jump either way. Any thread.
 *
 * Returns: microseconds since 1970 UTC
 */
gint64
tide_clock_now (TideClock *self)
{
  g_return_val_if_fail (TIDE_IS_CLOCK (self), 0);

  return TIDE_CLOCK_GET_IFACE (self)->now (self);
}

/**
 * tide_clock_monotonic:
 * @self: a clock
 *
 * Tells the time on a clock that never goes back, for measuring. Any thread.
 *
 * Returns: microseconds since some moment
 */
gint64
tide_clock_monotonic (TideClock *self)
{
  g_return_val_if_fail (TIDE_IS_CLOCK (self), 0);

  return TIDE_CLOCK_GET_IFACE (self)->monotonic (self);
}

/**
 * tide_clock_sleep:
 * @self: a clock
 * @usec: how long; nothing or less returns at once
 * @cancellable: (nullable): wakes the sleeper at once
 * @error: return location
 *
 * Blocks the calling thread. Any thread but the one that runs the main loop.
 *
 * Returns: %TRUE after @usec, else %FALSE with %G_IO_ERROR_CANCELLED
 */
gboolean
tide_clock_sleep (TideClock     *self,
                  gint64         usec,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_return_val_if_fail (TIDE_IS_CLOCK (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  return TIDE_CLOCK_GET_IFACE (self)->sleep (self, usec, cancellable, error);
}

/**
 * tide_clock_timer_source_new:
 * @self: a clock
 * @due: microseconds since 1970 UTC
 *
 * Makes a source whose #GSourceFunc is called once, as soon as the wall clock shows @due or later,
 * also if it gets there by a jump or over a suspend. The source is destroyed after the call,
 * whatever the function returns. Until then it costs no wake-ups.
 *
 * Returns: (transfer full): the source, to be attached to any context
 */
GSource *
tide_clock_timer_source_new (TideClock *self,
                             gint64     due)
{
  g_return_val_if_fail (TIDE_IS_CLOCK (self), NULL);

  return TIDE_CLOCK_GET_IFACE (self)->timer_source (self, due);
}
