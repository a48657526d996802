/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-attention-fetch.h"
#include "tide-job.h"

#define IDS_PAGE 500

typedef struct
{
  gint64  connection_id;
  char   *stream;
  char   *cause;
  guint   limit;
} Request;

static Request *
request_new (const TideFailureGroup *group,
             guint                   limit)
{
  Request *self = g_new (Request, 1);

  self->connection_id = group->connection_id;
  self->stream = g_strdup (group->stream);
  self->cause = g_strdup (group->cause);
  self->limit = limit;
  return self;
}

static void
request_free (Request *self)
{
  g_free (self->stream);
  g_free (self->cause);
  g_free (self);
}

static gpointer
fetch_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  const Request *request = data;
  const TideFailureQuery query = {
    .connection_id = request->connection_id,
    .stream = request->stream,
    .cause = request->cause,
    .limit = request->limit,
  };

  return tide_engine_query_failures (engine, &query, error);
}

/* Page by page, as each record brings its payload along. */
static gpointer
ids_job (TideEngine    *engine,
         gpointer       data,
         GCancellable  *cancellable,
         GError       **error)
{
  const Request *request = data;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  TideFailureQuery query = {
    .connection_id = request->connection_id,
    .stream = request->stream,
    .cause = request->cause,
    .limit = IDS_PAGE,
  };
  guint length;

  do
    {
      g_autoptr(GPtrArray) page = tide_engine_query_failures (engine, &query, error);

      if (page == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      for (guint i = 0; i < page->len; i++)
        {
          const TideFailure *failure = g_ptr_array_index (page, i);

          g_array_append_val (ids, failure->id);
          query.before_seen = failure->last_seen;
          query.before_id = failure->id;
        }
      length = page->len;
    }
  while (length == IDS_PAGE);
  return g_steal_pointer (&ids);
}

/**
 * tide_attention_fetch_async:
 * @limit: at most so many
 *
 * Reads the first records of a group, those last seen first.
 */
void
tide_attention_fetch_async (TideEngine             *engine,
                            const TideFailureGroup *group,
                            guint                   limit,
                            GCancellable           *cancellable,
                            GAsyncReadyCallback     callback,
                            gpointer                user_data)
{
  tide_job_run (engine, fetch_job, request_new (group, limit), (GDestroyNotify)request_free,
                (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * tide_attention_fetch_finish:
 *
 * Returns: (transfer full) (element-type TideFailure): the records; %NULL with @error set on failure
 */
GPtrArray *
tide_attention_fetch_finish (GAsyncResult  *result,
                             GError       **error)
{
  return tide_job_finish (result, error);
}

/**
 * tide_attention_fetch_ids_async:
 *
 * Reads which records are in a group just now, so that what is done with all of them can be undone for just these.
 */
void
tide_attention_fetch_ids_async (TideEngine             *engine,
                                const TideFailureGroup *group,
                                GCancellable           *cancellable,
                                GAsyncReadyCallback     callback,
                                gpointer                user_data)
{
  tide_job_run (engine, ids_job, request_new (group, 0), (GDestroyNotify)request_free,
                (GDestroyNotify)g_array_unref, cancellable, callback, user_data);
}

/**
 * tide_attention_fetch_ids_finish:
 *
 * Returns: (transfer full) (element-type gint64): ids of failures; %NULL with @error set on failure
 */
GArray *
tide_attention_fetch_ids_finish (GAsyncResult  *result,
                                 GError       **error)
{
  return tide_job_finish (result, error);
}
