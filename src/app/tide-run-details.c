/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-job.h"
#include "tide-run-details.h"
#include "tide-time.h"

#define MAX_FAILURES 100

typedef struct
{
  char  *sync_id;
  guint  n_changes;
} Request;

static void
request_free (Request *request)
{
  g_free (request->sync_id);
  g_free (request);
}

/**
 * tide_run_details_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_run_details_free (TideRunDetails *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->run, tide_run_unref);
  g_clear_pointer (&self->log, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_clear_pointer (&self->approval, tide_approval_free);
  g_free (self);
}

/* What the run asks; that there is nothing is no failure. */
static gboolean
load_approval (TideEngine      *engine,
               TideRunDetails  *self,
               GError         **error)
{
  g_autoptr(GPtrArray) approvals = NULL;

  if (self->run->status != TIDE_RUN_AWAITING_APPROVAL)
    return TRUE;
  approvals = tide_engine_list_approvals (engine, TRUE, error);
  for (guint i = 0; approvals != NULL && self->approval == NULL && i < approvals->len; i++)
    if (((TideApproval *)g_ptr_array_index (approvals, i))->run->id == self->run->id)
      self->approval = g_ptr_array_steal_index (approvals, i);
  return approvals != NULL;
}

static gpointer
load_job (TideEngine    *engine,
          gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  const Request *request = data;
  g_autoptr(TideRunDetails) self = g_new0 (TideRunDetails, 1);

  self->run = tide_engine_get_run (engine, request->sync_id, error);
  if (self->run == NULL)
    return NULL;
  self->log = tide_engine_get_run_log (engine, request->sync_id, error);
  if (self->log == NULL)
    return NULL;
  self->changes = tide_engine_get_run_changes (engine, request->sync_id, request->n_changes, 0, error);
  if (self->changes == NULL)
    return NULL;
  self->failures = tide_engine_get_failures (engine, self->run->connection_id, request->sync_id, MAX_FAILURES, error);
  if (self->failures == NULL || !load_approval (engine, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tide_run_details_load_async:
 * @n_changes: how many of the records it changed
 *
 * Reads all that is known of a run, on a worker thread.
 */
void
tide_run_details_load_async (TideEngine          *engine,
                             const char          *sync_id,
                             guint                n_changes,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Request *request = g_new (Request, 1);

  request->sync_id = g_strdup (sync_id);
  request->n_changes = n_changes;
  tide_job_run (engine, load_job, request, (GDestroyNotify)request_free, (GDestroyNotify)tide_run_details_free,
                cancellable, callback, user_data);
}

/**
 * tide_run_details_load_finish:
 *
 * Returns: (transfer full): the details, %NULL with @error set on failure
 */
TideRunDetails *
tide_run_details_load_finish (GAsyncResult  *result,
                              GError       **error)
{
  return tide_job_finish (result, error);
}

static void
report_time (GString    *report,
             const char *name,
             gint64      instant)
{
  g_autofree char *text = instant > 0 ? tide_time_to_string (instant) : NULL;

  if (text != NULL)
    g_string_append_printf (report, "%s: %s\n", name, text);
}

/**
 * tide_run_details_dup_report:
 * @what: what was synced
 *
 * Returns: (transfer full): all of it as plain text, to be sent to whoever helps; without
 *    anything of what the records hold. In English, as those it is for read many of them.
 */
char *
tide_run_details_dup_report (const TideRunDetails *self,
                             const char           *what)
{
  const TideRun *run = self->run;
  GString *report = g_string_new (NULL);

  g_string_append_printf (report, "Tidemark %s\nRun: %s\nWhat: %s (%s, stream %s)\nConnection: %s\n",
                          TIDEMARK_VERSION, run->sync_id, what, run->provider, run->stream, run->connection_name);
  g_string_append_printf (report, "Mode: %s%s\nAsked by: %s\nOutcome: %s\n", tide_run_mode_to_name (run->mode),
                          run->dry_run ? " (dry run)" : "", run->requested_by, tide_run_status_to_name (run->status));
  if (run->ids != NULL || run->filters != NULL)
    g_string_append_printf (report, "Only: ids %s, filters %s\n", run->ids != NULL ? run->ids : "any",
                            run->filters != NULL ? run->filters : "none");
  g_string_append_printf (report, "Attempts: %u, %u of them in a row without progress\n", run->attempts, run->stalled);
  report_time (report, "Asked", run->requested_at);
  report_time (report, "Next try", run->due_at);
  report_time (report, "Started", run->started_at);
  report_time (report, "Ended", run->ended_at);
  g_string_append_printf (report,
                          "Read %" G_GINT64_FORMAT ": created %" G_GINT64_FORMAT ", updated %" G_GINT64_FORMAT
                          ", unchanged %" G_GINT64_FORMAT ", failed %" G_GINT64_FORMAT ", skipped %" G_GINT64_FORMAT
                          "; deleted %" G_GINT64_FORMAT "\n",
                          run->counts.read, run->counts.created, run->counts.updated, run->counts.unchanged,
                          run->counts.failed, run->counts.skipped, run->counts.deleted);
  g_string_append_printf (report, "Pages %" G_GINT64_FORMAT ", bytes %" G_GINT64_FORMAT ", repeated requests %"
                          G_GINT64_FORMAT ", waited %.1f s\n",
                          run->pages, run->bytes, run->retries, run->waited / (double)TIDE_SECOND);
  if (run->error_message != NULL)
    g_string_append_printf (report, "Error: %s: %s\n", run->error_code, run->error_message);
  for (guint i = 0; i < self->failures->len; i++)
    {
      const TideFailure *failure = g_ptr_array_index (self->failures, i);

      g_string_append_printf (report, "Not read: %s: %s\n", failure->record_id, failure->reason);
    }
  g_string_append (report, "Log:\n");
  for (guint i = 0; i < self->log->len; i++)
    {
      const TideLogLine *line = g_ptr_array_index (self->log, i);
      g_autofree char *at = tide_time_to_string (line->at);

      g_string_append_printf (report, "%s %s %s\n", at, line->level, line->message);
    }
  return g_string_free (report, FALSE);
}
