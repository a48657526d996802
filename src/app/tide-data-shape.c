/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "tide-data-shape.h"
#include "tide-entity.h"

/* A key names the source in its upper bits and the row there in its lower ones. */
#define SOURCE_SHIFT 48

typedef struct
{
  char      *provider;
  char      *table;
  GPtrArray *columns;         /* (element-type TideDataColumn): those that it has */
} Source;

struct _TideDataShape
{
  char      *entity;
  GPtrArray *sources;         /* (element-type Source) */
  GPtrArray *columns;         /* (element-type TideDataColumn) */
};

static void
column_free (TideDataColumn *column)
{
  g_free (column->name);
  g_free (column);
}

static void
source_free (Source *source)
{
  g_free (source->provider);
  g_free (source->table);
  g_ptr_array_unref (source->columns);
  g_free (source);
}

static const TideDataColumn *
find_column (GPtrArray  *columns,
             const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    if (g_strcmp0 (((TideDataColumn *)g_ptr_array_index (columns, i))->name, name) == 0)
      return g_ptr_array_index (columns, i);
  return NULL;
}

static void
add_column (GPtrArray     *columns,
            const char    *name,
            TideFieldType  type)
{
  TideDataColumn *column;

  if (find_column (columns, name) != NULL)
    return;
  column = g_new (TideDataColumn, 1);
  column->name = g_strdup (name);
  column->type = type;
  g_ptr_array_add (columns, column);
}

static void
add_json_columns (GPtrArray  *columns,
                  const char *json)
{
  g_autoptr(JsonNode) root = json_from_string (json, NULL);
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      TideFieldType type = TIDE_FIELD_TEXT;

      tide_field_type_from_name (json_object_get_string_member_with_default (object, "type", ""), &type);
      add_column (columns, json_object_get_string_member_with_default (object, "name", ""), type);
    }
}

static gboolean
source_cb (const char * const  *names,
           const TideValue     *values,
           gsize                n_columns,
           gpointer             user_data,
           GError             **error)
{
  TideDataShape *self = user_data;
  Source *source = g_new0 (Source, 1);
  g_autofree char *json = g_strndup (values[2].text, values[2].length);

  source->provider = g_strndup (values[0].text, values[0].length);
  source->table = g_strndup (values[1].text, values[1].length);
  source->columns = g_ptr_array_new_with_free_func ((GDestroyNotify)column_free);
  add_json_columns (source->columns, json);
  g_ptr_array_add (self->sources, source);
  return TRUE;
}

/* As in the entity's view: the entity's columns, or of an entity nobody here knows, all there are. */
static void
tide_data_shape_add_columns (TideDataShape *self)
{
  const TideEntity *entity = tide_entity_lookup (self->entity);

  for (const TideEntityColumn *column = entity != NULL ? entity->columns : NULL;
       column != NULL && column->name != NULL; column++)
    add_column (self->columns, column->name, column->type);
  for (guint i = 0; entity == NULL && i < self->sources->len; i++)
    {
      GPtrArray *columns = ((Source *)g_ptr_array_index (self->sources, i))->columns;

      for (guint k = 0; k < columns->len; k++)
        {
          const TideDataColumn *column = g_ptr_array_index (columns, k);

          add_column (self->columns, column->name, column->type);
        }
    }
}

static void
append_quoted (GString    *sql,
               const char *text,
               char        quote)
{
  g_string_append_c (sql, quote);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == quote)
        g_string_append_c (sql, quote);
      g_string_append_c (sql, *p);
    }
  g_string_append_c (sql, quote);
}

/**
 * tide_data_shape_load:
 * @entity: "orders"
 *
 * Looks up where an entity's records lie. Blocks; any thread. Records that come inside others (order lines) have no
 * table of their own and are left out.
 *
 * Returns: (transfer full): its shape, without a source where nothing of it was ever synced
 */
TideDataShape *
tide_data_shape_load (TideEngine    *engine,
                      const char    *entity,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(TideDataShape) self = g_atomic_rc_box_new0 (TideDataShape);
  g_autoptr(GString) sql = g_string_new ("SELECT s.provider, s.source, s.columns FROM streams s JOIN sqlite_schema m"
                                         " ON m.name = s.source AND m.type = 'table' WHERE s.entity = ");

  self->entity = g_strdup (entity);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify)source_free);
  self->columns = g_ptr_array_new_with_free_func ((GDestroyNotify)column_free);
  append_quoted (sql, entity, '\'');
  g_string_append (sql, " ORDER BY s.source");
  if (!tide_engine_query_sql (engine, sql->str, 0, source_cb, self, NULL, cancellable, error))
    return NULL;
  tide_data_shape_add_columns (self);
  return g_steal_pointer (&self);
}

TideDataShape *
tide_data_shape_ref (TideDataShape *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tide_data_shape_clear (TideDataShape *self)
{
  g_free (self->entity);
  g_ptr_array_unref (self->sources);
  g_ptr_array_unref (self->columns);
}

void
tide_data_shape_unref (TideDataShape *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_data_shape_clear);
}

const char *
tide_data_shape_get_entity (TideDataShape *self)
{
  return self->entity;
}

/**
 * tide_data_shape_get_columns:
 *
 * Returns: (transfer none) (element-type TideDataColumn): its columns
 */
GPtrArray *
tide_data_shape_get_columns (TideDataShape *self)
{
  return self->columns;
}

/**
 * tide_data_shape_get_time:
 *
 * Returns: (nullable): the column that says when a record came to be, %NULL where none does
 */
const char *
tide_data_shape_get_time (TideDataShape *self)
{
  static const char * const names[] = { "created_at", "started_at", "issued_on", "starts_on", "shipped_at", "updated_at" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (find_column (self->columns, names[i]) != NULL)
      return names[i];
  return NULL;
}

/**
 * tide_data_shape_is_empty:
 *
 * Returns: whether there are no records of it, nor ever were
 */
gboolean
tide_data_shape_is_empty (TideDataShape *self)
{
  return self->sources->len == 0;
}

/* LIKE with what was typed in the middle, taken literally. */
static char *
make_pattern (const char *search)
{
  g_autoptr(GString) pattern = g_string_new ("%");
  GString *quoted = g_string_new (NULL);

  for (const char *p = search; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  append_quoted (quoted, pattern->str, '\'');
  return g_string_free (quoted, FALSE);
}

/* Any text of the record: its id, and those columns that @source has (%NULL = all). */
static void
append_search (GString       *sql,
               TideDataShape *self,
               const Source  *source,
               const char    *id,
               const char    *search)
{
  g_autofree char *pattern = make_pattern (search);

  g_string_append_printf (sql, " AND (%s LIKE %s ESCAPE '\\'", id, pattern);
  for (guint i = 0; i < self->columns->len; i++)
    {
      const TideDataColumn *column = g_ptr_array_index (self->columns, i);

      if (column->type != TIDE_FIELD_TEXT || (source != NULL && find_column (source->columns, column->name) == NULL))
        continue;
      g_string_append (sql, source != NULL ? " OR r." : " OR ");
      append_quoted (sql, column->name, '"');
      g_string_append_printf (sql, " LIKE %s ESCAPE '\\'", pattern);
    }
  g_string_append_c (sql, ')');
}

static void
append_from (GString      *sql,
             const Source *source)
{
  g_string_append (sql, " FROM ");
  append_quoted (sql, source->table, '"');
  g_string_append (sql, " r JOIN connections c ON c.id = r._connection JOIN venues v ON v.id = c.venue_id");
}

static void
append_column (GString      *sql,
               const Source *source,
               const char   *name)
{
  if (name == NULL || find_column (source->columns, name) == NULL)
    {
      g_string_append (sql, "NULL");
      return;
    }
  g_string_append (sql, "r.");
  append_quoted (sql, name, '"');
}

/**
 * tide_data_shape_make_keys:
 * @limit: at most so many, 0 = all
 *
 * Returns: (transfer full): a statement for the keys of the records that @query asks for, in its order
 */
char *
tide_data_shape_make_keys (TideDataShape       *self,
                           const TideDataQuery *query,
                           guint                limit)
{
  const char *sort = query->sort != NULL ? query->sort : tide_data_shape_get_time (self);
  const char *direction = query->sort == NULL || query->descending ? "DESC" : "ASC";
  GString *sql = g_string_new ("SELECT k FROM (");

  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source *source = g_ptr_array_index (self->sources, i);

      g_string_append_printf (sql, "%sSELECT (%u << %d) | r._key AS k, ", i > 0 ? " UNION ALL " : "", i, SOURCE_SHIFT);
      append_column (sql, source, sort);
      g_string_append (sql, " AS s");
      append_from (sql, source);
      g_string_append (sql, " WHERE r._deleted = 0");
      if (query->venue != NULL)
        {
          g_string_append (sql, " AND v.name = ");
          append_quoted (sql, query->venue, '\'');
        }
      if (query->search != NULL)
        append_search (sql, self, source, "r._id", query->search);
    }
  g_string_append_printf (sql, ") ORDER BY s %s, k %s", direction, direction);
  if (limit > 0)
    g_string_append_printf (sql, " LIMIT %u", limit);
  return g_string_free (sql, FALSE);
}

static gboolean
append_keys (GString      *sql,
             guint         source,
             const gint64 *keys,
             guint         n_keys)
{
  gboolean any = FALSE;

  for (guint i = 0; i < n_keys; i++)
    if ((guint)(keys[i] >> SOURCE_SHIFT) == source)
      {
        g_string_append_printf (sql, "%s%" G_GINT64_FORMAT, any ? ", " : "",
                                keys[i] & ((G_GINT64_CONSTANT (1) << SOURCE_SHIFT) - 1));
        any = TRUE;
      }
  return any;
}

/**
 * tide_data_shape_make_rows:
 *
 * Returns: (transfer full): a statement for the records of those keys, in any order; the columns of #TideDataCommon, then
 *    the shape's own
 */
char *
tide_data_shape_make_rows (TideDataShape *self,
                           const gint64  *keys,
                           guint          n_keys)
{
  GString *sql = g_string_new (NULL);

  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source *source = g_ptr_array_index (self->sources, i);
      g_autoptr(GString) list = g_string_new (NULL);

      if (!append_keys (list, i, keys, n_keys))
        continue;
      g_string_append_printf (sql, "%sSELECT (%u << %d) | r._key, r._id, v.name, ", sql->len > 0 ? " UNION ALL " : "",
                              i, SOURCE_SHIFT);
      append_quoted (sql, source->provider, '\'');
      g_string_append (sql, ", c.name");
      for (guint k = 0; k < self->columns->len; k++)
        {
          g_string_append (sql, ", ");
          append_column (sql, source, ((TideDataColumn *)g_ptr_array_index (self->columns, k))->name);
        }
      append_from (sql, source);
      g_string_append_printf (sql, " WHERE r._key IN (%s)", list->str);
    }
  return g_string_free (sql, FALSE);
}

/**
 * tide_data_shape_make_raw:
 *
 * Returns: (transfer full): a statement for the record of that key as it was received
 */
char *
tide_data_shape_make_raw (TideDataShape *self,
                          gint64         key)
{
  const Source *source = g_ptr_array_index (self->sources, (guint)(key >> SOURCE_SHIFT));
  GString *sql = g_string_new ("SELECT _raw FROM ");

  append_quoted (sql, source->table, '"');
  g_string_append_printf (sql, " WHERE _key = %" G_GINT64_FORMAT, key & ((G_GINT64_CONSTANT (1) << SOURCE_SHIFT) - 1));
  return g_string_free (sql, FALSE);
}

/**
 * tide_data_shape_make_where:
 *
 * Returns: (transfer full) (nullable): @query as a condition on the entity's view, to export what is shown; %NULL where it
 *    asks for all
 */
char *
tide_data_shape_make_where (TideDataShape       *self,
                            const TideDataQuery *query)
{
  GString *sql;

  if (query->venue == NULL && query->search == NULL)
    return NULL;
  sql = g_string_new ("1");
  if (query->venue != NULL)
    {
      g_string_append (sql, " AND venue = ");
      append_quoted (sql, query->venue, '\'');
    }
  if (query->search != NULL)
    append_search (sql, self, NULL, "id", query->search);
  return g_string_free (sql, FALSE);
}

/**
 * tide_data_query_copy:
 *
 * Returns: (transfer full): a query with strings of its own
 */
TideDataQuery *
tide_data_query_copy (const TideDataQuery *self)
{
  TideDataQuery *copy = g_new (TideDataQuery, 1);

  copy->search = g_strdup (self->search);
  copy->venue = g_strdup (self->venue);
  copy->sort = g_strdup (self->sort);
  copy->descending = self->descending;
  return copy;
}

/**
 * tide_data_query_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_data_query_free (TideDataQuery *self)
{
  if (self == NULL)
    return;
  g_free (self->search);
  g_free (self->venue);
  g_free (self->sort);
  g_free (self);
}
