/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"

G_BEGIN_DECLS

#define TIDE_TYPE_SYSTEM_CLOCK (tide_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (TideSystemClock, tide_system_clock, TIDE, SYSTEM_CLOCK, GObject)

TideClock *tide_system_clock_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
