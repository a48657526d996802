/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-door"

#include <gio/gunixsocketaddress.h>

#include "engine-fixture.h"
#include "tide-error.h"
#include "tide-time.h"

/* What can be asked of the engine besides runs: connections, the queue's manners, states, plans. */

static void
assert_connect_error (EngineFixture  *fixture,
                      TideConnection *connection,
                      const char     *secret,
                      int             code,
                      const char     *says)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(TideVenue) venue = tide_engine_find_venue (fixture->engine, "Harbor Café", NULL);
  g_autoptr(TideConnection) made = NULL;
  g_autoptr(GError) error = NULL;
  guint n_secrets = tide_memory_keyring_get_size (fixture->keyring);

  if (connection->venue_id == 0)
    connection->venue_id = venue->id;
  if (secret != NULL)
    g_hash_table_insert (secrets, (gpointer)secret, (gpointer)"sandbox-token");
  made = tide_engine_connect (fixture->engine, connection, secrets, NULL, &error);
  g_assert_null (made);
  g_assert_error (error, TIDE_ERROR, code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
  g_assert_cmpuint (tide_memory_keyring_get_size (fixture->keyring), ==, n_secrets);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connections"), ==, 1);
}

static TideConnection
make_connection (const char *provider,
                 const char *name,
                 const char *url)
{
  return (TideConnection) { .provider = (char *)provider, .name = (char *)name, .environment = (char *)"sandbox",
                            .base_url = (char *)url };
}

static void
test_connect_errors (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  const char *token = "access_token";
  TideConnection connection;

#define CHECK(provider, name, url, secret, code, says) \
  connection = make_connection (provider, name, url); \
  assert_connect_error (fixture, &connection, secret, code, says)

  CHECK ("sqare", "Two", NULL, token, TIDE_ERROR_NOT_FOUND, "sqare");
  CHECK ("square", "Café", NULL, token, TIDE_ERROR_CONFLICT, "already");
  CHECK ("square", "", NULL, token, TIDE_ERROR_INVALID, "name");
  CHECK ("square", "Two", NULL, NULL, TIDE_ERROR_INVALID, "access_token");
  CHECK ("square", "Two", NULL, "password", TIDE_ERROR_INVALID, "access_token");
  CHECK ("square", "Two", "http://example.com", token, TIDE_ERROR_INVALID, "https");
  CHECK ("square", "Two", "http://127.0.0.1.example.com", token, TIDE_ERROR_INVALID, "https");
  CHECK ("square", "Two", "https://me:secret@example.com", token, TIDE_ERROR_INVALID, "login");
  CHECK ("square", "Two", "https://example.com/?a=b", token, TIDE_ERROR_INVALID, "?");
  CHECK ("square", "Two", "file:///etc/passwd", token, TIDE_ERROR_INVALID, "address");
  CHECK ("square", "Two", "nonsense", token, TIDE_ERROR_INVALID, "address");

  connection = make_connection ("square", "Two", NULL);
  connection.environment = (char *)"test";
  assert_connect_error (fixture, &connection, token, TIDE_ERROR_INVALID, "environment");
  connection = make_connection ("square", "Two", NULL);
  connection.venue_id = 99;
  assert_connect_error (fixture, &connection, token, TIDE_ERROR_NOT_FOUND, "venue");

  tide_memory_keyring_set_broken (fixture->keyring, TRUE);
  CHECK ("square", "Two", NULL, token, TIDE_ERROR_NO_KEYRING, "keyring");
}

/* Secrets and row come and go together. */
static void
test_disconnect (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) connections = NULL;
  g_autoptr(GPtrArray) statuses = NULL;

  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  tide_memory_keyring_set_broken (fixture->keyring, TRUE);
  g_assert_false (tide_engine_disconnect (fixture->engine, fixture->connection->id, TRUE, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING);
  g_clear_error (&error);
  tide_memory_keyring_set_broken (fixture->keyring, FALSE);

  tide_engine_disconnect (fixture->engine, fixture->connection->id, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_memory_keyring_get_size (fixture->keyring), ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM square_customers"), ==, 0);
  connections = tide_engine_list_connections (fixture->engine, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (connections->len, ==, 0);
  statuses = tide_engine_get_status (fixture->engine, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (statuses->len, ==, 0);
}

/* To the sandbox, as somebody whose name is known or not. */
static TideConnection *
connect_account (EngineFixture *fixture,
                 const char    *name,
                 const char    *account)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  TideConnection connection = make_connection ("square", name, sandbox_peer_get_url (fixture->peer));
  g_autoptr(GError) error = NULL;
  TideConnection *made;

  connection.venue_id = fixture->connection->venue_id;
  connection.account = (char *)account;
  g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)"sandbox-token");
  made = tide_engine_connect (fixture->engine, &connection, secrets, NULL, &error);
  g_assert_no_error (error);
  return made;
}

static void
disconnect_keeping (EngineFixture *fixture,
                    gint64         connection_id)
{
  g_autoptr(GError) error = NULL;

  tide_engine_disconnect (fixture->engine, connection_id, FALSE, NULL, &error);
  g_assert_no_error (error);
}

/* Whose login it is. */
static char *
probe_account (EngineFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TideTestResult *result = tide_engine_test (fixture->engine, fixture->connection, NULL, NULL, &error);
  char *account;

  g_assert_no_error (error);
  account = g_strdup (result->account);
  tide_test_result_free (result);
  return account;
}

static void
block (EngineFixture *fixture)
{
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"expired_token\", \"times\": -1}]}");
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_order (fixture, "faults", NULL);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 1);
}

/* An account that comes back goes on with its records: a second connection would have all of them twice. */
static void
test_connect_again (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autofree char *account = probe_account (fixture);
  gint64 n_schedules = engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_schedules");
  g_autoptr(TideConnection) again = NULL;
  const TideRun *run;
  gint64 n_customers;

  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  n_customers = engine_fixture_query_int (fixture, "SELECT count(*) FROM customers");
  block (fixture);
  g_assert_cmpint (n_customers, >, 0);
  disconnect_keeping (fixture, fixture->connection->id);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connection_blocks"), ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_schedules"), ==, 0);

  again = connect_account (fixture, "Café, once more", account);
  g_assert_cmpint (again->id, ==, fixture->connection->id);
  g_assert_cmpint (again->created_at, ==, fixture->connection->created_at);
  g_assert_cmpstr (again->name, ==, "Café, once more");
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_schedules"), ==, n_schedules);
  g_assert_cmpuint (tide_memory_keyring_get_size (fixture->keyring), ==, 1);

  run = engine_fixture_sync_one (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.created, ==, 0);
  g_assert_cmpint (run->counts.unchanged, ==, n_customers);
  g_assert_cmpint (run->counts.read, ==, n_customers);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM customers"), ==, n_customers);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM customers"
                                             " WHERE connection = 'Café, once more'"), ==, n_customers);
  engine_fixture_assert_truth (fixture, "customers");
}

/* Somebody else, and who does not say, are new, and leave what was removed as it is. Of several the newest comes
 * back. */
static void
test_connect_other (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(TideConnection) unknown = NULL;
  g_autoptr(TideConnection) empty = NULL;
  g_autoptr(TideConnection) known = NULL;
  g_autoptr(TideConnection) second = NULL;
  g_autoptr(TideConnection) back = NULL;

  /* Nobody asked whose this one is. */
  disconnect_keeping (fixture, fixture->connection->id);
  unknown = connect_account (fixture, "Unknown", NULL);
  g_assert_cmpint (unknown->id, ==, 2);
  empty = connect_account (fixture, "Empty", "");
  g_assert_cmpint (empty->id, ==, 3);
  disconnect_keeping (fixture, empty->id);
  g_clear_pointer (&empty, tide_connection_unref);
  empty = connect_account (fixture, "Empty", "");
  g_assert_cmpint (empty->id, ==, 4);

  /* While one is there, another of the same account is a second one. */
  known = connect_account (fixture, "Known", "Harbor Café LLC");
  second = connect_account (fixture, "Second", "Harbor Café LLC");
  g_assert_cmpint (known->id, ==, 5);
  g_assert_cmpint (second->id, ==, 6);
  disconnect_keeping (fixture, second->id);
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), TIDE_MINUTE);
  disconnect_keeping (fixture, known->id);
  back = connect_account (fixture, "Back", "Harbor Café LLC");
  g_assert_cmpint (back->id, ==, known->id);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connections"
                                             " WHERE removed_at IS NOT NULL AND id IN (1, 3, 6)"), ==, 3);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM connections"), ==, 6);
}

static void
test_probe (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  TideTestResult *result = tide_engine_test (fixture->engine, fixture->connection, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result->account);
  g_assert_cmpuint (g_strv_length (result->details), ==, 3);
  g_assert_cmpuint (g_strv_length (result->missing), ==, 0);
  tide_test_result_free (result);

  g_hash_table_insert (secrets, (gpointer)"access_token", (gpointer)"another-token");
  result = tide_engine_test (fixture->engine, fixture->connection, secrets, NULL, &error);
  g_assert_null (result);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_AUTH);
  g_assert_null (strstr (error->message, "another-token"));
}

/* Equal requests that wait are one run; those that are not are more; unknown streams are none. */
static void
test_join (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) first = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_autoptr(GPtrArray) second = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_autoptr(GPtrArray) full = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_FULL);
  TideRunRequest request = { .connection_id = fixture->connection->id, .stream = "weather" };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRun) run = NULL;

  g_assert_cmpstr (((TideRun *)first->pdata[0])->sync_id, ==, ((TideRun *)second->pdata[0])->sync_id);
  g_assert_cmpstr (((TideRun *)first->pdata[0])->sync_id, !=, ((TideRun *)full->pdata[0])->sync_id);
  run = tide_engine_get_run (fixture->engine, ((TideRun *)full->pdata[0])->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run->status, ==, TIDE_RUN_PENDING);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 2);

  g_assert_null (tide_engine_request_run (fixture->engine, &request, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
}

/* By priority, but never before the parent; lines come with their orders. */
static void
test_order (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) runs = NULL;

  g_assert_true (tide_engine_set_paused (fixture->engine, TRUE, "owner", NULL));
  runs = engine_fixture_request (fixture, "products", TIDE_RUN_MODE_INCREMENTAL);
  g_clear_pointer (&runs, g_ptr_array_unref);
  runs = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_clear_pointer (&runs, g_ptr_array_unref);
  runs = engine_fixture_request (fixture, "order_lines", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (runs->len, ==, 2);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_started, ==, 0);
  g_assert_false (tide_engine_is_idle (fixture->engine));

  g_assert_true (tide_engine_set_paused (fixture->engine, FALSE, "owner", NULL));
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 4);
  g_assert_cmpstr (((TideRun *)fixture->ended->pdata[0])->stream, ==, "locations");
  g_assert_cmpstr (((TideRun *)fixture->ended->pdata[1])->stream, ==, "orders");
  g_assert_cmpstr (((TideRun *)fixture->ended->pdata[2])->stream, ==, "customers");
  g_assert_cmpstr (((TideRun *)fixture->ended->pdata[3])->stream, ==, "products");
}

static TideStreamStatus *
get_status (EngineFixture *fixture,
            const char    *stream)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) statuses = tide_engine_get_status (fixture->engine, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (statuses->len, ==, 10);
  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (g_str_equal (status->stream, stream))
        return tide_stream_status_ref (status);
    }
  g_assert_not_reached ();
}

static void
assert_health (EngineFixture *fixture,
               const char    *stream,
               TideHealth     health)
{
  g_autoptr(TideStreamStatus) status = get_status (fixture, stream);

  g_assert_cmpstr (tide_health_to_name (status->health), ==, tide_health_to_name (health));
}

static void
test_health (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideSimClock *clock = TIDE_SIM_CLOCK (fixture->clock);
  g_autoptr(TideStreamStatus) status = NULL;

  assert_health (fixture, "customers", TIDE_HEALTH_NEVER);
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  status = get_status (fixture, "customers");
  g_assert_cmpint (status->health, ==, TIDE_HEALTH_FRESH);
  g_assert_cmpint (status->interval, ==, 30 * TIDE_MINUTE);
  g_assert_cmpint (status->records, ==, status->last_run->counts.created);
  g_assert_cmpint (status->today, ==, status->records);
  g_assert_cmpint (status->cells[TIDE_STRIP_PAST - 1].runs, ==, 1);
  g_assert_cmpint (status->cells[TIDE_STRIP_PAST - 1].records, ==, status->records);
  g_assert_cmpint (status->cells[TIDE_STRIP_PAST].planned, ==, 2);
  g_assert_cmpint (status->next_run, >, tide_clock_now (fixture->clock));

  tide_sim_clock_advance (clock, 61 * TIDE_MINUTE);
  assert_health (fixture, "customers", TIDE_HEALTH_LATE);
  tide_sim_clock_advance (clock, 61 * TIDE_MINUTE);
  assert_health (fixture, "customers", TIDE_HEALTH_STALE);

  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"bad_record\", \"path\": \"/v2/customers\"}]}");
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_FULL);
  assert_health (fixture, "customers", TIDE_HEALTH_PARTLY);
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_FULL);
  assert_health (fixture, "customers", TIDE_HEALTH_FRESH);

  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"server_error\", \"times\": -1}]}");
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_FULL);
  assert_health (fixture, "customers", TIDE_HEALTH_RETRYING);
  engine_fixture_order (fixture, "faults", NULL);
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"expired_token\", \"times\": -1}]}");
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_FULL);
  assert_health (fixture, "customers", TIDE_HEALTH_SIGN_IN);
  assert_health (fixture, "orders", TIDE_HEALTH_SIGN_IN);
}

static gboolean
has_ended (EngineFixture *fixture,
           gpointer       user_data)
{
  return fixture->ended->len >= GPOINTER_TO_UINT (user_data) && tide_engine_is_idle (fixture->engine);
}

/* Streams run by themselves, at first at once and then when their time comes; a failed one is tried again before that; a refused login
 * is left alone. */
static void
test_planned (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_SCHEDULES);
  TideSimClock *clock = TIDE_SIM_CLOCK (fixture->clock);
  g_autoptr(TideStreamStatus) status = NULL;
  g_autoptr(GPtrArray) planned = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) error = NULL;

  /* What was never synced does not wait for its slot. */
  engine_fixture_wait (fixture, has_ended, GUINT_TO_POINTER (10));
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  engine_fixture_assert_all (fixture);
  planned = tide_engine_get_planned (fixture->engine, tide_clock_now (fixture->clock) + TIDE_HOUR, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (planned->len, >, 10);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_started, ==, 10);

  /* A night of sleep: each stream once. */
  g_ptr_array_set_size (fixture->ended, 0);
  tide_sim_clock_advance (clock, 8 * TIDE_HOUR);
  engine_fixture_wait (fixture, has_ended, GUINT_TO_POINTER (10));
  g_assert_cmpuint (fixture->ended->len, ==, 10);
  g_assert_cmpstr (((TideRun *)fixture->ended->pdata[0])->requested_by, ==, "schedule");
  engine_fixture_assert_all (fixture);

  g_ptr_array_set_size (fixture->ended, 0);
  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"server_error\", \"path\": \"/v2/customers\","
                        " \"times\": 6}]}");
  runs = engine_fixture_request (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 0);
  status = get_status (fixture, "customers");
  g_assert_cmpint (status->health, ==, TIDE_HEALTH_RETRYING);
  g_assert_cmpint (status->retry_at, >, tide_clock_now (fixture->clock));
  g_assert_cmpint (status->retry_at, <=, tide_clock_now (fixture->clock) + TIDE_MINUTE);

  engine_fixture_order (fixture, "faults", NULL);
  tide_sim_clock_set (clock, status->retry_at);
  engine_fixture_wait (fixture, has_ended, GUINT_TO_POINTER (1));
  g_assert_cmpint (((TideRun *)fixture->ended->pdata[0])->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpstr (((TideRun *)fixture->ended->pdata[0])->sync_id, ==, ((TideRun *)runs->pdata[0])->sync_id);
  assert_health (fixture, "customers", TIDE_HEALTH_FRESH);

  engine_fixture_order (fixture, "faults", "{\"faults\": [{\"kind\": \"expired_token\", \"times\": -1}]}");
  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  g_ptr_array_set_size (fixture->ended, 0);
  tide_sim_clock_advance (clock, 8 * TIDE_HOUR);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (tide_engine_is_idle (fixture->engine));
  g_assert_cmpuint (fixture->ended->len, ==, 0);
}

/* What the old login was refused for is asked for again with the new one, without waiting for a slot. */
static void
test_connect_unblocked (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_SCHEDULES);
  g_autofree char *account = probe_account (fixture);
  g_autoptr(TideConnection) again = NULL;
  const TideRun *run;

  engine_fixture_wait (fixture, has_ended, GUINT_TO_POINTER (10));
  block (fixture);
  g_ptr_array_set_size (fixture->ended, 0);
  disconnect_keeping (fixture, fixture->connection->id);
  again = connect_account (fixture, "Café", account);
  g_assert_cmpint (again->id, ==, fixture->connection->id);
  engine_fixture_wait (fixture, has_ended, GUINT_TO_POINTER (1));
  run = g_ptr_array_index (fixture->ended, 0);
  g_assert_cmpstr (run->stream, ==, "customers");
  g_assert_cmpstr (run->requested_by, ==, "schedule");
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.created, ==, 0);
  assert_health (fixture, "orders", TIDE_HEALTH_FRESH);
}

/* Beside the one who owns the workspace, others may look. */
static void
test_read_only (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(TideEngine) other = NULL;
  g_autoptr(GPtrArray) statuses = NULL;
  g_autoptr(GError) error = NULL;

  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  other = tide_engine_open_full (fixture->folder, TIDE_ENGINE_NONE, NULL, NULL, TIDE_KEYRING (fixture->keyring), &error);
  g_assert_null (other);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);

  other = tide_engine_open_full (fixture->folder, TIDE_ENGINE_READ_ONLY, fixture->clock, NULL,
                                 TIDE_KEYRING (fixture->keyring), &error);
  g_assert_no_error (error);
  statuses = tide_engine_get_status (other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (statuses->len, ==, 10);
  g_assert_null (tide_engine_add_venue (other, "Annex", "UTC", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
}

static char *
get_socket_path (EngineFixture *fixture)
{
  return g_build_filename (fixture->folder, "tidemark.sock", NULL);
}

static GSocketConnection *
connect_to_owner (EngineFixture  *fixture,
                  GError        **error)
{
  g_autofree char *path = get_socket_path (fixture);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  return g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, error);
}

static void
assert_listens (EngineFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = connect_to_owner (fixture, &error);

  g_assert_no_error (error);
  g_assert_nonnull (connection);
}

/* It listens as long as it has the workspace; a connection that is open then ends. */
static void
test_socket_life (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autofree char *path = get_socket_path (fixture);
  g_autoptr(GSocketConnection) connection = connect_to_owner (fixture, NULL);
  g_autoptr(GSocketConnection) late = NULL;
  g_autoptr(TideEngine) other = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (connection);
  other = tide_engine_open_full (fixture->folder, TIDE_ENGINE_READ_ONLY, fixture->clock, NULL,
                                 TIDE_KEYRING (fixture->keyring), &error);
  g_assert_no_error (error);
  tide_engine_close (other);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  engine_fixture_close (fixture);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  late = connect_to_owner (fixture, &error);
  g_assert_null (late);
  g_assert_nonnull (error);
  engine_fixture_open (fixture);
  assert_listens (fixture);
}

/* The doctor. */
static void
test_examine (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GError) error = NULL;

  engine_fixture_sync (fixture, "customers", TIDE_RUN_MODE_INCREMENTAL);
  findings = tide_engine_examine (fixture->engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 0);
  g_clear_pointer (&findings, g_ptr_array_unref);

  tide_memory_keyring_set_broken (fixture->keyring, TRUE);
  findings = tide_engine_examine (fixture->engine, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (findings, 0), "Café"));
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/door/connect-errors", test_connect_errors);
  g_test_add_func ("/door/disconnect", test_disconnect);
  g_test_add_func ("/door/connect-again", test_connect_again);
  g_test_add_func ("/door/connect-other", test_connect_other);
  g_test_add_func ("/door/probe", test_probe);
  g_test_add_func ("/door/join", test_join);
  g_test_add_func ("/door/order", test_order);
  g_test_add_func ("/door/health", test_health);
  g_test_add_func ("/door/planned", test_planned);
  g_test_add_func ("/door/connect-unblocked", test_connect_unblocked);
  g_test_add_func ("/door/read-only", test_read_only);
  g_test_add_func ("/door/socket-life", test_socket_life);
  g_test_add_func ("/door/examine", test_examine);

  return engine_fixture_run ();
}
