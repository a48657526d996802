/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-control.h"
#include "sandbox-mischief.h"
#include "sandbox-server.h"

struct _SandboxServer
{
  SandboxServerOptions  options;
  SandboxWorld         *world;      /* (owned) */
  SandboxFaults        *faults;     /* (not owned) */
  SandboxClock          clock;
  SandboxStats          stats;      /* (owned) */
  SoupServer           *soup;       /* (owned) */
  char                 *bearer;     /* (owned) */
  gint64                second;     /* the one that requests are counted in */
  guint                 in_second;
};

/* Too many within one second of real time. */
static gboolean
server_is_over_rate (SandboxServer *self)
{
  gint64 second = g_get_monotonic_time () / G_USEC_PER_SEC;

  if (second != self->second)
    self->in_second = 0;
  self->second = second;
  return self->options.rate > 0 && ++self->in_second > self->options.rate;
}

static gboolean
server_is_allowed (SandboxServer     *self,
                   SoupServerMessage *message,
                   SandboxReply      *reply)
{
  const char *authorization = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  if (g_strcmp0 (authorization, self->bearer) == 0)
    return TRUE;

  sandbox_reply_error (reply, SOUP_STATUS_UNAUTHORIZED, "AUTHENTICATION_ERROR", "UNAUTHORIZED",
                       "This request could not be authorized.", NULL);
  return FALSE;
}

static gboolean
wants_gzip (SandboxServer     *self,
            SoupServerMessage *message)
{
  const char *accepted = soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Accept-Encoding");

  return self->options.gzip && accepted != NULL && strstr (accepted, "gzip") != NULL;
}

static void
server_answer_square (SandboxServer      *self,
                      SandboxRequest     *request,
                      const SandboxFault *fault,
                      SandboxReply       *reply,
                      SoupServerMessage  *message)
{
  static const SandboxFault too_many = { .kind = SANDBOX_FAULT_RATE_LIMIT, .retry_after = 1 };

  if (server_is_over_rate (self))
    sandbox_mischief_replaces (&too_many, reply);
  else if (!sandbox_mischief_replaces (fault, reply) && server_is_allowed (self, message, reply))
    {
      sandbox_square_answer (self->world, request, sandbox_mischief_twist (fault), reply);
      sandbox_mischief_spoil (fault, reply);
    }
}

static gboolean
unpause_cb (gpointer data)
{
  soup_server_message_unpause (data);
  return G_SOURCE_REMOVE;
}

static void
server_delay (SandboxServer     *self,
              SoupServerMessage *message)
{
  if (self->options.latency == 0)
    return;
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, self->options.latency, unpause_cb, g_object_ref (message), g_object_unref);
}

static void
server_serve_square (SandboxServer     *self,
                     SandboxRequest    *request,
                     gboolean           is_json,
                     SoupServerMessage *message)
{
  g_autoptr(SandboxReply) reply = sandbox_reply_new ();
  const SandboxFault *fault = sandbox_faults_draw (self->faults, request->path);

  sandbox_stats_count (&self->stats, request->path);
  if (is_json)
    server_answer_square (self, request, fault, reply, message);
  else
    sandbox_reply_bad (reply, "EXPECTED_JSON_BODY", NULL, "The request body must be JSON.");

  self->stats.bytes += reply->length;
  if (!sandbox_mischief_send (fault, reply, message))
    sandbox_reply_send (reply, message, wants_gzip (self, message));
  if (fault == NULL || fault->kind != SANDBOX_FAULT_HANG)
    server_delay (self, message);
}

static void
server_serve_control (SandboxServer     *self,
                      SandboxRequest    *request,
                      SoupServerMessage *message)
{
  SandboxControl control = { self->world, &self->clock, self->faults, &self->stats };
  g_autoptr(SandboxReply) reply = sandbox_reply_new ();

  if (sandbox_control_answer (&control, request, reply, message))
    sandbox_reply_send (reply, message, FALSE);
}

static void
server_request_cb (SoupServer        *soup,
                   SoupServerMessage *message,
                   const char        *path,
                   GHashTable        *query,
                   gpointer           data)
{
  SandboxServer *self = data;
  g_autoptr(GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_auto(SandboxRequest) request = { 0 };
  gboolean is_json = sandbox_request_init (&request, soup_server_message_get_method (message), path,
                                           g_uri_get_query (soup_server_message_get_uri (message)), body);

  request.version = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Square-Version");
  sandbox_world_advance (self->world, MAX (sandbox_clock_get (&self->clock), sandbox_world_get_now (self->world)));
  if (g_str_has_prefix (path, SANDBOX_CONTROL_PREFIX))
    server_serve_control (self, &request, message);
  else
    server_serve_square (self, &request, is_json, message);
}

/**
 * sandbox_server_new:
 * @options: copied; its texts must live as long as the server
 * @faults: (transfer none): what goes wrong; must live as long as the server
 *
 * Makes the business, which takes a few seconds if it is large.
 *
 * Returns: (transfer full): a server that does not listen yet
 */
SandboxServer *
sandbox_server_new (const SandboxServerOptions *options,
                    SandboxFaults              *faults)
{
  SandboxServer *self = g_new0 (SandboxServer, 1);

  self->options = *options;
  self->faults = faults;
  self->world = sandbox_world_new (&options->world);
  self->bearer = g_strconcat ("Bearer ", options->token, NULL);
  sandbox_clock_init (&self->clock, options->world.now, options->speed);
  sandbox_stats_init (&self->stats);
  self->soup = soup_server_new ("server-header", "tidemark-sandbox", NULL);
  soup_server_add_handler (self->soup, NULL, server_request_cb, self, NULL);
  return self;
}

/** sandbox_server_free: stops listening and ends the business. */
void
sandbox_server_free (SandboxServer *self)
{
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  sandbox_stats_clear (&self->stats);
  sandbox_world_free (self->world);
  g_free (self->bearer);
  g_free (self);
}

/** sandbox_server_listen: on loopback only; %FALSE with @error if the port is taken. */
gboolean
sandbox_server_listen (SandboxServer  *self,
                       GError        **error)
{
  return soup_server_listen_local (self->soup, self->options.port, SOUP_SERVER_LISTEN_IPV4_ONLY, error);
}

/** sandbox_server_get_port: the port it listens on. */
guint
sandbox_server_get_port (SandboxServer *self)
{
  GSList *uris = soup_server_get_uris (self->soup);
  guint port = uris != NULL ? (guint)g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return port;
}
