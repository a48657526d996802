/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-block-rows.h"

void
tide_block_row_free (TideBlockRow *self)
{
  g_free (self->error_code);
  g_free (self->error_message);
  g_free (self);
}

static TideBlockRow *
block_from_row (TideStatement *row)
{
  TideBlockRow *self = g_new0 (TideBlockRow, 1);

  self->connection_id = tide_statement_get_int (row, 0);
  self->error_code = g_strdup (tide_statement_get_text (row, 1));
  self->error_message = g_strdup (tide_statement_get_text (row, 2));
  self->since = tide_statement_get_time (row, 3);
  return self;
}

/**
 * tide_block_rows_list:
 * @database: a connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideBlockRow): the connections that are blocked
 */
GPtrArray *
tide_block_rows_list (TideDatabase  *database,
                      GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_block_row_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT connection_id, error_code, error_message, since FROM connection_blocks"
                                  " ORDER BY connection_id", error);
  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (rows, block_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&rows);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading blocked connections: ");
  return NULL;
}

/**
 * tide_block_rows_has:
 * @database: a connection
 * @connection_id: which
 * @has: (out): whether it is blocked
 * @error: return location
 *
 * Returns: whether that could be told
 */
gboolean
tide_block_rows_has (TideDatabase  *database,
                     gint64         connection_id,
                     gboolean      *has,
                     GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database, "SELECT 1 FROM connection_blocks WHERE connection_id = @connection", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  *has = tide_statement_next (statement, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading blocked connections: ");
  return FALSE;
}

/**
 * tide_block_rows_put:
 * @write: a write
 * @row: what stopped the connection
 * @error: return location
 *
 * Notes that a connection is blocked; one that is keeps the instant since when.
 *
 * Returns: whether it is written
 */
gboolean
tide_block_rows_put (TideWrite           *write,
                     const TideBlockRow  *row,
                     GError             **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO connection_blocks (connection_id, error_code, error_message, since)"
                                  " VALUES (@connection, @code, @message, @since)"
                                  " ON CONFLICT (connection_id) DO UPDATE SET error_code = excluded.error_code,"
                                  " error_message = excluded.error_message", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", row->connection_id);
  tide_statement_bind_text (statement, "@code", row->error_code);
  tide_statement_bind_text (statement, "@message", row->error_message);
  tide_statement_bind_time (statement, "@since", row->since);
  return tide_statement_run (statement, error);
}

/**
 * tide_block_rows_delete:
 * @write: a write
 * @connection_id: a connection; one that is not blocked will do
 * @error: return location
 *
 * Returns: whether it is written
 */
gboolean
tide_block_rows_delete (TideWrite  *write,
                        gint64      connection_id,
                        GError    **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "DELETE FROM connection_blocks WHERE connection_id = @connection", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  return tide_statement_run (statement, error);
}
