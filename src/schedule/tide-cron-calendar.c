/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-cron-private.h"

/* The calendar's part of a cron expression: which readings of a wall clock fit, wherever that clock hangs. */

#define MINUTE 60
#define DAY ((gint64)24 * 60 * MINUTE)

/* GDate counts from 1 January of the year 1, which is its day 1. */
#define JULIAN_1970 719163

typedef struct
{
  int    year;
  int    month;
  int    length;
  int    weekday;  /* of the 1st; Sunday is 0 */
  gint64 first;    /* of the 1st, days since 1970 */
} Month;

static gint64
divide_down (gint64 value,
             gint64 by)
{
  return value / by - (value % by < 0);
}

static Month
month_of (gint64  days,
          int    *day)
{
  Month self = { 0 };
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32)(days + JULIAN_1970));
  *day = g_date_get_day (&date);
  self.year = g_date_get_year (&date);
  self.month = (int)g_date_get_month (&date);
  self.length = g_date_get_days_in_month ((GDateMonth)self.month, (GDateYear)self.year);
  self.first = days - *day + 1;
  g_date_set_day (&date, 1);
  self.weekday = (int)g_date_get_weekday (&date) % 7;
  return self;
}

static void
month_go_on (Month *self)
{
  self->first += self->length;
  self->weekday = (self->weekday + self->length) % 7;
  self->year += self->month / 12;
  self->month = self->month % 12 + 1;
  self->length = g_date_get_days_in_month ((GDateMonth)self->month, (GDateYear)self->year);
}

/* Bit n for each day n of the month on which one of some weekdays falls. */
static guint32
spread_weekdays (guint8       weekdays,
                 const Month *month)
{
  guint64 week = 0;
  guint64 days = 0;

  /* The set turned so that its bit 0 is the weekday of the 1st. */
  for (int i = 0; i < 7; i++)
    if (weekdays & 1u << (month->weekday + i) % 7)
      week |= 1u << i;

  for (int day = 1; day <= 31; day += 7)
    days |= week << day;
  return (guint32)days;
}

/* Bit n for each day n of the month that fits. */
static guint32
find_days (const TideCron *self,
           const Month    *month)
{
  guint32 existing = TIDE_CRON_ALL_DAYS >> (31 - month->length) & TIDE_CRON_ALL_DAYS;
  guint32 last_week = existing & ~(existing >> 7);
  guint32 by_day = self->days;
  guint32 by_weekday;

  if (!(self->months & 1u << month->month))
    return 0;

  if (self->last_day)
    by_day |= 1u << month->length;
  by_weekday = spread_weekdays (self->weekdays, month) | (spread_weekdays (self->last_weekdays, month) & last_week);
  return existing & (self->either_day ? by_day | by_weekday : by_day & by_weekday);
}

/* The first minute of a day, from @minute on, that fits; -1 if there is none. */
static int
find_minute (const TideCron *self,
             int             minute)
{
  guint32 hours = self->hours & (G_MAXUINT32 << minute / 60);
  guint64 minutes = self->minutes & (G_MAXUINT64 << minute % 60);

  if ((self->hours & 1u << minute / 60) != 0 && minutes != 0)
    return minute / 60 * 60 + __builtin_ctzll (minutes);

  hours &= ~(1u << minute / 60);
  if (hours == 0)
    return -1;
  return __builtin_ctz (hours) * 60 + __builtin_ctzll (self->minutes);
}

/**
 * tide_cron_is_possible:
 * @self: an expression
 *
 * Tells whether there is any day that fits. All months of all lengths, begun on all weekdays, come up in
 * 400 years of the calendar, so it is enough to look at those.
 *
 * Returns: whether there is
 */
gboolean
tide_cron_is_possible (const TideCron *self)
{
  for (int month = 1; month <= 12; month++)
    for (int year = 2000; year <= 2001; year++)
      for (int weekday = 0; weekday < 7; weekday++)
        {
          int length = g_date_get_days_in_month ((GDateMonth)month, (GDateYear)year);
          const Month shape = { .year = year, .month = month, .length = length, .weekday = weekday };

          if (find_days (self, &shape) != 0)
            return self->hours != 0 && self->minutes != 0;
        }
  return FALSE;
}

/**
 * tide_cron_first_reading:
 *
 * Returns: the first reading that tide_cron_next_reading() takes
 */
gint64
tide_cron_first_reading (void)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, G_DATE_JANUARY, TIDE_CRON_FIRST_YEAR);
  return ((gint64)g_date_get_julian (&date) - JULIAN_1970) * DAY;
}

/**
 * tide_cron_next_reading:
 * @self: an expression that is possible
 * @from: a reading, not before tide_cron_first_reading()
 *
 * Goes by months, each of which takes some nanoseconds: a leap day that falls on a Sunday may be 40 years off.
 *
 * Returns: the first reading at or after @from that fits; %TIDE_CRON_NEVER if there is none before the year 9000
 */
gint64
tide_cron_next_reading (const TideCron *self,
                        gint64          from)
{
  gint64 minutes = divide_down (from + MINUTE - 1, MINUTE);
  gint64 days = divide_down (minutes, DAY / MINUTE);
  int of_day = (int)(minutes - days * (DAY / MINUTE));
  int day, minute;
  guint32 fitting;
  Month month;

  if (days > (gint64)366 * TIDE_CRON_LAST_YEAR)
    return TIDE_CRON_NEVER;

  month = month_of (days, &day);
  fitting = find_days (self, &month) & (G_MAXUINT32 << day);
  if (fitting & 1u << day && month.year <= TIDE_CRON_LAST_YEAR)
    {
      minute = find_minute (self, of_day);
      if (minute >= 0)
        return days * DAY + minute * MINUTE;
      fitting &= ~(1u << day);
    }

  while (fitting == 0 && month.year <= TIDE_CRON_LAST_YEAR)
    {
      month_go_on (&month);
      fitting = find_days (self, &month);
    }
  if (month.year > TIDE_CRON_LAST_YEAR)
    return TIDE_CRON_NEVER;
  return (month.first + __builtin_ctz (fitting) - 1) * DAY + find_minute (self, 0) * MINUTE;
}
