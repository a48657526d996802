/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-requester-private.h"

#include <string.h>

#include "tide-backoff.h"
#include "tide-duration.h"
#include "tide-time.h"

/* Shorter waits for the rate limit are too many and too dull for the log. */
#define SHORTEST_WAIT_TO_LOG TIDE_SECOND

/* Characters of a provider's own words that are passed on. */
#define LONGEST_MESSAGE 200

/* One exchange under way, with all its attempts. */
typedef struct
{
  TideRequester      *requester;
  const TideExchange *exchange;
  GCancellable       *cancellable;
  GHashTable         *used;          /* (owned) secrets of the last attempt */
  char               *title;         /* (owned) "GET https://host/path" */
  guint               attempts;
  guint               failed;
  gboolean            refreshed;
  gint64              wait;          /* at least this before the next attempt */
} Exchange;

static void
exchange_clear (Exchange *self)
{
  g_clear_pointer (&self->used, g_hash_table_unref);
  g_clear_pointer (&self->title, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)

static void
exchange_note (Exchange   *self,
               const char *level,
               const char *text,
               gboolean    retry,
               gint64      wait,
               const char *wait_reason)
{
  TideRequestNote note = { level, text, retry, wait, wait_reason };

  if (self->exchange->note_func != NULL)
    self->exchange->note_func (&note, self->exchange->note_data);
}

/* An address without its query, which may hold a key. */
static char *
make_title (const TideRequest *request)
{
  g_autofree char *bare = g_strndup (request->url, strcspn (request->url, "?#"));

  return g_strdup_printf ("%s %s", request->method, bare);
}

static gboolean
exchange_wait_for_limit (Exchange  *self,
                         GError   **error)
{
  TideRequester *requester = self->requester;
  gint64 wait = tide_rate_limiter_take (requester->limiter, tide_clock_monotonic (requester->clock));
  g_autofree char *words = NULL;
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;

  if (wait <= 0)
    return TRUE;
  words = tide_duration_to_words (wait);
  reason = g_strdup_printf ("rate limit of %s", tide_manifest_get_name (requester->manifest));
  text = g_strdup_printf ("waiting %s for the %s", words, reason);
  exchange_note (self, wait < SHORTEST_WAIT_TO_LOG ? "debug" : "info", text, FALSE, wait, reason);
  return tide_clock_sleep (requester->clock, wait, self->cancellable, error);
}

static TideRequest *
exchange_build (Exchange  *self,
                GError   **error)
{
  TideRequester *requester = self->requester;
  TideManifest *manifest = requester->manifest;
  TideTemplateScope scope = *self->exchange->scope;
  const TideRequestSpec common = { .method = (char *)"GET", .path = (char *)"", .headers = manifest->headers };
  g_autoptr(TideRequest) headers = NULL;
  g_autoptr(TideRequest) request = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_clear_pointer (&self->used, g_hash_table_unref);
  self->used = tide_secret_cache_dup (requester->secrets, error);
  if (self->used == NULL)
    return NULL;
  scope.settings = requester->settings;
  scope.secrets = NULL;
  headers = tide_request_spec_expand (&common, requester->base_url, NULL, &scope);
  request = tide_request_spec_expand (self->exchange->spec, requester->base_url, self->exchange->url, &scope);
  g_strv_builder_addv (builder, (const char **)headers->headers);
  g_strv_builder_addv (builder, (const char **)request->headers);
  g_strfreev (request->headers);
  request->headers = g_strv_builder_end (builder);
  request->idle_timeout = manifest->idle_timeout;
  request->total_timeout = manifest->total_timeout;
  request->max_size = manifest->max_page_bytes;
  if (self->title == NULL)
    self->title = make_title (request);
  scope.secrets = self->used;
  tide_authenticator_apply (manifest->authenticator, &scope, request);
  return g_steal_pointer (&request);
}

static char *
dup_provider_words (TideRequester      *self,
                    const TideResponse *response)
{
  const char *pointers[1] = { self->manifest->error_message };
  TideJsonValue value = { TIDE_JSON_ABSENT };
  g_autofree char *text = NULL;
  g_autofree char *valid = NULL;
  gsize length;
  const char *body = g_bytes_get_data (response->body, &length);

  if (pointers[0] == NULL || length == 0)
    return NULL;
  tide_json_lookup (body, length, pointers, 1, &value);
  if (value.type != TIDE_JSON_STRING)
    return NULL;
  text = tide_json_value_dup_string (&value);
  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  g_strdelimit (valid, "\r\n\t", ' ');
  if (g_utf8_strlen (valid, -1) > LONGEST_MESSAGE)
    *g_utf8_offset_to_pointer (valid, LONGEST_MESSAGE) = '\0';
  return tide_secret_cache_redact (self->secrets, valid);
}

static void
exchange_set_error (Exchange             *self,
                    const TideErrorRule  *rule,
                    const TideResponse   *response,
                    GError              **error)
{
  int code = rule->code >= 0 ? rule->code : tide_error_rules_default (response->status)->code;
  g_autofree char *words = dup_provider_words (self->requester, response);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: HTTP %u", self->title, response->status);
  if (rule->say != NULL)
    g_string_append_printf (text, ": %s", rule->say);
  if (words != NULL)
    g_string_append_printf (text, " (%s)", words);
  g_set_error_literal (error, TIDE_ERROR, code >= 0 ? code : TIDE_ERROR_PROVIDER, text->str);
}

static gint64
get_count (const TideResponse *response,
           const char         *header)
{
  const char *text = header != NULL ? tide_response_get_header (response, header) : NULL;
  char *end;
  double count;

  if (text == NULL)
    return -1;
  count = g_ascii_strtod (text, &end);
  return end != text && count >= 0 ? MIN (count, 1e15) : -1;
}

/* Takes note of what the provider says about the requests that are left. */
static void
exchange_heed_headers (Exchange           *self,
                       const TideResponse *response)
{
  TideRequester *requester = self->requester;
  const TideRateLimitSpec *limit = &requester->manifest->rate_limit;
  gint64 now = tide_clock_monotonic (requester->clock);
  gint64 remaining = get_count (response, limit->remaining_header);
  const char *reset = NULL;
  gint64 wait = -1;

  if (limit->reset_header != NULL)
    reset = tide_response_get_header (response, limit->reset_header);
  if (reset != NULL)
    wait = tide_backoff_get_reset (reset, tide_clock_now (requester->clock));
  tide_rate_limiter_tell (requester->limiter, get_count (response, limit->limit_header), remaining,
                          wait >= 0 ? now + wait : G_MAXINT64);
  if (remaining == 0 && wait > 0)
    tide_rate_limiter_hold (requester->limiter, now + MIN (wait, requester->manifest->retry.retry_after_cap));
}

/* What the provider asks for in Retry-After holds for all requests of the connection. */
static gboolean
exchange_heed_retry_after (Exchange             *self,
                           const TideErrorRule  *rule,
                           const TideResponse   *response,
                           GError              **error)
{
  TideRequester *requester = self->requester;
  gint64 asked = tide_backoff_get_retry_after (response, tide_clock_now (requester->clock));
  g_autofree char *words = NULL;

  self->wait = MAX (rule->wait, asked);
  if (asked > 0)
    tide_rate_limiter_ask (requester->limiter, tide_clock_monotonic (requester->clock) + asked);
  if (asked <= requester->manifest->retry.retry_after_cap)
    {
      if (asked > 0 && response->status == 429)
        tide_rate_limiter_hold (requester->limiter, tide_clock_monotonic (requester->clock) + asked);
      return TRUE;
    }

  /* To come back earlier would only annoy; the next run will find it ready. */
  words = tide_duration_to_words (asked);
  exchange_set_error (self, rule, response, error);
  g_prefix_error (error, "%s asks to be left alone for %s: ", tide_manifest_get_name (requester->manifest), words);
  return FALSE;
}

static const TideErrorRule *
exchange_find_rule (Exchange           *self,
                    const TideResponse *response)
{
  const TideErrorRule *rule = tide_error_rules_find (self->exchange->errors, response);

  if (rule == NULL)
    rule = tide_error_rules_find (self->requester->manifest->errors, response);
  return rule != NULL ? rule : tide_error_rules_default (response->status);
}

static gboolean
exchange_refresh (Exchange             *self,
                  const TideErrorRule  *rule,
                  const TideResponse   *response,
                  GError              **error)
{
  if (!self->refreshed && tide_secret_cache_refresh (self->requester->secrets, self->used, NULL))
    {
      self->refreshed = TRUE;
      self->wait = -1;
      exchange_note (self, "info", "the login was refused; trying again with the one that is kept now", TRUE, 0, NULL);
      return TRUE;
    }
  exchange_set_error (self, rule, response, error);
  return FALSE;
}

/* Whether the record that was asked for by its id is gone; but a page of words comes from somebody in between, and a
 * rule of the manifest's knows better. */
static gboolean
says_gone (const TideErrorRule *rule,
           const TideResponse  *response)
{
  const char *type = tide_response_get_header (response, "content-type");

  return (response->status == 404 || response->status == 410) && rule == tide_error_rules_default (response->status) &&
         (g_bytes_get_size (response->body) == 0 || (type != NULL && strstr (type, "json") != NULL));
}

/* Sends once. Returns the answer; or %NULL with @error, and in @action what that means. */
static TideResponse *
exchange_attempt (Exchange         *self,
                  TideErrorAction  *action,
                  GError          **error)
{
  TideRequester *requester = self->requester;
  g_autoptr(TideRequest) request = exchange_build (self, error);
  g_autoptr(TideResponse) response = NULL;
  const TideErrorRule *rule;

  *action = TIDE_ERROR_ACTION_FAIL;
  if (request == NULL)
    return NULL;
  response = tide_transport_send (requester->transport, request, self->cancellable, error);
  if (response == NULL)
    {
      *action = TIDE_ERROR_ACTION_RETRY;
      return NULL;
    }

  exchange_heed_headers (self, response);
  rule = exchange_find_rule (self, response);
  *action = rule->action;
  if (self->exchange->may_be_gone && says_gone (rule, response))
    *action = TIDE_ERROR_ACTION_NONE;
  if (*action == TIDE_ERROR_ACTION_NONE)
    {
      if (self->exchange->check == NULL || self->exchange->check (response, self->exchange->check_data, error))
        return g_steal_pointer (&response);
      g_prefix_error (error, "%s: ", self->title);
      *action = TIDE_ERROR_ACTION_RETRY;
    }
  else if (rule->action == TIDE_ERROR_ACTION_REFRESH_LOGIN)
    {
      if (!exchange_refresh (self, rule, response, error))
        *action = TIDE_ERROR_ACTION_FAIL;
    }
  else if (rule->action != TIDE_ERROR_ACTION_RETRY)
    exchange_set_error (self, rule, response, error);
  else if (exchange_heed_retry_after (self, rule, response, error))
    exchange_set_error (self, rule, response, error);
  else
    *action = TIDE_ERROR_ACTION_FAIL;
  return NULL;
}

static gboolean
exchange_back_off (Exchange      *self,
                   const GError  *failure,
                   GError       **error)
{
  const TideRetrySpec *retry = &self->requester->manifest->retry;
  gint64 wait = tide_backoff_get_jittered (retry->base, retry->cap, self->failed, g_random_double ());
  g_autofree char *words = NULL;
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;

  wait = MAX (wait, self->wait);
  self->wait = 0;
  words = tide_duration_to_words (wait);
  text = g_strdup_printf ("%s; trying again in %s (%u of %u)", failure->message, words,
                          self->failed + 1, self->attempts);
  reason = g_strdup_printf ("%s to recover", tide_manifest_get_name (self->requester->manifest));
  exchange_note (self, "warning", text, TRUE, wait, reason);
  return tide_clock_sleep (self->requester->clock, wait, self->cancellable, error);
}

static gboolean
is_worth_retrying (const GError *error)
{
  return error->domain == TIDE_ERROR && error->code != TIDE_ERROR_INVALID && error->code != TIDE_ERROR_NO_KEYRING;
}

/* After a failed attempt: waits and returns %TRUE to go on, or sets the final error. */
static gboolean
exchange_go_on (Exchange         *self,
                TideErrorAction  *action,
                GError           *failure,
                GError          **error)
{
  g_autoptr(GError) owned = failure;

  if (*action == TIDE_ERROR_ACTION_REFRESH_LOGIN)
    return TRUE;
  if (*action != TIDE_ERROR_ACTION_RETRY || !is_worth_retrying (failure))
    {
      if (*action == TIDE_ERROR_ACTION_RETRY)
        *action = TIDE_ERROR_ACTION_FAIL;
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }
  self->failed++;
  if (self->failed < self->attempts)
    return exchange_back_off (self, failure, error);

  *action = TIDE_ERROR_ACTION_FAIL;
  if (self->attempts > 1)
    g_prefix_error (&owned, "gave up after %u attempts: ", self->attempts);
  g_propagate_error (error, g_steal_pointer (&owned));
  return FALSE;
}

static gboolean
check_settings (TideRequester  *self,
                GError        **error)
{
  gsize n_settings;
  const TideSettingSpec *settings = tide_manifest_get_settings (self->manifest, &n_settings);

  for (gsize i = 0; i < n_settings; i++)
    if (settings[i].required && !g_hash_table_contains (self->settings, settings[i].name))
      {
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the setting \"%s\" of the connection is missing",
                     settings[i].name);
        return FALSE;
      }
  if (self->base_url == NULL)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s has no such environment",
                   tide_manifest_get_name (self->manifest));
      return FALSE;
    }
  return TRUE;
}

/**
 * tide_requester_exchange:
 * @exchange: what to send, and how the answer is judged
 * @action: (out): after a failure, what the rules say to do about it
 * @cancellable: (nullable): wakes it from any wait
 *
 * Sends a request until it is answered well, the rules say to give up, or the attempts are used up. Blocks;
 * thread-safe.
 *
 * Returns: (transfer full): a good answer, or %NULL with @error and @action set
 */
TideResponse *
tide_requester_exchange (TideRequester       *self,
                         const TideExchange  *exchange,
                         TideErrorAction     *action,
                         GCancellable        *cancellable,
                         GError             **error)
{
  g_auto(Exchange) state = { self, exchange, cancellable };

  *action = TIDE_ERROR_ACTION_FAIL;
  state.attempts = exchange->attempts != 0 ? exchange->attempts : self->manifest->retry.attempts;
  if (!check_settings (self, error))
    return NULL;

  for (;;)
    {
      GError *failure = NULL;
      TideResponse *response;

      if (!exchange_wait_for_limit (&state, error))
        return NULL;
      response = exchange_attempt (&state, action, &failure);
      if (response != NULL)
        return response;
      if (!exchange_go_on (&state, action, failure, error))
        return NULL;
    }
}
