/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-sweep"

#include <sqlite3.h>
#include <string.h>

#include "engine-fixture.h"
#include "provider-toy.h"

/* When what a listing did not have may be marked as deleted, and when not. */

#define LIVE_PAYMENTS "SELECT count(*) FROM square_payments WHERE _deleted = 0"
#define LIVE_ITEMS "SELECT count(*) FROM toy_items WHERE _deleted = 0"

/* Changes the store behind the engine's back. */
static void
execute (EngineFixture *fixture,
         const char    *sql)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* The smallest location goes, so that the brake on too many deletions would let it pass. */
static void
delete_location (EngineFixture *fixture)
{
  execute (fixture, "UPDATE square_locations SET _deleted = 1 WHERE _id = (SELECT location_id FROM square_payments"
                    " GROUP BY location_id ORDER BY count(*) LIMIT 1)");
}

/* A parent's record that is marked as deleted is not asked about any more: its records have not been looked for. */
static void
test_parent_deleted (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  gint64 live;
  TideRun *run;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  live = engine_fixture_query_int (fixture, LIVE_PAYMENTS);
  delete_location (fixture);

  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_FULL);
  g_assert_cmpstr (run->error_message, ==, NULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.read, >, 0);
  g_assert_cmpint (run->counts.read, <, live);
  g_assert_cmpint (run->counts.deleted, ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, LIVE_PAYMENTS), ==, live);
}

/* Once the parent's record is back, a full listing is one again. */
static void
test_parent_back (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  TideRun *run;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  execute (fixture, "UPDATE square_payments SET _id = 'nowhere' WHERE _key = (SELECT min(_key) FROM square_payments)");
  delete_location (fixture);
  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->counts.deleted, ==, 0);
  execute (fixture, "UPDATE square_locations SET _deleted = 0 WHERE _deleted = 1");
  run = engine_fixture_sync_one (fixture, "payments", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.deleted, ==, 1);
  engine_fixture_assert_truth (fixture, "payments");
}

static const char toy_manifest[] =
  "{\"manifest\": 1, \"id\": \"toy\", \"name\": \"Toy\", \"tile\": \"T\","
  " \"environments\": {\"production\": {\"base_url\": \"%s\"}},"
  " \"secrets\": [{\"name\": \"token\", \"label\": \"Token\"}],"
  " \"authenticator\": {\"type\": \"none\"},"
  " \"streams\": [{\"name\": \"items\", \"label\": \"Items\", \"entity\": \"things\","
  "  \"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"cursor\": \"{{ cursor }}\"}},"
  "  \"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4},"
  "  \"total\": {\"pointer\": \"/count\"},"
  "  \"records\": {\"pointer\": \"/items\", \"id\": \"/id\"},"
  "  \"fields\": [{\"name\": \"place\", \"type\": \"text\"}]}]}";

static void
add_toy_provider (EngineFixture   *fixture,
                  ProviderFixture *provider)
{
  g_autofree char *path = g_build_filename (fixture->folder, "toy.json", NULL);
  g_auto(GStrv) parts = g_strsplit (toy_manifest, "%s", 2);
  g_autofree char *text = g_strjoinv (provider->url, parts);
  g_autoptr(TideProviderInfo) info = NULL;
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  info = tide_engine_add_provider (fixture->engine, path, NULL, &error);
  g_assert_no_error (error);
}

/* From here on the fixture's connection is one to the toy. */
static void
connect_toy (EngineFixture *fixture)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  TideConnection connection = { .venue_id = fixture->connection->venue_id, .provider = (char *)"toy",
                                .name = (char *)"Toy", .environment = (char *)"production" };
  TideConnection *made;

  g_hash_table_insert (secrets, (gpointer)"token", (gpointer)"toy-token");
  made = tide_engine_connect (fixture->engine, &connection, secrets, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&fixture->connection, tide_connection_unref);
  fixture->connection = made;
}

/* The answer tells of as many records more as @user_data says. */
static void
tell_of_more (ProviderCall *call,
              gpointer      user_data)
{
  const char *number = call->answer->str + strlen ("{\"count\": ");
  char *rest;
  gint64 count = g_ascii_strtoll (number, &rest, 10) + GPOINTER_TO_INT (user_data);
  g_autofree char *answer = g_strdup_printf ("{\"count\": %" G_GINT64_FORMAT "%s", count, rest);

  g_string_assign (call->answer, answer);
}

/* Fewer came than the provider tells of: what did not come need not be gone. */
static void
test_total (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  ProviderFixture provider = { 0 };
  Toy *toy;
  TideRun *run;

  provider_fixture_set_up (&provider, NULL);
  toy = toy_new (&provider, 18);
  add_toy_provider (fixture, &provider);
  connect_toy (fixture);
  run = engine_fixture_sync_one (fixture, "items", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.created, ==, 18);

  toy_remove (toy, 5);
  toy_remove (toy, 6);
  toy_touch (toy, 19, 60);
  toy_set_fault (toy, tell_of_more, GINT_TO_POINTER (2));
  run = engine_fixture_sync_one (fixture, "items", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
  g_assert_cmpstr (run->error_code, ==, "conflict");
  g_assert_cmpstr (run->error_message, ==,
                   "the provider tells of 19 records, 17 came: nothing was marked as deleted");
  g_assert_cmpint (run->counts.deleted, ==, 0);
  /* What did come is kept. */
  g_assert_cmpint (engine_fixture_query_int (fixture, LIVE_ITEMS), ==, 19);

  toy_set_fault (toy, NULL, NULL);
  run = engine_fixture_sync_one (fixture, "items", TIDE_RUN_MODE_FULL);
  g_assert_cmpint (run->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (run->counts.deleted, ==, 2);
  g_assert_cmpint (engine_fixture_query_int (fixture, LIVE_ITEMS), ==, 17);

  engine_fixture_close (fixture);
  toy_free (toy);
  provider_fixture_tear_down (&provider, NULL);
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);

  g_test_add_func ("/sweep/parent-deleted", test_parent_deleted);
  g_test_add_func ("/sweep/parent-back", test_parent_back);
  g_test_add_func ("/sweep/total", test_total);

  return engine_fixture_run ();
}
