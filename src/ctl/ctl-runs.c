/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-approval.h"
#include "ctl-run.h"
#include "ctl.h"
#include "tide-error.h"

#define RUNS_SHOWN 20
#define FAILURES_SHOWN 20

static int option_limit = RUNS_SHOWN;
static char *option_connection;
static char *option_entity;
static char *option_outcome;
static gboolean option_log;
static gboolean option_changes;

static const GOptionEntry runs_entries[] = {
  { "limit", 0, 0, G_OPTION_ARG_INT, &option_limit, N_("At most so many (default 20)"), "N" },
  { "connection", 0, 0, G_OPTION_ARG_STRING, &option_connection, N_("Of this connection only"), N_("CONNECTION") },
  { "entity", 0, 0, G_OPTION_ARG_STRING, &option_entity, N_("Of this entity only"), N_("ENTITY") },
  { "outcome", 0, 0, G_OPTION_ARG_STRING, &option_outcome, N_("problems, retried, done, or a status such as failed"), N_("OUTCOME") },
  { NULL }
};

static const GOptionEntry show_entries[] = {
  { "log", 0, 0, G_OPTION_ARG_NONE, &option_log, N_("Its log instead"), NULL },
  { "changes", 0, 0, G_OPTION_ARG_NONE, &option_changes, N_("The records it changed instead, before and after"), NULL },
  { NULL }
};

static void
print_runs_json (GPtrArray *runs)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_runs_add_json (json, runs);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
add_run_row (CtlTable      *table,
             const TideRun *run)
{
  CtlStyle style;
  const char *status = ctl_run_get_status (run, &style);
  gint64 changed = run->counts.created + run->counts.updated + run->counts.deleted;

  ctl_table_add (table, CTL_DIM, run->sync_id);
  ctl_table_take (table, CTL_PLAIN, ctl_format_time (run->started_at != 0 ? run->started_at : run->requested_at));
  ctl_table_add (table, CTL_PLAIN, run->connection_name);
  ctl_table_add (table, CTL_PLAIN, run->stream);
  ctl_table_add (table, CTL_PLAIN, tide_run_mode_to_name (run->mode));
  ctl_table_add (table, style, status);
  ctl_table_take (table, CTL_PLAIN, ctl_format_number (run->counts.read));
  ctl_table_take (table, CTL_PLAIN, ctl_format_number (changed));
  ctl_table_take (table, run->counts.failed > 0 ? CTL_WARNING : CTL_PLAIN, ctl_format_number (run->counts.failed));
  ctl_table_take (table, CTL_PLAIN, run->started_at != 0 && run->ended_at != 0
                                    ? ctl_format_duration (run->ended_at - run->started_at) : g_strdup ("–"));
}

static void
print_runs (Ctl       *ctl,
            GPtrArray *runs)
{
  const char * const headings[] = { _("Run"), _("Started"), _("Connection"), _("Stream"), _("Mode"), _("Status"),
                                    _("Read"), _("Changed"), _("Failed"), _("Took"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "llllllrrrr");

  for (guint i = 0; i < runs->len; i++)
    add_run_row (table, g_ptr_array_index (runs, i));
  ctl_table_print (table, ctl);
}

/* Returns: (transfer full) (nullable): what is wrong with --outcome, if anything is */
static char *
refuse_outcome (void)
{
  static const char * const others[] = { "problems", "retried", "done", NULL };
  g_autoptr(GString) words = g_string_new ("problems, retried, done");
  TideRunStatus status;

  if (option_outcome == NULL || g_strv_contains (others, option_outcome) ||
      tide_run_status_from_name (option_outcome, &status))
    return NULL;
  for (status = TIDE_RUN_PENDING; status < TIDE_RUN_N_STATUSES; status++)
    g_string_append_printf (words, ", %s", tide_run_status_to_name (status));
  return g_strdup_printf (_("--outcome %s: there is no such outcome, only these: %s"), option_outcome, words->str);
}

/* Returns: (transfer full) (nullable): what is wrong with --entity, if no provider brings one of that name */
static char *
refuse_entity (TideEngine *engine)
{
  g_autoptr(GPtrArray) providers = tide_engine_list_providers (engine);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < providers->len; i++)
    {
      const TideProviderInfo *info = g_ptr_array_index (providers, i);

      for (guint j = 0; j < info->streams->len; j++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (info->streams, j);

          if (g_str_equal (stream->entity, option_entity))
            return NULL;
          /* What comes inside its parent has no runs. */
          if (!stream->child && g_hash_table_add (seen, stream->entity))
            g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", stream->entity);
        }
    }
  return g_strdup_printf (_("--entity %s: there is no such entity, only these: %s"), option_entity, words->str);
}

static GPtrArray *
query_runs (TideEngine  *engine,
            GError     **error)
{
  TideRunQuery query = {
    .entity = option_entity,
    .outcome = option_outcome,
    .limit = (guint)option_limit,
    .by_start = TRUE,
  };
  g_autoptr(TideConnection) connection = NULL;

  if (option_connection != NULL)
    {
      connection = tide_engine_find_connection (engine, option_connection, error);
      if (connection == NULL)
        return NULL;
      query.connection_id = connection->id;
    }
  return tide_engine_query_runs (engine, &query, error);
}

static int
runs_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autofree char *refusal = refuse_outcome ();

  if (refusal != NULL)
    return ctl_usage (ctl, "%s", refusal);
  if (option_limit <= 0)
    return ctl_usage (ctl, _("--limit %d: has to be 1 or more"), option_limit);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  runs = engine != NULL ? query_runs (engine, &error) : NULL;
  if (runs == NULL)
    return ctl_fail (ctl, error);
  /* Where there are runs of it, it was one, even if its provider has been taken away since. */
  if (runs->len == 0 && option_entity != NULL)
    refusal = refuse_entity (engine);
  if (refusal != NULL)
    return ctl_usage (ctl, "%s", refusal);
  if (ctl->json)
    print_runs_json (runs);
  else if (runs->len == 0)
    ctl_note (ctl, "%s", _("There are no such runs yet."));
  else
    print_runs (ctl, runs);
  return CTL_DONE;
}

static void
print_failures (TideEngine    *engine,
                const TideRun *run,
                Ctl           *ctl)
{
  const char * const headings[] = { _("Record"), _("Reason"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "ll");
  g_autoptr(GPtrArray) failures = tide_engine_get_failures (engine, 0, run->sync_id, FAILURES_SHOWN, NULL);

  if (failures == NULL || failures->len == 0)
    return;
  for (guint i = 0; i < failures->len; i++)
    {
      const TideFailure *failure = g_ptr_array_index (failures, i);

      ctl_table_add (table, CTL_PLAIN, failure->record_id);
      ctl_table_add (table, CTL_WARNING, failure->reason);
    }
  g_print ("\n");
  ctl_table_print (table, ctl);
}

static void
print_run_times (Ctl           *ctl,
                 const TideRun *run)
{
  g_autofree char *requested = ctl_format_time (run->requested_at);
  g_autofree char *started = ctl_format_time (run->started_at);
  g_autofree char *ended = ctl_format_time (run->ended_at);

  ctl_print_fact (ctl, _("Requested"), requested);
  ctl_print_fact (ctl, _("Requested by"), run->requested_by);
  ctl_print_fact (ctl, _("Started"), started);
  ctl_print_fact (ctl, _("Ended"), ended);
}

static void
print_run_traffic (Ctl           *ctl,
                   const TideRun *run)
{
  g_autofree char *pages = ctl_format_number (run->pages);
  g_autofree char *size = ctl_format_size (run->bytes);
  g_autofree char *retries = ctl_format_number (run->retries);
  g_autofree char *waited = ctl_format_duration (run->waited);
  g_autofree char *traffic = g_strdup_printf (_("%s pages, %s; %s requests repeated, %s waited"),
                                              pages, size, retries, waited);

  ctl_print_fact (ctl, _("Traffic"), traffic);
}

/* Which records it is about, if not all. */
static void
print_run_part (Ctl           *ctl,
                const TideRun *run)
{
  if (run->ids != NULL)
    ctl_print_fact (ctl, _("Only records"), run->ids);
  if (run->filters != NULL)
    ctl_print_fact (ctl, _("Only where"), run->filters);
}

static void
print_run_attempts (Ctl           *ctl,
                    const TideRun *run)
{
  g_autofree char *attempts = g_strdup_printf ("%u", run->attempts);
  g_autofree char *due = ctl_format_time (run->due_at);

  ctl_print_fact (ctl, _("Attempts"), attempts);
  if (run->status == TIDE_RUN_PENDING && run->due_at != 0)
    ctl_print_fact (ctl, _("Tries again"), due);
}

static void
print_approvals (Ctl           *ctl,
                 TideEngine    *engine,
                 const TideRun *run)
{
  g_autoptr(GPtrArray) approvals = tide_engine_list_approvals (engine, FALSE, NULL);

  for (guint i = 0; approvals != NULL && i < approvals->len; i++)
    {
      const TideApproval *approval = g_ptr_array_index (approvals, i);
      g_autofree char *fact = g_strdup_printf ("%" G_GINT64_FORMAT " (%s): %s", approval->id,
                                               ctl_approval_get_state (approval), approval->reason);

      if (approval->run->id == run->id)
        ctl_print_fact (ctl, _("Approval"), fact);
    }
}

static void
print_run (Ctl           *ctl,
           TideEngine    *engine,
           const TideRun *run)
{
  g_autofree char *counts = ctl_counts_describe (&run->counts);
  CtlStyle style;

  ctl_print_fact (ctl, _("Run"), run->sync_id);
  ctl_print_fact (ctl, _("Connection"), run->connection_name);
  ctl_print_fact (ctl, _("Stream"), run->stream);
  ctl_print_fact (ctl, _("Mode"), run->dry_run ? _("dry run") : tide_run_mode_to_name (run->mode));
  print_run_part (ctl, run);
  ctl_print_fact (ctl, _("Status"), ctl_run_get_status (run, &style));
  print_run_times (ctl, run);
  ctl_print_fact (ctl, _("Records"), counts);
  print_run_traffic (ctl, run);
  print_run_attempts (ctl, run);
  if (run->error_message != NULL)
    ctl_print_fact (ctl, run->status == TIDE_RUN_AWAITING_APPROVAL ? _("Halted") : _("Error"), run->error_message);
  print_approvals (ctl, engine, run);
  print_failures (engine, run, ctl);
}

static void
add_approvals_json (CtlJson       *json,
                    TideEngine    *engine,
                    const TideRun *run)
{
  g_autoptr(GPtrArray) approvals = tide_engine_list_approvals (engine, FALSE, NULL);

  ctl_json_begin_array (json, "approvals");
  for (guint i = 0; approvals != NULL && i < approvals->len; i++)
    {
      const TideApproval *approval = g_ptr_array_index (approvals, i);

      if (approval->run->id == run->id)
        ctl_approval_add_json (json, approval);
    }
  ctl_json_end_array (json);
}

static int
show_run (Ctl           *ctl,
          TideEngine    *engine,
          const TideRun *run)
{
  g_autoptr(CtlJson) json = NULL;

  if (!ctl->json)
    {
      print_run (ctl, engine, run);
      return CTL_DONE;
    }
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_run_add_members (json, run);
  add_approvals_json (json, engine, run);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
show_log (Ctl           *ctl,
          TideEngine    *engine,
          const TideRun *run)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = tide_engine_get_run_log (engine, run->sync_id, &error);
  g_autoptr(CtlJson) json = ctl_json_new ();

  if (lines == NULL)
    return ctl_fail (ctl, error);
  for (guint i = 0; i < lines->len; i++)
    {
      const TideLogLine *line = g_ptr_array_index (lines, i);
      g_autofree char *time = ctl_format_time (line->at);

      ctl_note (ctl, "%s  %-7s  %s", time, line->level, line->message);
      if (!ctl->json)
        continue;
      ctl_json_begin_object (json, NULL);
      ctl_json_add_time (json, "at", line->at);
      ctl_json_add_string (json, "level", line->level);
      ctl_json_add_string (json, "message", line->message);
      ctl_json_end_object (json);
      ctl_json_print (json);
    }
  return CTL_DONE;
}

static int
show_run_cb (Ctl   *ctl,
             char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(TideRun) run = NULL;

  if (option_log && option_changes)
    return ctl_usage (ctl, "%s", _("--log and --changes exclude each other"));
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  if (engine != NULL)
    run = ctl_run_find (engine, args[0], &error);
  if (run == NULL)
    return ctl_fail (ctl, error);
  if (option_log)
    return show_log (ctl, engine, run);
  if (!option_changes)
    return show_run (ctl, engine, run);
  return ctl_run_print_changes (ctl, engine, run, NULL, &error) ? CTL_DONE : ctl_fail (ctl, error);
}

const CtlCommand ctl_runs_commands[] = {
  { "runs", N_("[--limit N]"), N_("List the last runs, newest first"), runs_entries, 0, 0, runs_run },
  { "show", N_("RUN [--log|--changes]"), N_("Show one run"), show_entries, 1, 1, show_run_cb },
  { NULL }
};
