/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-cron.h"

G_BEGIN_DECLS

#define TIDE_CRON_SUMMARY_TIMES 6

/**
 * TideCronPace:
 * @TIDE_CRON_PACE_TIMES: at each of the times
 * @TIDE_CRON_PACE_MINUTES: every so many minutes
 * @TIDE_CRON_PACE_HOURS: every so many hours
 * @TIDE_CRON_PACE_MIXED: at some minutes of some hours, neither few nor even; they are in the expression
 */
typedef enum
{
  TIDE_CRON_PACE_TIMES,
  TIDE_CRON_PACE_MINUTES,
  TIDE_CRON_PACE_HOURS,
  TIDE_CRON_PACE_MIXED,
} TideCronPace;

/**
 * TideCronDays:
 * @TIDE_CRON_DAYS_ALL: every day
 * @TIDE_CRON_DAYS_WEEKDAYS: on some weekdays
 * @TIDE_CRON_DAYS_MONTH: on some days of the month
 * @TIDE_CRON_DAYS_EITHER: on these and on those
 * @TIDE_CRON_DAYS_BOTH: on some days of the month if they are some weekday
 */
typedef enum
{
  TIDE_CRON_DAYS_ALL,
  TIDE_CRON_DAYS_WEEKDAYS,
  TIDE_CRON_DAYS_MONTH,
  TIDE_CRON_DAYS_EITHER,
  TIDE_CRON_DAYS_BOTH,
} TideCronDays;

/**
 * TideCronSummary:
 * @pace: what kind of times of day
 * @every: number of minutes or hours
 * @first: minute of the day at which the rhythm begins
 * @last: minute of the day at which it ends; 23:59 stands for the end of the day
 * @whole_day: whether the rhythm goes on evenly over midnight
 * @times: minutes of the day
 * @n_times: how many
 * @days: what kind of days
 * @weekday_from: first of at least three weekdays on end, Monday is 1 and Sunday 7; 0 if they are not
 * @weekday_to: last of them
 * @all_months: whether every month
 *
 * What a cron expression says, for somebody who wants to put it in words. Which weekdays, days and months is in the
 * expression itself.
 */
typedef struct
{
  TideCronPace pace;
  int          every;
  int          first;
  int          last;
  gboolean     whole_day;
  int          times[TIDE_CRON_SUMMARY_TIMES];
  int          n_times;
  TideCronDays days;
  int          weekday_from;
  int          weekday_to;
  gboolean     all_months;
} TideCronSummary;

void   tide_cron_summarize (const TideCron  *self,
                            TideCronSummary *summary);
char  *tide_cron_describe  (const TideCron  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
