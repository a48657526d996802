/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-failure.h"
#include "ctl-run.h"
#include "ctl-steer.h"
#include "ctl.h"
#include "tide-error.h"

static char *option_venue;

static const GOptionEntry retry_entries[] = {
  { "venue", 0, 0, G_OPTION_ARG_STRING, &option_venue, N_("At this venue only"), N_("VENUE") },
  { NULL }
};

static int
print_runs (Ctl        *ctl,
            TideEngine *engine,
            GPtrArray  *runs)
{
  g_autoptr(CtlJson) json = NULL;

  ctl_note (ctl, ngettext ("%d run tries again.", "%d runs try again.", runs->len), (int)runs->len);
  if (runs->len > 0)
    ctl_note_waiting (ctl, engine);
  if (!ctl->json)
    return CTL_DONE;
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_runs_add_json (json, runs);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
retry_failures (Ctl        *ctl,
                TideEngine *engine,
                const char *id)
{
  TideFailureQuery query = { 0 };
  g_autoptr(GArray) ids = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  if (id != NULL)
    {
      ids = ctl_failure_parse_ids (&id, 1, NULL);
      query.ids = ids;
      if (!ctl_failure_check (engine, ids, &error))
        return ctl_fail (ctl, error);
    }
  runs = tide_engine_retry_failures (engine, &query, "owner", &error);
  return runs != NULL ? print_runs (ctl, engine, runs) : ctl_fail (ctl, error);
}

static int
retry_provider (Ctl        *ctl,
                TideEngine *engine,
                const char *provider)
{
  g_autoptr(GError) error = NULL;
  int n_runs = -1;

  if (ctl_steer_check_provider (engine, provider, option_venue, &error))
    n_runs = tide_engine_retry_provider (engine, provider, option_venue, "owner", &error);
  if (n_runs < 0)
    return ctl_fail (ctl, error);
  ctl_note (ctl, ngettext ("%d run tries again.", "%d runs try again.", n_runs), n_runs);
  if (n_runs > 0)
    ctl_note_waiting (ctl, engine);
  return ctl_steer_print_count (ctl, "runs", n_runs);
}

static int
retry_one (Ctl        *ctl,
           TideEngine *engine,
           const char *sync_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = ctl_run_find (engine, sync_id, &error);

  if (run == NULL || !tide_engine_retry_run (engine, sync_id, "owner", &error))
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Run %s tries again."), sync_id);
  ctl_note_waiting (ctl, engine);
  return ctl_steer_print_run (ctl, engine, sync_id);
}

/* A failure's id is a number, which no run's is. */
static int
retry_any (Ctl        *ctl,
           TideEngine *engine,
           const char *what)
{
  g_autoptr(GArray) ids = what != NULL ? ctl_failure_parse_ids (&what, 1, NULL) : NULL;
  g_autoptr(TideProviderInfo) info = NULL;

  if (what == NULL || ids != NULL)
    return retry_failures (ctl, engine, what);
  info = tide_engine_find_provider (engine, what, NULL);
  return info != NULL || option_venue != NULL ? retry_provider (ctl, engine, what) : retry_one (ctl, engine, what);
}

static int
retry_run (Ctl   *ctl,
           char **args)
{
  if (option_venue != NULL && args[0] == NULL)
    return ctl_usage (ctl, "%s", _("--venue: needs a provider"));
  return ctl_steer (ctl, retry_any, args[0]);
}

const CtlCommand ctl_retry_commands[] = {
  { "retry", N_("[RUN|FAILURE|PROVIDER]"), N_("Try again what failed; without one, all records that failed"), retry_entries, 0, 1, retry_run },
  { NULL }
};
