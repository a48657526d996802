/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-request-spec.h"

#include <string.h>

static JsonObject *
dup_object (JsonObject *object,
            const char *name,
            JsonObject *fallback)
{
  if (object != NULL && json_object_has_member (object, name))
    return json_object_ref (json_object_get_object_member (object, name));
  return fallback != NULL ? json_object_ref (fallback) : NULL;
}

static JsonNode *
dup_node (JsonObject *object,
          const char *name,
          JsonNode   *fallback)
{
  if (json_object_has_member (object, name))
    return json_node_ref (json_object_get_member (object, name));
  return fallback != NULL ? json_node_ref (fallback) : NULL;
}

/**
 * tide_request_spec_new:
 * @object: "request" of a manifest, valid by the schema
 * @base: (nullable): what holds where @object is silent
 */
TideRequestSpec *
tide_request_spec_new (JsonObject            *object,
                       const TideRequestSpec *base)
{
  TideRequestSpec *self = g_new0 (TideRequestSpec, 1);
  const char *method = base != NULL ? base->method : "GET";
  const char *path = base != NULL ? base->path : "";
  const char *type = base != NULL ? base->content_type : NULL;

  self->method = g_strdup (json_object_get_string_member_with_default (object, "method", method));
  self->path = g_strdup (json_object_get_string_member_with_default (object, "path", path));
  self->content_type = g_strdup (json_object_get_string_member_with_default (object, "content_type", type));
  self->query = dup_object (object, "query", base != NULL ? base->query : NULL);
  self->headers = dup_object (object, "headers", base != NULL ? base->headers : NULL);
  self->body = dup_node (object, "body", base != NULL ? base->body : NULL);
  self->body_text = dup_node (object, "body_text", base != NULL ? base->body_text : NULL);
  return self;
}

void
tide_request_spec_free (TideRequestSpec *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->path);
  g_free (self->content_type);
  g_clear_pointer (&self->query, json_object_unref);
  g_clear_pointer (&self->headers, json_object_unref);
  g_clear_pointer (&self->body, json_node_unref);
  g_clear_pointer (&self->body_text, json_node_unref);
  g_free (self);
}

static gboolean
visit_node (JsonNode            *node,
            TideTemplateVisitor  visitor,
            gpointer             user_data)
{
  g_autoptr(GList) values = NULL;

  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    values = json_object_get_values (json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    values = json_array_get_elements (json_node_get_array (node));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return tide_template_visit (json_node_get_string (node), visitor, user_data, NULL);
  for (GList *l = values; l != NULL; l = l->next)
    if (!visit_node (l->data, visitor, user_data))
      return FALSE;
  return TRUE;
}

static gboolean
visit_object (JsonObject          *object,
              TideTemplateVisitor  visitor,
              gpointer             user_data)
{
  g_autoptr(GList) values = object != NULL ? json_object_get_values (object) : NULL;

  for (GList *l = values; l != NULL; l = l->next)
    if (!visit_node (l->data, visitor, user_data))
      return FALSE;
  return TRUE;
}

/**
 * tide_request_spec_visit:
 *
 * Calls @visitor for each variable of each template of the request.
 *
 * Returns: %FALSE if the visitor stopped
 */
gboolean
tide_request_spec_visit (const TideRequestSpec *self,
                         TideTemplateVisitor    visitor,
                         gpointer               user_data)
{
  return tide_template_visit (self->path, visitor, user_data, NULL) &&
         visit_object (self->query, visitor, user_data) &&
         visit_object (self->headers, visitor, user_data) &&
         visit_node (self->body, visitor, user_data) &&
         visit_node (self->body_text, visitor, user_data);
}

static void
append_query (GString                 *url,
              JsonObject              *query,
              const TideTemplateScope *scope)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  char separator = strchr (url->str, '?') != NULL ? '&' : '?';

  if (query == NULL)
    return;
  json_object_iter_init_ordered (&iter, query);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *value = tide_template_expand_pieces (node, scope);

      if (value == NULL)
        continue;
      g_string_append_c (url, separator);
      g_string_append_uri_escaped (url, name, "[]", FALSE);
      g_string_append_c (url, '=');
      g_string_append_uri_escaped (url, value, NULL, FALSE);
      separator = '&';
    }
}

/* Values in a path are escaped, the path that the manifest wrote is not. */
static char *
expand_path (const char              *path,
             const TideTemplateScope *scope)
{
  g_autofree char *partition = scope->partition != NULL ? g_uri_escape_string (scope->partition, NULL, FALSE) : NULL;
  g_autofree char *cursor = scope->cursor != NULL ? g_uri_escape_string (scope->cursor, NULL, FALSE) : NULL;
  g_autofree char *id = scope->id != NULL ? g_uri_escape_string (scope->id, NULL, FALSE) : NULL;
  TideTemplateScope escaped = *scope;

  escaped.partition = partition;
  escaped.cursor = cursor;
  escaped.id = id;
  return tide_template_expand (path, &escaped);
}

static char *
expand_url (const TideRequestSpec   *self,
            const char              *base_url,
            const TideTemplateScope *scope)
{
  g_autofree char *path = expand_path (self->path, scope);
  GString *url = g_string_new (base_url);

  if (path != NULL && *path == '/' && url->len > 0 && url->str[url->len - 1] == '/')
    g_string_truncate (url, url->len - 1);
  g_string_append (url, path != NULL ? path : "");
  append_query (url, self->query, scope);
  return g_string_free (url, FALSE);
}

static char **
expand_headers (JsonObject              *headers,
                const TideTemplateScope *scope)
{
  g_autoptr(GPtrArray) pairs = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (headers != NULL)
    {
      json_object_iter_init_ordered (&iter, headers);
      while (json_object_iter_next_ordered (&iter, &name, &node))
        {
          char *value = tide_template_expand (json_node_get_string (node), scope);

          if (value == NULL)
            continue;
          g_ptr_array_add (pairs, g_strdup (name));
          g_ptr_array_add (pairs, value);
        }
    }
  g_ptr_array_add (pairs, NULL);
  return (char **)g_ptr_array_steal (pairs, NULL);
}

static void
expand_body (const TideRequestSpec   *self,
             const TideTemplateScope *scope,
             TideRequest             *request)
{
  char *text = NULL;

  if (self->body_text != NULL)
    text = tide_template_expand_pieces (self->body_text, scope);
  else if (self->body != NULL)
    {
      g_autoptr(JsonNode) node = tide_template_expand_json (self->body, scope);

      text = node != NULL ? json_to_string (node, FALSE) : g_strdup ("{}");
    }
  if (text == NULL)
    return;
  request->body = g_bytes_new_take (text, strlen (text));
  if (self->content_type != NULL)
    request->content_type = g_strdup (self->content_type);
  else
    request->content_type = g_strdup (self->body_text != NULL ? "text/plain" : "application/json");
}

/**
 * tide_request_spec_expand:
 * @base_url: what the path stands behind
 * @url: (nullable): instead of base URL, path and query, where the provider told the next page's address
 *
 * Returns: (transfer full): the request with the values of @scope
 */
TideRequest *
tide_request_spec_expand (const TideRequestSpec   *self,
                          const char              *base_url,
                          const char              *url,
                          const TideTemplateScope *scope)
{
  g_autofree char *own_url = url == NULL ? expand_url (self, base_url, scope) : NULL;
  TideRequest *request = tide_request_new (self->method, url != NULL ? url : own_url);

  g_strfreev (request->headers);
  request->headers = expand_headers (self->headers, scope);
  expand_body (self, scope, request);
  return request;
}
