/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <string.h>
#include <xxhash.h>

#define assert_query(fixture, sql, expected) \
  G_STMT_START { \
    g_autofree char *query_text = store_fixture_query_text (fixture, sql); \
    g_assert_cmpstr (query_text, ==, expected); \
  } G_STMT_END

/* Stores one record with just this payload and these cells (NULL = no value). */
static void
store_raw (StoreFixture        *fixture,
           const TideTableSpec *spec,
           int                  flags,
           const char          *id,
           const char          *raw,
           const char * const  *cells,
           TideCounts          *counts)
{
  g_autoptr(GError) error = NULL;
  gint64 run = store_fixture_add_run (fixture, fixture->connection_id, TIDE_RUN_MODE_FULL);
  g_autoptr(TideRecordWriter) writer = NULL;
  g_autoptr(TideRecordBatch) batch = tide_record_batch_new (NULL, (guint)spec->n_columns);
  g_autoptr(TideWrite) write = NULL;
  TideValue *values;
  TideRecord *record = tide_record_batch_add (batch, &values);

  record->id = id;
  record->id_length = (guint32)strlen (id);
  record->raw = raw;
  record->raw_length = strlen (raw);
  record->hash = XXH3_64bits (raw, strlen (raw));
  for (gsize i = 0; i < spec->n_columns; i++)
    if (cells[i] != NULL && (spec->columns[i].type == TIDE_FIELD_MONEY || spec->columns[i].type == TIDE_FIELD_INTEGER))
      {
        values[i].kind = TIDE_VALUE_INTEGER;
        values[i].integer = g_ascii_strtoll (cells[i], NULL, 10);
      }
    else if (cells[i] != NULL)
      {
        values[i].kind = TIDE_VALUE_TEXT;
        values[i].text = cells[i];
        values[i].length = (guint32)strlen (cells[i]);
      }
  writer = tide_record_writer_new (fixture->store, spec, fixture->connection_id, run, flags, NULL, &error);
  g_assert_no_error (error);
  write = tide_store_begin_write (fixture->store, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tide_record_writer_write (writer, write, batch, counts, &error));
  g_assert_true (tide_record_writer_finish (writer, write, &error));
  g_assert_true (tide_record_writer_flush (writer, write, &error));
  g_assert_true (tide_write_commit (write, &error));
}

static void
store_order (StoreFixture *fixture,
             const char   *id,
             const char   *created_at,
             const char   *raw)
{
  const char *cells[] = { id, created_at, "1250", "USD" };
  TideCounts counts = { 0 };

  store_raw (fixture, &store_orders, 0, id, raw, cells, &counts);
  g_assert_cmpint (counts.created, ==, 1);
}

/* Asks the file as an owner would: with the sqlite3 program, where it is installed. */
static char *
ask_shell (StoreFixture *fixture,
           const char   *sql)
{
  g_autofree char *program = g_find_program_in_path ("sqlite3");
  const char *argv[] = { program, "-batch", "-readonly", tide_store_get_path (fixture->store), sql, NULL };
  g_autoptr(GError) error = NULL;
  char *output = NULL;
  int status;

  if (program == NULL)
    return NULL;
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  return output;
}

/* New York: on 8 March 2026, 2:00 becomes 3:00; on 1 November, 2:00 becomes 1:00. */
static void
test_local_time (StoreFixture  *fixture,
                 gconstpointer  data)
{
  g_autofree char *output = NULL;

  store_order (fixture, "a", "2026-03-08T06:59:59.999Z", "{\"n\": 1}");
  store_order (fixture, "b", "2026-03-08T07:00:00.000Z", "{\"n\": 2}");
  store_order (fixture, "c", "2026-11-01T05:59:59.000Z", "{\"n\": 3}");
  store_order (fixture, "d", "2026-11-01T06:00:00.000Z", "{\"n\": 4}");
  store_order (fixture, "e", "1950-07-01T12:00:00.000Z", "{\"n\": 5}");
  assert_query (fixture, "SELECT id, created_at_local FROM orders WHERE id <> 'e' ORDER BY id",
                "a|2026-03-08T01:59:59\nb|2026-03-08T03:00:00\nc|2026-11-01T01:59:59\nd|2026-11-01T01:00:00");
  assert_query (fixture, "SELECT created_at_local IS NOT NULL FROM orders WHERE id = 'e'", "1");
  output = ask_shell (fixture, "SELECT id, venue, provider, connection, number, created_at_local, total, currency,"
                               " closed_at_local FROM orders WHERE id = 'b'");
  if (output != NULL)
    g_assert_cmpstr (output, ==, "b|Corner Café|shop|Shop|b|2026-03-08T03:00:00|1250|USD|\n");
  else
    g_test_message ("sqlite3 is not installed: asked through the store only");
}

static void
test_columns (StoreFixture  *fixture,
              gconstpointer  data)
{
  assert_query (fixture, "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('orders') LIMIT 11)",
                "id,venue,provider,connection,number,state,channel,location_id,customer_id,created_at,created_at_local");
  /* No stream, no view. */
  assert_query (fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'payments'", "0");
}

static void
test_deleted_hidden (StoreFixture  *fixture,
                     gconstpointer  data)
{
  store_order (fixture, "a", "2026-03-08T06:59:59.999Z", "{\"n\": 1}");
  store_order (fixture, "b", "2026-03-08T07:00:00.000Z", "{\"n\": 2}");
  store_fixture_execute (fixture, "UPDATE shop_orders SET _deleted = 1 WHERE _id = 'a'");
  assert_query (fixture, "SELECT id FROM orders", "b");
}

static void
test_two_providers (StoreFixture  *fixture,
                    gconstpointer  data)
{
  static const TideColumn columns[] = { { "total", TIDE_FIELD_MONEY }, { "note", TIDE_FIELD_TEXT } };
  static const TideTableSpec spec = { "stall", "sales", "orders", columns, 2 };
  const char *cells[] = { "99", "cash" };
  TideCounts counts = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (tide_record_table_ensure (fixture->store, &spec, 1, NULL, 0, NULL, &error));
  store_order (fixture, "a", "2026-03-08T06:59:59.999Z", "{\"n\": 1}");
  store_raw (fixture, &spec, 0, "s", "{}", cells, &counts);
  assert_query (fixture, "SELECT id, provider, total, note, created_at FROM orders ORDER BY id",
                "a|shop|1250|NULL|2026-03-08T06:59:59.999Z\ns|stall|99|cash|NULL");
}

static void
test_unknown_entity (StoreFixture  *fixture,
                     gconstpointer  data)
{
  static const TideColumn columns[] = { { "depth", TIDE_FIELD_INTEGER }, { "read_at", TIDE_FIELD_INSTANT } };
  static const TideTableSpec spec = { "shop", "soundings", "soundings", columns, 2 };
  const char *cells[] = { "7", "2026-07-01T12:00:00.000Z" };
  TideCounts counts = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (tide_record_table_ensure (fixture->store, &spec, 1, NULL, 0, NULL, &error));
  store_raw (fixture, &spec, 0, "s", "{}", cells, &counts);
  assert_query (fixture, "SELECT id, depth, read_at_local FROM soundings", "s|7|2026-07-01T08:00:00");
}

static const TideChildColumn line_columns[] = {
  { "position", TIDE_FIELD_INTEGER, "" },
  { "name", TIDE_FIELD_TEXT, "/name" },
  { "quantity", TIDE_FIELD_DECIMAL, "/quantity" },
  { "unit_price", TIDE_FIELD_MONEY, "/price/amount" },
  { "gross", TIDE_FIELD_MONEY_DECIMAL, "/gross" },
  { "served_at", TIDE_FIELD_INSTANT, "/at" },
  { "first_tag", TIDE_FIELD_TEXT, "/tags/0" },
  { "odd", TIDE_FIELD_JSON, "/a~1b c" },
};

static const TideChildSpec lines = {
  "shop", "order_lines", "order_lines", "orders", "order_id", "/line_items", line_columns, G_N_ELEMENTS (line_columns)
};

static void
test_child_rows (StoreFixture  *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tide_record_table_ensure (fixture->store, &store_orders, 1, &lines, 1, NULL, &error));
  g_assert_no_error (error);
  store_order (fixture, "a", "2026-03-08T06:59:59.999Z",
               "{\"line_items\": [{\"name\": \"Flat \\\"white\\\"\", \"quantity\": 1.10, \"price\": {\"amount\": 450},"
               " \"gross\": \"4.95\", \"at\": \"2026-03-02T18:11:09+01:00\", \"tags\": [\"hot\", \"milk\"],"
               " \"a/b c\": {\"x\": [1, 2]}},"
               " {\"name\": null, \"quantity\": \"12345678901234567890.5\", \"price\": {\"amount\": 9007199254740993},"
               " \"gross\": -0.07}]}");
  store_order (fixture, "b", "2026-03-08T07:00:00.000Z", "{\"line_items\": []}");
  store_order (fixture, "c", "2026-03-08T07:00:00.000Z", "{\"line_items\": null}");
  store_order (fixture, "d", "2026-03-08T07:00:00.000Z", "{}");
  assert_query (fixture, "SELECT _id, order_id, position, name, quantity, typeof(quantity), unit_price,"
                         " typeof(unit_price), gross, served_at, first_tag, odd FROM shop_order_lines ORDER BY _id",
                "a:0|a|0|Flat \"white\"|1.10|text|450|integer|495|2026-03-02T17:11:09.000Z|hot|{\"x\":[1,2]}\n"
                "a:1|a|1|NULL|12345678901234567890.5|text|9007199254740993|integer|-7|NULL|NULL|NULL");
  assert_query (fixture, "SELECT id, venue, order_id, position, unit_price FROM order_lines ORDER BY id",
                "a:0|Corner Café|a|0|450\na:1|Corner Café|a|1|9007199254740993");
  store_fixture_execute (fixture, "UPDATE shop_orders SET _deleted = 1 WHERE _id = 'a'");
  assert_query (fixture, "SELECT count(*) FROM order_lines", "0");
  /* Yen have no cents. */
  store_fixture_execute (fixture, "UPDATE shop_orders SET currency = 'JPY'");
  assert_query (fixture, "SELECT gross FROM shop_order_lines ORDER BY _id LIMIT 1", "5");
}

/* What is as it should be is not touched. */
static void
test_ensure_again (StoreFixture  *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  gint64 version;

  g_assert_true (tide_record_table_ensure (fixture->store, &store_orders, 1, &lines, 1, NULL, &error));
  version = store_fixture_query_int (fixture, "PRAGMA schema_version");
  g_assert_true (tide_record_table_ensure (fixture->store, &store_orders, 1, &lines, 1, NULL, &error));
  g_assert_cmpint (store_fixture_query_int (fixture, "PRAGMA schema_version"), ==, version);
}

/* A manifest gets a field: the same records come again, and fill it. */
static void
test_new_column (StoreFixture  *fixture,
                 gconstpointer  data)
{
  static const TideColumn columns[] = {
    { "number", TIDE_FIELD_TEXT },
    { "created_at", TIDE_FIELD_INSTANT },
    { "total", TIDE_FIELD_MONEY },
    { "note", TIDE_FIELD_TEXT },
  };
  static const TideTableSpec spec = { "shop", "orders", "orders", columns, G_N_ELEMENTS (columns) };
  const char *cells[] = { "a", "2026-03-08T06:59:59.999Z", "1250", "no sugar" };
  TideCounts counts = { 0 };
  g_autoptr(GError) error = NULL;

  store_order (fixture, "a", "2026-03-08T06:59:59.999Z", "{\"n\": 1}");
  g_assert_true (tide_record_table_ensure (fixture->store, &spec, 1, NULL, 0, NULL, &error));
  assert_query (fixture, "SELECT note, currency FROM orders", "NULL|NULL");
  for (int i = 0; i < 2; i++)
    {
      store_raw (fixture, &spec, i == 0 ? TIDE_RECORD_WRITER_FULL : 0, "a", "{\"n\": 1}", cells, &counts);
      g_assert_cmpint (counts.unchanged, ==, i + 1);
      assert_query (fixture, "SELECT note FROM orders", "no sugar");
    }
  /* The record never changed: it has no before-image. The column that is gone keeps what it held. */
  assert_query (fixture, "SELECT count(*) FROM record_changes", "0");
  assert_query (fixture, "SELECT currency FROM shop_orders", "USD");
  /* And a record that did change is still told from one that did not. */
  store_raw (fixture, &spec, 0, "a", "{\"n\": 2}", cells, &counts);
  g_assert_cmpint (counts.updated, ==, 1);
}

static void
assert_refused (StoreFixture        *fixture,
                const TideTableSpec *spec,
                const TideChildSpec *child,
                TideError            code,
                const char          *pattern)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *before = store_fixture_query_text (fixture, "SELECT * FROM sqlite_schema");

  g_assert_false (tide_record_table_ensure (fixture->store, spec, spec != NULL, child, child != NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, (int)code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” is not “%s”", error->message, pattern);
  assert_query (fixture, "SELECT * FROM sqlite_schema", before);
}

static void
test_refused (StoreFixture  *fixture,
              gconstpointer  data)
{
  static const TideColumn other_type[] = { { "total", TIDE_FIELD_TEXT } };
  static const TideColumn bad_name[] = { { "Total amount", TIDE_FIELD_TEXT } };
  static const TideColumn twice[] = { { "total", TIDE_FIELD_TEXT }, { "total", TIDE_FIELD_TEXT } };
  static const TideChildColumn quote[] = { { "name", TIDE_FIELD_TEXT, "/a\"b" } };
  TideTableSpec spec = { "shop", "orders", "orders", other_type, 1 };
  TideChildSpec child = { "shop", "bits", "bits", "nowhere", "order_id", "/bits", quote, 1 };

  assert_refused (fixture, &spec, NULL, TIDE_ERROR_CONFLICT, "the column total of shop_orders is INTEGER*");
  spec.columns = bad_name;
  assert_refused (fixture, &spec, NULL, TIDE_ERROR_INVALID, "“Total amount” cannot be the name of a column");
  spec.columns = twice;
  spec.n_columns = 2;
  assert_refused (fixture, &spec, NULL, TIDE_ERROR_INVALID, "there are two columns total");
  spec = (TideTableSpec){ "sync", "runs", "orders", other_type, 1 };
  assert_refused (fixture, &spec, NULL, TIDE_ERROR_INVALID, "the name sync_runs is taken");
  spec = (TideTableSpec){ "shop", "things", "venues", other_type, 1 };
  assert_refused (fixture, &spec, NULL, TIDE_ERROR_INVALID, "*the name venues is taken");
  spec = (TideTableSpec){ "no'pe", "things", "orders", other_type, 1 };
  assert_refused (fixture, &spec, NULL, TIDE_ERROR_INVALID, "“no'pe” cannot be the name of a provider");
  assert_refused (fixture, NULL, &child, TIDE_ERROR_INVALID, "shop_bits has its rows in shop_nowhere*");
  child.parent = "orders";
  assert_refused (fixture, NULL, &child, TIDE_ERROR_INVALID, "the pointer /a\"b has a quotation mark");
  child.pointer = "bits";
  assert_refused (fixture, NULL, &child, TIDE_ERROR_INVALID, "“bits” is not a JSON pointer");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
  g_test_add ("/store/views/" path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("local-time", test_local_time);
  ADD ("columns", test_columns);
  ADD ("deleted-hidden", test_deleted_hidden);
  ADD ("two-providers", test_two_providers);
  ADD ("unknown-entity", test_unknown_entity);
  ADD ("child-rows", test_child_rows);
  ADD ("ensure-again", test_ensure_again);
  ADD ("new-column", test_new_column);
  ADD ("refused", test_refused);
  return g_test_run ();
}
