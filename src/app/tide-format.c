/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

#include "tide-currency.h"
#include "tide-format.h"
#include "tide-time.h"

#define MINUS "\xe2\x88\x92"          /* U+2212: as wide as a plus, unlike the hyphen */

static const struct
{
  const char *code;
  const char *symbol;
} currency_symbols[] = {
  { "GBP", "£" },
  { "USD", "$" },
  { "EUR", "€" },
  { "JPY", "¥" },
};

/**
 * tide_format_number:
 * @number: a count
 *
 * Returns: (transfer full): the number with the locale's grouping
 */
char *
tide_format_number (gint64 number)
{
  if (number < 0)
    return g_strdup_printf (MINUS "%'" G_GUINT64_FORMAT, -(guint64)number);
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/**
 * tide_format_money:
 * @minor: the amount in the currency's smallest unit
 * @currency: ISO 4217 code
 *
 * Returns: (transfer full): such as "£2,914.35"; a code without a well-known sign stands in front as it is
 */
char *
tide_format_money (gint64      minor,
                   const char *currency)
{
  int exponent = tide_currency_get_exponent (currency, strlen (currency));
  const char *sign = minor < 0 ? MINUS : "";
  g_autofree char *symbol = g_strdup_printf ("%s\xc2\xa0", currency);
  g_autofree char *whole = NULL;
  guint64 amount = minor < 0 ? -(guint64)minor : (guint64)minor;
  guint64 unit = 1;

  for (int i = 0; i < exponent; i++)
    unit *= 10;
  for (gsize i = 0; i < G_N_ELEMENTS (currency_symbols); i++)
    if (g_str_equal (currency, currency_symbols[i].code))
      {
        g_free (symbol);
        symbol = g_strdup (currency_symbols[i].symbol);
      }
  whole = g_strdup_printf ("%'" G_GUINT64_FORMAT, amount / unit);
  if (exponent <= 0)
    return g_strconcat (sign, symbol, whole, NULL);
  return g_strdup_printf ("%s%s%s%s%0*" G_GUINT64_FORMAT,
                          sign, symbol, whole, nl_langinfo (RADIXCHAR), exponent, amount % unit);
}

/**
 * tide_format_percent:
 *
 * Returns: how much of @whole @part is, from 0 to 100; 100 only when nothing is left
 */
int
tide_format_percent (gint64 part,
                     gint64 whole)
{
  if (whole <= 0 || part <= 0)
    return 0;
  if (part >= whole)
    return 100;
  return (int)(part * 100.0 / whole);
}

/**
 * tide_format_duration:
 * @usec: microseconds
 *
 * Returns: (transfer full): such as "0.4 s", "41 s", "2 min", "1 h 5 min"
 */
char *
tide_format_duration (gint64 usec)
{
  gint64 seconds = (usec + TIDE_SECOND / 2) / TIDE_SECOND;
  gint64 minutes = (seconds + 30) / 60;

  if (usec < 0)
    return g_strdup ("");
  if (usec < TIDE_SECOND / 20)
    return g_strdup (_("< 0.1 s"));
  /* Translators: a duration in seconds with one decimal, as short as can be */
  if (usec < 10 * TIDE_SECOND)
    return g_strdup_printf (_("%.1f s"), usec / (double)TIDE_SECOND);
  if (seconds < 90)
    return g_strdup_printf (_("%d s"), (int)seconds);
  if (minutes < 60)
    return g_strdup_printf (_("%d min"), (int)minutes);
  if (minutes % 60 == 0)
    return g_strdup_printf (_("%d h"), (int)(minutes / 60));
  return g_strdup_printf (_("%d h %d min"), (int)(minutes / 60), (int)(minutes % 60));
}

/**
 * tide_format_duration_long:
 * @usec: microseconds
 *
 * Returns: (transfer full): the duration in words, to stand in a sentence
 */
char *
tide_format_duration_long (gint64 usec)
{
  int seconds = (int)((usec + TIDE_SECOND / 2) / TIDE_SECOND);
  int minutes = (seconds + 30) / 60;

  if (usec < TIDE_SECOND)
    return g_strdup (_("less than a second"));
  if (seconds < 90)
    return g_strdup_printf (ngettext ("%d second", "%d seconds", seconds), seconds);
  if (minutes < 90)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", minutes), minutes);
  minutes = (minutes + 30) / 60;
  return g_strdup_printf (ngettext ("%d hour", "%d hours", minutes), minutes);
}

/**
 * tide_format_ago:
 *
 * Returns: (transfer full): how long ago that was, in whole words
 */
char *
tide_format_ago (gint64 instant,
                 gint64 now)
{
  gint64 minutes = (now - instant) / TIDE_MINUTE;
  int n;

  if (instant <= 0)
    return g_strdup (_("never"));
  if (minutes < 1)
    return g_strdup (_("just now"));
  if (minutes < 60)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (int)minutes), (int)minutes);
  n = (int)(minutes / 60);
  if (n < 48)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", n), n);
  n /= 24;
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", n), n);
}

/**
 * tide_format_ago_short:
 *
 * Returns: (transfer full): how long ago that was, to stand in a column
 */
char *
tide_format_ago_short (gint64 instant,
                       gint64 now)
{
  gint64 minutes = (now - instant) / TIDE_MINUTE;

  if (instant <= 0)
    return g_strdup ("–");
  if (minutes < 1)
    return g_strdup (_("just now"));
  if (minutes < 60)
    return g_strdup_printf (_("%d min ago"), (int)minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf (_("%d h ago"), (int)(minutes / 60));
  return tide_format_ago (instant, now);
}

static GDateTime *
date_time_new (gint64     instant,
               GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (instant / TIDE_SECOND);

  return g_date_time_to_timezone (utc, zone);
}

/* Whether the locale writes 1:30 PM and not 13:30. */
static gboolean
clock_has_halves (void)
{
  const char *format = nl_langinfo (T_FMT);

  return strstr (format, "%r") != NULL || strstr (format, "%p") != NULL || strstr (format, "%I") != NULL;
}

/**
 * tide_format_clock:
 *
 * Returns: (transfer full): hour and minute of @instant in @zone
 */
char *
tide_format_clock (gint64     instant,
                   GTimeZone *zone)
{
  g_autoptr(GDateTime) time = date_time_new (instant, zone);

  return g_date_time_format (time, clock_has_halves () ? "%-l:%M\xc2\xa0%p" : "%H:%M");
}

/* Whole calendar days from now to the instant, on the zone's wall clock. */
static int
days_between (gint64     now,
              gint64     instant,
              GTimeZone *zone)
{
  g_autoptr(GDateTime) a = date_time_new (now, zone);
  g_autoptr(GDateTime) b = date_time_new (instant, zone);
  GDate da;
  GDate db;

  g_date_set_dmy (&da, g_date_time_get_day_of_month (a), g_date_time_get_month (a), g_date_time_get_year (a));
  g_date_set_dmy (&db, g_date_time_get_day_of_month (b), g_date_time_get_month (b), g_date_time_get_year (b));
  return g_date_days_between (&da, &db);
}

/**
 * tide_format_next:
 * @instant: something to come, 0 if nothing is
 *
 * Returns: (transfer full): when, as short as can be: "12:40", "Fri 01:30", "2 Nov"
 */
char *
tide_format_next (gint64     instant,
                  gint64     now,
                  GTimeZone *zone)
{
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *day = NULL;
  int days;

  if (instant <= 0)
    return g_strdup ("–");
  days = days_between (now, instant, zone);
  clock = tide_format_clock (instant, zone);
  if (days == 0)
    return g_steal_pointer (&clock);
  time = date_time_new (instant, zone);
  if (days < 0 || days > 6)
    return g_date_time_format (time, C_("date", "%-e %b"));
  day = g_date_time_format (time, "%a");
  return g_strdup_printf ("%s %s", day, clock);
}

/**
 * tide_format_moment:
 *
 * Returns: (transfer full): day and time of something past: "today at 09:02", "14 Oct at 17:40"
 */
char *
tide_format_moment (gint64     instant,
                    gint64     now,
                    GTimeZone *zone)
{
  g_autofree char *clock = tide_format_clock (instant, zone);
  g_autofree char *date = NULL;
  int days = days_between (now, instant, zone);

  if (days == 0)
    return g_strdup_printf (_("today at %s"), clock);
  if (days == -1)
    return g_strdup_printf (_("yesterday at %s"), clock);
  date = tide_format_day (instant, now, zone);
  /* Translators: a date, then a time of day */
  return g_strdup_printf (_("%s at %s"), date, clock);
}

/**
 * tide_format_day:
 *
 * Returns: (transfer full): a day, as short as can be: "Today", "Wed 21", "2 Nov", "2 Nov 2024"
 */
char *
tide_format_day (gint64     instant,
                 gint64     now,
                 GTimeZone *zone)
{
  g_autoptr(GDateTime) time = date_time_new (instant, zone);
  g_autoptr(GDateTime) today = date_time_new (now, zone);
  int days = days_between (now, instant, zone);

  if (days == 0)
    return g_strdup (_("Today"));
  if (ABS (days) < 8)
    return g_date_time_format (time, C_("date", "%a %-e"));
  if (g_date_time_get_year (time) == g_date_time_get_year (today))
    return g_date_time_format (time, C_("date", "%-e %b"));
  return g_date_time_format (time, C_("date", "%-e %b %Y"));
}

/**
 * tide_format_date:
 *
 * Returns: (transfer full): a day in full: "14 March 2025"
 */
char *
tide_format_date (gint64     instant,
                  GTimeZone *zone)
{
  g_autoptr(GDateTime) time = date_time_new (instant, zone);

  return g_date_time_format (time, C_("date", "%-e %B %Y"));
}

/**
 * tide_format_exact:
 *
 * Returns: (transfer full): day, time and zone in full, for tooltips
 */
char *
tide_format_exact (gint64     instant,
                   GTimeZone *zone)
{
  g_autoptr(GDateTime) time = date_time_new (instant, zone);

  return g_date_time_format (time, clock_has_halves () ? C_("date", "%A %-e %B %Y, %-l:%M:%S %p %Z")
                                                       : C_("date", "%A %-e %B %Y, %H:%M:%S %Z"));
}

/**
 * tide_format_list:
 * @words: (element-type utf8): names
 * @max: how many to name at most
 *
 * Returns: (transfer full): "Orders", "Orders and Payments", "Orders, Payments and 3 more"
 */
char *
tide_format_list (GPtrArray *words,
                  guint      max)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint shown = MIN (words->len, max);
  int more = (int)(words->len - shown);

  for (guint i = 0; i < shown; i++)
    {
      if (i > 0)
        /* Translators: stands between the names of a list, and before the last of them */
        g_string_append (text, i + 1 == shown && more == 0 ? _(" and ") : _(", "));
      g_string_append (text, g_ptr_array_index (words, i));
    }
  if (more > 0)
    g_string_append_printf (text, ngettext (" and %d more", " and %d more", more), more);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
