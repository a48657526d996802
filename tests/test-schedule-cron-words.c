/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-schedule-cron-words"

#include "tide-cron-summary.h"

/* What cron expressions are in words. */

static const struct
{
  const char *expression;
  const char *words;
} cases[] = {
  { "0 12 * * *", "Every day at 12:00" },
  { "@daily", "Every day at 00:00" },
  { "30 8,20 * * *", "Every day at 08:30 and 20:30" },
  { "0 */8 * * *", "Every day at 00:00, 08:00 and 16:00" },
  { "5,20 6,7,9 * * *", "Every day at 06:05, 06:20, 07:05, 07:20, 09:05 and 09:20" },
  { "*/30 2 * * *", "Every day at 02:00 and 02:30" },
  { "* * * * *", "Every minute" },
  { "* 9 * * *", "Every minute between 09:00 and 09:59" },
  { "*/15 * * * *", "Every 15 minutes" },
  { "0,15,30,45 * * * *", "Every 15 minutes" },
  { "5-59/15 * * * *", "Every 15 minutes from 00:05 on" },
  { "*/15 8-17 * * mon-fri", "Every 15 minutes between 08:00 and 17:59 from Monday to Friday" },
  { "0-40/10 2 * * *", "Every 10 minutes between 02:00 and 02:40" },
  { "*/25 * * * *", "At minute 0, 25 and 50 of the hours of 00:00 to 23:00" },
  { "*/25 7,8 * * *", "Every day at 07:00, 07:25, 07:50, 08:00, 08:25 and 08:50" },
  { "3,10,12 7,9,10-12 * * 0", "At minute 3, 10 and 12 of the hours of 07:00 and 09:00 to 12:00 on Sunday" },
  { "@hourly", "Every hour" },
  { "7 * * * *", "Every hour from 00:07 on" },
  { "0 */2 * * *", "Every 2 hours" },
  { "30 1-23/2 * * *", "Every 2 hours from 01:30 on" },
  { "0 */5 * * *", "Every 5 hours between 00:00 and 20:00" },
  { "0 8-18/2 * * 6,7", "Every 2 hours between 08:00 and 18:00 on Saturday and Sunday" },
  { "0 9 * * 1", "At 09:00 on Monday" },
  { "0 9 * * 0,1,4", "At 09:00 on Monday, Thursday and Sunday" },
  { "0 9 * * fri-sun", "At 09:00 from Friday to Sunday" },
  { "0 9 * * 1,3-5", "At 09:00 on Monday and Wednesday to Friday" },
  { "0 9 * * 0-6", "Every day at 09:00" },
  { "0 9 * * friL", "At 09:00 on the last Friday of the month" },
  { "0 9 * * mon,5L", "At 09:00 on Monday and the last Friday of the month" },
  { "@monthly", "At 00:00 on the 1st of the month" },
  { "0 9 L * *", "At 09:00 on the last day of the month" },
  { "0 9 2,3,11,21,22 * *", "At 09:00 on the 2nd, the 3rd, the 11th, the 21st and the 22nd of the month" },
  { "0 9 1-7,L * *", "At 09:00 on the 1st to the 7th and the last day of the month" },
  { "0 0 13 * 5", "At 00:00 on the 13th of the month and on Friday" },
  { "0 0 1-31 * 5", "Every day at 00:00" },
  { "0 0 1-7 * */7", "At 00:00 on the 1st to the 7th of the month, if it is a Sunday" },
  { "0 0 1-7 * *,1L", "At 00:00 on the 1st to the 7th of the month" },
  { "@yearly", "At 00:00 on the 1st of January" },
  { "0 0 L 1,3-6 *", "At 00:00 on the last day of January and March to June" },
  { "0 0 13 2 5", "At 00:00 on the 13th of the month and on Friday in February" },
  { "0 0 13 2 */2", "At 00:00 on the 13th of February, if it is a Tuesday, a Thursday, a Saturday or a Sunday" },
  { "0 12 * 3-10 *", "Every day at 12:00 in March to October" },
  { "0 12 * jan,jul *", "Every day at 12:00 in January and July" },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = NULL;
      TideCron cron;

      g_assert_true (tide_cron_parse (cases[i].expression, &cron, NULL));
      words = tide_cron_describe (&cron);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_summary (void)
{
  TideCronSummary summary;
  TideCron cron;

  g_assert_true (tide_cron_parse ("*/15 8-17 * 1-6 mon-fri", &cron, NULL));
  tide_cron_summarize (&cron, &summary);
  g_assert_cmpint (summary.pace, ==, TIDE_CRON_PACE_MINUTES);
  g_assert_cmpint (summary.every, ==, 15);
  g_assert_cmpint (summary.first, ==, 8 * 60);
  g_assert_cmpint (summary.last, ==, 17 * 60 + 59);
  g_assert_false (summary.whole_day);
  g_assert_cmpint (summary.n_times, ==, 0);
  g_assert_cmpint (summary.days, ==, TIDE_CRON_DAYS_WEEKDAYS);
  g_assert_cmpint (summary.weekday_from, ==, 1);
  g_assert_cmpint (summary.weekday_to, ==, 5);
  g_assert_false (summary.all_months);

  g_assert_true (tide_cron_init_daily (&cron, 12, 5, NULL));
  tide_cron_summarize (&cron, &summary);
  g_assert_cmpint (summary.pace, ==, TIDE_CRON_PACE_TIMES);
  g_assert_cmpint (summary.n_times, ==, 1);
  g_assert_cmpint (summary.times[0], ==, 12 * 60 + 5);
  g_assert_cmpint (summary.days, ==, TIDE_CRON_DAYS_ALL);
  g_assert_true (summary.all_months);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cron-words/words", test_words);
  g_test_add_func ("/cron-words/summary", test_summary);

  return g_test_run ();
}
