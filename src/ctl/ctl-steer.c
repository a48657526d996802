/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-run.h"
#include "ctl-steer.h"
#include "ctl.h"
#include "tide-error.h"

/* How long a run may take to stop, and how often it is looked at: microseconds and milliseconds. */
#define END_PATIENCE (10 * G_USEC_PER_SEC)
#define LOOK_AGAIN 50

static char *option_before;
static gboolean option_all;
static char *option_venue;

static const GOptionEntry move_entries[] = {
  { "before", 0, 0, G_OPTION_ARG_STRING, &option_before, N_("Before this one, not before all"), N_("RUN") },
  { NULL }
};

static const GOptionEntry pause_entries[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &option_all, N_("Begin no run at all, until “resume”"), NULL },
  { NULL }
};

static const GOptionEntry venue_entries[] = {
  { "venue", 0, 0, G_OPTION_ARG_STRING, &option_venue, N_("At this venue only"), N_("VENUE") },
  { NULL }
};

/**
 * ctl_steer_print_run:
 *
 * Prints a run as it is now, for a program.
 *
 * Returns: the exit status for it
 */
int
ctl_steer_print_run (Ctl        *ctl,
                     TideEngine *engine,
                     const char *sync_id)
{
  g_autoptr(CtlJson) json = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = NULL;

  if (!ctl->json)
    return CTL_DONE;
  run = ctl_run_find (engine, sync_id, &error);
  if (run == NULL)
    return ctl_fail (ctl, error);
  json = ctl_json_new ();
  ctl_run_add_json (json, NULL, run);
  ctl_json_print (json);
  return CTL_DONE;
}

/**
 * ctl_steer_print_count:
 *
 * Prints how many it was, for a program.
 *
 * Returns: the exit status for it
 */
int
ctl_steer_print_count (Ctl        *ctl,
                       const char *name,
                       gint64      count)
{
  g_autoptr(CtlJson) json = NULL;

  if (!ctl->json)
    return CTL_DONE;
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_json_add_int (json, name, count);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

/**
 * ctl_steer_put_first:
 * @sync_id: a run that waits
 *
 * Puts a run before all others that wait.
 *
 * Returns: %FALSE with an error
 */
gboolean
ctl_steer_put_first (TideEngine  *engine,
                     const char  *sync_id,
                     GError     **error)
{
  g_autoptr(GPtrArray) entries = tide_engine_list_queue (engine, 0, error);

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *first = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      if (first->status == TIDE_RUN_PENDING)
        return g_str_equal (first->sync_id, sync_id) ||
               tide_engine_move_run (engine, sync_id, first->sync_id, "owner", error);
    }
  /* Nobody waits: it is said why it cannot be moved. */
  return tide_engine_move_run (engine, sync_id, NULL, "owner", error);
}

/**
 * ctl_steer_check_provider:
 * @venue: (nullable): name of a venue
 *
 * Returns: whether there are such a provider and venue
 */
gboolean
ctl_steer_check_provider (TideEngine  *engine,
                          const char  *provider,
                          const char  *venue,
                          GError     **error)
{
  g_autoptr(TideProviderInfo) info = tide_engine_find_provider (engine, provider, error);
  g_autoptr(TideVenue) found = info != NULL && venue != NULL ? tide_engine_find_venue (engine, venue, error) : NULL;

  return info != NULL && (venue == NULL || found != NULL);
}

static gboolean
has_stopped (const TideRun *run)
{
  return tide_run_is_over (run);
}

static gboolean
is_paused (const TideRun *run)
{
  return run->status == TIDE_RUN_PAUSED || run->status == TIDE_RUN_AWAITING_APPROVAL || tide_run_is_over (run);
}

static gboolean
waits_or_goes (const TideRun *run)
{
  return run->status == TIDE_RUN_PENDING || run->status == TIDE_RUN_PROCESSING || tide_run_is_over (run);
}

/* It stops at its next page, in another process, which also takes a moment to save what has become of it. Here
 * nothing was begun, and all is saved at the end. */
static TideRun *
wait_until (Ctl         *ctl,
            TideEngine  *engine,
            const char  *sync_id,
            gboolean   (*done) (const TideRun *run),
            GError     **error)
{
  gint64 deadline = g_get_monotonic_time () + END_PATIENCE;

  if (!tide_engine_is_following (engine))
    tide_engine_close (engine);
  do
    {
      g_autoptr(TideRun) run = ctl_run_find (engine, sync_id, error);

      if (run == NULL || done (run))
        return g_steal_pointer (&run);
      if (!ctl_pause (ctl, LOOK_AGAIN, error))
        return NULL;
    }
  while (g_get_monotonic_time () < deadline);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, _("run %s was asked to stop, but has not done so yet"), sync_id);
  return NULL;
}

static void
set_ended_error (GError        **error,
                 const TideRun  *run)
{
  CtlStyle style;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, _("run %s has ended already: %s"), run->sync_id,
               ctl_run_get_status (run, &style));
}

static gboolean
check_run (TideEngine  *engine,
           const char  *sync_id,
           GError     **error)
{
  g_autoptr(TideRun) run = ctl_run_find (engine, sync_id, error);

  return run != NULL;
}

static int
cancel_one (Ctl        *ctl,
            TideEngine *engine,
            const char *sync_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) before = ctl_run_find (engine, sync_id, &error);
  g_autoptr(TideRun) run = NULL;

  if (before == NULL)
    return ctl_fail (ctl, error);
  if (tide_run_is_over (before))
    set_ended_error (&error, before);
  /* What has ended just now is refused as over, and looked at again like one that was stopped. */
  else if (tide_engine_cancel_run (engine, before->sync_id, "owner", &error) ||
           g_error_matches (error, TIDE_ERROR, TIDE_ERROR_CONFLICT))
    {
      g_clear_error (&error);
      run = wait_until (ctl, engine, before->sync_id, has_stopped, &error);
    }
  if (run != NULL && run->status != TIDE_RUN_CANCELLED)
    set_ended_error (&error, run);
  if (error != NULL)
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Run %s was stopped; what it had read is kept."), run->sync_id);
  return ctl_steer_print_run (ctl, engine, run->sync_id);
}

static int
print_paused (Ctl      *ctl,
              gboolean  paused)
{
  g_autoptr(CtlJson) json = NULL;

  if (paused)
    ctl_note (ctl, "%s", _("No run is begun any more. What goes ends as usual; “tidemarkctl resume” lets the others go."));
  else
    ctl_note (ctl, "%s", _("Runs are begun again."));
  if (!ctl->json)
    return CTL_DONE;
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_json_add_boolean (json, "paused", paused);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
pause_one (Ctl        *ctl,
           TideEngine *engine,
           const char *sync_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = NULL;

  if (check_run (engine, sync_id, &error) && tide_engine_pause_run (engine, sync_id, "owner", &error))
    run = wait_until (ctl, engine, sync_id, is_paused, &error);
  if (run != NULL && tide_run_is_over (run))
    set_ended_error (&error, run);
  if (error != NULL)
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Run %s is paused; “tidemarkctl resume %s” lets it go on."), sync_id, sync_id);
  return ctl_steer_print_run (ctl, engine, sync_id);
}

static int
resume_one (Ctl        *ctl,
            TideEngine *engine,
            const char *sync_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = NULL;

  if (check_run (engine, sync_id, &error) && tide_engine_resume_run (engine, sync_id, "owner", &error))
    run = wait_until (ctl, engine, sync_id, waits_or_goes, &error);
  if (run == NULL)
    return ctl_fail (ctl, error);
  ctl_note (ctl, _("Run %s goes on when its turn comes."), sync_id);
  ctl_note_waiting (ctl, engine);
  return ctl_steer_print_run (ctl, engine, sync_id);
}

static int
resume_provider (Ctl        *ctl,
                 TideEngine *engine,
                 const char *provider)
{
  g_autoptr(GError) error = NULL;
  int n_runs = -1;

  if (ctl_steer_check_provider (engine, provider, option_venue, &error))
    n_runs = tide_engine_resume_provider (engine, provider, option_venue, "owner", &error);
  if (n_runs < 0)
    return ctl_fail (ctl, error);
  ctl_note (ctl, ngettext ("%d run goes on when its turn comes.", "%d runs go on when their turn comes.", n_runs), n_runs);
  if (n_runs > 0)
    ctl_note_waiting (ctl, engine);
  return ctl_steer_print_count (ctl, "runs", n_runs);
}

static int
set_all_paused (Ctl        *ctl,
                TideEngine *engine,
                gboolean    paused)
{
  g_autoptr(GError) error = NULL;

  return tide_engine_set_paused (engine, paused, "owner", &error) ? print_paused (ctl, paused) : ctl_fail (ctl, error);
}

static int
stop_provider (Ctl        *ctl,
               TideEngine *engine,
               const char *provider)
{
  g_autoptr(GError) error = NULL;
  int n_runs = -1;

  if (ctl_steer_check_provider (engine, provider, option_venue, &error))
    n_runs = tide_engine_stop_provider (engine, provider, option_venue, "owner", &error);
  if (n_runs < 0)
    return ctl_fail (ctl, error);
  ctl_note (ctl, ngettext ("%d run stops at its next page, and waits to be resumed.",
                           "%d runs stop at their next page, and wait to be resumed.", n_runs), n_runs);
  return ctl_steer_print_count (ctl, "runs", n_runs);
}

static int
move_one (Ctl        *ctl,
          TideEngine *engine,
          const char *sync_id)
{
  g_autoptr(GError) error = NULL;
  gboolean moved = FALSE;

  if (check_run (engine, sync_id, &error) && (option_before == NULL || check_run (engine, option_before, &error)))
    moved = option_before != NULL ? tide_engine_move_run (engine, sync_id, option_before, "owner", &error)
                                  : ctl_steer_put_first (engine, sync_id, &error);
  if (!moved)
    return ctl_fail (ctl, error);
  if (option_before != NULL)
    ctl_note (ctl, _("Run %s goes before run %s."), sync_id, option_before);
  else
    ctl_note (ctl, _("Run %s goes next."), sync_id);
  return ctl_steer_print_run (ctl, engine, sync_id);
}

static int
resume_any (Ctl        *ctl,
            TideEngine *engine,
            const char *what)
{
  g_autoptr(TideProviderInfo) info = NULL;

  if (what == NULL)
    return set_all_paused (ctl, engine, FALSE);
  info = tide_engine_find_provider (engine, what, NULL);
  return info != NULL || option_venue != NULL ? resume_provider (ctl, engine, what) : resume_one (ctl, engine, what);
}

static int
pause_any (Ctl        *ctl,
           TideEngine *engine,
           const char *what)
{
  return what != NULL ? pause_one (ctl, engine, what) : set_all_paused (ctl, engine, TRUE);
}

/**
 * ctl_steer:
 * @func: what to do
 * @what: (nullable): to what
 *
 * Opens the workspace to do something about its runs.
 *
 * Returns: the exit status
 */
int
ctl_steer (Ctl          *ctl,
           CtlSteerFunc  func,
           const char   *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open_for_change (ctl, &error);
  int status;

  if (engine == NULL)
    return ctl_fail (ctl, error);
  status = func (ctl, engine, what);
  tide_engine_close (engine);
  return status;
}

static int
cancel_run (Ctl   *ctl,
            char **args)
{
  return ctl_steer (ctl, cancel_one, args[0]);
}

static int
pause_run (Ctl   *ctl,
           char **args)
{
  if (option_all == (args[0] != NULL))
    return ctl_usage (ctl, "%s", _("“pause” needs either a run or --all"));
  return ctl_steer (ctl, pause_any, args[0]);
}

static int
resume_run (Ctl   *ctl,
            char **args)
{
  if (option_venue != NULL && args[0] == NULL)
    return ctl_usage (ctl, "%s", _("--venue: needs a provider"));
  return ctl_steer (ctl, resume_any, args[0]);
}

static int
stop_run (Ctl   *ctl,
          char **args)
{
  return ctl_steer (ctl, stop_provider, args[0]);
}

static int
move_run (Ctl   *ctl,
          char **args)
{
  return ctl_steer (ctl, move_one, args[0]);
}

const CtlCommand ctl_steer_commands[] = {
  { "cancel", N_("RUN"), N_("Stop a run for good"), NULL, 1, 1, cancel_run },
  { "pause", N_("RUN|--all"), N_("Stop a run at its next page, or begin no more"), pause_entries, 0, 1, pause_run },
  { "resume", N_("[RUN|PROVIDER]"), N_("Let paused runs go on; without one, let runs be begun again"), venue_entries, 0, 1, resume_run },
  { "stop", N_("PROVIDER [--venue V]"), N_("Pause all runs of a provider"), venue_entries, 1, 1, stop_run },
  { "move", N_("RUN [--before RUN]"), N_("Let a run that waits go first, or before another"), move_entries, 1, 1, move_run },
  { NULL }
};
