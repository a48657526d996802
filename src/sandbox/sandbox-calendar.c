/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-calendar.h"
#include "sandbox-time.h"

static const guint8 *
get_custom (guint  location,
            gint64 day)
{
  const SandboxSite *site = sandbox_business_get_site (location);
  int weekday = sandbox_time_weekday (day);

  if (weekday == 5)
    return site->saturday;
  return weekday == 6 ? site->sunday : site->weekday;
}

/* The part of a local hour's custom that lies in [from, until), times being UTC. */
static double
weigh_hour (const guint8 *custom,
            gint64        local_midnight,
            guint         hour,
            gint64        from,
            gint64        until)
{
  gint64 start = MAX (local_midnight + hour * SANDBOX_HOUR, from);
  gint64 end = MIN (local_midnight + (hour + 1) * SANDBOX_HOUR, until);

  return end > start ? custom[hour] * (double)(end - start) / SANDBOX_HOUR : 0;
}

static gint64
get_local_midnight (SandboxBusiness *business,
                    gint64           day)
{
  return day - sandbox_business_get_offset (business, day + 12 * SANDBOX_HOUR) * SANDBOX_MINUTE;
}

/**
 * sandbox_calendar_weigh:
 * @day: midnight UTC of the day
 * @from: an instant of that day
 * @until: a later one, or the day's end
 *
 * Returns: how much is sold there then, in a unit that means nothing by itself
 */
double
sandbox_calendar_weigh (SandboxBusiness *business,
                        guint            location,
                        gint64           day,
                        gint64           from,
                        gint64           until)
{
  const guint8 *custom = get_custom (location, day);
  gint64 midnight = get_local_midnight (business, day);
  double progress = (double)(day - business->opened) / (double)MAX (business->latest - business->opened, 1);
  double weight = 0;
  SandboxRandom random;

  for (guint hour = 0; hour < 24; hour++)
    weight += weigh_hour (custom, midnight, hour, from, until);

  sandbox_random_init (&random, business->seed, SANDBOX_STREAM_DAY, (guint64)(day / SANDBOX_DAY) << 8 | (16 + location));
  weight *= 0.85 + 0.3 * sandbox_random_unit (&random);   /* the weather */
  weight *= 0.85 + 0.3 * CLAMP (progress, 0, 1);          /* the business grows */
  return weight * sandbox_business_get_site (location)->share;
}

/**
 * sandbox_calendar_draw:
 *
 * Must only be asked where sandbox_calendar_weigh() is above 0.
 *
 * Returns: an instant in [@from, @until) at which somebody buys something
 */
gint64
sandbox_calendar_draw (SandboxBusiness *business,
                       SandboxRandom   *random,
                       guint            location,
                       gint64           day,
                       gint64           from,
                       gint64           until)
{
  const guint8 *custom = get_custom (location, day);
  gint64 midnight = get_local_midnight (business, day);
  gint64 last = from;
  double total = 0;
  double rest;

  for (guint hour = 0; hour < 24; hour++)
    total += weigh_hour (custom, midnight, hour, from, until);

  rest = sandbox_random_unit (random) * total;
  for (guint hour = 0; hour < 24; hour++)
    {
      double weight = weigh_hour (custom, midnight, hour, from, until);

      if (weight <= 0)
        continue;
      last = MAX (midnight + hour * SANDBOX_HOUR, from);
      if (rest < weight)
        break;
      rest -= weight;
    }

  last += (gint64)(rest / MAX (custom[CLAMP ((last - midnight) / SANDBOX_HOUR, 0, 23)], 1) * SANDBOX_HOUR);
  return CLAMP (last, from, until - 1);
}
