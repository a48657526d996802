/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-duration.h"

#include <string.h>

#include "tide-time.h"

typedef struct
{
  const char *name;
  gint64      usec;
} Unit;

static const Unit short_units[] = {
  { "ms", 1000 }, { "s", TIDE_SECOND }, { "m", TIDE_MINUTE },
  { "h", TIDE_HOUR }, { "d", TIDE_DAY }, { "w", 7 * TIDE_DAY },
};

static const Unit date_units[] = { { "D", TIDE_DAY }, { "W", 7 * TIDE_DAY } };

static const Unit time_units[] = { { "H", TIDE_HOUR }, { "M", TIDE_MINUTE }, { "S", TIDE_SECOND } };

/* Nobody means more than this, and it keeps all arithmetic on instants far from overflow. */
#define LONGEST (3653 * TIDE_DAY)

/* Reads "12" or "0.5", of at most 9 and 6 digits, in millionths. */
static gboolean
read_number (const char **p,
             gint64      *millionths)
{
  const char *start = *p;
  gint64 value = 0;
  gint64 scale = 1000000;

  for (; g_ascii_isdigit (**p) && *p - start < 9; (*p)++)
    value = value * 10 + (**p - '0');
  if (*p == start)
    return FALSE;
  value *= scale;
  if (**p == '.' && g_ascii_isdigit ((*p)[1]))
    for ((*p)++; g_ascii_isdigit (**p) && scale > 1; (*p)++)
      value += (**p - '0') * (scale /= 10);
  *millionths = value;
  return TRUE;
}

static const Unit *
read_unit (const char **p,
           const Unit  *units,
           gsize        n_units)
{
  for (gsize i = 0; i < n_units; i++)
    if (g_str_has_prefix (*p, units[i].name))
      {
        *p += strlen (units[i].name);
        return &units[i];
      }
  return NULL;
}

static gboolean
add_part (const char **p,
          const Unit  *units,
          gsize        n_units,
          gint64      *usec)
{
  const Unit *unit;
  gint64 millionths;

  if (!read_number (p, &millionths))
    return FALSE;
  unit = read_unit (p, units, n_units);
  if (unit == NULL || millionths / 1000000 > LONGEST / unit->usec)
    return FALSE;
  *usec += millionths / 1000000 * unit->usec + millionths % 1000000 * unit->usec / 1000000;
  return *usec <= LONGEST;
}

static gboolean
parse_iso (const char *p,
           gint64     *usec)
{
  const char *start = p;

  while (*p != '\0' && *p != 'T')
    if (!add_part (&p, date_units, G_N_ELEMENTS (date_units), usec))
      return FALSE;
  if (*p == '\0')
    return p > start;

  start = ++p;
  while (*p != '\0')
    if (!add_part (&p, time_units, G_N_ELEMENTS (time_units), usec))
      return FALSE;
  return p > start;
}

/**
 * tide_duration_parse:
 * @text: "72h" or "PT72H"
 * @usec: (out): its length in microseconds, at most about ten years
 *
 * Returns: %FALSE if it is no duration
 */
gboolean
tide_duration_parse (const char *text,
                     gint64     *usec)
{
  gint64 sum = 0;
  gboolean valid;

  if (*text == 'P')
    valid = parse_iso (text + 1, &sum);
  else
    valid = add_part (&text, short_units, G_N_ELEMENTS (short_units), &sum) && *text == '\0';
  if (valid)
    *usec = sum;
  return valid;
}

/**
 * tide_duration_to_words:
 *
 * Returns: (transfer full): "350 ms", "12 s", "5 min", for logs
 */
char *
tide_duration_to_words (gint64 usec)
{
  if (usec < TIDE_SECOND)
    return g_strdup_printf ("%d ms", (int)(usec / 1000));
  if (usec < 2 * TIDE_MINUTE)
    return g_strdup_printf ("%.1f s", usec / (double)TIDE_SECOND);
  return g_strdup_printf ("%d min", (int)(usec / TIDE_MINUTE));
}
