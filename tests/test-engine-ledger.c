/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-ledger"

#include "engine-fixture.h"

#include <json-glib/json-glib.h>
#include <sqlite3.h>

#include "tide-error.h"
#include "tide-time.h"

/* What the engine writes down and tells: events, audit log, settings, failures, approvals, retention. */

static void
event_cb (TideEngine *engine,
          TideEvent  *event,
          GPtrArray  *events)
{
  g_ptr_array_add (events, tide_event_ref (event));
}

static GPtrArray *
follow (EngineFixture *fixture)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_event_unref);

  g_signal_connect (fixture->engine, "event", G_CALLBACK (event_cb), events);
  return events;
}

static void
count_cb (TideEngine *engine,
          guint      *n_times)
{
  (*n_times)++;
}

/* Changes the database as another program would, beside the engine. */
static void
write_sql (EngineFixture *fixture,
           const char    *sql)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static GPtrArray *
list_events (EngineFixture *fixture,
             gint64         after)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *events = tide_engine_list_events (fixture->engine, after, 0, &error);

  g_assert_no_error (error);
  return events;
}

static const TideEvent *
find_event (GPtrArray  *events,
            const char *name)
{
  for (guint i = 0; i < events->len; i++)
    {
      const TideEvent *event = g_ptr_array_index (events, i);

      if (g_str_equal (event->name, name))
        return event;
    }
  return NULL;
}

static void
assert_run_event (const TideEvent *event,
                  const TideRun   *run)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (event->data, &error);
  JsonObject *object = json_node_get_object (node);
  JsonObject *counts = json_object_get_object_member (object, "counts");

  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (object, "syncId"), ==, run->sync_id);
  g_assert_cmpint (json_object_get_int_member (object, "connectionId"), ==, run->connection_id);
  g_assert_cmpstr (json_object_get_string_member (object, "connection"), ==, "Café");
  g_assert_cmpstr (json_object_get_string_member (object, "venue"), ==, "Harbor Café");
  g_assert_cmpstr (json_object_get_string_member (object, "provider"), ==, "square");
  g_assert_cmpstr (json_object_get_string_member (object, "stream"), ==, run->stream);
  g_assert_cmpstr (json_object_get_string_member (object, "entity"), ==, run->entity);
  g_assert_cmpstr (json_object_get_string_member (object, "mode"), ==, "incremental");
  g_assert_cmpstr (json_object_get_string_member (object, "status"), ==, "completed");
  g_assert_cmpstr (json_object_get_string_member (object, "requestedBy"), ==, "test");
  g_assert_cmpint (json_object_get_int_member (counts, "read"), ==, run->counts.read);
  g_assert_cmpint (json_object_get_int_member (counts, "created"), ==, run->counts.created);
  g_assert_false (json_object_has_member (object, "error"));
}

/* All that was told is there to be read up on, at once, in the same order; but progress. */
static void
test_events (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) told = follow (fixture);
  g_autoptr(GPtrArray) stored = NULL;
  gint64 before = tide_engine_get_last_event (fixture->engine);
  const TideRun *run = engine_fixture_sync_one (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  guint n_kept = 0;

  stored = list_events (fixture, before);
  for (guint i = 0; i < told->len; i++)
    {
      const TideEvent *event = g_ptr_array_index (told, i);
      const TideEvent *kept;

      g_assert_cmpint (event->id, >, before);
      before = event->id;
      if (g_str_equal (event->name, "sync-progress"))
        continue;
      g_assert_cmpuint (n_kept, <, stored->len);
      kept = g_ptr_array_index (stored, n_kept++);
      g_assert_cmpint (kept->id, ==, event->id);
      g_assert_cmpstr (kept->name, ==, event->name);
      g_assert_cmpstr (kept->data, ==, event->data);
    }
  g_assert_cmpuint (n_kept, ==, stored->len);
  g_assert_cmpint (tide_engine_get_last_event (fixture->engine), ==, before);
  g_assert_nonnull (find_event (stored, "queue-updated"));
  g_assert_nonnull (find_event (stored, "sync-started"));
  g_assert_nonnull (find_event (stored, "connection-health-changed"));
  g_assert_null (find_event (stored, "sync-error"));
  assert_run_event (find_event (stored, "sync-completed"), run);
  g_signal_handlers_disconnect_by_data (fixture->engine, told);
}

/* A number is never given twice, and what was told last before the end is kept. */
static void
test_numbers (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GPtrArray) events = NULL;
  gint64 last;

  for (int i = 0; i < 3; i++)
    {
      g_signal_emit_by_name (fixture->engine, "schedule-changed");
      last = tide_engine_get_last_event (fixture->engine);
      engine_fixture_close (fixture);
      engine_fixture_open (fixture);
      g_clear_pointer (&events, g_ptr_array_unref);
      events = list_events (fixture, last - 1);
      g_assert_cmpuint (events->len, >=, 1);
      g_assert_cmpint (((TideEvent *)g_ptr_array_index (events, 0))->id, ==, last);
      g_assert_cmpint (tide_engine_get_last_event (fixture->engine), >=, last);
    }

  /* Also not when all events are gone from the store. */
  last = tide_engine_get_last_event (fixture->engine);
  engine_fixture_close (fixture);
  write_sql (fixture, "DELETE FROM events");
  engine_fixture_open (fixture);
  g_signal_emit_by_name (fixture->engine, "schedule-changed");
  g_assert_cmpint (tide_engine_get_last_event (fixture->engine), >, last);
}

/* However fast they come: at no time was a number given away that a crash just then would give away again. */
static void
test_numbers_in_a_rush (gconstpointer data)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, (TideEngineFlags)GPOINTER_TO_INT (data));
  gint64 first = tide_engine_get_last_event (fixture->engine);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 20000; i++)
    {
      g_signal_emit_by_name (fixture->engine, "schedule-changed");
      if (i % 500 == 0)
        g_assert_cmpint (tide_engine_get_last_event (fixture->engine), <=,
                         engine_fixture_query_int (fixture, "SELECT CAST(value AS INTEGER) FROM settings"
                                                            " WHERE name = 'event-numbers'"));
    }
  all = tide_engine_list_events (fixture->engine, first, 100000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 20000);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpint (((TideEvent *)g_ptr_array_index (all, i))->id, ==, first + 1 + i);
}

static const TideAuditEntry *
find_entry (GPtrArray  *entries,
            const char *action)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const TideAuditEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->action, action))
        return entry;
    }
  return NULL;
}

static GPtrArray *
list_audit (EngineFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *entries = tide_engine_list_audit (fixture->engine, 0, 1000, &error);

  g_assert_no_error (error);
  return entries;
}

static void
test_audit (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  const TideAuditEntry *entry;
  gint64 n_entries = 0;

  g_assert_true (tide_engine_set_setting (fixture->engine, TIDE_SETTING_KEEP_LOGS_DAYS, 60, "Ada", &error));
  entries = list_audit (fixture);
  g_assert_nonnull (find_entry (entries, "venue-added"));
  entry = find_entry (entries, "connection-added");
  g_assert_cmpstr (entry->object, ==, "Café");
  g_assert_cmpstr (entry->actor, ==, "owner");
  g_assert_null (strstr (entry->detail, "sandbox-token"));
  entry = find_entry (entries, "setting-changed");
  g_assert_cmpstr (entry->actor, ==, "Ada");
  g_assert_cmpstr (entry->object, ==, "keep-logs-days");
  g_assert_cmpstr (entry->detail, ==, "{\"before\":\"30\",\"after\":\"60\"}");
  g_assert_true (tide_engine_check_audit (fixture->engine, &n_entries, NULL, &error));
  g_assert_cmpint (n_entries, ==, entries->len);

  g_assert_true (tide_engine_disconnect (fixture->engine, fixture->connection->id, FALSE, NULL, &error));
  g_assert_no_error (error);
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  g_clear_pointer (&entries, g_ptr_array_unref);
  entries = list_audit (fixture);
  g_assert_cmpstr (find_entry (entries, "connection-removed")->object, ==, "Café");

  write_sql (fixture, "DROP TRIGGER audit_log_keeps_text; UPDATE audit_log SET actor = 'Bob' WHERE id = 2");
  g_assert_false (tide_engine_check_audit (fixture->engine, &n_entries, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT);
  g_assert_cmpstr (error->message, ==, "audit log: entry 2 was changed");
}

static void
test_settings (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) guest = NULL;

  g_assert_cmpint (tide_engine_get_setting (fixture->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS), ==, 1);
  g_assert_false (tide_engine_set_setting (fixture->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS, 9, "Ada", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (tide_engine_set_setting (fixture->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS, 4, "Ada", &error));
  g_assert_cmpint (tide_engine_get_setting (fixture->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS), ==, 4);
  guest = tide_engine_open_full (fixture->folder, TIDE_ENGINE_READ_ONLY, fixture->clock, NULL,
                                 TIDE_KEYRING (fixture->keyring), &error);
  g_assert_no_error (error);
  g_assert_cmpint (tide_engine_get_setting (guest, TIDE_SETTING_MAX_CONCURRENT_RUNS), ==, 4);
  tide_engine_close (guest);

  g_assert_true (tide_engine_set_setting (fixture->engine, TIDE_SETTING_PAUSED, 1, "Ada", &error));
  g_assert_true (tide_engine_get_paused (fixture->engine));
  engine_fixture_close (fixture);
  engine_fixture_open (fixture);
  g_assert_cmpint (tide_engine_get_setting (fixture->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS), ==, 4);
  g_assert_true (tide_engine_get_paused (fixture->engine));
}

/* Failures of the first so many payments that are stored, as if they had not come through. */
static void
add_failures (EngineFixture *fixture,
              int            n_failures)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO sync_failures (connection_id, stream, record_id, run_id, reason, payload, first_seen,"
                     " last_seen) SELECT 1, 'payments', _id, (SELECT max(id) FROM sync_runs), 'total: no number', '{}',"
                     " '2026-03-02T18:11:09.500Z', '2026-03-02T18:11:09.500Z' FROM square_payments ORDER BY _key LIMIT %d",
                     n_failures);

  write_sql (fixture, sql);
}

static const TideStreamStatus *
get_payments (GPtrArray *statuses)
{
  for (guint i = 0; i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (g_str_equal (status->stream, "payments"))
        return status;
    }
  return NULL;
}

static void
assert_payments (EngineFixture *fixture,
                 gint64         open_failures)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) statuses = tide_engine_get_status (fixture->engine, &error);
  TideFailureQuery query = { .stream = "payments" };

  g_assert_no_error (error);
  g_assert_cmpint (get_payments (statuses)->open_failures, ==, open_failures);
  g_assert_true ((get_payments (statuses)->health == TIDE_HEALTH_PARTLY) == (open_failures > 0));
  g_assert_cmpint (tide_engine_count_failures (fixture->engine, &query, &error), ==, open_failures);
}

/* Nothing of a dismissed failure counts as open, anywhere. */
static void
test_dismiss (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) page = NULL;
  TideFailureQuery query = { .cause = "total" };
  guint n_told = 0;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  g_signal_connect (fixture->engine, "attention-changed", G_CALLBACK (count_cb), &n_told);
  add_failures (fixture, 3);
  assert_payments (fixture, 3);
  g_assert_cmpint (tide_engine_dismiss_failures (fixture->engine, &query, "Ada", &error), ==, 3);
  g_assert_cmpuint (n_told, ==, 1);
  assert_payments (fixture, 0);
  page = tide_engine_get_failures (fixture->engine, 0, NULL, 0, &error);
  g_assert_cmpuint (page->len, ==, 0);
  g_clear_pointer (&page, g_ptr_array_unref);
  page = tide_engine_list_failure_groups (fixture->engine, &error);
  g_assert_cmpuint (page->len, ==, 0);
  g_assert_cmpint (tide_engine_dismiss_failures (fixture->engine, &query, "Ada", &error), ==, 0);
  g_assert_cmpuint (n_told, ==, 1);
  g_assert_cmpint (tide_engine_reopen_failures (fixture->engine, &query, NULL, &error), ==, 3);
  g_assert_cmpuint (n_told, ==, 2);
  assert_payments (fixture, 3);
  g_assert_no_error (error);

  entries = list_audit (fixture);
  g_assert_cmpstr (find_entry (entries, "failures-dismissed")->actor, ==, "Ada");
  g_assert_cmpstr (find_entry (entries, "failures-dismissed")->detail, ==, "{\"count\":\"3\",\"cause\":\"total\"}");
  g_assert_cmpstr (find_entry (entries, "failures-reopened")->actor, ==, "owner");
}

/* Just those records are asked for again, so many a run, and leave the list as they come through. */
static void
test_retry (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new ("--orders 3000", TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  TideFailureQuery query = { .stream = "payments" };
  gint64 cursor_before;
  guint n_told = 0;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  cursor_before = engine_fixture_query_int (fixture, "SELECT count(*) + sum(length(state)) FROM sync_state");
  add_failures (fixture, 501);
  assert_payments (fixture, 501);
  g_ptr_array_set_size (fixture->ended, 0);
  g_signal_connect (fixture->engine, "attention-changed", G_CALLBACK (count_cb), &n_told);
  runs = tide_engine_retry_failures (fixture->engine, &query, "Ada", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, 2);
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);
      g_autoptr(JsonNode) ids = json_from_string (run->ids, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (json_array_get_length (json_node_get_array (ids)), ==, i == 0 ? 500 : 1);
      g_assert_cmpstr (run->requested_by, ==, "Ada");
    }
  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 2);
  assert_payments (fixture, 0);
  g_assert_cmpuint (n_told, >=, 1);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) + sum(length(state)) FROM sync_state"), ==,
                   cursor_before);

  g_clear_pointer (&runs, g_ptr_array_unref);
  runs = tide_engine_retry_failures (fixture->engine, &query, "Ada", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, 0);
}

/* Of a record that tells no id, all there is to ask for is everything. */
static void
test_retry_without_id (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  TideFailureQuery query = { .limit = 1 };
  const TideRun *run;

  engine_fixture_sync (fixture, "payments", TIDE_RUN_MODE_INCREMENTAL);
  add_failures (fixture, 2);
  write_sql (fixture, "UPDATE sync_failures SET record_id = 'payload-' || record_id");
  runs = tide_engine_retry_failures (fixture->engine, &query, "Ada", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_null (run->ids);
  g_assert_cmpint (run->mode, ==, TIDE_RUN_MODE_FULL);
  engine_fixture_wait_idle (fixture);
}

/* A run that halted at its brakes when the program was last open. */
static gint64
halt_run (EngineFixture *fixture)
{
  engine_fixture_close (fixture);
  write_sql (fixture, "UPDATE sync_runs SET status = 'awaiting_approval', ended_at = NULL"
                      " WHERE id = (SELECT max(id) FROM sync_runs);"
                      "INSERT INTO approvals (kind, run_id, asked_at, reason, affected, total)"
                      " SELECT 'deletes', max(id), '2026-03-02T18:11:09.500Z', 'would delete 30 of 100', 30, 100"
                      " FROM sync_runs");
  engine_fixture_open (fixture);
  g_ptr_array_set_size (fixture->ended, 0);
  return engine_fixture_query_int (fixture, "SELECT max(id) FROM approvals");
}

static guint
count_open_approvals (EngineFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) approvals = tide_engine_list_approvals (fixture->engine, TRUE, &error);

  g_assert_no_error (error);
  return approvals->len;
}

static void
test_approve (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  guint n_told = 0;
  gint64 id;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_FULL);
  id = halt_run (fixture);
  g_signal_connect (fixture->engine, "attention-changed", G_CALLBACK (count_cb), &n_told);
  g_assert_cmpuint (count_open_approvals (fixture), ==, 1);
  g_assert_false (tide_engine_decide_approval (fixture->engine, 77, TRUE, FALSE, "Ada", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (tide_engine_decide_approval (fixture->engine, id, TRUE, TRUE, "Ada", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_told, ==, 1);
  g_assert_cmpuint (count_open_approvals (fixture), ==, 0);
  g_assert_false (tide_engine_decide_approval (fixture->engine, id, FALSE, FALSE, "Bob", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  g_clear_error (&error);

  engine_fixture_wait_idle (fixture);
  g_assert_cmpuint (fixture->ended->len, ==, 1);
  g_assert_cmpint (((TideRun *)g_ptr_array_index (fixture->ended, 0))->status, ==, TIDE_RUN_COMPLETED);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT allowed FROM sync_runs ORDER BY id DESC LIMIT 1"), ==,
                   TIDE_RUN_ALLOW_DELETES);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT brakes FROM sync_schedules WHERE stream = 'locations'"), ==, 0);
  entries = list_audit (fixture);
  g_assert_cmpstr (find_entry (entries, "approval-approved")->actor, ==, "Ada");
  g_assert_nonnull (strstr (find_entry (entries, "approval-approved")->detail, "would delete 30 of 100"));
}

static void
test_refuse (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  gint64 id;

  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_FULL);
  id = halt_run (fixture);
  g_assert_false (tide_engine_decide_approval (fixture->engine, id, FALSE, TRUE, "Ada", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (tide_engine_decide_approval (fixture->engine, id, FALSE, FALSE, "Ada", &error));
  g_assert_no_error (error);
  engine_fixture_wait_idle (fixture);
  g_assert_cmpint (((TideRun *)g_ptr_array_index (fixture->ended, 0))->status, ==, TIDE_RUN_CANCELLED);
  g_assert_cmpuint (count_open_approvals (fixture), ==, 0);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM approvals WHERE state = 'refused'"), ==, 1);
}

static gboolean
is_pruned (EngineFixture *fixture,
           gpointer       user_data)
{
  return engine_fixture_query_int (fixture, "SELECT count(*) FROM events WHERE name = 'old'") == 0;
}

static void
add_old_events (EngineFixture *fixture,
                const char    *at)
{
  g_autofree char *sql =
    g_strdup_printf ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                     " INSERT INTO events (id, at, name, data) SELECT i + (SELECT CAST(value AS INTEGER) FROM settings"
                     " WHERE name = 'event-numbers'), '%s', 'old', '{}' FROM n", at);

  write_sql (fixture, sql);
}

/* At the opening if the last time is a day ago, and from then on once a day. */
static void
test_retention (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autofree char *now = tide_time_to_string (tide_clock_now (fixture->clock));

  engine_fixture_close (fixture);
  add_old_events (fixture, "2020-01-01T00:00:00.000Z");
  write_sql (fixture, "DELETE FROM settings WHERE name = 'pruned-at'");
  engine_fixture_open (fixture);
  engine_fixture_wait (fixture, is_pruned, NULL);

  engine_fixture_close (fixture);
  add_old_events (fixture, now);
  engine_fixture_open (fixture);
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 6 * TIDE_DAY);
  /* The day's pass comes first, and finds nothing to do. */
  engine_fixture_sync (fixture, "locations", TIDE_RUN_MODE_INCREMENTAL);
  g_assert_false (is_pruned (fixture, NULL));
  tide_sim_clock_advance (TIDE_SIM_CLOCK (fixture->clock), 2 * TIDE_DAY);
  engine_fixture_wait (fixture, is_pruned, NULL);
}

static void
test_rate_use (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_NONE);
  g_autoptr(GError) error = NULL;
  TideRateUse use = { 0 };

  g_assert_true (tide_engine_get_rate_use (fixture->engine, fixture->connection->id, &use, &error));
  g_assert_no_error (error);
  /* One whose address was turned to this computer has no limit. */
  g_assert_cmpuint (use.limit, ==, 0);
  g_assert_cmpuint (use.used, ==, 0);
  g_assert_cmpint (use.remaining, ==, -1);
  g_assert_cmpint (use.held_until, ==, 0);
  g_assert_false (tide_engine_get_rate_use (fixture->engine, 77, &use, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
}

static gboolean
is_written (EngineFixture *fixture,
            gpointer       user_data)
{
  return engine_fixture_query_int (fixture, "SELECT COALESCE(max(id), 0) FROM events") ==
         tide_engine_get_last_event (fixture->engine);
}

/* No thread writes anything, and yet it is all there: at once to whoever asks, and soon in the store. */
static void
test_in_line (void)
{
  g_autoptr(EngineFixture) fixture = engine_fixture_new (NULL, TIDE_ENGINE_IN_LINE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) events = NULL;
  gint64 before = tide_engine_get_last_event (fixture->engine);

  g_signal_emit_by_name (fixture->engine, "schedule-changed");
  events = list_events (fixture, before);
  g_assert_cmpuint (events->len, ==, 1);
  engine_fixture_wait (fixture, is_written, NULL);
  g_assert_true (tide_engine_set_setting (fixture->engine, TIDE_SETTING_KEEP_LOGS_DAYS, 60, "Ada", &error));
  entries = list_audit (fixture);
  g_assert_cmpstr (find_entry (entries, "setting-changed")->actor, ==, "Ada");
}

int
main (int   argc,
      char *argv[])
{
  engine_fixture_init (&argc, &argv);
  g_test_add_func ("/ledger/events", test_events);
  g_test_add_func ("/ledger/numbers", test_numbers);
  g_test_add_data_func ("/ledger/numbers-in-a-rush", GINT_TO_POINTER (TIDE_ENGINE_NONE), test_numbers_in_a_rush);
  g_test_add_data_func ("/ledger/numbers-in-a-rush-in-line", GINT_TO_POINTER (TIDE_ENGINE_IN_LINE), test_numbers_in_a_rush);
  g_test_add_func ("/ledger/audit", test_audit);
  g_test_add_func ("/ledger/settings", test_settings);
  g_test_add_func ("/ledger/dismiss", test_dismiss);
  g_test_add_func ("/ledger/retry", test_retry);
  g_test_add_func ("/ledger/retry-without-id", test_retry_without_id);
  g_test_add_func ("/ledger/approve", test_approve);
  g_test_add_func ("/ledger/refuse", test_refuse);
  g_test_add_func ("/ledger/retention", test_retention);
  g_test_add_func ("/ledger/rate-use", test_rate_use);
  g_test_add_func ("/ledger/in-line", test_in_line);
  return engine_fixture_run ();
}
