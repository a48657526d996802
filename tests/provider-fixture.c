/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-fixture.h"

#include <string.h>

#include "tide-soup-transport.h"

const char *
provider_call_get (ProviderCall *call,
                   const char   *name)
{
  return call->query != NULL ? g_hash_table_lookup (call->query, name) : NULL;
}

static char *
print_call (const char *method,
            GUri       *uri,
            const char *body)
{
  const char *query = g_uri_get_query (uri);

  return g_strdup_printf ("%s %s%s%s%s%s", method, g_uri_get_path (uri), query != NULL ? "?" : "",
                          query != NULL ? query : "", *body != '\0' ? " " : "", body);
}

static void
server_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  ProviderFixture *self = user_data;
  SoupMessageBody *request = soup_server_message_get_request_body (message);
  g_autofree char *body = g_strndup (request->data != NULL ? request->data : "", request->length);
  g_autoptr(GString) answer = g_string_new (NULL);
  ProviderCall call = { soup_server_message_get_method (message), path, query, body };

  g_mutex_lock (&self->mutex);
  call.number = self->calls->len;
  call.request_headers = soup_server_message_get_request_headers (message);
  call.headers = soup_server_message_get_response_headers (message);
  call.status = 200;
  call.answer = answer;
  g_ptr_array_add (self->calls, print_call (call.method, soup_server_message_get_uri (message), body));
  soup_message_headers_replace (call.headers, "Content-Type", "application/json");
  if (self->serve != NULL)
    self->serve (&call, self->serve_data);
  g_mutex_unlock (&self->mutex);

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, answer->str, answer->len);
  soup_server_message_set_status (message, call.status, NULL);
}

static gpointer
server_thread (gpointer user_data)
{
  ProviderFixture *self = user_data;

  /* What a connection waits for is attached to the default of the thread that accepts it. */
  g_main_context_push_thread_default (self->context);
  while (!g_atomic_int_get (&self->stop))
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

void
provider_fixture_set_up (ProviderFixture *self,
                         gconstpointer    data)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  g_mutex_init (&self->mutex);
  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->secret = g_strdup (PROVIDER_SECRET);
  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, server_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_main_context_pop_thread_default (self->context);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  self->thread = g_thread_new ("server", server_thread, self);
  self->clock = tide_sim_clock_new (PROVIDER_NOW);
  self->transport = tide_soup_transport_new ();
}

void
provider_fixture_tear_down (ProviderFixture *self,
                            gconstpointer    data)
{
  g_clear_object (&self->requester);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_assert_finalize_object (g_steal_pointer (&self->transport));
  g_assert_finalize_object (g_steal_pointer (&self->clock));

  g_atomic_int_set (&self->stop, TRUE);
  g_main_context_wakeup (self->context);
  g_thread_join (self->thread);
  g_main_context_push_thread_default (self->context);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->notes);
  g_free (self->url);
  g_free (self->secret);
  g_mutex_clear (&self->mutex);
}

void
provider_fixture_serve (ProviderFixture *self,
                        ProviderServe    serve,
                        gpointer         user_data)
{
  g_mutex_lock (&self->mutex);
  self->serve = serve;
  self->serve_data = user_data;
  g_mutex_unlock (&self->mutex);
}

static char *
secret_cb (const char  *name,
           gpointer     user_data,
           GError     **error)
{
  ProviderFixture *self = user_data;

  if (self->secret == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING, "no keyring for \"%s\"", name);
  return g_strdup (self->secret);
}

/* Loads a manifest that must be good. */
TideManifest *
provider_manifest_load (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  TideManifest *manifest = tide_manifest_new_from_bytes (bytes, "test.json", NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (manifest);
  return manifest;
}

/**
 * provider_fixture_load:
 * @rest: the manifest from "authenticator" on, without the last brace
 *
 * Makes the manifest of a provider at the fixture's server, and a requester for it.
 */
void
provider_fixture_load (ProviderFixture *self,
                       const char      *rest)
{
  g_autoptr(TideConnection) connection = NULL;
  const TideConnection values = { .id = 1, .venue_id = 1, .provider = (char *)"toy", .name = (char *)"Toy",
                                  .environment = (char *)"production" };
  g_autofree char *text = g_strdup_printf (
    "{\"manifest\": 1, \"id\": \"toy\", \"name\": \"Toy\", \"tile\": \"T\",\n"
    " \"environments\": {\"production\": {\"base_url\": \"%s\"}},\n"
    " \"secrets\": [{\"name\": \"token\", \"label\": \"Token\"}],\n%s}", self->url, rest);

  g_clear_object (&self->requester);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  self->manifest = provider_manifest_load (text);
  connection = tide_connection_copy (&values);
  self->requester = tide_requester_new (self->manifest, connection, self->transport, TIDE_CLOCK (self->clock),
                                        secret_cb, self, NULL);
}

guint
provider_fixture_count_calls (ProviderFixture *self)
{
  guint n_calls;

  g_mutex_lock (&self->mutex);
  n_calls = self->calls->len;
  g_mutex_unlock (&self->mutex);
  return n_calls;
}

char *
provider_fixture_get_call (ProviderFixture *self,
                           guint            index)
{
  char *call;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (index, <, self->calls->len);
  call = g_strdup (g_ptr_array_index (self->calls, index));
  g_mutex_unlock (&self->mutex);
  return call;
}

/* Forgets calls and notes. */
void
provider_fixture_forget (ProviderFixture *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->calls, 0);
  g_mutex_unlock (&self->mutex);
  g_ptr_array_set_size (self->notes, 0);
  self->waited = 0;
  self->retries = 0;
}

void
provider_note_cb (const TideRequestNote *note,
                  gpointer               user_data)
{
  ProviderFixture *self = user_data;

  g_assert_nonnull (note->text);
  g_ptr_array_add (self->notes, g_strdup_printf ("%s: %s [%s]", note->level, note->text,
                                                 note->wait_reason != NULL ? note->wait_reason : ""));
  self->waited += note->wait;
  self->retries += note->retry;
}

void
provider_fixture_assert_no_secret (ProviderFixture *self,
                                   const GError    *error)
{
  if (error != NULL)
    g_assert_null (strstr (error->message, PROVIDER_SECRET));
  for (guint i = 0; i < self->notes->len; i++)
    g_assert_null (strstr (g_ptr_array_index (self->notes, i), PROVIDER_SECRET));
}
