/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-remote"

#include "config.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "engine-guest.h"
#include "tide-error.h"
#include "tide-remote-codec.h"
#include "tide-remote.h"
#include "tide-time.h"

/* Engines that ask the owner of their workspace, and follow it. The owner is on this thread, they are on others. */

static TideEngine *
open_looker (const char *folder)
{
  g_autoptr(TideMemoryKeyring) keyring = tide_memory_keyring_new ();
  g_autoptr(GError) error = NULL;
  TideEngine *engine = tide_engine_open_full (folder, TIDE_ENGINE_READ_ONLY, NULL, NULL, TIDE_KEYRING (keyring), &error);

  g_assert_no_error (error);
  return engine;
}

/* Each thing that changes something, asked of the owner by an engine that only looks. */
static void
changes_guest (const char *folder)
{
  g_autoptr(TideEngine) engine = open_looker (folder);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autofree char *session = NULL;
  TideRunRequest request = { .connection_id = 1, .stream = "customers", .idempotency_key = "k", .requested_by = "guest" };
  TideFailureQuery query = { .stream = "orders" };
  TideRateUse use = { 0 };
  gboolean replayed = TRUE;
  const TideRun *run;

#define DONE(call) g_assert_true (call); g_assert_no_error (error)
#define REFUSED(call, code) g_assert_false (call); g_assert_error (error, TIDE_ERROR, code); g_clear_error (&error)

  DONE (tide_engine_set_paused (engine, TRUE, "guest", &error));
  runs = tide_engine_request_run_full (engine, &request, &replayed, &error);
  g_assert_no_error (error);
  g_assert_false (replayed);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_cmpstr (run->stream, ==, "customers");
  g_assert_cmpstr (run->requested_by, ==, "guest");
  g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
  none = tide_engine_request_run_full (engine, &request, &replayed, &error);
  g_assert_no_error (error);
  g_assert_true (replayed);
  g_assert_cmpstr (((TideRun *)g_ptr_array_index (none, 0))->sync_id, ==, run->sync_id);
  g_clear_pointer (&none, g_ptr_array_unref);
  request.dry_run = TRUE;
  REFUSED (tide_engine_request_run (engine, &request, &error) != NULL, TIDE_ERROR_CONFLICT);

  DONE (tide_engine_pause_run (engine, run->sync_id, "guest", &error));
  DONE (tide_engine_resume_run (engine, run->sync_id, "guest", &error));
  REFUSED (tide_engine_move_run (engine, run->sync_id, "AAAA-0000", "guest", &error), TIDE_ERROR_NOT_FOUND);
  DONE (tide_engine_move_run (engine, run->sync_id, NULL, "guest", &error));
  g_assert_cmpint (tide_engine_stop_provider (engine, "square", NULL, "guest", &error), ==, 1);
  g_assert_cmpint (tide_engine_resume_provider (engine, "square", NULL, "guest", &error), ==, 1);
  g_assert_cmpint (tide_engine_retry_provider (engine, "square", NULL, "guest", &error), >=, 0);
  DONE (tide_engine_cancel_run (engine, run->sync_id, "guest", &error));
  REFUSED (tide_engine_retry_run (engine, "AAAA-0000", "guest", &error), TIDE_ERROR_NOT_FOUND);
  session = tide_engine_begin_smart_sync (engine, NULL, NULL, "guest", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_engine_count_smart_sessions (engine), ==, 1);
  DONE (tide_engine_end_smart_sync (engine, session, "guest", &error));
  g_assert_cmpuint (tide_engine_count_smart_sessions (engine), ==, 0);
  none = tide_engine_retry_failures (engine, &query, "guest", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (tide_engine_dismiss_failures (engine, &query, "guest", &error), ==, 0);
  g_assert_cmpint (tide_engine_reopen_failures (engine, &query, "guest", &error), ==, 0);
  REFUSED (tide_engine_decide_approval (engine, 5, TRUE, FALSE, "guest", &error), TIDE_ERROR_NOT_FOUND);
  DONE (tide_engine_set_setting (engine, TIDE_SETTING_KEEP_RUNS_DAYS, 500, "guest", &error));
  REFUSED (tide_engine_set_setting (engine, TIDE_SETTING_MAX_CONCURRENT_RUNS, 99, "guest", &error), TIDE_ERROR_INVALID);
  DONE (tide_engine_get_rate_use (engine, 1, &use, &error));
  REFUSED (tide_engine_get_rate_use (engine, 99, &use, &error), TIDE_ERROR_NOT_FOUND);
  DONE (tide_engine_set_paused (engine, FALSE, "guest", &error));
  tide_engine_close (engine);
  REFUSED (tide_engine_set_paused (engine, TRUE, "guest", &error), TIDE_ERROR_CONFLICT);
}

static void
test_changes (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_guest_visit (fixture, changes_guest);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpint (tide_engine_get_setting (fixture->engine, TIDE_SETTING_KEEP_RUNS_DAYS), ==, 500);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_runs WHERE requested_by = 'guest'"
                                             " AND status = 'cancelled'"), ==, 1);
}

/* What a follower has heard. */
typedef struct
{
  TideEngine *engine;
  TideRun    *ended;          /* (owned) (nullable) */
  guint       n_started;
  guint       n_events;
  gint64      last_event;
} Heard;

static void
heard_started_cb (TideEngine *engine,
                  TideRun    *run,
                  Heard      *self)
{
  g_assert_cmpint (run->status, ==, TIDE_RUN_PROCESSING);
  self->n_started++;
}

static void
heard_completed_cb (TideEngine *engine,
                    TideRun    *run,
                    Heard      *self)
{
  g_clear_pointer (&self->ended, tide_run_unref);
  self->ended = tide_run_ref (run);
}

static void
heard_event_cb (TideEngine *engine,
                TideEvent  *event,
                Heard      *self)
{
  g_assert_cmpint (event->id, >, self->last_event);
  self->last_event = event->id;
  self->n_events++;
}

/* The follower's own loop, until what @again says is over. */
static void
listen_while (Heard     *self,
              gboolean (*again) (Heard *self))
{
  gint64 deadline = g_get_monotonic_time () + 60 * TIDE_SECOND;

  while (again (self))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
    }
}

static gboolean
has_heard_nothing (Heard *self)
{
  return self->ended == NULL;
}

static gboolean
is_following (Heard *self)
{
  return tide_engine_is_following (self->engine);
}

static void
follow_guest (const char *folder)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(TideRun) stored = NULL;
  g_autoptr(GError) error = NULL;
  TideRunRequest request = { .connection_id = 1, .stream = "customers" };
  Heard heard = { 0 };

  g_main_context_push_thread_default (context);
  engine = open_looker (folder);
  heard.engine = engine;
  g_signal_connect (engine, "sync-started", G_CALLBACK (heard_started_cb), &heard);
  g_signal_connect (engine, "sync-completed", G_CALLBACK (heard_completed_cb), &heard);
  g_signal_connect (engine, "event", G_CALLBACK (heard_event_cb), &heard);
  g_assert_true (tide_engine_follow (engine, &error));
  g_assert_true (tide_engine_is_following (engine));
  runs = tide_engine_request_run (engine, &request, &error);
  g_assert_no_error (error);

  listen_while (&heard, has_heard_nothing);
  stored = tide_engine_get_run (engine, heard.ended->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (&stored->counts, sizeof stored->counts, &heard.ended->counts, sizeof stored->counts);
  g_assert_cmpint (stored->ended_at / 1000, ==, heard.ended->ended_at / 1000);
  g_assert_cmpstr (stored->phases, ==, heard.ended->phases);
  g_assert_cmpuint (heard.n_started, ==, 1);
  g_assert_cmpuint (heard.n_events, >, 2);
  tide_run_unref (heard.ended);

  /* The other side is closed as soon as it hears of this: it may answer, or be gone. */
  tide_engine_set_setting (engine, TIDE_SETTING_KEEP_RUNS_DAYS, 77, "guest", NULL);
  listen_while (&heard, is_following);
  g_assert_false (tide_engine_follow (engine, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (tide_engine_set_paused (engine, TRUE, "guest", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  tide_engine_close (engine);
  g_assert_finalize_object (g_steal_pointer (&engine));
  g_main_context_pop_thread_default (context);
}

static gboolean
is_to_be_closed (EngineFixture *fixture,
                 gpointer       user_data)
{
  return tide_engine_get_setting (fixture->engine, TIDE_SETTING_KEEP_RUNS_DAYS) == 77;
}

/* Following, to the end of the owner. */
static void
test_follow (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  EngineGuest guest;
  g_autoptr(GError) error = NULL;

  engine_guest_start (&guest, fixture, follow_guest);
  engine_fixture_wait (fixture, is_to_be_closed, NULL);
  g_assert_false (tide_engine_follow (fixture->engine, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  engine_fixture_close (fixture);
  engine_guest_join (&guest, fixture);
}

/* Others than ours at the socket: what they say, or do not, is an error and nothing worse. */
typedef struct
{
  const char *answer;         /* (nullable): %NULL to close */
  const char *says;
} Strange;

static gpointer
strange_owner (gpointer data)
{
  GSocket *listener = data;
  g_autoptr(GSocket) socket = g_socket_accept (listener, NULL, NULL);
  const Strange *strange = g_object_get_data (G_OBJECT (listener), "strange");
  char request[256];

  g_assert_nonnull (socket);
  g_socket_receive (socket, request, sizeof request, NULL, NULL);
  if (strange->answer != NULL)
    g_socket_send (socket, strange->answer, strlen (strange->answer), NULL, NULL);
  return NULL;
}

static void
test_strange_owner (void)
{
  static const Strange strange[] = {
    { NULL, "was closed" },
    { "hello\n", "makes no sense" },
    { "{}\n", "makes no sense" },
    { "{\"ok\":7}\n", "makes no sense" },
    { "{\"error\":{}}\n", "failed without a word" },
    { "{\"error\":{\"code\":\"busy\",\"message\":\"no time\"}}\n", "no time" },
  };
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tidemark-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tidemark.sock", NULL);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocket) listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

  g_assert_false (tide_remote_greet (folder, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (g_socket_bind (listener, address, FALSE, NULL) && g_socket_listen (listener, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      GThread *thread;

      g_object_set_data (G_OBJECT (listener), "strange", (gpointer)&strange[i]);
      thread = g_thread_new ("strange", strange_owner, listener);
      g_assert_false (tide_remote_greet (folder, &error));
      g_thread_join (thread);
      g_assert_cmpuint (error->domain, ==, TIDE_ERROR);
      if (strstr (error->message, strange[i].says) == NULL)
        g_error ("“%s” does not say “%s”", error->message, strange[i].says);
      g_clear_error (&error);
    }
  /* One that says nothing at all. */
  g_assert_false (tide_remote_greet (folder, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What goes over the socket comes out as it went in. */
static void
test_codec (void)
{
  const char *ids[] = { "a", "ü \"\\\n", NULL };
  TideRunRequest request = { .connection_id = G_MAXINT64, .stream = "orders", .mode = TIDE_RUN_MODE_FULL, .dry_run = TRUE,
                             .ids = ids, .priority = -7, .allowed = TIDE_RUN_ALLOW_CHANGES, .idempotency_key = "k" };
  TideRun run = { .id = 7, .sync_id = (char *)"A", .connection_id = 2, .connection_name = (char *)"Café ☕",
                  .venue_name = (char *)"V", .provider = (char *)"square", .stream = (char *)"orders",
                  .entity = (char *)"orders", .mode = TIDE_RUN_MODE_FULL, .status = TIDE_RUN_AWAITING_APPROVAL,
                  .ids = (char *)"[\"x\"]", .priority = 100, .rank = G_MININT64, .due_at = 3, .attempts = 4, .stalled = 5,
                  .allowed = TIDE_RUN_ALLOW_DELETES, .requested_by = (char *)"me", .requested_at = G_MAXINT64,
                  .counts = { 36, 1, 2, 3, 4, 5, 21, 8 }, .expected = -1, .error_message = (char *)"line\nline" };
  g_autoptr(JsonObject) written = tide_remote_request_to_json (&request);
  g_autofree char *line = tide_remote_print (written);
  g_autoptr(JsonObject) read = tide_remote_parse (line, strlen (line) - 1, NULL);
  g_autoptr(JsonObject) written_run = tide_remote_run_to_json (&run);
  g_autofree char *run_line = tide_remote_print (written_run);
  g_autoptr(JsonObject) read_run = tide_remote_parse (run_line, strlen (run_line) - 1, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) copy = NULL;
  g_autoptr(JsonObject) again = NULL;
  g_autofree char *again_line = NULL;
  g_auto(TideRunRequest) same = { 0 };

  g_assert_nonnull (read);
  g_assert_cmpint (strchr (line, '\n')[1], ==, '\0');
  g_assert_true (tide_remote_request_from_json (read, &same, &error));
  g_assert_no_error (error);
  g_assert_cmpint (same.connection_id, ==, G_MAXINT64);
  g_assert_cmpstr (same.stream, ==, "orders");
  g_assert_cmpint (same.mode, ==, TIDE_RUN_MODE_FULL);
  g_assert_true (same.dry_run);
  g_assert_cmpstr (same.ids[1], ==, ids[1]);
  g_assert_null (same.ids[2]);
  g_assert_null (same.filters);
  g_assert_cmpint (same.priority, ==, -7);
  g_assert_cmpint (same.allowed, ==, TIDE_RUN_ALLOW_CHANGES);

  copy = tide_remote_run_from_json (read_run, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (copy->connection_name, ==, "Café ☕");
  g_assert_cmpstr (copy->error_message, ==, "line\nline");
  g_assert_null (copy->filters);
  g_assert_cmpint (copy->rank, ==, G_MININT64);
  again = tide_remote_run_to_json (copy);
  again_line = tide_remote_print (again);
  g_assert_cmpstr (again_line, ==, run_line);
  json_object_remove_member (read_run, "stream");
  g_assert_null (tide_remote_run_from_json (read_run, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/remote/codec", test_codec);
  g_test_add_func ("/remote/changes", test_changes);
  g_test_add_func ("/remote/follow", test_follow);
  g_test_add_func ("/remote/strange-owner", test_strange_owner);

  return engine_fixture_run ();
}
