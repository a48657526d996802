/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-cron.h"

G_BEGIN_DECLS

/* A wall clock's reading is counted in seconds since 1970-01-01 00:00 on that clock, so that it can be
 * reckoned with like UTC. Readings lie in these years: */
#define TIDE_CRON_FIRST_YEAR 2
#define TIDE_CRON_LAST_YEAR 8999

#define TIDE_CRON_ALL_MINUTES ((G_GUINT64_CONSTANT (1) << 60) - 1)
#define TIDE_CRON_ALL_HOURS ((1u << 24) - 1)
#define TIDE_CRON_ALL_DAYS (((1u << 31) - 1) << 1)
#define TIDE_CRON_ALL_MONTHS (((1u << 12) - 1) << 1)
#define TIDE_CRON_ALL_WEEKDAYS ((1u << 7) - 1)

gboolean   tide_cron_is_possible   (const TideCron *self);
gint64     tide_cron_first_reading (void);
gint64     tide_cron_next_reading  (const TideCron *self,
                                    gint64          from);

G_END_DECLS
