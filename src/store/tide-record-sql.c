/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-record-sql-private.h"

/**
 * tide_record_sql_get_table:
 * @provider: a manifest's id
 * @stream: one of its streams
 *
 * Returns: (transfer full): the name of the record table, or of the view of child rows
 */
char *
tide_record_sql_get_table (const char *provider,
                           const char *stream)
{
  return g_strconcat (provider, "_", stream, NULL);
}

/* No manifest can name a table so: its names have no dots. */
static char *
get_index (const char *table)
{
  return g_strconcat (table, ".id", NULL);
}

/**
 * tide_record_sql_get_type:
 * @type: what a column holds
 *
 * Returns: (transfer none): the type of the column
 */
const char *
tide_record_sql_get_type (TideFieldType type)
{
  switch (type)
    {
    case TIDE_FIELD_INTEGER:
    case TIDE_FIELD_BOOLEAN:
    case TIDE_FIELD_MONEY:
    case TIDE_FIELD_MONEY_DECIMAL:
      return "INTEGER";

    case TIDE_FIELD_TEXT:
    case TIDE_FIELD_DECIMAL:
    case TIDE_FIELD_INSTANT:
    case TIDE_FIELD_DATE:
    case TIDE_FIELD_JSON:
    default:
      return "TEXT";
    }
}

/**
 * tide_record_sql_make_table:
 *
 * What is looked at most stands in front, so that a scan for hashes does not walk over payloads. Both
 * indexes come later or cost nothing while a table is filled: the one of ids is built when the first
 * load is over, that of deleted rows is empty until one is deleted.
 *
 * Returns: (transfer full): the statements that make a record table
 */
char *
tide_record_sql_make_table (const char          *table,
                            const TideTableSpec *spec)
{
  g_autofree char *name = tide_database_quote_name (table);
  g_autofree char *deleted = g_strconcat (table, ".deleted", NULL);
  g_autofree char *index = tide_database_quote_name (deleted);
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE TABLE %s (\n"
                          "  _key INTEGER PRIMARY KEY,\n"
                          "  _connection INTEGER NOT NULL,\n"
                          "  _id TEXT NOT NULL,\n"
                          "  _hash INTEGER NOT NULL,\n"
                          "  _deleted INTEGER NOT NULL DEFAULT 0,\n"
                          "  _first_run INTEGER NOT NULL,\n"
                          "  _changed_run INTEGER NOT NULL,\n", name);
  for (gsize i = 0; i < spec->n_columns; i++)
    {
      g_autofree char *column = tide_database_quote_name (spec->columns[i].name);

      g_string_append_printf (sql, "  %s %s,\n", column, tide_record_sql_get_type (spec->columns[i].type));
    }
  g_string_append_printf (sql, "  _raw TEXT NOT NULL\n) STRICT;\n"
                          "CREATE INDEX %s ON %s (_connection) WHERE _deleted = 1;", index, name);
  return g_string_free (sql, FALSE);
}

/**
 * tide_record_sql_make_insert:
 *
 * Returns: (transfer full): the statement that adds a record
 */
char *
tide_record_sql_make_insert (const char          *table,
                             const TideTableSpec *spec)
{
  g_autofree char *name = tide_database_quote_name (table);
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, "INSERT INTO %s (_connection, _id, _hash, _first_run, _changed_run, _raw", name);
  for (gsize i = 0; i < spec->n_columns; i++)
    {
      g_autofree char *column = tide_database_quote_name (spec->columns[i].name);

      g_string_append_printf (sql, ", %s", column);
    }
  g_string_append (sql, ") VALUES (?1, ?2, ?3, ?4, ?4, ?5");
  for (gsize i = 0; i < spec->n_columns; i++)
    g_string_append_printf (sql, ", ?%" G_GSIZE_FORMAT, TIDE_RECORD_PARAM_FIRST_COLUMN + i);
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

/**
 * tide_record_sql_make_update:
 * @refill: whether the record is the same, and only the table has other columns
 *
 * Returns: (transfer full): the statement that changes a record
 */
char *
tide_record_sql_make_update (const char          *table,
                             const TideTableSpec *spec,
                             gboolean             refill)
{
  g_autofree char *name = tide_database_quote_name (table);
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, "UPDATE %s SET _hash = ?3", name);
  if (!refill)
    g_string_append (sql, ", _deleted = 0, _changed_run = ?4, _raw = ?5");
  for (gsize i = 0; i < spec->n_columns; i++)
    {
      g_autofree char *column = tide_database_quote_name (spec->columns[i].name);

      g_string_append_printf (sql, ", %s = ?%" G_GSIZE_FORMAT, column, TIDE_RECORD_PARAM_FIRST_COLUMN + i);
    }
  g_string_append (sql, " WHERE _key = ?1");
  return g_string_free (sql, FALSE);
}

/**
 * tide_record_sql_list_tables:
 * @database: a connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the names of all record tables
 */
GPtrArray *
tide_record_sql_list_tables (TideDatabase  *database,
                             GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT s.source FROM streams s JOIN sqlite_schema t"
                                  " ON t.name = s.source AND t.type = 'table' ORDER BY s.source", error);
  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (tables, g_strdup (tide_statement_get_text (statement, 0)));
  if (local_error == NULL)
    return g_steal_pointer (&tables);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading streams: ");
  return NULL;
}

static gboolean
schema_has (TideDatabase  *database,
            const char    *type,
            const char    *name,
            gboolean      *exists,
            GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean found;

  statement = tide_statement_new (database,
                                  "SELECT 1 FROM sqlite_schema WHERE type = @type AND name = @name", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@type", type);
  tide_statement_bind_text (statement, "@name", name);
  found = tide_statement_next (statement, &local_error);
  if (local_error != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the schema: ");
      return FALSE;
    }
  *exists = found;
  return TRUE;
}

/**
 * tide_record_sql_table_exists:
 * @exists: (out): whether it does
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_sql_table_exists (TideDatabase  *database,
                              const char    *table,
                              gboolean      *exists,
                              GError       **error)
{
  return schema_has (database, "table", table, exists, error);
}

/**
 * tide_record_sql_index_exists:
 * @exists: (out): whether the table has its index of ids already
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_sql_index_exists (TideDatabase  *database,
                              const char    *table,
                              gboolean      *exists,
                              GError       **error)
{
  g_autofree char *index = get_index (table);

  return schema_has (database, "index", index, exists, error);
}

/**
 * tide_record_sql_build_index:
 *
 * Builds the index of ids, in the write that is open: from here on SQLite itself sees to it that
 * there is no record twice.
 *
 * Returns: whether it is there
 */
gboolean
tide_record_sql_build_index (TideDatabase  *database,
                             const char    *table,
                             GError       **error)
{
  g_autofree char *index = get_index (table);
  g_autofree char *index_name = tide_database_quote_name (index);
  g_autofree char *table_name = tide_database_quote_name (table);
  g_autofree char *sql = NULL;

  sql = g_strdup_printf ("CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (_connection, _id)", index_name, table_name);
  if (tide_database_execute (database, sql, error))
    return TRUE;
  g_prefix_error (error, "indexing %s: ", table);
  return FALSE;
}
