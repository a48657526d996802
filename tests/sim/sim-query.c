/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-query.h"

struct _SimQuery
{
  sqlite3    *db;           /* (owned) */
  GHashTable *statements;   /* (owned): SQL → statement, both owned */
};

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static SimTellFunc tell_func;
static gpointer tell_data;

static void
tell (sqlite3_context  *context,
      int               n_values,
      sqlite3_value   **values)
{
  if (tell_func != NULL)
    tell_func ((const char *)sqlite3_value_text (values[0]), (const char *)sqlite3_value_text (values[1]), tell_data);
  sqlite3_result_null (context);
}

static int
add_tell (sqlite3                            *db,
          const char                        **message,
          const struct sqlite3_api_routines  *routines)
{
  return sqlite3_create_function (db, "sim_tell", 2, SQLITE_UTF8, NULL, tell, NULL, NULL);
}

/**
 * sim_query_listen:
 * @func: (nullable): what sim_tell() calls, on whichever of the process's connections to a database that are opened
 *    after the first of these calls
 *
 * There is one listener, the last.
 */
void
sim_query_listen (SimTellFunc func,
                  gpointer    user_data)
{
  tell_func = func;
  tell_data = user_data;
  sqlite3_auto_extension ((void (*) (void))add_tell);
}

SimQuery *
sim_query_open (const char *folder)
{
  SimQuery *self = g_new0 (SimQuery, 1);
  g_autofree char *path = g_build_filename (folder, "tidemark.db", NULL);

  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    g_error ("%s: %s", path, sqlite3_errmsg (self->db));
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  return self;
}

void
sim_query_free (SimQuery *self)
{
  g_hash_table_unref (self->statements);
  if (sqlite3_close (self->db) != SQLITE_OK)
    g_error ("the checks' own connection: %s", sqlite3_errmsg (self->db));
  g_free (self);
}

void
sim_query_execute (SimQuery   *self,
                   const char *sql)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (self->db));
}

/**
 * sim_query_ask:
 *
 * Returns: (transfer none): a statement to bind to, and to step with sim_query_next() until that says that there is
 *   no more; then it holds nobody up
 */
sqlite3_stmt *
sim_query_ask (SimQuery   *self,
               const char *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        g_error ("%s: %s", sql, sqlite3_errmsg (self->db));
      g_hash_table_insert (self->statements, g_strdup (sql), statement);
    }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return statement;
}

gboolean
sim_query_next (SimQuery     *self,
                sqlite3_stmt *statement)
{
  int rc = sqlite3_step (statement);

  if (rc == SQLITE_ROW)
    return TRUE;
  if (rc != SQLITE_DONE)
    g_error ("%s: %s", sqlite3_sql (statement), sqlite3_errmsg (self->db));
  sqlite3_reset (statement);
  return FALSE;
}

/** sim_query_int: the one number that @sql yields, 0 if it yields none. */
gint64
sim_query_int (SimQuery   *self,
               const char *sql)
{
  sqlite3_stmt *statement = sim_query_ask (self, sql);
  gint64 value = sim_query_next (self, statement) ? sqlite3_column_int64 (statement, 0) : 0;

  sqlite3_reset (statement);
  return value;
}

/** sim_query_text: (nullable): lent until the next step. */
const char *
sim_query_text (sqlite3_stmt *statement,
                int           column)
{
  return (const char *)sqlite3_column_text (statement, column);
}
