/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-failure-groups.h"

static TideFailureGroup *
group_from_row (TideStatement *row)
{
  TideFailureGroup *self = g_new0 (TideFailureGroup, 1);

  self->connection_id = tide_statement_get_int (row, 0);
  self->stream = g_strdup (tide_statement_get_text (row, 1));
  self->cause = g_strdup (tide_statement_get_text (row, 2));
  self->n_failures = tide_statement_get_int (row, 3);
  self->first_seen = tide_statement_get_time (row, 4);
  self->last_seen = tide_statement_get_time (row, 5);
  return self;
}

/**
 * tide_failure_groups_list:
 * @database: a connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideFailureGroup): all open failures, by connection, stream and
 *    cause; the last seen first
 */
GPtrArray *
tide_failure_groups_list (TideDatabase  *database,
                          GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_failure_group_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT connection_id, stream, " TIDE_FAILURE_CAUSE_SQL " AS cause, count(*),"
                                  " min(first_seen), max(last_seen) AS seen FROM sync_failures"
                                  " WHERE dismissed_at IS NULL GROUP BY connection_id, stream, cause"
                                  " ORDER BY seen DESC, connection_id, stream, cause", error);
  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (groups, group_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&groups);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "grouping failures: ");
  return NULL;
}
