/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-cron.h"

#include "tide-cron-private.h"
#include "tide-error.h"

#include <string.h>

/* Sixty minutes with their commas are shorter than this. */
#define LONGEST_TEXT 500

typedef enum
{
  FIELD_MINUTE,
  FIELD_HOUR,
  FIELD_DAY,
  FIELD_MONTH,
  FIELD_WEEKDAY,
  N_FIELDS
} FieldKind;

typedef struct
{
  FieldKind           kind;
  const char         *title;
  int                 first;
  int                 last;
  int                 longest_step;
  const char * const *names;     /* (nullable): three letters each */
  int                 names_from; /* the value of the first of them */
  const char         *wanted;
} Field;

typedef struct
{
  guint64  values;
  guint8   last_weekdays;
  gboolean last_day;
  gboolean starts_with_star;
  gboolean is_rhythm;
} Values;

static const char * const month_names[] =
{
  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", NULL
};

static const char * const weekday_names[] =
{
  "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL
};

static const Field fields[N_FIELDS] =
{
  { FIELD_MINUTE, "minute", 0, 59, 59, NULL, 0, "between 0 and 59" },
  { FIELD_HOUR, "hour", 0, 23, 23, NULL, 0, "between 0 and 23" },
  { FIELD_DAY, "day of month", 1, 31, 31, NULL, 0, "between 1 and 31, or L for the last day" },
  { FIELD_MONTH, "month", 1, 12, 12, month_names, 1, "between 1 and 12, or JAN to DEC" },
  { FIELD_WEEKDAY, "weekday", 0, 7, 7, weekday_names, 0, "between 0 and 7, or SUN to SAT; 5L is the last Friday" },
};

static const struct
{
  const char *name;
  const char *text;
} shortcuts[] =
{
  { "@hourly", "0 * * * *" },
  { "@daily", "0 0 * * *" },
  { "@midnight", "0 0 * * *" },
  { "@weekly", "0 0 * * 0" },
  { "@monthly", "0 0 1 * *" },
  { "@yearly", "0 0 1 1 *" },
  { "@annually", "0 0 1 1 *" },
};

static gboolean
fail (GError      **error,
      const Field  *field,
      const char   *item,
      const char   *wanted)
{
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s %s: has to be %s", field->title, item, wanted);
  return FALSE;
}

/* A whole number and nothing else; -1 if it is none, or a longer one than any that is allowed. */
static int
read_number (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > 4 || strspn (text, G_CSET_DIGITS) != length)
    return -1;
  return (int)g_ascii_strtoll (text, NULL, 10);
}

static int
read_value (const Field *field,
            const char  *text)
{
  int value = read_number (text);

  if (value >= 0)
    return value >= field->first && value <= field->last ? value : -1;

  for (int i = 0; field->names != NULL && field->names[i] != NULL; i++)
    if (g_ascii_strcasecmp (field->names[i], text) == 0)
      return field->names_from + i;
  return -1;
}

/* "L", "5L", "friL". Sets @handled if it is one of these. */
static gboolean
read_last (const Field  *field,
           const char   *item,
           Values       *values,
           gboolean     *handled,
           GError      **error)
{
  gsize length = strlen (item);
  g_autofree char *weekday = NULL;
  int value;

  *handled = TRUE;
  if (field->kind == FIELD_DAY && g_ascii_strcasecmp (item, "l") == 0)
    {
      values->last_day = TRUE;
      return TRUE;
    }
  if (field->kind == FIELD_WEEKDAY && length > 0 && g_ascii_tolower (item[length - 1]) == 'l')
    {
      weekday = g_strndup (item, length - 1);
      value = read_value (field, weekday);
      if (value < 0)
        return fail (error, field, item, length == 1 ? "a weekday and L, as in 5L for the last Friday" : field->wanted);
      values->last_weekdays |= 1u << value % 7;
      return TRUE;
    }

  *handled = FALSE;
  return TRUE;
}

/* "*", "5", "mon-fri", of which the last two are a range. */
static gboolean
read_range (const Field  *field,
            const char   *item,
            const char   *range,
            int          *from,
            int          *to,
            GError      **error)
{
  g_auto(GStrv) ends = g_strsplit (range, "-", 2);

  g_assert (ends[0] != NULL);
  *from = field->first;
  *to = field->last;
  if (g_str_equal (range, "*"))
    return TRUE;
  *from = read_value (field, ends[0]);
  *to = ends[1] != NULL ? read_value (field, ends[1]) : *from;
  if (*from < 0 || *to < 0)
    return fail (error, field, item, field->wanted);

  /* A week that ends with Sunday is as good as one that begins with it. */
  if (*to == 0 && *from > 0 && field->kind == FIELD_WEEKDAY)
    *to = 7;
  if (*from > *to)
    return fail (error, field, item, "two ranges, as it runs backwards");
  return TRUE;
}

static gboolean
read_step (const Field  *field,
           const char   *item,
           const char   *range,
           const char   *step,
           int          *number,
           GError      **error)
{
  g_autofree char *wanted = NULL;

  *number = read_number (step);
  if (*number < 1 || *number > field->longest_step)
    {
      wanted = g_strdup_printf ("a step between 1 and %d", field->longest_step);
      return fail (error, field, item, wanted);
    }
  if (!g_str_equal (range, "*") && strchr (range, '-') == NULL)
    {
      wanted = g_strdup_printf ("a range and a step, as in %s-%d/%s", range, field->last, step);
      return fail (error, field, item, wanted);
    }
  return TRUE;
}

/* One of a list's items; @text is the list. */
static gboolean
read_item (const Field  *field,
           const char   *text,
           const char   *item,
           Values       *values,
           GError      **error)
{
  g_auto(GStrv) parts = g_strsplit (item, "/", 2);
  const char *range = parts[0];
  int step = 1;
  gboolean handled;
  int from, to;

  if (range == NULL || range[0] == '\0')
    return fail (error, field, text, field->wanted);
  if (!read_last (field, item, values, &handled, error))
    return FALSE;
  if (handled)
    return TRUE;

  if (!read_range (field, item, range, &from, &to, error))
    return FALSE;
  if (parts[1] != NULL && !read_step (field, item, range, parts[1], &step, error))
    return FALSE;

  for (int value = from; value <= to; value += step)
    values->values |= G_GUINT64_CONSTANT (1) << value;
  if (g_str_equal (range, "*") || parts[1] != NULL)
    values->is_rhythm = TRUE;
  return TRUE;
}

static gboolean
read_field (const Field  *field,
            const char   *text,
            Values       *values,
            GError      **error)
{
  g_auto(GStrv) items = g_strsplit (text, ",", -1);

  *values = (Values) { .starts_with_star = text[0] == '*' };
  for (int i = 0; items[i] != NULL; i++)
    if (!read_item (field, text, items[i], values, error))
      return FALSE;
  return TRUE;
}

/* Only what can be shown in an error. */
static gboolean
check_text (const char  *text,
            GError     **error)
{
  gsize length = strlen (text);

  if (length > LONGEST_TEXT)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                   "cron expression: is longer than %d characters", LONGEST_TEXT);
      return FALSE;
    }
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isprint (text[i]) && text[i] != '\t')
      {
        g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                             "cron expression: has to be in plain letters, digits and the signs * , - / @");
        return FALSE;
      }
  return TRUE;
}

static const char *
find_shortcut (const char  *name,
               GError     **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (g_ascii_strcasecmp (shortcuts[i].name, name) == 0)
      return shortcuts[i].text;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
               "%s: has to be one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually", name);
  return NULL;
}

/* The text's words: its fields, or those that a shortcut stands for. */
static GStrv
split (const char  *text,
       GError     **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = g_strsplit_set (text, " \t", -1);
  guint count = 0;

  for (int i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      {
        g_strv_builder_add (builder, parts[i]);
        count++;
      }
  if (count == N_FIELDS)
    return g_strv_builder_end (builder);

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
               "cron expression \"%s\": has to have five fields (minute, hour, day of month, month, weekday), not %u",
               text, count);
  return NULL;
}

static void
fill (TideCron     *self,
      const Values  values[N_FIELDS])
{
  const Values *day = &values[FIELD_DAY];
  const Values *weekday = &values[FIELD_WEEKDAY];

  *self = (TideCron) { 0 };
  self->minutes = values[FIELD_MINUTE].values;
  self->hours = (guint32)values[FIELD_HOUR].values;
  self->days = (guint32)day->values;
  self->months = (guint16)values[FIELD_MONTH].values;
  self->weekdays = (guint8)((weekday->values | weekday->values >> 7) & TIDE_CRON_ALL_WEEKDAYS);
  self->last_weekdays = weekday->last_weekdays;
  self->last_day = day->last_day;
  self->either_day = !day->starts_with_star && !weekday->starts_with_star;
  self->rhythmic = values[FIELD_MINUTE].is_rhythm || values[FIELD_HOUR].is_rhythm ||
                   self->minutes == TIDE_CRON_ALL_MINUTES || self->hours == TIDE_CRON_ALL_HOURS;
}

/**
 * tide_cron_parse:
 * @text: five fields, or "@daily" or one of its kin
 * @self: (out): the expression; untouched on failure
 *
 * Reads a cron expression as told at #TideCron. What vixie cron is said to take but silently reads in its
 * own way ("5/15", a step that is longer than its field, a range that runs backwards) is refused.
 *
 * Returns: %FALSE with %TIDE_ERROR_INVALID if it is none, or one that never happens; the message names the field,
 *    the text and what is allowed
 */
gboolean
tide_cron_parse (const char  *text,
                 TideCron    *self,
                 GError     **error)
{
  g_autofree char *line = g_strstrip (g_strdup (text));
  g_auto(GStrv) words = NULL;
  const char *expression = line;
  Values values[N_FIELDS];
  TideCron made;

  if (!check_text (line, error))
    return FALSE;
  if (line[0] == '@')
    expression = find_shortcut (line, error);
  words = expression != NULL ? split (expression, error) : NULL;
  if (words == NULL)
    return FALSE;

  for (int i = 0; i < N_FIELDS; i++)
    if (!read_field (&fields[i], words[i], &values[i], error))
      return FALSE;

  fill (&made, values);
  if (!tide_cron_is_possible (&made))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                   "cron expression \"%s\": never happens, as there is no such day in any year", line);
      return FALSE;
    }
  *self = made;
  return TRUE;
}
