/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TIDE_TYPE_CLOCK (tide_clock_get_type ())
G_DECLARE_INTERFACE (TideClock, tide_clock, TIDE, CLOCK, GObject)

/**
 * TideClockInterface:
 * @now: wall clock, microseconds since 1970 UTC
 * @monotonic: microseconds of a clock that never goes back
 * @sleep: blocks for @usec microseconds; wakes at once when cancelled
 * @timer_source: a source that is ready once the wall clock has reached @due
 *
 * The seam for time. Everything that asks what time it is, or waits, does it through
 * one of these, so that a year can pass in a test within seconds. Thread-safe.
 */
struct _TideClockInterface
{
  GTypeInterface parent_iface;

  gint64    (*now)          (TideClock     *self);
  gint64    (*monotonic)    (TideClock     *self);
  gboolean  (*sleep)        (TideClock     *self,
                             gint64         usec,
                             GCancellable  *cancellable,
                             GError       **error);
  GSource * (*timer_source) (TideClock     *self,
                             gint64         due);
};

gint64     tide_clock_now              (TideClock     *self);
gint64     tide_clock_monotonic        (TideClock     *self);
gboolean   tide_clock_sleep            (TideClock     *self,
                                        gint64         usec,
                                        GCancellable  *cancellable,
                                        GError       **error);
GSource   *tide_clock_timer_source_new (TideClock     *self,
                                        gint64         due) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

#include "tide-system-clock.h"
