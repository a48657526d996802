/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How numbers, times, durations and money are written for the owner, by the locale. Pure: "now" and
 * the zone are handed in. Instants are microseconds since 1970 UTC. All return new strings. */

char *tide_format_number        (gint64       number) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_money         (gint64       minor,
                                 const char  *currency) G_GNUC_WARN_UNUSED_RESULT;
int   tide_format_percent       (gint64       part,
                                 gint64       whole);
char *tide_format_duration      (gint64       usec) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_duration_long (gint64       usec) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_ago           (gint64       instant,
                                 gint64       now) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_ago_short     (gint64       instant,
                                 gint64       now) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_clock         (gint64       instant,
                                 GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_next          (gint64       instant,
                                 gint64       now,
                                 GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_moment        (gint64       instant,
                                 gint64       now,
                                 GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_day           (gint64       instant,
                                 gint64       now,
                                 GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_date          (gint64       instant,
                                 GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_exact         (gint64       instant,
                                 GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_format_list          (GPtrArray   *words,
                                 guint        max) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
