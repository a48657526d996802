/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-job.h"
#include "tide-run-fetch.h"

/* From here on stepping over runs is quicker than counting again. */
#define STEP 1000

typedef struct
{
  TideRunFilter *filter;
  gint64         before_id;
  guint          number;      /* how many, or which */
} Question;

/* Keys between which a place lies, and how many runs lie below each. */
typedef struct
{
  gint64 low;
  gint64 n_low;
  gint64 high;
  gint64 n_high;
} Bounds;

static Question *
question_new (const TideRunFilter *filter,
              gint64               before_id,
              guint                number)
{
  Question *question = g_new (Question, 1);

  question->filter = tide_run_filter_copy (filter);
  question->before_id = before_id;
  question->number = number;
  return question;
}

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
  TideRunQuery query = tide_run_filter_to_query (question->filter, question->before_id, question->number);

  self->runs = tide_engine_query_runs (engine, &query, error);
  return self->runs != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_run_fetch_async:
 * @filter: which runs; copied
 * @before_id: only those below this key, 0 = from the newest
 * @limit: how many at most
 *
 * Reads a page of runs, on a worker thread.
 */
void
tide_run_fetch_async (TideEngine          *engine,
                      const TideRunFilter *filter,
                      gint64               before_id,
                      guint                limit,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  tide_job_run (engine, fetch_job, question_new (filter, before_id, limit), (GDestroyNotify)question_free,
                (GDestroyNotify)tide_run_fetch_free, cancellable, callback, user_data);
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

static gint64
count_below (TideEngine           *engine,
             const TideRunFilter  *filter,
             gint64                key,
             GError              **error)
{
  TideRunQuery query = tide_run_filter_to_query (filter, key, 0);

  return tide_engine_count_runs (engine, &query, error);
}

/* The key @steps runs further down than @key; 0 with @error set on failure. */
static gint64
step_down (TideEngine           *engine,
           const TideRunFilter  *filter,
           gint64                key,
           guint                 steps,
           GError              **error)
{
  TideRunQuery query = tide_run_filter_to_query (filter, key, steps);
  g_autoptr(GPtrArray) runs = steps > 0 ? tide_engine_query_runs (engine, &query, error) : NULL;

  if (steps == 0)
    return key;
  if (runs == NULL)
    return 0;
  /* Fewer: some were deleted meanwhile. The page then begins where they end. */
  return runs->len > 0 ? ((TideRun *)g_ptr_array_index (runs, runs->len - 1))->id : key;
}

/* Where the place would be if the runs lay evenly; in the middle at every other try, so that it ends. */
static gint64
guess_key (const Bounds *bounds,
           gint64        wanted,
           guint         tries)
{
  double share = (double)(wanted - bounds->n_low) / (double)(bounds->n_high - bounds->n_low);
  gint64 span = bounds->high - bounds->low;
  gint64 guess = bounds->low + (gint64)((tries % 2 == 0 ? share : 0.5) * (double)span);

  return CLAMP (guess, bounds->low + 1, bounds->high - 1);
}

/* The key below which exactly @wanted runs lie. Ids are nearly even over the list, so a few counts do. */
static gint64
find_key (TideEngine           *engine,
          const TideRunFilter  *filter,
          Bounds                bounds,
          gint64                wanted,
          GCancellable         *cancellable,
          GError              **error)
{
  for (guint tries = 0; bounds.n_high - wanted > STEP && bounds.high - bounds.low > 1; tries++)
    {
      gint64 key = guess_key (&bounds, wanted, tries);
      gint64 n = count_below (engine, filter, key, error);

      if (n < 0 || g_cancellable_set_error_if_cancelled (cancellable, error))
        return 0;
      if (n < wanted)
        {
          bounds.low = key;
          bounds.n_low = n;
        }
      else
        {
          bounds.high = key;
          bounds.n_high = n;
        }
    }
  return step_down (engine, filter, bounds.high, (guint)(bounds.n_high - wanted), error);
}

static gpointer
place_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  const Question *question = data;
  gint64 count = count_below (engine, question->filter, question->before_id, error);
  g_autofree TideRunPlace *place = g_new0 (TideRunPlace, 1);

  if (count < 0)
    return NULL;
  place->count = count;
  if (question->number == 0)
    place->before_id = question->before_id;
  else if (question->number < count)
    {
      const Bounds bounds = { 0, 0, question->before_id, count };

      place->before_id = find_key (engine, question->filter, bounds, count - question->number, cancellable, error);
      if (place->before_id == 0)
        return NULL;
    }
  return g_steal_pointer (&place);
}

/**
 * tide_run_fetch_place_async:
 * @filter: which runs; copied
 * @top: the list is that of the runs below this key
 * @position: a place in it
 *
 * Counts the list and finds the key of a place in it, on a worker thread. A million runs take a second or so, wherever the
 * place is.
 */
void
tide_run_fetch_place_async (TideEngine          *engine,
                            const TideRunFilter *filter,
                            gint64               top,
                            guint                position,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  tide_job_run (engine, place_job, question_new (filter, top, position), (GDestroyNotify)question_free,
                g_free, cancellable, callback, user_data);
}

/**
 * tide_run_fetch_place_finish:
 *
 * Returns: (transfer full): the place; free it with g_free(). %NULL with @error set on failure
 */
TideRunPlace *
tide_run_fetch_place_finish (GAsyncResult  *result,
                             GError       **error)
{
  return tide_job_finish (result, error);
}
