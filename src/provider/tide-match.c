/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-match.h"

#include <string.h>

/**
 * tide_match_new:
 * @object: has the member "pointer", and maybe "value"; valid by the schema
 */
TideMatch *
tide_match_new (JsonObject *object)
{
  TideMatch *self = g_new0 (TideMatch, 1);

  self->pointer = g_strdup (json_object_get_string_member (object, "pointer"));
  if (json_object_has_member (object, "value"))
    self->values = json_node_ref (json_object_get_member (object, "value"));
  return self;
}

void
tide_match_free (TideMatch *self)
{
  if (self == NULL)
    return;
  g_free (self->pointer);
  g_clear_pointer (&self->values, json_node_unref);
  g_free (self);
}

static gboolean
number_equals (JsonNode            *wanted,
               const TideJsonValue *value)
{
  g_autofree char *text = g_strndup (value->text, value->length);

  return g_ascii_strtod (text, NULL) == json_node_get_double (wanted);
}

static gboolean
string_equals (const char          *wanted,
               const TideJsonValue *value)
{
  g_autofree char *text = NULL;

  if (!value->escaped)
    return strlen (wanted) == value->length - 2 && memcmp (wanted, value->text + 1, value->length - 2) == 0;
  text = tide_json_value_dup_string (value);
  return g_strcmp0 (wanted, text) == 0;
}

static gboolean
scalar_equals (JsonNode            *wanted,
               const TideJsonValue *value)
{
  GType type = json_node_get_value_type (wanted);

  if (type == G_TYPE_BOOLEAN)
    return value->type == (json_node_get_boolean (wanted) ? TIDE_JSON_TRUE : TIDE_JSON_FALSE);
  if (type == G_TYPE_STRING)
    return value->type == TIDE_JSON_STRING && string_equals (json_node_get_string (wanted), value);
  return value->type == TIDE_JSON_NUMBER && number_equals (wanted, value);
}

/**
 * tide_match_test:
 * @value: what is at the pointer
 *
 * Returns: whether it fits
 */
gboolean
tide_match_test (const TideMatch     *self,
                 const TideJsonValue *value)
{
  JsonArray *array;

  if (self->values == NULL)
    return value->type != TIDE_JSON_ABSENT && value->type != TIDE_JSON_NULL && value->type != TIDE_JSON_FALSE;
  if (value->type == TIDE_JSON_ABSENT)
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (self->values))
    return scalar_equals (self->values, value);

  array = json_node_get_array (self->values);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (scalar_equals (json_array_get_element (array, i), value))
      return TRUE;
  return FALSE;
}
