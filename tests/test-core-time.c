/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tide-time.h"

#include <string.h>

/* A text as the store would keep it, or NULL if it is no time. */
static char *
normal (const char *text)
{
  gint64 instant = tide_time_parse (text, -1);

  return instant != TIDE_TIME_INVALID ? tide_time_to_string (instant) : NULL;
}

static void
test_time_parse (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } cases[] =
  {
    { "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z" },
    { "2026-03-02T18:11:09.500Z", "2026-03-02T18:11:09.500Z" },
    { "2026-03-02t18:11:09z", "2026-03-02T18:11:09.000Z" },
    { "2026-03-02 18:11:09", "2026-03-02T18:11:09.000Z" },
    { "2026-03-02T18:11:09+01:30", "2026-03-02T16:41:09.000Z" },
    { "2026-03-02T18:11:09-0800", "2026-03-03T02:11:09.000Z" },
    { "2026-03-02T18:11:09.1-00:00", "2026-03-02T18:11:09.100Z" },
    { "2026-03-02T18:11:09.123456789Z", "2026-03-02T18:11:09.123Z" },
    { "2026-03-02T18:11:09.9999Z", "2026-03-02T18:11:09.999Z" },
    { "1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z" },
    { "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z" },
    { "2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z" },
    { "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z" },
    { "2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z" },
    { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z" },
    { "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999Z" },
    { "0000-01-01T00:00:00Z", NULL },
    { "0000-00-00T00:00:00Z", NULL },
    { "0001-01-01T00:00:00+00:01", NULL },
    { "9999-12-31T23:59:59-00:01", NULL },
    { "9999-12-31T23:59:60Z", NULL },
    { "1900-02-29T12:00:00Z", NULL },
    { "2026-02-29T12:00:00Z", NULL },
    { "2026-13-01T12:00:00Z", NULL },
    { "2026-00-01T12:00:00Z", NULL },
    { "2026-04-31T12:00:00Z", NULL },
    { "2026-04-00T12:00:00Z", NULL },
    { "2026-04-01T24:00:00Z", NULL },
    { "2026-04-01T12:60:00Z", NULL },
    { "2026-04-01T12:00:61Z", NULL },
    { "2026-04-01T12:00:00.Z", NULL },
    { "2026-04-01T12:00:00.1234567890Z", NULL },
    { "2026-04-01T12:00:00,5Z", NULL },
    { "2026-04-01T12:00:00ZZ", NULL },
    { "2026-04-01T12:00:00Z ", NULL },
    { " 2026-04-01T12:00:00Z", NULL },
    { "2026-04-01T12:00:00+24:00", NULL },
    { "2026-04-01T12:00:00+01:60", NULL },
    { "2026-04-01T12:00:00+1", NULL },
    { "2026-04-01T12:00:00+01:", NULL },
    { "2026-04-01T12:00:00 +01:00", NULL },
    { "2026-04-01T12:00Z", NULL },
    { "2026-04-01", NULL },
    { "2026-4-1T12:00:00Z", NULL },
    { "+2026-04-01T12:00:00Z", NULL },
    { "20260401T120000Z", NULL },
    { "2026-04-01x12:00:00Z", NULL },
    { "2026-04-01T12:00:00\xef\xbc\xba", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *actual = normal (cases[i].text);
      g_autofree char *exact = g_memdup2 (cases[i].text, strlen (cases[i].text));
      char buffer[TIDE_TIME_TEXT_LENGTH + 1] = "untouched";

      g_assert_cmpstr (actual, ==, cases[i].expected);
      /* And by the short way, from bytes without a NUL. */
      g_assert_cmpint (tide_time_normalize (exact != NULL ? exact : "", strlen (cases[i].text), buffer), ==, cases[i].expected != NULL);
      g_assert_cmpstr (buffer, ==, cases[i].expected != NULL ? cases[i].expected : "untouched");
    }
}

/* Every day of four centuries and some, against GLib's calendar. */
static void
test_time_calendar (void)
{
  g_autoptr(GDate) date = g_date_new_dmy (1, G_DATE_JANUARY, 1899);
  gint64 expected = -71 * 365 - 17;

  for (int i = 0; i < 146097 + 1000; i++, expected++)
    {
      g_autofree char *text = g_strdup_printf ("%04d-%02d-%02dT01:02:03.004Z", g_date_get_year (date),
                                               g_date_get_month (date), g_date_get_day (date));
      char buffer[TIDE_TIME_TEXT_LENGTH + 1];
      gint64 instant = tide_time_parse (text, -1);

      g_assert_cmpint (instant, ==, expected * TIDE_DAY + TIDE_HOUR + 2 * TIDE_MINUTE + 3 * TIDE_SECOND + 4000);
      tide_time_format (instant, buffer);
      g_assert_cmpstr (buffer, ==, text);
      g_date_add_days (date, 1);
    }
}

static void
test_time_format_clamps (void)
{
  char buffer[TIDE_TIME_TEXT_LENGTH + 1];

  tide_time_format (G_MININT64, buffer);
  g_assert_cmpstr (buffer, ==, "0001-01-01T00:00:00.000Z");
  tide_time_format (G_MAXINT64, buffer);
  g_assert_cmpstr (buffer, ==, "9999-12-31T23:59:59.999Z");
  tide_time_format (-1, buffer);
  g_assert_cmpstr (buffer, ==, "1969-12-31T23:59:59.999Z");
}

static void
test_time_zones (void)
{
  static const char * const zones[] = { "UTC", "Europe/Rome", "America/New_York", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "EST5EDT" };
  static const char * const others[] =
  {
    "", "Z", "+01:00", "01:00", "Nowhere/Land", "Europe/", "Europe", "../UTC", "/usr/share/zoneinfo/UTC", "FOO3", "CET-1CEST",
    "zone.tab", "zone1970.tab", "leapseconds", "tzdata.zi", "europe/rome\n", "Europe/Rome ", "Europe/../Europe/Rome",
  };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    g_assert_true (tide_time_is_zone (zones[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (tide_time_is_zone (others[i]));
  g_assert_false (tide_time_is_zone (NULL));
  g_assert_null (tide_time_zone_spans ("Nowhere/Land", 2020, 2030));
}

static void
test_time_spans (void)
{
  g_autoptr(GArray) spans = tide_time_zone_spans ("Europe/Rome", 2026, 2027);
  static const struct
  {
    const char *from;
    int         offset;
  } expected[] =
  {
    { "2026-01-01T00:00:00.000Z", 3600 },
    { "2026-03-29T01:00:00.000Z", 7200 },
    { "2026-10-25T01:00:00.000Z", 3600 },
    { "2027-03-28T01:00:00.000Z", 7200 },
    { "2027-10-31T01:00:00.000Z", 3600 },
  };

  g_assert_cmpuint (spans->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < spans->len; i++)
    {
      const TideZoneSpan *span = &g_array_index (spans, TideZoneSpan, i);
      g_autofree char *from = tide_time_to_string (span->from);

      g_assert_cmpstr (from, ==, expected[i].from);
      g_assert_cmpint (span->offset, ==, expected[i].offset);
    }
}

static void
test_time_spans_utc (void)
{
  g_autoptr(GArray) spans = tide_time_zone_spans ("UTC", 1990, 2060);

  g_assert_cmpuint (spans->len, ==, 1);
  g_assert_cmpint (g_array_index (spans, TideZoneSpan, 0).offset, ==, 0);
}

/* Each quarter of an hour of some years, in zones that do odd things. */
static void
test_time_spans_everywhere (void)
{
  static const char * const zones[] =
  {
    "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "America/Caracas", "Asia/Pyongyang",
  };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autoptr(GArray) spans = tide_time_zone_spans (zones[i], 2005, 2030);
      g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (zones[i]);
      guint at = 0;

      for (gint64 second = 1104537600; second < 1924992000; second += 900)
        {
          int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, second);

          while (at + 1 < spans->len && g_array_index (spans, TideZoneSpan, at + 1).from <= second * TIDE_SECOND)
            at++;
          if (g_array_index (spans, TideZoneSpan, at).offset != g_time_zone_get_offset (zone, interval))
            g_error ("%s is wrong at %" G_GINT64_FORMAT, zones[i], second);
        }
      g_assert_cmpuint (at, ==, spans->len - 1);
    }
}

static void
test_time_midnight (void)
{
  static const struct
  {
    const char *zone;
    const char *instant;
    int         days;
    const char *expected;
  } cases[] =
  {
    { "Europe/Rome", "2026-01-15T12:00:00Z", 0, "2026-01-14T23:00:00.000Z" },
    { "Europe/Rome", "2026-07-15T12:00:00Z", 0, "2026-07-14T22:00:00.000Z" },
    { "Europe/Rome", "2026-07-15T12:00:00Z", 1, "2026-07-15T22:00:00.000Z" },
    { "Europe/Rome", "2026-07-15T22:00:00Z", 0, "2026-07-15T22:00:00.000Z" },
    { "Europe/Rome", "2026-07-15T21:59:59.999999Z", 0, "2026-07-14T22:00:00.000Z" },
    { "Europe/Rome", "2026-03-29T12:00:00Z", 0, "2026-03-28T23:00:00.000Z" },
    { "Europe/Rome", "2026-03-29T12:00:00Z", 1, "2026-03-29T22:00:00.000Z" },
    { "Europe/Rome", "2026-10-25T12:00:00Z", 1, "2026-10-25T23:00:00.000Z" },
    { "Europe/Rome", "2026-01-15T12:00:00Z", -365, "2025-01-14T23:00:00.000Z" },
    { "America/New_York", "1969-12-31T23:30:00Z", 0, "1969-12-31T05:00:00.000Z" },
    /* No midnight: the day begins at one. */
    { "America/Sao_Paulo", "2018-11-04T12:00:00Z", 0, "2018-11-04T03:00:00.000Z" },
    { "America/Sao_Paulo", "2018-11-03T12:00:00Z", 1, "2018-11-04T03:00:00.000Z" },
    { "Asia/Beirut", "2021-03-28T12:00:00Z", 0, "2021-03-27T22:00:00.000Z" },
    /* Two of them: the first counts. */
    { "America/Havana", "2023-11-05T12:00:00Z", 0, "2023-11-05T04:00:00.000Z" },
    /* From midnight back to eleven: there is one, an hour after. */
    { "America/Sao_Paulo", "2018-02-18T12:00:00Z", 0, "2018-02-18T03:00:00.000Z" },
    /* A day that was left out. */
    { "Pacific/Apia", "2011-12-29T20:00:00Z", 1, "2011-12-30T10:00:00.000Z" },
    { "Pacific/Apia", "2011-12-29T20:00:00Z", 2, "2011-12-30T10:00:00.000Z" },
    { "UTC", "2026-01-15T12:00:00Z", 0, "2026-01-15T00:00:00.000Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (cases[i].zone);
      gint64 midnight = tide_time_local_midnight (tide_time_parse (cases[i].instant, -1), zone, cases[i].days);
      g_autofree char *actual = tide_time_to_string (midnight);

      g_assert_cmpstr (actual, ==, cases[i].expected);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/time/parse", test_time_parse);
  g_test_add_func ("/core/time/calendar", test_time_calendar);
  g_test_add_func ("/core/time/format-clamps", test_time_format_clamps);
  g_test_add_func ("/core/time/zones", test_time_zones);
  g_test_add_func ("/core/time/spans", test_time_spans);
  g_test_add_func ("/core/time/spans-utc", test_time_spans_utc);
  g_test_add_func ("/core/time/spans-everywhere", test_time_spans_everywhere);
  g_test_add_func ("/core/time/midnight", test_time_midnight);

  return g_test_run ();
}
