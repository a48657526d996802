/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-entity-view-private.h"
#include "tide-entity.h"
#include "tide-error.h"
#include "tide-json-path-private.h"

/* The views that owners query and export. Only what any SQLite program understands. */

static const char * const common_columns[] = { "id", "venue", "provider", "connection", NULL };

typedef struct
{
  char          *name;
  TideFieldType  type;
} Column;

typedef struct
{
  char   *provider;
  char   *source;
  GArray *columns;            /* (element-type Column) */
} Source;

static void
column_clear (Column *self)
{
  g_free (self->name);
}

static void
source_free (Source *self)
{
  g_free (self->provider);
  g_free (self->source);
  g_array_unref (self->columns);
  g_free (self);
}

static GArray *
columns_new (void)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (Column));

  g_array_set_clear_func (columns, (GDestroyNotify)column_clear);
  return columns;
}

static const Column *
columns_find (GArray     *columns,
              const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);

      if (g_str_equal (column->name, name))
        return column;
    }
  return NULL;
}

static void
columns_add (GArray        *columns,
             const char    *name,
             TideFieldType  type)
{
  Column column = { NULL, type };

  if (g_strv_contains (common_columns, name) || columns_find (columns, name) != NULL)
    return;
  column.name = g_strdup (name);
  g_array_append_val (columns, column);
}

static Source *
source_new (const char *provider,
            const char *source)
{
  Source *self = g_new0 (Source, 1);

  self->provider = g_strdup (provider);
  self->source = g_strdup (source);
  self->columns = columns_new ();
  return self;
}

static void
sources_add_row (GPtrArray     *sources,
                 TideStatement *row)
{
  const char *source_name = tide_statement_get_text (row, 1);
  Source *last = sources->len > 0 ? g_ptr_array_index (sources, sources->len - 1) : NULL;
  TideFieldType type = TIDE_FIELD_TEXT;

  if (last == NULL || !g_str_equal (last->source, source_name))
    {
      last = source_new (tide_statement_get_text (row, 0), source_name);
      g_ptr_array_add (sources, last);
    }
  /* A stream may have no columns of its own; a type that this version does not know is text. */
  tide_field_type_from_name (tide_statement_get_text (row, 3), &type);
  if (!tide_statement_is_null (row, 2))
    columns_add (last->columns, tide_statement_get_text (row, 2), type);
}

static GPtrArray *
read_sources (TideDatabase  *database,
              const char    *entity,
              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func ((GDestroyNotify)source_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT s.provider, s.source, c.value ->> 'name', c.value ->> 'type'"
                                  " FROM streams s LEFT JOIN json_each(s.columns) c"
                                  " WHERE s.entity = @entity ORDER BY s.source, c.key", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_text (statement, "@entity", entity);
  while (tide_statement_next (statement, &local_error))
    sources_add_row (sources, statement);
  if (local_error == NULL)
    return g_steal_pointer (&sources);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading streams: ");
  return NULL;
}

/* The columns that the view shall have: the entity's, or of an entity nobody here knows, all there are. */
static GArray *
get_view_columns (const char *entity_name,
                  GPtrArray  *sources)
{
  const TideEntity *entity = tide_entity_lookup (entity_name);
  GArray *columns = columns_new ();

  if (entity != NULL)
    {
      for (const TideEntityColumn *column = entity->columns; column->name != NULL; column++)
        columns_add (columns, column->name, column->type);
      return columns;
    }
  for (guint i = 0; i < sources->len; i++)
    {
      const Source *source = g_ptr_array_index (sources, i);

      for (guint j = 0; j < source->columns->len; j++)
        {
          const Column *column = &g_array_index (source->columns, Column, j);

          columns_add (columns, column->name, column->type);
        }
    }
  return columns;
}

static void
append_local (GString    *sql,
              const char *name,
              gboolean    known)
{
  if (!known)
    {
      g_string_append_printf (sql, ",\n  NULL AS \"%s_local\"", name);
      return;
    }
  g_string_append_printf (sql,
                          ",\n  strftime('%%Y-%%m-%%dT%%H:%%M:%%S', r.\"%s\", (SELECT z.seconds FROM zone_offsets z"
                          " WHERE z.zone = v.timezone AND z.since <= r.\"%s\" ORDER BY z.since DESC LIMIT 1)"
                          " || ' seconds') AS \"%s_local\"", name, name, name);
}

static void
append_source (GString      *sql,
               const Source *source,
               GArray       *columns)
{
  g_autofree char *provider = tide_json_path_quote (source->provider);
  g_autofree char *table = tide_database_quote_name (source->source);

  g_string_append_printf (sql, "SELECT r._id AS id, v.name AS venue, %s AS provider, c.name AS connection", provider);
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);
      const Column *own = columns_find (source->columns, column->name);

      /* Names have passed tide_text_is_name(). */
      if (own != NULL)
        g_string_append_printf (sql, ",\n  r.\"%s\" AS \"%s\"", column->name, column->name);
      else
        g_string_append_printf (sql, ",\n  NULL AS \"%s\"", column->name);
      if (column->type == TIDE_FIELD_INSTANT)
        append_local (sql, column->name, own != NULL && own->type == TIDE_FIELD_INSTANT);
    }
  g_string_append_printf (sql, "\nFROM %s r JOIN connections c ON c.id = r._connection"
                          " JOIN venues v ON v.id = c.venue_id\nWHERE r._deleted = 0", table);
}

static char *
make_view (const char *entity,
           GPtrArray  *sources)
{
  g_autofree char *name = tide_database_quote_name (entity);
  g_autoptr(GArray) columns = get_view_columns (entity, sources);
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE VIEW %s AS\n", name);
  for (guint i = 0; i < sources->len; i++)
    {
      if (i > 0)
        g_string_append (sql, "\nUNION ALL\n");
      append_source (sql, g_ptr_array_index (sources, i), columns);
    }
  return g_string_free (sql, FALSE);
}

/* What stands in the schema under a name: its type and SQL text, both %NULL where there is nothing. */
static gboolean
read_schema (TideDatabase  *database,
             const char    *name,
             char         **type,
             char         **sql,
             GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database, "SELECT type, sql FROM sqlite_schema WHERE name = @name", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@name", name);
  *type = NULL;
  *sql = NULL;
  if (tide_statement_next (statement, &local_error))
    {
      *type = g_strdup (tide_statement_get_text (statement, 0));
      *sql = g_strdup (tide_statement_get_text (statement, 1));
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the schema: ");
  return FALSE;
}

/**
 * tide_entity_view_replace:
 * @database: the writer's connection
 * @view: its name
 * @sql: (nullable): the statement that makes it; NULL where there shall be none
 * @error: return location; %TIDE_ERROR_INVALID where something else has that name
 *
 * Makes a view what it shall be. Writes nothing where it is that already.
 *
 * Returns: whether it is
 */
gboolean
tide_entity_view_replace (TideDatabase  *database,
                          const char    *view,
                          const char    *sql,
                          GError       **error)
{
  g_autofree char *quoted = tide_database_quote_name (view);
  g_autofree char *drop = g_strdup_printf ("DROP VIEW IF EXISTS %s", quoted);
  g_autofree char *type = NULL;
  g_autofree char *present = NULL;

  if (!read_schema (database, view, &type, &present, error))
    return FALSE;
  if (type != NULL && !g_str_equal (type, "view"))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the name %s is taken", view);
      return FALSE;
    }
  if (g_strcmp0 (present, sql) == 0)
    return TRUE;
  return tide_database_execute (database, drop, error) &&
         (sql == NULL || tide_database_execute (database, sql, error));
}

/**
 * tide_entity_view_refresh:
 * @database: the writer's connection
 * @entity: which entity
 * @error: return location
 *
 * Makes the view of an entity out of all streams that have it.
 *
 * Returns: whether it is what it should be
 */
gboolean
tide_entity_view_refresh (TideDatabase  *database,
                          const char    *entity,
                          GError       **error)
{
  g_autoptr(GPtrArray) sources = read_sources (database, entity, error);
  g_autofree char *sql = NULL;

  if (sources == NULL)
    return FALSE;
  if (sources->len > 0)
    sql = make_view (entity, sources);
  if (tide_entity_view_replace (database, entity, sql, error))
    return TRUE;
  g_prefix_error (error, "making the view %s: ", entity);
  return FALSE;
}
