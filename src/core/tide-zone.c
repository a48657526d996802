/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-zone.h"

#include "tide-time-private.h"

#include <string.h>

/* GLib takes POSIX rules ("ABC3") for names too. Those that are IANA's have a slash, but for these. */
static const char * const zones_with_digits[] =
{
  "CST6CDT", "EST5EDT", "GMT+0", "GMT-0", "GMT0", "MST7MDT", "PST8PDT", NULL
};

static gint64
floor_seconds (gint64 instant)
{
  return instant / TIDE_SECOND - (instant % TIDE_SECOND < 0);
}

static gint64
offset_at (GTimeZone *zone,
           gint64     seconds)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);

  return g_time_zone_get_offset (zone, interval);
}

/**
 * tide_time_is_zone:
 * @identifier: (nullable): some text
 *
 * Tells whether a text is the name of an IANA time zone that this computer knows, such as
 * "Europe/Rome" or "UTC". Offsets ("+01:00") and POSIX rules are refused: they know no daylight saving.
 *
 * Returns: whether it is
 */
gboolean
tide_time_is_zone (const char *identifier)
{
  g_autoptr(GTimeZone) zone = NULL;

  /* Whatever else lies among the zone files (zone.tab, leapseconds) has a dot or starts in lower case. */
  if (identifier == NULL || !g_ascii_isupper (identifier[0]) || g_str_equal (identifier, "Z"))
    return FALSE;
  if (strspn (identifier, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_+-/") != strlen (identifier))
    return FALSE;
  if (strpbrk (identifier, G_CSET_DIGITS) != NULL && strchr (identifier, '/') == NULL &&
      !g_strv_contains (zones_with_digits, identifier))
    return FALSE;

  zone = g_time_zone_new_identifier (identifier);

  return zone != NULL;
}

/* Finds the first second of an interval, which GLib keeps to itself: @from is before it, @to is in it
 * or later. */
static gint64
find_interval_start (GTimeZone *zone,
                     int        interval,
                     gint64     from,
                     gint64     to)
{
  while (to - from > 1)
    {
      gint64 middle = from + (to - from) / 2;

      if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, middle) >= interval)
        to = middle;
      else
        from = middle;
    }

  return to;
}

static void
append_span (GArray *spans,
             gint64  from,
             gint32  offset)
{
  TideZoneSpan span = { from * TIDE_SECOND, offset };

  /* Some intervals differ in their abbreviation only. */
  if (spans->len > 0 && g_array_index (spans, TideZoneSpan, spans->len - 1).offset == offset)
    return;

  g_array_append_val (spans, span);
}

/**
 * tide_time_zone_spans:
 * @identifier: an IANA zone
 * @first_year: from its first moment on, UTC; 1 or later
 * @last_year: to its last moment; 9999 or before
 *
 * Lists the offsets of a zone, as the store needs them to show local times in SQL: each span lasts
 * to the start of the next. The first starts with @first_year, whenever its offset really came up.
 *
 * Returns: (transfer full) (nullable) (element-type TideZoneSpan): the spans in order, at least one;
 *    %NULL if there is no such zone
 */
GArray *
tide_time_zone_spans (const char *identifier,
                      int         first_year,
                      int         last_year)
{
  g_autoptr(GTimeZone) zone = NULL;
  GArray *spans;
  gint64 from, end;
  int interval, last;

  g_return_val_if_fail (first_year >= 1 && first_year <= last_year && last_year <= 9999, NULL);

  if (!tide_time_is_zone (identifier))
    return NULL;

  zone = g_time_zone_new_identifier (identifier);
  spans = g_array_new (FALSE, FALSE, sizeof (TideZoneSpan));
  from = tide_time_days_from_date (first_year, 1, 1) * (TIDE_DAY / TIDE_SECOND);
  end = tide_time_days_from_date (last_year + 1, 1, 1) * (TIDE_DAY / TIDE_SECOND) - 1;
  interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, from);
  last = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, end);

  append_span (spans, from, g_time_zone_get_offset (zone, interval));
  while (interval < last)
    {
      from = find_interval_start (zone, interval + 1, from, end);
      interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, from);
      append_span (spans, from, g_time_zone_get_offset (zone, interval));
    }

  return spans;
}

/**
 * tide_time_local_midnight:
 * @instant: microseconds since 1970 UTC
 * @zone: a time zone
 * @days: whole days to add to the local day of @instant, may be negative
 *
 * Finds the first moment of a local day. Where the clocks go forward at midnight that is 01:00, and
 * where they go back over midnight it is the first of the two.
 *
 * Returns: microseconds since 1970 UTC
 */
gint64
tide_time_local_midnight (gint64     instant,
                          GTimeZone *zone,
                          int        days)
{
  const gint64 day = TIDE_DAY / TIDE_SECOND;
  gint64 seconds, local, low, high;

  g_return_val_if_fail (zone != NULL, instant);

  seconds = floor_seconds (instant);
  local = seconds + offset_at (zone, seconds);
  local += days * day - ((local % day) + day) % day;

  /* Local time, as a function of UTC, jumps at transitions but is past midnight for good a day and
   * more later. The first moment at which it is can be found by halves, unless the clocks go back over
   * midnight: so first look at each offset that is about. */
  low = local - 36 * 3600;
  high = local + 36 * 3600;
  for (int i = 0; i < 2; i++)
    {
      gint64 guess = local - MAX (offset_at (zone, low), offset_at (zone, high));

      if (i == 1)
        guess = local - MIN (offset_at (zone, low), offset_at (zone, high));
      if (guess + offset_at (zone, guess) == local)
        return guess * TIDE_SECOND;
    }

  while (high - low > 1)
    {
      gint64 middle = low + (high - low) / 2;

      if (middle + offset_at (zone, middle) >= local)
        high = middle;
      else
        low = middle;
    }

  return high * TIDE_SECOND;
}
