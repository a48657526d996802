/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-cron-summary.h"

/* An expression in English words, for logs, the API and programs. This layer knows no other language: what an owner reads in
 * the window is worded there, from the same summary. */

static const char * const month_names[] =
{
  NULL, "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
  "December"
};

static const char * const weekday_names[] =
{
  "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
};

typedef char * (*NameFunc) (int value);

static char *
name_time (int minute_of_day)
{
  return g_strdup_printf ("%02d:%02d", minute_of_day / 60, minute_of_day % 60);
}

static char *
name_number (int value)
{
  return g_strdup_printf ("%d", value);
}

static char *
name_hour (int value)
{
  return name_time (value * 60);
}

static char *
name_month (int value)
{
  return g_strdup (month_names[value]);
}

static char *
name_weekday (int value)
{
  return g_strdup (weekday_names[value]);
}

static char *
name_a_weekday (int value)
{
  return g_strdup_printf ("a %s", weekday_names[value]);
}

static char *
name_last_weekday (int value)
{
  return g_strdup_printf ("the last %s of the month", weekday_names[value]);
}

static char *
name_day (int value)
{
  const char *ending = "th";

  if (value / 10 != 1 && value % 10 >= 1 && value % 10 <= 3)
    ending = value % 10 == 1 ? "st" : value % 10 == 2 ? "nd" : "rd";
  return g_strdup_printf ("the %d%s", value, ending);
}

/* Adds the names of the set bits; three and more on end as a range. */
static void
add_names (GPtrArray *words,
           guint64    bits,
           NameFunc   name)
{
  for (int value = 0; value < 64; value++)
    {
      int last = value;

      if (!(bits >> value & 1))
        continue;
      while (last < 63 && bits >> (last + 1) & 1)
        last++;

      if (last - value >= 2)
        {
          g_autofree char *from = name (value);
          g_autofree char *to = name (last);

          g_ptr_array_add (words, g_strdup_printf ("%s to %s", from, to));
          value = last;
        }
      else
        g_ptr_array_add (words, name (value));
    }
}

/* "a, b and c". */
static char *
join (GPtrArray  *words,
      const char *conjunction)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      if (i > 0 && i + 1 == words->len)
        g_string_append_printf (text, " %s ", conjunction);
      else if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, g_ptr_array_index (words, i));
    }
  return g_string_free (text, FALSE);
}

static char *
join_names (guint64   bits,
            NameFunc  name)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  add_names (words, bits, name);
  return join (words, "and");
}

/* Monday comes first: Sunday is bit 7. */
static guint64
week_from_monday (guint8 weekdays)
{
  return (weekdays & 0xfeu) | (weekdays & 1u) << 7;
}

static char *
word_weekdays (const TideCron *self,
               NameFunc        name,
               const char     *conjunction)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  add_names (words, week_from_monday (self->weekdays), name);
  add_names (words, week_from_monday (self->last_weekdays), name_last_weekday);
  return join (words, conjunction);
}

static char *
word_month_days (const TideCron *self,
                 gboolean        name_months)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *months = name_months ? join_names (self->months, name_month) : g_strdup ("the month");
  g_autofree char *days = NULL;

  add_names (words, self->days, name_day);
  if (self->last_day)
    g_ptr_array_add (words, g_strdup ("the last day"));
  days = join (words, "and");
  return g_strdup_printf ("%s of %s", days, months);
}

/* Whether the days of the month are those of some months: "the 1st of January". */
static gboolean
names_months (const TideCronSummary *summary)
{
  return !summary->all_months && (summary->days == TIDE_CRON_DAYS_MONTH || summary->days == TIDE_CRON_DAYS_BOTH);
}

static char *
word_days (const TideCron        *self,
           const TideCronSummary *summary)
{
  g_autofree char *weekdays = word_weekdays (self, name_weekday, "and");
  g_autofree char *tests = NULL;
  g_autofree char *days = NULL;

  if (summary->days == TIDE_CRON_DAYS_ALL)
    return g_strdup ("");
  if (summary->days == TIDE_CRON_DAYS_WEEKDAYS && summary->weekday_from != 0)
    return g_strdup_printf (" from %s", weekdays);
  if (summary->days == TIDE_CRON_DAYS_WEEKDAYS)
    return g_strdup_printf (" on %s", weekdays);

  days = word_month_days (self, names_months (summary));
  if (summary->days == TIDE_CRON_DAYS_MONTH)
    return g_strdup_printf (" on %s", days);
  if (summary->days == TIDE_CRON_DAYS_EITHER)
    return g_strdup_printf (" on %s and on %s", days, weekdays);

  tests = word_weekdays (self, name_a_weekday, "or");
  return g_strdup_printf (" on %s, if it is %s", days, tests);
}

static char *
word_rhythm (const TideCronSummary *summary)
{
  const char *unit = summary->pace == TIDE_CRON_PACE_MINUTES ? "minute" : "hour";
  g_autofree char *every = summary->every > 1 ? g_strdup_printf ("Every %d %ss", summary->every, unit)
                                              : g_strdup_printf ("Every %s", unit);
  g_autofree char *first = name_time (summary->first);
  g_autofree char *last = name_time (summary->last);

  if (!summary->whole_day)
    return g_strdup_printf ("%s between %s and %s", every, first, last);
  if (summary->first == 0)
    return g_steal_pointer (&every);
  return g_strdup_printf ("%s from %s on", every, first);
}

static char *
word_times (const TideCron        *self,
            const TideCronSummary *summary)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *times = NULL;
  g_autofree char *minutes = NULL;
  g_autofree char *hours = NULL;

  if (summary->pace == TIDE_CRON_PACE_MINUTES || summary->pace == TIDE_CRON_PACE_HOURS)
    return word_rhythm (summary);
  if (summary->pace == TIDE_CRON_PACE_MIXED)
    {
      minutes = join_names (self->minutes, name_number);
      hours = join_names (self->hours, name_hour);
      return g_strdup_printf ("At minute %s of the hours of %s", minutes, hours);
    }

  for (int i = 0; i < summary->n_times; i++)
    g_ptr_array_add (words, name_time (summary->times[i]));
  times = join (words, "and");
  return g_strdup_printf (summary->days == TIDE_CRON_DAYS_ALL ? "Every day at %s" : "At %s", times);
}

/**
 * tide_cron_describe:
 * @self: an expression
 *
 * Puts it in plain English: "Every 15 minutes between 08:00 and 17:59 from Monday to Friday". Pure.
 *
 * Returns: (transfer full): the words, without a full stop
 */
char *
tide_cron_describe (const TideCron *self)
{
  TideCronSummary summary;
  g_autofree char *times = NULL;
  g_autofree char *days = NULL;
  g_autofree char *months = NULL;

  tide_cron_summarize (self, &summary);
  times = word_times (self, &summary);
  days = word_days (self, &summary);
  months = summary.all_months || names_months (&summary) ? NULL : join_names (self->months, name_month);
  return g_strconcat (times, days, months != NULL ? " in " : NULL, months, NULL);
}
