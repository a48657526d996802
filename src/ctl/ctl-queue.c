/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-run.h"
#include "ctl.h"
#include "tide-error.h"

#define QUEUE_SHOWN 50

static int option_limit = QUEUE_SHOWN;

static const GOptionEntry queue_entries[] = {
  { "limit", 0, 0, G_OPTION_ARG_INT, &option_limit, N_("At most so many (default 50)"), "N" },
  { NULL }
};

static const char *
get_hold_name (TideHold hold)
{
  static const char * const names[] = {
    [TIDE_HOLD_NONE] = NULL,
    [TIDE_HOLD_TURN] = "turn",
    [TIDE_HOLD_RETRY] = "retry",
    [TIDE_HOLD_SMART_SYNC] = "smart-sync",
    [TIDE_HOLD_PAUSED] = "paused",
    [TIDE_HOLD_ALL_PAUSED] = "all-paused",
    [TIDE_HOLD_APPROVAL] = "approval",
  };

  return names[hold];
}

static char *
describe_hold (const TideQueueEntry *entry)
{
  g_autofree char *due = NULL;

  switch (entry->hold)
    {
    case TIDE_HOLD_TURN:
      return g_strdup (_("others go first"));
    case TIDE_HOLD_RETRY:
      due = ctl_format_time (entry->run->due_at);
      return g_strdup_printf (_("tries again at %s"), due);
    case TIDE_HOLD_SMART_SYNC:
      return g_strdup (_("somebody fills in a form"));
    case TIDE_HOLD_PAUSED:
      return g_strdup (_("paused"));
    case TIDE_HOLD_ALL_PAUSED:
      return g_strdup (_("everything is paused"));
    case TIDE_HOLD_APPROVAL:
      return g_strdup (_("needs your decision"));
    case TIDE_HOLD_NONE:
    default:
      return g_strdup ("–");
    }
}

static void
print_queue_json (GPtrArray *entries,
                  gboolean   paused)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_add_boolean (json, "paused", paused);
  ctl_json_begin_array (json, "queue");
  for (guint i = 0; i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);

      ctl_json_begin_object (json, NULL);
      if (entry->position > 0)
        ctl_json_add_int (json, "position", entry->position);
      else
        ctl_json_add_null (json, "position");
      ctl_json_add_string (json, "hold", get_hold_name (entry->hold));
      ctl_run_add_json (json, "run", entry->run);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
add_queue_row (CtlTable             *table,
               const TideQueueEntry *entry)
{
  CtlStyle style;
  const char *status = ctl_run_get_status (entry->run, &style);

  ctl_table_take (table, CTL_PLAIN, entry->position > 0 ? g_strdup_printf ("%u", entry->position) : g_strdup ("–"));
  ctl_table_add (table, CTL_DIM, entry->run->sync_id);
  ctl_table_add (table, CTL_PLAIN, entry->run->connection_name);
  ctl_table_add (table, CTL_PLAIN, entry->run->stream);
  ctl_table_add (table, CTL_PLAIN, tide_run_mode_to_name (entry->run->mode));
  ctl_table_add (table, style, status);
  ctl_table_take (table, CTL_PLAIN, describe_hold (entry));
  ctl_table_take (table, CTL_PLAIN, ctl_format_time (entry->run->requested_at));
}

static void
print_queue (Ctl       *ctl,
             GPtrArray *entries)
{
  const char * const headings[] = { _("Place"), _("Run"), _("Connection"), _("Stream"), _("Mode"), _("State"),
                                    _("Waits because"), _("Since"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "rlllllll");

  for (guint i = 0; i < entries->len; i++)
    add_queue_row (table, g_ptr_array_index (entries, i));
  ctl_table_print (table, ctl);
}

/* Sessions of smart sync live in the program that syncs: what it has in store does not tell of them. */
static void
note_smart_sync (TideEngine *engine,
                 GPtrArray  *entries)
{
  if (!tide_engine_follow (engine, NULL) || tide_engine_count_smart_sessions (engine) == 0)
    return;
  for (guint i = 0; i < entries->len; i++)
    {
      TideQueueEntry *entry = g_ptr_array_index (entries, i);

      if (entry->hold == TIDE_HOLD_TURN && entry->run->priority != TIDE_RUN_PRIORITY_SMART)
        entry->hold = TIDE_HOLD_SMART_SYNC;
    }
}

static int
queue_run (Ctl   *ctl,
           char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  gboolean paused;

  if (option_limit <= 0)
    return ctl_usage (ctl, _("--limit %d: has to be 1 or more"), option_limit);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  entries = engine != NULL ? tide_engine_list_queue (engine, (guint)option_limit, &error) : NULL;
  if (entries == NULL)
    return ctl_fail (ctl, error);
  note_smart_sync (engine, entries);
  paused = tide_engine_get_setting (engine, TIDE_SETTING_PAUSED) != 0;
  if (ctl->json)
    print_queue_json (entries, paused);
  else if (entries->len == 0)
    ctl_note (ctl, "%s", _("No run waits or goes."));
  else
    print_queue (ctl, entries);
  if (paused)
    ctl_note (ctl, "%s", _("Everything is paused; “tidemarkctl resume” lets it go on."));
  return CTL_DONE;
}

const CtlCommand ctl_queue_commands[] = {
  { "queue", N_("[--limit N]"), N_("List the runs that go and wait, and why they wait"), queue_entries, 0, 0, queue_run },
  { NULL }
};
