/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-record-sql-private.h"
#include "tide-venue-rows.h"

static gboolean
run_for_connection (TideWrite   *write,
                    const char  *sql,
                    gint64       id,
                    GError     **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (tide_write_get_database (write), sql, error);

  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", id);
  return tide_statement_run (statement, error);
}

static gboolean
insert_connection (TideDatabase          *database,
                   const TideConnection  *connection,
                   GError               **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "INSERT INTO connections"
                                  " (venue_id, provider, name, environment, base_url, settings, account, created_at)"
                                  " VALUES (@venue_id, @provider, @name, @environment, @base_url, @settings,"
                                  " @account, @created_at)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@venue_id", connection->venue_id);
  tide_statement_bind_text (statement, "@provider", connection->provider);
  tide_statement_bind_text (statement, "@name", connection->name);
  tide_statement_bind_text (statement, "@environment", connection->environment);
  tide_statement_bind_text (statement, "@base_url", connection->base_url);
  tide_statement_bind_text (statement, "@settings", connection->settings);
  tide_statement_bind_text (statement, "@account", connection->account);
  tide_statement_bind_time (statement, "@created_at", connection->created_at);
  return tide_statement_run (statement, error);
}

static gboolean
check_connection (TideDatabase          *database,
                  const TideConnection  *connection,
                  GError               **error)
{
  g_autoptr(TideVenue) venue = NULL;
  g_autoptr(TideConnection) same = NULL;
  g_autoptr(GError) local_error = NULL;

  if (connection->name == NULL || *connection->name == '\0')
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "a connection needs a name");
      return FALSE;
    }
  if (g_strcmp0 (connection->environment, "production") != 0 && g_strcmp0 (connection->environment, "sandbox") != 0)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is no environment “%s”",
                   connection->environment != NULL ? connection->environment : "");
      return FALSE;
    }
  venue = tide_venue_rows_get (database, connection->venue_id, error);
  if (venue == NULL)
    return FALSE;
  same = tide_connection_rows_find (database, connection->name, &local_error);
  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "there is already a connection “%s”", connection->name);
  return FALSE;
}

/* Whose records are here already. Accounts whose name nobody knows cannot be told apart. */
static gboolean
find_removed (TideDatabase          *database,
              const TideConnection  *connection,
              gint64                *id,
              GError               **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  *id = 0;
  if (connection->account == NULL || *connection->account == '\0')
    return TRUE;

  statement = tide_statement_new (database,
                                  "SELECT id FROM connections WHERE removed_at IS NOT NULL AND provider = @provider"
                                  " AND venue_id = @venue_id AND environment = @environment AND account = @account"
                                  " ORDER BY removed_at DESC, id DESC LIMIT 1", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@provider", connection->provider);
  tide_statement_bind_int (statement, "@venue_id", connection->venue_id);
  tide_statement_bind_text (statement, "@environment", connection->environment);
  tide_statement_bind_text (statement, "@account", connection->account);
  if (tide_statement_next (statement, &local_error))
    *id = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading connections: ");
  return FALSE;
}

/* What refused its old login does not refuse the new one. */
static gboolean
take_up (TideWrite             *write,
         gint64                 id,
         const TideConnection  *connection,
         GError               **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "UPDATE connections SET name = @name, base_url = @base_url, settings = @settings,"
                                  " removed_at = NULL WHERE id = @id", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", id);
  tide_statement_bind_text (statement, "@name", connection->name);
  tide_statement_bind_text (statement, "@base_url", connection->base_url);
  tide_statement_bind_text (statement, "@settings", connection->settings);
  return tide_statement_run (statement, error) &&
         run_for_connection (write, "DELETE FROM connection_blocks WHERE connection_id = @id", id, error);
}

/**
 * tide_connection_rows_add:
 * @write: a write
 * @connection: what to add; its id does not count, nor does a created_at of 0 (then it is now)
 * @error: return location; %TIDE_ERROR_CONFLICT where the name is taken, %TIDE_ERROR_NOT_FOUND
 *    where there is no such venue
 *
 * If the same account was connected before and its records were kept, that connection comes back, under the new
 * name and with its old id, history and created_at: as a second one it would have every record twice.
 *
 * Returns: (transfer full) (nullable): the connection, with its id
 */
TideConnection *
tide_connection_rows_add (TideWrite             *write,
                          const TideConnection  *connection,
                          GError               **error)
{
  TideDatabase *database = tide_write_get_database (write);
  TideConnection filled = *connection;
  gint64 removed;

  if (filled.created_at == 0)
    filled.created_at = tide_clock_now (tide_store_get_clock (tide_write_get_store (write)));
  if (!check_connection (database, &filled, error) || !find_removed (database, &filled, &removed, error))
    return NULL;
  if (removed != 0)
    return take_up (write, removed, &filled, error) ? tide_connection_rows_get (database, removed, error) : NULL;
  if (!insert_connection (database, &filled, error))
    return NULL;
  filled.id = tide_database_get_last_key (database);
  return tide_connection_copy (&filled);
}

/**
 * tide_connection_rows_set_account:
 * @write: a write
 * @id: which connection
 * @account: (nullable): the account's name as a test found it
 * @error: return location
 *
 * Returns: whether it is written; %TIDE_ERROR_NOT_FOUND where there is no such connection
 */
gboolean
tide_connection_rows_set_account (TideWrite   *write,
                                  gint64       id,
                                  const char  *account,
                                  GError     **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "UPDATE connections SET account = @account"
                                  " WHERE id = @id AND removed_at IS NULL", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", id);
  tide_statement_bind_text (statement, "@account", account);
  if (!tide_statement_run (statement, error))
    return FALSE;
  if (tide_database_get_changes (database) > 0)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no connection %" G_GINT64_FORMAT, id);
  return FALSE;
}

static gboolean
delete_with_records (TideWrite   *write,
                     gint64       id,
                     GError     **error)
{
  g_autoptr(GPtrArray) tables = tide_record_sql_list_tables (tide_write_get_database (write), error);

  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    {
      g_autofree char *name = tide_database_quote_name (g_ptr_array_index (tables, i));
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE _connection = @id", name);

      if (!run_for_connection (write, sql, id, error))
        return FALSE;
    }
  return run_for_connection (write, "DELETE FROM connections WHERE id = @id", id, error);
}

/* The row stays, so that the records that stay still have a venue and a connection in the views. */
static gboolean
retire (TideWrite   *write,
        gint64       id,
        GError     **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database, "UPDATE connections SET removed_at = @now WHERE id = @id", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", id);
  tide_statement_bind_time (statement, "@now", tide_clock_now (tide_store_get_clock (tide_write_get_store (write))));
  return tide_statement_run (statement, error) &&
         run_for_connection (write, "DELETE FROM sync_state WHERE connection_id = @id", id, error) &&
         run_for_connection (write, "DELETE FROM sync_seen WHERE connection_id = @id", id, error) &&
         run_for_connection (write, "DELETE FROM sync_failures WHERE connection_id = @id", id, error) &&
         run_for_connection (write, "DELETE FROM connection_blocks WHERE connection_id = @id", id, error) &&
         run_for_connection (write, "DELETE FROM sync_schedules WHERE connection_id = @id", id, error);
}

/**
 * tide_connection_rows_remove:
 * @write: a write
 * @id: which connection
 * @delete_records: whether its records and the history of its runs go too; otherwise they stay and
 *    can be queried, and only the connection is no longer listed
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is no such connection
 *
 * Returns: whether it is removed
 */
gboolean
tide_connection_rows_remove (TideWrite  *write,
                             gint64      id,
                             gboolean    delete_records,
                             GError    **error)
{
  g_autoptr(TideConnection) connection = NULL;

  connection = tide_connection_rows_get (tide_write_get_database (write), id, error);
  if (connection == NULL)
    return FALSE;
  return delete_records ? delete_with_records (write, id, error) : retire (write, id, error);
}

static TideConnection *
connection_from_row (TideStatement *row)
{
  TideConnection connection = {
    .id = tide_statement_get_int (row, 0),
    .venue_id = tide_statement_get_int (row, 1),
    .provider = (char *)tide_statement_get_text (row, 2),
    .name = (char *)tide_statement_get_text (row, 3),
    .environment = (char *)tide_statement_get_text (row, 4),
    .base_url = (char *)tide_statement_get_text (row, 5),
    .settings = (char *)tide_statement_get_text (row, 6),
    .account = (char *)tide_statement_get_text (row, 7),
    .created_at = tide_statement_get_time (row, 8),
  };

  return tide_connection_copy (&connection);
}

/* All connections, or the one of that id or name. */
static GPtrArray *
read_connections (TideDatabase  *database,
                  gint64         id,
                  const char    *name,
                  GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) connections = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_connection_unref);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT id, venue_id, provider, name, environment, base_url, settings, account,"
                                  " created_at FROM connections"
                                  " WHERE removed_at IS NULL"
                                  " AND (@id = 0 OR id = @id) AND (@name IS NULL OR name = @name)"
                                  " ORDER BY name, id", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@id", id);
  tide_statement_bind_text (statement, "@name", name);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (connections, connection_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&connections);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading connections: ");
  return NULL;
}

/**
 * tide_connection_rows_get:
 * @database: a connection to the database
 * @id: its key
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none, or it was removed
 *
 * Returns: (transfer full) (nullable): the connection
 */
TideConnection *
tide_connection_rows_get (TideDatabase  *database,
                          gint64         id,
                          GError       **error)
{
  g_autoptr(GPtrArray) connections = NULL;

  /* Keys begin at 1; 0 would mean all. */
  connections = read_connections (database, id != 0 ? id : -1, NULL, error);
  if (connections == NULL)
    return NULL;
  if (connections->len > 0)
    return g_ptr_array_steal_index (connections, 0);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no connection %" G_GINT64_FORMAT, id);
  return NULL;
}

/**
 * tide_connection_rows_find:
 * @database: a connection to the database
 * @name: its name
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none, or it was removed
 *
 * Returns: (transfer full) (nullable): the connection
 */
TideConnection *
tide_connection_rows_find (TideDatabase  *database,
                           const char    *name,
                           GError       **error)
{
  g_autoptr(GPtrArray) connections = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  connections = read_connections (database, 0, name, error);
  if (connections == NULL)
    return NULL;
  if (connections->len > 0)
    return g_ptr_array_steal_index (connections, 0);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no connection “%s”", name);
  return NULL;
}

/**
 * tide_connection_rows_list:
 * @database: a connection to the database
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideConnection): all connections that were not
 *    removed, by name
 */
GPtrArray *
tide_connection_rows_list (TideDatabase  *database,
                           GError       **error)
{
  return read_connections (database, 0, NULL, error);
}
