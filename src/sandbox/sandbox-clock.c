/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-clock.h"

/** sandbox_clock_init: starts at @start; @speed 1 is real time, 0 stands still. */
void
sandbox_clock_init (SandboxClock *self,
                    gint64        start,
                    double        speed)
{
  self->speed = speed;
  sandbox_clock_set (self, start);
}

/** sandbox_clock_get: the time now, in milliseconds. */
gint64
sandbox_clock_get (SandboxClock *self)
{
  double elapsed = (double)(g_get_monotonic_time () - self->real_start) / 1000;

  return self->start + (gint64)(elapsed * self->speed);
}

/** sandbox_clock_set: sets it to @now; it runs on from there. */
void
sandbox_clock_set (SandboxClock *self,
                   gint64        now)
{
  self->start = now;
  self->real_start = g_get_monotonic_time ();
}
