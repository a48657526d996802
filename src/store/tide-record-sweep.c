/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-record-sweep-private.h"

/**
 * tide_record_sweep_list:
 * @memory: of a full listing
 * @database: a connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the rows of the connection that were there when the listing
 *   began and have not come by, live or not. None where a record came by that did not tell its id: it may be any of them
 */
GArray *
tide_record_sweep_list (TideRecordMemory  *memory,
                        TideDatabase      *database,
                        GError           **error)
{
  g_autofree char *name = tide_database_quote_name (memory->table);
  g_autofree char *sql = g_strdup_printf ("SELECT _key FROM %s WHERE _connection = @connection", name);
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  if (tide_seen_map_get_high (memory->seen) == 0 || tide_seen_map_get_unnamed (memory->seen) > 0)
    return g_steal_pointer (&keys);
  statement = tide_statement_new (database, sql, error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@connection", memory->connection_id);
  while (tide_statement_next (statement, &local_error))
    {
      gint64 key = tide_statement_get_int (statement, 0);

      if (!tide_seen_map_contains (memory->seen, key))
        g_array_append_val (keys, key);
    }
  if (local_error == NULL)
    return g_steal_pointer (&keys);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", memory->table);
  return NULL;
}

static gboolean
is_live (TideRecordMemory  *memory,
         TideStatement     *statement,
         gint64             key,
         gboolean          *live,
         GError           **error)
{
  g_autoptr(GError) local_error = NULL;

  tide_statement_bind_int (statement, "@key", key);
  *live = tide_statement_next (statement, &local_error);
  tide_statement_reset (statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", memory->table);
  return FALSE;
}

static gboolean
count_live_of (TideRecordMemory  *memory,
               TideDatabase      *database,
               GArray            *keys,
               gint64            *count,
               GError           **error)
{
  g_autofree char *name = tide_database_quote_name (memory->table);
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE _key = @key AND _deleted = 0", name);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);

  if (statement == NULL)
    return FALSE;
  *count = 0;
  for (guint i = 0; i < keys->len; i++)
    {
      gboolean live;

      if (!is_live (memory, statement, g_array_index (keys, gint64, i), &live, error))
        return FALSE;
      *count += live;
    }
  return TRUE;
}

/* Both counts come from indexes alone. */
static gboolean
count_live (TideRecordMemory  *memory,
            TideDatabase      *database,
            gint64            *count,
            GError           **error)
{
  g_autofree char *name = tide_database_quote_name (memory->table);
  g_autofree char *sql = g_strdup_printf ("SELECT (SELECT count(*) FROM %s WHERE _connection = @connection"
                                          " AND _key <= @high) - (SELECT count(*) FROM %s"
                                          " WHERE _connection = @connection AND _key <= @high AND _deleted = 1)",
                                          name, name);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", memory->connection_id);
  tide_statement_bind_int (statement, "@high", tide_seen_map_get_high (memory->seen));
  if (tide_statement_next (statement, &local_error))
    *count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting %s: ", memory->table);
  return FALSE;
}

/**
 * tide_record_sweep_count:
 * @memory: of a full listing
 * @database: a connection
 * @rows: (element-type gint64): what tide_record_sweep_list() found
 * @n_unseen: (out): how many of them tide_record_sweep_run() would mark
 * @n_live: (out): how many rows of the connection were there when the listing began and are live now; 0 if all of them
 *   came by, as it takes a look at the whole index to tell
 * @error: return location
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_sweep_count (TideRecordMemory  *memory,
                         TideDatabase      *database,
                         GArray            *rows,
                         gint64            *n_unseen,
                         gint64            *n_live,
                         GError           **error)
{
  *n_live = 0;
  return count_live_of (memory, database, rows, n_unseen, error) &&
         (*n_unseen == 0 || count_live (memory, database, n_live, error));
}

/**
 * tide_record_sweep_run:
 * @rows: the rows, between begin and end
 * @unseen: (element-type gint64): what tide_record_sweep_list() found
 * @counts: deleted records are added here
 * @error: return location
 *
 * Marks what the listing no longer had as deleted.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_record_sweep_run (TideRecordRows  *rows,
                       GArray          *unseen,
                       TideCounts      *counts,
                       GError         **error)
{
  for (guint i = 0; i < unseen->len; i++)
    {
      gboolean was_live;

      if (!tide_record_rows_mark (rows, g_array_index (unseen, gint64, i), &was_live, error))
        return FALSE;
      counts->deleted += was_live;
    }
  return TRUE;
}
