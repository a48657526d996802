/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-time-private.h"

#include <string.h>

#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define DAYS_PER_ERA 146097 /* 400 years */

/* What is left to read of a text. */
typedef struct
{
  const char *next;
  const char *end;
} Reader;

/* The Gregorian calendar with years that begin in March, so that the leap day is the last one. */
gint64
tide_time_days_from_date (int year,
                          int month,
                          int day)
{
  int y = month > 2 ? year : year - 1;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return (gint64) era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

void
tide_time_days_to_date (gint64  days,
                        int    *year,
                        int    *month,
                        int    *day)
{
  gint64 z = days + DAYS_TO_1970;
  gint64 era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
  int day_of_era = z - era * DAYS_PER_ERA;
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int m = (5 * day_of_year + 2) / 153;

  *day = day_of_year - (153 * m + 2) / 5 + 1;
  *month = m < 10 ? m + 3 : m - 9;
  *year = year_of_era + era * 400 + (*month <= 2);
}

static int
days_in_month (int year,
               int month)
{
  static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

  return days[month - 1] + (month == 2 && leap);
}

static gboolean
read_digits (Reader *reader,
             int     count,
             int    *number)
{
  *number = 0;
  if (reader->end - reader->next < count)
    return FALSE;

  for (int i = 0; i < count; i++)
    {
      if (!g_ascii_isdigit (reader->next[i]))
        return FALSE;
      *number = *number * 10 + (reader->next[i] - '0');
    }
  reader->next += count;

  return TRUE;
}

/* Takes the next character if it is one of two. */
static gboolean
read_either (Reader *reader,
             char    one,
             char    other)
{
  if (reader->next == reader->end || (*reader->next != one && *reader->next != other))
    return FALSE;
  reader->next++;

  return TRUE;
}

static gboolean
read_date (Reader *reader,
           gint64 *days)
{
  int year, month, day;

  if (!read_digits (reader, 4, &year) || !read_either (reader, '-', '-') ||
      !read_digits (reader, 2, &month) || !read_either (reader, '-', '-') ||
      !read_digits (reader, 2, &day))
    return FALSE;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month (year, month))
    return FALSE;

  *days = tide_time_days_from_date (year, month, day);

  return TRUE;
}

static gboolean
read_fraction (Reader *reader,
               int    *usec)
{
  int scale = 100000;
  int digits = 0;

  *usec = 0;
  if (!read_either (reader, '.', '.'))
    return TRUE;

  for (; reader->next < reader->end && g_ascii_isdigit (*reader->next); reader->next++, digits++)
    {
      *usec += (*reader->next - '0') * scale;
      scale /= 10;
    }

  return digits >= 1 && digits <= 9;
}

static gboolean
read_time_of_day (Reader *reader,
                  gint64 *usec)
{
  int hour, minute, second, fraction;

  if (!read_digits (reader, 2, &hour) || !read_either (reader, ':', ':') ||
      !read_digits (reader, 2, &minute) || !read_either (reader, ':', ':') ||
      !read_digits (reader, 2, &second) || !read_fraction (reader, &fraction))
    return FALSE;
  /* A leap second is the first one of the next minute here, as on every clock that has none. */
  if (hour > 23 || minute > 59 || second > 60)
    return FALSE;

  *usec = hour * TIDE_HOUR + minute * TIDE_MINUTE + second * TIDE_SECOND + fraction;

  return TRUE;
}

static gboolean
read_zone (Reader *reader,
           gint64 *offset)
{
  int hours, minutes;
  gboolean negative;

  *offset = 0;
  if (reader->next == reader->end || read_either (reader, 'Z', 'z'))
    return TRUE;

  negative = *reader->next == '-';
  if (!read_either (reader, '+', '-') || !read_digits (reader, 2, &hours))
    return FALSE;
  read_either (reader, ':', ':');
  if (!read_digits (reader, 2, &minutes) || hours > 23 || minutes > 59)
    return FALSE;

  *offset = (hours * TIDE_HOUR + minutes * TIDE_MINUTE) * (negative ? -1 : 1);

  return TRUE;
}

/**
 * tide_time_parse:
 * @text: a time as providers write it
 * @length: its bytes, -1 if it ends with a NUL
 *
 * Reads RFC 3339 and what is near enough to have one meaning: a blank or lower-case t between day
 * and time, an offset without colon, no zone at all (UTC). Day, hour, minute and second must be there,
 * up to nine digits of a second may; those past the microsecond are dropped. A leap second (60) is
 * the next minute's first.
 *
 * Returns: microseconds since 1970 UTC, or %TIDE_TIME_INVALID if it is nothing of that, is not in the
 *    calendar, has something after it, or falls out of the years 1 to 9999 in UTC
 */
gint64
tide_time_parse (const char *text,
                 gssize      length)
{
  Reader reader;
  gint64 days, usec, offset, instant;

  g_return_val_if_fail (text != NULL, TIDE_TIME_INVALID);

  reader.next = text;
  reader.end = text + (length < 0 ? strlen (text) : (gsize) length);

  if (!read_date (&reader, &days) ||
      !(read_either (&reader, 'T', 't') || read_either (&reader, ' ', ' ')) ||
      !read_time_of_day (&reader, &usec) ||
      !read_zone (&reader, &offset) ||
      reader.next != reader.end)
    return TIDE_TIME_INVALID;

  instant = days * TIDE_DAY + usec - offset;

  return instant >= TIDE_TIME_FIRST && instant <= TIDE_TIME_LAST ? instant : TIDE_TIME_INVALID;
}

static void
write_digits (char *text,
              int   count,
              int   number)
{
  while (count-- > 0)
    {
      text[count] = '0' + number % 10;
      number /= 10;
    }
}

/**
 * tide_time_format:
 * @instant: microseconds since 1970 UTC
 * @buffer: (out): room for the text
 *
 * Writes an instant as the store keeps it: UTC, milliseconds (what is below is dropped), always
 * %TIDE_TIME_TEXT_LENGTH characters and a NUL. What lies outside of the years 1 to 9999 has no such text and
 * is written as the nearest that has.
 */
void
tide_time_format (gint64 instant,
                  char   buffer[TIDE_TIME_TEXT_LENGTH + 1])
{
  gint64 clamped = CLAMP (instant, TIDE_TIME_FIRST, TIDE_TIME_LAST);
  gint64 days = clamped / TIDE_DAY - (clamped % TIDE_DAY < 0);
  int msec = (clamped - days * TIDE_DAY) / 1000;
  int year, month, day;

  tide_time_days_to_date (days, &year, &month, &day);

  memcpy (buffer, "0000-00-00T00:00:00.000Z", TIDE_TIME_TEXT_LENGTH + 1);
  write_digits (buffer, 4, year);
  write_digits (buffer + 5, 2, month);
  write_digits (buffer + 8, 2, day);
  write_digits (buffer + 11, 2, msec / 3600000);
  write_digits (buffer + 14, 2, msec / 60000 % 60);
  write_digits (buffer + 17, 2, msec / 1000 % 60);
  write_digits (buffer + 20, 3, msec % 1000);
}

/**
 * tide_time_to_string:
 * @instant: microseconds since 1970 UTC
 *
 * Does what tide_time_format() does.
 *
 * Returns: (transfer full): the text
 */
char *
tide_time_to_string (gint64 instant)
{
  char buffer[TIDE_TIME_TEXT_LENGTH + 1];

  tide_time_format (instant, buffer);

  return g_strdup (buffer);
}

static gboolean
has_shape (const char *text,
           const char *shape,
           gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (shape[i] == '0' ? !g_ascii_isdigit (text[i]) : text[i] != shape[i])
        return FALSE;
    }

  return TRUE;
}

static int
two_digits (const char *text)
{
  return (text[0] - '0') * 10 + (text[1] - '0');
}

/**
 * tide_time_is_normal:
 * @text: some text
 * @length: its bytes
 *
 * Tells whether a text is already what tide_time_format() would write, so that the page's own
 * bytes can be stored.
 *
 * Returns: whether it is
 */
gboolean
tide_time_is_normal (const char *text,
                     gsize       length)
{
  return length == TIDE_TIME_TEXT_LENGTH &&
         has_shape (text, "0000-00-00T00:00:00.000Z", TIDE_TIME_TEXT_LENGTH) &&
         tide_time_is_date (text, 10) &&
         two_digits (text + 11) <= 23 && two_digits (text + 14) <= 59 && two_digits (text + 17) <= 59;
}

/**
 * tide_time_is_date:
 * @text: some text
 * @length: its bytes
 *
 * Tells whether a text is a day of the calendar, as yyyy-mm-dd.
 *
 * Returns: whether it is
 */
gboolean
tide_time_is_date (const char *text,
                   gsize       length)
{
  Reader reader = { text, text + length };
  gint64 days;

  return length == 10 && read_date (&reader, &days);
}

/**
 * tide_time_normalize:
 * @text: a time as providers write it
 * @length: its bytes
 * @buffer: (out): room for the text
 *
 * Turns what tide_time_parse() reads into what tide_time_format() writes. Faster than the two where
 * the text is UTC already, with milliseconds or without a fraction, as most providers' is.
 *
 * Returns: whether @text is a time; @buffer is untouched if not
 */
gboolean
tide_time_normalize (const char *text,
                     gsize       length,
                     char        buffer[TIDE_TIME_TEXT_LENGTH + 1])
{
  char copy[TIDE_TIME_TEXT_LENGTH + 1];
  gint64 instant;

  g_return_val_if_fail (text != NULL, FALSE);

  if (length == 20 && text[19] == 'Z')
    {
      memcpy (copy, text, 19);
      memcpy (copy + 19, ".000Z", 6);
    }
  else if (length == TIDE_TIME_TEXT_LENGTH)
    {
      memcpy (copy, text, TIDE_TIME_TEXT_LENGTH);
      copy[TIDE_TIME_TEXT_LENGTH] = '\0';
    }
  else
    {
      copy[0] = '\0';
    }

  if (copy[0] != '\0' && tide_time_is_normal (copy, TIDE_TIME_TEXT_LENGTH))
    {
      memcpy (buffer, copy, sizeof copy);
      return TRUE;
    }

  instant = tide_time_parse (text, length);
  if (instant == TIDE_TIME_INVALID)
    return FALSE;
  tide_time_format (instant, buffer);

  return TRUE;
}
