/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"

G_BEGIN_DECLS

#define TIDE_TYPE_SIM_CLOCK (tide_sim_clock_get_type ())
G_DECLARE_FINAL_TYPE (TideSimClock, tide_sim_clock, TIDE, SIM_CLOCK, GObject)

/* A clock that stands still until it is moved. A sleep moves it forward by itself and
 * returns at once, so straight-line code runs through its waits without waiting. */
TideSimClock *tide_sim_clock_new     (gint64        start);

void          tide_sim_clock_advance (TideSimClock *self,
                                      gint64        usec);
void          tide_sim_clock_set     (TideSimClock *self,
                                      gint64        now);

G_END_DECLS
