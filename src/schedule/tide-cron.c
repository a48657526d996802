/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-cron.h"

#include "tide-cron-private.h"
#include "tide-time.h"

/* No clock was ever put by more than a day and some hours, so what it showed longer ago does not matter. */
#define DAY ((gint64)24 * 60 * 60)
#define MEMORY (2 * DAY)
#define STRIDE (3 * DAY)

static gint64
floor_to_second (gint64 instant)
{
  return instant / TIDE_SECOND - (instant % TIDE_SECOND < 0);
}

static gint64
get_offset (GTimeZone *zone,
            gint64     second)
{
  int span = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, second);

  return g_time_zone_get_offset (zone, span);
}

/* The first second after @from, not after @until, that belongs to another span of the zone than @from; G_MAXINT64 if
 * there is none. */
static gint64
find_change (GTimeZone *zone,
             gint64     from,
             gint64     until)
{
  int span = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, from);

  if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, until) == span)
    return G_MAXINT64;

  while (until - from > 1)
    {
      gint64 middle = from + (until - from) / 2;

      if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, middle) == span)
        from = middle;
      else
        until = middle;
    }
  return until;
}

/* The clock showed all readings before this one, or left them out, by the time the span that @second is in began. */
static gint64
get_shown (GTimeZone *zone,
           gint64     second)
{
  gint64 from = second - MEMORY;
  gint64 change = find_change (zone, from, second);
  gint64 shown = G_MININT64;

  while (change <= second)
    {
      shown = MAX (shown, change + get_offset (zone, from));
      from = change;
      change = find_change (zone, from, second);
    }
  return shown;
}

/* Whether the clock shows again, after @second, what it shows then. */
static gboolean
is_shown_again (GTimeZone *zone,
                gint64     second)
{
  gint64 reading = second + get_offset (zone, second);
  gint64 change = find_change (zone, second, second + MEMORY);

  while (change != G_MAXINT64)
    {
      gint64 again = reading - get_offset (zone, change);
      gint64 next = find_change (zone, change, second + MEMORY);

      if (again >= change && again < next)
        return TRUE;
      change = next;
    }
  return FALSE;
}

/* Whether something is to happen at @change, a span's first second, because the clock left out its time. */
static gboolean
is_late_at (const TideCron *self,
            GTimeZone      *zone,
            gint64          change)
{
  gint64 before = get_offset (zone, change - 1);
  gint64 offset = get_offset (zone, change);
  gint64 shown, swallowed, regular;

  if (offset <= before)
    return FALSE;

  shown = get_shown (zone, change);
  swallowed = tide_cron_next_reading (self, shown);
  if (swallowed >= change + offset)
    return FALSE;

  regular = tide_cron_next_reading (self, change + offset);
  if (!self->rhythmic)
    return regular > change + offset;
  return regular > swallowed - before + offset;
}

static TideCronNote
get_note (GTimeZone *zone,
          gint64     second,
          gint64     shown)
{
  if (second + get_offset (zone, second) < shown)
    return TIDE_CRON_NOTE_SECOND;
  return is_shown_again (zone, second) ? TIDE_CRON_NOTE_FIRST : TIDE_CRON_NOTE_NONE;
}

/* One step of the search: what happens from @from on until its span ends, or until @horizon. Where nothing does,
 * @from is moved to where the search goes on. */
static gint64
search_span (const TideCron *self,
             GTimeZone      *zone,
             gint64         *from,
             TideCronNote   *note)
{
  gint64 horizon = *from + STRIDE;
  gint64 change = find_change (zone, *from, horizon);
  gint64 offset = get_offset (zone, *from);
  gint64 shown = get_shown (zone, *from);
  gint64 reading = tide_cron_next_reading (self, self->rhythmic ? *from + offset : MAX (*from + offset, shown));
  gint64 found;

  if (reading == TIDE_CRON_NEVER)
    return TIDE_CRON_NEVER;

  found = reading - offset;
  if (found < MIN (change, horizon))
    {
      *note = get_note (zone, found, shown);
      return found;
    }

  /* Nothing fits before @reading, so no change of the clock matters until shortly before. */
  *from = change != G_MAXINT64 ? change : MAX (horizon, found - MEMORY);
  if (*from != change || !is_late_at (self, zone, change))
    return G_MININT64;

  *note = TIDE_CRON_NOTE_LATE;
  return change;
}

/* Most times are not near any change of the clock. Asking the zone is what takes time, so this asks little.
 * Returns G_MININT64 where more has to be asked. */
static gint64
search_quiet (const TideCron *self,
              GTimeZone      *zone,
              gint64          from)
{
  int span = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, from - MEMORY);
  gint32 offset = g_time_zone_get_offset (zone, span);
  gint64 reading = tide_cron_next_reading (self, from + offset);

  if (reading == TIDE_CRON_NEVER)
    return TIDE_CRON_NEVER;
  if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, reading - offset + MEMORY) != span)
    return G_MININT64;
  return reading - offset;
}

/**
 * tide_cron_init_daily:
 * @self: (out): the expression
 * @hour: 0 to 23
 * @minute: 0 to 59
 *
 * The simplest case: every day at a time.
 *
 * Returns: %FALSE with %TIDE_ERROR_INVALID if there is no such time
 */
gboolean
tide_cron_init_daily (TideCron  *self,
                      int        hour,
                      int        minute,
                      GError   **error)
{
  g_autofree char *text = g_strdup_printf ("%d %d * * *", minute, hour);

  return tide_cron_parse (text, self, error);
}

/**
 * tide_cron_next:
 * @self: an expression
 * @zone: of the wall clock that it is read on
 * @after: an instant, microseconds since 1970 UTC
 * @note: (out) (optional): what is to be said about the instant that is found
 *
 * Pure; takes about a microsecond, and some ten near a change of the clock. Hold on to @zone: GLib reads its file anew
 * when nobody does, which takes much longer. What happens when the clock is changed is told at #TideCron.
 *
 * Returns: the first instant later than @after at which something is to happen; %TIDE_CRON_NEVER if that
 *    would be after the year 8999, or @after is
 */
gint64
tide_cron_next (const TideCron *self,
                GTimeZone      *zone,
                gint64          after,
                TideCronNote   *note)
{
  gint64 from = MAX (floor_to_second (after) + 1, tide_cron_first_reading () + MEMORY);
  gint64 found = search_quiet (self, zone, from);
  TideCronNote what = TIDE_CRON_NOTE_NONE;

  if (found == G_MININT64 && find_change (zone, from - 1, from) == from && is_late_at (self, zone, from))
    {
      found = from;
      what = TIDE_CRON_NOTE_LATE;
    }
  while (found == G_MININT64)
    found = search_span (self, zone, &from, &what);

  if (note != NULL)
    *note = what;
  return found == TIDE_CRON_NEVER ? TIDE_CRON_NEVER : found * TIDE_SECOND;
}
