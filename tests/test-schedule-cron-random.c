/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-schedule-cron-random"

#include "tide-cron-summary.h"
#include "tide-error.h"
#include "tide-time.h"

#include <string.h>

/* Random expressions in random zones at random times, most of them near a change of the clock, against somebody who
 * looks at the clock every minute. He shares nothing with the code he checks: what an expression allows he
 * knows from whoever made it up, what the clock shows from GDateTime, and he remembers what it showed. */

#define CASES 2500
#define MAX_TIMES 6
#define WARM_UP (3 * 24 * 60)
#define PATIENCE (6 * 24 * 60)

typedef struct
{
  GString  *text;
  gboolean  minutes[60];
  gboolean  hours[24];
  gboolean  days[32];
  gboolean  months[13];
  gboolean  weekdays[8];   /* 7 is Sunday too */
  gboolean  last_weekdays[8];
  gboolean  last_day;
  gboolean  day_star;
  gboolean  weekday_star;
  gboolean  rhythmic;
} Expression;

typedef struct
{
  gint64       instant;
  TideCronNote note;
} Happening;

static const char * const zones[] =
{
  "Europe/Rome", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Havana",
  "America/Caracas", "America/Sao_Paulo", "America/Santiago", "America/Asuncion", "America/Godthab", "America/Scoresbysund",
  "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Windhoek", "Africa/Juba", "Asia/Amman", "Asia/Beirut",
  "Asia/Gaza", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Asia/Ulaanbaatar", "Atlantic/Azores",
  "Antarctica/Troll", "Antarctica/Casey", "Australia/Lord_Howe", "Australia/Adelaide", "Europe/Istanbul", "Europe/Moscow",
  "Pacific/Apia", "Pacific/Chatham", "Pacific/Fiji", "Pacific/Kwajalein", "Pacific/Kiritimati", "Pacific/Tongatapu", "UTC",
};

static const char * const month_names[] = { "Jan", "FEB", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
static const char * const weekday_names[] = { "sun", "Mon", "tue", "WED", "thu", "fri", "sat" };

static void
expression_clear (Expression *self)
{
  g_string_free (self->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Expression, expression_clear)

static void
append_value (GString *text,
              int      value,
              int      last)
{
  if (last == 12 && g_test_rand_bit ())
    g_string_append (text, month_names[value - 1]);
  else if (last == 7 && value < 7 && g_test_rand_bit ())
    g_string_append (text, weekday_names[value]);
  else
    g_string_append_printf (text, "%d", value);
}

/* One item of a list. Returns whether it has a star or a step in it. */
static gboolean
make_item (GString  *text,
           gboolean *allowed,
           int       first,
           int       last)
{
  int kind = g_test_rand_int_range (0, 6);
  /* Clocks are changed in the small hours. */
  int reach = last == 23 && g_test_rand_int_range (0, 4) > 0 ? 3 : last;
  int from = g_test_rand_int_range (first, reach + 1);
  int to = g_test_rand_int_range (from, reach + 1);
  int step = g_test_rand_int_range (1, MAX (2, (last - first + 1) / 2));

  if (kind <= 2)
    {
      append_value (text, from, last);
      allowed[from] = TRUE;
      return FALSE;
    }
  if (kind == 5)
    {
      g_string_append (text, "*");
      from = first;
      to = last;
    }
  else
    {
      append_value (text, from, last);
      g_string_append (text, "-");
      append_value (text, to, last);
    }
  if (kind == 3)
    step = 1;
  else
    g_string_append_printf (text, "/%d", step);

  for (int value = from; value <= to; value += step)
    allowed[value] = TRUE;
  return kind != 3;
}

/* Returns whether the field has a star or a step in it. */
static gboolean
make_field (GString  *text,
            gboolean *allowed,
            int       first,
            int       last,
            int       star_chance)
{
  gboolean rhythmic = FALSE;
  int count = g_test_rand_bit () ? 1 : g_test_rand_int_range (2, 5);

  if (text->len > 0)
    g_string_append (text, " ");
  if (g_test_rand_int_range (0, 10) < star_chance)
    {
      g_string_append (text, "*");
      for (int value = first; value <= last; value++)
        allowed[value] = TRUE;
      return TRUE;
    }

  for (int i = 0; i < count; i++)
    {
      if (i > 0)
        g_string_append (text, ",");
      rhythmic |= make_item (text, allowed, first, last);
    }
  return rhythmic;
}

static gboolean
is_full (const gboolean *allowed,
         int             count)
{
  for (int i = 0; i < count; i++)
    if (!allowed[i])
      return FALSE;
  return TRUE;
}

static void
expression_make (Expression *self)
{
  gsize start;

  memset (self, 0, sizeof *self);
  self->text = g_string_new (NULL);
  self->rhythmic |= make_field (self->text, self->minutes, 0, 59, 1);
  self->rhythmic |= make_field (self->text, self->hours, 0, 23, 2);
  self->rhythmic |= is_full (self->minutes, 60) || is_full (self->hours, 24);

  start = self->text->len + 1;
  make_field (self->text, self->days, 1, 31, 8);
  self->day_star = self->text->str[start] == '*';
  if (g_test_rand_int_range (0, 8) == 0)
    {
      g_string_append (self->text, ",L");
      self->last_day = TRUE;
    }
  make_field (self->text, self->months, 1, 12, 9);

  start = self->text->len + 1;
  make_field (self->text, self->weekdays, 0, 7, 8);
  self->weekday_star = self->text->str[start] == '*';
  if (g_test_rand_int_range (0, 8) == 0)
    {
      int weekday = g_test_rand_int_range (0, 8);

      g_string_append_printf (self->text, ",%dL", weekday);
      self->last_weekdays[weekday] = TRUE;
    }
}

/* Whether a clock's reading, in minutes since 1970 on that clock, is asked for. */
static gboolean
expression_fits (const Expression *self,
                 gint64            reading)
{
  g_autoptr(GDateTime) time = NULL;
  g_autoptr(GDateTime) week_later = NULL;
  g_autoptr(GDateTime) day_later = NULL;
  gboolean by_day, by_weekday;
  int weekday;

  if (!self->minutes[((reading % 60) + 60) % 60])
    return FALSE;
  time = g_date_time_new_from_unix_utc (reading * 60);
  if (!self->hours[g_date_time_get_hour (time)] || !self->months[g_date_time_get_month (time)])
    return FALSE;

  week_later = g_date_time_add_days (time, 7);
  day_later = g_date_time_add_days (time, 1);
  weekday = g_date_time_get_day_of_week (time);
  by_day = self->days[g_date_time_get_day_of_month (time)] ||
           (self->last_day && g_date_time_get_day_of_month (day_later) == 1);
  by_weekday = self->weekdays[weekday] || (weekday == 7 && self->weekdays[0]);
  if (g_date_time_get_month (week_later) != g_date_time_get_month (time))
    by_weekday |= self->last_weekdays[weekday] || (weekday == 7 && self->last_weekdays[0]);

  if (self->day_star || self->weekday_star)
    return by_day && by_weekday;
  return by_day || by_weekday;
}

static gint64
read_clock (GTimeZone *zone,
            gint64     minute)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (minute * 60);
  g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, zone);

  return minute + g_date_time_get_utc_offset (local) / TIDE_MINUTE;
}

/* Whether the clock will show this reading once more. */
static gboolean
comes_again (GTimeZone *zone,
             gint64     minute,
             gint64     reading)
{
  gboolean changes = FALSE;

  for (int hour = 1; hour <= 48; hour++)
    changes |= read_clock (zone, minute + hour * 60) != reading + hour * 60;
  for (int i = 1; changes && i <= 48 * 60; i++)
    if (read_clock (zone, minute + i) == reading)
      return TRUE;
  return FALSE;
}

/* The clock went from @before to @reading: is what it left out made up for now? */
static gboolean
is_made_up (const Expression *expression,
            gint64            before,
            gint64            reading,
            const GHashTable *seen)
{
  gint64 swallowed = before + 1;

  while (swallowed < reading && (g_hash_table_contains ((GHashTable *)seen, GINT_TO_POINTER (swallowed)) ||
                                 !expression_fits (expression, swallowed)))
    swallowed++;
  if (swallowed == reading || expression_fits (expression, reading))
    return FALSE;
  if (!expression->rhythmic)
    return TRUE;

  for (gint64 i = 1; i <= swallowed - (before + 1); i++)
    if (expression_fits (expression, reading + i))
      return FALSE;
  return TRUE;
}

/* Looks at the clock every minute from shortly before @after on, and writes down what happens later than that. Returns
 * the minute up to which was looked. */
static gint64
watch (const Expression *expression,
       GTimeZone        *zone,
       gint64            after,
       GArray           *happenings)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  gint64 minute = after / TIDE_MINUTE - WARM_UP;
  gint64 end = minute + WARM_UP + PATIENCE;
  gint64 before = read_clock (zone, minute) - 1;

  for (; minute < end && happenings->len < MAX_TIMES; minute++)
    {
      gint64 reading = read_clock (zone, minute);
      gboolean again = g_hash_table_contains (seen, GINT_TO_POINTER (reading));
      gboolean fits = expression_fits (expression, reading) && (expression->rhythmic || !again);
      gboolean late = reading > before + 1 && is_made_up (expression, before, reading, seen);
      Happening happening = { minute * TIDE_MINUTE, TIDE_CRON_NOTE_NONE };

      for (gint64 i = before + 1; i <= reading; i++)
        g_hash_table_add (seen, GINT_TO_POINTER (i));
      before = reading;
      if ((!fits && !late) || happening.instant <= after)
        continue;

      if (late)
        happening.note = TIDE_CRON_NOTE_LATE;
      else if (again)
        happening.note = TIDE_CRON_NOTE_SECOND;
      else if (comes_again (zone, minute, reading))
        happening.note = TIDE_CRON_NOTE_FIRST;
      g_array_append_val (happenings, happening);
    }
  return minute;
}

/* A random instant from 1975 to 2036; most are up to two days before a change of the clock or an hour after it. */
static gint64
pick_instant (GTimeZone *zone)
{
  gint64 minute = (gint64)g_test_rand_int_range (5 * 365, 66 * 365) * 24 * 60;
  gint64 reading = read_clock (zone, minute);

  if (g_test_rand_int_range (0, 5) > 0)
    for (int day = 1; day < 400; day++)
      if (read_clock (zone, minute + day * 24 * 60) != reading + day * 24 * 60)
        {
          gint64 change = minute + (day - 1) * 24 * 60;

          while (read_clock (zone, change) - change == reading - minute)
            change++;
          minute = change - g_test_rand_int_range (-60, g_test_rand_bit () ? 4 * 60 : 2 * 24 * 60);
          break;
        }
  return minute * TIDE_MINUTE + (g_test_rand_bit () ? 0 : g_test_rand_int_range (0, (gint32)TIDE_MINUTE));
}

/* Later than @after comes @expected, and no other. */
static gboolean
comes_next (const TideCron  *cron,
            GTimeZone       *zone,
            gint64           after,
            const Happening *expected)
{
  TideCronNote note;
  gint64 found = tide_cron_next (cron, zone, after, &note);
  g_autofree char *found_text = tide_time_to_string (found);
  g_autofree char *expected_text = tide_time_to_string (expected->instant);
  g_autofree char *after_text = tide_time_to_string (after);

  if (found == expected->instant && note == expected->note)
    return TRUE;

  g_test_message ("after %s comes %s (%d), not %s (%d)", after_text, expected_text, expected->note, found_text, note);
  return FALSE;
}

static gboolean
check_case (GTimeZone        *zone,
            const Expression *expression,
            int               counts[4])
{
  g_autoptr(GArray) happenings = g_array_new (FALSE, FALSE, sizeof (Happening));
  g_autoptr(GError) error = NULL;
  gint64 after = pick_instant (zone);
  gint64 until = watch (expression, zone, after, happenings);
  TideCron cron;

  /* Some expressions never happen, and only those may be refused. */
  if (!tide_cron_parse (expression->text->str, &cron, &error))
    return strstr (error->message, "never happens") != NULL && happenings->len == 0;
  if (cron.rhythmic != expression->rhythmic)
    return FALSE;

  for (guint i = 0; i < happenings->len; i++)
    {
      const Happening *expected = &g_array_index (happenings, Happening, i);
      gint64 between = after + (gint64)(g_test_rand_double () * (expected->instant - after));

      if (!comes_next (&cron, zone, after, expected) || !comes_next (&cron, zone, between, expected))
        return FALSE;
      after = expected->instant;
      counts[expected->note]++;
    }
  return happenings->len == MAX_TIMES || tide_cron_next (&cron, zone, after, NULL) >= until * TIDE_MINUTE;
}

static void
test_random (void)
{
  int counts[4] = { 0 };

  for (int i = 0; i < CASES; i++)
    {
      const char *name = zones[g_test_rand_int_range (0, G_N_ELEMENTS (zones))];
      g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (name);
      g_auto(Expression) expression;

      g_assert_nonnull (zone);
      expression_make (&expression);
      if (!check_case (zone, &expression, counts))
        g_error ("\"%s\" in %s", expression.text->str, name);
    }

  g_test_message ("%d ordinary times, %d late, %d the first of two, %d the second",
                  counts[TIDE_CRON_NOTE_NONE], counts[TIDE_CRON_NOTE_LATE], counts[TIDE_CRON_NOTE_FIRST],
                  counts[TIDE_CRON_NOTE_SECOND]);
  for (int note = 0; note < 4; note++)
    g_assert_cmpint (counts[note], >, CASES / 250);
}

/* Whatever somebody types is either taken, and then has words and a next time, or refused in a line. */
static void
test_garbage (void)
{
  static const char letters[] = "00112235579**,,--//LLlmonSATjanfeb @\t\xc3\n?#";
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Rome");
  int taken = 0;

  for (int i = 0; i < 200000; i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *words = NULL;
      int length = g_test_rand_int_range (0, 8);
      TideCron cron;

      /* Five fields would hardly ever come together by chance. */
      for (int j = 0; j < length; j++)
        g_string_append_c (text, letters[g_test_rand_int_range (0, sizeof letters - 1)]);
      for (int j = g_test_rand_int_range (2, 5); j > 0; j--)
        g_string_append (text, " *");

      if (!tide_cron_parse (text->str, &cron, &error))
        {
          g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
          g_assert_true (g_utf8_validate (error->message, -1, NULL) && strchr (error->message, '\n') == NULL);
          continue;
        }
      words = tide_cron_describe (&cron);
      g_assert_cmpint (strlen (words), >, 0);
      g_assert_cmpint (tide_cron_next (&cron, zone, i * TIDE_DAY, NULL), >, i * TIDE_DAY);
      taken++;
    }

  g_test_message ("%d were taken", taken);
  g_assert_cmpint (taken, >, 100);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cron-random/fitting", test_random);
  g_test_add_func ("/cron-random/garbage", test_garbage);

  return g_test_run ();
}
