/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-instant-format.h"

#include "tide-time.h"

/* A pattern is one of g_date_time_format(); milliseconds, which that does not know, stand for "{ms}". */
static const TideInstantFormat formats[] = {
  { "rfc3339", 1000, FALSE, "%Y-%m-%dT%H:%M:%S.{ms}Z" },
  { "rfc3339_seconds", TIDE_SECOND, FALSE, "%Y-%m-%dT%H:%M:%SZ" },
  { "rfc3339_offset", 1000, FALSE, "%Y-%m-%dT%H:%M:%S.{ms}+0000" },
  { "iso", TIDE_SECOND, FALSE, "%Y-%m-%dT%H:%M:%S" },
  { "date", TIDE_DAY, FALSE, "%Y-%m-%d" },
  { "date_compact", TIDE_DAY, FALSE, "%Y%m%d" },
  { "unix", TIDE_SECOND, TRUE, NULL },
  { "unix_ms", 1000, TRUE, NULL },
};

/**
 * tide_instant_format_lookup:
 * @name: (nullable): %NULL for the usual one, rfc3339
 *
 * Returns: (transfer none) (nullable): the format
 */
const TideInstantFormat *
tide_instant_format_lookup (const char *name)
{
  if (name == NULL)
    return &formats[0];
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, name))
      return &formats[i];
  return NULL;
}

const TideInstantFormat *
tide_instant_format_all (gsize *n_formats)
{
  *n_formats = G_N_ELEMENTS (formats);
  return formats;
}

static gint64
floor_div (gint64 value,
           gint64 by)
{
  return value / by - (value % by < 0);
}

/**
 * tide_instant_format_print:
 *
 * Returns: (transfer full): @instant, rounded down to what the format can say
 */
char *
tide_instant_format_print (const TideInstantFormat *self,
                           gint64                   instant)
{
  gint64 seconds = floor_div (instant, TIDE_SECOND);
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *text = NULL;
  g_autofree char *ms = NULL;
  GString *result;

  if (self->number)
    return g_strdup_printf ("%" G_GINT64_FORMAT, floor_div (instant, self->resolution));

  time = g_date_time_new_from_unix_utc (seconds);
  text = g_date_time_format (time, self->pattern);
  ms = g_strdup_printf ("%03d", (int)((instant - seconds * TIDE_SECOND) / 1000));
  result = g_string_new (text);
  g_string_replace (result, "{ms}", ms, 1);
  return g_string_free (result, FALSE);
}
