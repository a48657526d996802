/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-schema-private.h"

#include <string.h>

/* A file that nests deeper than this was not written by hand. */
#define MAX_DEPTH 64

/* One validation: where it stands and what it found. */
typedef struct
{
  const TideSchemaValidator *validator;
  GString                   *pointer;    /* (owned) */
  GPtrArray                 *problems;   /* (owned) */
  guint                      depth;
} Walk;

static void walk_value (Walk       *walk,
                        JsonObject *schema,
                        JsonNode   *node);

void
tide_schema_problem_free (TideSchemaProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->pointer);
  g_free (self->reason);
  g_free (self);
}

static void G_GNUC_PRINTF (2, 3)
walk_report (Walk       *walk,
             const char *format,
             ...)
{
  TideSchemaProblem *problem = g_new0 (TideSchemaProblem, 1);
  va_list args;

  va_start (args, format);
  problem->reason = g_strdup_vprintf (format, args);
  va_end (args);
  problem->pointer = g_strdup (walk->pointer->str);
  g_ptr_array_add (walk->problems, problem);
}

static gsize
walk_enter (Walk       *walk,
            const char *token)
{
  gsize length = walk->pointer->len;

  g_string_append_c (walk->pointer, '/');
  for (; *token != '\0'; token++)
    if (*token == '~')
      g_string_append (walk->pointer, "~0");
    else if (*token == '/')
      g_string_append (walk->pointer, "~1");
    else
      g_string_append_c (walk->pointer, *token);
  return length;
}

static const char *
get_type_name (JsonNode *node)
{
  GType type;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return "object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return "string";
  if (type == G_TYPE_BOOLEAN)
    return "boolean";
  return type == G_TYPE_INT64 ? "integer" : "number";
}

static gboolean
type_fits (const char *wanted,
           JsonNode   *node)
{
  const char *type = get_type_name (node);

  return g_str_equal (wanted, type) || (g_str_equal (wanted, "number") && g_str_equal (type, "integer"));
}

/* What the schema says the type is: one name, or several to choose from. */
static gboolean
check_type (JsonNode  *wanted,
            JsonNode  *node,
            GString   *names)
{
  JsonArray *list;

  if (!JSON_NODE_HOLDS_ARRAY (wanted))
    {
      g_string_append (names, json_node_get_string (wanted));
      return type_fits (json_node_get_string (wanted), node);
    }
  list = json_node_get_array (wanted);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      const char *name = json_array_get_string_element (list, i);

      if (type_fits (name, node))
        return TRUE;
      g_string_append_printf (names, "%s%s", i == 0 ? "" : " or ", name);
    }
  return FALSE;
}

static char *
print_json (JsonNode *node)
{
  return json_to_string (node, FALSE);
}

static GList *
list_strings (JsonArray *array)
{
  GList *list = NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        list = g_list_prepend (list, (char *)json_node_get_string (element));
    }
  return g_list_reverse (list);
}

static void
check_enum (Walk      *walk,
            JsonArray *allowed,
            JsonNode  *node)
{
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GList) strings = NULL;
  const char *similar = NULL;

  for (guint i = 0; i < json_array_get_length (allowed); i++)
    {
      g_autofree char *text = print_json (json_array_get_element (allowed, i));

      if (json_node_equal (json_array_get_element (allowed, i), node))
        return;
      g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", text);
    }
  strings = list_strings (allowed);
  if (g_str_equal (get_type_name (node), "string"))
    similar = tide_schema_find_similar (json_node_get_string (node), strings);
  if (similar != NULL)
    walk_report (walk, "must be one of %s; did you mean \"%s\"?", names->str, similar);
  else
    walk_report (walk, "must be one of %s", names->str);
}

static void
check_string (Walk       *walk,
              JsonObject *schema,
              const char *text)
{
  gint64 length = g_utf8_strlen (text, -1);
  const char *pattern = json_object_get_string_member_with_default (schema, "pattern", NULL);

  if (length < json_object_get_int_member_with_default (schema, "minLength", 0))
    walk_report (walk, length == 0 ? "must not be empty" : "is too short");
  else if (length > json_object_get_int_member_with_default (schema, "maxLength", G_MAXINT64))
    walk_report (walk, "is longer than %d characters", (int)json_object_get_int_member (schema, "maxLength"));
  else if (pattern != NULL &&
           !g_regex_match (g_hash_table_lookup (walk->validator->patterns, pattern), text, 0, NULL))
    walk_report (walk, "\"%.60s\" is not %s", text,
                 json_object_get_string_member_with_default (schema, "title", pattern));
}

static void
check_number (Walk       *walk,
              JsonObject *schema,
              JsonNode   *node)
{
  double number = json_node_get_double (node);

  if (json_object_has_member (schema, "minimum") && number < json_object_get_double_member (schema, "minimum"))
    walk_report (walk, "must be at least %g", json_object_get_double_member (schema, "minimum"));
  if (json_object_has_member (schema, "maximum") && number > json_object_get_double_member (schema, "maximum"))
    walk_report (walk, "must be at most %g", json_object_get_double_member (schema, "maximum"));
}

static void
check_required (Walk       *walk,
                JsonObject *schema,
                JsonObject *object)
{
  JsonArray *required;

  if (!json_object_has_member (schema, "required"))
    return;
  required = json_object_get_array_member (schema, "required");
  for (guint i = 0; i < json_array_get_length (required); i++)
    {
      const char *name = json_array_get_string_element (required, i);

      if (!json_object_has_member (object, name))
        walk_report (walk, "\"%s\" is missing", name);
    }
}

static void
report_unknown (Walk       *walk,
                JsonObject *properties,
                const char *name)
{
  g_autoptr(GList) known = properties != NULL ? json_object_get_members (properties) : NULL;
  const char *similar = tide_schema_find_similar (name, known);

  if (similar != NULL)
    walk_report (walk, "there is no \"%s\" here; did you mean \"%s\"?", name, similar);
  else
    walk_report (walk, "there is no \"%s\" here", name);
}

static void
check_member (Walk       *walk,
              JsonObject *schema,
              const char *name,
              JsonNode   *value)
{
  JsonNode *rest = json_object_get_member (schema, "additionalProperties");
  JsonObject *properties = NULL;

  if (json_object_has_member (schema, "properties"))
    properties = json_object_get_object_member (schema, "properties");
  if (properties != NULL && json_object_has_member (properties, name))
    walk_value (walk, json_object_get_object_member (properties, name), value);
  else if (rest != NULL && JSON_NODE_HOLDS_OBJECT (rest))
    walk_value (walk, json_node_get_object (rest), value);
  else if (rest != NULL && !json_node_get_boolean (rest))
    report_unknown (walk, properties, name);
}

static void
check_object (Walk       *walk,
              JsonObject *schema,
              JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  check_required (walk, schema, object);
  if (json_object_get_size (object) < json_object_get_int_member_with_default (schema, "minProperties", 0))
    walk_report (walk, "must not be empty");

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      gsize length = walk_enter (walk, name);

      if (json_object_has_member (schema, "propertyNames"))
        check_string (walk, json_object_get_object_member (schema, "propertyNames"), name);
      check_member (walk, schema, name, value);
      g_string_truncate (walk->pointer, length);
    }
}

static void
check_array (Walk       *walk,
             JsonObject *schema,
             JsonArray  *array)
{
  guint n_items = json_array_get_length (array);

  if (n_items < json_object_get_int_member_with_default (schema, "minItems", 0))
    walk_report (walk, "must have at least %d elements", (int)json_object_get_int_member (schema, "minItems"));
  if (n_items > json_object_get_int_member_with_default (schema, "maxItems", G_MAXINT64))
    walk_report (walk, "must have at most %d elements", (int)json_object_get_int_member (schema, "maxItems"));
  if (!json_object_has_member (schema, "items"))
    return;
  for (guint i = 0; i < n_items; i++)
    {
      g_autofree char *token = g_strdup_printf ("%u", i);
      gsize length = walk_enter (walk, token);

      walk_value (walk, json_object_get_object_member (schema, "items"), json_array_get_element (array, i));
      g_string_truncate (walk->pointer, length);
    }
}

static JsonObject *
resolve (Walk       *walk,
         JsonObject *schema)
{
  JsonObject *root = json_node_get_object (walk->validator->schema);
  const char *ref = json_object_get_string_member_with_default (schema, "$ref", NULL);

  /* That each leads somewhere has been checked when the schema was taken. */
  if (ref == NULL)
    return schema;
  return json_object_get_object_member (json_object_get_object_member (root, "$defs"), ref + strlen ("#/$defs/"));
}

/* The property that has a const in each branch and so tells the branches apart: "type". */
static const char *
find_discriminator (Walk       *walk,
                    JsonObject *branch,
                    JsonNode  **value)
{
  JsonObject *properties;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (!json_object_has_member (branch, "properties"))
    return NULL;
  properties = json_object_get_object_member (branch, "properties");
  json_object_iter_init_ordered (&iter, properties);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (json_object_has_member (json_node_get_object (member), "const"))
      {
        *value = json_object_get_member (json_node_get_object (member), "const");
        return name;
      }
  return NULL;
}

static gboolean
branch_is_meant (Walk       *walk,
                 JsonObject *branch,
                 JsonNode   *node)
{
  g_autoptr(GString) names = g_string_new (NULL);
  JsonNode *value = NULL;
  const char *name = find_discriminator (walk, branch, &value);
  JsonNode *type = json_object_get_member (branch, "type");

  if (type != NULL && !check_type (type, node, names))
    return FALSE;
  if (name == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return TRUE;
  if (!json_object_has_member (json_node_get_object (node), name))
    return FALSE;
  return json_node_equal (json_object_get_member (json_node_get_object (node), name), value);
}

static void
report_branches (Walk      *walk,
                 JsonArray *branches,
                 JsonNode  *node)
{
  g_autoptr(GString) names = g_string_new (NULL);
  const char *property = NULL;

  for (guint i = 0; i < json_array_get_length (branches); i++)
    {
      JsonObject *branch = resolve (walk, json_array_get_object_element (branches, i));
      JsonNode *value = NULL;
      const char *name = find_discriminator (walk, branch, &value);
      g_autofree char *text = NULL;

      if (name != NULL && JSON_NODE_HOLDS_OBJECT (node))
        property = name;
      text = print_json (name != NULL && property != NULL ? value : json_object_get_member (branch, "type"));
      g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", text);
    }
  if (property != NULL)
    walk_report (walk, "\"%s\" must be one of %s", property, names->str);
  else
    walk_report (walk, "must be one of %s", names->str);
}

static void
check_one_of (Walk      *walk,
              JsonArray *branches,
              JsonNode  *node)
{
  for (guint i = 0; i < json_array_get_length (branches); i++)
    {
      JsonObject *branch = resolve (walk, json_array_get_object_element (branches, i));

      if (branch_is_meant (walk, branch, node))
        {
          walk_value (walk, branch, node);
          return;
        }
    }
  report_branches (walk, branches, node);
}

static void
check_content (Walk       *walk,
               JsonObject *schema,
               JsonNode   *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    check_object (walk, schema, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    check_array (walk, schema, json_node_get_array (node));
  else if (type_fits ("string", node))
    check_string (walk, schema, json_node_get_string (node));
  else if (type_fits ("number", node))
    check_number (walk, schema, node);
}

static void
walk_value (Walk       *walk,
            JsonObject *schema,
            JsonNode   *node)
{
  g_autoptr(GString) names = g_string_new (NULL);

  schema = resolve (walk, schema);
  if (json_object_has_member (schema, "type") &&
      !check_type (json_object_get_member (schema, "type"), node, names))
    {
      walk_report (walk, "must be %s, not %s", names->str, get_type_name (node));
      return;
    }
  if (walk->depth == MAX_DEPTH)
    {
      walk_report (walk, "is nested too deeply");
      return;
    }

  walk->depth++;
  if (json_object_has_member (schema, "const") &&
      !json_node_equal (json_object_get_member (schema, "const"), node))
    {
      g_autofree char *text = print_json (json_object_get_member (schema, "const"));

      walk_report (walk, "must be %s", text);
    }
  if (json_object_has_member (schema, "enum"))
    check_enum (walk, json_object_get_array_member (schema, "enum"), node);
  if (json_object_has_member (schema, "oneOf"))
    check_one_of (walk, json_object_get_array_member (schema, "oneOf"), node);
  check_content (walk, schema, node);
  walk->depth--;
}

/**
 * tide_schema_validator_validate:
 * @node: any JSON
 *
 * Returns: (transfer full) (element-type TideSchemaProblem): all problems in the order of the file,
 *    empty if it is valid
 */
GPtrArray *
tide_schema_validator_validate (const TideSchemaValidator *self,
                                JsonNode                  *node)
{
  g_autoptr(GString) pointer = g_string_new (NULL);
  Walk walk = { self, pointer, NULL, 0 };

  walk.problems = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_schema_problem_free);
  walk_value (&walk, json_node_get_object (self->schema), node);
  return walk.problems;
}

/**
 * tide_schema_validator_new:
 * @schema: (transfer none): a JSON Schema of our own; copied
 * @error: TIDE_ERROR_INVALID if it uses what is not supported
 *
 * Returns: (transfer full): a validator, or %NULL
 */
TideSchemaValidator *
tide_schema_validator_new (JsonNode  *schema,
                           GError   **error)
{
  g_autoptr(TideSchemaValidator) self = g_new0 (TideSchemaValidator, 1);

  self->schema = json_node_ref (schema);
  self->patterns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_regex_unref);
  if (!tide_schema_take (self, schema, error))
    return NULL;
  json_node_seal (self->schema);
  return g_steal_pointer (&self);
}

void
tide_schema_validator_free (TideSchemaValidator *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->schema, json_node_unref);
  g_clear_pointer (&self->patterns, g_hash_table_unref);
  g_free (self);
}
