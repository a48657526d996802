/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-transport.h"

#include <string.h>

#include "sim-listing.h"
#include "tide-error.h"
#include "tide-time.h"

struct _SimTransport
{
  GObject            parent_instance;

  SimClock          *clock;       /* (owned) */
  GRand             *rand;
  SimTransportFuncs  funcs;
  gpointer           user_data;
  GPtrArray         *accounts;    /* (owned) of borrowed SimAccount */
  guint              n_requests;
};

/* A request under way. */
typedef struct
{
  SimTransport      *transport;
  const TideRequest *request;
  GCancellable      *cancellable;
  SimAccount        *account;
  char              *path;        /* (owned) */
  GHashTable        *query;       /* (owned) */
  SimFault           fault;
} Sending;

static void sim_transport_iface_init (TideTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SimTransport, sim_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_TRANSPORT, sim_transport_iface_init))

static void
sending_clear (Sending *self)
{
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sending, sending_clear)

static SimAccount *
find_account (SimTransport *self,
              const char   *host)
{
  for (guint i = 0; i < self->accounts->len; i++)
    {
      SimAccount *account = g_ptr_array_index (self->accounts, i);

      if (g_strcmp0 (account->host, host) == 0)
        return account;
    }
  g_error ("a request went to %s", host);
}

static void
sending_init (Sending           *self,
              SimTransport      *transport,
              const TideRequest *request,
              GCancellable      *cancellable)
{
  g_autoptr(GUri) uri = g_uri_parse (request->url, G_URI_FLAGS_ENCODED_QUERY, NULL);
  const char *query = g_uri_get_query (uri);

  g_assert_nonnull (uri);
  self->transport = transport;
  self->request = request;
  self->cancellable = cancellable;
  self->account = find_account (transport, g_uri_get_host (uri));
  self->path = g_strdup (g_uri_get_path (uri));
  self->query = g_uri_parse_params (query != NULL ? query : "", -1, "&", G_URI_PARAMS_NONE, NULL);
  g_assert_nonnull (self->query);
}

static gboolean
sending_is_let_in (Sending *self)
{
  g_autofree char *right = g_strdup_printf ("Bearer %s", self->account->token);

  for (gsize i = 0; self->request->headers != NULL && self->request->headers[i] != NULL; i += 2)
    if (g_ascii_strcasecmp (self->request->headers[i], "Authorization") == 0)
      return g_str_equal (self->request->headers[i + 1], right);
  return FALSE;
}

/* Returns whether there is still somebody to answer. */
static gboolean
sending_wait (Sending  *self,
              gint64    usec,
              GError  **error)
{
  return tide_clock_sleep (TIDE_CLOCK (self->transport->clock), usec, self->cancellable, error) &&
         !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

static gint64
sending_get_latency (Sending *self)
{
  return g_rand_int_range (self->transport->rand, 10, 150) * G_TIME_SPAN_MILLISECOND;
}

static TideResponse *
make_response (guint       status,
               const char *text)
{
  TideResponse *response = tide_response_new (status, g_bytes_new (text, strlen (text)));

  g_hash_table_replace (response->headers, g_strdup ("content-type"), g_strdup ("application/json"));
  return response;
}

static TideResponse *
make_error (guint       status,
            const char *header,
            const char *value)
{
  TideResponse *response = make_response (status, "{\"error\":\"it does not go well\"}");

  if (header != NULL)
    g_hash_table_replace (response->headers, g_strdup (header), g_strdup (value));
  return response;
}

static TideResponse *
sending_make_list (Sending *self)
{
  SimAsk ask = { .account = self->account, .query = self->query, .fault = self->fault,
                 .now = sim_clock_get_truth (self->transport->clock), .salt = self->transport->n_requests };
  TideResponse *response;
  GString *text;

  if (!sim_stream_from_name (self->path + 1, &ask.stream))
    return make_error (404, NULL, NULL);
  text = sim_listing_answer (&ask);
  if (self->fault == SIM_FAULT_TRUNCATED)
    g_string_truncate (text, text->len / 2);
  response = tide_response_new (200, g_string_free_to_bytes (text));
  g_hash_table_replace (response->headers, g_strdup ("content-type"), g_strdup ("application/json"));
  if (self->fault == SIM_FAULT_LIMIT_HEADERS)
    {
      g_hash_table_replace (response->headers, g_strdup ("x-left"), g_strdup ("0"));
      g_hash_table_replace (response->headers, g_strdup ("x-reset"), g_strdup ("20"));
    }
  return response;
}

static TideResponse *
sending_make_answer (Sending *self)
{
  if (!sending_is_let_in (self) || self->fault == SIM_FAULT_UNAUTHORIZED)
    return make_error (401, NULL, NULL);
  if (self->account->forbidden || self->fault == SIM_FAULT_FORBIDDEN)
    return make_error (403, NULL, NULL);

  switch ((guint)self->fault)
    {
    case SIM_FAULT_LIMIT_BARE:
      return make_error (429, NULL, NULL);
    case SIM_FAULT_LIMIT_AFTER:
      return make_error (429, "retry-after", "40");
    case SIM_FAULT_LIMIT_LONG:
      return make_error (429, "retry-after", "3000");
    case SIM_FAULT_ERROR_500:
      return make_error (500, NULL, NULL);
    case SIM_FAULT_ERROR_502:
      return make_error (502, NULL, NULL);
    case SIM_FAULT_ERROR_503:
      return make_error (503, "retry-after", "20");
    case SIM_FAULT_BAD_CURSOR:
      return make_response (400, "{\"code\":\"BAD_CURSOR\",\"error\":\"no such cursor\"}");
    case SIM_FAULT_WRONG_TYPE:
      return make_response (200, "<html><body>Please sign in to the guests' network</body></html>");
    case SIM_FAULT_EMPTY_BODY:
      return make_response (200, "");
    default:
      break;
    }
  if (g_str_equal (self->path, "/me"))
    return make_response (200, "{\"company\":\"Simulated Ltd\"}");
  return sending_make_list (self);
}

static void
sending_note (Sending    *self,
              const char *outcome)
{
  g_autofree char *line = NULL;
  const char *keys[] = { "place", "ids", "odd", "order", "since", "cursor", "page" };
  g_autoptr(GString) query = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_hash_table_contains (self->query, keys[i]))
      g_string_append_printf (query, " %s=%s", keys[i], (char *)g_hash_table_lookup (self->query, keys[i]));
  line = g_strdup_printf ("%s%s%s: %s%s%s", self->account->host, self->path, query->str, outcome,
                          self->fault != SIM_FAULT_NONE ? ", " : "",
                          self->fault != SIM_FAULT_NONE ? sim_fault_to_name (self->fault) : "");
  self->transport->funcs.note (line, self->transport->user_data);
}

/* The faults in which no answer comes at all. */
static gboolean
sending_fails (Sending  *self,
               GError  **error)
{
  const char *host = self->account->host;

  if (self->fault == SIM_FAULT_REFUSED)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "cannot reach %s: connection refused", host);
  else if (self->fault == SIM_FAULT_RESET_BEFORE)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "%s closed the connection", host);
  else if (self->fault == SIM_FAULT_RESET_MIDDLE)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "%s cut its answer short", host);
  else if (self->fault == SIM_FAULT_TIME_OUT)
    {
      if (sending_wait (self, self->request->idle_timeout * TIDE_SECOND, error))
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "%s did not answer in time", host);
    }
  else
    return FALSE;
  return TRUE;
}

static TideResponse *
sim_transport_send (TideTransport      *transport,
                    const TideRequest  *request,
                    GCancellable       *cancellable,
                    GError            **error)
{
  SimTransport *self = SIM_TRANSPORT (transport);
  g_auto(Sending) sending = { 0 };
  g_autoptr(TideResponse) response = NULL;
  g_autofree char *outcome = NULL;

  sending_init (&sending, self, request, cancellable);
  self->n_requests++;
  if (!sending_wait (&sending, sending_get_latency (&sending), error))
    return NULL;
  sending.fault = self->funcs.meet (sending.path, self->user_data);
  if (sending.fault == SIM_FAULT_SLOW && !sending_wait (&sending, 20 * TIDE_SECOND, error))
    return NULL;
  if (sending_fails (&sending, error))
    {
      sending_note (&sending, "no answer");
      return NULL;
    }
  response = sending_make_answer (&sending);
  outcome = g_strdup_printf ("%u, %" G_GSIZE_FORMAT " bytes", response->status, g_bytes_get_size (response->body));
  sending_note (&sending, outcome);
  if (!sending_wait (&sending, sending_get_latency (&sending), error))
    return NULL;
  return g_steal_pointer (&response);
}

static void
sim_transport_finalize (GObject *object)
{
  SimTransport *self = SIM_TRANSPORT (object);

  g_ptr_array_unref (self->accounts);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (sim_transport_parent_class)->finalize (object);
}

static void
sim_transport_class_init (SimTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_transport_finalize;
}

static void
sim_transport_iface_init (TideTransportInterface *iface)
{
  iface->send = sim_transport_send;
}

static void
sim_transport_init (SimTransport *self)
{
  self->accounts = g_ptr_array_new ();
}

/**
 * sim_transport_new:
 * @clock: its time; what is frozen there is dead here
 * @rand: decides how long things take; outlives the transport
 * @funcs: what to call
 *
 * Returns: (transfer full): a network with nobody at its other end
 */
SimTransport *
sim_transport_new (SimClock                *clock,
                   GRand                   *rand,
                   const SimTransportFuncs *funcs,
                   gpointer                 user_data)
{
  SimTransport *self = g_object_new (SIM_TYPE_TRANSPORT, NULL);

  self->clock = g_object_ref (clock);
  self->rand = rand;
  self->funcs = *funcs;
  self->user_data = user_data;
  return self;
}

/** sim_transport_add_account: @account outlives the transport's last request. */
void
sim_transport_add_account (SimTransport *self,
                           SimAccount   *account)
{
  g_ptr_array_add (self->accounts, account);
}

/** sim_transport_get_requests: how many there have been. */
guint
sim_transport_get_requests (SimTransport *self)
{
  return self->n_requests;
}
