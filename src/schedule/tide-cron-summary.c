/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-cron-summary.h"

#include "tide-cron-private.h"

/* Up to three times are told one by one even if they are even: "at 00:00, 08:00 and 16:00" is plainer than "every 8 hours". */
#define FEW_TIMES 3

/* The set bits of a field, if each is as far from the one before. */
typedef struct
{
  int      first;
  int      last;
  int      step;   /* 0: they are not even, or just one */
  int      count;
} Progression;

static Progression
find_progression (guint64 bits)
{
  Progression self = { .first = -1, .count = 0 };
  gboolean even = TRUE;

  for (int value = 0; value < 64; value++)
    {
      if (!(bits & G_GUINT64_CONSTANT (1) << value))
        continue;

      if (self.count == 0)
        self.first = value;
      else if (self.count == 1)
        self.step = value - self.last;
      else if (value - self.last != self.step)
        even = FALSE;
      self.last = value;
      self.count++;
    }

  if (!even)
    self.step = 0;
  return self;
}

/* Whether the next one after the last would be the first of the next round. */
static gboolean
closes (const Progression *self,
        int                round)
{
  return self->step > 0 && self->first + round - self->last == self->step;
}

static void
list_times (const TideCron  *self,
            TideCronSummary *summary)
{
  summary->pace = TIDE_CRON_PACE_TIMES;
  for (int hour = 0; hour < 24; hour++)
    for (int minute = 0; minute < 60; minute++)
      if (self->hours & 1u << hour && self->minutes & G_GUINT64_CONSTANT (1) << minute)
        summary->times[summary->n_times++] = hour * 60 + minute;
}

/* Every few minutes, in hours that follow each other. */
static gboolean
try_minutes (const Progression *minutes,
             const Progression *hours,
             TideCronSummary   *summary)
{
  gboolean even = closes (minutes, 60);

  if (minutes->step == 0 || (hours->count > 1 && (hours->step != 1 || !even)))
    return FALSE;

  summary->pace = TIDE_CRON_PACE_MINUTES;
  summary->every = minutes->step;
  summary->first = hours->first * 60 + minutes->first;
  summary->last = hours->last * 60 + (even ? 59 : minutes->last);
  summary->whole_day = hours->count == 24;
  return TRUE;
}

static gboolean
try_hours (const Progression *minutes,
           const Progression *hours,
           TideCronSummary   *summary)
{
  if (minutes->count != 1 || hours->step == 0)
    return FALSE;

  summary->pace = TIDE_CRON_PACE_HOURS;
  summary->every = hours->step;
  summary->first = hours->first * 60 + minutes->first;
  summary->last = hours->last * 60 + minutes->first;
  summary->whole_day = closes (hours, 24);
  return TRUE;
}

static void
summarize_times (const TideCron  *self,
                 TideCronSummary *summary)
{
  Progression minutes = find_progression (self->minutes);
  Progression hours = find_progression (self->hours);
  int count = minutes.count * hours.count;

  if (count <= FEW_TIMES)
    list_times (self, summary);
  else if (try_minutes (&minutes, &hours, summary) || try_hours (&minutes, &hours, summary))
    return;
  else if (count <= TIDE_CRON_SUMMARY_TIMES)
    list_times (self, summary);
  else
    summary->pace = TIDE_CRON_PACE_MIXED;
}

static void
summarize_weekdays (const TideCron  *self,
                    TideCronSummary *summary)
{
  /* Monday first: Sunday is bit 7. */
  guint64 bits = (self->weekdays & ~1u) | (self->weekdays & 1u) << 7;
  Progression weekdays = find_progression (bits);

  if (weekdays.count < 3 || weekdays.step != 1 || self->last_weekdays != 0)
    return;
  summary->weekday_from = weekdays.first;
  summary->weekday_to = weekdays.last;
}

static TideCronDays
get_days (const TideCron *self)
{
  gboolean all_days = self->days == TIDE_CRON_ALL_DAYS;
  gboolean all_weekdays = self->weekdays == TIDE_CRON_ALL_WEEKDAYS;

  if ((all_days && all_weekdays) || (self->either_day && (all_days || all_weekdays)))
    return TIDE_CRON_DAYS_ALL;
  if (self->either_day)
    return TIDE_CRON_DAYS_EITHER;
  if (all_days)
    return TIDE_CRON_DAYS_WEEKDAYS;
  return all_weekdays ? TIDE_CRON_DAYS_MONTH : TIDE_CRON_DAYS_BOTH;
}

/**
 * tide_cron_summarize:
 * @self: an expression
 * @summary: (out): what it says
 *
 * Finds the plain meaning of an expression, however it was written: "0-59/15 8-17" and "0,15,30,45 8-17" are the
 * same. Pure.
 */
void
tide_cron_summarize (const TideCron  *self,
                     TideCronSummary *summary)
{
  *summary = (TideCronSummary) { 0 };
  summarize_times (self, summary);
  summarize_weekdays (self, summary);
  summary->days = get_days (self);
  summary->all_months = self->months == TIDE_CRON_ALL_MONTHS;
}
