/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-job.h"
#include "tide-run-fetch.h"

typedef struct
{
  TideRunFilter *filter;
  gint64         before_id;
  guint          limit;
  gboolean       count;
} Question;

static void
question_free (Question *question)
{
  tide_run_filter_free (question->filter);
  g_free (question);
}

/**
 * tide_run_fetch_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_run_fetch_free (TideRunFetch *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_free (self);
}

static gpointer
fetch_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  const Question *question = data;
  g_autoptr(TideRunFetch) self = g_new0 (TideRunFetch, 1);
  TideRunQuery query = tide_run_filter_to_query (question->filter, question->before_id, question->limit);

  if (question->count)
    {
      TideRunQuery all = tide_run_filter_to_query (question->filter, 0, 0);

      self->count = tide_engine_count_runs (engine, &all, error);
      if (self->count < 0)
        return NULL;
    }
  self->runs = tide_engine_query_runs (engine, &query, error);
  return self->runs != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_run_fetch_async:
 * @filter: which runs; copied
 * @before_id: only those below this key, 0 = from the newest
 * @limit: how many at most
 * @count: whether to count all that pass @filter, too
 *
 * Reads a page of runs, on a worker thread.
 */
void
tide_run_fetch_async (TideEngine          *engine,
                      const TideRunFilter *filter,
                      gint64               before_id,
                      guint                limit,
                      gboolean             count,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  Question *question = g_new0 (Question, 1);

  question->filter = tide_run_filter_copy (filter);
  question->before_id = before_id;
  question->limit = limit;
  question->count = count;
  tide_job_run (engine, fetch_job, question, (GDestroyNotify)question_free, (GDestroyNotify)tide_run_fetch_free,
                cancellable, callback, user_data);
}

/**
 * tide_run_fetch_finish:
 *
 * Returns: (transfer full): the page, %NULL with @error set on failure
 */
TideRunFetch *
tide_run_fetch_finish (GAsyncResult  *result,
                       GError       **error)
{
  return tide_job_finish (result, error);
}
