/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine"

#include <glib/gstdio.h>

#include "engine-fixture.h"
#include "tide-soup-transport.h"
#include "tide-time.h"

#define DEADLINE_SECONDS 60

const char * const engine_fixture_streams[] =
{
  "locations", "team_members", "timesheets", "payments", "refunds", "payouts", "orders", "customers", "products",
  "prices", NULL
};

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_assert_cmpint (g_unlink (child), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static char *data_folder;

/**
 * engine_fixture_init: as g_test_init(). The owner's data folder is one of the test's own; not by
 * %G_TEST_OPTION_ISOLATE_DIRS, which loses memory at each test.
 */
void
engine_fixture_init (int    *argc,
                     char ***argv)
{
  g_autoptr(GError) error = NULL;

  data_folder = g_dir_make_tmp ("tidemark-test-data-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_DATA_HOME", data_folder, TRUE);
  g_test_init (argc, argv, NULL);
}

/** engine_fixture_run: as g_test_run(). */
int
engine_fixture_run (void)
{
  int result = g_test_run ();

  remove_folder (data_folder);
  g_clear_pointer (&data_folder, g_free);
  return result;
}

static void
ended_cb (TideEngine    *engine,
          TideRun       *run,
          EngineFixture *self)
{
  g_assert_true (tide_run_is_over (run));
  g_ptr_array_add (self->ended, tide_run_ref (run));
}

static void
started_cb (TideEngine    *engine,
            TideRun       *run,
            EngineFixture *self)
{
  g_assert_cmpint (run->status, ==, TIDE_RUN_PROCESSING);
  self->n_started++;
}

static void
progress_cb (TideEngine      *engine,
             TideRunProgress *progress,
             EngineFixture   *self)
{
  self->n_progress++;
}

/** engine_fixture_open: opens the workspace, again if it was closed. */
void
engine_fixture_open (EngineFixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTransport) transport = tide_soup_transport_new ();

  self->engine = tide_engine_open_full (self->folder, self->flags, self->clock, transport,
                                        TIDE_KEYRING (self->keyring), &error);
  g_assert_no_error (error);
  g_signal_connect (self->engine, "sync-started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->engine, "sync-progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (self->engine, "sync-completed", G_CALLBACK (ended_cb), self);
  g_signal_connect (self->engine, "sync-error", G_CALLBACK (ended_cb), self);
  g_signal_connect (self->engine, "sync-cancelled", G_CALLBACK (ended_cb), self);
}

/** engine_fixture_close: nothing of the engine may be left. */
void
engine_fixture_close (EngineFixture *self)
{
  tide_engine_close (self->engine);
  g_assert_finalize_object (g_steal_pointer (&self->engine));
}

/** engine_fixture_connect: makes a connection to the sandbox. */
TideConnection *
engine_fixture_connect (EngineFixture  *self,
                        const char     *name,
                        const char     *token,
                        GError        **error)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(TideVenue) venue = tide_engine_find_venue (self->engine, "Harbor Café", error);
  TideConnection connection = {
    .provider = (char *)"square",
    .name = (char *)name,
    .environment = (char *)"sandbox",
    .base_url = (char *)sandbox_peer_get_url (self->peer),
  };

  g_assert_nonnull (venue);
  connection.venue_id = venue->id;
  if (token != NULL)
    g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)token);
  return tide_engine_connect (self->engine, &connection, secrets, NULL, error);
}

static EngineFixture *
fixture_new (const char      *sandbox_arguments,
             TideEngineFlags  flags,
             TideClock       *clock)
{
  EngineFixture *self = g_new0 (EngineFixture, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideVenue) venue = NULL;

  self->peer = sandbox_peer_start (sandbox_arguments);
  self->folder = g_dir_make_tmp ("tidemark-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->keyring = tide_memory_keyring_new ();
  self->clock = clock;
  self->flags = flags;
  self->ended = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  engine_fixture_open (self);

  venue = tide_engine_add_venue (self->engine, "Harbor Café", "America/Chicago", &error);
  g_assert_no_error (error);
  self->connection = engine_fixture_connect (self, "Café", "sandbox-token", &error);
  g_assert_no_error (error);
  return self;
}

/**
 * engine_fixture_new:
 * @sandbox_arguments: (nullable): more than sandbox_peer_start() gives
 *
 * Returns: (transfer full): a fixture whose time is the sandbox's
 */
EngineFixture *
engine_fixture_new (const char      *sandbox_arguments,
                    TideEngineFlags  flags)
{
  gint64 now = tide_time_parse (SANDBOX_PEER_NOW, -1);

  return fixture_new (sandbox_arguments, flags, TIDE_CLOCK (tide_sim_clock_new (now)));
}

/** engine_fixture_new_real: (transfer full): a fixture in which waits take their time. */
EngineFixture *
engine_fixture_new_real (const char *sandbox_arguments)
{
  return fixture_new (sandbox_arguments, TIDE_ENGINE_NONE, tide_system_clock_new ());
}

void
engine_fixture_free (EngineFixture *self)
{
  if (self->engine != NULL)
    engine_fixture_close (self);
  sandbox_peer_stop (self->peer);
  remove_folder (self->folder);
  g_free (self->folder);
  g_clear_pointer (&self->connection, tide_connection_unref);
  g_ptr_array_unref (self->ended);
  g_object_unref (self->keyring);
  g_object_unref (self->clock);
  g_free (self);
}

/** engine_fixture_request: (transfer full) (element-type TideRun): asks for runs, which must be granted. */
GPtrArray *
engine_fixture_request (EngineFixture *self,
                        const char    *stream,
                        TideRunMode    mode)
{
  TideRunRequest request = { .connection_id = self->connection->id, .stream = stream, .mode = mode,
                             .requested_by = "test" };
  g_autoptr(GError) error = NULL;
  GPtrArray *runs = tide_engine_request_run (self->engine, &request, &error);

  g_assert_no_error (error);
  return runs;
}

/* Not every condition comes with an event: the loop is woken to look again. */
static gboolean
look_again_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_error ("the deadline has passed");
  return G_SOURCE_REMOVE;
}

/** engine_fixture_wait: runs the main loop until @condition holds. */
void
engine_fixture_wait (EngineFixture   *self,
                     EngineCondition  condition,
                     gpointer         user_data)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_SECONDS, deadline_cb, NULL);
  guint look_again = g_timeout_add (10, look_again_cb, NULL);

  while (!condition (self, user_data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (look_again);
  g_source_remove (deadline);
}

static gboolean
is_idle (EngineFixture *self,
         gpointer       user_data)
{
  return tide_engine_is_idle (self->engine);
}

void
engine_fixture_wait_idle (EngineFixture *self)
{
  engine_fixture_wait (self, is_idle, NULL);
}

static gboolean
is_among (GPtrArray     *runs,
          const TideRun *run)
{
  for (guint i = 0; i < runs->len; i++)
    if (g_str_equal (((TideRun *)g_ptr_array_index (runs, i))->sync_id, run->sync_id))
      return TRUE;
  return FALSE;
}

/* A run that halted to ask something is over for now, without a word of its end. */
static void
add_halted (EngineFixture *self,
            GPtrArray     *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *asked = g_ptr_array_index (runs, i);
      TideRun *run;

      if (is_among (self->ended, asked))
        continue;
      run = tide_engine_get_run (self->engine, asked->sync_id, NULL);
      g_assert_nonnull (run);
      g_assert_cmpint (run->status, ==, TIDE_RUN_AWAITING_APPROVAL);
      g_ptr_array_add (self->ended, run);
    }
}

/* A question of another run may have been settled by these. */
static void
drop_others (EngineFixture *self,
             GPtrArray     *runs)
{
  for (guint i = self->ended->len; i > 0; i--)
    if (!is_among (runs, g_ptr_array_index (self->ended, i - 1)))
      g_ptr_array_remove_index (self->ended, i - 1);
}

/** engine_fixture_sync: asks, and waits for the end, or for a question. What has ended before is forgotten. */
void
engine_fixture_sync (EngineFixture *self,
                     const char    *stream,
                     TideRunMode    mode)
{
  g_autoptr(GPtrArray) runs = NULL;

  g_ptr_array_set_size (self->ended, 0);
  runs = engine_fixture_request (self, stream, mode);
  engine_fixture_wait_idle (self);
  add_halted (self, runs);
  drop_others (self, runs);
  g_assert_cmpuint (self->ended->len, ==, runs->len);
}

/** engine_fixture_sync_one: (transfer none): how the last run of one stream ended. */
TideRun *
engine_fixture_sync_one (EngineFixture *self,
                         const char    *stream,
                         TideRunMode    mode)
{
  TideRun *run;

  engine_fixture_sync (self, stream, mode);
  run = g_ptr_array_index (self->ended, self->ended->len - 1);
  g_assert_cmpstr (run->stream, ==, stream);
  return run;
}

static gboolean
take_int (const char * const  *names,
          const TideValue     *values,
          gsize                n_columns,
          gpointer             user_data,
          GError             **error)
{
  g_assert_cmpuint (n_columns, ==, 1);
  g_assert_cmpint (values[0].kind, ==, TIDE_VALUE_INTEGER);
  *(gint64 *)user_data = values[0].integer;
  return TRUE;
}

/** engine_fixture_query_int: what a query with one number says. */
gint64
engine_fixture_query_int (EngineFixture *self,
                          const char    *sql)
{
  g_autoptr(GError) error = NULL;
  gint64 value = G_MININT64;

  tide_engine_query_sql (self->engine, sql, 0, take_int, &value, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (value, !=, G_MININT64);
  return value;
}

/** engine_fixture_order: has the sandbox do something ("edit", "delete", "advance", "faults"). */
void
engine_fixture_order (EngineFixture *self,
                      const char    *what,
                      const char    *body)
{
  g_autofree char *path = g_strconcat ("/_sandbox/", what, NULL);

  json_node_unref (sandbox_peer_call (self->peer, body != NULL ? "POST" : "DELETE", path, body, 200));
}

static gboolean
take_record (const char * const  *names,
             const TideValue     *values,
             gsize                n_columns,
             gpointer             user_data,
             GError             **error)
{
  g_autofree char *text = g_strndup (values[0].text, values[0].length);
  g_autoptr(JsonNode) node = json_from_string (text, error);

  if (node == NULL)
    return FALSE;
  g_ptr_array_add (user_data, json_node_dup_object (node));
  return TRUE;
}

/** engine_fixture_assert_truth: the store holds what the sandbox has, record by record. */
void
engine_fixture_assert_truth (EngineFixture *self,
                             const char    *stream)
{
  g_autofree char *sql = g_strdup_printf ("SELECT _raw FROM square_%s WHERE _deleted = 0", stream);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (self->peer, stream);
  g_autoptr(GError) error = NULL;

  tide_engine_query_sql (self->engine, sql, 0, take_record, records, NULL, NULL, &error);
  g_assert_no_error (error);
  sandbox_assert_same (records, truth);
}

void
engine_fixture_assert_all (EngineFixture *self)
{
  for (gsize i = 0; engine_fixture_streams[i] != NULL; i++)
    engine_fixture_assert_truth (self, engine_fixture_streams[i]);
}

/** engine_fixture_get_requests: how many requests the sandbox has had. */
gint64
engine_fixture_get_requests (EngineFixture *self)
{
  g_autoptr(JsonNode) stats = sandbox_peer_call (self->peer, "GET", "/_sandbox/stats", NULL, 200);

  return json_object_get_int_member (json_node_get_object (stats), "requests");
}
