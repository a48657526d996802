/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-run.h"
#include "ctl.h"
#include "tide-time.h"

/* More is not counted: so many runs wait only where something is wrong. */
#define QUEUE_COUNTED 500

/**
 * Overview:
 * @n_runs: by status: what waits and goes
 * @more: there are still more of them
 * @paused: nothing is begun
 * @n_sessions: of smart sync
 * @connections: (element-type TideConnection): all there are
 * @uses: (element-type TideRateUse): how much of its rate budget each has used
 *
 * What there is to say beside the streams.
 */
typedef struct
{
  guint      n_runs[TIDE_RUN_N_STATUSES];
  gboolean   more;
  gboolean   paused;
  guint      n_sessions;
  GPtrArray *connections;     /* (owned) */
  GArray    *uses;            /* (owned) */
} Overview;

static void
overview_clear (Overview *self)
{
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->uses, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Overview, overview_clear)

static gboolean
overview_read_queue (Overview    *self,
                     TideEngine  *engine,
                     GError     **error)
{
  g_autoptr(GPtrArray) entries = tide_engine_list_queue (engine, QUEUE_COUNTED, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);

      self->n_runs[entry->run->status]++;
    }
  self->more = entries != NULL && entries->len == QUEUE_COUNTED;
  return entries != NULL;
}

/* Only the program that sends requests knows of them: where there is none, none were sent. */
static void
overview_read_uses (Overview   *self,
                    TideEngine *engine)
{
  self->uses = g_array_new (FALSE, TRUE, sizeof (TideRateUse));
  g_array_set_size (self->uses, self->connections->len);
  if (!tide_engine_is_following (engine))
    return;
  self->n_sessions = tide_engine_count_smart_sessions (engine);
  for (guint i = 0; i < self->connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (self->connections, i);

      tide_engine_get_rate_use (engine, connection->id, &g_array_index (self->uses, TideRateUse, i), NULL);
    }
}

static gboolean
overview_read (Overview    *self,
               TideEngine  *engine,
               GError     **error)
{
  self->paused = tide_engine_get_setting (engine, TIDE_SETTING_PAUSED) != 0;
  self->connections = tide_engine_list_connections (engine, error);
  if (self->connections == NULL || !overview_read_queue (self, engine, error))
    return FALSE;
  /* Whether anybody is there to be asked. */
  tide_engine_follow (engine, NULL);
  overview_read_uses (self, engine);
  return TRUE;
}

static void
add_use_json (CtlJson              *json,
              const TideConnection *connection,
              const TideRateUse    *use)
{
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "connection", connection->name);
  ctl_json_add_int (json, "limit", use->limit);
  ctl_json_add_double (json, "perSeconds", (double)use->per / (double)TIDE_SECOND);
  ctl_json_add_int (json, "used", use->used);
  if (use->remaining >= 0 && use->limit > 0)
    ctl_json_add_int (json, "remaining", use->remaining);
  else
    ctl_json_add_null (json, "remaining");
  ctl_json_add_time (json, "heldUntil", use->held_until);
  ctl_json_end_object (json);
}

static void
add_overview_json (CtlJson        *json,
                   const Overview *overview)
{
  ctl_json_begin_object (json, "queue");
  ctl_json_add_boolean (json, "allPaused", overview->paused);
  for (TideRunStatus status = 0; status < TIDE_RUN_N_STATUSES; status++)
    if (status != TIDE_RUN_COMPLETED && status != TIDE_RUN_FAILED && status != TIDE_RUN_CANCELLED)
      ctl_json_add_int (json, status == TIDE_RUN_AWAITING_APPROVAL ? "awaitingApproval" : tide_run_status_to_name (status),
                        overview->n_runs[status]);
  ctl_json_end_object (json);
  ctl_json_add_int (json, "smartSessions", overview->n_sessions);
  ctl_json_begin_array (json, "rates");
  for (guint i = 0; i < overview->connections->len; i++)
    add_use_json (json, g_ptr_array_index (overview->connections, i), &g_array_index (overview->uses, TideRateUse, i));
  ctl_json_end_array (json);
}

static void
print_use (Ctl                  *ctl,
           const TideConnection *connection,
           const TideRateUse    *use)
{
  g_autofree char *until = ctl_format_time (use->held_until);
  g_autofree char *per = ctl_format_duration (use->per);

  if (use->held_until > g_get_real_time ())
    ctl_note (ctl, _("%s asks to be left alone until %s."), connection->name, until);
  if (use->limit > 0 && use->used > 0)
    ctl_note (ctl, _("%s: %u of %u requests used in %s."), connection->name, use->used, use->limit, per);
}

static void
print_overview (Ctl            *ctl,
                const Overview *overview)
{
  const guint *n_runs = overview->n_runs;

  if (overview->paused)
    ctl_note (ctl, "%s", _("Everything is paused; “tidemarkctl resume” lets it go on."));
  if (n_runs[TIDE_RUN_PROCESSING] + n_runs[TIDE_RUN_PENDING] + n_runs[TIDE_RUN_PAUSED] +
      n_runs[TIDE_RUN_AWAITING_APPROVAL] > 0)
    ctl_note (ctl, _("Queue: %u going, %u waiting, %u paused, %u in need of a decision%s."), n_runs[TIDE_RUN_PROCESSING],
              n_runs[TIDE_RUN_PENDING], n_runs[TIDE_RUN_PAUSED], n_runs[TIDE_RUN_AWAITING_APPROVAL],
              overview->more ? _(", and more") : "");
  if (overview->n_sessions > 0)
    ctl_note (ctl, ngettext ("%u form is being filled in: customers go first.",
                             "%u forms are being filled in: customers go first.", overview->n_sessions),
              overview->n_sessions);
  for (guint i = 0; i < overview->connections->len; i++)
    print_use (ctl, g_ptr_array_index (overview->connections, i), &g_array_index (overview->uses, TideRateUse, i));
}

static void
add_status_json (CtlJson                *json,
                 const TideStreamStatus *status)
{
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "connection", status->connection->name);
  ctl_json_add_string (json, "provider", status->connection->provider);
  ctl_json_add_string (json, "stream", status->stream);
  ctl_json_add_string (json, "entity", status->entity);
  ctl_json_add_string (json, "health", tide_health_to_name (status->health));
  ctl_json_add_time (json, "since", status->since);
  ctl_json_add_time (json, "lastSuccess", status->last_success);
  ctl_json_add_time (json, "nextRun", status->next_run);
  ctl_json_add_time (json, "retryAt", status->retry_at);
  ctl_json_add_int (json, "records", status->records);
  ctl_json_add_int (json, "changedToday", status->today);
  ctl_json_add_int (json, "openFailures", status->open_failures);
  if (status->last_run != NULL)
    ctl_run_add_json (json, "lastRun", status->last_run);
  else
    ctl_json_add_null (json, "lastRun");
  ctl_json_end_object (json);
}

static void
print_status_json (GPtrArray      *statuses,
                   const Overview *overview)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "streams");
  for (guint i = 0; i < statuses->len; i++)
    add_status_json (json, g_ptr_array_index (statuses, i));
  ctl_json_end_array (json);
  add_overview_json (json, overview);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static const char *
describe_health (TideHealth  health,
                 CtlStyle   *style)
{
  switch (health)
    {
    case TIDE_HEALTH_FRESH:
      *style = CTL_GOOD;
      return _("● fresh");
    case TIDE_HEALTH_OFF:
      *style = CTL_DIM;
      return _("– off");
    case TIDE_HEALTH_NEVER:
      *style = CTL_DIM;
      return _("○ never synced");
    case TIDE_HEALTH_SYNCING:
      *style = CTL_BOLD;
      return _("↻ syncing");
    case TIDE_HEALTH_LATE:
      *style = CTL_WARNING;
      return _("▲ late");
    case TIDE_HEALTH_RETRYING:
      *style = CTL_WARNING;
      return _("▲ retrying");
    case TIDE_HEALTH_PARTLY:
      *style = CTL_WARNING;
      return _("▲ partly");
    case TIDE_HEALTH_STALE:
      *style = CTL_BAD;
      return _("✕ stale");
    case TIDE_HEALTH_APPROVAL:
      *style = CTL_WARNING;
      return _("? waits for approval");
    case TIDE_HEALTH_FAILED:
      *style = CTL_BAD;
      return _("✕ failed");
    case TIDE_HEALTH_SIGN_IN:
    default:
      *style = CTL_BAD;
      return _("✕ sign in again");
    }
}

static void
print_statuses (Ctl       *ctl,
                GPtrArray *statuses)
{
  const char * const headings[] = { _("Connection"), _("Stream"), _("State"), _("Last success"),
                                    _("Records"), _("Today"), _("Open failures"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "llllrrr");

  for (guint i = 0; i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);
      CtlStyle style;
      const char *health = describe_health (status->health, &style);

      ctl_table_add (table, CTL_PLAIN, status->connection->name);
      ctl_table_add (table, CTL_PLAIN, status->stream);
      ctl_table_add (table, style, health);
      ctl_table_take (table, CTL_PLAIN, ctl_format_time (status->last_success));
      ctl_table_take (table, CTL_PLAIN, ctl_format_number (status->records));
      ctl_table_take (table, CTL_PLAIN, ctl_format_number (status->today));
      ctl_table_take (table, status->open_failures > 0 ? CTL_WARNING : CTL_PLAIN,
                      ctl_format_number (status->open_failures));
    }
  ctl_table_print (table, ctl);
}

/* The sentence on top: how many streams will not mend by themselves. */
static void
print_verdict (Ctl       *ctl,
               GPtrArray *statuses)
{
  guint n_need_owner = 0;

  for (guint i = 0; i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);

      n_need_owner += tide_health_needs_owner (status->health) ? 1 : 0;
    }
  if (n_need_owner > 0)
    ctl_note (ctl, ngettext ("%u stream needs you.", "%u streams need you.", n_need_owner), n_need_owner);
  else
    ctl_note (ctl, "%s", _("Nothing needs you."));
}

/* @i: the first stream of a connection. Returns: (transfer none) (nullable): why the login was refused last */
static const TideRun *
find_refusal (GPtrArray *statuses,
              guint      i)
{
  const TideStreamStatus *first = g_ptr_array_index (statuses, i);
  const TideRun *refusal = NULL;

  for (; i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);
      const TideRun *run = status->connection->id == first->connection->id ? status->last_run : NULL;

      if (run != NULL && g_strcmp0 (run->error_code, "auth") == 0 &&
          (refusal == NULL || run->ended_at > refusal->ended_at))
        refusal = run;
    }
  return refusal;
}

/* A refused login stops all streams of a connection, but it is one sentence, and one command mends it. */
static void
print_refusals (Ctl       *ctl,
                GPtrArray *statuses)
{
  gint64 connection_id = 0;

  for (guint i = 0; i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);
      const TideRun *refusal;

      if (status->health != TIDE_HEALTH_SIGN_IN || status->connection->id == connection_id)
        continue;
      connection_id = status->connection->id;
      refusal = find_refusal (statuses, i);
      ctl_note (ctl, _("%s: %s. Sign in again: tidemarkctl sign-in \"%s\""), status->connection->name,
                refusal != NULL ? refusal->error_message : _("the login is refused"), status->connection->name);
    }
}

static int
status_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) statuses = engine != NULL ? tide_engine_get_status (engine, &error) : NULL;
  g_auto(Overview) overview = { 0 };

  if (statuses == NULL || !overview_read (&overview, engine, &error))
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_status_json (statuses, &overview);
  else if (statuses->len == 0)
    ctl_note (ctl, "%s", _("Nothing is connected yet. Begin with: tidemarkctl connect PROVIDER --venue VENUE"));
  else
    {
      print_verdict (ctl, statuses);
      print_refusals (ctl, statuses);
      print_overview (ctl, &overview);
      print_statuses (ctl, statuses);
    }
  return CTL_DONE;
}

const CtlCommand ctl_status_commands[] = {
  { "status", NULL, N_("Show how fresh each stream is, and what waits"), NULL, 0, 0, status_run },
  { NULL }
};
