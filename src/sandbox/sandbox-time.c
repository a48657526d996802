/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-time.h"

typedef struct
{
  int year, month, day;
} CivilDate;

/* Days since 1970 to a date of the Gregorian calendar (Hinnant's algorithm): a
 * GDateTime for each of the ten or so times in a record would cost more than the rest. */
static CivilDate
civil_from_days (gint64 days)
{
  CivilDate date;
  gint64 era;
  guint day_of_era, year_of_era, day_of_year, month_index;

  days += 719468;
  era = (days >= 0 ? days : days - 146096) / 146097;
  day_of_era = (guint)(days - era * 146097);
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month_index = (5 * day_of_year + 2) / 153;
  date.day = (int)(day_of_year - (153 * month_index + 2) / 5 + 1);
  date.month = (int)(month_index < 10 ? month_index + 3 : month_index - 9);
  date.year = (int)(year_of_era + era * 400) + (date.month <= 2);
  return date;
}

static inline char *
put_digits (char *out,
            guint value,
            guint digits)
{
  for (guint i = digits; i > 0; i--, value /= 10)
    out[i - 1] = (char)('0' + value % 10);
  return out + digits;
}

static char *
put_date (char  *out,
          gint64 time)
{
  CivilDate date = civil_from_days (sandbox_time_day_start (time) / SANDBOX_DAY);

  out = put_digits (out, (guint)date.year, 4);
  *out++ = '-';
  out = put_digits (out, (guint)date.month, 2);
  *out++ = '-';
  return put_digits (out, (guint)date.day, 2);
}

static char *
put_clock (char  *out,
           gint64 time)
{
  guint of_day = (guint)((time - sandbox_time_day_start (time)) / SANDBOX_SECOND);

  *out++ = 'T';
  out = put_digits (out, of_day / 3600, 2);
  *out++ = ':';
  out = put_digits (out, of_day / 60 % 60, 2);
  *out++ = ':';
  return put_digits (out, of_day % 60, 2);
}

/**
 * sandbox_time_parse:
 * @text: (nullable): RFC 3339 text, with an offset or "Z"
 * @out_time: (out): milliseconds since 1970
 *
 * Returns: %FALSE if @text is no such time
 */
gboolean
sandbox_time_parse (const char *text,
                    gint64     *out_time)
{
  g_autoptr(GDateTime) time = NULL;

  if (text != NULL)
    time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return FALSE;

  *out_time = g_date_time_to_unix (time) * SANDBOX_SECOND + g_date_time_get_microsecond (time) / 1000;
  return TRUE;
}

/** sandbox_time_format: writes "2026-03-02T18:10:51.120Z" with a NUL; returns the length. */
gsize
sandbox_time_format (char  *out,
                     gint64 time)
{
  char *at = put_clock (put_date (out, time), time);

  *at++ = '.';
  at = put_digits (at, (guint)((time % 1000 + 1000) % 1000), 3);
  *at++ = 'Z';
  *at = '\0';
  return (gsize)(at - out);
}

/** sandbox_time_format_second: as sandbox_time_format(), without the fraction. */
gsize
sandbox_time_format_second (char  *out,
                            gint64 time)
{
  char *at = put_clock (put_date (out, time), time);

  *at++ = 'Z';
  *at = '\0';
  return (gsize)(at - out);
}

/** sandbox_time_format_local: writes "2026-03-02T12:10:51-06:00" with a NUL; returns the length. */
gsize
sandbox_time_format_local (char  *out,
                           gint64 time,
                           int    offset_minutes)
{
  gint64 local = time + offset_minutes * SANDBOX_MINUTE;
  guint offset = (guint)ABS (offset_minutes);
  char *at = put_clock (put_date (out, local), local);

  *at++ = offset_minutes < 0 ? '-' : '+';
  at = put_digits (at, offset / 60, 2);
  *at++ = ':';
  at = put_digits (at, offset % 60, 2);
  *at = '\0';
  return (gsize)(at - out);
}

/** sandbox_time_format_date: writes "2026-03-02" with a NUL; returns the length. */
gsize
sandbox_time_format_date (char  *out,
                          gint64 time)
{
  char *at = put_date (out, time);

  *at = '\0';
  return (gsize)(at - out);
}

/** sandbox_time_weekday: 0 is Monday, 6 is Sunday, in UTC. */
int
sandbox_time_weekday (gint64 time)
{
  gint64 days = sandbox_time_day_start (time) / SANDBOX_DAY;

  return (int)(((days + 3) % 7 + 7) % 7);
}

/** sandbox_time_day_start: midnight UTC of the day that @time is in. */
gint64
sandbox_time_day_start (gint64 time)
{
  gint64 rest = time % SANDBOX_DAY;

  return time - (rest < 0 ? rest + SANDBOX_DAY : rest);
}

/** sandbox_time_now: the real time. */
gint64
sandbox_time_now (void)
{
  return g_get_real_time () / 1000;
}
