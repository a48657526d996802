/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-state-rows.h"

/**
 * tide_state_rows_load:
 * @database: a connection
 * @connection_id: whose
 * @stream: which stream
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): state by partition
 */
GHashTable *
tide_state_rows_load (TideDatabase  *database,
                      gint64         connection_id,
                      const char    *stream,
                      GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GHashTable) states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT partition, state FROM sync_state"
                                  " WHERE connection_id = @connection AND stream = @stream", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  while (tide_statement_next (statement, &local_error))
    g_hash_table_insert (states,
                         g_strdup (tide_statement_get_text (statement, 0)),
                         g_strdup (tide_statement_get_text (statement, 1)));
  if (local_error == NULL)
    return g_steal_pointer (&states);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the cursors of %s: ", stream);
  return NULL;
}

/**
 * tide_state_rows_save:
 * @write: the write that also stores the records up to this cursor
 * @connection_id: whose
 * @stream: which stream
 * @partition: which part of it
 * @state: the cursor, as the provider layer writes it
 * @now: instant
 * @error: return location
 *
 * Returns: whether it is written
 */
gboolean
tide_state_rows_save (TideWrite   *write,
                      gint64       connection_id,
                      const char  *stream,
                      const char  *partition,
                      const char  *state,
                      gint64       now,
                      GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO sync_state (connection_id, stream, partition, state, updated_at)"
                                  " VALUES (@connection, @stream, @partition, @state, @now)"
                                  " ON CONFLICT (connection_id, stream, partition)"
                                  " DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  tide_statement_bind_text (statement, "@partition", partition);
  tide_statement_bind_text (statement, "@state", state);
  tide_statement_bind_time (statement, "@now", now);
  return tide_statement_run (statement, error);
}

/**
 * tide_state_rows_clear:
 * @write: a write
 * @connection_id: whose
 * @stream: which stream
 * @error: return location
 *
 * Forgets how far a stream was read: the next run begins at its beginning.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_state_rows_clear (TideWrite   *write,
                       gint64       connection_id,
                       const char  *stream,
                       GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "DELETE FROM sync_state"
                                  " WHERE connection_id = @connection AND stream = @stream", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  return tide_statement_run (statement, error);
}
