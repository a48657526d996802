/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-zone.h"

static char *option_timezone;

static const GOptionEntry add_entries[] = {
  { "timezone", 0, 0, G_OPTION_ARG_STRING, &option_timezone, N_("Its time zone, such as Europe/London"), N_("ZONE") },
  { NULL }
};

static void
add_venue_json (CtlJson         *json,
                const TideVenue *venue)
{
  ctl_json_begin_object (json, NULL);
  ctl_json_add_int (json, "id", venue->id);
  ctl_json_add_string (json, "name", venue->name);
  ctl_json_add_string (json, "timezone", venue->timezone);
  ctl_json_end_object (json);
}

static int
venue_add_run (Ctl   *ctl,
               char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(TideVenue) venue = NULL;
  g_autoptr(CtlJson) json = NULL;

  if (option_timezone == NULL)
    return ctl_usage (ctl, _("a venue needs its time zone: --timezone Europe/London"));
  if (!tide_time_is_zone (option_timezone))
    return ctl_usage (ctl, _("--timezone %s: is not a time zone such as Europe/London"), option_timezone);
  engine = ctl_open (ctl, TIDE_ENGINE_NONE, &error);
  if (engine != NULL)
    venue = tide_engine_add_venue (engine, args[0], option_timezone, &error);
  if (venue == NULL)
    return ctl_fail (ctl, error);

  ctl_note (ctl, _("Venue “%s” added, in %s."), venue->name, venue->timezone);
  if (!ctl->json)
    return CTL_DONE;
  json = ctl_json_new ();
  add_venue_json (json, venue);
  ctl_json_print (json);
  return CTL_DONE;
}

static void
print_venues_json (GPtrArray *venues)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "venues");
  for (guint i = 0; i < venues->len; i++)
    add_venue_json (json, g_ptr_array_index (venues, i));
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_venues (Ctl       *ctl,
              GPtrArray *venues)
{
  const char * const headings[] = { _("Venue"), _("Time zone"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "ll");

  for (guint i = 0; i < venues->len; i++)
    {
      const TideVenue *venue = g_ptr_array_index (venues, i);

      ctl_table_add (table, CTL_PLAIN, venue->name);
      ctl_table_add (table, CTL_PLAIN, venue->timezone);
    }
  ctl_table_print (table, ctl);
}

static int
venue_list_run (Ctl   *ctl,
                char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) venues = engine != NULL ? tide_engine_list_venues (engine, &error) : NULL;

  if (venues == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_venues_json (venues);
  else if (venues->len == 0)
    ctl_note (ctl, _("There is no venue yet. Add one: tidemarkctl venue add NAME --timezone ZONE"));
  else
    print_venues (ctl, venues);
  return CTL_DONE;
}

const CtlCommand ctl_venue_commands[] = {
  { "venue add", N_("NAME --timezone ZONE"), N_("Add a venue: one business location"), add_entries, 1, 1, venue_add_run },
  { "venue list", NULL, N_("List the venues"), NULL, 0, 0, venue_list_run },
  { NULL }
};
