/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-stream-private.h"

#include <string.h>

#include "tide-duration.h"
#include "tide-error.h"
#include "tide-manifest-private.h"
#include "tide-time.h"

static void
tide_field_spec_clear (gpointer data)
{
  TideFieldSpec *self = data;

  g_free (self->name);
  g_free (self->pointer);
  g_free (self->value);
  g_free (self->currency);
  g_free (self->currency_code);
}

static void
free_child_columns (TideStream *self)
{
  for (gsize i = 0; i < self->child_spec.n_columns; i++)
    {
      g_free ((char *)self->child_columns[i].name);
      g_free ((char *)self->child_columns[i].pointer);
    }
  g_free (self->child_columns);
}

void
tide_stream_free (TideStream *self)
{
  if (self == NULL)
    return;
  free_child_columns (self);
  g_free (self->name);
  g_free (self->label);
  g_free (self->entity);
  g_clear_pointer (&self->request, tide_request_spec_free);
  g_clear_pointer (&self->full_request, tide_request_spec_free);
  g_free (self->paginator.pointer);
  g_free (self->partition.parent);
  g_free (self->partition.column);
  g_strfreev (self->partition.values);
  g_free (self->records_pointer);
  g_strfreev (self->id_pointers);
  g_clear_pointer (&self->lookup, tide_lookup_free);
  g_clear_pointer (&self->filters, g_ptr_array_unref);
  g_strfreev (self->filter_names);
  g_clear_pointer (&self->deleted, tide_match_free);
  g_clear_pointer (&self->skips, g_ptr_array_unref);
  g_clear_pointer (&self->fields, g_array_unref);
  g_clear_pointer (&self->errors, g_ptr_array_unref);
  g_free (self->total_pointer);
  g_free (self->total_header);
  g_free (self->columns);
  g_free (self->parent_id_column);
  g_free (self->child_pointer);
  g_free (self);
}

/* A manifest's object by name, %NULL where it is not there. */
static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  return json_object_has_member (object, name) ? json_object_get_object_member (object, name) : NULL;
}

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  return json_object_has_member (object, name) ? json_object_get_array_member (object, name) : NULL;
}

static const char *
get_text (JsonObject *object,
          const char *name,
          const char *fallback)
{
  return json_object_get_string_member_with_default (object, name, fallback);
}

static char *
dup_pointer (JsonObject *object)
{
  if (json_object_has_member (object, "pointer"))
    return g_strdup (json_object_get_string_member (object, "pointer"));
  return g_strconcat ("/", json_object_get_string_member (object, "name"), NULL);
}

static char **
dup_strings (JsonNode *node)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_strv_builder_add (builder, json_node_get_string (node));
      return g_strv_builder_end (builder);
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));
  return g_strv_builder_end (builder);
}

/* A number, or an object with the usual one and the largest there is. */
static void
read_page_size (TidePaginatorSpec *self,
                JsonNode          *node)
{
  JsonObject *object;

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      self->page_size = json_node_get_int (node);
      return;
    }
  object = json_node_get_object (node);
  self->page_size = json_object_get_int_member (object, "usual");
  self->largest_page = json_object_get_int_member (object, "largest");
  if (self->largest_page <= self->page_size)
    self->largest_page = 0;
}

static void
read_paginator (TidePaginatorSpec *self,
                JsonObject        *object)
{
  static const char * const kinds[] = { "none", "cursor", "page", "offset", "link", "next_url", "keyset", NULL };
  static const char * const stops[] = { "short_page", "empty_page", "total", NULL };
  const char *kind;
  const char *stop;

  if (object == NULL)
    return;
  kind = get_text (object, "type", "none");
  stop = get_text (object, "stop", "short_page");
  for (guint i = 0; kinds[i] != NULL; i++)
    if (g_str_equal (kinds[i], kind))
      self->kind = i;
  for (guint i = 0; stops[i] != NULL; i++)
    if (g_str_equal (stops[i], stop))
      self->stop = i;
  self->pointer = g_strdup (get_text (object, "pointer", NULL));
  self->first = json_object_get_int_member_with_default (object, "first", self->kind == TIDE_PAGINATOR_PAGE ? 1 : 0);
  read_page_size (self, json_object_get_member (object, "page_size"));
  self->max_pages = json_object_get_int_member_with_default (object, "max_pages", 0);
}

static void
read_partition (TidePartitionSpec *self,
                JsonObject        *object)
{
  if (object == NULL)
    return;
  self->chunk = json_object_get_int_member_with_default (object, "chunk", 1);
  if (json_object_has_member (object, "values"))
    self->values = dup_strings (json_object_get_member (object, "values"));
  self->parent = g_strdup (get_text (object, "parent", NULL));
  if (self->parent != NULL)
    self->column = g_strdup (get_text (object, "column", "_id"));
}

static gint64
read_duration (JsonObject *object,
               const char *name,
               gint64      fallback)
{
  const char *text = get_text (object, name, NULL);
  gint64 usec = fallback;

  if (text != NULL)
    tide_duration_parse (text, &usec);
  return usec;
}

static gboolean
find_resolution_cb (const char  *name,
                    const char  *format,
                    gpointer     user_data,
                    GError     **error)
{
  gint64 *resolution = user_data;

  if (g_str_equal (name, "since") || g_str_equal (name, "until"))
    *resolution = MAX (*resolution, tide_template_resolution (format));
  return TRUE;
}

static void
read_incremental (TideStream *stream,
                  JsonObject *object)
{
  TideIncrementalSpec *self = &stream->incremental;
  const char *initial;

  self->initial = TIDE_TIME_INVALID;
  self->parallel = 1;
  self->resolution = 1;
  if (object == NULL)
    return;
  self->kind = g_str_equal (get_text (object, "kind", ""), "filter") ? TIDE_INCREMENTAL_FILTER
                                                                      : TIDE_INCREMENTAL_SORTED_DESCENDING;
  for (guint i = 0; i < stream->fields->len; i++)
    if (g_str_equal (g_array_index (stream->fields, TideFieldSpec, i).name, get_text (object, "cursor_field", "")))
      self->column = i;
  self->look_back = read_duration (object, "look_back",
                                   json_object_get_boolean_member_with_default (object, "late_arrivals", FALSE)
                                     ? 72 * TIDE_HOUR : 0);
  self->latency_look_back = MIN (self->look_back, read_duration (object, "latency_look_back", self->look_back));
  if (g_str_equal (get_text (object, "boundary", "inclusive"), "exclusive"))
    self->tick = read_duration (object, "tick", TIDE_SECOND);
  initial = get_text (object, "initial", NULL);
  if (initial != NULL)
    self->initial = tide_time_parse (initial, -1);
  self->window = read_duration (object, "window", 0);
  self->bounded = g_str_equal (get_text (object, "until", "open"), "started");
  self->parallel = json_object_get_int_member_with_default (object, "parallel", 1);
  tide_request_spec_visit (stream->request, find_resolution_cb, &self->resolution);
}

static void
read_fields (TideStream *self,
             JsonArray  *array)
{
  self->fields = g_array_new (FALSE, TRUE, sizeof (TideFieldSpec));
  g_array_set_clear_func (self->fields, tide_field_spec_clear);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      TideFieldSpec field = { g_strdup (json_object_get_string_member (object, "name")), };

      tide_field_type_from_name (json_object_get_string_member (object, "type"), &field.type);
      field.value = g_strdup (get_text (object, "value", NULL));
      field.pointer = field.value == NULL ? dup_pointer (object) : NULL;
      field.currency = g_strdup (get_text (object, "currency", NULL));
      field.currency_code = g_strdup (get_text (object, "currency_code", NULL));
      g_array_append_val (self->fields, field);
    }
}

static void
read_records (TideStream *self,
              JsonObject *object)
{
  JsonArray *skips = get_array (object, "skip");

  self->records_pointer = g_strdup (json_object_get_string_member (object, "pointer"));
  self->id_pointers = dup_strings (json_object_get_member (object, "id"));
  if (json_object_has_member (object, "deleted"))
    self->deleted = tide_match_new (json_object_get_object_member (object, "deleted"));
  self->skips = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_match_free);
  for (guint i = 0; skips != NULL && i < json_array_get_length (skips); i++)
    g_ptr_array_add (self->skips, tide_match_new (json_array_get_object_element (skips, i)));
}

static void
read_total (TideStream *self,
            JsonObject *object)
{
  const char *header;

  if (object == NULL)
    return;
  self->total_pointer = g_strdup (get_text (object, "pointer", NULL));
  header = get_text (object, "header", NULL);
  self->total_header = header != NULL ? g_ascii_strdown (header, -1) : NULL;
}

static void
make_table (TideStream *self)
{
  self->columns = g_new0 (TideColumn, self->fields->len);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const TideFieldSpec *field = &g_array_index (self->fields, TideFieldSpec, i);

      self->columns[i].name = field->name;
      /* In the table an amount is minor units, however the provider writes it. */
      self->columns[i].type = field->type == TIDE_FIELD_MONEY_DECIMAL ? TIDE_FIELD_MONEY : field->type;
    }
  self->table.provider = tide_manifest_get_id (self->manifest);
  self->table.stream = self->name;
  self->table.entity = self->entity;
  self->table.columns = self->columns;
  self->table.n_columns = self->fields->len;
}

static TideStream *
tide_stream_alloc (TideManifest *manifest,
                   JsonObject   *object)
{
  TideStream *self = g_new0 (TideStream, 1);

  self->manifest = manifest;
  self->name = g_strdup (json_object_get_string_member (object, "name"));
  self->label = g_strdup (json_object_get_string_member (object, "label"));
  self->entity = g_strdup (json_object_get_string_member (object, "entity"));
  return self;
}

/**
 * tide_stream_new:
 * @manifest: whose stream; has its id
 * @object: an element of "streams", valid by the schema; what the schema cannot say may still be wrong
 *
 * Its parent is not known yet: see tide_manifest_checker.
 */
TideStream *
tide_stream_new (TideManifest *manifest,
                 JsonObject   *object)
{
  TideStream *self = tide_stream_alloc (manifest, object);

  self->request = tide_request_spec_new (json_object_get_object_member (object, "request"), NULL);
  if (json_object_has_member (object, "full_request"))
    self->full_request = tide_request_spec_new (json_object_get_object_member (object, "full_request"),
                                                self->request);
  read_fields (self, json_object_get_array_member (object, "fields"));
  read_records (self, json_object_get_object_member (object, "records"));
  read_paginator (&self->paginator, get_object (object, "paginator"));
  read_partition (&self->partition, get_object (object, "partition"));
  read_incremental (self, get_object (object, "incremental"));
  if (json_object_has_member (object, "lookup"))
    self->lookup = tide_lookup_new (json_object_get_object_member (object, "lookup"));
  self->filters = tide_filters_new (get_array (object, "filters"));
  self->filter_names = tide_filters_list (self->filters);
  read_total (self, get_object (object, "total"));
  self->errors = tide_error_rules_new (get_array (object, "errors"));
  make_table (self);
  return self;
}

static void
read_child_columns (TideStream *self,
                    JsonArray  *array)
{
  gsize n_columns = json_array_get_length (array);

  self->child_columns = g_new0 (TideChildColumn, n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      self->child_columns[i].name = g_strdup (json_object_get_string_member (object, "name"));
      self->child_columns[i].pointer = dup_pointer (object);
      tide_field_type_from_name (json_object_get_string_member (object, "type"), &self->child_columns[i].type);
    }
  self->child_spec.columns = self->child_columns;
  self->child_spec.n_columns = n_columns;
}

/**
 * tide_stream_new_child:
 * @parent: the stream in whose records its rows lie
 * @object: an element of "children", valid by the schema
 */
TideStream *
tide_stream_new_child (TideManifest *manifest,
                       TideStream   *parent,
                       JsonObject   *object)
{
  TideStream *self = tide_stream_alloc (manifest, object);

  self->child = TRUE;
  self->parent = parent;
  self->parent_id_column = g_strdup (json_object_get_string_member (object, "parent_id"));
  self->child_pointer = g_strdup (json_object_get_string_member (object, "pointer"));
  read_child_columns (self, json_object_get_array_member (object, "fields"));
  self->child_spec.provider = tide_manifest_get_id (manifest);
  self->child_spec.stream = self->name;
  self->child_spec.entity = self->entity;
  self->child_spec.parent = parent->name;
  self->child_spec.parent_id_column = self->parent_id_column;
  self->child_spec.pointer = self->child_pointer;
  return self;
}

const char *
tide_stream_get_name (TideStream *self)
{
  return self->name;
}

/* What people call it: "Orders". */
const char *
tide_stream_get_label (TideStream *self)
{
  return self->label;
}

const char *
tide_stream_get_entity (TideStream *self)
{
  return self->entity;
}

/* Whether its rows lie in the payloads of its parent's records: then it is not read by itself. */
gboolean
tide_stream_is_child (TideStream *self)
{
  return self->child;
}

/**
 * tide_stream_get_parent:
 *
 * Returns: (nullable) (transfer none): for a child the stream whose records hold its rows; for others the
 *    stream that must have been read before, because it is read once for each of its records
 */
TideStream *
tide_stream_get_parent (TideStream *self)
{
  return self->parent;
}

/**
 * tide_stream_get_parent_column:
 *
 * Returns: (nullable): which column of the parent's table it needs the values of: "_id" or a field's name;
 *    %NULL where there is no parent, and for children
 */
const char *
tide_stream_get_parent_column (TideStream *self)
{
  return self->partition.column;
}

/* Whether it can be asked for what changed; otherwise every reading is a full listing. */
gboolean
tide_stream_is_incremental (TideStream *self)
{
  return self->incremental.kind != TIDE_INCREMENTAL_NONE;
}

/* Whether the provider says which records are gone, so that their absence need not be judged. */
gboolean
tide_stream_tells_deletions (TideStream *self)
{
  return self->deleted != NULL;
}

/* Whether the provider can be asked for records by their ids; otherwise they are picked out of its listing. */
gboolean
tide_stream_has_lookup (TideStream *self)
{
  return self->lookup != NULL;
}

/**
 * tide_stream_list_filters:
 *
 * Returns: (transfer none) (array zero-terminated=1): names of what its records can be narrowed down by; empty where
 *    there is nothing, and for children
 */
const char * const *
tide_stream_list_filters (TideStream *self)
{
  static const char * const none[] = { NULL };

  return self->filter_names != NULL ? (const char * const *)self->filter_names : none;
}

static gboolean
check_filter (TideStream  *self,
              const char  *name,
              const char  *text,
              GError     **error)
{
  const TideFilter *filter = self->filters != NULL ? tide_filters_find (self->filters, name) : NULL;
  g_autofree char *names = NULL;
  g_autoptr(TideTemplateValue) value = NULL;

  if (filter != NULL)
    {
      value = tide_filter_read (filter, text, error);
      if (value != NULL && filter->partition && self->partition.values != NULL &&
          !g_strv_contains ((const char * const *)self->partition.values, text))
        {
          names = g_strjoinv (", ", self->partition.values);
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: the filter \"%s\" must be one of: %s", self->name, name,
                       names);
          return FALSE;
        }
      g_prefix_error (error, "%s: ", self->name);
      return value != NULL;
    }
  names = g_strjoinv (", ", (char **)tide_stream_list_filters (self));
  if (*names == '\0')
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: there are no filters, so none \"%s\"", self->name, name);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: there is no filter \"%s\"; there are: %s", self->name, name,
                 names);
  return FALSE;
}

/**
 * tide_stream_check_filters:
 * @filters: (nullable) (element-type utf8 utf8): name → value
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID, naming what there is, if a reading could not be narrowed down like that
 */
gboolean
tide_stream_check_filters (TideStream  *self,
                           GHashTable  *filters,
                           GError     **error)
{
  g_autoptr(GList) names = filters != NULL ? g_list_sort (g_hash_table_get_keys (filters), (GCompareFunc)strcmp) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    if (!check_filter (self, l->data, g_hash_table_lookup (filters, l->data), error))
      return FALSE;
  return TRUE;
}

/**
 * tide_stream_get_table:
 *
 * Returns: (transfer none) (nullable): its record table; %NULL for children
 */
const TideTableSpec *
tide_stream_get_table (TideStream *self)
{
  return self->child ? NULL : &self->table;
}
