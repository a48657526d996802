/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-steer.h"
#include "ctl-watch.h"
#include "ctl.h"

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

/* Adds the session's refreshes, which nobody but it asks for. */
static gboolean
watch_refreshes (CtlWatch    *watch,
                 TideEngine  *engine,
                 GError     **error)
{
  g_autoptr(GPtrArray) entries = tide_engine_list_queue (engine, 0, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);

      if (entry->run->priority == TIDE_RUN_PRIORITY_SMART)
        ctl_watch_add (watch, entry->run);
    }
  return entries != NULL;
}

/* A session lives in the program that syncs. Without one, the refresh is all there is to it. */
static int
refresh_here (Ctl        *ctl,
              TideEngine *engine)
{
  g_autoptr(CtlWatch) watch = ctl_watch_new (ctl, engine);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = tide_engine_begin_smart_sync (engine, option_venue, option_session, "owner", &error);
  int status;

  if (id == NULL || !watch_refreshes (watch, engine, &error))
    return ctl_fail (ctl, error);
  ctl_note (ctl, "%s", _("No program syncs this workspace just now: the customers are refreshed here, and that is all."));
  status = ctl_watch_run (watch);
  return tide_engine_end_smart_sync (engine, id, "owner", &error) ? status : ctl_fail (ctl, error);
}

static int
begin (Ctl        *ctl,
       TideEngine *engine,
       const char *what)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  if (!tide_engine_is_following (engine))
    return refresh_here (ctl, engine);
  id = tide_engine_begin_smart_sync (engine, option_venue, option_session, "owner", &error);
  if (id == NULL)
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Customers are refreshed first, and nothing else is begun, until “tidemarkctl smart end %s” "
                   "or for 10 minutes."), id);
  return print_session (ctl, "sessionId", id);
}

static int
end (Ctl        *ctl,
     TideEngine *engine,
     const char *id)
{
  g_autoptr(GError) error = NULL;

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
