/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-template-checker.h"

#include <string.h>

#include "tide-schema-validator.h"

typedef struct
{
  TideManifest          *manifest;
  GPtrArray             *problems;
  TideTemplateVariables  allowed;
  GString               *pointer;     /* (owned) */
  JsonArray             *filters;     /* (nullable) of the stream being checked */
} Checker;

static gboolean
find_variable_cb (const char  *name,
                  const char  *format,
                  gpointer     user_data,
                  GError     **error)
{
  return !g_str_equal (name, user_data);
}

/**
 * tide_template_checker_uses:
 *
 * Returns: whether {{ @variable }} stands anywhere in @request
 */
gboolean
tide_template_checker_uses (const TideRequestSpec *request,
                            const char            *variable)
{
  return !tide_request_spec_visit (request, find_variable_cb, (gpointer)variable);
}

static void
report (Checker *self,
        char    *reason)
{
  TideSchemaProblem *problem = g_new0 (TideSchemaProblem, 1);

  problem->pointer = g_strdup (self->pointer->str);
  problem->reason = reason;
  g_ptr_array_add (self->problems, problem);
}

static gboolean
has_setting (TideManifest *manifest,
             const char   *name)
{
  for (guint i = 0; i < manifest->settings->len; i++)
    if (g_str_equal (g_array_index (manifest->settings, TideSettingSpec, i).name, name))
      return TRUE;
  return FALSE;
}

static gboolean
has_secret (TideManifest *manifest,
            const char   *name)
{
  for (guint i = 0; i < manifest->secrets->len; i++)
    if (g_str_equal (g_array_index (manifest->secrets, TideSecretSpec, i).name, name))
      return TRUE;
  return FALSE;
}

/* The filter's type: only an instant is printed in a format. %NULL if there is no such filter in the request. */
static const char *
find_filter_type (Checker    *self,
                  const char *name)
{
  for (guint i = 0; self->filters != NULL && i < json_array_get_length (self->filters); i++)
    {
      JsonObject *filter = json_array_get_object_element (self->filters, i);

      if (g_str_equal (json_object_get_string_member (filter, "name"), name) &&
          !json_object_get_boolean_member_with_default (filter, "partition", FALSE))
        return json_object_get_string_member_with_default (filter, "type", "text");
    }
  return NULL;
}

static void
check_filter (Checker    *self,
              const char *name,
              const char *format)
{
  const char *type = find_filter_type (self, name);

  if (type == NULL)
    report (self, g_strdup_printf ("there is no filter \"%s\" that could stand here", name));
  else if (format != NULL && !g_str_equal (type, "instant"))
    report (self, g_strdup_printf ("{{ filters.%s }} takes no format, as it is no instant", name));
  else if (g_str_has_suffix (self->pointer->str, "/path"))
    report (self, g_strdup_printf ("{{ filters.%s }} cannot stand in a path, as it may have no value", name));
}

static gboolean
check_declared_cb (const char  *name,
                   const char  *format,
                   gpointer     user_data,
                   GError     **error)
{
  Checker *self = user_data;

  if (g_str_has_prefix (name, "settings.") && !has_setting (self->manifest, name + strlen ("settings.")))
    report (self, g_strdup_printf ("there is no setting \"%s\"", name + strlen ("settings.")));
  if (g_str_has_prefix (name, "secrets.") && !has_secret (self->manifest, name + strlen ("secrets.")))
    report (self, g_strdup_printf ("there is no secret \"%s\"", name + strlen ("secrets.")));
  if (g_str_has_prefix (name, "filters."))
    check_filter (self, name + strlen ("filters."), format);
  return TRUE;
}

static void
check_text (Checker    *self,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  if (!tide_template_check (text, self->allowed, &error))
    report (self, g_strdup (error->message));
  else
    tide_template_visit (text, check_declared_cb, self, NULL);
}

static void
append_token (GString    *pointer,
              const char *name)
{
  g_autoptr(GString) token = g_string_new (name);

  g_string_replace (token, "~", "~0", 0);
  g_string_replace (token, "/", "~1", 0);
  g_string_append_printf (pointer, "/%s", token->str);
}

static void
check_node (Checker  *self,
            JsonNode *node)
{
  gsize length = self->pointer->len;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    check_text (self, json_node_get_string (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        g_string_append_printf (self->pointer, "/%u", i);
        check_node (self, json_array_get_element (json_node_get_array (node), i));
        g_string_truncate (self->pointer, length);
      }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      append_token (self->pointer, name);
      check_node (self, member);
      g_string_truncate (self->pointer, length);
    }
}

static void
check_member (Checker               *self,
              const char            *pointer,
              JsonObject            *object,
              const char            *name,
              TideTemplateVariables  allowed)
{
  if (object == NULL || !json_object_has_member (object, name))
    return;
  self->allowed = allowed;
  g_string_printf (self->pointer, "%s/%s", pointer, name);
  check_node (self, json_object_get_member (object, name));
}

static void
check_request (Checker    *self,
               const char *pointer,
               JsonObject *stream,
               const char *name)
{
  TideTemplateVariables allowed = TIDE_TEMPLATE_SETTINGS | TIDE_TEMPLATE_PAGING | TIDE_TEMPLATE_TIME;

  if (json_object_has_member (stream, "partition"))
    allowed |= TIDE_TEMPLATE_PARTITION;
  if (json_object_has_member (stream, "filters"))
    allowed |= TIDE_TEMPLATE_FILTERS;
  self->filters = json_object_has_member (stream, "filters") ? json_object_get_array_member (stream, "filters") : NULL;
  check_member (self, pointer, stream, name, allowed);
}

static void
check_lookup (Checker    *self,
              const char *pointer,
              JsonObject *stream)
{
  g_autofree char *at = g_strconcat (pointer, "/lookup", NULL);

  if (json_object_has_member (stream, "lookup"))
    check_member (self, at, json_object_get_object_member (stream, "lookup"), "request",
                  TIDE_TEMPLATE_SETTINGS | TIDE_TEMPLATE_LOOKUP);
}

static void
check_fields (Checker    *self,
              const char *pointer,
              JsonArray  *fields)
{
  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      JsonObject *field = json_array_get_object_element (fields, i);
      g_autofree char *at = g_strdup_printf ("%s/fields/%u", pointer, i);

      check_member (self, at, field, "value", TIDE_TEMPLATE_SETTINGS | TIDE_TEMPLATE_PARTITION);
      check_member (self, at, field, "currency_code", TIDE_TEMPLATE_SETTINGS);
    }
}

static void
check_check (Checker    *self,
             JsonObject *object)
{
  JsonArray *requests;

  if (!json_object_has_member (object, "check"))
    return;
  requests = json_object_get_array_member (json_object_get_object_member (object, "check"), "requests");
  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      g_autofree char *at = g_strdup_printf ("/check/requests/%u", i);

      check_member (self, at, json_array_get_object_element (requests, i), "request", TIDE_TEMPLATE_SETTINGS);
    }
}

/**
 * tide_template_checker_run:
 * @manifest: made of @object
 * @object: valid by the schema
 * @problems: (element-type TideSchemaProblem): gets what is wrong
 */
void
tide_template_checker_run (TideManifest *manifest,
                           JsonObject   *object,
                           GPtrArray    *problems)
{
  JsonArray *streams = json_object_get_array_member (object, "streams");
  g_autoptr(GString) pointer = g_string_new (NULL);
  Checker self = { manifest, problems, 0, pointer };

  check_member (&self, "", object, "environments", TIDE_TEMPLATE_SETTINGS);
  check_member (&self, "", object, "authenticator", TIDE_TEMPLATE_SETTINGS | TIDE_TEMPLATE_SECRETS);
  if (json_object_has_member (object, "requester"))
    check_member (&self, "/requester", json_object_get_object_member (object, "requester"), "headers",
                  TIDE_TEMPLATE_SETTINGS);
  check_check (&self, object);
  for (guint i = 0; i < json_array_get_length (streams); i++)
    {
      JsonObject *stream = json_array_get_object_element (streams, i);
      g_autofree char *at = g_strdup_printf ("/streams/%u", i);

      check_request (&self, at, stream, "request");
      check_request (&self, at, stream, "full_request");
      check_lookup (&self, at, stream);
      check_fields (&self, at, json_object_get_array_member (stream, "fields"));
    }
}
