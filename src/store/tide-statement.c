/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-statement-private.h"
#include "tide-time.h"

/* A prepared statement. Belongs to whoever has the connection, and must be freed before that is
 * given back; then it rests in the connection's cache. */
struct _TideStatement
{
  TideDatabase *database;
  sqlite3_stmt *handle;       /* (owned) */
  int           rc;           /* of the first bind that failed */
  gboolean      cached;
};

/**
 * tide_statement_wrap:
 * @database: a connection
 * @handle: (transfer full): a statement of that connection, which shall not get into the cache
 *
 * Returns: (transfer full): a statement around @handle
 */
TideStatement *
tide_statement_wrap (TideDatabase *database,
                     sqlite3_stmt *handle)
{
  TideStatement *self = g_new0 (TideStatement, 1);

  self->database = database;
  self->handle = handle;
  return self;
}

/**
 * tide_statement_finalize:
 * @self: (transfer full): a statement that is neither lent nor resting
 */
void
tide_statement_finalize (TideStatement *self)
{
  sqlite3_finalize (self->handle);
  g_free (self);
}

/**
 * tide_statement_get_sql:
 *
 * Returns: (transfer none): its SQL text
 */
const char *
tide_statement_get_sql (TideStatement *self)
{
  return sqlite3_sql (self->handle);
}

/**
 * tide_statement_get_handle:
 *
 * Returns: (transfer none): SQLite's handle, for those who bind by number and without copying
 */
sqlite3_stmt *
tide_statement_get_handle (TideStatement *self)
{
  return self->handle;
}

/**
 * tide_statement_new:
 * @database: a connection
 * @sql: one statement
 * @error: return location
 *
 * Prepares a statement, or takes it out of the connection's cache. Free it before the #TideWrite or
 * #TideRead that lent the connection: declare it after that.
 *
 * Returns: (transfer full) (nullable): the statement
 */
TideStatement *
tide_statement_new (TideDatabase  *database,
                    const char    *sql,
                    GError       **error)
{
  sqlite3 *db = tide_database_get_handle (database);
  sqlite3_stmt *handle = NULL;
  TideStatement *self;
  int rc;

  g_return_val_if_fail (sql != NULL, NULL);

  self = tide_database_take_statement (database, sql);
  if (self != NULL)
    return self;
  rc = sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (rc != SQLITE_OK)
    {
      tide_database_rest_statement (database, NULL);
      tide_database_set_error (database, rc, sql, error);
      return NULL;
    }
  self = tide_statement_wrap (database, handle);
  self->cached = TRUE;
  return self;
}

/**
 * tide_statement_free:
 * @self: (transfer full): a statement
 *
 * Lays it to rest in its connection's cache, without its values.
 */
void
tide_statement_free (TideStatement *self)
{
  tide_statement_reset (self);
  if (self->cached)
    tide_database_rest_statement (self->database, self);
  else
    tide_statement_finalize (self);
}

/**
 * tide_statement_reset:
 *
 * Goes back to the beginning, to be run again; all values become NULL.
 */
void
tide_statement_reset (TideStatement *self)
{
  sqlite3_reset (self->handle);
  sqlite3_clear_bindings (self->handle);
  self->rc = SQLITE_OK;
}

static void
tide_statement_keep (TideStatement *self,
                     int            rc)
{
  if (self->rc == SQLITE_OK)
    self->rc = rc;
}

static int
tide_statement_find (TideStatement *self,
                     const char    *name)
{
  return sqlite3_bind_parameter_index (self->handle, name);
}

/**
 * tide_statement_bind_int:
 * @name: the parameter, with its "@"
 * @value: a number
 *
 * Gives a parameter its value. A mistake (there is no such parameter) is reported when the
 * statement is run; so with all of these functions.
 */
void
tide_statement_bind_int (TideStatement *self,
                         const char    *name,
                         gint64         value)
{
  tide_statement_keep (self, sqlite3_bind_int64 (self->handle, tide_statement_find (self, name), value));
}

/**
 * tide_statement_bind_text:
 * @name: the parameter
 * @value: (nullable): text, which is copied
 */
void
tide_statement_bind_text (TideStatement *self,
                          const char    *name,
                          const char    *value)
{
  tide_statement_keep (self, sqlite3_bind_text (self->handle, tide_statement_find (self, name),
                                                value, -1, SQLITE_TRANSIENT));
}

/**
 * tide_statement_bind_time:
 * @name: the parameter
 * @instant: microseconds since 1970 UTC; %TIDE_TIME_INVALID is NULL
 */
void
tide_statement_bind_time (TideStatement *self,
                          const char    *name,
                          gint64         instant)
{
  char text[TIDE_TIME_TEXT_LENGTH + 1];

  if (instant == TIDE_TIME_INVALID)
    {
      tide_statement_bind_null (self, name);
      return;
    }
  tide_time_format (instant, text);
  tide_statement_bind_text (self, name, text);
}

/**
 * tide_statement_bind_blob:
 * @name: the parameter
 * @data: bytes, which are copied
 * @length: how many
 */
void
tide_statement_bind_blob (TideStatement *self,
                          const char    *name,
                          const void    *data,
                          gsize          length)
{
  /* A null pointer would be NULL, not an empty blob. */
  tide_statement_keep (self, sqlite3_bind_blob64 (self->handle, tide_statement_find (self, name),
                                                  data != NULL ? data : "", length, SQLITE_TRANSIENT));
}

/**
 * tide_statement_bind_null:
 * @name: the parameter
 */
void
tide_statement_bind_null (TideStatement *self,
                          const char    *name)
{
  tide_statement_keep (self, sqlite3_bind_null (self->handle, tide_statement_find (self, name)));
}

/**
 * tide_statement_step:
 *
 * Like sqlite3_step(), for those who look at the code themselves.
 *
 * Returns: SQLite's code
 */
int
tide_statement_step (TideStatement *self)
{
  if (self->rc != SQLITE_OK)
    return self->rc;
  if (!tide_database_is_usable (self->database, NULL))
    return SQLITE_ABORT_ROLLBACK;
  return sqlite3_step (self->handle);
}

/**
 * tide_statement_next:
 * @self: a statement
 * @error: return location
 *
 * Goes to the next row. Look at @error after the loop.
 *
 * Returns: whether there is one; %FALSE at the end and, with @error set, on failure
 */
gboolean
tide_statement_next (TideStatement  *self,
                     GError        **error)
{
  int rc = self->rc;

  if (!tide_database_is_usable (self->database, error))
    return FALSE;
  if (rc == SQLITE_OK)
    rc = sqlite3_step (self->handle);
  if (rc == SQLITE_ROW)
    return TRUE;
  if (rc != SQLITE_DONE)
    tide_database_set_error (self->database, rc, tide_statement_get_sql (self), error);
  sqlite3_reset (self->handle);
  return FALSE;
}

/**
 * tide_statement_run:
 * @self: a statement
 * @error: return location
 *
 * Runs a statement whose rows are not wanted, to its end.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_statement_run (TideStatement  *self,
                    GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  while (tide_statement_next (self, &local_error))
    ;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * tide_statement_get_n_columns:
 *
 * Returns: how many columns a row has
 */
int
tide_statement_get_n_columns (TideStatement *self)
{
  return sqlite3_column_count (self->handle);
}

/**
 * tide_statement_get_name:
 * @column: from 0
 *
 * Returns: (transfer none): the column's name
 */
const char *
tide_statement_get_name (TideStatement *self,
                         int            column)
{
  return sqlite3_column_name (self->handle, column);
}

gboolean
tide_statement_is_null (TideStatement *self,
                        int            column)
{
  return sqlite3_column_type (self->handle, column) == SQLITE_NULL;
}

gint64
tide_statement_get_int (TideStatement *self,
                        int            column)
{
  return sqlite3_column_int64 (self->handle, column);
}

double
tide_statement_get_double (TideStatement *self,
                           int            column)
{
  return sqlite3_column_double (self->handle, column);
}

/**
 * tide_statement_get_text:
 * @column: from 0
 *
 * Returns: (transfer none) (nullable): the text, until the next step
 */
const char *
tide_statement_get_text (TideStatement *self,
                         int            column)
{
  return (const char *)sqlite3_column_text (self->handle, column);
}

/**
 * tide_statement_get_length:
 * @column: from 0
 *
 * Returns: bytes of the text or blob in that column
 */
gsize
tide_statement_get_length (TideStatement *self,
                           int            column)
{
  return (gsize)sqlite3_column_bytes (self->handle, column);
}

/**
 * tide_statement_get_blob:
 * @column: from 0
 * @length: (out): how many bytes
 *
 * Returns: (transfer none) (nullable): the bytes, until the next step
 */
const void *
tide_statement_get_blob (TideStatement *self,
                         int            column,
                         gsize         *length)
{
  const void *data = sqlite3_column_blob (self->handle, column);

  *length = (gsize)sqlite3_column_bytes (self->handle, column);
  return data;
}

/**
 * tide_statement_get_time:
 * @column: from 0
 *
 * Returns: the instant, or %TIDE_TIME_INVALID where there is none
 */
gint64
tide_statement_get_time (TideStatement *self,
                         int            column)
{
  const char *text = tide_statement_get_text (self, column);

  return text != NULL ? tide_time_parse (text, -1) : TIDE_TIME_INVALID;
}

/**
 * tide_statement_get_kind:
 * @column: from 0
 *
 * Returns: what the column holds in this row, as one of SQLite's types
 *    (SQLITE_INTEGER 1, SQLITE_FLOAT 2, SQLITE_TEXT 3, SQLITE_BLOB 4, SQLITE_NULL 5)
 */
int
tide_statement_get_kind (TideStatement *self,
                         int            column)
{
  return sqlite3_column_type (self->handle, column);
}
