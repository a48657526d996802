/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideRequest:
 * @method: "GET", "POST", ...
 * @url: absolute
 * @headers: name, value, name, value, ..., NULL
 * @content_type: (nullable): of @body
 * @body: (nullable): what to send
 * @idle_timeout: seconds without a byte after which it is given up
 * @total_timeout: seconds for the whole exchange
 * @max_size: bytes; a longer answer is an error
 */
typedef struct
{
  char   *method;
  char   *url;
  char  **headers;
  char   *content_type;
  GBytes *body;
  guint   idle_timeout;
  guint   total_timeout;
  gsize   max_size;
} TideRequest;

/**
 * TideResponse:
 * @status: HTTP status
 * @headers: lower-case name → value (several joined by ", ")
 * @body: never %NULL; decoded
 */
typedef struct
{
  guint       status;
  GHashTable *headers;
  GBytes     *body;
} TideResponse;

#define TIDE_TYPE_TRANSPORT (tide_transport_get_type ())
G_DECLARE_INTERFACE (TideTransport, tide_transport, TIDE, TRANSPORT, GObject)

/**
 * TideTransportInterface:
 * @send: blocks until the whole answer is there; thread-safe; wakes at once when cancelled
 *
 * The seam to the network. What has an HTTP status, whichever, is an answer; errors are
 * TIDE_ERROR_PROVIDER (no connection, cut body, time-out, too large) or cancelled.
 */
struct _TideTransportInterface
{
  GTypeInterface parent_iface;

  TideResponse * (*send) (TideTransport      *self,
                          const TideRequest  *request,
                          GCancellable       *cancellable,
                          GError            **error);
};

TideResponse *tide_transport_send     (TideTransport      *self,
                                       const TideRequest  *request,
                                       GCancellable       *cancellable,
                                       GError            **error);
TideRequest  *tide_request_new        (const char         *method,
                                       const char         *url);
void          tide_request_free       (TideRequest        *self);
TideResponse *tide_response_new       (guint               status,
                                       GBytes             *body);
const char   *tide_response_get_header (const TideResponse *self,
                                       const char         *name);
void          tide_response_free      (TideResponse       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRequest, tide_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideResponse, tide_response_free)

G_END_DECLS
