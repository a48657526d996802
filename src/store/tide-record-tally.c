/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-record-tally-private.h"

/* From indexes alone. */
static gboolean
count_live (TideRecordMemory  *memory,
            TideDatabase      *database,
            gint64            *count,
            GError           **error)
{
  g_autofree char *name = tide_database_quote_name (memory->table);
  g_autofree char *sql = g_strdup_printf ("SELECT (SELECT count(*) FROM %s WHERE _connection = @connection)"
                                          " - (SELECT count(*) FROM %s WHERE _connection = @connection AND _deleted = 1)",
                                          name, name);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", memory->connection_id);
  if (tide_statement_next (statement, &local_error))
    *count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting %s: ", memory->table);
  return FALSE;
}

static void
take_kind (TideRecordTally *tally,
           const char      *kind,
           gint64           count)
{
  if (g_strcmp0 (kind, "updated") == 0)
    tally->changed = count;
  else if (g_strcmp0 (kind, "deleted") == 0)
    tally->deleted = count;
  else
    tally->restored = count;
}

static gboolean
count_kinds (TideRecordMemory  *memory,
             TideDatabase      *database,
             gint64             run_id,
             TideRecordTally   *tally,
             GError           **error)
{
  g_autofree char *name = tide_database_quote_name (memory->table);
  g_autofree char *sql = g_strdup_printf ("SELECT c.kind, count(*) FROM record_changes c"
                                          " JOIN %s t ON t._connection = c.connection_id AND t._id = c.record_id"
                                          " WHERE c.run_id = @run AND c.connection_id = @connection"
                                          " AND c.stream = @stream AND t._first_run <> @run GROUP BY c.kind", name);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@run", run_id);
  tide_statement_bind_int (statement, "@connection", memory->connection_id);
  tide_statement_bind_text (statement, "@stream", memory->stream);
  while (tide_statement_next (statement, &local_error))
    take_kind (tally, tide_statement_get_text (statement, 0), tide_statement_get_int (statement, 1));
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting the changes of a run: ");
  return FALSE;
}

/**
 * tide_record_tally_count:
 * @run_id: a run that is going
 * @n_created: records that it has created
 * @tally: (out): what it has done so far, earlier attempts and the open transaction included
 * @n_live: (out): live records of the connection when it began
 * @error: return location
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_tally_count (TideRecordMemory  *memory,
                         TideDatabase      *database,
                         gint64             run_id,
                         gint64             n_created,
                         TideRecordTally   *tally,
                         gint64            *n_live,
                         GError           **error)
{
  TideRecordTally found = { 0 };
  gint64 n_now = 0;

  /* Without its index a table is in its first load: nothing was there. */
  if (memory->has_index &&
      (!count_live (memory, database, &n_now, error) || !count_kinds (memory, database, run_id, &found, error)))
    return FALSE;
  *tally = found;
  *n_live = MAX (n_now - n_created + found.deleted - found.restored, 0);
  return TRUE;
}
