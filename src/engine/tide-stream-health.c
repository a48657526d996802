/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-stream-health.h"

/* In intervals: one run may be under way or have slipped; two in a row are late; four mean that it is not
 * mending itself. */
#define LATE_AFTER 2
#define STALE_AFTER 4

/* Health only ever gets worse by a further fact. */
static void
worsen (TideStreamStatus *status,
        TideHealth        health,
        gint64            since)
{
  if (health <= status->health)
    return;

  status->health = health;
  status->since = since;
}

static void
judge_age (TideStreamStatus      *status,
           const TideStreamFacts *facts)
{
  gint64 age = facts->now - status->last_success;

  if (status->last_success == 0)
    worsen (status, TIDE_HEALTH_NEVER, 0);
  else if (!facts->scheduled || status->interval == 0)
    worsen (status, TIDE_HEALTH_OFF, 0);
  else if (age > STALE_AFTER * status->interval)
    worsen (status, TIDE_HEALTH_STALE, status->last_success + STALE_AFTER * status->interval);
  else if (age > LATE_AFTER * status->interval)
    worsen (status, TIDE_HEALTH_LATE, status->last_success + LATE_AFTER * status->interval);
}

/* What was given up is asked for again by the next slot, and that may mend it; the owner has to look after the rest. */
static gboolean
mends_itself (const TideStreamStatus *status,
              const TideStreamFacts  *facts)
{
  const char *code = status->last_run->error_code;

  return facts->scheduled && (g_strcmp0 (code, "provider") == 0 || g_strcmp0 (code, "busy") == 0);
}

static void
judge_last_run (TideStreamStatus      *status,
                const TideStreamFacts *facts)
{
  const TideRun *run = status->last_run;

  if (run == NULL || run->status != TIDE_RUN_FAILED)
    return;
  worsen (status, mends_itself (status, facts) ? TIDE_HEALTH_RETRYING : TIDE_HEALTH_FAILED, run->ended_at);
}

/**
 * tide_stream_health_judge:
 * @status: with all else filled in; its health and since are set
 * @facts: what is not in @status
 *
 * Decides how a stream is doing: the worst that can be said of it, never rosier than it is. Pure.
 */
void
tide_stream_health_judge (TideStreamStatus      *status,
                          const TideStreamFacts *facts)
{
  status->health = TIDE_HEALTH_FRESH;
  status->since = status->last_success;

  judge_age (status, facts);
  judge_last_run (status, facts);
  if (status->open_failures > 0)
    worsen (status, TIDE_HEALTH_PARTLY, 0);
  if (facts->retrying >= 0)
    worsen (status, TIDE_HEALTH_RETRYING, facts->retrying);
  if (facts->asking >= 0)
    worsen (status, TIDE_HEALTH_APPROVAL, facts->asking);
  if (facts->blocked >= 0)
    worsen (status, TIDE_HEALTH_SIGN_IN, facts->blocked);

  /* Being at it is no excuse for what was wrong before. */
  if (facts->live)
    worsen (status, TIDE_HEALTH_SYNCING, 0);
}
