/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-error.h"
#include "tide-run-rows-private.h"

/* Runs that are not over, and what the last ones came to. The functions belong to tide-run-rows.h. */

/* As the partial index has it, so that the planner uses it. */
#define IS_LIVE "r.status IN ('pending', 'processing', 'paused', 'awaiting_approval')"

/**
 * tide_run_rows_list_live:
 * @database: a connection
 * @limit: how many at most, 0 for all
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideRun): the runs in the queue: those that go, then the others in
 *   its order
 */
GPtrArray *
tide_run_rows_list_live (TideDatabase  *database,
                         guint          limit,
                         GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT " TIDE_RUN_COLUMNS TIDE_RUN_SOURCE " WHERE " IS_LIVE
                                  " ORDER BY r.status = 'processing' DESC, r.rank, r.id LIMIT @limit", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@limit", limit != 0 ? (gint64)limit : -1);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (runs, tide_run_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&runs);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the queue: ");
  return NULL;
}

/**
 * tide_run_rows_count_live:
 * @database: a connection
 * @counts: (out caller-allocates) (array fixed-size=7): how many runs are in each state, by #TideRunStatus; none
 *   is counted that is over
 * @error: return location
 *
 * Returns: whether they could be counted
 */
gboolean
tide_run_rows_count_live (TideDatabase  *database,
                          gint64         counts[TIDE_RUN_N_STATUSES],
                          GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  TideRunStatus status;

  for (gsize i = 0; i < TIDE_RUN_N_STATUSES; i++)
    counts[i] = 0;

  statement = tide_statement_new (database, "SELECT r.status, count(*) FROM sync_runs r WHERE " IS_LIVE
                                  " GROUP BY r.status", error);
  if (statement == NULL)
    return FALSE;
  while (tide_statement_next (statement, &local_error))
    if (tide_run_status_from_name (tide_statement_get_text (statement, 0), &status))
      counts[status] = tide_statement_get_int (statement, 1);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting the queue: ");
  return FALSE;
}

/**
 * tide_run_rows_get_last_ended:
 * @database: a connection
 * @connection_id: whose
 * @stream: which stream
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none yet
 *
 * Dry runs and runs of single records say nothing of their stream, and do not count.
 *
 * Returns: (transfer full) (nullable): the newest run that is over
 */
TideRun *
tide_run_rows_get_last_ended (TideDatabase  *database,
                              gint64         connection_id,
                              const char    *stream,
                              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  TideRun *run = NULL;

  /* By the index of just these, so that those that wait are not looked at. */
  statement = tide_statement_new (database,
                                  "SELECT " TIDE_RUN_COLUMNS " FROM sync_runs r INDEXED BY sync_runs_ended"
                                  " CROSS JOIN connections c ON c.id = r.connection_id"
                                  " CROSS JOIN venues v ON v.id = c.venue_id"
                                  " WHERE r.connection_id = @connection AND r.stream = @stream"
                                  " AND r.status IN ('completed', 'failed', 'cancelled') AND NOT r.dry_run"
                                  " AND r.ids IS NULL AND r.filters IS NULL ORDER BY r.id DESC LIMIT 1", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  if (tide_statement_next (statement, &local_error))
    run = tide_run_from_row (statement);
  if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading runs: ");
  else if (run == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "%s: no run of it has ended yet", stream);
  return run;
}
