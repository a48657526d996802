/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "tide-approval-rows.h"
#include "tide-audit-rows.h"
#include "tide-event-rows.h"
#include "tide-run-bands.h"
#include "tide-schedule-rows.h"
#include "tide-setting-rows.h"

/* What the store keeps of what happened: the audit log's chain, events, settings, failures, approvals; and what is usual. */

#define assert_query(fixture, sql, expected) \
  G_STMT_START { \
    g_autofree char *query_text = store_fixture_query_text (fixture, sql); \
    g_assert_cmpstr (query_text, ==, expected); \
  } G_STMT_END

static void
add_entries (StoreFixture *fixture,
             int           n_entries)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  g_assert_no_error (error);
  for (int i = 0; i < n_entries; i++)
    {
      g_autofree char *object = g_strdup_printf ("run %d", i);
      TideAuditEntry entry = {
        .at = STORE_START + i * TIDE_SECOND,
        .actor = (char *)"owner",
        .action = (char *)"run-cancelled",
        .object = object,
        .detail = (char *)"{}",
      };

      g_assert_true (tide_audit_rows_add (write, &entry, &error));
    }
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}

/* How many entries the chain has, or what is wrong with it. */
static char *
check_chain (StoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  gint64 n_entries = -1;

  g_assert_no_error (error);
  if (tide_audit_rows_check (tide_read_get_database (read), &n_entries, &error))
    return g_strdup_printf ("%d", (int)n_entries);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT);
  g_assert_cmpint (n_entries, ==, -1);
  return g_strdup (error->message);
}

#define assert_chain(fixture, expected) \
  G_STMT_START { \
    g_autofree char *chain_text = check_chain (fixture); \
    g_assert_cmpstr (chain_text, ==, expected); \
  } G_STMT_END

static void
test_audit (StoreFixture  *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  assert_chain (fixture, "0");
  add_entries (fixture, 3);
  add_entries (fixture, 2);
  assert_chain (fixture, "5");
  {
    g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
    g_autoptr(GPtrArray) page = tide_audit_rows_list (tide_read_get_database (read), 0, 2, &error);
    g_autoptr(GPtrArray) next = tide_audit_rows_list (tide_read_get_database (read), 4, 100, &error);
    const TideAuditEntry *entry = g_ptr_array_index (page, 0);

    g_assert_cmpuint (page->len, ==, 2);
    g_assert_cmpint (entry->id, ==, 5);
    g_assert_cmpstr (entry->object, ==, "run 1");
    g_assert_cmpstr (entry->actor, ==, "owner");
    g_assert_cmpint (entry->at, ==, STORE_START + TIDE_SECOND);
    g_assert_cmpuint (next->len, ==, 3);
  }
  /* The program's own connection may neither change nor remove anything. */
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

    g_assert_false (tide_database_execute (tide_write_get_database (write), "DELETE FROM audit_log WHERE id = 5", &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
    g_clear_error (&error);
    g_assert_false (tide_database_execute (tide_write_get_database (write), "UPDATE audit_log SET actor = 'me'", &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  }
}

/* As somebody would who has the file and knows SQL. */
static void
tamper (StoreFixture *fixture,
        const char   *sql)
{
  g_autofree char *all = g_strconcat ("DROP TRIGGER IF EXISTS audit_log_keeps_rows;"
                                      "DROP TRIGGER IF EXISTS audit_log_keeps_text;", sql, NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (tide_store_get_path (fixture->store), &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, all, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_audit_tampered (StoreFixture  *fixture,
                     gconstpointer  data)
{
  static const struct
  {
    const char *harm;
    const char *finding;
  } cases[] = {
    { "UPDATE audit_log SET actor = 'me' WHERE id = 3", "audit log: entry 3 was changed" },
    { "UPDATE audit_log SET at = '2026-03-02T18:11:00.000Z' WHERE id = 1", "audit log: entry 1 was changed" },
    { "UPDATE audit_log SET action = 'x' WHERE id = 5", "audit log: entry 5 was changed" },
    { "UPDATE audit_log SET object = 'x', detail = '' WHERE id = 2", "audit log: entry 2 was changed" },
    { "UPDATE audit_log SET detail = '{ }' WHERE id IN (2, 4)", "audit log: entry 2 was changed" },
    { "UPDATE audit_log SET previous = '' WHERE id = 4", "audit log: entry 4 does not follow on the one before" },
    { "UPDATE audit_log SET hash = upper(hash) WHERE id = 5", "audit log: entry 5 was changed" },
    /* What stood at the end of one column moved to the beginning of the next. */
    { "UPDATE audit_log SET action = 'run', object = '-cancelled' || object WHERE id = 2",
      "audit log: entry 2 was changed" },
    { "DELETE FROM audit_log WHERE id = 3", "audit log: entry 3 is missing" },
    { "DELETE FROM audit_log WHERE id = 1", "audit log: entry 1 is missing" },
    { "DELETE FROM audit_log WHERE id >= 4", "audit log: entry 4 is missing" },
    { "DELETE FROM audit_log", "audit log: entry 1 is missing" },
    { "UPDATE audit_log SET id = id + 1 WHERE id = 5", "audit log: entry 5 is missing" },
  };

  add_entries (fixture, 5);
  tamper (fixture, "CREATE TABLE kept AS SELECT * FROM audit_log");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].harm);
      tamper (fixture, cases[i].harm);
      assert_chain (fixture, cases[i].finding);
      tamper (fixture, "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept");
      tamper (fixture, "UPDATE sqlite_sequence SET seq = 5 WHERE name = 'audit_log'");
      assert_chain (fixture, "5");
    }

  /* What was lost stays to be seen, whatever is added. */
  tamper (fixture, "DELETE FROM audit_log WHERE id = 5");
  add_entries (fixture, 2);
  assert_chain (fixture, "audit log: entry 5 is missing");
}

static void
test_events (StoreFixture  *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(GPtrArray) events = NULL;
  const TideEvent *event;

  g_assert_cmpint (tide_event_rows_get_last (database, &error), ==, 0);
  for (gint64 id = 1; id <= 9; id += 2)
    {
      g_autoptr(TideEvent) made = tide_event_new (id, STORE_START + id, "queue-updated", "{}");

      g_assert_true (tide_event_rows_add (write, made, &error));
    }
  g_assert_cmpint (tide_event_rows_get_last (database, &error), ==, 9);
  events = tide_event_rows_list (database, 3, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (events->len, ==, 2);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpint (event->id, ==, 5);
  g_assert_cmpstr (event->name, ==, "queue-updated");
  g_assert_cmpstr (event->data, ==, "{}");
  {
    g_autoptr(TideEvent) again = tide_event_new (5, STORE_START, "queue-updated", "{}");

    g_assert_false (tide_event_rows_add (write, again, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
  }
}

static void
test_settings (StoreFixture  *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  TideDatabase *database = tide_write_get_database (write);
  gint64 number = 17;

  g_assert_cmpint (tide_setting_rows_get (database, TIDE_SETTING_MAX_CONCURRENT_RUNS, &error), ==, 1);
  g_assert_true (tide_setting_rows_set (write, TIDE_SETTING_MAX_CONCURRENT_RUNS, 4, &error));
  g_assert_true (tide_setting_rows_set (write, TIDE_SETTING_MAX_CONCURRENT_RUNS, 3, &error));
  g_assert_cmpint (tide_setting_rows_get (database, TIDE_SETTING_MAX_CONCURRENT_RUNS, &error), ==, 3);
  g_assert_false (tide_setting_rows_set (write, TIDE_SETTING_MAX_CONCURRENT_RUNS, 9, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  /* What somebody wrote there who did not ask. */
  g_assert_true (tide_database_execute (database, "UPDATE settings SET value = '99'", &error));
  g_assert_cmpint (tide_setting_rows_get (database, TIDE_SETTING_MAX_CONCURRENT_RUNS, &error), ==, 1);
  g_assert_true (tide_database_execute (database, "UPDATE settings SET value = 'many'", &error));
  g_assert_cmpint (tide_setting_rows_get (database, TIDE_SETTING_MAX_CONCURRENT_RUNS, &error), ==, 1);
  g_assert_true (tide_setting_rows_get_number (database, "nothing", &number, &error));
  g_assert_cmpint (number, ==, 17);
  g_assert_true (tide_setting_rows_set_number (write, "nothing", G_MAXINT64, &error));
  g_assert_true (tide_setting_rows_get_number (database, "nothing", &number, &error));
  g_assert_cmpint (number, ==, G_MAXINT64);
  g_assert_no_error (error);
}

static void
fail_record (StoreFixture *fixture,
             const char   *stream,
             const char   *record,
             const char   *reason,
             const char   *payload)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

  tide_sim_clock_advance (fixture->clock, TIDE_SECOND);
  g_assert_true (tide_failure_rows_put (write, fixture->connection_id, stream, 1, record, reason, payload,
                                        tide_clock_now (TIDE_CLOCK (fixture->clock)), &error));
  g_assert_true (tide_write_commit (write, &error));
}

static gint64
change_failures (StoreFixture           *fixture,
                 const TideFailureQuery *query,
                 gboolean                dismiss)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);
  gint64 count = dismiss ? tide_failure_rows_dismiss (write, query, "Ada", STORE_START, &error)
                         : tide_failure_rows_reopen (write, query, &error);

  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  return count;
}

static char *
list_records (StoreFixture           *fixture,
              const TideFailureQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  g_autoptr(GPtrArray) failures = tide_failure_rows_query (tide_read_get_database (read), query, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < failures->len; i++)
    {
      const TideFailure *failure = g_ptr_array_index (failures, i);

      g_assert_cmpint (failure->dismissed_at != 0, ==, query->dismissed);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", failure->record_id);
    }
  if (query->limit == 0 && query->before_id == 0)
    g_assert_cmpint (tide_failure_rows_count_query (tide_read_get_database (read), query, &error), ==, failures->len);
  return g_string_free (text, FALSE);
}

#define assert_failures(expected, ...) \
  G_STMT_START { \
    TideFailureQuery failure_query = { __VA_ARGS__ }; \
    g_autofree char *failure_records = list_records (fixture, &failure_query); \
    g_assert_cmpstr (failure_records, ==, expected); \
  } G_STMT_END

static void
test_failures (StoreFixture  *fixture,
               gconstpointer  data)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *sync_id = NULL;
  TideFailureQuery orders = { .stream = "orders" };
  TideFailureQuery some = { .ids = ids };
  gint64 id = 2;

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  sync_id = store_fixture_query_text (fixture, "SELECT sync_id FROM sync_runs");
  fail_record (fixture, "orders", "a", "total: no number", "{\"a\":1}");
  fail_record (fixture, "orders", "b", "date: 50% off", "{\"b\":1}");
  fail_record (fixture, "payments", "c", "total: missing", "{\"c\":1}");
  assert_failures ("c b a", .limit = 0);
  assert_failures ("b a", .stream = "orders");
  assert_failures ("c a", .cause = "total");
  assert_failures ("b", .search = "50% OFF");
  assert_failures ("", .search = "50_ off");
  assert_failures ("c b a", .sync_id = sync_id);
  assert_failures ("", .sync_id = "another");
  assert_failures ("c b", .limit = 2);
  assert_failures ("a", .limit = 2, .before_seen = STORE_START + 2 * TIDE_SECOND, .before_id = 2);
  g_array_append_val (ids, id);
  assert_failures ("b", .ids = ids);

  g_assert_cmpint (change_failures (fixture, &orders, TRUE), ==, 2);
  g_assert_cmpint (change_failures (fixture, &orders, TRUE), ==, 0);
  assert_failures ("c", .limit = 0);
  assert_failures ("b a", .dismissed = TRUE);
  assert_query (fixture, "SELECT DISTINCT dismissed_by, dismissed_at FROM sync_failures WHERE dismissed_at NOTNULL",
                "Ada|2026-03-02T18:11:09.500Z");
  g_assert_cmpint (change_failures (fixture, &some, FALSE), ==, 1);
  assert_failures ("c b", .limit = 0);
}

static void
test_dismissed_again (StoreFixture  *fixture,
                      gconstpointer  data)
{
  TideFailureQuery all = { .limit = 0 };

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  fail_record (fixture, "orders", "a", "no total", "{}");
  g_assert_cmpint (change_failures (fixture, &all, TRUE), ==, 1);
  /* The same as ever: nobody wants to hear of it. */
  fail_record (fixture, "orders", "a", "no total", "{}");
  assert_failures ("", .limit = 0);
  assert_query (fixture, "SELECT attempts, first_seen, last_seen, dismissed_by FROM sync_failures",
                "2|2026-03-02T18:11:10.500Z|2026-03-02T18:11:11.500Z|Ada");
  /* Another reason, or another record under that id. */
  fail_record (fixture, "orders", "a", "no date", "{}");
  assert_failures ("a", .limit = 0);
  g_assert_cmpint (change_failures (fixture, &all, TRUE), ==, 1);
  fail_record (fixture, "orders", "a", "no date", "{\"more\":1}");
  assert_failures ("a", .limit = 0);
  assert_query (fixture, "SELECT attempts, dismissed_at, dismissed_by FROM sync_failures", "4|NULL|NULL");
}

static void
test_targets (StoreFixture  *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = NULL;
  g_autoptr(GPtrArray) targets = NULL;
  TideFailureQuery all = { .limit = 1, .before_id = 1, .before_seen = STORE_START };

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  fail_record (fixture, "payments", "p", "no", "{}");
  fail_record (fixture, "orders", "a", "no", "{}");
  fail_record (fixture, "orders", NULL, "no id", "{}");
  read = tide_store_begin_read (fixture->store, NULL, &error);
  targets = tide_failure_rows_list_targets (tide_read_get_database (read), &all, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (targets->len, ==, 3);
  g_assert_cmpstr (((TideFailure *)g_ptr_array_index (targets, 0))->record_id, ==, "a");
  g_assert_null (((TideFailure *)g_ptr_array_index (targets, 1))->record_id);
  g_assert_cmpstr (((TideFailure *)g_ptr_array_index (targets, 2))->stream, ==, "payments");
}

static GPtrArray *
list_approvals (StoreFixture *fixture,
                gboolean      open_only)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  GPtrArray *approvals = tide_approval_rows_list (tide_read_get_database (read), open_only, &error);

  g_assert_no_error (error);
  g_assert_true (!open_only || tide_approval_rows_count (tide_read_get_database (read), &error) == approvals->len);
  return approvals;
}

static void
test_approvals (StoreFixture  *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  const TideApproval *approval;

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'awaiting_approval' WHERE id = 1");
  store_fixture_execute (fixture, "INSERT INTO approvals (kind, run_id, asked_at, reason, affected, total) VALUES"
                                  " ('deletes', 1, '2026-03-02T18:11:09.500Z', 'would delete 30 of 100', 30, 100),"
                                  " ('changes', 2, '2026-03-02T18:11:09.500Z', 'would change 60 of 100', 60, 100)");
  approvals = list_approvals (fixture, TRUE);
  /* The second run was cancelled meanwhile, or whatever: it does not wait. */
  g_assert_cmpuint (approvals->len, ==, 1);
  approval = g_ptr_array_index (approvals, 0);
  g_assert_cmpint (approval->kind, ==, TIDE_RUN_ALLOW_DELETES);
  g_assert_cmpint (approval->run->id, ==, 1);
  g_assert_cmpstr (approval->run->connection_name, ==, "Shop");
  g_assert_cmpstr (approval->reason, ==, "would delete 30 of 100");
  g_assert_cmpint (approval->affected, ==, 30);
  g_assert_cmpint (approval->total, ==, 100);
  g_assert_cmpint (approval->asked_at, ==, STORE_START);
  g_assert_cmpint (approval->decided_at, ==, 0);
  {
    g_autoptr(TideWrite) write = tide_store_begin_write (fixture->store, NULL, &error);

    g_assert_true (tide_approval_rows_decide (write, 1, TRUE, "Ada", STORE_START, &error));
    g_assert_false (tide_approval_rows_decide (write, 1, FALSE, "Bob", STORE_START, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT);
    g_clear_error (&error);
    g_assert_null (tide_approval_rows_get (tide_write_get_database (write), 77, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_true (tide_schedule_rows_set_brakes (write, 1, "orders", FALSE, &error));
    g_assert_true (tide_write_commit (write, &error));
  }
  g_clear_pointer (&approvals, g_ptr_array_unref);
  approvals = list_approvals (fixture, FALSE);
  g_assert_cmpuint (approvals->len, ==, 2);
  approval = g_ptr_array_index (approvals, 1);
  g_assert_cmpint (approval->state, ==, TIDE_APPROVAL_APPROVED);
  g_assert_cmpstr (approval->decided_by, ==, "Ada");
  assert_query (fixture, "SELECT stream, enabled, brakes FROM sync_schedules", "orders|0|0");
}

/* The answer was written, the run was not: it has to be asked about again, or it waits for ever. */
static void
test_approval_mended (StoreFixture  *fixture,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = NULL;

  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'awaiting_approval' WHERE id = 1");
  store_fixture_execute (fixture, "INSERT INTO approvals (kind, run_id, asked_at, reason, affected, total, state) VALUES"
                                  " ('deletes', 1, '', '', 3, 10, 'approved'), ('deletes', 1, '', '', 3, 10, 'approved'),"
                                  " ('deletes', 2, '', '', 3, 10, 'refused')");
  write = tide_store_begin_write (fixture->store, NULL, &error);
  g_assert_true (tide_approval_rows_mend (write, &error));
  g_assert_true (tide_write_commit (write, &error));
  g_clear_pointer (&write, tide_write_free);
  assert_query (fixture, "SELECT id, state FROM approvals ORDER BY id", "1|approved\n2|open\n3|refused");
}

/* Rows an hour apart, the first at STORE_START. */
static void
fill (StoreFixture *fixture,
      const char   *insert,
      int           n_rows)
{
  g_autofree char *sql =
    g_strdup_printf ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d), t AS"
                     " (SELECT i, strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 1772475069.5 + i * 3600, 'unixepoch') AS at FROM n)"
                     " %s FROM t", n_rows - 1, insert);

  store_fixture_execute (fixture, sql);
}

static const TideBandRow *
find_band (GPtrArray  *bands,
           const char *stream,
           int         hour)
{
  for (guint i = 0; i < bands->len; i++)
    {
      const TideBandRow *band = g_ptr_array_index (bands, i);

      if (g_str_equal (band->stream, stream) && band->hour == hour)
        return band;
    }
  return NULL;
}

static GPtrArray *
learn (StoreFixture *fixture,
       gint64        since)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (fixture->store, NULL, &error);
  GPtrArray *bands = tide_run_bands_learn (tide_read_get_database (read), since, 14, &error);

  g_assert_no_error (error);
  return bands;
}

/* Twenty days of a run an hour: at 14 o'clock in New York about a hundred records, else none. */
static void
test_bands (StoreFixture  *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) bands = NULL;
  const TideBandRow *band;

  /* The 8th of March has no 2 o'clock there: an hour of UTC is another hour of the day from then on. */
  fill (fixture, "INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, status, requested_by, requested_at,"
                 " read, created) SELECT 'a' || i, 1, 'orders', 'orders', 'full', 'completed', 'x', at,"
                 " ((i + 13 + (i >= 133)) % 24 = 14) * (95 + i % 11), ((i + 13 + (i >= 133)) % 24 = 14) * (95 + i % 11)",
        480);
  bands = learn (fixture, STORE_START);
  g_assert_cmpuint (bands->len, ==, 24);
  band = find_band (bands, "orders", 14);
  g_assert_cmpfloat_with_epsilon (band->usual, 100, 2);
  g_assert_cmpfloat (band->low, >, 60);
  g_assert_cmpfloat (band->high, <, 140);
  g_assert_cmpuint (band->n_days, ==, 20);
  band = find_band (bands, "orders", 3);
  g_assert_cmpfloat (band->usual, ==, 0);
  g_assert_cmpfloat (band->low, ==, 0);
  g_assert_cmpfloat (band->high, ==, 3);

  /* From too few days nothing is learned, nor from runs that say nothing of what is usual. */
  g_clear_pointer (&bands, g_ptr_array_unref);
  bands = learn (fixture, STORE_START + 7 * TIDE_DAY);
  g_assert_cmpuint (bands->len, ==, 0);
  g_clear_pointer (&bands, g_ptr_array_unref);
  store_fixture_execute (fixture, "UPDATE sync_runs SET dry_run = 1 WHERE id % 4 = 0");
  store_fixture_execute (fixture, "UPDATE sync_runs SET status = 'failed' WHERE id % 4 = 1");
  store_fixture_execute (fixture, "UPDATE sync_runs SET ids = '[]' WHERE id % 4 = 2");
  store_fixture_execute (fixture, "UPDATE sync_runs SET filters = '{}' WHERE id % 4 = 3");
  bands = learn (fixture, STORE_START);
  g_assert_cmpuint (bands->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/store/ledger/" path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("audit", test_audit);
  ADD ("audit-tampered", test_audit_tampered);
  ADD ("events", test_events);
  ADD ("settings", test_settings);
  ADD ("failures", test_failures);
  ADD ("dismissed-again", test_dismissed_again);
  ADD ("targets", test_targets);
  ADD ("approvals", test_approvals);
  ADD ("approval-mended", test_approval_mended);
  ADD ("bands", test_bands);
  return g_test_run ();
}
