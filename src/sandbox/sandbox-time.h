/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Instants are milliseconds since 1970 in UTC. */
#define SANDBOX_SECOND G_GINT64_CONSTANT (1000)
#define SANDBOX_MINUTE (60 * SANDBOX_SECOND)
#define SANDBOX_HOUR   (60 * SANDBOX_MINUTE)
#define SANDBOX_DAY    (24 * SANDBOX_HOUR)

#define SANDBOX_TIME_LENGTH 24
#define SANDBOX_TIME_SIZE   32

gboolean sandbox_time_parse         (const char *text,
                                     gint64     *out_time);
gsize    sandbox_time_format        (char       *out,
                                     gint64      time);
gsize    sandbox_time_format_second (char       *out,
                                     gint64      time);
gsize    sandbox_time_format_local  (char       *out,
                                     gint64      time,
                                     int         offset_minutes);
gsize    sandbox_time_format_date   (char       *out,
                                     gint64      time);
int      sandbox_time_weekday       (gint64      time);
gint64   sandbox_time_day_start     (gint64      time);
gint64   sandbox_time_now           (void);

G_END_DECLS
