/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <string.h>

#include "tide-schedule-rows.h"
#include "tide-state-rows.h"

#define assert_query(fixture, sql, expected) \
  G_STMT_START { \
    g_autofree char *query_text = store_fixture_query_text (fixture, sql); \
    g_assert_cmpstr (query_text, ==, expected); \
  } G_STMT_END

static void
test_statement (StoreFixture  *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  TideDatabase *database = tide_read_get_database (read);
  gsize length;

  g_assert_null (tide_statement_new (database, "SELECT a FROM nowhere", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
  g_assert_cmpstr (error->message, ==, "tidemark.db: no such table: nowhere in “SELECT a FROM nowhere”");
  g_clear_error (&error);
  {
    g_autoptr(TideStatement) statement = tide_statement_new (database, "SELECT @a", &error);

    tide_statement_bind_int (statement, "@b", 1);
    g_assert_false (tide_statement_next (statement, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
    g_clear_error (&error);
    tide_statement_reset (statement);
    tide_statement_bind_time (statement, "@a", STORE_START);
    g_assert_true (tide_statement_next (statement, &error));
    g_assert_cmpstr (tide_statement_get_text (statement, 0), ==, "2026-03-02T18:11:09.500Z");
    g_assert_cmpint (tide_statement_get_time (statement, 0), ==, STORE_START);
    g_assert_cmpstr (tide_statement_get_name (statement, 0), ==, "@a");
  }
  {
    /* The same statement out of the cache, without what was bound to it. */
    g_autoptr(TideStatement) statement = tide_statement_new (database, "SELECT @a", &error);
    /* And a second one while the first is in use. */
    g_autoptr(TideStatement) second = tide_statement_new (database, "SELECT @a", &error);

    g_assert_true (statement != second);
    g_assert_true (tide_statement_next (statement, &error));
    g_assert_true (tide_statement_is_null (statement, 0));
    g_assert_cmpint (tide_statement_get_time (statement, 0), ==, TIDE_TIME_INVALID);
    tide_statement_bind_blob (second, "@a", "a\0b", 3);
    g_assert_true (tide_statement_next (second, &error));
    g_assert_cmpmem (tide_statement_get_blob (second, 0, &length), 3, "a\0b", 3);
    g_assert_cmpuint (length, ==, 3);
  }
  /* A reader only reads. */
  g_assert_false (tide_database_execute (database, "DELETE FROM venues", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
}

static void
test_quote_name (StoreFixture  *fixture,
                 gconstpointer  data)
{
  g_autofree char *name = tide_database_quote_name ("a\"b; DROP");

  g_assert_cmpstr (name, ==, "\"a\"\"b; DROP\"");
}

static void
test_venues (StoreFixture  *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideVenue) venue = NULL;
  g_autoptr(GPtrArray) venues = NULL;

  g_assert_null (tide_venue_rows_add (write, "Corner Café", "Europe/Rome", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (tide_venue_rows_add (write, "Bar", "Europe/Atlantis", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "there is no time zone “Europe/Atlantis”");
  g_clear_error (&error);
  g_assert_null (tide_venue_rows_add (write, "", "Europe/Rome", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (tide_venue_rows_get (database, 99, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tide_venue_rows_get (database, 0, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  venue = tide_venue_rows_find (database, "Corner Café", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (venue->timezone, ==, "America/New_York");
  venues = tide_venue_rows_list (database, &error);
  g_assert_cmpuint (venues->len, ==, 1);
}

static TideConnection *
find_connection (StoreFixture  *fixture,
                 const char    *name,
                 GError       **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, error);

  return tide_connection_rows_find (tide_read_get_database (read), name, error);
}

static void
remove_connection (StoreFixture *fixture,
                   gint64        id,
                   gboolean      delete_records)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  g_assert_true (tide_connection_rows_remove (write, id, delete_records, &error));
  g_assert_true (tide_write_commit (write, &error));
}

static void
test_connections (StoreFixture  *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnection) connection = find_connection (fixture, "Shop", &error);

  g_assert_no_error (error);
  g_assert_cmpint (connection->created_at, ==, STORE_START);
  g_assert_cmpstr (connection->provider, ==, "shop");
  g_assert_null (connection->account);
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
    TideConnection wanted = *connection;
    g_autoptr(TideConnection) again = tide_connection_rows_add (write, &wanted, &error);

    g_assert_null (again);
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
    g_clear_error (&error);
    wanted.name = (char *)"Other";
    wanted.venue_id = 77;
    g_assert_null (tide_connection_rows_add (write, &wanted, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
    g_clear_error (&error);
    wanted.venue_id = fixture->venue_id;
    wanted.environment = (char *)"moon";
    g_assert_null (tide_connection_rows_add (write, &wanted, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
    g_clear_error (&error);
    g_assert_true (tide_connection_rows_set_account (write, connection->id, "Corner Café LLC", &error));
    g_assert_false (tide_connection_rows_set_account (write, 55, "Nobody", &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_true (tide_write_commit (write, &error));
  }
  g_clear_pointer (&connection, tide_connection_unref);
  connection = find_connection (fixture, "Shop", &error);
  g_assert_cmpstr (connection->account, ==, "Corner Café LLC");
}

static void
add_row (StoreFixture *fixture,
         gint64        connection_id,
         const char   *id)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO shop_orders (_connection, _id, _hash, _first_run, _changed_run,"
                                          " _raw) VALUES (%d, '%s', 0, 1, 1, '{}')", (int)connection_id, id);

  store_fixture_execute (fixture, sql);
}

static void
test_disconnect (StoreFixture  *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  gint64 other = store_fixture_add_connection (fixture, "Other");

  add_row (fixture, fixture->connection_id, "a");
  add_row (fixture, other, "b");
  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  remove_connection (fixture, fixture->connection_id, FALSE);
  g_assert_null (find_connection (fixture, "Shop", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  assert_query (fixture, "SELECT id, connection FROM orders ORDER BY id", "a|Shop\nb|Other");
  /* The name is free again, and the new one is another connection. */
  g_assert_cmpint (store_fixture_add_connection (fixture, "Shop"), ==, 3);
  remove_connection (fixture, other, TRUE);
  assert_query (fixture, "SELECT id FROM orders", "a");
  remove_connection (fixture, 3, TRUE);
  g_assert_cmpint (store_fixture_add_connection (fixture, "Shop"), ==, 4);
}

static void
test_runs (StoreFixture  *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  gint64 id = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_INCREMENTAL);
  g_autofree char *sync_id = store_fixture_query_text (fixture, "SELECT sync_id FROM sync_runs");
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideRun) run = tide_run_rows_get (database, sync_id, &error);
  g_autoptr(TideRun) again = NULL;
  g_autoptr(GPtrArray) log = NULL;
  const TideLogLine *line;

  g_assert_no_error (error);
  g_assert_cmpint (run->id, ==, id);
  g_assert_cmpstr (run->connection_name, ==, "Shop");
  g_assert_cmpstr (run->venue_name, ==, "Corner Café");
  g_assert_cmpstr (run->provider, ==, "shop");
  g_assert_cmpint (run->mode, ==, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpint (run->ended_at, ==, 0);
  run->status = TIDE_RUN_FAILED;
  run->ended_at = STORE_START + TIDE_SECOND;
  run->counts = (TideCounts){ 26, 1, 2, 3, 4, 5, 11, 6 };
  run->waited = 5 * TIDE_SECOND;
  run->bytes = 12345;
  run->error_code = g_strdup ("provider");
  run->error_message = g_strdup ("GET /v2/orders: HTTP 503");
  g_assert_true (tide_run_rows_update (write, run, &error));
  again = tide_run_rows_get (database, sync_id, &error);
  g_assert_cmpint (again->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpint (again->ended_at, ==, STORE_START + TIDE_SECOND);
  g_assert_cmpmem (&again->counts, sizeof again->counts, &run->counts, sizeof run->counts);
  g_assert_cmpint (again->waited, ==, run->waited);
  g_assert_cmpint (again->bytes, ==, 12345);
  g_assert_cmpint (again->expected, ==, -1);
  g_assert_cmpstr (again->error_message, ==, "GET /v2/orders: HTTP 503");
  /* A ledger that does not balance cannot be written down. */
  run->counts.read++;
  g_assert_false (tide_run_rows_update (write, run, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  run->counts.read--;
  run->id = 99;
  g_assert_false (tide_run_rows_update (write, run, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (tide_run_rows_log (write, id, STORE_START, "info", "page 1", &error));
  log = tide_run_rows_get_log (database, id, &error);
  g_assert_cmpuint (log->len, ==, 1);
  line = g_ptr_array_index (log, 0);
  g_assert_cmpstr (line->message, ==, "page 1");
}

/* What the last process left under way is in line again, as far as it had come; what is over stays over. */
static void
test_requeue (StoreFixture  *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'completed'");
  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'processing', read = 3, created = 3 WHERE id = 2");
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
    g_autoptr(TideRun) last = NULL;

    g_assert_true (tide_run_rows_requeue (write, &error));
    last = tide_run_rows_get_last (tide_write_get_database (write), fixture->connection_id, "orders", FALSE, &error);
    g_assert_cmpint (last->status, ==, TIDE_RUN_PENDING);
    g_assert_cmpint (last->counts.created, ==, 3);
    g_clear_pointer (&last, tide_run_unref);
    last = tide_run_rows_get_last (tide_write_get_database (write), fixture->connection_id, "orders", TRUE, &error);
    g_assert_cmpint (last->id, ==, 1);
    g_assert_null (tide_run_rows_get_last (tide_write_get_database (write), 1, "payments", FALSE, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_true (tide_write_commit (write, &error));
  }
  assert_query (fixture, "SELECT id, status, ended_at FROM sync_runs ORDER BY id", "1|completed|NULL\n2|pending|NULL");
}

static char *
list_ids (StoreFixture       *fixture,
          const TideRunQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  g_autoptr(GPtrArray) runs = tide_run_rows_query (tide_read_get_database (read), query, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);

      g_string_append_printf (text, "%s%d", i > 0 ? " " : "", (int)run->id);
    }
  if (query->limit == 0 && query->before_id == 0)
    g_assert_cmpint (tide_run_rows_count (tide_read_get_database (read), query, &error), ==, runs->len);
  return g_string_free (text, FALSE);
}

#define assert_runs(expected, ...) \
  G_STMT_START { \
    TideRunQuery run_query = { __VA_ARGS__ }; \
    g_autofree char *run_ids = list_ids (fixture, &run_query); \
    g_assert_cmpstr (run_ids, ==, expected); \
  } G_STMT_END

static void
test_run_query (StoreFixture  *fixture,
                gconstpointer  data)
{
  gint64 other = store_fixture_add_connection (fixture, "100%_Other");

  for (int i = 0; i < 6; i++)
    {
      store_fixture_add_run (fixture, i % 2 == 0 ? fixture->connection_id : other, TIDE_RUN_MODE_FULL);
      tide_sim_clock_advance (fixture->clock, TIDE_HOUR / 2);
    }
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'completed', created = 10, read = 10 WHERE id <= 3");
  store_fixture_execute (fixture, "UPDATE sync_runs SET retries = 2 WHERE id = 1");
  store_fixture_execute (fixture, "UPDATE sync_runs SET failed = 1, read = 11 WHERE id = 2");
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'failed', error_message = 'no route' WHERE id = 4");
  store_fixture_execute (fixture, "UPDATE sync_runs SET requested_by = 'owner', dry_run = 1 WHERE id = 3");
  assert_runs ("6 5 4 3 2 1", .limit = 0);
  assert_runs ("6 5", .limit = 2);
  assert_runs ("4 3", .limit = 2, .before_id = 5);
  assert_runs ("6 4 2", .connection_id = other);
  assert_runs ("4 2", .outcome = "problems");
  assert_runs ("6 5", .outcome = "processing");
  assert_runs ("3 2 1", .outcome = "completed");
  assert_runs ("3", .requested_by = "owner");
  assert_runs ("6 4 2", .search = "%_");
  assert_runs ("4", .search = "no ROUTE");
  assert_runs ("", .search = "'; DROP TABLE sync_runs; --");
  assert_runs ("", .venue = "Elsewhere");
  assert_runs ("6 5 4 3 2 1", .venue = "Corner Café", .provider = "shop", .entity = "orders");
  assert_runs ("4 3", .since = STORE_START + TIDE_HOUR, .until = STORE_START + 2 * TIDE_HOUR);
  {
    g_autoptr(GError) error = NULL;
    g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
    g_autoptr(GArray) hours = tide_run_rows_hours (tide_read_get_database (read), STORE_START,
                                                   STORE_START + TIDE_DAY, &error);
    const TideRunHour *hour = &g_array_index (hours, TideRunHour, 0);

    g_assert_no_error (error);
    /* Runs began at 18:11, 18:41, 19:11 (a dry one), 19:41, 20:11 and 20:41. */
    g_assert_cmpuint (hours->len, ==, 5);
    g_assert_cmpint (hour->hour, ==, STORE_START - 11 * TIDE_MINUTE - 9500000);
    g_assert_cmpint (hour->connection_id, ==, fixture->connection_id);
    g_assert_cmpint (hour->records, ==, 10);
    g_assert_cmpint (hour->retried, ==, 1);
    g_assert_cmpint (hour->failed, ==, 0);
    hour = &g_array_index (hours, TideRunHour, 1);
    g_assert_cmpint (hour->connection_id, ==, other);
    g_assert_cmpint (hour->failed, ==, 1);
    g_assert_cmpint (hour->retried, ==, 0);
  }
}

static void
test_state (StoreFixture  *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(GHashTable) states = NULL;

  g_assert_true (tide_state_rows_save (write, 1, "orders", "L1", "{\"a\":1}", STORE_START, &error));
  g_assert_true (tide_state_rows_save (write, 1, "orders", "L2", "{}", STORE_START, &error));
  g_assert_true (tide_state_rows_save (write, 1, "orders", "L1", "{\"a\":2}", STORE_START, &error));
  states = tide_state_rows_load (database, 1, "orders", &error);
  g_assert_cmpuint (g_hash_table_size (states), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (states, "L1"), ==, "{\"a\":2}");
  g_assert_true (tide_state_rows_clear (write, 1, "orders", &error));
  g_clear_pointer (&states, g_hash_table_unref);
  states = tide_state_rows_load (database, 1, "orders", &error);
  g_assert_cmpuint (g_hash_table_size (states), ==, 0);
  /* Of a connection that is not there. */
  g_assert_false (tide_state_rows_save (write, 9, "orders", "", "{}", STORE_START, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
}

static void
test_schedules (StoreFixture  *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  TideScheduleRow row = { 0, 1, (char *)"orders", TRUE, 10, 3 };
  g_autoptr(GPtrArray) rows = NULL;
  const TideScheduleRow *found;

  g_assert_true (tide_schedule_rows_put (write, &row, &error));
  row.interval_minutes = 30;
  g_assert_true (tide_schedule_rows_put (write, &row, &error));
  row.interval_minutes = 4;
  g_assert_false (tide_schedule_rows_put (write, &row, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);
  rows = tide_schedule_rows_list (tide_write_get_database (write), &error);
  g_assert_cmpuint (rows->len, ==, 1);
  found = g_ptr_array_index (rows, 0);
  g_assert_cmpint (found->interval_minutes, ==, 30);
  g_assert_cmpint (found->offset_minutes, ==, 3);
  g_assert_true (found->enabled);
}

static gboolean
collect_row (TideStatement  *row,
             gpointer        user_data,
             GError        **error)
{
  GString *text = user_data;

  if (g_strcmp0 (tide_statement_get_text (row, 0), "stop") == 0)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "stopped");
      return FALSE;
    }
  g_string_append_printf (text, "%s ", tide_statement_get_text (row, 0));
  return TRUE;
}

static gboolean
ask (StoreFixture  *fixture,
     const char    *sql,
     guint64        max_rows,
     const char    *expected,
     GError       **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, error);
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean truncated = FALSE;
  gboolean ok = tide_record_query_run (tide_read_get_database (read), sql, max_rows, collect_row, text,
                                       &truncated, error);

  if (ok)
    g_assert_cmpstr (text->str, ==, expected);
  return ok && truncated;
}

static void
test_query (StoreFixture  *fixture,
            gconstpointer  data)
{
  static const char * const refused[] = {
    "DELETE FROM venues", "ATTACH '/tmp/x' AS x", "PRAGMA journal_mode = DELETE", "PRAGMA query_only = 0",
    "PRAGMA wal_checkpoint", "BEGIN", "COMMIT", "ROLLBACK", "VACUUM INTO '/tmp/x'", "SELECT 1; SELECT 2",
    "SELECT 1; DELETE FROM venues", "", " ; ", "-- nothing", "SELECT nothing", "SELECT * FROM nowhere", "SELEC",
    "CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "SELECT ?", "SELECT json('{')", "SELECT load_extension('x')",
    "PRAGMA user_version = 5", "SAVEPOINT x", "REINDEX", "UPDATE sqlite_master SET sql = ''", "DROP VIEW orders",
    "PRAGMA writable_schema = 1", "INSERT INTO venues DEFAULT VALUES RETURNING id", "ANALYZE", "DETACH main",
  };
  g_autoptr(GError) error = NULL;

  g_assert_false (ask (fixture, "SELECT name FROM venues; -- all of them", 0, "Corner Café ", &error));
  g_assert_no_error (error);
  g_assert_false (ask (fixture, "VALUES (1), (2), (3)", 3, "1 2 3 ", &error));
  g_assert_true (ask (fixture, "VALUES (1), (2), (3)", 2, "1 2 ", &error));
  g_assert_false (ask (fixture, "PRAGMA user_version", 0, "2 ", &error));
  g_assert_false (ask (fixture, "SELECT count(*) FROM pragma_table_info('orders') WHERE name = 'total'", 0, "1 ", &error));
  g_assert_false (ask (fixture, "SELECT count(*) FROM orders", 0, "0 ", &error));
  g_assert_no_error (error);
  g_assert_false (ask (fixture, "SELECT 'stop'", 0, "", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_clear_error (&error);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (ask (fixture, refused[i], 0, "nothing", &error));
      if (!g_error_matches (error, TIDE_ERROR, TIDE_ERROR_INVALID))
        g_error ("“%s”: %s", refused[i], error != NULL ? error->message : "allowed");
      g_clear_error (&error);
    }
  /* The connection that comes back is free again. */
  g_assert_cmpint (store_fixture_query_int (fixture, "SELECT count(*) FROM venues"), ==, 1);
}

static void
test_ids_and_counts (StoreFixture  *fixture,
                     gconstpointer  data)
{
  gint64 other = store_fixture_add_connection (fixture, "Other");
  gboolean has_deleted;
  g_autoptr(GError) error = NULL;

  add_row (fixture, fixture->connection_id, "b");
  add_row (fixture, fixture->connection_id, "a");
  add_row (fixture, fixture->connection_id, "c");
  add_row (fixture, other, "d");
  store_fixture_execute (fixture, "UPDATE shop_orders SET _deleted = 1 WHERE _id = 'c'");
  store_fixture_execute (fixture, "UPDATE shop_orders SET currency = 'EUR' WHERE _connection = 1");
  {
    g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
    TideDatabase *database = tide_read_get_database (read);
    g_autoptr(GPtrArray) ids = tide_record_query_list_ids (database, "shop", "orders", 1, NULL, &error);
    g_autoptr(GPtrArray) currencies = tide_record_query_list_ids (database, "shop", "orders", 1, "currency", &error);

    g_assert_no_error (error);
    g_assert_cmpuint (ids->len, ==, 2);
    g_assert_cmpstr (g_ptr_array_index (ids, 0), ==, "a");
    g_assert_cmpuint (currencies->len, ==, 1);
    g_assert_true (tide_record_query_has_deleted (database, "shop", "orders", 1, &has_deleted, &error));
    g_assert_true (has_deleted);
    g_assert_true (tide_record_query_has_deleted (database, "shop", "orders", other, &has_deleted, &error));
    g_assert_false (has_deleted);
    g_assert_cmpint (tide_record_query_count (database, "shop", "orders", 1, &error), ==, 2);
    g_assert_cmpint (tide_record_query_count (database, "shop", "orders", 0, &error), ==, 3);
    g_assert_cmpint (tide_record_query_count (database, "shop", "nothing", 0, &error), ==, -1);
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  }
}

static char *
check (StoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (tide_store_check (fixture->store, findings, NULL, &error));
  g_assert_no_error (error);
  g_ptr_array_add (findings, NULL);
  return g_strjoinv ("\n", (char **)findings->pdata);
}

static void
test_check (StoreFixture  *fixture,
            gconstpointer  data)
{
  g_autofree char *sound = check (fixture);
  g_autofree char *broken = NULL;

  g_assert_cmpstr (sound, ==, "");
  add_row (fixture, 1, "a");
  add_row (fixture, 1, "a");
  add_row (fixture, 5, "b");
  store_fixture_add_run (fixture, 1, TIDE_RUN_MODE_FULL);
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'completed'");
  store_fixture_execute (fixture, "UPDATE shop_orders SET _raw = 'no' WHERE _id = 'b'");
  broken = check (fixture);
  g_assert_cmpstr (broken, ==,
                   "shop_orders: no index of ids\n"
                   "shop_orders: record a of connection 1 is there 2 times\n"
                   "shop_orders: record b belongs to connection 5, which is not there\n"
                   "shop_orders: record b has a payload that is not JSON");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/store/rows/" path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("statement", test_statement);
  ADD ("quote-name", test_quote_name);
  ADD ("venues", test_venues);
  ADD ("connections", test_connections);
  ADD ("disconnect", test_disconnect);
  ADD ("runs", test_runs);
  ADD ("requeue", test_requeue);
  ADD ("run-query", test_run_query);
  ADD ("state", test_state);
  ADD ("schedules", test_schedules);
  ADD ("query", test_query);
  ADD ("ids-and-counts", test_ids_and_counts);
  ADD ("check", test_check);
  return g_test_run ();
}
