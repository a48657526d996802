/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-requester-private.h"

#include <string.h>

#include "tide-error.h"

G_DEFINE_FINAL_TYPE (TideRequester, tide_requester, G_TYPE_OBJECT)

TideManifest *
tide_requester_get_manifest (TideRequester *self)
{
  return self->manifest;
}

const char *
tide_requester_get_base_url (TideRequester *self)
{
  return self->base_url;
}

GHashTable *
tide_requester_get_settings (TideRequester *self)
{
  return self->settings;
}

static gboolean
is_same_origin (GUri *a,
                GUri *b)
{
  return g_strcmp0 (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_strcmp0 (g_uri_get_host (a), g_uri_get_host (b)) == 0 && g_uri_get_port (a) == g_uri_get_port (b);
}

/**
 * tide_requester_check_url:
 * @url: where the provider says the next page is; may be relative
 *
 * The login is never carried to another host.
 *
 * Returns: (transfer full): the address without any login in it, or %NULL with TIDE_ERROR_PROVIDER
 */
char *
tide_requester_check_url (TideRequester  *self,
                          const char     *url,
                          GError        **error)
{
  const GUriFlags flags = G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY |
                          G_URI_FLAGS_SCHEME_NORMALIZE;
  g_autoptr(GUri) base = g_uri_parse (self->base_url, flags, NULL);
  g_autoptr(GUri) target = base != NULL ? g_uri_parse_relative (base, url, flags, NULL) : NULL;
  g_autofree char *absolute = NULL;

  if (target == NULL || !is_same_origin (base, target))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the next page is said to be at another host (%s)",
                   target != NULL ? g_uri_get_host (target) : "not an address");
      return NULL;
    }
  absolute = g_uri_to_string_partial (target, G_URI_HIDE_PASSWORD | G_URI_HIDE_USERINFO | G_URI_HIDE_FRAGMENT);
  return tide_authenticator_strip_url (self->manifest->authenticator, absolute);
}

static void
tide_requester_finalize (GObject *object)
{
  TideRequester *self = TIDE_REQUESTER (object);

  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_clear_object (&self->transport);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->secrets, tide_secret_cache_free);
  g_clear_pointer (&self->limiter, tide_rate_limiter_free);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->base_url, g_free);
  G_OBJECT_CLASS (tide_requester_parent_class)->finalize (object);
}

static void
tide_requester_class_init (TideRequesterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_requester_finalize;
}

static void
tide_requester_init (TideRequester *self)
{
}

static char *
setting_to_text (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return json_to_string (node, FALSE);
}

static GHashTable *
read_settings (TideManifest *manifest,
               const char   *text)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  gsize n_specs;
  const TideSettingSpec *specs = tide_manifest_get_settings (manifest, &n_specs);

  for (gsize i = 0; i < n_specs; i++)
    {
      char *value = NULL;

      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root) &&
          json_object_has_member (json_node_get_object (root), specs[i].name))
        value = setting_to_text (json_object_get_member (json_node_get_object (root), specs[i].name));
      if (value == NULL)
        value = g_strdup (specs[i].fallback);
      if (value != NULL)
        g_hash_table_insert (settings, g_strdup (specs[i].name), value);
    }
  return settings;
}

static gboolean
collect_secret_cb (const char  *name,
                   const char  *format,
                   gpointer     user_data,
                   GError     **error)
{
  GPtrArray *names = user_data;
  const char *secret = name + strlen ("secrets.");

  if (g_str_has_prefix (name, "secrets.") && !g_ptr_array_find_with_equal_func (names, secret, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (secret));
  return TRUE;
}

static gboolean
is_loopback (const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr(GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  return g_strcmp0 (host, "localhost") == 0 || (address != NULL && g_inet_address_get_is_loopback (address));
}

static char *
make_base_url (TideRequester        *self,
               const TideConnection *connection)
{
  const char *template = tide_manifest_get_base_url (self->manifest, connection->environment);
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;

  if (connection->base_url != NULL)
    return g_strdup (connection->base_url);
  scope.settings = self->settings;
  return template != NULL ? tide_template_expand (template, &scope) : NULL;
}

/**
 * tide_requester_new:
 * @manifest: the connection's provider
 * @connection: whose requests
 * @transport: the network
 * @clock: all waits go through it
 * @secret_func: gives the connection's secrets; called on whichever thread sends
 * @user_data: for @secret_func
 * @destroy: (nullable): frees @user_data
 *
 * The rate limit is the provider's, so it does not hold for a connection whose address was turned to
 * this computer (the sandbox, a proxy under test).
 *
 * Returns: (transfer full): a requester, to be shared by all runs of the connection
 */
TideRequester *
tide_requester_new (TideManifest         *manifest,
                    const TideConnection *connection,
                    TideTransport        *transport,
                    TideClock            *clock,
                    TideSecretFunc        secret_func,
                    gpointer              user_data,
                    GDestroyNotify        destroy)
{
  TideRequester *self = g_object_new (TIDE_TYPE_REQUESTER, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const TideRateLimitSpec *limit = &manifest->rate_limit;
  gboolean limited = connection->base_url == NULL || !is_loopback (connection->base_url);

  self->manifest = tide_manifest_ref (manifest);
  self->transport = g_object_ref (transport);
  self->clock = g_object_ref (clock);
  self->settings = read_settings (manifest, connection->settings);
  self->base_url = make_base_url (self, connection);
  self->limiter = tide_rate_limiter_new (limited ? limit->requests : 0, limit->per, limit->burst);
  tide_authenticator_visit (manifest->authenticator, collect_secret_cb, names);
  self->secrets = tide_secret_cache_new (names, secret_func, user_data, destroy);
  return self;
}

/* What was reckoned on the clock that never goes back, as an instant; 0 if it is over. */
static gint64
to_instant (TideRequester *self,
            gint64         until,
            gint64         now)
{
  return until > now ? tide_clock_now (self->clock) + (until - now) : 0;
}

/**
 * tide_requester_get_hold:
 *
 * Thread-safe.
 *
 * Returns: the instant until which the provider asked to be left alone (Retry-After, or no requests left), 0 if it
 *    did not or that is over. It may be further away than a request would wait for
 */
gint64
tide_requester_get_hold (TideRequester *self)
{
  gint64 now;
  TideRateLook look;

  g_return_val_if_fail (TIDE_IS_REQUESTER (self), 0);

  now = tide_clock_monotonic (self->clock);
  tide_rate_limiter_look (self->limiter, now, &look);
  return to_instant (self, look.held_until, now);
}

/**
 * tide_requester_get_rate:
 * @limit: (out) (optional): how many requests the provider admits, by its own word or else the manifest's; 0 = not known
 * @per: (out) (optional): in how many microseconds, by the manifest; 0 where that names no limit
 * @used: (out) (optional): how many of them are used up at this moment
 * @remaining: (out) (optional): how many are left, -1 = not known
 * @held_until: (out) (optional): as tide_requester_get_hold()
 *
 * How the connection stands with its rate limit. One whose address was turned to this computer has none of the
 * manifest's. Thread-safe.
 */
void
tide_requester_get_rate (TideRequester *self,
                         guint         *limit,
                         gint64        *per,
                         guint         *used,
                         gint64        *remaining,
                         gint64        *held_until)
{
  gint64 now;
  TideRateLook look;

  g_return_if_fail (TIDE_IS_REQUESTER (self));

  now = tide_clock_monotonic (self->clock);
  tide_rate_limiter_look (self->limiter, now, &look);
  if (limit != NULL)
    *limit = look.limit;
  if (per != NULL)
    *per = look.per;
  if (used != NULL)
    *used = look.used;
  if (remaining != NULL)
    *remaining = look.remaining;
  if (held_until != NULL)
    *held_until = to_instant (self, look.held_until, now);
}
