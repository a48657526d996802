/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-failure-rows.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-write.h"

/* Records that were put aside. The functions belong to tide-engine.h. */

/* Of one run: a request for them is a line of the log, too. */
#define MAX_IDS 500

/**
 * tide_engine_query_failures:
 * @query: which
 *
 * Returns: (transfer full) (element-type TideFailure): one page of failures, those last seen first. Blocks; any thread
 */
GPtrArray *
tide_engine_query_failures (TideEngine              *self,
                            const TideFailureQuery  *query,
                            GError                 **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_failure_rows_query (tide_read_get_database (read), query, error) : NULL;
}

/**
 * tide_engine_count_failures:
 * @query: which; its limit and place do not count
 *
 * Returns: how many there are in all; -1 with @error set on failure. Blocks; any thread
 */
gint64
tide_engine_count_failures (TideEngine              *self,
                            const TideFailureQuery  *query,
                            GError                 **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, -1);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_failure_rows_count_query (tide_read_get_database (read), query, error) : -1;
}

static char *
describe_query (const TideFailureQuery *query,
                gint64                  n_failures)
{
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, n_failures);
  g_autofree char *connection = query->connection_id != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, query->connection_id)
                                                          : NULL;
  g_autoptr(GString) ids = g_string_new (NULL);

  for (guint i = 0; query->ids != NULL && i < query->ids->len; i++)
    g_string_append_printf (ids, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", g_array_index (query->ids, gint64, i));
  return tide_engine_make_detail ("count", count, "connectionId", connection, "stream", query->stream,
                                  "syncId", query->sync_id, "cause", query->cause, "search", query->search,
                                  "failures", query->ids != NULL ? ids->str : NULL, NULL);
}

static void
tide_engine_note_failures (TideEngine             *self,
                           const char             *by,
                           const char             *action,
                           const TideFailureQuery *query,
                           gint64                  n_failures)
{
  g_autofree char *detail = describe_query (query, n_failures);

  tide_engine_audit (self, by, action, "failures", detail);
}

/* Asks for those of the targets from @first to before @last, which are of one stream. Where one of them has no id of
 * the provider's, only reading all of it again can bring it. */
static gboolean
tide_engine_retry_targets (TideEngine  *self,
                           GPtrArray   *targets,
                           guint        first,
                           guint        last,
                           const char  *by,
                           GPtrArray   *runs,
                           GError     **error)
{
  const TideFailure *any = g_ptr_array_index (targets, first);
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autoptr(GPtrArray) asked = NULL;
  TideRunRequest request = {
    .connection_id = any->connection_id,
    .stream = any->stream,
    .mode = TIDE_RUN_MODE_FULL,
    .requested_by = by,
  };

  for (guint i = first; i < last; i++)
    {
      const TideFailure *failure = g_ptr_array_index (targets, i);

      if (failure->record_id != NULL)
        g_ptr_array_add (ids, failure->record_id);
    }
  g_ptr_array_add (ids, NULL);
  if (ids->len - 1 == last - first)
    request.ids = (const char * const *)ids->pdata;

  asked = tide_engine_request_run (self, &request, error);
  if (asked == NULL)
    return FALSE;
  for (guint i = 0; i < asked->len; i++)
    g_ptr_array_add (runs, tide_run_ref (g_ptr_array_index (asked, i)));
  return TRUE;
}

static gboolean
is_same_stream (const TideFailure *a,
                const TideFailure *b)
{
  return a->connection_id == b->connection_id && g_str_equal (a->stream, b->stream) &&
         (a->record_id == NULL) == (b->record_id == NULL);
}

/* The end of the targets from @first on that one run takes. */
static guint
find_end (GPtrArray *targets,
          guint      first)
{
  const TideFailure *failure = g_ptr_array_index (targets, first);
  guint max = failure->record_id != NULL ? first + MAX_IDS : G_MAXUINT;
  guint end = first + 1;

  while (end < targets->len && end < max && is_same_stream (failure, g_ptr_array_index (targets, end)))
    end++;
  return end;
}

/**
 * tide_engine_retry_failures:
 * @query: which; its limit and place do not count
 * @by: who wants it
 *
 * Asks the provider for just these records again, at most 500 a run. Those that come through leave the list by
 * themselves. Failures of records without an id take a full run of their stream.
 *
 * Returns: (transfer full) (element-type TideRun): the runs, none if no failure matches; %NULL with the error of a
 *   request. What was asked for before it stays asked for
 */
GPtrArray *
tide_engine_retry_failures (TideEngine              *self,
                            const TideFailureQuery  *query,
                            const char              *by,
                            GError                 **error)
{
  g_autoptr(TideRead) read = NULL;
  g_autoptr(GPtrArray) targets = NULL;
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, NULL);

  if (tide_engine_is_remote (self))
    return tide_remote_retry_failures (tide_engine_get_folder (self), query, by, error);
  if (!tide_engine_check_writable (self, error))
    return NULL;

  read = tide_store_begin_read (self->store, NULL, error);
  targets = read != NULL ? tide_failure_rows_list_targets (tide_read_get_database (read), query, error) : NULL;
  g_clear_pointer (&read, tide_read_free);
  if (targets == NULL)
    return NULL;
  for (guint first = 0, end; first < targets->len; first = end)
    {
      end = find_end (targets, first);
      if (!tide_engine_retry_targets (self, targets, first, end, by, runs, error))
        return NULL;
    }
  if (targets->len > 0)
    tide_engine_note_failures (self, by, "failures-retried", query, targets->len);
  return g_steal_pointer (&runs);
}

static gint64
tide_engine_write_failures (TideEngine              *self,
                            const TideFailureQuery  *query,
                            gboolean                 dismiss,
                            const char              *by,
                            GError                 **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);
  gint64 count;

  if (write == NULL)
    return -1;
  count = dismiss ? tide_failure_rows_dismiss (write, query, by, tide_clock_now (self->clock), error)
                  : tide_failure_rows_reopen (write, query, error);
  if (count < 0 || !tide_write_commit (write, error))
    return -1;
  return count;
}

static gint64
tide_engine_change_failures (TideEngine              *self,
                             const TideFailureQuery  *query,
                             gboolean                 dismiss,
                             const char              *by,
                             GError                 **error)
{
  gint64 count;

  if (tide_engine_is_remote (self))
    return tide_remote_change_failures (tide_engine_get_folder (self),
                                        dismiss ? "dismiss-failures" : "reopen-failures", query, by, error);
  if (!tide_engine_check_writable (self, error))
    return -1;

  if (by == NULL)
    by = "owner";
  count = tide_engine_write_failures (self, query, dismiss, by, error);
  if (count <= 0)
    return count;
  tide_engine_note_failures (self, by, dismiss ? "failures-dismissed" : "failures-reopened", query, count);
  tide_engine_look_for_attention (self);
  return count;
}

/**
 * tide_engine_dismiss_failures:
 * @query: which of the open ones; its limit and place do not count
 * @by: who says so
 *
 * Takes failures off the list without solving them. One comes back when its record or the reason is another. Blocks
 * for the store's writer.
 *
 * Returns: how many it was; -1 with @error set on failure
 */
gint64
tide_engine_dismiss_failures (TideEngine              *self,
                              const TideFailureQuery  *query,
                              const char              *by,
                              GError                 **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, -1);

  return tide_engine_change_failures (self, query, TRUE, by, error);
}

/**
 * tide_engine_reopen_failures:
 * @query: which of the dismissed ones; its limit and place do not count
 * @by: who says so
 *
 * Puts dismissed failures on the list again. Blocks for the store's writer.
 *
 * Returns: how many it was; -1 with @error set on failure
 */
gint64
tide_engine_reopen_failures (TideEngine              *self,
                             const TideFailureQuery  *query,
                             const char              *by,
                             GError                 **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, -1);

  return tide_engine_change_failures (self, query, FALSE, by, error);
}
