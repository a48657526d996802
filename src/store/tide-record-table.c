/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-entity-view-private.h"
#include "tide-error.h"
#include "tide-json-path-private.h"
#include "tide-record-sql-private.h"
#include "tide-text.h"

/* What the store remembers of a stream. */
typedef struct
{
  gboolean  known;
  char     *entity;           /* (owned) (nullable) */
  char     *columns;          /* (owned) (nullable): JSON */
  gint64    revision;
} Stream;

static void
stream_clear (Stream *self)
{
  g_free (self->entity);
  g_free (self->columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stream, stream_clear)

static gboolean
check_name (const char  *what,
            const char  *name,
            GError     **error)
{
  if (tide_text_is_name (name))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "“%s” cannot be the name of a %s", name != NULL ? name : "", what);
  return FALSE;
}

static gboolean
check_names (const char  *provider,
             const char  *stream,
             const char  *entity,
             GError     **error)
{
  return check_name ("provider", provider, error) &&
         check_name ("stream", stream, error) &&
         check_name ("entity", entity, error);
}

static gboolean
check_column (GHashTable  *seen,
              const char  *name,
              GError     **error)
{
  if (!check_name ("column", name, error))
    return FALSE;
  if (g_hash_table_add (seen, (gpointer)name))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there are two columns %s", name);
  return FALSE;
}

static gboolean
check_table_spec (const TideTableSpec  *spec,
                  GError              **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (!check_names (spec->provider, spec->stream, spec->entity, error))
    return FALSE;
  for (gsize i = 0; i < spec->n_columns; i++)
    if (!check_column (seen, spec->columns[i].name, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_child_spec (const TideChildSpec  *spec,
                  GError              **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (!check_names (spec->provider, spec->stream, spec->entity, error) ||
      !check_name ("stream", spec->parent, error) ||
      !check_column (seen, spec->parent_id_column, error))
    return FALSE;
  for (gsize i = 0; i < spec->n_columns; i++)
    if (!check_column (seen, spec->columns[i].name, error))
      return FALSE;
  return TRUE;
}

static void
append_column (GString       *json,
               const char    *name,
               TideFieldType  type)
{
  g_string_append_printf (json, "%s{\"name\": \"%s\", \"type\": \"%s\"}",
                          json->len > 1 ? ", " : "", name, tide_field_type_get_name (type));
}

static char *
describe_table (const TideTableSpec *spec)
{
  GString *json = g_string_new ("[");

  for (gsize i = 0; i < spec->n_columns; i++)
    append_column (json, spec->columns[i].name, spec->columns[i].type);
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

static char *
describe_child (const TideChildSpec *spec)
{
  GString *json = g_string_new ("[");

  append_column (json, spec->parent_id_column, TIDE_FIELD_TEXT);
  for (gsize i = 0; i < spec->n_columns; i++)
    append_column (json, spec->columns[i].name, spec->columns[i].type);
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

static gboolean
read_stream (TideDatabase  *database,
             const char    *provider,
             const char    *stream,
             Stream        *info,
             GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT entity, columns, revision FROM streams"
                                  " WHERE provider = @provider AND stream = @stream", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@provider", provider);
  tide_statement_bind_text (statement, "@stream", stream);
  info->known = tide_statement_next (statement, &local_error);
  if (info->known)
    {
      info->entity = g_strdup (tide_statement_get_text (statement, 0));
      info->columns = g_strdup (tide_statement_get_text (statement, 1));
      info->revision = tide_statement_get_int (statement, 2);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading streams: ");
  return FALSE;
}

/* Only what we made for this very stream may have the name: "sync" with a stream "runs", or "a_b" with "c"
 * after "a" with "b_c", would meet a table that is something else. */
static gboolean
check_free (TideDatabase  *database,
            const char    *name,
            GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean taken;

  statement = tide_statement_new (database, "SELECT 1 FROM sqlite_schema WHERE name = @name", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@name", name);
  taken = tide_statement_next (statement, &local_error);
  if (local_error != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the schema: ");
      return FALSE;
    }
  if (!taken)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the name %s is taken", name);
  return FALSE;
}

static gboolean
save_stream (TideDatabase  *database,
             const char    *provider,
             const char    *stream,
             const char    *source,
             const Stream  *info,
             GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "INSERT INTO streams (provider, stream, entity, source, columns, revision)"
                                  " VALUES (@provider, @stream, @entity, @source, @columns, @revision)"
                                  " ON CONFLICT (provider, stream) DO UPDATE SET entity = excluded.entity,"
                                  " columns = excluded.columns, revision = excluded.revision", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@provider", provider);
  tide_statement_bind_text (statement, "@stream", stream);
  tide_statement_bind_text (statement, "@entity", info->entity);
  tide_statement_bind_text (statement, "@source", source);
  tide_statement_bind_text (statement, "@columns", info->columns);
  tide_statement_bind_int (statement, "@revision", info->revision);
  return tide_statement_run (statement, error);
}

/* The SQL type of each column that the table has: name -> type. */
static GHashTable *
read_columns (TideDatabase  *database,
              const char    *table,
              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database, "SELECT name, type FROM pragma_table_info(@table)", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_text (statement, "@table", table);
  while (tide_statement_next (statement, &local_error))
    g_hash_table_insert (columns,
                         g_strdup (tide_statement_get_text (statement, 0)),
                         g_strdup (tide_statement_get_text (statement, 1)));
  if (local_error == NULL)
    return g_steal_pointer (&columns);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the columns of %s: ", table);
  return NULL;
}

static gboolean
ensure_column (TideDatabase      *database,
               const char        *table,
               const TideColumn  *column,
               GHashTable        *present,
               GError           **error)
{
  const char *wanted = tide_record_sql_get_type (column->type);
  const char *type = g_hash_table_lookup (present, column->name);
  g_autofree char *table_name = tide_database_quote_name (table);
  g_autofree char *column_name = tide_database_quote_name (column->name);
  g_autofree char *sql = NULL;

  if (type != NULL && g_str_equal (type, wanted))
    return TRUE;
  if (type != NULL)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT,
                   "the column %s of %s is %s, the manifest now wants %s: give the field another name",
                   column->name, table, type, wanted);
      return FALSE;
    }
  sql = g_strdup_printf ("ALTER TABLE %s ADD COLUMN %s %s", table_name, column_name, wanted);
  return tide_database_execute (database, sql, error);
}

static gboolean
extend_table (TideDatabase         *database,
              const char           *table,
              const TideTableSpec  *spec,
              GError              **error)
{
  g_autoptr(GHashTable) present = read_columns (database, table, error);

  if (present == NULL)
    return FALSE;
  for (gsize i = 0; i < spec->n_columns; i++)
    if (!ensure_column (database, table, &spec->columns[i], present, error))
      return FALSE;
  return TRUE;
}

static gboolean
ensure_table (TideDatabase         *database,
              const TideTableSpec  *spec,
              GError              **error)
{
  g_autofree char *table = tide_record_sql_get_table (spec->provider, spec->stream);
  g_autofree char *columns = describe_table (spec);
  g_auto(Stream) info = { FALSE };

  if (!check_table_spec (spec, error) || !read_stream (database, spec->provider, spec->stream, &info, error))
    return FALSE;
  if (!info.known)
    {
      g_autofree char *sql = tide_record_sql_make_table (table, spec);

      if (!check_free (database, table, error) || !tide_database_execute (database, sql, error))
        return FALSE;
    }
  else if (!extend_table (database, table, spec, error))
    return FALSE;
  if (g_strcmp0 (info.columns, columns) == 0 && g_strcmp0 (info.entity, spec->entity) == 0)
    return TRUE;
  /* Rows that are there lack the new columns: see tide_record_table_ensure(). */
  if (info.known && g_strcmp0 (info.columns, columns) != 0)
    info.revision++;
  g_free (info.columns);
  g_free (info.entity);
  info.columns = g_steal_pointer (&columns);
  info.entity = g_strdup (spec->entity);
  return save_stream (database, spec->provider, spec->stream, table, &info, error);
}

static gboolean
append_child_column (GString                *sql,
                     const TideChildColumn  *column,
                     const char             *currency,
                     GError                **error)
{
  g_autofree char *cell = NULL;

  if (*column->pointer == '\0' && column->type == TIDE_FIELD_INTEGER && g_str_equal (column->name, "position"))
    cell = g_strdup ("e.key");
  else
    cell = tide_json_path_cell ("e.value", column->pointer, column->type, currency, error);
  if (cell == NULL)
    return FALSE;
  g_string_append_printf (sql, ",\n  %s AS \"%s\"", cell, column->name);
  return TRUE;
}

/* Deleted parents are left in and marked, as deleted records are in tables. What is not an array has no rows. */
static char *
make_child_view (const TideChildSpec  *spec,
                 const char           *view,
                 const char           *parent,
                 const char           *currency,
                 GError              **error)
{
  g_autofree char *name = tide_database_quote_name (view);
  g_autofree char *table = tide_database_quote_name (parent);
  g_autofree char *path = tide_json_path_new (spec->pointer, error);
  g_autoptr(GString) sql = g_string_new (NULL);

  if (path == NULL)
    return NULL;
  g_string_append_printf (sql, "CREATE VIEW %s AS\n"
                          "SELECT p._connection AS _connection, p._id || ':' || e.key AS _id, p._deleted AS _deleted,\n"
                          "  p._id AS \"%s\"", name, spec->parent_id_column);
  for (gsize i = 0; i < spec->n_columns; i++)
    if (!append_child_column (sql, &spec->columns[i], currency, error))
      return NULL;
  g_string_append_printf (sql, "\nFROM %s p JOIN json_each(p._raw, %s) e\n"
                          "WHERE json_type(p._raw, %s) = 'array'", table, path, path);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static gboolean
ensure_child_view (TideDatabase         *database,
                   const TideChildSpec  *spec,
                   const char           *view,
                   GError              **error)
{
  g_autofree char *parent = tide_record_sql_get_table (spec->provider, spec->parent);
  g_autoptr(GHashTable) columns = read_columns (database, parent, error);
  g_autofree char *sql = NULL;

  if (columns == NULL)
    return FALSE;
  if (g_hash_table_size (columns) == 0)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s has its rows in %s, which is no table", view, parent);
      return FALSE;
    }
  sql = make_child_view (spec, view, parent, g_hash_table_contains (columns, "currency") ? "p.\"currency\"" : NULL,
                         error);
  return sql != NULL && tide_entity_view_replace (database, view, sql, error);
}

static gboolean
ensure_child (TideDatabase         *database,
              const TideChildSpec  *spec,
              GError              **error)
{
  g_autofree char *view = tide_record_sql_get_table (spec->provider, spec->stream);
  g_autofree char *columns = describe_child (spec);
  g_auto(Stream) info = { FALSE };

  if (!check_child_spec (spec, error) || !read_stream (database, spec->provider, spec->stream, &info, error))
    return FALSE;
  if (!info.known && !check_free (database, view, error))
    return FALSE;
  if (!ensure_child_view (database, spec, view, error))
    return FALSE;
  if (g_strcmp0 (info.columns, columns) == 0 && g_strcmp0 (info.entity, spec->entity) == 0)
    return TRUE;
  g_free (info.columns);
  g_free (info.entity);
  info.columns = g_steal_pointer (&columns);
  info.entity = g_strdup (spec->entity);
  return save_stream (database, spec->provider, spec->stream, view, &info, error);
}

static GHashTable *
list_entities (TideDatabase  *database,
               GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, "SELECT DISTINCT entity FROM streams", error);
  g_autoptr(GHashTable) entities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_hash_table_add (entities, g_strdup (tide_statement_get_text (statement, 0)));
  if (local_error == NULL)
    return g_steal_pointer (&entities);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading streams: ");
  return NULL;
}

/* @before: the entities there were, as the last stream of one may have moved to another. */
static gboolean
refresh_views (TideDatabase  *database,
               GHashTable    *before,
               GError       **error)
{
  g_autoptr(GHashTable) entities = list_entities (database, error);
  GHashTableIter iter;
  gpointer entity;

  if (entities == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &entity, NULL))
    g_hash_table_add (entities, g_strdup (entity));
  g_hash_table_iter_init (&iter, entities);
  while (g_hash_table_iter_next (&iter, &entity, NULL))
    if (!tide_entity_view_refresh (database, entity, error))
      return FALSE;
  return TRUE;
}

static gboolean
ensure_all (TideDatabase         *database,
            const TideTableSpec  *tables,
            gsize                 n_tables,
            const TideChildSpec  *children,
            gsize                 n_children,
            GError              **error)
{
  g_autoptr(GHashTable) before = list_entities (database, error);

  if (before == NULL)
    return FALSE;
  for (gsize i = 0; i < n_tables; i++)
    if (!ensure_table (database, &tables[i], error))
      return FALSE;
  for (gsize i = 0; i < n_children; i++)
    if (!ensure_child (database, &children[i], error))
      return FALSE;
  return refresh_views (database, before, error);
}

/**
 * tide_record_table_ensure:
 * @store: a store
 * @tables: the record tables of a provider
 * @n_tables: how many
 * @children: the child rows of a provider
 * @n_children: how many
 * @cancellable: (nullable): cancels
 * @error: return location; %TIDE_ERROR_INVALID for names that cannot be, %TIDE_ERROR_CONFLICT where a
 *    column would have to change between number and text
 *
 * Makes or extends the tables and views of a provider's streams, all or none. Writes nothing where all is
 * as it should be. Blocks.
 *
 * A new column is NULL in rows that are there: the stream's revision grows with its columns and is
 * mixed into the stored hashes, so that the next full run finds each row to be "other than what was received"
 * and fills it. That costs nothing now, however long the table. A column that a manifest no longer has
 * stays in the table with what it holds.
 *
 * Returns: whether all is as it should be
 */
gboolean
tide_record_table_ensure (TideStore            *store,
                          const TideTableSpec  *tables,
                          gsize                 n_tables,
                          const TideChildSpec  *children,
                          gsize                 n_children,
                          GCancellable         *cancellable,
                          GError              **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (store, cancellable, error);

  return write != NULL &&
         ensure_all (tide_write_get_database (write), tables, n_tables, children, n_children, error) &&
         tide_write_commit (write, error);
}
