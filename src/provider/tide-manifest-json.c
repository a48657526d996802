/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-manifest-private.h"

#include "tide-duration.h"
#include "tide-time.h"

/* Makes a manifest out of JSON that the schema has passed. */

#define DEFAULT_ATTEMPTS 5
#define DEFAULT_BACKOFF_BASE TIDE_SECOND
#define DEFAULT_BACKOFF_CAP TIDE_MINUTE
#define DEFAULT_RETRY_AFTER_CAP (15 * TIDE_MINUTE)
#define DEFAULT_IDLE_SECONDS 30
#define DEFAULT_TOTAL_SECONDS 300
#define DEFAULT_MAX_PAGE_BYTES (64 * 1024 * 1024)

static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  if (object == NULL || !json_object_has_member (object, name))
    return NULL;
  return json_object_get_object_member (object, name);
}

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  if (object == NULL || !json_object_has_member (object, name))
    return NULL;
  return json_object_get_array_member (object, name);
}

static char *
dup_text (JsonObject *object,
          const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

static char *
dup_lower (JsonObject *object,
           const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, NULL);

  return text != NULL ? g_ascii_strdown (text, -1) : NULL;
}

static gboolean
has_text (JsonObject *object,
          const char *name,
          const char *text)
{
  return g_strcmp0 (json_object_get_string_member_with_default (object, name, NULL), text) == 0;
}

static gint64
read_duration (JsonObject *object,
               const char *name,
               gint64      fallback)
{
  const char *text = object != NULL ? json_object_get_string_member_with_default (object, name, NULL) : NULL;
  gint64 usec = fallback;

  if (text != NULL)
    tide_duration_parse (text, &usec);
  return usec;
}

static void
tide_secret_spec_clear (gpointer data)
{
  TideSecretSpec *self = data;

  g_free (self->name);
  g_free (self->label);
  g_free (self->help);
}

static GArray *
read_secrets (JsonArray *array)
{
  GArray *secrets = g_array_new (FALSE, TRUE, sizeof (TideSecretSpec));

  g_array_set_clear_func (secrets, tide_secret_spec_clear);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      TideSecretSpec secret = { dup_text (object, "name"), dup_text (object, "label"), dup_text (object, "help") };

      g_array_append_val (secrets, secret);
    }
  return secrets;
}

static void
tide_setting_spec_clear (gpointer data)
{
  TideSettingSpec *self = data;

  g_free (self->name);
  g_free (self->label);
  g_free (self->help);
  g_free (self->fallback);
}

static GArray *
read_settings (JsonArray *array)
{
  GArray *settings = g_array_new (FALSE, TRUE, sizeof (TideSettingSpec));

  g_array_set_clear_func (settings, tide_setting_spec_clear);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      TideSettingSpec setting = { dup_text (object, "name"), dup_text (object, "label"), dup_text (object, "help"),
                                  dup_text (object, "default"), FALSE };

      setting.required = json_object_get_boolean_member_with_default (object, "required", FALSE);
      g_array_append_val (settings, setting);
    }
  return settings;
}

static GHashTable *
read_base_urls (JsonObject *environments)
{
  GHashTable *urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, environments);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    g_hash_table_insert (urls, g_strdup (name), dup_text (json_node_get_object (node), "base_url"));
  return urls;
}

static char **
read_strings (JsonArray *array)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));
  return g_strv_builder_end (builder);
}

static TideOAuthSpec *
read_oauth (JsonObject *object)
{
  TideOAuthSpec *self;

  if (object == NULL)
    return NULL;
  self = g_new0 (TideOAuthSpec, 1);
  self->authorize_url = dup_text (object, "authorize_url");
  self->token_url = dup_text (object, "token_url");
  self->revoke_url = dup_text (object, "revoke_url");
  self->scopes = read_strings (get_array (object, "scopes"));
  self->pkce = json_object_get_boolean_member_with_default (object, "pkce", FALSE);
  self->json = has_text (object, "token_format", "json");
  self->basic = has_text (object, "client_authentication", "basic");
  return self;
}

static void
tide_oauth_spec_free (TideOAuthSpec *self)
{
  g_free (self->authorize_url);
  g_free (self->token_url);
  g_free (self->revoke_url);
  g_strfreev (self->scopes);
  g_free (self);
}

static void
read_rate_limit (TideRateLimitSpec *self,
                 JsonObject        *object)
{
  if (object == NULL)
    return;
  self->requests = json_object_get_int_member (object, "requests");
  self->per = read_duration (object, "per", TIDE_SECOND);
  self->burst = json_object_get_int_member_with_default (object, "burst", self->requests);
  self->limit_header = dup_lower (object, "limit_header");
  self->remaining_header = dup_lower (object, "remaining_header");
  self->reset_header = dup_lower (object, "reset_header");
}

static void
read_retry (TideRetrySpec *self,
            JsonObject    *object)
{
  self->attempts = DEFAULT_ATTEMPTS;
  if (object != NULL)
    self->attempts = json_object_get_int_member_with_default (object, "attempts", DEFAULT_ATTEMPTS);
  self->base = read_duration (object, "base", DEFAULT_BACKOFF_BASE);
  self->cap = read_duration (object, "cap", DEFAULT_BACKOFF_CAP);
  self->retry_after_cap = read_duration (object, "retry_after_cap", DEFAULT_RETRY_AFTER_CAP);
}

static void
read_requester (TideManifest *self,
                JsonObject   *object)
{
  JsonObject *timeout = get_object (object, "timeout");
  JsonObject *headers = get_object (object, "headers");

  self->headers = headers != NULL ? json_object_ref (headers) : NULL;
  read_rate_limit (&self->rate_limit, get_object (object, "rate_limit"));
  read_retry (&self->retry, get_object (object, "retry"));
  self->idle_timeout = MAX (1, read_duration (timeout, "idle", DEFAULT_IDLE_SECONDS * TIDE_SECOND) / TIDE_SECOND);
  self->total_timeout = MAX (1, read_duration (timeout, "total", DEFAULT_TOTAL_SECONDS * TIDE_SECOND) / TIDE_SECOND);
  self->max_page_bytes = DEFAULT_MAX_PAGE_BYTES;
  if (object != NULL)
    {
      self->max_page_bytes = json_object_get_int_member_with_default (object, "max_page_bytes",
                                                                      DEFAULT_MAX_PAGE_BYTES);
      self->error_message = dup_text (object, "error_message");
    }
  self->errors = tide_error_rules_new (get_array (object, "errors"));
}

static void
tide_check_spec_free (gpointer data)
{
  TideCheckSpec *self = data;

  g_clear_pointer (&self->request, tide_request_spec_free);
  g_free (self->account);
  g_free (self->records);
  g_strfreev (self->fields);
  g_free (self);
}

static GPtrArray *
read_checks (JsonArray *array)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func (tide_check_spec_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      JsonObject *details = get_object (object, "details");
      TideCheckSpec *check = g_new0 (TideCheckSpec, 1);

      check->request = tide_request_spec_new (json_object_get_object_member (object, "request"), NULL);
      check->account = dup_text (object, "account");
      if (details != NULL)
        {
          check->records = dup_text (details, "records");
          check->fields = read_strings (get_array (details, "fields"));
        }
      g_ptr_array_add (checks, check);
    }
  return checks;
}

static void
read_streams (TideManifest *self,
              JsonArray    *array)
{
  self->streams = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      JsonArray *children = get_array (object, "children");
      TideStream *stream = tide_stream_new (self, object);

      g_ptr_array_add (self->streams, stream);
      for (guint j = 0; children != NULL && j < json_array_get_length (children); j++)
        g_ptr_array_add (self->streams,
                         tide_stream_new_child (self, stream, json_array_get_object_element (children, j)));
    }
}

/* The other streams that are read once for each record of one. */
static void
link_parents (TideManifest *self)
{
  for (guint i = 0; i < self->streams->len; i++)
    {
      TideStream *stream = g_ptr_array_index (self->streams, i);

      if (stream->partition.parent != NULL)
        stream->parent = tide_manifest_get_stream (self, stream->partition.parent);
    }
}

/**
 * tide_manifest_new_from_json:
 * @object: valid by the schema; what the schema cannot say may still be wrong
 * @origin: where it comes from, in words
 *
 * Returns: (transfer full): the manifest
 */
TideManifest *
tide_manifest_new_from_json (JsonObject *object,
                             const char *origin)
{
  TideManifest *self = g_new0 (TideManifest, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->origin = g_strdup (origin);
  self->id = dup_text (object, "id");
  self->name = dup_text (object, "name");
  self->summary = dup_text (object, "summary");
  self->tile = dup_text (object, "tile");
  self->base_urls = read_base_urls (json_object_get_object_member (object, "environments"));
  self->secrets = read_secrets (get_array (object, "secrets"));
  self->settings = read_settings (get_array (object, "settings"));
  self->authenticator = tide_authenticator_new (json_object_get_object_member (object, "authenticator"));
  self->oauth = read_oauth (get_object (object, "oauth2"));
  read_requester (self, get_object (object, "requester"));
  self->checks = read_checks (get_array (get_object (object, "check"), "requests"));
  read_streams (self, json_object_get_array_member (object, "streams"));
  link_parents (self);
  return self;
}

/* Frees what tide_manifest_new_from_json() made. */
void
tide_manifest_unref (TideManifest *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->errors, g_ptr_array_unref);
  g_clear_pointer (&self->headers, json_object_unref);
  g_clear_pointer (&self->oauth, tide_oauth_spec_free);
  g_clear_pointer (&self->authenticator, tide_authenticator_free);
  g_clear_pointer (&self->settings, g_array_unref);
  g_clear_pointer (&self->secrets, g_array_unref);
  g_clear_pointer (&self->base_urls, g_hash_table_unref);
  g_free (self->error_message);
  g_free (self->rate_limit.limit_header);
  g_free (self->rate_limit.remaining_header);
  g_free (self->rate_limit.reset_header);
  g_free (self->id);
  g_free (self->name);
  g_free (self->summary);
  g_free (self->tile);
  g_free (self->origin);
  g_free (self);
}
