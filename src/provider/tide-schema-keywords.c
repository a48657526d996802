/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-schema-private.h"

#include <string.h>

#include "tide-error.h"

static const char * const keywords[] = {
  "$schema", "$id", "$ref", "$defs", "title", "description", "examples", "default",
  "type", "enum", "const", "properties", "required", "additionalProperties", "propertyNames", "minProperties",
  "items", "minItems", "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum", "oneOf", NULL,
};

static gboolean
take_schemas (TideSchemaValidator  *self,
              JsonObject           *object,
              GError              **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  /* json-glib 1.6 writes the name without asking whether it is wanted. */
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (!tide_schema_take (self, member, error))
      return FALSE;
  return TRUE;
}

static gboolean
take_pattern (TideSchemaValidator  *self,
              const char           *pattern,
              GError              **error)
{
  GRegex *regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, error);

  if (regex == NULL)
    return FALSE;
  g_hash_table_replace (self->patterns, g_strdup (pattern), regex);
  return TRUE;
}

static gboolean
take_ref (TideSchemaValidator  *self,
          const char           *ref,
          GError              **error)
{
  JsonObject *root = json_node_get_object (self->schema);
  JsonObject *definitions = NULL;

  if (json_object_has_member (root, "$defs"))
    definitions = json_object_get_object_member (root, "$defs");
  if (definitions != NULL && g_str_has_prefix (ref, "#/$defs/") &&
      json_object_has_member (definitions, ref + strlen ("#/$defs/")))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "schema: nothing is at \"%s\"", ref);
  return FALSE;
}

static gboolean
take_keyword (TideSchemaValidator  *self,
              const char           *keyword,
              JsonNode             *value,
              GError              **error)
{
  if (!g_strv_contains (keywords, keyword))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "schema: the keyword \"%s\" is not supported", keyword);
      return FALSE;
    }
  if (g_str_equal (keyword, "pattern"))
    return take_pattern (self, json_node_get_string (value), error);
  if (g_str_equal (keyword, "$ref"))
    return take_ref (self, json_node_get_string (value), error);
  if (g_str_equal (keyword, "properties") || g_str_equal (keyword, "$defs"))
    return take_schemas (self, json_node_get_object (value), error);
  if (g_str_equal (keyword, "items") || g_str_equal (keyword, "propertyNames") ||
      (g_str_equal (keyword, "additionalProperties") && JSON_NODE_HOLDS_OBJECT (value)))
    return tide_schema_take (self, value, error);
  if (g_str_equal (keyword, "oneOf"))
    {
      JsonArray *branches = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (branches); i++)
        if (!tide_schema_take (self, json_array_get_element (branches, i), error))
          return FALSE;
    }
  return TRUE;
}

/**
 * tide_schema_take:
 * @node: a schema, or one inside it
 *
 * Looks whether a schema keeps to what is supported, and makes its patterns ready.
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID if it does not
 */
gboolean
tide_schema_take (TideSchemaValidator  *self,
                  JsonNode             *node,
                  GError              **error)
{
  JsonObjectIter iter;
  const char *keyword;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID, "schema: a schema must be an object");
      return FALSE;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &keyword, &value))
    if (!take_keyword (self, keyword, value, error))
      return FALSE;
  return TRUE;
}
