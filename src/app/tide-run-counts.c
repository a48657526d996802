/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-job.h"
#include "tide-run-counts.h"

static gboolean
count (TideEngine           *engine,
       const TideRunFilter  *filter,
       const char           *outcome,
       gint64               *n,
       GCancellable         *cancellable,
       GError              **error)
{
  TideRunQuery query = tide_run_filter_to_query (filter, 0, 0);

  if (outcome != NULL)
    query.outcome = outcome;
  *n = tide_engine_count_runs (engine, &query, error);
  return *n >= 0 && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gpointer
counts_job (TideEngine    *engine,
            gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  const TideRunFilter *filter = data;
  g_autofree TideRunCounts *self = g_new0 (TideRunCounts, 1);

  self->split = filter->outcome == NULL;
  if (!count (engine, filter, NULL, &self->total, cancellable, error))
    return NULL;
  if (self->split && (!count (engine, filter, "done", &self->done, cancellable, error)
                      || !count (engine, filter, "retried", &self->retried, cancellable, error)
                      || !count (engine, filter, "problems", &self->problems, cancellable, error)))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tide_run_counts_async:
 * @filter: which runs; copied
 *
 * Counts the runs of a list by how they went, on a worker thread.
 */
void
tide_run_counts_async (TideEngine          *engine,
                       const TideRunFilter *filter,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  tide_job_run (engine, counts_job, tide_run_filter_copy (filter), (GDestroyNotify)tide_run_filter_free, g_free,
                cancellable, callback, user_data);
}

/**
 * tide_run_counts_finish:
 *
 * Returns: (transfer full): the counts; free them with g_free(). %NULL with @error set on failure
 */
TideRunCounts *
tide_run_counts_finish (GAsyncResult  *result,
                        GError       **error)
{
  return tide_job_finish (result, error);
}

/**
 * tide_run_counts_dup_total:
 *
 * Returns: (transfer full): "2,316 runs"
 */
char *
tide_run_counts_dup_total (const TideRunCounts *self)
{
  g_autofree char *number = tide_format_number (self->total);

  return g_strdup_printf (ngettext ("%s run", "%s runs", (gulong)self->total), number);
}

/* Takes @text where there is something to tell. */
static void
add_part (GPtrArray *parts,
          gint64     n,
          char      *text)
{
  if (n > 0)
    g_ptr_array_add (parts, text);
  else
    g_free (text);
}

/**
 * tide_run_counts_dup_parts:
 *
 * Returns: (transfer full): "2,309 done, 5 retried, 2 need you"; the parts add up to the total. Empty where
 *    they were not told apart
 */
char *
tide_run_counts_dup_parts (const TideRunCounts *self)
{
  gint64 others = self->total - self->done - self->retried - self->problems;
  g_autofree char *done = tide_format_number (self->done);
  g_autofree char *retried = tide_format_number (self->retried);
  g_autofree char *problems = tide_format_number (self->problems);
  g_autofree char *rest = tide_format_number (others);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (!self->split)
    return g_strdup ("");
  add_part (parts, self->done, g_strdup_printf (_("%s done"), done));
  add_part (parts, self->retried, g_strdup_printf (_("%s retried"), retried));
  add_part (parts, self->problems, g_strdup_printf (ngettext ("%s needs you", "%s need you", (gulong)self->problems),
                                                    problems));
  add_part (parts, others, g_strdup_printf (_("%s going, waiting or stopped"), rest));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (_(", "), (char **)parts->pdata);
}
