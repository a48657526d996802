/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-authenticator.h"

#include <string.h>

typedef enum
{
  KIND_NONE,
  KIND_BEARER,
  KIND_BASIC,
  KIND_HEADERS,
  KIND_QUERY,
} Kind;

struct _TideAuthenticator
{
  Kind        kind;
  char       *username;     /* template */
  char       *password;     /* template; the token of bearer */
  JsonObject *members;      /* (owned) headers or parameters, name → template */
};

TideAuthenticator *
tide_authenticator_new (JsonObject *object)
{
  static const char * const kinds[] = { "none", "bearer", "basic", "headers", "query", NULL };
  TideAuthenticator *self = g_new0 (TideAuthenticator, 1);
  const char *kind = json_object_get_string_member (object, "type");

  for (guint i = 0; kinds[i] != NULL; i++)
    if (g_str_equal (kinds[i], kind))
      self->kind = i;
  self->username = g_strdup (json_object_get_string_member_with_default (object, "username", ""));
  self->password = g_strdup (json_object_get_string_member_with_default (object, "password", ""));
  if (self->kind == KIND_BEARER)
    {
      g_free (self->password);
      self->password = g_strdup (json_object_get_string_member (object, "token"));
    }
  if (self->kind == KIND_HEADERS)
    self->members = json_object_ref (json_object_get_object_member (object, "headers"));
  if (self->kind == KIND_QUERY)
    self->members = json_object_ref (json_object_get_object_member (object, "parameters"));
  return self;
}

void
tide_authenticator_free (TideAuthenticator *self)
{
  if (self == NULL)
    return;
  g_free (self->username);
  g_free (self->password);
  g_clear_pointer (&self->members, json_object_unref);
  g_free (self);
}

/* Calls @visitor for each variable it needs. Returns %FALSE if that stopped. */
gboolean
tide_authenticator_visit (const TideAuthenticator *self,
                          TideTemplateVisitor      visitor,
                          gpointer                 user_data)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!tide_template_visit (self->username, visitor, user_data, NULL) ||
      !tide_template_visit (self->password, visitor, user_data, NULL))
    return FALSE;
  if (self->members == NULL)
    return TRUE;
  /* json-glib 1.6 writes the name without asking whether it is wanted. */
  json_object_iter_init_ordered (&iter, self->members);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!tide_template_visit (json_node_get_string (node), visitor, user_data, NULL))
      return FALSE;
  return TRUE;
}

static void
add_header (TideRequest *request,
            const char  *name,
            const char  *value)
{
  guint length = g_strv_length (request->headers);

  request->headers = g_renew (char *, request->headers, length + 3);
  request->headers[length] = g_strdup (name);
  request->headers[length + 1] = g_strdup (value);
  request->headers[length + 2] = NULL;
}

static void
add_parameter (TideRequest *request,
               const char  *name,
               const char  *value)
{
  g_autoptr(GString) url = g_string_new (request->url);

  g_string_append_c (url, strchr (url->str, '?') != NULL ? '&' : '?');
  g_string_append_uri_escaped (url, name, NULL, FALSE);
  g_string_append_c (url, '=');
  g_string_append_uri_escaped (url, value, NULL, FALSE);
  g_free (request->url);
  request->url = g_strdup (url->str);
}

static void
apply_members (const TideAuthenticator *self,
               const TideTemplateScope *scope,
               TideRequest             *request)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, self->members);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *value = tide_template_expand (json_node_get_string (node), scope);

      if (value == NULL)
        continue;
      if (self->kind == KIND_HEADERS)
        add_header (request, name, value);
      else
        add_parameter (request, name, value);
    }
}

/**
 * tide_authenticator_apply:
 * @scope: with the secrets
 * @request: gets the login
 */
void
tide_authenticator_apply (const TideAuthenticator *self,
                          const TideTemplateScope *scope,
                          TideRequest             *request)
{
  g_autofree char *username = tide_template_expand (self->username, scope);
  g_autofree char *password = tide_template_expand (self->password, scope);
  g_autofree char *pair = g_strconcat (username != NULL ? username : "", ":", password != NULL ? password : "", NULL);
  g_autofree char *base64 = g_base64_encode ((const guchar *)pair, strlen (pair));
  g_autofree char *basic = g_strconcat ("Basic ", base64, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", password != NULL ? password : "", NULL);

  switch (self->kind)
    {
    case KIND_BEARER:
      add_header (request, "Authorization", bearer);
      break;

    case KIND_BASIC:
      add_header (request, "Authorization", basic);
      break;

    case KIND_HEADERS:
    case KIND_QUERY:
      apply_members (self, scope, request);
      break;

    case KIND_NONE:
    default:
      break;
    }
}

static gboolean
is_secret_parameter (const TideAuthenticator *self,
                     const char              *parameter)
{
  const char *end = strchr (parameter, '=');
  g_autofree char *escaped = g_strndup (parameter, end != NULL ? (gsize)(end - parameter) : strlen (parameter));
  g_autofree char *name = g_uri_unescape_string (escaped, NULL);

  return json_object_has_member (self->members, name != NULL ? name : escaped);
}

/**
 * tide_authenticator_strip_url:
 * @url: an address, maybe one that the provider repeated with the login in it
 *
 * Returns: (transfer full): @url without the login: fit for the store and the log, and to be given
 *    to tide_authenticator_apply() again
 */
char *
tide_authenticator_strip_url (const TideAuthenticator *self,
                              const char              *url)
{
  const char *question = strchr (url, '?');
  g_autoptr(GString) result = NULL;
  g_auto(GStrv) parameters = NULL;
  char separator = '?';

  if (self->kind != KIND_QUERY || question == NULL)
    return g_strdup (url);
  result = g_string_new_len (url, question - url);
  parameters = g_strsplit (question + 1, "&", -1);
  for (guint i = 0; parameters[i] != NULL; i++)
    {
      if (is_secret_parameter (self, parameters[i]))
        continue;
      g_string_append_c (result, separator);
      g_string_append (result, parameters[i]);
      separator = '&';
    }
  return g_string_free (g_steal_pointer (&result), FALSE);
}
