/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-statement-private.h"
#include "tide-table-file.h"

struct _TideTableFile
{
  TideDatabase  *database;    /* (owned) */
  TideStatement *insert;      /* (owned) (nullable) */
  int            n_columns;
};

/* It is forced to disk once, at its end, by whoever puts it in its place. */
static const char setup[] =
  "PRAGMA journal_mode = MEMORY;"
  "PRAGMA synchronous = OFF;";

static char *
make_create (const char         *table,
             const char * const *columns)
{
  g_autofree char *name = tide_database_quote_name (table);
  GString *sql = g_string_new ("CREATE TABLE ");

  /* Columns without a type keep each value as the kind it is. */
  g_string_append_printf (sql, "%s (", name);
  for (gsize i = 0; columns[i] != NULL; i++)
    {
      g_autofree char *column = tide_database_quote_name (columns[i]);

      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", column);
    }
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

static char *
make_insert (const char *table,
             int         n_columns)
{
  g_autofree char *name = tide_database_quote_name (table);
  GString *sql = g_string_new ("INSERT INTO ");

  g_string_append_printf (sql, "%s VALUES (", name);
  for (int i = 0; i < n_columns; i++)
    g_string_append (sql, i > 0 ? ", ?" : "?");
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

/**
 * tide_table_file_new:
 * @path: an empty file
 * @table: name of the table
 * @columns: names of its columns, NULL-terminated
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the file, without rows
 */
TideTableFile *
tide_table_file_new (const char          *path,
                     const char          *table,
                     const char * const  *columns,
                     GError             **error)
{
  g_autoptr(TideTableFile) self = g_new0 (TideTableFile, 1);
  g_autofree char *create = make_create (table, columns);
  g_autofree char *insert = NULL;

  self->n_columns = (int)g_strv_length ((char **)columns);
  self->database = tide_database_open (path, TIDE_DATABASE_NONE, error);
  if (self->database == NULL ||
      !tide_database_execute (self->database, setup, error) ||
      !tide_database_begin (self->database, "BEGIN", error) ||
      !tide_database_execute (self->database, create, error))
    return NULL;

  insert = make_insert (table, self->n_columns);
  self->insert = tide_statement_new (self->database, insert, error);
  return self->insert != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_table_file_add:
 * @row: a statement of another connection, standing on a row with as many columns
 * @error: return location
 *
 * Returns: whether the row is in the file
 */
gboolean
tide_table_file_add (TideTableFile  *self,
                     TideStatement  *row,
                     GError        **error)
{
  sqlite3_stmt *from = tide_statement_get_handle (row);
  sqlite3_stmt *to = tide_statement_get_handle (self->insert);
  int rc = SQLITE_OK;

  for (int i = 0; i < self->n_columns && rc == SQLITE_OK; i++)
    rc = sqlite3_bind_value (to, i + 1, sqlite3_column_value (from, i));
  if (rc != SQLITE_OK)
    {
      tide_database_set_error (self->database, rc, NULL, error);
      return FALSE;
    }
  return tide_statement_run (self->insert, error);
}

/**
 * tide_table_file_finish:
 * @error: return location
 *
 * Completes the file and closes it.
 *
 * Returns: whether all rows are in the file, which is not yet forced to disk
 */
gboolean
tide_table_file_finish (TideTableFile  *self,
                        GError        **error)
{
  g_clear_pointer (&self->insert, tide_statement_free);
  if (!tide_database_commit (self->database, error))
    return FALSE;
  g_clear_pointer (&self->database, tide_database_close);
  return TRUE;
}

/**
 * tide_table_file_free:
 * @self: (transfer full): a file; what is on the disk of an unfinished one is the caller's to remove
 */
void
tide_table_file_free (TideTableFile *self)
{
  g_clear_pointer (&self->insert, tide_statement_free);
  if (self->database != NULL)
    tide_database_rollback (self->database);
  g_clear_pointer (&self->database, tide_database_close);
  g_free (self);
}
