/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "tide-transport.h"

/* A whole answer within this time or not at all, unless the manifest says otherwise. */
#define DEFAULT_IDLE_TIMEOUT 30
#define DEFAULT_TOTAL_TIMEOUT 300
#define DEFAULT_MAX_SIZE (64 * 1024 * 1024)

G_DEFINE_INTERFACE (TideTransport, tide_transport, G_TYPE_OBJECT)

static void
tide_transport_default_init (TideTransportInterface *iface)
{
}

/**
 * tide_transport_send:
 * @self: a transport
 * @request: what to send
 * @cancellable: (nullable): wakes the call at once
 * @error: TIDE_ERROR_PROVIDER if there was no complete answer, or G_IO_ERROR_CANCELLED
 *
 * Blocks until the whole answer is there. Thread-safe.
 *
 * Returns: (transfer full): the answer, whatever its status, or %NULL
 */
TideResponse *
tide_transport_send (TideTransport      *self,
                     const TideRequest  *request,
                     GCancellable       *cancellable,
                     GError            **error)
{
  g_return_val_if_fail (TIDE_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (request != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return TIDE_TRANSPORT_GET_IFACE (self)->send (self, request, cancellable, error);
}

/**
 * tide_request_new:
 * @method: "GET", "POST", ...
 * @url: absolute
 *
 * Returns: (transfer full): a request without headers and body, with the usual limits
 */
TideRequest *
tide_request_new (const char *method,
                  const char *url)
{
  TideRequest *self = g_new0 (TideRequest, 1);

  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = g_new0 (char *, 1);
  self->idle_timeout = DEFAULT_IDLE_TIMEOUT;
  self->total_timeout = DEFAULT_TOTAL_TIMEOUT;
  self->max_size = DEFAULT_MAX_SIZE;
  return self;
}

void
tide_request_free (TideRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->url);
  g_strfreev (self->headers);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/**
 * tide_response_new:
 * @status: HTTP status
 * @body: (transfer full): the decoded body
 *
 * Returns: (transfer full): an answer without headers
 */
TideResponse *
tide_response_new (guint   status,
                   GBytes *body)
{
  TideResponse *self = g_new0 (TideResponse, 1);

  self->status = status;
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->body = body;
  return self;
}

/**
 * tide_response_get_header:
 * @name: in lower case
 *
 * Returns: (nullable): its value
 */
const char *
tide_response_get_header (const TideResponse *self,
                          const char         *name)
{
  return g_hash_table_lookup (self->headers, name);
}

void
tide_response_free (TideResponse *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}
