/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-schedule.h"

#include "tide-time.h"

/* Slots closer than an hour keep their rhythm when the clock shows an hour twice. */
#define LONGEST_REPEATED 60

static gint64
floor_to_second (gint64 instant)
{
  gint64 rest = instant % TIDE_SECOND;

  return (instant - (rest < 0 ? rest + TIDE_SECOND : rest)) / TIDE_SECOND;
}

static gint64
get_offset (GTimeZone *zone,
            gint64     instant)
{
  int span = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, floor_to_second (instant));

  return g_time_zone_get_offset (zone, span) * TIDE_SECOND;
}

/* The first slot at or after @local, which is a wall clock's reading counted as if it were UTC. */
static gint64
next_slot (const TideSchedule *self,
           gint64              local)
{
  gint64 interval = self->interval * TIDE_MINUTE;
  gint64 rest = local % TIDE_DAY;
  gint64 of_day = rest < 0 ? rest + TIDE_DAY : rest;
  gint64 midnight = local - of_day;
  gint64 first = (self->offset * TIDE_MINUTE) % TIDE_DAY;
  gint64 slot = first;

  if (of_day > first)
    slot = first + (of_day - first + interval - 1) / interval * interval;
  if (slot >= TIDE_DAY)
    slot = TIDE_DAY + first;
  return midnight + slot;
}

/* The instant at which the zone's offset changes: after @from, not after @until, where it is another one. */
static gint64
find_change (GTimeZone *zone,
             gint64     from,
             gint64     until)
{
  gint64 offset = get_offset (zone, from);
  gint64 low = floor_to_second (from);
  gint64 high = floor_to_second (until);

  while (high - low > 1)
    {
      gint64 middle = low + (high - low) / 2;

      if (get_offset (zone, middle * TIDE_SECOND) == offset)
        low = middle;
      else
        high = middle;
    }
  return high * TIDE_SECOND;
}

/* The clock was put from @before to @now. A slot that it jumped over is not lost: it comes at once. One that
 * it will show a second time does not happen twice, unless slots are so close that there would be a gap. */
static gint64
next_after_change (const TideSchedule *self,
                   gint64              before,
                   gint64              now)
{
  if (now > before)
    return next_slot (self, before) < now ? now : next_slot (self, now);
  return next_slot (self, self->interval <= LONGEST_REPEATED ? now : before);
}

/**
 * tide_schedule_next:
 * @self: a schedule
 * @zone: of the wall clock that it is read on
 * @after: an instant
 *
 * Pure. When the clocks go forward, a slot in the missing hour happens as it ends. When they go back,
 * slots of an hour or less apart also happen in the repeated hour, others only once.
 *
 * Returns: the first instant later than @after that is a slot
 */
gint64
tide_schedule_next (const TideSchedule *self,
                    GTimeZone          *zone,
                    gint64              after)
{
  gint64 from = floor_to_second (after) * TIDE_SECOND + TIDE_SECOND;
  gint64 offset, slot, change, new_offset;

  g_return_val_if_fail (self->interval > 0 && self->offset >= 0, after + TIDE_DAY);

  offset = get_offset (zone, from);
  slot = next_slot (self, from + offset) - offset;
  if (get_offset (zone, slot) == offset)
    return slot;

  change = find_change (zone, from, slot);
  new_offset = get_offset (zone, change);
  return next_after_change (self, change + offset, change + new_offset) - new_offset;
}
