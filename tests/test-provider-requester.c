/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "provider-fixture.h"
#include "tide-backoff.h"
#include "tide-rate-limiter.h"
#include "tide-requester-private.h"

/* Login, errors, retries and limits. Time is simulated: no wait takes any. */

#define STREAM \
  "\"streams\": [{\"name\": \"items\", \"label\": \"Items\", \"entity\": \"things\"," \
  " \"request\": {\"path\": \"/items\", \"query\": {\"a\": \"1 2&3\"}}, \"records\": {\"pointer\": \"/items\", \"id\": \"/id\"}," \
  " \"fields\": [{\"name\": \"name\", \"type\": \"text\"}]}]"

#define BEARER "\"authenticator\": {\"type\": \"bearer\", \"token\": \"{{ secrets.token }}\"},\n"

/* What the provider answers, in order; the last one for ever. */
typedef struct
{
  guint       status;
  const char *header;
  const char *value;
  const char *body;
} Answer;

typedef struct
{
  const Answer *answers;
  guint         n_answers;
  char         *seen;        /* a request header, of the last call */
  const char   *header;
} Script;

static void
serve_script (ProviderCall *call,
              gpointer      user_data)
{
  Script *script = user_data;
  const Answer *answer = &script->answers[MIN (call->number, script->n_answers - 1)];

  call->status = answer->status;
  g_string_assign (call->answer, answer->body != NULL ? answer->body : "{}");
  if (answer->header != NULL)
    soup_message_headers_replace (call->headers, answer->header, answer->value);
  if (script->header != NULL)
    {
      g_free (script->seen);
      script->seen = g_strdup (soup_message_headers_get_one (call->request_headers, script->header));
    }
}

static gboolean
send_with (ProviderFixture *fixture,
           GCancellable    *cancellable,
           TideErrorAction *action,
           GError         **error)
{
  TideStream *stream = tide_manifest_get_stream (fixture->manifest, "items");
  const TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  const TideExchange exchange = { .spec = stream->request, .scope = &scope, .errors = stream->errors,
                                  .note_func = provider_note_cb, .note_data = fixture };
  g_autoptr(TideResponse) response = tide_requester_exchange (fixture->requester, &exchange, action, cancellable, error);

  provider_fixture_assert_no_secret (fixture, *error);
  return response != NULL;
}

static gboolean
send_once (ProviderFixture *fixture,
           GError         **error)
{
  TideErrorAction action;

  return send_with (fixture, NULL, &action, error);
}

/* Sends once to a provider that answers so, and expects that code. */
static void
expect (ProviderFixture *fixture,
        const Answer    *answers,
        guint            n_answers,
        int              code,
        const char      *words,
        guint            n_calls)
{
  Script script = { answers, n_answers };
  g_autoptr(GError) error = NULL;
  gboolean good;

  provider_fixture_forget (fixture);
  provider_fixture_serve (fixture, serve_script, &script);
  good = send_once (fixture, &error);
  provider_fixture_serve (fixture, NULL, NULL);
  g_assert_true (good == (code < 0));
  if (code >= 0)
    g_assert_error (error, TIDE_ERROR, code);
  if (words != NULL && strstr (error->message, words) == NULL)
    g_test_message ("%s", error->message);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, n_calls);
}

static void
assert_header (ProviderFixture *fixture,
               const char      *rest,
               const char      *header,
               const char      *expected)
{
  const Answer answer = { 200 };
  Script script = { &answer, 1, NULL, header };
  g_autoptr(GError) error = NULL;

  provider_fixture_load (fixture, rest);
  provider_fixture_serve (fixture, serve_script, &script);
  g_assert_true (send_once (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (script.seen, ==, expected);
  provider_fixture_serve (fixture, NULL, NULL);
  g_free (script.seen);
}

static void
test_login (ProviderFixture *fixture,
            gconstpointer    data)
{
  g_autofree char *call = NULL;

  assert_header (fixture, BEARER STREAM, "Authorization", "Bearer " PROVIDER_SECRET);
  assert_header (fixture, "\"authenticator\": {\"type\": \"basic\", \"username\": \"me\", \"password\": \"{{ secrets.token }}\"}," STREAM,
                 "Authorization", "Basic bWU6c3EwLXZlcnktc2VjcmV0LXRva2Vu");
  assert_header (fixture, "\"authenticator\": {\"type\": \"headers\", \"headers\": {\"apikey\": \"{{ secrets.token }}\"}}," STREAM,
                 "apikey", PROVIDER_SECRET);
  assert_header (fixture, "\"authenticator\": {\"type\": \"none\"}," STREAM, "Authorization", NULL);
  assert_header (fixture, BEARER "\"requester\": {\"headers\": {\"Toy-Version\": \"7\"}}," STREAM, "Toy-Version", "7");
  assert_header (fixture, BEARER STREAM, "Accept-Encoding", "gzip, deflate");
  assert_header (fixture, BEARER STREAM, "User-Agent", "Tidemark/0.1.0");

  provider_fixture_forget (fixture);
  assert_header (fixture, "\"authenticator\": {\"type\": \"query\", \"parameters\": {\"key\": \"{{ secrets.token }}\"}}," STREAM,
                 "Authorization", NULL);
  call = provider_fixture_get_call (fixture, 0);
  g_assert_cmpstr (call, ==, "GET /items?a=1%202%263&key=" PROVIDER_SECRET);
}

/* With the login in the address, no note and no error shows it. */
static void
test_query_key_hidden (ProviderFixture *fixture,
                       gconstpointer    data)
{
  const Answer answers[] = { { 500 }, { 503 }, { 400, NULL, NULL, "{\"message\": \"bad key " PROVIDER_SECRET " given\"}" } };

  provider_fixture_load (fixture, "\"authenticator\": {\"type\": \"query\", \"parameters\": {\"key\": \"{{ secrets.token }}\"}},"
                                  "\"requester\": {\"error_message\": \"/message\"}," STREAM);
  expect (fixture, answers, G_N_ELEMENTS (answers), TIDE_ERROR_INVALID, "bad key ••• given", 3);
}

static void
test_defaults (ProviderFixture *fixture,
               gconstpointer    data)
{
  const struct
  {
    guint status;
    int   code;
    guint n_calls;
  } cases[] = {
    { 200, -1, 1 }, { 204, -1, 1 },
    { 400, TIDE_ERROR_INVALID, 1 }, { 401, TIDE_ERROR_AUTH, 1 }, { 403, TIDE_ERROR_PERMISSION, 1 },
    { 404, TIDE_ERROR_NOT_FOUND, 1 }, { 405, TIDE_ERROR_PROVIDER, 1 }, { 422, TIDE_ERROR_INVALID, 1 },
    { 302, TIDE_ERROR_PROVIDER, 1 },
    { 408, TIDE_ERROR_PROVIDER, 5 }, { 429, TIDE_ERROR_PROVIDER, 5 }, { 500, TIDE_ERROR_PROVIDER, 5 },
    { 503, TIDE_ERROR_PROVIDER, 5 },
  };

  provider_fixture_load (fixture, BEARER STREAM);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Answer answer = { cases[i].status };
      g_autofree char *words = g_strdup_printf ("HTTP %u", cases[i].status);

      expect (fixture, &answer, 1, cases[i].code, cases[i].code >= 0 ? words : NULL, cases[i].n_calls);
    }
}

static void
test_recovers (ProviderFixture *fixture,
               gconstpointer    data)
{
  const Answer answers[] = { { 500 }, { 503 }, { 429 }, { 408 }, { 200 } };

  provider_fixture_load (fixture, BEARER STREAM);
  expect (fixture, answers, G_N_ELEMENTS (answers), -1, NULL, 5);
  g_assert_cmpuint (fixture->retries, ==, 4);
  g_assert_cmpuint (fixture->notes->len, ==, 4);
  g_assert_nonnull (strstr (g_ptr_array_index (fixture->notes, 0), "trying again in"));
  g_assert_nonnull (strstr (g_ptr_array_index (fixture->notes, 0), "[Toy to recover]"));
  /* The waits are the clock's. */
  g_assert_cmpint (tide_clock_now (TIDE_CLOCK (fixture->clock)) - PROVIDER_NOW, ==, fixture->waited);
}

static void
test_gives_up (ProviderFixture *fixture,
               gconstpointer    data)
{
  const Answer answer = { 503 };

  provider_fixture_load (fixture, BEARER "\"requester\": {\"retry\": {\"attempts\": 3}}," STREAM);
  expect (fixture, &answer, 1, TIDE_ERROR_PROVIDER, "gave up after 3 attempts: GET http", 3);
}

static void
test_jitter (void)
{
  for (guint attempt = 1; attempt < 100; attempt++)
    {
      gint64 longest = MIN (TIDE_MINUTE, TIDE_SECOND << MIN (attempt - 1, 20));

      g_assert_cmpint (tide_backoff_get_jittered (TIDE_SECOND, TIDE_MINUTE, attempt, 0.0), ==, 0);
      g_assert_cmpint (tide_backoff_get_jittered (TIDE_SECOND, TIDE_MINUTE, attempt, 0.5), ==, longest / 2);
      g_assert_cmpint (tide_backoff_get_jittered (TIDE_SECOND, TIDE_MINUTE, attempt, 1.0), ==, longest);
    }
}

static void
test_retry_after (ProviderFixture *fixture,
                  gconstpointer    data)
{
  const Answer seconds[] = { { 429, "Retry-After", "90" }, { 200 } };
  const Answer date[] = { { 503, "Retry-After", "Mon, 02 Mar 2026 12:05:00 GMT" }, { 200 } };
  const Answer past[] = { { 503, "Retry-After", "Mon, 02 Mar 2020 12:05:00 GMT" }, { 200 } };
  const Answer nonsense[] = { { 503, "Retry-After", "soon" }, { 200 } };
  const Answer day[] = { { 429, "Retry-After", "86400" }, { 200 } };

  provider_fixture_load (fixture, BEARER STREAM);
  expect (fixture, seconds, 2, -1, NULL, 2);
  g_assert_cmpint (fixture->waited, ==, 90 * TIDE_SECOND);

  tide_sim_clock_set (fixture->clock, PROVIDER_NOW);
  expect (fixture, date, 2, -1, NULL, 2);
  g_assert_cmpint (fixture->waited, ==, 5 * TIDE_MINUTE);
  expect (fixture, past, 2, -1, NULL, 2);
  g_assert_cmpint (fixture->waited, <=, TIDE_SECOND);
  expect (fixture, nonsense, 2, -1, NULL, 2);
  g_assert_cmpint (fixture->waited, <=, TIDE_SECOND);

  /* Nobody waits a day in front of it, and nobody comes back early either. */
  expect (fixture, day, 2, TIDE_ERROR_PROVIDER, "asks to be left alone for 1440 min", 1);
  g_assert_cmpint (fixture->waited, ==, 0);
}

/* Whoever plans the next attempt can ask until when it would be in vain. */
static void
test_hold (ProviderFixture *fixture,
           gconstpointer    data)
{
  const Answer day[] = { { 503, "Retry-After", "86400" } };
  const Answer fine = { 200 };
  gint64 held_until = -1;

  provider_fixture_load (fixture, BEARER STREAM);
  tide_sim_clock_set (fixture->clock, PROVIDER_NOW);
  expect (fixture, &fine, 1, -1, NULL, 1);
  g_assert_cmpint (tide_requester_get_hold (fixture->requester), ==, 0);
  expect (fixture, day, 1, TIDE_ERROR_PROVIDER, "asks to be left alone", 1);
  g_assert_cmpint (tide_requester_get_hold (fixture->requester), ==, PROVIDER_NOW + TIDE_DAY);
  tide_requester_get_rate (fixture->requester, NULL, NULL, NULL, NULL, &held_until);
  g_assert_cmpint (held_until, ==, PROVIDER_NOW + TIDE_DAY);

  /* It is told, not enforced: an owner who knows better may try. */
  expect (fixture, &fine, 1, -1, NULL, 1);
  g_assert_cmpint (fixture->waited, ==, 0);
  tide_sim_clock_advance (fixture->clock, TIDE_DAY);
  g_assert_cmpint (tide_requester_get_hold (fixture->requester), ==, 0);
}

static void
test_rules (ProviderFixture *fixture,
            gconstpointer    data)
{
  const Answer fault_in_200[] = { { 200, NULL, NULL, "{\"Fault\": {\"Error\": [{\"code\": \"3200\"}]}}" } };
  const Answer throttled_in_200[] = { { 200, NULL, NULL, "{\"Fault\": {\"Error\": [{\"code\": 3001}]}}" }, { 200 } };
  const Answer other_in_200[] = { { 200, NULL, NULL, "{\"Fault\": {\"Error\": [{\"code\": \"1\"}]}}" } };
  const Answer teapot[] = { { 418, NULL, NULL, "{}" } };
  const Answer conflict[] = { { 409, NULL, NULL, "{}" }, { 200 } };

  provider_fixture_load (fixture, BEARER "\"requester\": {\"errors\": ["
    " {\"pointer\": \"/Fault/Error/0/code\", \"value\": \"3200\", \"action\": \"fail\", \"error\": \"auth\", \"say\": \"connect again\"},"
    " {\"pointer\": \"/Fault/Error/0/code\", \"value\": [\"3001\", 3001], \"action\": \"retry\", \"wait\": \"60s\"},"
    " {\"pointer\": \"/Fault\", \"action\": \"fail\", \"error\": \"invalid\", \"say\": \"it does not like the question\"},"
    " {\"status\": [418, \"5xx\"], \"action\": \"fail\", \"error\": \"not_found\", \"say\": \"short and stout\"},"
    " {\"status\": 409, \"action\": \"retry\"}]}," STREAM);
  expect (fixture, fault_in_200, 1, TIDE_ERROR_AUTH, "HTTP 200: connect again", 1);
  expect (fixture, throttled_in_200, 2, -1, NULL, 2);
  g_assert_cmpint (fixture->waited, >=, 60 * TIDE_SECOND);
  expect (fixture, other_in_200, 1, TIDE_ERROR_INVALID, "does not like the question", 1);
  expect (fixture, teapot, 1, TIDE_ERROR_NOT_FOUND, "short and stout", 1);
  expect (fixture, conflict, 2, -1, NULL, 2);
}

static void
test_actions (ProviderFixture *fixture,
              gconstpointer    data)
{
  const Answer answers[] = { { 400, NULL, NULL, "{\"code\": \"OLD\"}" } };
  Script script = { answers, 1 };
  g_autoptr(GError) error = NULL;
  TideErrorAction action = TIDE_ERROR_ACTION_NONE;

  provider_fixture_load (fixture, BEARER "\"requester\": {\"errors\": ["
    " {\"status\": 400, \"pointer\": \"/code\", \"value\": \"OLD\", \"action\": \"restart\"}]}," STREAM);
  provider_fixture_serve (fixture, serve_script, &script);
  g_assert_false (send_with (fixture, NULL, &action, &error));
  g_assert_cmpint (action, ==, TIDE_ERROR_ACTION_RESTART);
}

/* The owner has entered a new token meanwhile. */
static void
serve_new_token (ProviderCall *call,
                 gpointer      user_data)
{
  ProviderFixture *fixture = user_data;
  const char *login = soup_message_headers_get_one (call->request_headers, "Authorization");

  if (g_strcmp0 (login, "Bearer new-token") == 0)
    return;
  call->status = 401;
  g_free (fixture->secret);
  fixture->secret = g_strdup ("new-token");
}

static void
test_refresh (ProviderFixture *fixture,
              gconstpointer    data)
{
  const Answer refused = { 401 };
  g_autoptr(GError) error = NULL;

  provider_fixture_load (fixture, BEARER STREAM);
  provider_fixture_serve (fixture, serve_new_token, fixture);
  g_assert_true (send_once (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 2);
  /* Not hammered with a login that is known to be bad. */
  expect (fixture, &refused, 1, TIDE_ERROR_AUTH, "HTTP 401", 1);
}

static void
test_no_secret (ProviderFixture *fixture,
                gconstpointer    data)
{
  const Answer answer = { 200 };

  provider_fixture_load (fixture, BEARER STREAM);
  g_clear_pointer (&fixture->secret, g_free);
  expect (fixture, &answer, 1, TIDE_ERROR_NO_KEYRING, "no keyring", 0);
}

static void
test_rate_limit (ProviderFixture *fixture,
                 gconstpointer    data)
{
  const Answer answer = { 200 };
  gint64 start = tide_clock_monotonic (TIDE_CLOCK (fixture->clock));

  provider_fixture_load (fixture, BEARER "\"requester\": {\"rate_limit\": {\"requests\": 5, \"per\": \"1s\", \"burst\": 2}}," STREAM);
  for (guint i = 0; i < 12; i++)
    expect (fixture, &answer, 1, -1, NULL, 1);
  /* Two at once, then one each fifth of a second. */
  g_assert_cmpint (tide_clock_monotonic (TIDE_CLOCK (fixture->clock)) - start, ==, 10 * TIDE_SECOND / 5);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (fixture->notes, 0), "debug: waiting 200 ms for the rate limit of Toy"));
}

static void
test_bucket (void)
{
  TideRateLimiter *limiter = tide_rate_limiter_new (10, TIDE_SECOND, 3);
  TideRateLimiter *none = tide_rate_limiter_new (0, 0, 0);

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (tide_rate_limiter_take (limiter, 0), ==, 0);
  g_assert_cmpint (tide_rate_limiter_take (limiter, 0), ==, TIDE_SECOND / 10);
  g_assert_cmpint (tide_rate_limiter_take (limiter, 0), ==, TIDE_SECOND / 5);
  /* A rest fills the bucket, but no more than full. */
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (tide_rate_limiter_take (limiter, TIDE_HOUR), ==, 0);
  g_assert_cmpint (tide_rate_limiter_take (limiter, TIDE_HOUR), ==, TIDE_SECOND / 10);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (tide_rate_limiter_take (none, 0), ==, 0);
  tide_rate_limiter_hold (none, 70);
  g_assert_cmpint (tide_rate_limiter_take (none, 20), ==, 50);
  tide_rate_limiter_free (limiter);
  tide_rate_limiter_free (none);
}

static void
serve_quota (ProviderCall *call,
             gpointer      user_data)
{
  soup_message_headers_replace (call->headers, "X-Remaining", call->number == 0 ? "0" : "9");
  soup_message_headers_replace (call->headers, "X-Reset", user_data);
}

static void
test_quota_headers (ProviderFixture *fixture,
                    gconstpointer    data)
{
  g_autoptr(GError) error = NULL;
  gint64 start = tide_clock_now (TIDE_CLOCK (fixture->clock));

  provider_fixture_load (fixture, BEARER "\"requester\": {\"rate_limit\": {\"requests\": 100, \"per\": \"1s\","
                                         " \"remaining_header\": \"X-Remaining\", \"reset_header\": \"X-Reset\"}}," STREAM);
  provider_fixture_serve (fixture, serve_quota, (gpointer)data);
  g_assert_true (send_once (fixture, &error));
  g_assert_true (send_once (fixture, &error));
  g_assert_cmpint (tide_clock_now (TIDE_CLOCK (fixture->clock)) - start, ==, 30 * TIDE_SECOND);
}

static void
assert_rate (ProviderFixture *fixture,
             guint            limit,
             gint64           per,
             guint            used,
             gint64           remaining)
{
  guint got_limit = 99;
  guint got_used = 99;
  gint64 got_per = -9;
  gint64 got_remaining = -9;

  tide_requester_get_rate (fixture->requester, &got_limit, &got_per, &got_used, &got_remaining, NULL);
  g_assert_cmpuint (got_limit, ==, limit);
  g_assert_cmpint (got_per, ==, per);
  g_assert_cmpuint (got_used, ==, used);
  g_assert_cmpint (got_remaining, ==, remaining);
}

/* Without a word of the provider's, the bucket tells. */
static void
test_rate_bucket (ProviderFixture *fixture,
                  gconstpointer    data)
{
  const Answer answer = { 200 };

  provider_fixture_load (fixture, BEARER STREAM);
  assert_rate (fixture, 0, 0, 0, -1);
  provider_fixture_load (fixture, BEARER "\"requester\": {\"rate_limit\": {\"requests\": 10, \"per\": \"1s\"}}," STREAM);
  assert_rate (fixture, 10, TIDE_SECOND, 0, 10);
  for (guint i = 0; i < 4; i++)
    expect (fixture, &answer, 1, -1, NULL, 1);
  assert_rate (fixture, 10, TIDE_SECOND, 4, 6);
  tide_sim_clock_advance (fixture->clock, TIDE_SECOND / 5);
  assert_rate (fixture, 10, TIDE_SECOND, 2, 8);
  tide_sim_clock_advance (fixture->clock, TIDE_HOUR);
  assert_rate (fixture, 10, TIDE_SECOND, 0, 10);
}

static void
serve_rate (ProviderCall *call,
            gpointer      user_data)
{
  soup_message_headers_replace (call->headers, "X-Limit", "40");
  soup_message_headers_replace (call->headers, "X-Remaining", user_data);
  soup_message_headers_replace (call->headers, "X-Reset", "30");
}

static void
test_rate_headers (ProviderFixture *fixture,
                   gconstpointer    data)
{
  g_autoptr(GError) error = NULL;

  tide_sim_clock_set (fixture->clock, PROVIDER_NOW);
  provider_fixture_load (fixture, BEARER "\"requester\": {\"rate_limit\": {\"requests\": 100, \"per\": \"1s\","
                                         " \"limit_header\": \"X-Limit\", \"remaining_header\": \"X-Remaining\","
                                         " \"reset_header\": \"X-Reset\"}}," STREAM);
  provider_fixture_serve (fixture, serve_rate, (gpointer)"7");
  g_assert_true (send_once (fixture, &error));
  assert_rate (fixture, 40, TIDE_SECOND, 33, 7);
  g_assert_cmpint (tide_requester_get_hold (fixture->requester), ==, 0);

  /* Once it counts anew, what it said is out of date. */
  tide_sim_clock_advance (fixture->clock, 30 * TIDE_SECOND);
  assert_rate (fixture, 40, TIDE_SECOND, 0, 40);

  provider_fixture_serve (fixture, serve_rate, (gpointer)"0");
  g_assert_true (send_once (fixture, &error));
  assert_rate (fixture, 40, TIDE_SECOND, 40, 0);
  g_assert_cmpint (tide_requester_get_hold (fixture->requester), ==,
                   tide_clock_now (TIDE_CLOCK (fixture->clock)) + 30 * TIDE_SECOND);

  provider_fixture_serve (fixture, serve_rate, (gpointer)"many");
  g_assert_true (send_once (fixture, &error));
  assert_rate (fixture, 40, TIDE_SECOND, 0, 40);
}

/* Cancels as soon as the requester has said that it is going to wait. */
typedef struct
{
  GMutex        mutex;
  GCond         cond;
  gboolean      noted;
  GCancellable *cancellable;
} Canceller;

static void
note_wait_cb (const TideRequestNote *note,
              gpointer               user_data)
{
  Canceller *self = user_data;

  g_mutex_lock (&self->mutex);
  self->noted = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static gpointer
cancel_thread (gpointer user_data)
{
  Canceller *self = user_data;

  g_mutex_lock (&self->mutex);
  while (!self->noted)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

/* With the real clock: ten minutes are over at once. */
static void
test_cancel_wait (ProviderFixture *fixture,
                  gconstpointer    data)
{
  const Answer answer = { 503, "Retry-After", "600" };
  Script script = { &answer, 1 };
  g_autoptr(TideClock) clock = tide_system_clock_new ();
  const TideConnection connection = { .provider = (char *)"toy", .name = (char *)"Toy", .environment = (char *)"production" };
  const TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { .cancellable = cancellable };
  TideExchange exchange = { .scope = &scope, .note_func = note_wait_cb, .note_data = &canceller };
  g_autoptr(GError) error = NULL;
  TideErrorAction action;
  GThread *thread;
  gint64 start = g_get_monotonic_time ();

  provider_fixture_load (fixture, "\"authenticator\": {\"type\": \"none\"}," STREAM);
  g_clear_object (&fixture->requester);
  fixture->requester = tide_requester_new (fixture->manifest, &connection, fixture->transport, clock, NULL, NULL, NULL);
  provider_fixture_serve (fixture, serve_script, &script);
  exchange.spec = tide_manifest_get_stream (fixture->manifest, "items")->request;
  thread = g_thread_new ("cancel", cancel_thread, &canceller);
  g_assert_null (tide_requester_exchange (fixture->requester, &exchange, &action, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, TIDE_MINUTE);
  g_thread_join (thread);
  g_clear_object (&fixture->requester);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) \
  g_test_add ("/provider/requester/" path, ProviderFixture, data, provider_fixture_set_up, func, provider_fixture_tear_down)
  ADD ("login", NULL, test_login);
  ADD ("query-key-hidden", NULL, test_query_key_hidden);
  ADD ("defaults", NULL, test_defaults);
  ADD ("recovers", NULL, test_recovers);
  ADD ("gives-up", NULL, test_gives_up);
  ADD ("retry-after", NULL, test_retry_after);
  ADD ("hold", NULL, test_hold);
  ADD ("rules", NULL, test_rules);
  ADD ("actions", NULL, test_actions);
  ADD ("refresh", NULL, test_refresh);
  ADD ("no-secret", NULL, test_no_secret);
  ADD ("rate-limit", NULL, test_rate_limit);
  ADD ("quota-headers/seconds", "30", test_quota_headers);
  ADD ("quota-headers/unix", "1772452830", test_quota_headers);
  ADD ("rate/bucket", NULL, test_rate_bucket);
  ADD ("rate/headers", NULL, test_rate_headers);
  ADD ("cancel-wait", NULL, test_cancel_wait);
  g_test_add_func ("/provider/requester/jitter", test_jitter);
  g_test_add_func ("/provider/requester/bucket", test_bucket);
  return g_test_run ();
}
