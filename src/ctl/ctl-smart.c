/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-steer.h"
#include "ctl.h"
#include "tide-error.h"

static char *option_venue;
static char *option_session;

static const GOptionEntry begin_entries[] = {
  { "venue", 0, 0, G_OPTION_ARG_STRING, &option_venue, N_("Refresh this venue's customers only"), N_("VENUE") },
  { "session", 0, 0, G_OPTION_ARG_STRING, &option_session, N_("The session's id; one that has begun gives a sign of life"), "ID" },
  { NULL }
};

static int
print_session (Ctl        *ctl,
               const char *name,
               const char *id)
{
  g_autoptr(CtlJson) json = NULL;

  if (!ctl->json)
    return CTL_DONE;
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, name, id);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

/* A session lives in the program that syncs: without one there is nothing to go first of. */
static int
refuse_alone (Ctl *ctl)
{
  g_autoptr(GError) error = NULL;

  ctl->advice = _("Open Tidemark, or bring the customers here with “tidemarkctl sync CONNECTION customers”.");
  g_set_error (&error, TIDE_ERROR, TIDE_ERROR_BUSY, "%s", _("no program syncs this workspace just now"));
  return ctl_fail (ctl, error);
}

static int
begin (Ctl        *ctl,
       TideEngine *engine,
       const char *what)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  if (!tide_engine_is_following (engine))
    return refuse_alone (ctl);
  id = tide_engine_begin_smart_sync (engine, option_venue, option_session, "owner", &error);
  if (id == NULL)
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Customers are refreshed first, and nothing else is begun, until “tidemarkctl smart end %s” "
                   "or for 10 minutes."), id);
  return print_session (ctl, "session", id);
}

static int
end (Ctl        *ctl,
     TideEngine *engine,
     const char *id)
{
  g_autoptr(GError) error = NULL;

  if (!tide_engine_is_following (engine))
    return refuse_alone (ctl);
  if (!tide_engine_end_smart_sync (engine, id, "owner", &error))
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Session %s has ended."), id);
  return print_session (ctl, "ended", id);
}

static int
begin_run (Ctl   *ctl,
           char **args)
{
  return ctl_steer (ctl, begin, NULL);
}

static int
end_run (Ctl   *ctl,
         char **args)
{
  return ctl_steer (ctl, end, args[0]);
}

const CtlCommand ctl_smart_commands[] = {
  { "smart begin", N_("[--venue V]"), N_("Refresh the customers first, as while a form is filled in"), begin_entries, 0, 0, begin_run },
  { "smart end", N_("SESSION"), N_("Let the others go on"), NULL, 1, 1, end_run },
  { NULL }
};
