/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"

G_BEGIN_DECLS

#define SIM_TYPE_CLOCK (sim_clock_get_type ())
G_DECLARE_FINAL_TYPE (SimClock, sim_clock, SIM, CLOCK, GObject)

/* The time of a simulated world, all of which lives on one thread. Where somebody waits, time passes: from one timer
 * to the next, and each time what is ready in the main context is done. So a run that waits for its answer lets all
 * others go on, as if each had a thread of its own. */
SimClock *sim_clock_new        (gint64         start);

gint64    sim_clock_get_truth  (SimClock      *self);
gint64    sim_clock_get_passed (SimClock      *self);
gint64    sim_clock_get_next   (SimClock      *self);
void      sim_clock_settle     (SimClock      *self);
void      sim_clock_pass       (SimClock      *self,
                                gint64         usec,
                                GCancellable  *cancellable);
void      sim_clock_suspend    (SimClock      *self,
                                gint64         usec);
void      sim_clock_jump       (SimClock      *self,
                                gint64         usec);
void      sim_clock_freeze     (SimClock      *self,
                                gboolean       frozen);

G_END_DECLS
