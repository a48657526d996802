/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-manifest-checker.h"

#include "tide-duration.h"
#include "tide-entity.h"
#include "tide-narrowing-checker.h"
#include "tide-schema-validator.h"
#include "tide-template-checker.h"
#include "tide-time.h"

typedef struct
{
  TideManifest *manifest;
  GPtrArray    *problems;    /* of TideSchemaProblem */
  GHashTable   *seen;        /* (owned) stream names */
} Checker;

static void G_GNUC_PRINTF (3, 4)
report (Checker    *self,
        const char *pointer,
        const char *format,
        ...)
{
  TideSchemaProblem *problem = g_new0 (TideSchemaProblem, 1);
  va_list args;

  va_start (args, format);
  problem->reason = g_strdup_vprintf (format, args);
  va_end (args);
  problem->pointer = g_strdup (pointer);
  g_ptr_array_add (self->problems, problem);
}

static const TideEntityColumn *
find_entity_column (const char *entity,
                    const char *name)
{
  const TideEntity *found = tide_entity_lookup (entity);

  if (found == NULL)
    return NULL;
  for (const TideEntityColumn *column = found->columns; column->name != NULL; column++)
    if (g_str_equal (column->name, name))
      return column;
  return NULL;
}

/* A column that the entity's view knows must hold what the view says. */
static void
check_column (Checker       *self,
              const char    *pointer,
              const char    *entity,
              const char    *name,
              TideFieldType  type,
              GHashTable    *seen)
{
  const TideEntityColumn *column = find_entity_column (entity, name);

  if (!g_hash_table_add (seen, (gpointer)name))
    report (self, pointer, "there are two fields \"%s\"", name);
  if (column != NULL && column->type != (type == TIDE_FIELD_MONEY_DECIMAL ? TIDE_FIELD_MONEY : type))
    report (self, pointer, "\"%s\" of %s must be of type %s", name, entity, tide_field_type_get_name (column->type));
}

static void
check_value (Checker             *self,
             const char          *pointer,
             const TideFieldSpec *field)
{
  if (field->value != NULL && field->type != TIDE_FIELD_TEXT)
    report (self, pointer, "a field with a \"value\" must be of type text");
  if ((field->currency != NULL || field->currency_code != NULL) && field->type != TIDE_FIELD_MONEY_DECIMAL)
    report (self, pointer, "only a money_decimal has a currency of its own");
}

static void
check_fields (Checker    *self,
              const char *pointer,
              TideStream *stream)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < stream->fields->len; i++)
    {
      const TideFieldSpec *field = &g_array_index (stream->fields, TideFieldSpec, i);
      g_autofree char *at = g_strdup_printf ("%s/fields/%u", pointer, i);

      check_column (self, at, stream->entity, field->name, field->type, seen);
      check_value (self, at, field);
    }
}

static void
check_child (Checker    *self,
             const char *pointer,
             TideStream *child)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (seen, child->parent_id_column);
  for (gsize i = 0; i < child->child_spec.n_columns; i++)
    {
      const TideChildColumn *column = &child->child_columns[i];
      g_autofree char *at = g_strdup_printf ("%s/fields/%" G_GSIZE_FORMAT, pointer, i);

      check_column (self, at, child->entity, column->name, column->type, seen);
    }
}

static const TideFieldSpec *
find_field (TideStream *stream,
            const char *name)
{
  for (guint i = 0; i < stream->fields->len; i++)
    if (g_str_equal (g_array_index (stream->fields, TideFieldSpec, i).name, name))
      return &g_array_index (stream->fields, TideFieldSpec, i);
  return NULL;
}

static gboolean
is_ancestor (TideStream *stream,
             TideStream *wanted)
{
  guint steps = 0;

  for (TideStream *parent = stream->parent; parent != NULL && steps < 200; parent = parent->parent, steps++)
    if (parent == wanted)
      return TRUE;
  return FALSE;
}

static void
check_partition (Checker    *self,
                 const char *pointer,
                 TideStream *stream)
{
  const TidePartitionSpec *partition = &stream->partition;
  g_autofree char *at = g_strconcat (pointer, "/partition", NULL);

  if (partition->parent == NULL)
    return;
  if (stream->parent == NULL)
    report (self, at, "there is no stream \"%s\"", partition->parent);
  else if (stream->parent->child)
    report (self, at, "\"%s\" lies in another stream's records and cannot be a parent", partition->parent);
  else if (is_ancestor (stream, stream))
    report (self, at, "the stream is its own parent");
  else if (!g_str_equal (partition->column, "_id") && find_field (stream->parent, partition->column) == NULL)
    report (self, at, "\"%s\" has no field \"%s\"", partition->parent, partition->column);
}

static void
check_incremental (Checker    *self,
                   const char *pointer,
                   TideStream *stream,
                   JsonObject *object)
{
  const TideIncrementalSpec *incremental = &stream->incremental;
  g_autofree char *at = g_strconcat (pointer, "/incremental", NULL);
  const char *name;
  const TideFieldSpec *field;

  if (!json_object_has_member (object, "incremental"))
    return;
  object = json_object_get_object_member (object, "incremental");
  name = json_object_get_string_member (object, "cursor_field");
  field = find_field (stream, name);
  if (field == NULL)
    report (self, at, "there is no field \"%s\" to be the cursor", name);
  else if (field->type != TIDE_FIELD_INSTANT || field->pointer == NULL)
    report (self, at, "the cursor \"%s\" must be a field of type instant with a pointer", name);
  if (json_object_has_member (object, "initial") && incremental->initial == TIDE_TIME_INVALID)
    report (self, at, "initial is no instant (\"2009-01-01T00:00:00Z\")");
  if (incremental->kind == TIDE_INCREMENTAL_FILTER && !tide_template_checker_uses (stream->request, "since"))
    report (self, at, "nothing in the request asks for what changed: {{ since }} is missing");
  if (incremental->window > 0 && incremental->kind != TIDE_INCREMENTAL_FILTER)
    report (self, at, "only a filter can be cut into windows");
  if (incremental->window > 0 && !tide_template_checker_uses (stream->request, "until"))
    report (self, at, "a window needs {{ until }} in the request");
  if (incremental->window > 0 && incremental->window < incremental->resolution)
    report (self, at, "the window is shorter than what {{ since }} can tell apart");
}

static void
check_paginator (Checker    *self,
                 const char *pointer,
                 TideStream *stream)
{
  static const struct
  {
    TidePaginatorKind  kind;
    const char        *variable;
  } needs[] = {
    { TIDE_PAGINATOR_CURSOR, "cursor" },
    { TIDE_PAGINATOR_PAGE, "page" },
    { TIDE_PAGINATOR_OFFSET, "offset" },
    { TIDE_PAGINATOR_KEYSET, "cursor" },
  };
  g_autofree char *at = g_strconcat (pointer, "/paginator", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (needs); i++)
    if (stream->paginator.kind == needs[i].kind && !tide_template_checker_uses (stream->request, needs[i].variable))
      report (self, at, "the request must say which page it wants: {{ %s }} is missing", needs[i].variable);
  if (stream->paginator.stop == TIDE_STOP_TOTAL && stream->total_pointer == NULL && stream->total_header == NULL)
    report (self, at, "to stop at the total, \"total\" must say where it is");
}

static void
check_name (Checker    *self,
            const char *pointer,
            TideStream *stream)
{
  g_autofree char *at = g_strconcat (pointer, "/name", NULL);

  if (!g_hash_table_add (self->seen, stream->name))
    report (self, at, "there are two streams \"%s\"", stream->name);
}

static void
check_children (Checker    *self,
                const char *pointer,
                guint       index,
                guint       n_children)
{
  for (guint i = 0; i < n_children; i++)
    {
      TideStream *child = g_ptr_array_index (self->manifest->streams, index + 1 + i);
      g_autofree char *at = g_strdup_printf ("%s/children/%u", pointer, i);

      check_name (self, at, child);
      check_child (self, at, child);
    }
}

static guint
check_stream (Checker    *self,
              guint       element,
              guint       index,
              JsonObject *object)
{
  TideStream *stream = g_ptr_array_index (self->manifest->streams, index);
  g_autofree char *pointer = g_strdup_printf ("/streams/%u", element);
  guint n_children = 0;

  if (json_object_has_member (object, "children"))
    n_children = json_array_get_length (json_object_get_array_member (object, "children"));
  check_name (self, pointer, stream);
  check_fields (self, pointer, stream);
  check_partition (self, pointer, stream);
  check_incremental (self, pointer, stream, object);
  check_paginator (self, pointer, stream);
  tide_narrowing_checker_run (stream, pointer, self->problems);
  check_children (self, pointer, index, n_children);
  return 1 + n_children;
}

/* A duration that fits the pattern may still be none: "P", "99999w". */
static void
check_durations (Checker    *self,
                 JsonNode   *node,
                 GString    *pointer)
{
  static const char * const names[] = { "window", "look_back", "latency_look_back", "tick", "per", "base", "cap", "retry_after_cap",
                                        "idle", "total", "wait", NULL };
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  gsize length = pointer->len;

  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        g_string_append_printf (pointer, "/%u", i);
        check_durations (self, json_array_get_element (json_node_get_array (node), i), pointer);
        g_string_truncate (pointer, length);
      }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      gint64 usec;

      /* The rest of a request is the provider's own vocabulary. */
      if (g_str_equal (name, "request") || g_str_equal (name, "full_request"))
        continue;
      g_string_append_printf (pointer, "/%s", name);
      if (g_strv_contains (names, name) && JSON_NODE_HOLDS_VALUE (member) &&
          json_node_get_value_type (member) == G_TYPE_STRING &&
          !tide_duration_parse (json_node_get_string (member), &usec))
        report (self, pointer->str, "\"%s\" is no length of time up to ten years", json_node_get_string (member));
      check_durations (self, member, pointer);
      g_string_truncate (pointer, length);
    }
}

/**
 * tide_manifest_checker_run:
 * @manifest: made of @object
 * @object: valid by the schema
 * @problems: (element-type TideSchemaProblem): gets what is wrong
 */
void
tide_manifest_checker_run (TideManifest *manifest,
                           JsonObject   *object,
                           GPtrArray    *problems)
{
  JsonArray *streams = json_object_get_array_member (object, "streams");
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GString) pointer = g_string_new (NULL);
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  Checker self = { manifest, problems, seen };
  guint index = 0;

  for (guint i = 0; i < json_array_get_length (streams); i++)
    index += check_stream (&self, i, index, json_array_get_object_element (streams, i));
  check_durations (&self, node, pointer);
  tide_template_checker_run (manifest, object, problems);
}
