/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-time.h"

G_BEGIN_DECLS

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z */
#define TIDE_TIME_FIRST (G_GINT64_CONSTANT (-62135596800) * TIDE_SECOND)
#define TIDE_TIME_LAST (G_GINT64_CONSTANT (253402300800) * TIDE_SECOND - 1)

gint64   tide_time_days_from_date (int         year,
                                   int         month,
                                   int         day);
void     tide_time_days_to_date   (gint64      days,
                                   int        *year,
                                   int        *month,
                                   int        *day);
gboolean tide_time_is_normal      (const char *text,
                                   gsize       length);
gboolean tide_time_is_date        (const char *text,
                                   gsize       length);

G_END_DECLS
