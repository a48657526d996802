/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cron-driver"

#include "tide-cron.h"
#include "tide-time.h"

#include <stdio.h>
#include <string.h>

/* Answers check.py: each line of standard input is zone, expression, after, until, most (seconds since 1970), parted by tabs.
 * The answer is a line of instants, each with a letter for its note, later than after, not later than until, at most that
 * many. */

static const char note_letters[] = "-L12";

/* GLib reads a zone's file anew when nobody holds it, which takes longer than to answer. */
static GTimeZone *
get_zone (const char *name)
{
  static GTimeZone *zone;
  static char *zone_name;

  if (g_strcmp0 (name, zone_name) == 0)
    return zone;

  g_free (zone_name);
  zone_name = g_strdup (name);
  g_clear_pointer (&zone, g_time_zone_unref);
  zone = g_time_zone_new_identifier (name);
  return zone;
}

static void
answer (char **words)
{
  GTimeZone *zone = get_zone (words[0]);
  g_autoptr(GError) error = NULL;
  gint64 now = g_ascii_strtoll (words[2], NULL, 10) * TIDE_SECOND;
  gint64 until = g_ascii_strtoll (words[3], NULL, 10) * TIDE_SECOND;
  gint64 most = g_ascii_strtoll (words[4], NULL, 10);
  TideCron cron;

  if (zone == NULL)
    g_error ("no zone %s", words[0]);
  if (!tide_cron_parse (words[1], &cron, &error))
    g_error ("%s", error->message);

  for (gint64 i = 0; i < most; i++)
    {
      TideCronNote note;

      now = tide_cron_next (&cron, zone, now, &note);
      if (now > until)
        break;
      g_assert (now % TIDE_SECOND == 0);
      printf ("%" G_GINT64_FORMAT "%c ", now / TIDE_SECOND, note_letters[note]);
    }
  putchar ('\n');
}

int
main (void)
{
  char line[1024];

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto(GStrv) words = g_strsplit (g_strchomp (line), "\t", -1);

      if (g_strv_length (words) != 5)
        g_error ("not a question: %s", line);
      answer (words);
    }
  return 0;
}
