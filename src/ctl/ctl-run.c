/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-run.h"

#define CHANGES_PAGE 500

/**
 * ctl_counts_add_json:
 *
 * Adds a run's ledger as "counts".
 */
void
ctl_counts_add_json (CtlJson          *json,
                     const TideCounts *counts)
{
  ctl_json_begin_object (json, "counts");
  ctl_json_add_int (json, "read", counts->read);
  ctl_json_add_int (json, "created", counts->created);
  ctl_json_add_int (json, "updated", counts->updated);
  ctl_json_add_int (json, "unchanged", counts->unchanged);
  ctl_json_add_int (json, "deleted", counts->deleted);
  ctl_json_add_int (json, "failed", counts->failed);
  ctl_json_add_int (json, "conflicted", counts->conflicted);
  ctl_json_add_int (json, "skipped", counts->skipped);
  ctl_json_end_object (json);
}

static void
add_error_json (CtlJson       *json,
                const TideRun *run)
{
  if (run->error_code == NULL && run->error_message == NULL)
    {
      ctl_json_add_null (json, "error");
      return;
    }
  ctl_json_begin_object (json, "error");
  ctl_json_add_string (json, "code", run->error_code);
  ctl_json_add_string (json, "message", run->error_message);
  ctl_json_end_object (json);
}

/**
 * ctl_run_add_members:
 *
 * Adds what there is to say of a run to an object that is open.
 */
void
ctl_run_add_members (CtlJson       *json,
                     const TideRun *run)
{
  ctl_json_add_string (json, "syncId", run->sync_id);
  ctl_json_add_string (json, "connection", run->connection_name);
  ctl_json_add_string (json, "venue", run->venue_name);
  ctl_json_add_string (json, "provider", run->provider);
  ctl_json_add_string (json, "stream", run->stream);
  ctl_json_add_string (json, "entity", run->entity);
  ctl_json_add_string (json, "mode", tide_run_mode_to_name (run->mode));
  ctl_json_add_string (json, "status", tide_run_status_to_name (run->status));
  ctl_json_add_boolean (json, "dryRun", run->dry_run);
  ctl_json_add_raw (json, "ids", run->ids);
  ctl_json_add_raw (json, "filters", run->filters);
  ctl_json_add_int (json, "priority", run->priority);
  ctl_json_add_int (json, "attempts", run->attempts);
  ctl_json_add_time (json, "dueAt", run->due_at);
  ctl_json_add_string (json, "requestedBy", run->requested_by);
  ctl_json_add_time (json, "requestedAt", run->requested_at);
  ctl_json_add_time (json, "startedAt", run->started_at);
  ctl_json_add_time (json, "endedAt", run->ended_at);
  ctl_counts_add_json (json, &run->counts);
  ctl_json_add_int (json, "pages", run->pages);
  ctl_json_add_int (json, "bytes", run->bytes);
  ctl_json_add_int (json, "retries", run->retries);
  ctl_json_add_int (json, "waitedMs", run->waited / 1000);
  add_error_json (json, run);
  ctl_json_add_raw (json, "phases", run->phases);
}

/**
 * ctl_run_add_json:
 * @name: (nullable): of the member
 */
void
ctl_run_add_json (CtlJson       *json,
                  const char    *name,
                  const TideRun *run)
{
  ctl_json_begin_object (json, name);
  ctl_run_add_members (json, run);
  ctl_json_end_object (json);
}

/**
 * ctl_run_get_status:
 * @style: (out): how to show it
 *
 * Returns: (transfer none): the status in a word for people
 */
const char *
ctl_run_get_status (const TideRun *run,
                    CtlStyle      *style)
{
  switch (run->status)
    {
    case TIDE_RUN_PENDING:
      *style = CTL_DIM;
      return _("pending");
    case TIDE_RUN_PROCESSING:
      *style = CTL_BOLD;
      return _("processing");
    case TIDE_RUN_COMPLETED:
      *style = run->counts.failed > 0 ? CTL_WARNING : CTL_GOOD;
      return run->counts.failed > 0 ? _("partly") : _("completed");
    case TIDE_RUN_FAILED:
      *style = CTL_BAD;
      return _("failed");
    case TIDE_RUN_CANCELLED:
      *style = CTL_WARNING;
      return _("cancelled");
    case TIDE_RUN_PAUSED:
      *style = CTL_WARNING;
      return _("paused");
    case TIDE_RUN_AWAITING_APPROVAL:
    default:
      *style = CTL_WARNING;
      return _("waits for approval");
    }
}

/**
 * ctl_counts_describe:
 *
 * Returns: (transfer full): the ledger as a phrase; what is nought and means nothing is left out
 */
char *
ctl_counts_describe (const TideCounts *counts)
{
  const struct
  {
    const char *format;
    gint64      count;
    gboolean    always;
  } parts[] = {
    /* Translators: parts of "5 read, 2 created, 3 unchanged" */
    { _("%s read"), counts->read, TRUE },
    { _("%s created"), counts->created, FALSE },
    { _("%s updated"), counts->updated, FALSE },
    { _("%s unchanged"), counts->unchanged, FALSE },
    { _("%s deleted"), counts->deleted, FALSE },
    { _("%s failed"), counts->failed, FALSE },
    { _("%s skipped"), counts->skipped, FALSE },
  };
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *number = ctl_format_number (parts[i].count);
      g_auto(GStrv) halves = g_strsplit (parts[i].format, "%s", 2);

      if (parts[i].always || parts[i].count != 0)
        g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? ", " : "", halves[0], number, halves[1]);
    }
  return g_strdup (text->str);
}

/**
 * ctl_run_find:
 *
 * Returns: (transfer full): the run; %NULL with an error that names it, as the store says only that there is none
 */
TideRun *
ctl_run_find (TideEngine  *engine,
              const char  *sync_id,
              GError     **error)
{
  TideRun *run = tide_engine_get_run (engine, sync_id, error);

  if (run == NULL)
    g_prefix_error (error, _("run %s: "), sync_id);
  return run;
}

/**
 * ctl_runs_add_json:
 *
 * Adds runs as "runs".
 */
void
ctl_runs_add_json (CtlJson   *json,
                   GPtrArray *runs)
{
  ctl_json_begin_array (json, "runs");
  for (guint i = 0; i < runs->len; i++)
    ctl_run_add_json (json, NULL, g_ptr_array_index (runs, i));
  ctl_json_end_array (json);
}

static void
print_change (Ctl                    *ctl,
              CtlJson                *json,
              const char             *event,
              const TideRecordChange *change)
{
  ctl_note (ctl, "%s %s", change->kind, change->record_id);
  if (change->before != NULL)
    ctl_note (ctl, "  - %s", change->before);
  if (change->after != NULL)
    ctl_note (ctl, "  + %s", change->after);
  if (!ctl->json)
    return;
  ctl_json_begin_object (json, NULL);
  if (event != NULL)
    ctl_json_add_string (json, "event", event);
  ctl_json_add_string (json, "kind", change->kind);
  ctl_json_add_string (json, "recordId", change->record_id);
  ctl_json_add_time (json, "at", change->at);
  ctl_json_add_raw (json, "before", change->before);
  ctl_json_add_raw (json, "after", change->after);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

/**
 * ctl_run_print_changes:
 * @event: (nullable): what each line is called, for programs that read several kinds
 *
 * Prints the records that a run changed, or would have; page by page, as a first sync has changed everything there is.
 *
 * Returns: %FALSE with an error
 */
gboolean
ctl_run_print_changes (Ctl            *ctl,
                       TideEngine     *engine,
                       const TideRun  *run,
                       const char     *event,
                       GError        **error)
{
  g_autoptr(CtlJson) json = ctl_json_new ();
  guint offset = 0;
  guint n_changes;

  do
    {
      g_autoptr(GPtrArray) changes = tide_engine_get_run_changes (engine, run->sync_id, CHANGES_PAGE, offset, error);

      if (changes == NULL || g_cancellable_set_error_if_cancelled (ctl->cancellable, error))
        return FALSE;
      n_changes = changes->len;
      for (guint i = 0; i < n_changes; i++)
        print_change (ctl, json, event, g_ptr_array_index (changes, i));
      offset += n_changes;
    }
  while (n_changes == CHANGES_PAGE);
  return TRUE;
}
