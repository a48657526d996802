/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-run.h"
#include "ctl.h"

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
print_status_json (GPtrArray *statuses)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "streams");
  for (guint i = 0; i < statuses->len; i++)
    add_status_json (json, g_ptr_array_index (statuses, i));
  ctl_json_end_array (json);
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

static int
status_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) statuses = engine != NULL ? tide_engine_get_status (engine, &error) : NULL;

  if (statuses == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_status_json (statuses);
  else if (statuses->len == 0)
    ctl_note (ctl, "%s", _("Nothing is connected yet. Begin with: tidemarkctl connect PROVIDER --venue VENUE"));
  else
    {
      print_verdict (ctl, statuses);
      print_statuses (ctl, statuses);
    }
  return CTL_DONE;
}

const CtlCommand ctl_status_commands[] = {
  { "status", NULL, N_("Show how fresh each stream is"), NULL, 0, 0, status_run },
  { NULL }
};
