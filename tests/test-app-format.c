/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-format"

#include <locale.h>

#include "tide-format.h"
#include "tide-time.h"

/* How numbers, times, durations and money are written, in the C locale with UTC and London. */

#define NOW "2026-10-22T11:34:20.000Z"          /* a Thursday; 12:34 in London */

static gint64
at (const char *text)
{
  gint64 instant = tide_time_parse (text, -1);

  g_assert_cmpint (instant, !=, TIDE_TIME_INVALID);
  return instant;
}

static void
check (char       *text,
       const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_numbers (void)
{
  check (tide_format_number (0), "0");
  check (tide_format_number (1284), "1284");
  check (tide_format_number (-7), "\xe2\x88\x92" "7");
  check (tide_format_number (G_MININT64), "\xe2\x88\x92" "9223372036854775808");
  g_assert_cmpint (tide_format_percent (0, 10), ==, 0);
  g_assert_cmpint (tide_format_percent (999, 1000), ==, 99);
  g_assert_cmpint (tide_format_percent (1000, 1000), ==, 100);
  g_assert_cmpint (tide_format_percent (1200, 1000), ==, 100);
  g_assert_cmpint (tide_format_percent (5, 0), ==, 0);
  g_assert_cmpint (tide_format_percent (G_MAXINT64 - 1, G_MAXINT64), <=, 100);
}

static void
test_money (void)
{
  check (tide_format_money (291435, "GBP"), "£2914.35");
  check (tide_format_money (5, "GBP"), "£0.05");
  check (tide_format_money (-1240, "EUR"), "\xe2\x88\x92€12.40");
  check (tide_format_money (540, "JPY"), "¥540");
  check (tide_format_money (12345, "KWD"), "KWD\xc2\xa0" "12.345");
}

static void
test_durations (void)
{
  check (tide_format_duration (0), "< 0.1 s");
  check (tide_format_duration (400 * 1000), "0.4 s");
  check (tide_format_duration (41 * TIDE_SECOND), "41 s");
  check (tide_format_duration (89 * TIDE_SECOND), "89 s");
  check (tide_format_duration (125 * TIDE_SECOND), "2 min");
  check (tide_format_duration (65 * TIDE_MINUTE), "1 h 5 min");
  check (tide_format_duration (3 * TIDE_HOUR), "3 h");
  check (tide_format_duration (-1), "");
  check (tide_format_duration_long (200 * 1000), "less than a second");
  check (tide_format_duration_long (TIDE_SECOND), "1 second");
  check (tide_format_duration_long (41 * TIDE_SECOND), "41 seconds");
  check (tide_format_duration_long (10 * TIDE_MINUTE), "10 minutes");
  check (tide_format_duration_long (90 * TIDE_MINUTE), "2 hours");
  check (tide_format_duration_long (3 * TIDE_HOUR), "3 hours");
}

static void
test_ago (void)
{
  gint64 now = at (NOW);

  check (tide_format_ago (0, now), "never");
  check (tide_format_ago (now, now), "just now");
  check (tide_format_ago (now + TIDE_MINUTE, now), "just now");
  check (tide_format_ago (now - TIDE_MINUTE, now), "1 minute ago");
  check (tide_format_ago (now - 59 * TIDE_MINUTE, now), "59 minutes ago");
  check (tide_format_ago (now - 3 * TIDE_HOUR, now), "3 hours ago");
  check (tide_format_ago (now - 3 * TIDE_DAY, now), "3 days ago");
  check (tide_format_ago_short (0, now), "–");
  check (tide_format_ago_short (now - 4 * TIDE_MINUTE, now), "4 min ago");
  check (tide_format_ago_short (now - 3 * TIDE_HOUR, now), "3 h ago");
}

static void
test_days (void)
{
  g_autoptr(GTimeZone) london = g_time_zone_new_identifier ("Europe/London");
  gint64 now = at (NOW);

  check (tide_format_clock (now, london), "12:34");
  check (tide_format_next (0, now, london), "–");
  check (tide_format_next (at ("2026-10-22T11:40:00.000Z"), now, london), "12:40");
  /* 00:30 on the wall is tomorrow, though in UTC it is still today */
  check (tide_format_next (at ("2026-10-22T23:30:00.000Z"), now, london), "Fri 00:30");
  check (tide_format_next (at ("2026-11-02T09:00:00.000Z"), now, london), "2 Nov");
  check (tide_format_moment (at ("2026-10-22T08:02:00.000Z"), now, london), "today at 09:02");
  check (tide_format_moment (at ("2026-10-21T16:40:00.000Z"), now, london), "yesterday at 17:40");
  check (tide_format_moment (at ("2026-10-02T16:40:00.000Z"), now, london), "2 Oct at 17:40");
  check (tide_format_day (now, now, london), "Today");
  check (tide_format_day (at ("2026-10-16T09:00:00.000Z"), now, london), "Fri 16");
  check (tide_format_day (at ("2024-03-14T09:00:00.000Z"), now, london), "14 Mar 2024");
  check (tide_format_date (at ("2025-03-14T09:00:00.000Z"), london), "14 March 2025");
}

/* The same hour of the wall clock on both sides of the change to winter time. */
static void
test_clock_change (void)
{
  g_autoptr(GTimeZone) london = g_time_zone_new_identifier ("Europe/London");

  check (tide_format_exact (at ("2026-10-25T00:30:00.000Z"), london), "Sunday 25 October 2026, 01:30:00 BST");
  check (tide_format_exact (at ("2026-10-25T01:30:00.000Z"), london), "Sunday 25 October 2026, 01:30:00 GMT");
}

static void
test_lists (void)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();

  check (tide_format_list (words, 3), "");
  g_ptr_array_add (words, (gpointer)"Orders");
  check (tide_format_list (words, 3), "Orders");
  g_ptr_array_add (words, (gpointer)"Payments");
  check (tide_format_list (words, 3), "Orders and Payments");
  g_ptr_array_add (words, (gpointer)"Refunds");
  check (tide_format_list (words, 3), "Orders, Payments and Refunds");
  check (tide_format_list (words, 2), "Orders, Payments and 1 more");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/numbers", test_numbers);
  g_test_add_func ("/format/money", test_money);
  g_test_add_func ("/format/durations", test_durations);
  g_test_add_func ("/format/ago", test_ago);
  g_test_add_func ("/format/days", test_days);
  g_test_add_func ("/format/clock-change", test_clock_change);
  g_test_add_func ("/format/lists", test_lists);
  return g_test_run ();
}
