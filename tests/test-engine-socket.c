/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-socket"

#include "config.h"

#include <string.h>

#include "engine-guest.h"
#include "tide-error.h"
#include "tide-remote-codec.h"
#include "tide-remote.h"
#include "tide-time.h"

/* Rude guests at the owner's socket: none is served badly, none hurts the owner. */

static void
assert_refused (const char *line,
                const char *code,
                const char *says)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) answer = NULL;
  JsonObject *refusal;

  g_assert_nonnull (line);
  answer = tide_remote_parse (line, strlen (line), &error);
  g_assert_no_error (error);
  refusal = json_object_get_object_member (answer, "error");
  g_assert_nonnull (refusal);
  g_assert_cmpstr (json_object_get_string_member (refusal, "code"), ==, code);
  if (strstr (json_object_get_string_member (refusal, "message"), says) == NULL)
    g_error ("“%s” does not say “%s”", line, says);
}

static const struct
{
  const char *line;
  gsize       length;       /* 0 for all of it */
  const char *code;
  const char *says;
} refusals[] = {
  { "", 0, "invalid", "is not a JSON object" },
  { "hello", 0, "invalid", "is not a JSON object" },
  { "GET / HTTP/1.1\r", 0, "invalid", "is not a JSON object" },
  { "[]", 0, "invalid", "is not a JSON object" },
  { "{\"command\":\"greet\"} x", 0, "invalid", "is not JSON" },
  { "{\"command\":\"gre\0et\"}", 20, "invalid", "is not JSON" },
  { "{\"command\":\"gre\xff\"}", 0, "invalid", "is not JSON" },
  { "{}", 0, "invalid", "names no command" },
  { "{\"command\":7}", 0, "invalid", "names no command" },
  { "{\"command\":null}", 0, "invalid", "names no command" },
  { "{\"command\":\"explode\"}", 0, "invalid", "command explode: is not known" },
  { "{\"command\":\"\\ud800\"}", 0, "invalid", "is not JSON" },
  { "{\"command\":\"greet\",\"arguments\":[]}", 0, "invalid", "arguments: has to be an object" },
  { "{\"command\":\"greet\",\"arguments\":{\"syncId\":\"x\"}}", 0, "invalid", "takes no syncId" },
  { "{\"command\":\"greet\",\"arguments\":{\"\\udfff\":1}}", 0, "invalid", "" },
  { "{\"command\":\"cancel-run\"}", 0, "invalid", "needs syncId" },
  { "{\"command\":\"cancel-run\",\"arguments\":{\"syncId\":null}}", 0, "invalid", "needs syncId" },
  { "{\"command\":\"cancel-run\",\"arguments\":{\"syncId\":7}}", 0, "invalid", "syncId: has to be text" },
  { "{\"command\":\"cancel-run\",\"arguments\":{\"syncId\":\"\\ud800\"}}", 0, "invalid", "is not JSON" },
  { "{\"command\":\"cancel-run\",\"arguments\":{\"syncId\":\"x\",\"venue\":\"y\"}}", 0, "invalid", "takes no venue" },
  { "{\"command\":\"cancel-run\",\"arguments\":{\"syncId\":\"x\"}}", 0, "not-found", "" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"connectionId\":\"1\"}}}", 0, "invalid",
    "connectionId: has to be a whole number" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"mode\":\"all\"}}}", 0, "invalid", "mode: has to be a name" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"priority\":4294967297}}}", 0, "invalid", "priority: has to be" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"ids\":[\"a\",1]}}}", 0, "invalid", "ids: has to be an array of texts" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"ids\":\"a\"}}}", 0, "invalid", "ids: has to be an array of texts" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"dryrun\":true}}}", 0, "invalid", "dryrun: is not known" },
  { "{\"command\":\"request-run\",\"arguments\":{\"request\":{\"connectionId\":99}}}", 0, "not-found", "" },
  { "{\"command\":\"dismiss-failures\",\"arguments\":{\"query\":{\"ids\":[1.5]}}}", 0, "invalid", "ids: has to be an array of whole" },
  { "{\"command\":\"decide-approval\",\"arguments\":{\"approvalId\":1,\"approve\":1}}", 0, "invalid", "approve: has to be true" },
  { "{\"command\":\"decide-approval\",\"arguments\":{\"approvalId\":1,\"approve\":true}}", 0, "not-found", "" },
  { "{\"command\":\"set-setting\",\"arguments\":{\"name\":\"colour\",\"value\":1}}", 0, "invalid", "colour" },
  { "{\"command\":\"set-setting\",\"arguments\":{\"name\":\"max-concurrent-runs\",\"value\":99}}", 0, "invalid", "max-concurrent-runs" },
};

static void
refusals_guest (const char *folder)
{
  g_autoptr(GSocket) socket = engine_guest_dial (folder);

  /* All on one connection: a request that makes no sense does not spoil the next. */
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      gsize length = refusals[i].length > 0 ? refusals[i].length : strlen (refusals[i].line);
      g_autofree char *answer = NULL;

      g_assert_true (engine_guest_say (socket, refusals[i].line, length) && engine_guest_say (socket, "\n", 1));
      answer = engine_guest_hear (socket);
      assert_refused (answer, refusals[i].code, refusals[i].says);
    }
}

static void
test_refusals (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_guest_visit (fixture, refusals_guest);
}

static void
lines_guest (const char *folder)
{
  static const char many[] = "{\"command\":\"greet\"}\n{\"command\":\"greet\"}\n{\"comm";
  g_autoptr(GSocket) socket = engine_guest_dial (folder);
  g_autoptr(GSocket) deep = engine_guest_dial (folder);
  g_autoptr(GSocket) endless = engine_guest_dial (folder);
  g_autofree char *brackets = g_strnfill (100000, '[');
  g_autofree char *nested = g_strconcat ("{\"command\":", brackets, NULL);
  g_autofree char *long_line = g_strnfill (TIDE_REMOTE_MAX_LINE, 'x');
  g_autofree char *answer = NULL;

  /* Several at once, and one in two parts. */
  g_assert_true (engine_guest_say (socket, many, strlen (many)));
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *greeting = engine_guest_hear (socket);

      g_assert_cmpstr (greeting, ==, "{\"ok\":{\"version\":\"" TIDEMARK_VERSION "\"}}");
    }
  g_assert_true (engine_guest_say (socket, "and\":\"bye\"}\n", strlen ("and\":\"bye\"}\n")));
  answer = engine_guest_hear (socket);
  assert_refused (answer, "invalid", "bye");

  g_free (answer);
  g_assert_true (engine_guest_say (deep, nested, strlen (nested)) && engine_guest_say (deep, "\n", 1));
  answer = engine_guest_hear (deep);
  assert_refused (answer, "invalid", "nested too deeply");

  /* Too long, and without an end: said so, and closed. */
  g_free (answer);
  g_assert_true (engine_guest_say (endless, long_line, TIDE_REMOTE_MAX_LINE));
  answer = engine_guest_hear (endless);
  assert_refused (answer, "invalid", "is longer than");
  g_assert_null (engine_guest_hear (endless));
}

static void
test_lines (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_guest_visit (fixture, lines_guest);
}

/* What comes out of good requests when bytes of them are others: each line has its answer, whatever it is. */
static void
noise_guest (const char *folder)
{
  g_autoptr(GSocket) socket = engine_guest_dial (folder);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *line = g_strdup (refusals[g_test_rand_int_range (8, G_N_ELEMENTS (refusals))].line);
      g_autofree char *answer = NULL;
      gsize length = strlen (line);

      for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
        {
          char byte = (char)g_test_rand_int_range (0, 256);

          line[g_test_rand_int_range (0, (gint32)length)] = byte != '\n' ? byte : ' ';
        }
      g_assert_true (engine_guest_say (socket, line, length) && engine_guest_say (socket, "\n", 1));
      answer = engine_guest_hear (socket);
      g_assert_nonnull (answer);
      g_assert_true (g_str_has_prefix (answer, "{\"error\":") || g_str_has_prefix (answer, "{\"ok\":"));
    }
}

static void
test_noise (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_guest_visit (fixture, noise_guest);
  engine_fixture_wait_idle (fixture);
}

/* Who says nothing, who says it byte by byte, and who does not take his answers: all are cut, and others are served. */
static void
slow_guest (const char *folder)
{
  g_autoptr(GSocket) silent = engine_guest_dial (folder);
  g_autoptr(GSocket) dripping = engine_guest_dial (folder);
  g_autoptr(GSocket) deaf = engine_guest_dial (folder);
  g_autofree char *rest = NULL;
  gint64 since = g_get_monotonic_time ();
  gboolean listens = TRUE;

  g_socket_set_blocking (deaf, FALSE);
  while (listens && g_get_monotonic_time () - since < 20 * TIDE_SECOND)
    {
      GPollFD nothing = { .fd = -1 };

      listens = engine_guest_say (dripping, " ", 1);
      /* Requests upon requests: their answers fill the socket. */
      while (g_socket_send (deaf, "{\"command\":\"greet\"}\n", 20, NULL, NULL) == 20)
        ;
      g_poll (&nothing, 1, 50);
    }
  g_assert_false (listens);
  rest = engine_guest_hear (silent);
  g_assert_null (rest);
  g_socket_set_blocking (deaf, TRUE);
  g_assert_cmpuint (engine_guest_hear_out (deaf), >, 0);
  g_assert_cmpint (g_get_monotonic_time () - since, <, 15 * TIDE_SECOND);
  g_assert_true (tide_remote_greet (folder, NULL));
}

static void
test_slow (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_guest_visit (fixture, slow_guest);
}

/* More than there is room for: the others are closed, and room is made again. */
static void
crowd_guest (const char *folder)
{
  g_autoptr(GPtrArray) crowd = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_served = 0;

  for (guint i = 0; i < 100; i++)
    {
      GSocket *socket = engine_guest_dial (folder);
      g_autofree char *answer = NULL;

      g_ptr_array_add (crowd, socket);
      if (engine_guest_say (socket, "{\"command\":\"follow\"}\n", 21))
        answer = engine_guest_hear (socket);
      n_served += answer != NULL ? 1 : 0;
    }
  g_assert_cmpuint (n_served, ==, 64);
  g_ptr_array_set_size (crowd, 0);
  for (guint i = 0; i < 100 && !tide_remote_greet (folder, NULL); i++)
    g_thread_yield ();
  g_assert_true (tide_remote_greet (folder, NULL));
}

static void
test_crowd (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);

  engine_guest_visit (fixture, crowd_guest);
}

static gboolean
is_asked (EngineFixture *fixture,
          gpointer       user_data)
{
  return tide_engine_get_setting (fixture->engine, TIDE_SETTING_KEEP_RUNS_DAYS) == 77;
}

#define DEAF_LINES 200
#define DEAF_LENGTH 100000

static void
deaf_follower_guest (const char *folder)
{
  g_autoptr(GSocket) socket = engine_guest_dial (folder);
  g_autofree char *answer = NULL;
  TideSetting asked = TIDE_SETTING_KEEP_RUNS_DAYS;

  g_assert_true (engine_guest_say (socket, "{\"command\":\"follow\"}\n", 21));
  answer = engine_guest_hear (socket);
  g_assert_true (g_str_has_prefix (answer, "{\"ok\":"));
  g_assert_true (tide_remote_set_setting (folder, asked, 77, NULL, NULL));
  /* It has not taken anything meanwhile; what it takes now is less than was told, and ends. */
  g_assert_cmpuint (engine_guest_hear_out (socket), <, DEAF_LINES * DEAF_LENGTH);
}

/* Who follows and does not listen is cut off before he costs too much. */
static void
test_deaf_follower (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  EngineGuest guest;
  g_autofree char *data = g_strnfill (DEAF_LENGTH, 'x');
  g_autoptr(TideEvent) event = tide_event_new (1, 1, "large", data);

  engine_guest_start (&guest, fixture, deaf_follower_guest);
  engine_fixture_wait (fixture, is_asked, NULL);
  for (guint i = 0; i < DEAF_LINES; i++)
    g_signal_emit_by_name (fixture->engine, "event", event);
  engine_guest_join (&guest, fixture);
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/socket/refusals", test_refusals);
  g_test_add_func ("/socket/lines", test_lines);
  g_test_add_func ("/socket/noise", test_noise);
  g_test_add_func ("/socket/slow", test_slow);
  g_test_add_func ("/socket/crowd", test_crowd);
  g_test_add_func ("/socket/deaf-follower", test_deaf_follower);

  return engine_fixture_run ();
}
