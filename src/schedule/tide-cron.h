/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tide_cron_next() says when there is nothing more before the year 9000. */
#define TIDE_CRON_NEVER G_MAXINT64

/**
 * TideCron:
 * @minutes: bits 0 to 59
 * @hours: bits 0 to 23
 * @days: of the month, bits 1 to 31
 * @months: bits 1 to 12
 * @weekdays: bits 0 to 6, Sunday is 0
 * @last_weekdays: like @weekdays, but only the month's last such day
 * @last_day: also on the month's last day
 * @either_day: a day may fit the day of month or the weekday; otherwise it has to fit both
 * @rhythmic: asks for a rhythm rather than for times of day; see below
 *
 * A cron expression: the readings of a wall clock at which something is to happen. A plain value, made by
 * tide_cron_parse() or tide_cron_init_daily().
 *
 * Its five fields are minute, hour, day of month, month and weekday. Each is "*" or a list of numbers, names
 * (JAN, mon), ranges and ranges with a step; "L" is the month's last day, "5L" or "friL" its last Friday. Where both
 * day fields are restricted a day has to fit one of them, as in vixie cron, to which a field that begins with "*"
 * ("*", but also "*" with a step) is not restricted.
 *
 * When the clock is put forward or back, it matters which of two things was asked for. An expression is rhythmic if
 * its minute or its hour has a star or a step in it or names them all, as in every 5 minutes, hourly, every other
 * hour. Others name times of day.
 *
 * - Put back, the clock shows some times twice. A time of day happens once, the first time: a day has one noon,
 *   and what is done at half past two is done. A rhythm goes on both times, for otherwise "every 5 minutes" would
 *   pause for an hour.
 * - Put forward, it leaves some times out. If a time of day is among them, it happens right after the gap, once for
 *   all that the gap swallowed: late is better than not today. (If its next regular time is just then, that is
 *   it.) So does a rhythm, unless its next regular time comes no later than the first swallowed one would have come
 *   on an unchanged clock. So "every 5 minutes" and "hourly at 07" run on evenly in real time and get nothing
 *   extra, while "every 5 minutes from 02:00 to 02:59" is not silent for the whole day.
 *
 * So no time of day is missed or doubled, and what comes every 5 minutes comes every 5 minutes, whatever the clock
 * shows. No instant ever comes twice.
 * All this goes for any change of a zone's offset, daylight saving or not, and for days that a place skipped.
 * vixie cron does the same, but for two things: it takes only fields that begin with a star for a rhythm, and
 * gives a rhythm nothing for swallowed times.
 */
typedef struct
{
  guint64  minutes;
  guint32  hours;
  guint32  days;
  guint16  months;
  guint8   weekdays;
  guint8   last_weekdays;
  gboolean last_day;
  gboolean either_day;
  gboolean rhythmic;
} TideCron;

/**
 * TideCronNote:
 * @TIDE_CRON_NOTE_NONE: an ordinary time
 * @TIDE_CRON_NOTE_LATE: the clock leaves out the time that was asked for; this is right after the gap
 * @TIDE_CRON_NOTE_FIRST: the clock shows this time twice; this is the first of the two
 * @TIDE_CRON_NOTE_SECOND: it is the second of the two (of rhythms only)
 *
 * What is to be said about an instant.
 */
typedef enum
{
  TIDE_CRON_NOTE_NONE,
  TIDE_CRON_NOTE_LATE,
  TIDE_CRON_NOTE_FIRST,
  TIDE_CRON_NOTE_SECOND,
} TideCronNote;

gboolean   tide_cron_parse      (const char      *text,
                                 TideCron        *self,
                                 GError         **error);
gboolean   tide_cron_init_daily (TideCron        *self,
                                 int              hour,
                                 int              minute,
                                 GError         **error);
gint64     tide_cron_next       (const TideCron  *self,
                                 GTimeZone       *zone,
                                 gint64           after,
                                 TideCronNote    *note);

G_END_DECLS
