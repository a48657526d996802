/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "config.h"

#include <libsoup/soup.h>

#include "tide-body-buffer.h"
#include "tide-deadline.h"
#include "tide-error.h"
#include "tide-soup-error.h"
#include "tide-soup-transport.h"

#define MAX_REDIRECTS 5
#define MAX_CONNECTIONS 16
#define IDLE_CONNECTION_SECONDS 60

struct _TideSoupTransport
{
  GObject       parent_instance;

  SoupSession  *session;     /* (owned) */
  TideWatchdog *watchdog;    /* (owned) */
  TideBodyPool *bodies;      /* (owned) */
};

static void tide_soup_transport_iface_init (TideTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSoupTransport, tide_soup_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_TRANSPORT, tide_soup_transport_iface_init))

static SoupMessage *
message_new (const TideRequest  *request,
             GUri               *uri,
             GError            **error)
{
  g_autoptr(SoupMessage) message = soup_message_new_from_uri (request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* Redirects are looked at here: libsoup would carry the login to any host. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  for (char **pair = request->headers; pair[0] != NULL; pair += 2)
    soup_message_headers_replace (headers, pair[0], pair[1]);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->content_type, request->body);
  return g_steal_pointer (&message);
}

static gboolean
read_body (GInputStream    *stream,
           TideBodyBuffer  *buffer,
           TideDeadline    *deadline,
           const char      *host,
           GError         **error)
{
  GCancellable *cancellable = tide_deadline_get_cancellable (deadline);

  for (;;)
    {
      gssize n_read;

      if (!tide_body_buffer_room (buffer))
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER,
                       "the answer of %s is larger than %" G_GSIZE_FORMAT " bytes", host, buffer->limit);
          return FALSE;
        }
      n_read = g_input_stream_read (stream, buffer->data + buffer->size, buffer->capacity - buffer->size,
                                    cancellable, error);
      if (n_read <= 0)
        return n_read == 0;
      buffer->size += n_read;
      tide_deadline_touch (deadline);
    }
}

/* What was told before decoding is the decoded length only where nothing is decoded. */
static gsize
get_expected_length (SoupMessageHeaders *headers)
{
  if (soup_message_headers_get_one (headers, "Content-Encoding") != NULL ||
      soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return 0;
  return MAX (soup_message_headers_get_content_length (headers), 0);
}

static gboolean
check_length (gsize        expected,
              gsize        received,
              const char  *host,
              GError     **error)
{
  if (expected == 0 || received == expected)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER,
               "%s cut its answer short: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes", host, received, expected);
  return FALSE;
}

static void
add_header_cb (const char *name,
               const char *value,
               gpointer    user_data)
{
  GHashTable *headers = user_data;
  g_autofree char *key = g_ascii_strdown (name, -1);
  const char *former = g_hash_table_lookup (headers, key);
  char *joined = former != NULL ? g_strconcat (former, ", ", value, NULL) : g_strdup (value);

  g_hash_table_replace (headers, g_steal_pointer (&key), joined);
}

static TideResponse *
receive (SoupMessage   *message,
         GInputStream  *stream,
         TideBodyPool  *bodies,
         gsize          max_size,
         TideDeadline  *deadline,
         GError       **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  gsize expected = get_expected_length (headers);
  g_auto(TideBodyBuffer) buffer = { NULL, };
  TideResponse *response;

  if (expected > max_size)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER,
                   "the answer of %s is larger than %" G_GSIZE_FORMAT " bytes", host, max_size);
      return NULL;
    }
  tide_body_buffer_init (&buffer, bodies, expected, max_size);
  if (!read_body (stream, &buffer, deadline, host, error) ||
      !check_length (expected, buffer.size, host, error))
    return NULL;

  response = tide_response_new (soup_message_get_status (message), tide_body_buffer_steal (&buffer));
  soup_message_headers_foreach (headers, add_header_cb, response->headers);
  return response;
}

static TideResponse *
send_once (TideSoupTransport  *self,
           const TideRequest  *request,
           GUri               *uri,
           TideDeadline       *deadline,
           GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(SoupMessage) message = message_new (request, uri, error);
  g_autoptr(GInputStream) stream = NULL;
  TideResponse *response = NULL;

  stream = soup_session_send (self->session, message, tide_deadline_get_cancellable (deadline), &local_error);
  if (stream != NULL)
    {
      tide_deadline_touch (deadline);
      response = receive (message, stream, self->bodies, request->max_size, deadline, &local_error);
    }
  if (response != NULL)
    return response;

  if (local_error->domain == TIDE_ERROR)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    tide_soup_error_propagate (error, g_steal_pointer (&local_error), message);
  return NULL;
}

/* Where an answer sends us on to, if that is the same host and the same request makes sense there. */
static GUri *
get_redirect (const TideRequest  *request,
              const TideResponse *response,
              GUri               *uri)
{
  const char *location = tide_response_get_header (response, "location");
  gboolean resend = response->status == 307 || response->status == 308 ||
                    ((response->status == 301 || response->status == 302) && g_str_equal (request->method, "GET"));
  g_autoptr(GUri) target = NULL;

  if (!resend || location == NULL)
    return NULL;
  target = g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (target == NULL ||
      g_strcmp0 (g_uri_get_scheme (target), g_uri_get_scheme (uri)) != 0 ||
      g_strcmp0 (g_uri_get_host (target), g_uri_get_host (uri)) != 0 ||
      g_uri_get_port (target) != g_uri_get_port (uri))
    return NULL;
  return g_steal_pointer (&target);
}

/* The watchdog's cancellable says "cancelled" also when time was up: put that right. */
static void
convert_cancelled (GError            **error,
                   TideDeadline       *deadline,
                   const TideRequest  *request,
                   GUri               *uri,
                   GCancellable       *cancellable)
{
  const char *host = g_uri_get_host (uri);

  if (g_cancellable_is_cancelled (cancellable) || tide_deadline_get_verdict (deadline) == TIDE_DEADLINE_KEPT)
    return;

  g_clear_error (error);
  if (tide_deadline_get_verdict (deadline) == TIDE_DEADLINE_IDLE)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "%s was silent for %u seconds", host, request->idle_timeout);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER,
                 "%s took more than %u seconds for its answer", host, request->total_timeout);
}

static TideResponse *
tide_soup_transport_send (TideTransport      *transport,
                          const TideRequest  *request,
                          GCancellable       *cancellable,
                          GError            **error)
{
  TideSoupTransport *self = TIDE_SOUP_TRANSPORT (transport);
  g_autoptr(GUri) uri = g_uri_parse (request->url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(TideDeadline) deadline = NULL;
  g_autoptr(TideResponse) response = NULL;
  GError *local_error = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the address of the provider is not a URL");
      return NULL;
    }

  deadline = tide_deadline_new (self->watchdog, request->idle_timeout, request->total_timeout, cancellable);
  for (int i = 0; i <= MAX_REDIRECTS; i++)
    {
      GUri *target;

      g_clear_pointer (&response, tide_response_free);
      response = send_once (self, request, uri, deadline, &local_error);
      if (response == NULL)
        {
          if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            convert_cancelled (&local_error, deadline, request, uri, cancellable);
          g_propagate_error (error, local_error);
          return NULL;
        }
      target = get_redirect (request, response, uri);
      if (target == NULL)
        return g_steal_pointer (&response);
      g_uri_unref (uri);
      uri = target;
    }
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "%s redirects in a circle", g_uri_get_host (uri));
  return NULL;
}

static void
tide_soup_transport_finalize (GObject *object)
{
  TideSoupTransport *self = TIDE_SOUP_TRANSPORT (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->watchdog, tide_watchdog_free);
  g_clear_pointer (&self->bodies, tide_body_pool_unref);
  G_OBJECT_CLASS (tide_soup_transport_parent_class)->finalize (object);
}

static void
tide_soup_transport_iface_init (TideTransportInterface *iface)
{
  iface->send = tide_soup_transport_send;
}

static void
tide_soup_transport_class_init (TideSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_soup_transport_finalize;
}

static void
tide_soup_transport_init (TideSoupTransport *self)
{
  self->watchdog = tide_watchdog_new ();
  self->bodies = tide_body_pool_new ();
  self->session = soup_session_new_with_options ("user-agent", "Tidemark/" TIDEMARK_VERSION,
                                                 "max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS,
                                                 "idle-timeout", IDLE_CONNECTION_SECONDS,
                                                 "timeout", 0,
                                                 NULL);
  /* A 401 is for the requester to judge; libsoup must not answer it by itself. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
}

/**
 * tide_soup_transport_new:
 *
 * Returns: (transfer full): a transport over the real network
 */
TideTransport *
tide_soup_transport_new (void)
{
  return g_object_new (TIDE_TYPE_SOUP_TRANSPORT, NULL);
}
