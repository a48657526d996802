/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sync-run"

#include <string.h>

#include "sync-fixture.h"
#include "tide-approval-rows.h"
#include "tide-retry.h"
#include "tide-run-brake.h"
#include "tide-system-clock.h"

/* Attempts of a run: how they add up, end early, are held, and are tried again. */

#define LIVE "SELECT count(*) FROM toy_items WHERE _deleted = 0"
#define CONTENT "SELECT _id, _hash, _deleted, place, _raw FROM toy_items ORDER BY _id"
#define STATES "SELECT partition, state FROM sync_state"

/* Long enough for the slowest computer under sanitizers, and far from any answer that never comes. */
#define AT_ONCE (2 * TIDE_SECOND)

/* What goes wrong, and from which page on: the place in the list that the request asks for. */
typedef struct
{
  guint       from;
  guint       status;
  const char *retry_after;
} Fault;

static guint
get_place (ProviderCall *call)
{
  const char *cursor = provider_call_get (call, "cursor");

  return cursor != NULL ? (guint)g_ascii_strtoull (cursor + strlen ("c-"), NULL, 10) : 0;
}

static void
fail (ProviderCall *call,
      gpointer      user_data)
{
  const Fault *fault = user_data;

  if (get_place (call) < fault->from)
    return;
  call->status = fault->status;
  g_string_assign (call->answer, "{}");
  if (fault->retry_after != NULL)
    soup_message_headers_replace (call->headers, "Retry-After", fault->retry_after);
}

/* An answer that does not come before it is let go. */
typedef struct
{
  GMutex   lock;
  GCond    changed;
  guint    from;
  gboolean closed;
  gboolean reached;
  guint    n_waiting;
} Gate;

static void
wait_at_gate (ProviderCall *call,
              gpointer      user_data)
{
  Gate *gate = user_data;

  g_mutex_lock (&gate->lock);
  if (get_place (call) >= gate->from)
    {
      gate->reached = TRUE;
      gate->n_waiting++;
      g_cond_broadcast (&gate->changed);
      while (gate->closed)
        g_cond_wait (&gate->changed, &gate->lock);
      gate->n_waiting--;
      g_cond_broadcast (&gate->changed);
    }
  g_mutex_unlock (&gate->lock);
}

static void
gate_wait_reached (Gate *self)
{
  gint64 deadline = g_get_monotonic_time () + 30 * TIDE_SECOND;

  g_mutex_lock (&self->lock);
  while (!self->reached)
    g_assert_true (g_cond_wait_until (&self->changed, &self->lock, deadline));
  g_mutex_unlock (&self->lock);
}

/* When it returns, nobody is at the gate any more. */
static void
gate_open (Gate *self)
{
  g_mutex_lock (&self->lock);
  self->closed = FALSE;
  g_cond_broadcast (&self->changed);
  while (self->n_waiting > 0)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* Until what came before the gate is in the store. */
static void
wait_for_records (SyncFixture *fixture,
                  const char  *count)
{
  gint64 deadline = g_get_monotonic_time () + 30 * TIDE_SECOND;

  for (;;)
    {
      g_autofree char *found = sync_fixture_query (fixture, LIVE);

      if (g_str_equal (found, count))
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
}

/* Attempts add up: the run goes on where the one before failed, and its numbers with it. */
static void
test_attempts (SyncFixture   *fixture,
               gconstpointer  data)
{
  Fault fault = { 8, 500, NULL };
  gint64 asked_at = tide_clock_now (TIDE_CLOCK (fixture->provider.clock));
  gint64 due_at;
  TideRun *run;

  toy_set_fault (fixture->toy, fail, &fault);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpstr (run->error_code, ==, "provider");
  g_assert_nonnull (run->error_message);
  g_assert_cmpint (run->counts.read, ==, 8);
  g_assert_cmpint (run->pages, ==, 2);
  g_assert_cmpint (run->retries, ==, 1);
  g_assert_cmpint (run->expected, ==, 18);
  g_assert_cmpuint (run->attempts, ==, 1);
  g_assert_cmpuint (run->stalled, ==, 0);
  due_at = run->due_at - tide_clock_now (TIDE_CLOCK (fixture->provider.clock));
  g_assert_cmpint (due_at, >=, TIDE_SECOND);
  g_assert_cmpint (due_at, <=, 5 * TIDE_SECOND);

  tide_sim_clock_advance (fixture->provider.clock, TIDE_MINUTE);
  toy_set_fault (fixture->toy, NULL, NULL);
  provider_fixture_forget (&fixture->provider);
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_null (run->error_code);
  g_assert_null (run->error_message);
  g_assert_cmpint (run->counts.read, ==, 18);
  g_assert_cmpint (run->counts.created, ==, 18);
  g_assert_cmpint (run->pages, ==, 5);
  g_assert_cmpint (run->retries, ==, 1);
  g_assert_cmpint (run->expected, ==, 18);
  g_assert_cmpint (run->started_at, ==, asked_at);
  g_assert_cmpint (run->due_at, ==, 0);
  g_assert_cmpuint (provider_fixture_count_calls (&fixture->provider), ==, 3);
  sync_fixture_assert (fixture, LIVE, "18");
  g_assert_nonnull (strstr (run->phases, "\"read\""));
}

/* Attempts that bring nothing are not made for ever. */
static void
test_given_up (SyncFixture   *fixture,
               gconstpointer  data)
{
  Fault fault = { 0, 503, NULL };
  TideRun *run;

  toy_set_fault (fixture->toy, fail, &fault);
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  for (guint i = 1; i < 5; i++)
    {
      run = sync_fixture_go (fixture);
      g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
      g_assert_cmpuint (run->stalled, ==, i);
    }
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpint (run->due_at, ==, 0);
  g_assert_cmpstr (run->error_code, ==, "provider");
}

/* A page that has come makes up for those that have not. */
static void
test_progress (SyncFixture   *fixture,
               gconstpointer  data)
{
  Fault fault = { 0, 503, NULL };
  TideRun *run;

  toy_set_fault (fixture->toy, fail, &fault);
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  for (guint i = 1; i < 5; i++)
    sync_fixture_go (fixture);
  fault.from = 4;
  run = sync_fixture_go (fixture);
  g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpuint (run->stalled, ==, 0);
  g_assert_cmpuint (run->attempts, ==, 5);
}

static void
test_no_retry (SyncFixture   *fixture,
               gconstpointer  data)
{
  Fault fault = { 4, 401, NULL };
  TideRun *run;

  toy_set_fault (fixture->toy, fail, &fault);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpstr (run->error_code, ==, "auth");
  g_assert_cmpint (run->counts.read, ==, 4);

  fault.status = 500;
  fixture->job.retries = FALSE;
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpstr (run->error_code, ==, "provider");
}

/* Whoever asks to be left alone for longer than a request waits is. */
static void
test_hold (SyncFixture   *fixture,
           gconstpointer  data)
{
  Fault fault = { 4, 429, "7200" };
  TideRun *run;

  toy_set_fault (fixture->toy, fail, &fault);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpint (run->due_at, >=, tide_clock_now (TIDE_CLOCK (fixture->provider.clock)) + 7190 * TIDE_SECOND);
}

static gpointer
go_thread (gpointer user_data)
{
  return sync_fixture_go (user_data);
}

/* In the middle of an answer that does not come: what was there is kept, and nothing is asked for twice. */
static void
test_halt (SyncFixture   *fixture,
           gconstpointer  data)
{
  Gate gate = { .from = 8, .closed = TRUE };
  GThread *thread;
  gint64 since;

  toy_set_fault (fixture->toy, wait_at_gate, &gate);
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  thread = g_thread_new ("go", go_thread, fixture);
  gate_wait_reached (&gate);
  wait_for_records (fixture, "8");
  since = g_get_monotonic_time ();
  tide_sync_job_halt (&fixture->job, TIDE_RUN_PAUSED);
  g_thread_join (thread);
  g_assert_cmpint (g_get_monotonic_time () - since, <, AT_ONCE);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PAUSED);
  g_assert_cmpint (fixture->run->counts.read, ==, 8);
  g_assert_cmpuint (fixture->run->stalled, ==, 0);
  g_assert_null (fixture->run->error_code);
  sync_fixture_assert (fixture, LIVE, "8");
  gate_open (&gate);

  toy_set_fault (fixture->toy, NULL, NULL);
  provider_fixture_forget (&fixture->provider);
  sync_fixture_put_back (fixture, TIDE_RUN_ALLOW_NONE);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.created, ==, 18);
  g_assert_cmpuint (provider_fixture_count_calls (&fixture->provider), ==, 3);
  sync_fixture_assert (fixture, LIVE, "18");
}

static void
halt_now_and_then (ProviderCall *call,
                   gpointer      user_data)
{
  SyncFixture *fixture = user_data;

  if (call->number % 3 == 2)
    tide_sync_job_halt (&fixture->job, TIDE_RUN_PENDING);
}

/* However often, and wherever its pages are just then: each record comes once, and the run to its end. */
static void
test_halt_often (SyncFixture   *fixture,
                 gconstpointer  data)
{
  guint n_attempts = 0;

  toy_set_fault (fixture->toy, halt_now_and_then, fixture);
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  do
    {
      g_assert_cmpuint (n_attempts++, <, 1000);
      sync_fixture_put_back (fixture, TIDE_RUN_ALLOW_NONE);
      sync_fixture_go (fixture);
    }
  while (fixture->run->status == TIDE_RUN_PENDING);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpuint (n_attempts, >, 1);
  g_assert_cmpint (fixture->run->counts.read, ==, 102);
  g_assert_cmpint (fixture->run->counts.created, ==, 102);
  g_assert_cmpint (fixture->run->pages, ==, 26);
  sync_fixture_assert (fixture, LIVE, "102");
}

static void
test_halt_before (SyncFixture   *fixture,
                  gconstpointer  data)
{
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  tide_sync_job_halt (&fixture->job, TIDE_RUN_PENDING);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpint (fixture->run->due_at, ==, 0);
  g_assert_cmpuint (provider_fixture_count_calls (&fixture->provider), ==, 0);
}

/* Tells when the run waits, from the run's own threads. */
static void
waiting_cb (const TideSyncProgress *progress,
            gpointer                user_data)
{
  Gate *gate = user_data;

  if (progress->waiting == NULL)
    return;
  g_mutex_lock (&gate->lock);
  gate->reached = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

/* In a wait that takes its time. */
static void
test_halt_wait (SyncFixture   *fixture,
                gconstpointer  data)
{
  g_autoptr(TideClock) clock = tide_system_clock_new ();
  const TideConnection connection = { .id = 1, .venue_id = 1, .provider = (char *)"toy", .name = (char *)"Toy",
                                      .environment = (char *)"production" };
  g_autoptr(TideRequester) requester = tide_requester_new (fixture->provider.manifest, &connection,
                                                           fixture->provider.transport, clock, NULL, NULL, NULL);
  Fault fault = { 8, 503, "300" };
  Gate gate = { 0 };
  GThread *thread;
  gint64 since;

  fixture->job.requester = requester;
  fixture->job.progress_func = waiting_cb;
  fixture->job.progress_data = &gate;
  toy_set_fault (fixture->toy, fail, &fault);
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  thread = g_thread_new ("go", go_thread, fixture);
  gate_wait_reached (&gate);
  wait_for_records (fixture, "8");
  since = g_get_monotonic_time ();
  tide_sync_job_halt (&fixture->job, TIDE_RUN_PAUSED);
  g_thread_join (thread);
  g_assert_cmpint (g_get_monotonic_time () - since, <, AT_ONCE);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PAUSED);
  g_assert_cmpint (fixture->run->counts.read, ==, 8);
}

/* Cancelling drops what is open, and says what it was told to say. */
static void
test_cancel (SyncFixture   *fixture,
             gconstpointer  data)
{
  Gate gate = { .from = 8, .closed = TRUE };
  GThread *thread;

  toy_set_fault (fixture->toy, wait_at_gate, &gate);
  sync_fixture_ask (fixture, TIDE_RUN_MODE_FULL);
  thread = g_thread_new ("go", go_thread, fixture);
  gate_wait_reached (&gate);
  g_cancellable_cancel (fixture->cancellable);
  /* Too late to be only held. */
  tide_sync_job_halt (&fixture->job, TIDE_RUN_PAUSED);
  g_thread_join (thread);
  gate_open (&gate);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_CANCELLED);
  g_assert_cmpint (fixture->run->counts.read, <=, 8);
}

static void
lock_store (ProviderCall *call,
            gpointer      user_data)
{
  SyncFixture *fixture = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  g_assert_no_error (error);
}

/* Without threads it comes to the same, and nothing is open in the store while it waits for an answer. */
static void
test_in_line (SyncFixture   *fixture,
              gconstpointer  data)
{
  g_autofree char *content = NULL;
  g_autofree char *states = NULL;
  g_autoptr(TideRun) threaded = NULL;
  TideRun *run;

  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  threaded = tide_run_ref (fixture->run);
  content = sync_fixture_query (fixture, CONTENT);
  states = sync_fixture_query (fixture, STATES);
  sync_fixture_execute (fixture, "DELETE FROM toy_items");
  sync_fixture_execute (fixture, "DELETE FROM sync_state");

  fixture->job.in_line = TRUE;
  toy_set_fault (fixture->toy, lock_store, fixture);
  run = sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpmem (&run->counts, sizeof run->counts, &threaded->counts, sizeof threaded->counts);
  g_assert_cmpint (run->pages, ==, threaded->pages);
  g_assert_cmpint (run->bytes, ==, threaded->bytes);
  sync_fixture_assert (fixture, CONTENT, content);
  sync_fixture_assert (fixture, STATES, states);
}

static void
halt_from_within (ProviderCall *call,
                  gpointer      user_data)
{
  SyncFixture *fixture = user_data;

  if (get_place (call) == 4)
    tide_sync_job_halt (&fixture->job, TIDE_RUN_PAUSED);
}

static void
test_in_line_ends (SyncFixture   *fixture,
                   gconstpointer  data)
{
  Fault fault = { 8, 500, NULL };

  fixture->job.in_line = TRUE;
  toy_set_fault (fixture->toy, halt_from_within, fixture);
  sync_fixture_sync (fixture, TIDE_RUN_MODE_FULL);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PAUSED);
  g_assert_cmpint (fixture->run->counts.read, <=, 8);
  g_assert_cmpint (fixture->run->counts.read, >=, 4);

  sync_fixture_put_back (fixture, TIDE_RUN_ALLOW_NONE);
  toy_set_fault (fixture->toy, fail, &fault);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_PENDING);
  g_assert_cmpint (fixture->run->counts.read, ==, 8);
  toy_set_fault (fixture->toy, NULL, NULL);
  sync_fixture_go (fixture);
  g_assert_cmpint (fixture->run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (fixture->run->counts.created, ==, 18);
}

static GError *
make_error (TideError code)
{
  return g_error_new (TIDE_ERROR, code, "no");
}

static void
test_retry (void)
{
  static const gint64 longest[] = { 5, 10, 20, 40, 80 };
  static const TideError final[] = { TIDE_ERROR_INVALID, TIDE_ERROR_NOT_FOUND, TIDE_ERROR_CONFLICT, TIDE_ERROR_AUTH,
                                     TIDE_ERROR_CORRUPT, TIDE_ERROR_NO_KEYRING };
  static const TideError passing[] = { TIDE_ERROR_PROVIDER, TIDE_ERROR_BUSY, TIDE_ERROR_NO_SPACE, TIDE_ERROR_STORAGE };
  TideRun run = { .attempts = 1 };
  const gint64 now = PROVIDER_NOW;

  for (gsize i = 0; i < G_N_ELEMENTS (final); i++)
    {
      g_autoptr(GError) error = make_error (final[i]);

      g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 0.5).status, ==, TIDE_RUN_FAILED);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (passing); i++)
    {
      g_autoptr(GError) error = make_error (passing[i]);

      for (run.stalled = 0; run.stalled < G_N_ELEMENTS (longest); run.stalled++)
        {
          g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 0).status, ==, TIDE_RUN_PENDING);
          g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 0).due_at, ==, now + TIDE_SECOND);
          g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 1).due_at, ==, now + longest[run.stalled] * TIDE_SECOND);
          g_assert_cmpint (tide_retry_decide (&run, error, now, now + TIDE_HOUR, 1).due_at, ==, now + TIDE_HOUR);
        }
      g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 0).status, ==, TIDE_RUN_FAILED);
      run.stalled = 0;
      run.attempts = 19;
      g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 0).status, ==, TIDE_RUN_PENDING);
      run.attempts = 20;
      g_assert_cmpint (tide_retry_decide (&run, error, now, 0, 0).status, ==, TIDE_RUN_FAILED);
      run.attempts = 1;
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n, func) \
  g_test_add ("/run/" path, SyncFixture, GUINT_TO_POINTER (n), sync_fixture_set_up, func, sync_fixture_tear_down)
  ADD ("attempts", 18, test_attempts);
  ADD ("given-up", 18, test_given_up);
  ADD ("progress", 18, test_progress);
  ADD ("no-retry", 18, test_no_retry);
  ADD ("hold", 18, test_hold);
  ADD ("halt", 18, test_halt);
  ADD ("halt-often", 102, test_halt_often);
  ADD ("halt-before", 18, test_halt_before);
  ADD ("halt-wait", 18, test_halt_wait);
  ADD ("cancel", 18, test_cancel);
  ADD ("in-line", 18, test_in_line);
  ADD ("in-line-ends", 18, test_in_line_ends);
  g_test_add_func ("/run/retry", test_retry);

  return g_test_run ();
}
