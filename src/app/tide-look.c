/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-look.h"

static const TideLook health_looks[] = {
  [TIDE_HEALTH_FRESH] = { "emblem-default-symbolic", N_("Fresh"), "tide-ok" },
  [TIDE_HEALTH_OFF] = { "action-unavailable-symbolic", N_("Off"), "tide-quiet" },
  [TIDE_HEALTH_NEVER] = { "radio-symbolic", N_("Not synced yet"), "tide-quiet" },
  [TIDE_HEALTH_SYNCING] = { "emblem-synchronizing-symbolic", N_("Syncing"), "tide-new" },
  [TIDE_HEALTH_LATE] = { "dialog-warning-symbolic", N_("Late"), "tide-late" },
  [TIDE_HEALTH_RETRYING] = { "dialog-warning-symbolic", N_("Late, retrying"), "tide-late" },
  [TIDE_HEALTH_PARTLY] = { "process-stop-symbolic", N_("Partly"), "tide-bad" },
  [TIDE_HEALTH_STALE] = { "dialog-warning-symbolic", N_("Very late"), "tide-late" },
  [TIDE_HEALTH_APPROVAL] = { "dialog-question-symbolic", N_("Asks you"), "tide-bad" },
  [TIDE_HEALTH_FAILED] = { "process-stop-symbolic", N_("Failed"), "tide-bad" },
  [TIDE_HEALTH_SIGN_IN] = { "dialog-password-symbolic", N_("Sign in again"), "tide-bad" },
};

static const struct
{
  const char *id;
  const char *word;
} askers[] = {
  { "schedule", N_("Schedule") },
  { "owner", N_("You") },
  { "smart-sync", N_("A form") },
  { "webhook", N_("Message") },
};

/**
 * tide_look_for_health:
 *
 * Returns: how that state of a stream is shown
 */
TideLook
tide_look_for_health (TideHealth health)
{
  TideLook look = health_looks[health];

  look.word = _(look.word);
  return look;
}

/**
 * tide_run_has_problem:
 *
 * Returns: whether @run failed, waits for a decision, or could not read some of its records
 */
gboolean
tide_run_has_problem (const TideRun *run)
{
  return run->status == TIDE_RUN_FAILED || run->status == TIDE_RUN_AWAITING_APPROVAL
         || (tide_run_is_over (run) && run->counts.failed > 0);
}

/**
 * tide_run_is_retrying:
 *
 * Returns: whether @run has failed and will be tried again by itself: nothing for its owner to do
 */
gboolean
tide_run_is_retrying (const TideRun *run)
{
  return run->status == TIDE_RUN_PENDING && run->error_code != NULL;
}

static TideLook
tide_look_for_completed (const TideRun *run)
{
  if (run->counts.failed > 0)
    return (TideLook){ "process-stop-symbolic", _("Partly"), "tide-bad" };
  if (run->retries > 0 || run->attempts > 1)
    return (TideLook){ "dialog-warning-symbolic", _("Retried, done"), "tide-late" };
  if (run->dry_run)
    return (TideLook){ "emblem-default-symbolic", _("Rehearsed"), "tide-ok" };
  return (TideLook){ "emblem-default-symbolic", _("Done"), "tide-ok" };
}

/**
 * tide_look_for_run:
 *
 * Returns: how the outcome of @run is shown
 */
TideLook
tide_look_for_run (const TideRun *run)
{
  switch (run->status)
    {
    case TIDE_RUN_PENDING:
      if (tide_run_is_retrying (run))
        return (TideLook){ "dialog-warning-symbolic", _("Retrying"), "tide-late" };
      return tide_look_for_waiting ();
    case TIDE_RUN_PROCESSING:
      return tide_look_for_health (TIDE_HEALTH_SYNCING);
    case TIDE_RUN_FAILED:
      if (g_strcmp0 (run->error_code, "auth") == 0)
        return (TideLook){ "dialog-password-symbolic", _("Sign-in refused"), "tide-bad" };
      if (g_strcmp0 (run->error_code, "permission") == 0)
        return (TideLook){ "dialog-password-symbolic", _("Not permitted"), "tide-bad" };
      return tide_look_for_health (TIDE_HEALTH_FAILED);
    case TIDE_RUN_CANCELLED:
      return (TideLook){ "media-playback-stop-symbolic", _("Stopped"), "tide-quiet" };
    case TIDE_RUN_PAUSED:
      return (TideLook){ "media-playback-pause-symbolic", _("Paused"), "tide-quiet" };
    case TIDE_RUN_AWAITING_APPROVAL:
      return (TideLook){ "dialog-question-symbolic", _("Asks you"), "tide-bad" };
    case TIDE_RUN_COMPLETED:
    default:
      return tide_look_for_completed (run);
    }
}

/**
 * tide_look_for_waiting:
 *
 * Returns: how a run is shown that waits for its turn
 */
TideLook
tide_look_for_waiting (void)
{
  return (TideLook){ "document-open-recent-symbolic", _("Waits its turn"), "tide-quiet" };
}

/**
 * tide_look_get_asker:
 * @requested_by: who asked for a run, as the store has it
 *
 * Returns: the same for the owner's eyes
 */
const char *
tide_look_get_asker (const char *requested_by)
{
  for (gsize i = 0; i < G_N_ELEMENTS (askers); i++)
    if (g_strcmp0 (requested_by, askers[i].id) == 0)
      return _(askers[i].word);
  return requested_by;
}
