/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-schedule-cron"

#include "tide-cron.h"
#include "tide-error.h"
#include "tide-time.h"

#include <string.h>

/* Cron expressions, rule by rule. test-schedule-cron-random.c and cron-differential/ look for what nobody thought of. */

static const char * const note_names[] = { "", " late", " first", " second" };

typedef struct
{
  const char *path;
  const char *zone;
  const char *expression;
  const char *after;
  const char *times[8];  /* UTC, with the note */
} TimesCase;

static const TimesCase times_cases[] = {
  /* Fields. */
  { "fields/daily", "UTC", "0 12 * * *", "2026-01-15T11:59:59.999Z",
    { "2026-01-15T12:00", "2026-01-16T12:00" } },
  { "fields/later-than", "UTC", "0 12 * * *", "2026-01-15T12:00:00.000Z", { "2026-01-16T12:00" } },
  { "fields/list", "UTC", "5,50 8,20 * * *", "2026-01-15T00:00:00.000Z",
    { "2026-01-15T08:05", "2026-01-15T08:50", "2026-01-15T20:05", "2026-01-15T20:50", "2026-01-16T08:05" } },
  { "fields/range-step", "UTC", "10-50/20 6-8/2 * * *", "2026-01-15T00:00:00.000Z",
    { "2026-01-15T06:10", "2026-01-15T06:30", "2026-01-15T06:50", "2026-01-15T08:10" } },
  { "fields/star-step", "UTC", "*/25 * * * *", "2026-01-15T00:10:00.000Z",
    { "2026-01-15T00:25", "2026-01-15T00:50", "2026-01-15T01:00" } },
  { "fields/names", "UTC", "0 0 * JAN,feb Mon-WED", "2026-01-27T12:00:00.000Z",
    { "2026-01-28T00:00", "2026-02-02T00:00" } },
  { "fields/sunday-0", "UTC", "0 0 * * 0", "2026-01-15T00:00:00.000Z", { "2026-01-18T00:00", "2026-01-25T00:00" } },
  { "fields/sunday-7", "UTC", "0 0 * * 7", "2026-01-15T00:00:00.000Z", { "2026-01-18T00:00", "2026-01-25T00:00" } },
  { "fields/weekend", "UTC", "0 0 * * 6-7", "2026-01-15T00:00:00.000Z", { "2026-01-17T00:00", "2026-01-18T00:00" } },
  { "fields/weekend-names", "UTC", "0 0 * * sat-sun", "2026-01-15T00:00:00.000Z",
    { "2026-01-17T00:00", "2026-01-18T00:00", "2026-01-24T00:00" } },
  { "fields/spaces", "UTC", " \t0  12\t* * *  ", "2026-01-15T00:00:00.000Z", { "2026-01-15T12:00" } },
  { "fields/year-end", "UTC", "59 23 31 12 *", "2026-12-31T23:59:00.000Z", { "2027-12-31T23:59" } },
  { "fields/day-31", "UTC", "0 0 31 * *", "2026-01-31T00:00:00.000Z", { "2026-03-31T00:00", "2026-05-31T00:00" } },
  { "fields/before-1970", "UTC", "30 6 * * thu", "1959-12-29T00:00:00.000Z", { "1959-12-31T06:30", "1960-01-07T06:30" } },

  /* Leap days, the month's last day, its last weekday. */
  { "leap/29-february", "UTC", "0 0 29 2 *", "2026-01-15T00:00:00.000Z", { "2028-02-29T00:00", "2032-02-29T00:00" } },
  { "leap/over-2100", "UTC", "0 0 29 2 */7", "2088-03-01T00:00:00.000Z", { "2128-02-29T00:00" } },
  { "last/day", "UTC", "0 0 L * *", "2028-01-15T00:00:00.000Z",
    { "2028-01-31T00:00", "2028-02-29T00:00", "2028-03-31T00:00", "2028-04-30T00:00" } },
  { "last/day-and-15", "UTC", "0 0 15,l 2 *", "2026-01-15T00:00:00.000Z", { "2026-02-15T00:00", "2026-02-28T00:00" } },
  { "last/friday", "UTC", "0 0 * * 5L", "2026-01-15T00:00:00.000Z",
    { "2026-01-30T00:00", "2026-02-27T00:00", "2026-03-27T00:00" } },
  { "last/friday-name", "UTC", "0 0 * * friL", "2026-01-15T00:00:00.000Z", { "2026-01-30T00:00", "2026-02-27T00:00" } },
  { "last/sunday-7", "UTC", "0 0 * 2 7L", "2026-01-15T00:00:00.000Z", { "2026-02-22T00:00" } },
  { "last/mixed", "UTC", "0 0 * * mon,5L", "2026-01-20T00:00:00.000Z",
    { "2026-01-26T00:00", "2026-01-30T00:00", "2026-02-02T00:00" } },

  /* Day of month and weekday, as vixie cron has it. 2026-02-13 is a Friday. */
  { "days/either", "UTC", "0 0 13 * 5", "2026-02-01T00:00:00.000Z",
    { "2026-02-06T00:00", "2026-02-13T00:00", "2026-02-20T00:00", "2026-02-27T00:00", "2026-03-06T00:00",
      "2026-03-13T00:00" } },
  { "days/either-last", "UTC", "0 0 L * mon", "2026-02-20T00:00:00.000Z",
    { "2026-02-23T00:00", "2026-02-28T00:00", "2026-03-02T00:00" } },
  { "days/star-step-is-no-restriction", "UTC", "0 0 */2 * mon", "2026-02-01T00:00:00.000Z",
    { "2026-02-09T00:00", "2026-02-23T00:00", "2026-03-09T00:00" } },
  { "days/weekday-star-step", "UTC", "0 0 13 * */2", "2026-02-01T00:00:00.000Z",
    { "2026-06-13T00:00", "2026-08-13T00:00" } },
  { "days/full-range-restricts", "UTC", "0 0 1-31 * mon", "2026-02-02T00:00:00.000Z",
    { "2026-02-03T00:00", "2026-02-04T00:00" } },

  /* Shortcuts. */
  { "shortcuts/hourly", "UTC", "@hourly", "2026-01-15T10:30:00.000Z", { "2026-01-15T11:00", "2026-01-15T12:00" } },
  { "shortcuts/daily", "UTC", "@daily", "2026-01-15T10:30:00.000Z", { "2026-01-16T00:00", "2026-01-17T00:00" } },
  { "shortcuts/midnight", "UTC", "@MIDNIGHT", "2026-01-15T10:30:00.000Z", { "2026-01-16T00:00" } },
  { "shortcuts/weekly", "UTC", "@weekly", "2026-01-15T10:30:00.000Z", { "2026-01-18T00:00", "2026-01-25T00:00" } },
  { "shortcuts/monthly", "UTC", "@monthly", "2026-01-15T10:30:00.000Z", { "2026-02-01T00:00", "2026-03-01T00:00" } },
  { "shortcuts/yearly", "UTC", "@yearly", "2026-01-15T10:30:00.000Z", { "2027-01-01T00:00", "2028-01-01T00:00" } },
  { "shortcuts/annually", "UTC", "@annually", "2026-01-15T10:30:00.000Z", { "2027-01-01T00:00" } },

  /* Forward: Rome's 02:00 is 03:00 on 29 March 2026, at 01:00Z. */
  { "forward/time", "Europe/Rome", "30 2 * * *", "2026-03-28T00:00:00.000Z",
    { "2026-03-28T01:30", "2026-03-29T01:00 late", "2026-03-30T00:30" } },
  { "forward/once-for-all", "Europe/Rome", "15,30,45 2 * * *", "2026-03-29T00:00:00.000Z",
    { "2026-03-29T01:00 late", "2026-03-30T00:15" } },
  { "forward/with-regular", "Europe/Rome", "0 2,3 * * *", "2026-03-29T00:00:00.000Z",
    { "2026-03-29T01:00", "2026-03-30T00:00" } },
  { "forward/both", "Europe/Rome", "30 1,2,3 * * *", "2026-03-28T23:00:00.000Z",
    { "2026-03-29T00:30", "2026-03-29T01:00 late", "2026-03-29T01:30", "2026-03-29T23:30" } },
  { "forward/edges", "Europe/Rome", "59 1 * * *", "2026-03-29T00:00:00.000Z", { "2026-03-29T00:59", "2026-03-29T23:59" } },
  { "forward/minutes", "Europe/Rome", "*/20 * * * *", "2026-03-29T00:30:00.000Z",
    { "2026-03-29T00:40", "2026-03-29T01:00", "2026-03-29T01:20" } },
  { "forward/hourly", "Europe/Rome", "7 * * * *", "2026-03-29T00:00:00.000Z",
    { "2026-03-29T00:07", "2026-03-29T01:07", "2026-03-29T02:07" } },
  { "forward/other-hours", "Europe/Rome", "0 */2 * * *", "2026-03-28T23:00:00.000Z",
    { "2026-03-29T01:00 late", "2026-03-29T02:00", "2026-03-29T04:00" } },
  { "forward/rhythm-in-gap", "Europe/Rome", "*/5 2 * * *", "2026-03-28T12:00:00.000Z",
    { "2026-03-29T01:00 late", "2026-03-30T00:00", "2026-03-30T00:05" } },
  { "forward/just-before", "Europe/Rome", "30 2 * * *", "2026-03-29T00:59:59.999Z", { "2026-03-29T01:00 late" } },
  { "forward/from-it", "Europe/Rome", "30 2 * * *", "2026-03-29T01:00:00.000Z", { "2026-03-30T00:30" } },

  /* Back: Rome's 03:00 is 02:00 on 25 October 2026, at 01:00Z. */
  { "back/time", "Europe/Rome", "30 2 * * *", "2026-10-24T12:00:00.000Z", { "2026-10-25T00:30 first", "2026-10-26T01:30" } },
  { "back/between", "Europe/Rome", "30 2 * * *", "2026-10-25T00:45:00.000Z", { "2026-10-26T01:30" } },
  { "back/after", "Europe/Rome", "0 3 * * *", "2026-10-25T00:00:00.000Z", { "2026-10-25T02:00", "2026-10-26T02:00" } },
  { "back/minutes", "Europe/Rome", "*/30 * * * *", "2026-10-24T23:30:00.000Z",
    { "2026-10-25T00:00 first", "2026-10-25T00:30 first", "2026-10-25T01:00 second", "2026-10-25T01:30 second",
      "2026-10-25T02:00" } },
  { "back/hourly", "Europe/Rome", "@hourly", "2026-10-24T23:00:00.000Z",
    { "2026-10-25T00:00 first", "2026-10-25T01:00 second", "2026-10-25T02:00" } },

  /* Odd zones. Lord Howe moves by half an hour; Kathmandu is 5:45 ahead. */
  { "zones/lord-howe-forward", "Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00:00.000Z",
    { "2026-10-03T15:30 late", "2026-10-04T15:15" } },
  { "zones/lord-howe-forward-30", "Australia/Lord_Howe", "*/30 * * * *", "2026-10-03T15:00:00.000Z",
    { "2026-10-03T15:30", "2026-10-03T16:00" } },
  { "zones/lord-howe-forward-hourly", "Australia/Lord_Howe", "15 * * * *", "2026-10-03T14:00:00.000Z",
    { "2026-10-03T14:45", "2026-10-03T15:30 late", "2026-10-03T16:15" } },
  { "zones/lord-howe-back", "Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00.000Z",
    { "2026-04-04T14:45 first", "2026-04-05T15:15" } },
  { "zones/lord-howe-back-hourly", "Australia/Lord_Howe", "45 * * * *", "2026-04-04T14:00:00.000Z",
    { "2026-04-04T14:45 first", "2026-04-04T15:15 second", "2026-04-04T16:15" } },
  { "zones/kathmandu", "Asia/Kathmandu", "0 12 * * *", "2026-01-15T00:00:00.000Z", { "2026-01-15T06:15" } },
  { "zones/cairo-midnight", "Africa/Cairo", "@daily", "2024-04-25T00:00:00.000Z",
    { "2024-04-25T22:00 late", "2024-04-26T21:00" } },

  /* Changes that are not daylight saving: Caracas 02:30 to 03:00, Pyongyang midnight back to 23:30. */
  { "zones/caracas", "America/Caracas", "45 2 * * *", "2016-04-30T12:00:00.000Z",
    { "2016-05-01T07:00 late", "2016-05-02T06:45" } },
  { "zones/pyongyang", "Asia/Pyongyang", "45 23 * * *", "2015-08-14T00:00:00.000Z",
    { "2015-08-14T14:45 first", "2015-08-15T15:15" } },

  /* Days that a place skipped, or had twice. */
  { "zones/apia-noon", "Pacific/Apia", "0 12 * * *", "2011-12-29T12:00:00.000Z",
    { "2011-12-29T22:00", "2011-12-30T10:00 late", "2011-12-30T22:00", "2011-12-31T22:00" } },
  { "zones/apia-30th", "Pacific/Apia", "0,30 6-18 30 12 *", "2011-12-01T00:00:00.000Z",
    { "2011-12-30T10:00 late", "2012-12-29T16:00" } },
  { "zones/apia-midnight", "Pacific/Apia", "@daily", "2011-12-29T00:00:00.000Z",
    { "2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00" } },
  { "zones/apia-hourly", "Pacific/Apia", "@hourly", "2011-12-30T08:30:00.000Z",
    { "2011-12-30T09:00", "2011-12-30T10:00", "2011-12-30T11:00" } },
  { "zones/kwajalein", "Pacific/Kwajalein", "0 12 21 8 *", "1993-01-01T00:00:00.000Z",
    { "1993-08-21T12:00 late", "1994-08-21T00:00" } },
  { "zones/juneau-twice", "America/Juneau", "0 18 18 10 *", "1867-01-01T00:00:00.000Z", { "1867-10-18T02:57 first", NULL } },
};

static void
test_times (gconstpointer data)
{
  const TimesCase *test = data;
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (test->zone);
  g_autoptr(GError) error = NULL;
  gint64 now = tide_time_parse (test->after, -1);
  TideCron cron;

  g_assert_nonnull (zone);
  g_assert_cmpint (now, !=, TIDE_TIME_INVALID);
  tide_cron_parse (test->expression, &cron, &error);
  g_assert_no_error (error);

  for (gsize i = 0; test->times[i] != NULL; i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *found = NULL;
      TideCronNote note;

      now = tide_cron_next (&cron, zone, now, &note);
      text = tide_time_to_string (now);
      g_assert_true (g_str_has_suffix (text, ":00.000Z") || strstr (test->path, "juneau") != NULL);
      found = g_strdup_printf ("%.16s%s", text, note_names[note]);
      g_assert_cmpstr (found, ==, test->times[i]);
    }
}

static const struct
{
  const char *expression;
  const char *message;
} refusals[] = {
  { "75 * * * *", "minute 75: has to be between 0 and 59" },
  { "0 24 * * *", "hour 24: has to be between 0 and 23" },
  { "0 0 0 * *", "day of month 0: has to be between 1 and 31, or L for the last day" },
  { "0 0 32 * *", "day of month 32: has to be between 1 and 31, or L for the last day" },
  { "0 0 L-3 * *", "day of month L-3: has to be between 1 and 31, or L for the last day" },
  { "0 0 * 13 *", "month 13: has to be between 1 and 12, or JAN to DEC" },
  { "0 0 * 0 *", "month 0: has to be between 1 and 12, or JAN to DEC" },
  { "0 0 * movember *", "month movember: has to be between 1 and 12, or JAN to DEC" },
  { "0 0 * * 8", "weekday 8: has to be between 0 and 7, or SUN to SAT; 5L is the last Friday" },
  { "0 0 * * 8L", "weekday 8L: has to be between 0 and 7, or SUN to SAT; 5L is the last Friday" },
  { "0 0 * * L", "weekday L: has to be a weekday and L, as in 5L for the last Friday" },
  { "0 0 * * monday", "weekday monday: has to be between 0 and 7, or SUN to SAT; 5L is the last Friday" },
  { "jan 0 * * *", "minute jan: has to be between 0 and 59" },
  { "10-75 * * * *", "minute 10-75: has to be between 0 and 59" },
  { "50-10 * * * *", "minute 50-10: has to be two ranges, as it runs backwards" },
  { "0 0 * * fri-mon", "weekday fri-mon: has to be two ranges, as it runs backwards" },
  { "*/0 * * * *", "minute */0: has to be a step between 1 and 59" },
  { "*/90 * * * *", "minute */90: has to be a step between 1 and 59" },
  { "*/ * * * *", "minute */: has to be a step between 1 and 59" },
  { "*/5/2 * * * *", "minute */5/2: has to be a step between 1 and 59" },
  { "5/15 * * * *", "minute 5/15: has to be a range and a step, as in 5-59/15" },
  { "0 0 * * 5L/2", "weekday 5L/2: has to be between 0 and 7, or SUN to SAT; 5L is the last Friday" },
  { "1,,2 * * * *", "minute 1,,2: has to be between 0 and 59" },
  { ", * * * *", "minute ,: has to be between 0 and 59" },
  { "1- * * * *", "minute 1-: has to be between 0 and 59" },
  { "-1 * * * *", "minute -1: has to be between 0 and 59" },
  { "1-2-3 * * * *", "minute 1-2-3: has to be between 0 and 59" },
  { "+1 * * * *", "minute +1: has to be between 0 and 59" },
  { "1.5 * * * *", "minute 1.5: has to be between 0 and 59" },
  { "99999999999999999999 * * * *", "minute 99999999999999999999: has to be between 0 and 59" },
  { "** * * * *", "minute **: has to be between 0 and 59" },
  { "*-5 * * * *", "minute *-5: has to be between 0 and 59" },
  { "0 0 ? * 1", "day of month ?: has to be between 1 and 31, or L for the last day" },
  { "/5 * * * *", "minute /5: has to be between 0 and 59" },
  { "", "cron expression \"\": has to have five fields (minute, hour, day of month, month, weekday), not 0" },
  { "0 12 * *", "cron expression \"0 12 * *\": has to have five fields (minute, hour, day of month, month, weekday), not 4" },
  { "0 0 12 * * *", "cron expression \"0 0 12 * * *\": has to have five fields (minute, hour, day of month, month, weekday), not 6" },
  { "@reboot", "@reboot: has to be one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually" },
  { "@daily 5", "@daily 5: has to be one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually" },
  { "0 0 30 2 *", "cron expression \"0 0 30 2 *\": never happens, as there is no such day in any year" },
  { "0 0 31 feb,4,6,sep,11 *", "cron expression \"0 0 31 feb,4,6,sep,11 *\": never happens, as there is no such day in any year" },
  { "0 0 */31 * 5L", "cron expression \"0 0 */31 * 5L\": never happens, as there is no such day in any year" },
  { "0 0\n* * *", "cron expression: has to be in plain letters, digits and the signs * , - / @" },
  { "0 0 * * m\xc3\xa5n", "cron expression: has to be in plain letters, digits and the signs * , - / @" },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(GError) error = NULL;
      TideCron cron = { .minutes = 42 };

      g_assert_false (tide_cron_parse (refusals[i].expression, &cron, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, refusals[i].message);
      g_assert_cmpuint (cron.minutes, ==, 42);
    }
}

static void
test_too_long (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new ("0");
  TideCron cron;

  for (int i = 1; i < 60; i++)
    g_string_append_printf (text, ",%d", i);
  g_string_append (text, " * * * *");
  g_assert_true (tide_cron_parse (text->str, &cron, &error));
  g_assert_no_error (error);
  g_assert_true (cron.rhythmic);

  g_string_append (text, ",");
  while (text->len <= 500)
    g_string_append (text, "*,");
  g_assert_false (tide_cron_parse (text->str, &cron, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "cron expression: is longer than 500 characters");
}

static void
test_rhythmic (void)
{
  const char * const rhythms[] = {
    "* * * * *", "*/5 * * * *", "7 * * * *", "*/5 2 * * *", "0 */2 * * *", "0-30/10 2 * * *", "0 0-23 * * *", "0-59 3 * * *"
  };
  const char * const times[] = { "0 2 * * *", "0,30 1-3 * * *", "0 2 */2 * *", "0 2 * */2 */2", "@daily", "@weekly" };
  TideCron cron;

  for (gsize i = 0; i < G_N_ELEMENTS (rhythms); i++)
    g_assert_true (tide_cron_parse (rhythms[i], &cron, NULL) && cron.rhythmic);
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    g_assert_true (tide_cron_parse (times[i], &cron, NULL) && !cron.rhythmic);
}

static void
test_daily (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Rome");
  g_autoptr(GError) error = NULL;
  TideCron cron;

  g_assert_true (tide_cron_init_daily (&cron, 12, 30, &error));
  g_assert_no_error (error);
  g_assert_cmpint (tide_cron_next (&cron, zone, tide_time_parse ("2026-07-01T10:30:00.000Z", -1), NULL), ==,
                   tide_time_parse ("2026-07-02T10:30:00.000Z", -1));

  g_assert_false (tide_cron_init_daily (&cron, 24, 0, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "hour 24: has to be between 0 and 23");
  g_clear_error (&error);
  g_assert_false (tide_cron_init_daily (&cron, 0, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

/* Clocks that are wrong by thousands of years do no harm. */
static void
test_far (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Rome");
  const gint64 last = tide_time_parse ("8999-12-31T22:59:00.000Z", -1);
  TideCron cron;

  g_assert_true (tide_cron_parse ("*/5 * * * *", &cron, NULL));
  g_assert_cmpint (tide_cron_next (&cron, zone, G_MAXINT64, NULL), ==, TIDE_CRON_NEVER);
  g_assert_cmpint (tide_cron_next (&cron, zone, last, NULL), ==, TIDE_CRON_NEVER);
  g_assert_cmpint (tide_cron_next (&cron, zone, last - TIDE_HOUR, NULL), <, last);
  g_assert_cmpint (tide_cron_next (&cron, zone, G_MININT64, NULL), >, G_MININT64);
  g_assert_true (tide_cron_parse ("0 0 29 2 *", &cron, NULL));
  g_assert_cmpint (tide_cron_next (&cron, zone, last, NULL), ==, TIDE_CRON_NEVER);
}

/* A year ahead takes microseconds: far less than this allows, which is for slow computers and sanitizers. */
static void
test_speed (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Rome");
  const gint64 now = tide_time_parse ("2026-03-01T00:00:00.000Z", -1);
  const char * const expressions[] = { "*/5 * * * *", "0 12 * * *", "@yearly", "0 0 29 2 *", "0 0 29 2 */7" };

  for (gsize i = 0; i < G_N_ELEMENTS (expressions); i++)
    {
      const int rounds = 1000;
      gint64 began;
      TideCron cron;

      g_assert_true (tide_cron_parse (expressions[i], &cron, NULL));
      began = g_get_monotonic_time ();
      for (int j = 0; j < rounds; j++)
        g_assert_cmpint (tide_cron_next (&cron, zone, now + j * TIDE_HOUR, NULL), >, now);
      began = g_get_monotonic_time () - began;
      g_test_message ("%s: %.2f us", expressions[i], (double)began / rounds);
      g_assert_cmpint (began, <, rounds * 500);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (times_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/cron/", times_cases[i].path, NULL);

      g_test_add_data_func (path, &times_cases[i], test_times);
    }
  g_test_add_func ("/cron/refusals", test_refusals);
  g_test_add_func ("/cron/too-long", test_too_long);
  g_test_add_func ("/cron/rhythmic", test_rhythmic);
  g_test_add_func ("/cron/daily", test_daily);
  g_test_add_func ("/cron/far", test_far);
  g_test_add_func ("/cron/speed", test_speed);

  return g_test_run ();
}
