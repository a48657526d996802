/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <math.h>

#include "tide-error.h"
#include "tide-json-members.h"

static void
set_texts (JsonObject         *object,
           const char         *name,
           const char * const *texts)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  json_object_set_array_member (object, name, array);
}

static void
set_ints (JsonObject   *object,
          const char   *name,
          const GArray *ints)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < ints->len; i++)
    json_array_add_int_element (array, g_array_index (ints, gint64, i));
  json_object_set_array_member (object, name, array);
}

static void
tide_member_set (const TideMember *self,
                 gconstpointer     field,
                 JsonObject       *object)
{
  switch (self->type)
    {
    case TIDE_MEMBER_TEXT:
      if (*(char * const *)field != NULL)
        json_object_set_string_member (object, self->name, *(char * const *)field);
      break;
    case TIDE_MEMBER_INT64:
      json_object_set_int_member (object, self->name, *(const gint64 *)field);
      break;
    case TIDE_MEMBER_INT:
      json_object_set_int_member (object, self->name, *(const int *)field);
      break;
    case TIDE_MEMBER_UINT:
      json_object_set_int_member (object, self->name, *(const guint *)field);
      break;
    case TIDE_MEMBER_BOOLEAN:
      json_object_set_boolean_member (object, self->name, *(const gboolean *)field);
      break;
    case TIDE_MEMBER_DOUBLE:
      if (isfinite (*(const double *)field))
        json_object_set_double_member (object, self->name, *(const double *)field);
      break;
    case TIDE_MEMBER_NAME:
      json_object_set_string_member (object, self->name, self->get_name (*(const int *)field));
      break;
    case TIDE_MEMBER_TEXTS:
      if (*(char ** const *)field != NULL)
        set_texts (object, self->name, *(const char * const * const *)field);
      break;
    case TIDE_MEMBER_INTS:
      if (*(GArray * const *)field != NULL)
        set_ints (object, self->name, *(GArray * const *)field);
      break;
    case TIDE_MEMBER_OBJECT:
    default:
      g_assert_not_reached ();
    }
}

/**
 * tide_members_to_json:
 * @source: a struct
 *
 * Returns: (transfer full): the struct as a JSON object
 */
JsonObject *
tide_members_to_json (const TideMember *members,
                      gconstpointer     source)
{
  JsonObject *object = json_object_new ();

  for (const TideMember *member = members; member->name != NULL; member++)
    tide_member_set (member, (const char *)source + member->offset, object);
  return object;
}

static gboolean
holds (JsonNode *node,
       GType     type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/* JSON can write half a surrogate pair, which no text can hold. */
static const char *
get_text (JsonNode *node)
{
  const char *text = holds (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;

  return text != NULL && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

static gboolean
get_int (JsonNode *node,
         gint64    min,
         gint64    max,
         gint64   *value)
{
  if (!holds (node, G_TYPE_INT64))
    return FALSE;
  *value = json_node_get_int (node);
  return *value >= min && *value <= max;
}

/* Returns: (transfer container) (nullable): the texts, which belong to the node */
static const char **
get_texts (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = array != NULL ? json_array_get_length (array) : 0;
  g_autofree const char **texts = g_new0 (const char *, length + 1);

  for (guint i = 0; i < length; i++)
    {
      texts[i] = get_text (json_array_get_element (array, i));
      if (texts[i] == NULL)
        return NULL;
    }
  return array != NULL ? g_steal_pointer (&texts) : NULL;
}

/* Returns: (transfer full) (nullable): the numbers */
static GArray *
get_ints (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr(GArray) ints = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < length; i++)
    {
      gint64 value;

      if (!get_int (json_array_get_element (array, i), G_MININT64, G_MAXINT64, &value))
        return NULL;
      g_array_append_val (ints, value);
    }
  return array != NULL ? g_steal_pointer (&ints) : NULL;
}

static gboolean
tide_member_get_number (const TideMember *self,
                        JsonNode         *node,
                        gpointer          field)
{
  gint64 value = 0;

  if (self->type == TIDE_MEMBER_INT64)
    return get_int (node, G_MININT64, G_MAXINT64, field);
  if (self->type == TIDE_MEMBER_INT && get_int (node, G_MININT, G_MAXINT, &value))
    *(int *)field = (int)value;
  else if (self->type == TIDE_MEMBER_UINT && get_int (node, 0, G_MAXUINT, &value))
    *(guint *)field = (guint)value;
  else if (self->type == TIDE_MEMBER_BOOLEAN && holds (node, G_TYPE_BOOLEAN))
    *(gboolean *)field = json_node_get_boolean (node);
  else if (self->type == TIDE_MEMBER_DOUBLE && (holds (node, G_TYPE_DOUBLE) || holds (node, G_TYPE_INT64)))
    *(double *)field = json_node_get_double (node);
  else
    return FALSE;
  return TRUE;
}

static gboolean
tide_member_get (const TideMember *self,
                 JsonNode         *node,
                 gpointer          field)
{
  const char *text;

  switch (self->type)
    {
    case TIDE_MEMBER_TEXT:
      *(const char **)field = get_text (node);
      return *(const char **)field != NULL;
    case TIDE_MEMBER_NAME:
      text = get_text (node);
      return text != NULL && self->find_name (text, field);
    case TIDE_MEMBER_TEXTS:
      *(const char ***)field = get_texts (node);
      return *(const char ***)field != NULL;
    case TIDE_MEMBER_INTS:
      *(GArray **)field = get_ints (node);
      return *(GArray **)field != NULL;
    case TIDE_MEMBER_OBJECT:
      *(JsonObject **)field = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      return *(JsonObject **)field != NULL;
    case TIDE_MEMBER_INT64:
    case TIDE_MEMBER_INT:
    case TIDE_MEMBER_UINT:
    case TIDE_MEMBER_BOOLEAN:
    case TIDE_MEMBER_DOUBLE:
    default:
      return tide_member_get_number (self, node, field);
    }
}

static const char *
describe_type (TideMemberType type)
{
  static const char * const words[] = {
    [TIDE_MEMBER_TEXT] = "text",
    [TIDE_MEMBER_INT64] = "a whole number",
    [TIDE_MEMBER_INT] = "a whole number of 32 bits",
    [TIDE_MEMBER_UINT] = "a whole number from 0 on, of 32 bits",
    [TIDE_MEMBER_BOOLEAN] = "true or false",
    [TIDE_MEMBER_DOUBLE] = "a number",
    [TIDE_MEMBER_NAME] = "a name that is known here",
    [TIDE_MEMBER_TEXTS] = "an array of texts",
    [TIDE_MEMBER_INTS] = "an array of whole numbers",
    [TIDE_MEMBER_OBJECT] = "an object",
  };

  return words[type];
}

static const TideMember *
find_member (const TideMember *members,
             const char       *name)
{
  for (const TideMember *member = members; member->name != NULL; member++)
    if (g_str_equal (member->name, name))
      return member;
  return NULL;
}

/**
 * tide_members_from_json:
 * @target: a struct, all zero: keeps what the object does not have, or has as null. Its texts belong to @object;
 *   its arrays are freed by tide_members_clear(), also after a failure
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID if a member is not what it has to be, or not in the table: what is not
 *   understood is not passed over
 */
gboolean
tide_members_from_json (const TideMember  *members,
                        JsonObject        *object,
                        gpointer           target,
                        GError           **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      const TideMember *member = find_member (members, name);

      if (member == NULL)
        {
          g_autofree char *valid = g_utf8_make_valid (name, -1);

          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: is not known here", valid);
          return FALSE;
        }
      if (!JSON_NODE_HOLDS_NULL (node) && !tide_member_get (member, node, (char *)target + member->offset))
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: has to be %s", name, describe_type (member->type));
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * tide_members_clear:
 *
 * Frees what tide_members_from_json() made for a struct.
 */
void
tide_members_clear (const TideMember *members,
                    gpointer          target)
{
  for (const TideMember *member = members; member->name != NULL; member++)
    {
      gpointer field = (char *)target + member->offset;

      if (member->type == TIDE_MEMBER_TEXTS)
        g_clear_pointer ((char ***)field, g_free);
      else if (member->type == TIDE_MEMBER_INTS)
        g_clear_pointer ((GArray **)field, g_array_unref);
    }
}
