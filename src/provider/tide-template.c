/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-template.h"

#include <string.h>

#include "tide-error.h"
#include "tide-instant-format.h"
#include "tide-time.h"

static const struct
{
  const char            *name;
  TideTemplateVariables  group;
} variables[] = {
  { "partition", TIDE_TEMPLATE_PARTITION },
  { "partition_list", TIDE_TEMPLATE_PARTITION },
  { "since", TIDE_TEMPLATE_TIME },
  { "until", TIDE_TEMPLATE_TIME },
  { "page_size", TIDE_TEMPLATE_PAGING },
  { "cursor", TIDE_TEMPLATE_PAGING },
  { "offset", TIDE_TEMPLATE_PAGING },
  { "page", TIDE_TEMPLATE_PAGING },
  { "id", TIDE_TEMPLATE_LOOKUP },
  { "ids", TIDE_TEMPLATE_LOOKUP },
};

/* Splits "since | iso" as it stands between the braces. */
static void
split_variable (const char  *text,
                gsize        length,
                char       **name,
                char       **format)
{
  g_autofree char *inner = g_strndup (text, length);
  char *bar = strchr (inner, '|');

  *format = NULL;
  if (bar != NULL)
    {
      *bar = '\0';
      *format = g_strdup (g_strstrip (bar + 1));
    }
  *name = g_strdup (g_strstrip (inner));
}

/**
 * tide_template_visit:
 * @text: a template
 *
 * Calls @visitor for each variable of a template.
 *
 * Returns: %FALSE if the template is malformed or the visitor stopped
 */
gboolean
tide_template_visit (const char           *text,
                     TideTemplateVisitor   visitor,
                     gpointer              user_data,
                     GError              **error)
{
  const char *open;

  for (; (open = strstr (text, "{{")) != NULL; )
    {
      const char *close = strstr (open, "}}");
      g_autofree char *name = NULL;
      g_autofree char *format = NULL;

      if (close == NULL)
        {
          g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is a {{ without its }}");
          return FALSE;
        }
      split_variable (open + 2, close - open - 2, &name, &format);
      if (!visitor (name, format, user_data, error))
        return FALSE;
      text = close + 2;
    }
  return TRUE;
}

static TideTemplateVariables
get_group (const char *name)
{
  if (g_str_has_prefix (name, "settings.") && name[strlen ("settings.")] != '\0')
    return TIDE_TEMPLATE_SETTINGS;
  if (g_str_has_prefix (name, "secrets.") && name[strlen ("secrets.")] != '\0')
    return TIDE_TEMPLATE_SECRETS;
  if (g_str_has_prefix (name, "filters.") && name[strlen ("filters.")] != '\0')
    return TIDE_TEMPLATE_FILTERS;
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    if (g_str_equal (variables[i].name, name))
      return variables[i].group;
  return 0;
}

static gboolean
check_variable (const char  *name,
                const char  *format,
                gpointer     user_data,
                GError     **error)
{
  TideTemplateVariables allowed = GPOINTER_TO_UINT (user_data);
  TideTemplateVariables group = get_group (name);

  if (group == 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is no variable {{ %s }}", name);
  else if ((group & allowed) == 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "{{ %s }} has no value here", name);
  else if (format != NULL && group != TIDE_TEMPLATE_TIME && group != TIDE_TEMPLATE_FILTERS)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "{{ %s }} takes no format", name);
  else if (format != NULL && tide_instant_format_lookup (format) == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is no format \"%s\"", format);
  else
    return TRUE;
  return FALSE;
}

/**
 * tide_template_check:
 * @text: a template
 * @allowed: the kinds of variables that have a value where it stands
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID if it could not be expanded
 */
gboolean
tide_template_check (const char             *text,
                     TideTemplateVariables   allowed,
                     GError                **error)
{
  return tide_template_visit (text, check_variable, GUINT_TO_POINTER (allowed), error);
}

static char *
print_number (gint64 number)
{
  return number >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
}

static char *
print_instant (gint64      instant,
               const char *format)
{
  const TideInstantFormat *found = tide_instant_format_lookup (format);

  return instant != TIDE_TIME_INVALID && found != NULL ? tide_instant_format_print (found, instant) : NULL;
}

static const TideTemplateValue *
get_filter (const char              *name,
            const TideTemplateScope *scope)
{
  if (scope->filters == NULL || !g_str_has_prefix (name, "filters."))
    return NULL;
  return g_hash_table_lookup (scope->filters, name + strlen ("filters."));
}

static char *
print_filter (const TideTemplateValue *value,
              const char              *format)
{
  if (value == NULL)
    return NULL;
  return value->instant != TIDE_TIME_INVALID ? print_instant (value->instant, format) : g_strdup (value->text);
}

/* Returns %NULL where the variable has no value. */
static char *
get_value (const char              *name,
           const char              *format,
           const TideTemplateScope *scope)
{
  if (g_str_has_prefix (name, "settings."))
    return scope->settings != NULL ? g_strdup (g_hash_table_lookup (scope->settings, name + 9)) : NULL;
  if (g_str_has_prefix (name, "secrets."))
    return scope->secrets != NULL ? g_strdup (g_hash_table_lookup (scope->secrets, name + 8)) : NULL;
  if (g_str_has_prefix (name, "filters."))
    return print_filter (get_filter (name, scope), format);
  if (g_str_equal (name, "id"))
    return g_strdup (scope->id);
  if (g_str_equal (name, "ids") && scope->ids != NULL)
    return g_strjoinv (",", (char **)scope->ids);
  if (g_str_equal (name, "since"))
    return print_instant (scope->since, format);
  if (g_str_equal (name, "until"))
    return print_instant (scope->until, format);
  if (g_str_equal (name, "cursor"))
    return g_strdup (scope->cursor);
  if (g_str_equal (name, "page_size"))
    return scope->page_size > 0 ? print_number (scope->page_size) : NULL;
  if (g_str_equal (name, "offset"))
    return print_number (scope->offset);
  if (g_str_equal (name, "page"))
    return print_number (scope->page);
  if (g_str_equal (name, "partition"))
    return g_strdup (scope->partition);
  if (g_str_equal (name, "partition_list") && scope->partition_list != NULL)
    return g_strjoinv (",", (char **)scope->partition_list);
  return NULL;
}

/**
 * tide_template_expand:
 * @text: a template that tide_template_check() has passed
 *
 * Returns: (transfer full) (nullable): the text with its variables' values, %NULL if one has no value
 */
char *
tide_template_expand (const char              *text,
                      const TideTemplateScope *scope)
{
  g_autoptr(GString) result = g_string_new (NULL);
  const char *open;

  for (; (open = strstr (text, "{{")) != NULL; )
    {
      const char *close = strstr (open, "}}");
      g_autofree char *name = NULL;
      g_autofree char *format = NULL;
      g_autofree char *value = NULL;

      if (close == NULL)
        break;
      g_string_append_len (result, text, open - text);
      split_variable (open + 2, close - open - 2, &name, &format);
      value = get_value (name, format, scope);
      if (value == NULL)
        return NULL;
      g_string_append (result, value);
      text = close + 2;
    }
  g_string_append (result, text);
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/* Whether a template is one variable and nothing around it: then it keeps its JSON type. */
static gboolean
is_bare (const char  *text,
         char       **name,
         char       **format)
{
  const char *close = strstr (text, "}}");

  if (!g_str_has_prefix (text, "{{") || close == NULL || close[2] != '\0' || strstr (text + 2, "{{") != NULL)
    return FALSE;
  split_variable (text + 2, close - text - 2, name, format);
  return TRUE;
}

static gboolean
is_number (const char              *name,
           const char              *format,
           const TideTemplateScope *scope)
{
  const TideTemplateValue *filter = get_filter (name, scope);
  const TideInstantFormat *found = format != NULL ? tide_instant_format_lookup (format) : NULL;

  if (filter != NULL && filter->type == TIDE_FIELD_INTEGER)
    return TRUE;
  return (found != NULL && found->number) || g_str_equal (name, "page_size") || g_str_equal (name, "offset") ||
         g_str_equal (name, "page");
}

static JsonNode *
list_to_json (const char * const *list)
{
  g_autoptr(JsonArray) array = json_array_new ();

  if (list == NULL)
    return NULL;
  for (; *list != NULL; list++)
    json_array_add_string_element (array, *list);
  return json_node_init_array (json_node_alloc (), array);
}

static gboolean
is_boolean (const char              *name,
            const TideTemplateScope *scope)
{
  const TideTemplateValue *filter = get_filter (name, scope);

  return filter != NULL && filter->type == TIDE_FIELD_BOOLEAN;
}

static JsonNode *
expand_string (const char              *text,
               const TideTemplateScope *scope)
{
  g_autofree char *name = NULL;
  g_autofree char *format = NULL;
  g_autofree char *value = NULL;
  gboolean bare = is_bare (text, &name, &format);

  if (bare && g_str_equal (name, "partition_list"))
    return list_to_json (scope->partition_list);
  if (bare && g_str_equal (name, "ids"))
    return list_to_json (scope->ids);
  value = tide_template_expand (text, scope);
  if (value == NULL)
    return NULL;
  if (bare && is_number (name, format, scope))
    return json_node_init_int (json_node_alloc (), g_ascii_strtoll (value, NULL, 10));
  if (bare && is_boolean (name, scope))
    return json_node_init_boolean (json_node_alloc (), g_str_equal (value, "true"));
  return json_node_init_string (json_node_alloc (), value);
}

static JsonNode *
expand_object (JsonObject              *object,
               const TideTemplateScope *scope)
{
  g_autoptr(JsonObject) result = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      JsonNode *value = tide_template_expand_json (member, scope);

      if (value != NULL)
        json_object_set_member (result, name, value);
    }
  /* An object that only held what has no value goes with it; one that was written empty stays. */
  if (json_object_get_size (result) == 0 && json_object_get_size (object) > 0)
    return NULL;
  return json_node_init_object (json_node_alloc (), result);
}

static JsonNode *
expand_array (JsonArray               *array,
              const TideTemplateScope *scope)
{
  g_autoptr(JsonArray) result = json_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *value = tide_template_expand_json (json_array_get_element (array, i), scope);

      if (value != NULL)
        json_array_add_element (result, value);
    }
  if (json_array_get_length (result) == 0 && json_array_get_length (array) > 0)
    return NULL;
  return json_node_init_array (json_node_alloc (), result);
}

/**
 * tide_template_expand_json:
 * @node: a JSON value whose strings are templates
 *
 * Members and elements whose template has no value are left out, with parents that are empty then.
 * A string that is one bare variable becomes what the variable is: a number, a list.
 *
 * Returns: (transfer full) (nullable): the value to send, %NULL if nothing is left of it
 */
JsonNode *
tide_template_expand_json (JsonNode                *node,
                           const TideTemplateScope *scope)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return expand_object (json_node_get_object (node), scope);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return expand_array (json_node_get_array (node), scope);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return expand_string (json_node_get_string (node), scope);
  return json_node_copy (node);
}

static char *
scalar_to_text (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
}

/**
 * tide_template_expand_pieces:
 * @node: a string, a number, a boolean, or an array of strings
 *
 * Texts such as a query's value: of an array, the pieces that have a value are joined.
 *
 * Returns: (transfer full) (nullable): the text, %NULL if it has no value
 */
char *
tide_template_expand_pieces (JsonNode                *node,
                             const TideTemplateScope *scope)
{
  g_autoptr(GString) result = NULL;
  JsonArray *array;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return tide_template_expand (json_node_get_string (node), scope);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return scalar_to_text (node);

  array = json_node_get_array (node);
  result = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *piece = tide_template_expand (json_array_get_string_element (array, i), scope);

      if (piece != NULL)
        g_string_append (result, piece);
    }
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/**
 * tide_template_resolution:
 * @format: (nullable): a format's name
 *
 * Returns: microseconds below which that format cannot tell instants apart
 */
gint64
tide_template_resolution (const char *format)
{
  const TideInstantFormat *found = tide_instant_format_lookup (format);

  return found != NULL ? found->resolution : TIDE_SECOND;
}
