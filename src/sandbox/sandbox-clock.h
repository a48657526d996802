/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The business's time: begins where it is told and runs at any speed, also not at all. */
typedef struct
{
  gint64 start;        /* the business's time ... */
  gint64 real_start;   /* ... at this monotonic time, in microseconds */
  double speed;
} SandboxClock;

void   sandbox_clock_init (SandboxClock *self,
                           gint64        start,
                           double        speed);
gint64 sandbox_clock_get  (SandboxClock *self);
void   sandbox_clock_set  (SandboxClock *self,
                           gint64        now);

G_END_DECLS
