/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-database-private.h"
#include "tide-error.h"
#include "tide-record-query.h"
#include "tide-record-sql-private.h"
#include "tide-sqlite-private.h"
#include "tide-statement-private.h"

/* How long a statement of the owner's may work for one row: then it is a mistake. */
#define ROW_TIME_LIMIT (60 * G_TIME_SPAN_SECOND)

/* What an owner may look up with PRAGMA. */
static const char * const harmless_pragmas[] = {
  "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
  "user_version", "application_id", "page_count", "page_size", "freelist_count", "schema_version", NULL
};

/* The connection can only read as it is. This forbids what reads, too, and would still leave traces on it:
 * ATTACH, BEGIN, most of PRAGMA. */
static int
authorize_cb (void       *user_data,
              int         action,
              const char *first,
              const char *second,
              const char *database,
              const char *view)
{
  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;

    case SQLITE_PRAGMA:
      if (!g_strv_contains (harmless_pragmas, first))
        return SQLITE_DENY;
      /* With a value, some of them set something. */
      return second == NULL || strstr (first, "_in") != NULL || strstr (first, "_list") != NULL
             ? SQLITE_OK : SQLITE_DENY;

    case SQLITE_UPDATE:
      /* So SQLite asks when it declares a table-valued function, such as pragma_table_info(). A statement
       * that did change the schema would not get past the other actions that it needs. */
      return g_strcmp0 (first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;

    default:
      return SQLITE_DENY;
    }
}

static gboolean
is_blank (const char *sql)
{
  while (g_ascii_isspace (*sql) || *sql == ';')
    sql++;
  return *sql == '\0';
}

/* Comments after the statement are no second one. */
static gboolean
has_second_statement (sqlite3    *db,
                      const char *tail)
{
  sqlite3_stmt *second = NULL;
  gboolean has_one;

  if (tail == NULL || is_blank (tail))
    return FALSE;
  has_one = sqlite3_prepare_v2 (db, tail, -1, &second, NULL) != SQLITE_OK || second != NULL;
  sqlite3_finalize (second);
  return has_one;
}

static TideStatement *
prepare (TideDatabase  *database,
         const char    *sql,
         GError       **error)
{
  sqlite3 *db = tide_database_get_handle (database);
  sqlite3_stmt *handle = NULL;
  const char *tail = NULL;
  int rc = sqlite3_prepare_v2 (db, sql, -1, &handle, &tail);

  if (rc == SQLITE_AUTH)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "only statements that read are allowed");
  else if (rc == SQLITE_ERROR)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s", sqlite3_errmsg (db));
  else if (rc != SQLITE_OK)
    tide_database_set_error (database, rc, NULL, error);
  else if (handle == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is no statement");
  else if (!sqlite3_stmt_readonly (handle))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "only statements that read are allowed");
  else if (sqlite3_bind_parameter_count (handle) > 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there are parameters without values");
  else if (has_second_statement (db, tail))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is more than one statement");
  else
    return tide_statement_wrap (database, handle);
  sqlite3_finalize (handle);
  return NULL;
}

/* What the owner's statement does wrong while it works (a bad number, malformed JSON) is the owner's mistake,
 * not the disk's. */
static void
propagate_step_error (GError **error,
                      int      rc,
                      GError  *local_error)
{
  if ((rc & 0xff) == SQLITE_ERROR || (rc & 0xff) == SQLITE_AUTH)
    local_error->code = TIDE_ERROR_INVALID;
  g_propagate_error (error, local_error);
}

static gboolean
run_statement (TideDatabase   *database,
               TideStatement  *statement,
               guint64         max_rows,
               TideRowFunc     func,
               gpointer        user_data,
               gboolean       *truncated,
               GError        **error)
{
  sqlite3 *db = tide_database_get_handle (database);
  GError *local_error = NULL;
  guint64 n_rows = 0;

  for (;;)
    {
      tide_database_set_time_limit (database, ROW_TIME_LIMIT);
      if (!tide_statement_next (statement, &local_error))
        break;
      if (max_rows != 0 && n_rows == max_rows)
        {
          *truncated = TRUE;
          return TRUE;
        }
      n_rows++;
      if (!func (statement, user_data, error))
        return FALSE;
    }
  if (local_error == NULL)
    return TRUE;
  propagate_step_error (error, local_error->domain == TIDE_ERROR ? sqlite3_errcode (db) : 0, local_error);
  return FALSE;
}

/**
 * tide_record_query_run:
 * @database: a connection of a #TideRead
 * @sql: what the owner typed: one statement that reads
 * @max_rows: at most so many rows; 0 = all
 * @func: called with each row
 * @user_data: for @func
 * @truncated: (out): whether there are more rows than @max_rows
 * @error: return location; %TIDE_ERROR_INVALID for whatever is wrong with @sql
 *
 * Runs a statement of the owner's, who may look at everything and change nothing. A statement that works
 * for a minute without finding a row is stopped.
 *
 * Returns: whether it ran to its end, or to @max_rows
 */
gboolean
tide_record_query_run (TideDatabase  *database,
                       const char    *sql,
                       guint64        max_rows,
                       TideRowFunc    func,
                       gpointer       user_data,
                       gboolean      *truncated,
                       GError       **error)
{
  sqlite3 *db = tide_database_get_handle (database);
  TideStatement *statement;
  gboolean more = FALSE;
  gboolean ok = FALSE;

  sqlite3_set_authorizer (db, authorize_cb, NULL);
  statement = prepare (database, sql, error);
  if (statement != NULL)
    {
      ok = run_statement (database, statement, max_rows, func, user_data, &more, error);
      tide_statement_free (statement);
    }
  tide_database_set_time_limit (database, 0);
  sqlite3_set_authorizer (db, NULL, NULL);
  if (ok && truncated != NULL)
    *truncated = more;
  return ok;
}

static gboolean
check_stream (TideDatabase  *database,
              const char    *provider,
              const char    *stream,
              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean known;

  statement = tide_statement_new (database,
                                  "SELECT 1 FROM streams WHERE provider = @provider AND stream = @stream", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@provider", provider);
  tide_statement_bind_text (statement, "@stream", stream);
  known = tide_statement_next (statement, &local_error);
  if (known)
    return TRUE;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there are no records of %s %s", provider, stream);
  return FALSE;
}

/**
 * tide_record_query_list_ids:
 * @database: a connection
 * @provider: a manifest's id
 * @stream: one of its streams
 * @connection_id: whose records
 * @column: (nullable): a column; %NULL is the provider's id
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is no such table yet
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the different values of a column in live
 *    records, in their order, for streams that are read once for each
 */
GPtrArray *
tide_record_query_list_ids (TideDatabase  *database,
                            const char    *provider,
                            const char    *stream,
                            gint64         connection_id,
                            const char    *column,
                            GError       **error)
{
  g_autofree char *table = tide_record_sql_get_table (provider, stream);
  g_autofree char *table_name = tide_database_quote_name (table);
  g_autofree char *column_name = tide_database_quote_name (column != NULL ? column : "_id");
  g_autofree char *sql = NULL;
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;

  if (!check_stream (database, provider, stream, error))
    return NULL;
  sql = g_strdup_printf ("SELECT DISTINCT %s FROM %s WHERE _connection = @connection AND _deleted = 0"
                         " AND %s IS NOT NULL ORDER BY 1", column_name, table_name, column_name);
  statement = tide_statement_new (database, sql, error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@connection", connection_id);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (values, g_strdup (tide_statement_get_text (statement, 0)));
  if (local_error == NULL)
    return g_steal_pointer (&values);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", table);
  return NULL;
}

/**
 * tide_record_query_has_deleted:
 * @database: a connection
 * @provider: a manifest's id
 * @stream: one of its streams
 * @connection_id: whose records
 * @has_deleted: (out): whether any of them is marked as deleted, and so is left out by
 *    tide_record_query_list_ids()
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is no such table yet
 *
 * Cheap: the index of deleted records answers.
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_query_has_deleted (TideDatabase  *database,
                               const char    *provider,
                               const char    *stream,
                               gint64         connection_id,
                               gboolean      *has_deleted,
                               GError       **error)
{
  g_autofree char *table = tide_record_sql_get_table (provider, stream);
  g_autofree char *name = tide_database_quote_name (table);
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE _connection = @connection AND _deleted = 1"
                                          " LIMIT 1", name);
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!check_stream (database, provider, stream, error))
    return FALSE;
  statement = tide_statement_new (database, sql, error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  *has_deleted = tide_statement_next (statement, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", table);
  return FALSE;
}

/* Once the index of ids is there, neither part touches the table itself. */
static char *
make_count (const char *table,
            gboolean    of_connection)
{
  g_autofree char *name = tide_database_quote_name (table);
  const char *whose = of_connection ? "_connection = @connection" : "1";

  return g_strdup_printf ("SELECT (SELECT count(*) FROM %s WHERE %s)"
                          " - (SELECT count(*) FROM %s WHERE %s AND _deleted = 1)", name, whose, name, whose);
}

/**
 * tide_record_query_count:
 * @database: a connection
 * @provider: a manifest's id
 * @stream: one of its streams
 * @connection_id: whose records; 0 = anybody's
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is no such table yet
 *
 * Returns: how many live records there are; -1 with @error set on failure
 */
gint64
tide_record_query_count (TideDatabase  *database,
                         const char    *provider,
                         const char    *stream,
                         gint64         connection_id,
                         GError       **error)
{
  g_autofree char *table = tide_record_sql_get_table (provider, stream);
  g_autofree char *sql = make_count (table, connection_id != 0);
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 count = 0;

  if (!check_stream (database, provider, stream, error))
    return -1;
  statement = tide_statement_new (database, sql, error);
  if (statement == NULL)
    return -1;
  if (connection_id != 0)
    tide_statement_bind_int (statement, "@connection", connection_id);
  if (tide_statement_next (statement, &local_error))
    count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return count;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting %s: ", table);
  return -1;
}
