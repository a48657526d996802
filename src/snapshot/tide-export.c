/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-snapshot"

#include "config.h"

#include "tide-entity.h"
#include "tide-error.h"
#include "tide-export-file.h"
#include "tide-export-text.h"
#include "tide-export.h"
#include "tide-record-query.h"
#include "tide-table-file.h"

/* An export that is under way. */
typedef struct
{
  TideExportFormat  format;
  TideExportFile   *file;
  TideTableFile    *table;    /* (owned) (nullable): for SQLite */
  gint64            n_records;
} Export;

static const struct
{
  const char       *name;
  TideExportFormat  format;
} formats[] = {
  { "csv", TIDE_EXPORT_CSV },
  { "jsonl", TIDE_EXPORT_JSONL },
  { "sqlite", TIDE_EXPORT_SQLITE },
};

/**
 * tide_export_format_from_name:
 * @name: "csv", "jsonl" or "sqlite"
 * @format: (out): what it means
 * @error: return location; %TIDE_ERROR_INVALID
 *
 * Returns: whether there is such a format
 */
gboolean
tide_export_format_from_name (const char        *name,
                              TideExportFormat  *format,
                              GError           **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (name, formats[i].name) == 0)
      {
        *format = formats[i].format;
        return TRUE;
      }

  if (g_strcmp0 (name, "parquet") == 0)
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                         "format parquet: is not supported yet; there are csv, jsonl and sqlite");
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                 "format %s: there is none of that name; there are csv, jsonl and sqlite", name);
  return FALSE;
}

/**
 * tide_export_format_get_extension:
 *
 * Returns: (transfer none): what its files' names end in, with the dot
 */
const char *
tide_export_format_get_extension (TideExportFormat format)
{
  switch (format)
    {
    case TIDE_EXPORT_CSV:
      return ".csv";
    case TIDE_EXPORT_JSONL:
      return ".jsonl";
    case TIDE_EXPORT_SQLITE:
    default:
      return ".db";
    }
}

/**
 * tide_export_list_entities:
 * @database: a store or a copy of one
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the entities that it has a view of
 */
GPtrArray *
tide_export_list_entities (TideDatabase  *database,
                           GError       **error)
{
  g_autoptr(GPtrArray) entities = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideStatement) statement =
    tide_statement_new (database,
                        "SELECT DISTINCT s.entity FROM streams s JOIN sqlite_schema t"
                        " ON t.name = s.entity AND t.type = 'view' ORDER BY s.entity", error);

  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (entities, g_strdup (tide_statement_get_text (statement, 0)));
  if (local_error == NULL)
    return g_steal_pointer (&entities);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading entities: ");
  return NULL;
}

static gboolean
check_entity (TideDatabase  *database,
              const char    *entity,
              GError       **error)
{
  g_autoptr(GPtrArray) entities = tide_export_list_entities (database, error);

  if (entities == NULL)
    return FALSE;
  for (guint i = 0; i < entities->len; i++)
    if (g_strcmp0 (g_ptr_array_index (entities, i), entity) == 0)
      return TRUE;

  if (tide_entity_lookup (entity) != NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "entity %s: no connection has brought any yet", entity);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "entity %s: there is none of that name", entity);
  return FALSE;
}

/* Asked before any row, as there may be none. */
static char **
list_columns (TideDatabase  *database,
              const char    *sql,
              GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GStrvBuilder) columns = g_strv_builder_new ();

  if (statement == NULL)
    return NULL;
  for (int i = 0; i < tide_statement_get_n_columns (statement); i++)
    g_strv_builder_add (columns, tide_statement_get_name (statement, i));
  return g_strv_builder_end (columns);
}

static gboolean
export_row_cb (TideStatement  *row,
               gpointer        user_data,
               GError        **error)
{
  Export *export = user_data;
  GString *buffer = tide_export_file_get_buffer (export->file);

  export->n_records++;
  switch (export->format)
    {
    case TIDE_EXPORT_CSV:
      tide_export_text_append_csv_row (buffer, row);
      break;
    case TIDE_EXPORT_JSONL:
      tide_export_text_append_json_row (buffer, row);
      break;
    case TIDE_EXPORT_SQLITE:
    default:
      return tide_table_file_add (export->table, row, error);
    }
  return tide_export_file_flush (export->file, FALSE, error);
}

static gboolean
export_begin (Export              *export,
              const char          *entity,
              const char * const  *columns,
              GError             **error)
{
  const char *temporary = tide_export_file_get_temporary (export->file);

  if (export->format == TIDE_EXPORT_CSV)
    tide_export_text_append_csv_header (tide_export_file_get_buffer (export->file), columns);
  if (export->format != TIDE_EXPORT_SQLITE)
    return TRUE;

  if (temporary == NULL)
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                         "format sqlite: cannot go to standard output; name a file");
  else
    export->table = tide_table_file_new (temporary, entity, columns, error);
  return export->table != NULL;
}

static gboolean
export_rows (Export        *export,
             TideDatabase  *database,
             const char    *sql,
             GError       **error)
{
  return tide_record_query_run (database, sql, 0, export_row_cb, export, NULL, error) &&
         (export->table == NULL || tide_table_file_finish (export->table, error)) &&
         tide_export_file_finish (export->file, error);
}

/**
 * tide_export_entity_from:
 * @database: a store or a copy of one; its statements end when its cancellable says so
 * @entity: which entity
 * @where: (nullable): an SQL condition on its columns
 * @format: how
 * @path: a file, which is replaced; "-" for standard output
 * @n_records: (out) (optional): how many there were
 * @cancellable: (nullable): ends it
 * @error: return location; %TIDE_ERROR_NOT_FOUND, %TIDE_ERROR_INVALID (a condition that makes no sense),
 *    %TIDE_ERROR_NO_SPACE, %TIDE_ERROR_STORAGE
 *
 * Writes an entity row by row. @path appears when it is complete, or not at all. Blocks; any thread.
 *
 * Returns: whether all of it was written
 */
gboolean
tide_export_entity_from (TideDatabase      *database,
                         const char        *entity,
                         const char        *where,
                         TideExportFormat   format,
                         const char        *path,
                         gint64            *n_records,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autofree char *name = tide_database_quote_name (entity);
  g_autofree char *all = g_strdup_printf ("SELECT * FROM %s", name);
  /* The line breaks keep a comment in the condition from swallowing what follows. */
  g_autofree char *sql = where != NULL ? g_strdup_printf ("%s WHERE (\n%s\n)", all, where) : g_strdup (all);
  g_autoptr(TideExportFile) file = NULL;
  g_auto(GStrv) columns = NULL;
  Export export = { format, NULL, NULL, 0 };
  gboolean done;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !check_entity (database, entity, error))
    return FALSE;
  columns = list_columns (database, all, error);
  file = columns != NULL ? tide_export_file_new (path, error) : NULL;
  if (file == NULL)
    return FALSE;

  export.file = file;
  done = export_begin (&export, entity, (const char * const *)columns, error) &&
         export_rows (&export, database, sql, error);
  g_clear_pointer (&export.table, tide_table_file_free);
  if (done && n_records != NULL)
    *n_records = export.n_records;
  return done;
}

/**
 * tide_export_entity:
 * @store: a store
 * @format: name of a format
 *
 * Like tide_export_entity_from(), out of one consistent view of the store.
 *
 * Returns: whether all of it was written
 */
gboolean
tide_export_entity (TideStore     *store,
                    const char    *entity,
                    const char    *where,
                    const char    *format,
                    const char    *path,
                    gint64        *n_records,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(TideRead) read = NULL;
  TideExportFormat known;

  g_return_val_if_fail (TIDE_IS_STORE (store) && entity != NULL && path != NULL, FALSE);

  if (!tide_export_format_from_name (format, &known, error))
    return FALSE;
  read = tide_store_begin_read (store, cancellable, error);
  return read != NULL &&
         tide_export_entity_from (tide_read_get_database (read), entity, where, known, path, n_records,
                                  cancellable, error);
}
