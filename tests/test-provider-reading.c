/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-toy.h"

#include <string.h>

/* What is asked for: partitions, increments, windows, listings; and what is saved for the next time. */

#define FILTER(more) \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"order\": \"updated\"," \
  " \"since\": \"{{ since }}\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"" more "}"

#define DESCENDING \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"order\": \"newest\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"full_request\": {\"query\": {\"size\": \"4\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"sorted_descending\", \"cursor_field\": \"updated_at\", \"look_back\": \"2h\"}"

#define BY_PLACE(partition) \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"order\": \"updated\"," \
  " \"place\": \"{{ partition_list }}\", \"since\": \"{{ since }}\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}," \
  "\"partition\": " partition

#define EACH_PLACE BY_PLACE ("{\"type\": \"parent\", \"parent\": \"places\"}")

/* Warnings that a test means to provoke. */
static guint n_expected_warnings;

static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  if ((level & G_LOG_LEVEL_WARNING) == 0 || n_expected_warnings == 0)
    return g_log_writer_default (level, fields, n_fields, user_data);
  n_expected_warnings--;
  return G_LOG_WRITER_HANDLED;
}

static void
run (ToyReading  *reading,
     TideRunMode  mode,
     int          max_pages)
{
  g_autoptr(GError) error = NULL;

  toy_reading_run (reading, mode, max_pages, &error);
  g_assert_no_error (error);
}

static void
add_places (ToyReading *reading)
{
  g_ptr_array_add (reading->places, (gpointer)"north");
  g_ptr_array_add (reading->places, (gpointer)"south");
  g_ptr_array_add (reading->places, (gpointer)"west");
}

static void
assert_watermark (ToyReading *reading,
                  const char *partition,
                  const char *expected)
{
  g_autofree char *watermark = toy_watermark (reading, partition);

  g_assert_cmpstr (watermark, ==, expected);
}

static void
assert_call_has (ProviderFixture *fixture,
                 guint            index,
                 const char      *text)
{
  g_autofree char *call = provider_fixture_get_call (fixture, index);

  if (strstr (call, text) == NULL)
    g_test_message ("%s lacks %s", call, text);
  g_assert_nonnull (strstr (call, text));
}

static void
test_filter (ProviderFixture *fixture,
             gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (""));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (reading.full);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  assert_watermark (&reading, "", "2026-01-01T18:00:00.000Z");

  /* Both ends are given, so the newest comes again; nothing else does. */
  toy_reading_forget (&reading);
  toy_touch (toy, 3, 20 * 60);
  toy_touch (toy, 19, 21 * 60);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_false (reading.full);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 3);
  g_assert_true (toy_reading_has (&reading, 3));
  g_assert_true (toy_reading_has (&reading, 18));
  g_assert_true (toy_reading_has (&reading, 19));
  assert_call_has (fixture, 0, "since=2026-01-01T18%3A00%3A00.000Z");
  assert_watermark (&reading, "", "2026-01-01T21:00:00.000Z");

  /* A full one again: everything, and the watermark stays. */
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_true (reading.full);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 19);
  assert_watermark (&reading, "", "2026-01-01T21:00:00.000Z");
}

static void
test_look_back (ProviderFixture *fixture,
                gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (", \"look_back\": \"PT3H\""));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_call_has (fixture, 0, "since=2026-01-01T15%3A00");
  g_assert_cmpuint (toy_reading_count (&reading), ==, 4);

  toy_load (toy, FILTER (", \"late_arrivals\": true"));
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_call_has (fixture, 0, "since=2025-12-29T18%3A00");
}

/* What arrives late, with an instant before the watermark, is inside the look-back. */
static void
test_late_arrival (ProviderFixture *fixture,
                   gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 90);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (", \"late_arrivals\": true"));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  toy_reading_forget (&reading);
  toy_touch (toy, 200, (90 - 71) * 60);
  toy_touch (toy, 201, (90 - 73) * 60);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (toy_reading_has (&reading, 200));
  g_assert_false (toy_reading_has (&reading, 201));
}

static void
test_exclusive (ProviderFixture *fixture,
                gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autofree char *stream = g_strdup (FILTER (", \"boundary\": \"exclusive\", \"tick\": \"1ms\""));
  g_auto(GStrv) parts = g_strsplit (stream, "\"size\": \"4\"", -1);
  g_autofree char *exclusive = g_strjoinv ("\"size\": \"4\", \"exclusive\": \"1\"", parts);

  toy_load (toy, exclusive);
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  toy_reading_forget (&reading);
  /* Another record at the very instant of the watermark. */
  toy_touch (toy, 5, 18 * 60);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_call_has (fixture, 0, "since=2026-01-01T17%3A59%3A59.999Z");
  g_assert_true (toy_reading_has (&reading, 5));
  g_assert_true (toy_reading_has (&reading, 18));
  g_assert_cmpuint (toy_reading_count (&reading), ==, 2);
}

static void
test_query_language (ProviderFixture *fixture,
                     gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 3);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, "\"request\": {\"path\": \"/query\", \"query\": {\"query\": [\"SELECT * FROM Item\","
                 " \" WHERE Updated >= '{{ since | rfc3339_seconds }}'\", \" STARTPOSITION {{ offset }} MAXRESULTS {{ page_size }}\"]}},"
                 "\"paginator\": {\"type\": \"offset\", \"first\": 1, \"page_size\": 1000},"
                 "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}");
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_call_has (fixture, 0, "query=SELECT%20%2A%20FROM%20Item%20STARTPOSITION%201%20MAXRESULTS%201000");
  assert_call_has (fixture, 1, "FROM%20Item%20WHERE%20Updated%20%3E%3D%20%272026-01-01T03%3A00%3A00Z%27%20STARTPOSITION");
}

static void
test_body_filter (ProviderFixture *fixture,
                  gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 3);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, "\"request\": {\"method\": \"POST\", \"path\": \"/search\", \"body\": {\"limit\": \"{{ page_size }}\","
                 " \"query\": {\"filter\": {\"updated\": {\"start\": \"{{ since | unix }}\"}}}, \"cursor\": \"{{ cursor }}\"}},"
                 "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 100},"
                 "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}");
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_call_has (fixture, 0, "POST /search {\"limit\":100}");
  assert_call_has (fixture, 1, "{\"limit\":100,\"query\":{\"filter\":{\"updated\":{\"start\":1767236400}}}}");
}

static void
test_descending (ProviderFixture *fixture,
                 gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, DESCENDING);
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (reading.full);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  assert_watermark (&reading, "", "2026-01-01T18:00:00.000Z");

  /* Six edited; the watermark less two hours is on the second page or the third, and no other is asked for. */
  for (guint id = 1; id <= 6; id++)
    toy_touch (toy, id, (20 + id) * 60);
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_false (reading.full);
  for (guint id = 1; id <= 6; id++)
    g_assert_true (toy_reading_has (&reading, id));
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 3);
  assert_watermark (&reading, "", "2026-01-02T02:00:00.000Z");

  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 1);
}

/* Stopped half way down, the watermark must not move: what lies below has not been read. */
static void
test_descending_resume (ProviderFixture *fixture,
                        gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, DESCENDING);
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  for (guint id = 1; id <= 9; id++)
    toy_touch (toy, id, (20 + id) * 60);
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, 1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 4);
  assert_watermark (&reading, "", "2026-01-01T18:00:00.000Z");
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  for (guint id = 1; id <= 9; id++)
    g_assert_true (toy_reading_has (&reading, id));
  assert_watermark (&reading, "", "2026-01-02T05:00:00.000Z");
}

static void
test_windows (ProviderFixture *fixture,
              gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"since\": \"{{ since | rfc3339_seconds }}\","
                 " \"until\": \"{{ until | rfc3339_seconds }}\", \"cursor\": \"{{ cursor }}\"}},"
                 "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4},"
                 "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"window\": \"5h\","
                 " \"initial\": \"2026-01-01T00:00:00Z\"}");
  toy_reading_init (&reading, toy);
  reading.started_at = TOY_EPOCH + 17 * TIDE_HOUR;
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_true (reading.full);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  assert_call_has (fixture, 0, "since=2026-01-01T00%3A00%3A00Z&until=2026-01-01T05%3A00%3A00Z");
  assert_call_has (fixture, 2, "since=2026-01-01T05%3A00%3A00Z&until=2026-01-01T10%3A00%3A00Z");
  /* The last window is open, so what is edited meanwhile is in it; but it does not move the watermark. */
  {
    g_autofree char *last = provider_fixture_get_call (fixture, provider_fixture_count_calls (fixture) - 1);

    g_assert_nonnull (strstr (last, "since=2026-01-01T15"));
    g_assert_null (strstr (last, "until"));
  }
  assert_watermark (&reading, "", "2026-01-01T17:00:00.000Z");
}

static void
test_windows_resume (ProviderFixture *fixture,
                     gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);

  toy_load (toy, "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"2\", \"since\": \"{{ since }}\","
                 " \"until\": \"{{ until }}\", \"cursor\": \"{{ cursor }}\"}},"
                 "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 2},"
                 "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"window\": \"5h\","
                 " \"initial\": \"2026-01-01T00:00:00Z\"}");
  for (int n_pages = 1; n_pages < 10; n_pages++)
    {
      g_auto(ToyReading) reading = { 0 };

      toy_reading_init (&reading, toy);
      reading.started_at = TOY_EPOCH + 40 * TIDE_HOUR;
      run (&reading, TIDE_RUN_MODE_FULL, n_pages);
      reading.started_at += TIDE_DAY;
      run (&reading, TIDE_RUN_MODE_FULL, -1);
      g_assert_true (reading.resumed);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
      assert_watermark (&reading, "", "2026-01-01T18:00:00.000Z");
    }
}

static void
test_far_future (ProviderFixture *fixture,
                 gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 6);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (""));
  toy_reading_init (&reading, toy);
  toy_touch (toy, 2, 60 * 24 * 365 * 70);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_watermark (&reading, "", "2026-01-01T06:00:00.000Z");
  toy_touch (toy, 7, 7 * 60);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (toy_reading_has (&reading, 7));
  assert_watermark (&reading, "", "2026-01-01T07:00:00.000Z");
}

/* All of it dated after this computer's clock: the watermark is the clock's time, no later. */
static void
test_all_future (ProviderFixture *fixture,
                 gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 6);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (""));
  toy_reading_init (&reading, toy);
  reading.started_at = TOY_EPOCH;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_watermark (&reading, "", "2026-01-01T00:00:00.000Z");
}

/* A watermark saved while the clock was wrong. */
static void
test_future_state (ProviderFixture *fixture,
                   gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 6);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (", \"late_arrivals\": true"));
  toy_reading_init (&reading, toy);
  reading.started_at = TOY_EPOCH + 6 * TIDE_HOUR;
  g_hash_table_insert (reading.states, g_strdup (""), g_strdup ("{\"watermark\":\"2099-01-01T00:00:00.000Z\"}"));
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 6);
  assert_watermark (&reading, "", "2026-01-01T06:00:00.000Z");
}

static void
test_damaged_state (ProviderFixture *fixture,
                    gconstpointer    data)
{
  static const char * const states[] = {
    "", "{", "[]", "null", "{\"watermark\": 7}", "{\"watermark\": \"yesterday\"}", "{\"walk\": []}", "{\"walk\": {}}",
    "{\"walk\": {\"mode\": \"full\"}}", "{\"listing\": 3, \"walk\": {\"mode\": \"x\", \"began\": \"2026-01-01T00:00:00.000Z\"}}",
  };
  g_autoptr(Toy) toy = toy_new (fixture, 6);

  toy_load (toy, FILTER (""));
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_auto(ToyReading) reading = { 0 };

      n_expected_warnings = i < 4 ? 1 : 0;
      toy_reading_init (&reading, toy);
      g_hash_table_insert (reading.states, g_strdup (""), g_strdup (states[i]));
      run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
      g_assert_cmpuint (n_expected_warnings, ==, 0);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 6);
    }
}

static void
test_partitions (ProviderFixture *fixture,
                 gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, EACH_PLACE);
  toy_reading_init (&reading, toy);
  add_places (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (reading.full);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  g_assert_cmpuint (g_hash_table_size (reading.states), ==, 3);
  assert_watermark (&reading, "north", "2026-01-01T18:00:00.000Z");
  assert_watermark (&reading, "west", "2026-01-01T17:00:00.000Z");

  /* One that is new is read in full, the others from their watermarks; that is no listing. */
  g_ptr_array_add (reading.places, (gpointer)"east");
  g_free (g_array_index (toy->records, ToyRecord, 0).place);
  g_array_index (toy->records, ToyRecord, 0).place = g_strdup ("east");
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_false (reading.full);
  g_assert_true (toy_reading_has (&reading, 1));
  g_assert_cmpuint (toy_reading_count (&reading), ==, 4);
}

static void
test_no_partitions (ProviderFixture *fixture,
                    gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, EACH_PLACE);
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  /* Nothing was read, so nothing may be taken for deleted. */
  g_assert_false (reading.full);
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 0);
}

static void
test_chunks (ProviderFixture *fixture,
             gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, BY_PLACE ("{\"type\": \"parent\", \"parent\": \"places\", \"chunk\": 2}"));
  toy_reading_init (&reading, toy);
  add_places (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  g_assert_true (g_hash_table_contains (reading.states, "north,south"));
  g_assert_true (g_hash_table_contains (reading.states, "west"));
  assert_call_has (fixture, 0, "place=north%2Csouth");

  /* A fourth makes a chunk of its own: those that are known are not read anew. */
  g_ptr_array_insert (reading.places, 0, (gpointer)"a,b");
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (g_hash_table_contains (reading.states, "a%2Cb"));
  g_assert_cmpuint (g_hash_table_size (reading.states), ==, 3);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 2);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (g_hash_table_size (reading.states), ==, 3);
}

static void
test_list (ProviderFixture *fixture,
           gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, BY_PLACE ("{\"type\": \"list\", \"values\": [\"west\", \"north\"]}"));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 12);
}

/* A full listing over partitions, killed after each number of pages, goes on with those that are not done. */
static void
test_listing_resume (ProviderFixture *fixture,
                     gconstpointer    data)
{
  TideRunMode first_mode = GPOINTER_TO_INT (data);
  g_autoptr(Toy) toy = toy_new (fixture, 18);

  toy_load (toy, EACH_PLACE);
  for (int n_pages = 1; n_pages < 6; n_pages++)
    {
      g_auto(ToyReading) reading = { 0 };
      guint n_pages_before;

      toy_reading_init (&reading, toy);
      add_places (&reading);
      run (&reading, first_mode, n_pages);
      n_pages_before = reading.n_pages;
      reading.started_at += TIDE_HOUR;
      /* Whatever is asked for: nothing has been read to its end, so the listing goes on. */
      run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
      g_assert_true (reading.resumed);
      g_assert_true (reading.full);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
      g_assert_cmpuint (n_pages_before, ==, n_pages);
      g_assert_cmpuint (reading.n_pages, ==, 6);

      toy_reading_forget (&reading);
      run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
      g_assert_false (reading.resumed);
      g_assert_false (reading.full);
    }
}

/* Killed after every single page. */
static void
test_listing_resume_each (ProviderFixture *fixture,
                          gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, EACH_PLACE);
  toy_reading_init (&reading, toy);
  add_places (&reading);
  for (guint i = 0; i < 6; i++)
    {
      run (&reading, TIDE_RUN_MODE_FULL, 1);
      g_assert_true (reading.full);
      g_assert_true (reading.resumed == (i > 0));
    }
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  run (&reading, TIDE_RUN_MODE_FULL, 1);
  g_assert_false (reading.resumed);
}

/* The plan leaves partitions out: all that is there is read, and still it is no full listing. */
static void
test_listing_partial (ProviderFixture *fixture,
                      gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, EACH_PLACE);
  toy_reading_init (&reading, toy);
  add_places (&reading);
  reading.partial = TRUE;
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  g_assert_false (reading.full);
  reading.partial = FALSE;
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_true (reading.full);
}

/* A later listing was interrupted, and then an increment is asked for: the listing is dropped, for good. */
static void
test_listing_dropped (ProviderFixture *fixture,
                      gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);

  toy_load (toy, EACH_PLACE);
  for (int n_pages = 1; n_pages < 6; n_pages++)
    for (int n_more = 1; n_more < 4; n_more++)
      {
        g_auto(ToyReading) reading = { 0 };

        toy_reading_init (&reading, toy);
        add_places (&reading);
        run (&reading, TIDE_RUN_MODE_FULL, -1);
        run (&reading, TIDE_RUN_MODE_FULL, n_pages);
        run (&reading, TIDE_RUN_MODE_INCREMENTAL, n_more);
        g_assert_false (reading.full);
        g_assert_false (reading.resumed);
        toy_reading_forget (&reading);
        run (&reading, TIDE_RUN_MODE_FULL, -1);
        g_assert_false (reading.resumed);
        g_assert_true (reading.full);
        g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
        g_assert_cmpuint (reading.n_pages, ==, 6);
      }
}

/* A full reading is asked for while an increment is half done. */
static void
test_increment_dropped (ProviderFixture *fixture,
                        gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (", \"look_back\": \"17h\""));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, 2);
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_true (reading.full);
  g_assert_false (reading.resumed);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
}

/* What has no increments is listed in full each time, whatever is asked for. */
static void
test_always_full (ProviderFixture *fixture,
                  gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 9);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"cursor\": \"{{ cursor }}\"}},"
                 "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}");
  toy_reading_init (&reading, toy);
  for (guint i = 0; i < 3; i++)
    {
      toy_reading_forget (&reading);
      run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
      g_assert_true (reading.full);
      g_assert_false (reading.resumed);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 9);
    }
  assert_watermark (&reading, "", NULL);
}

static void
refuse_south (ProviderCall *call,
              gpointer      user_data)
{
  const char *place = provider_call_get (call, "place");

  if (g_strcmp0 (place, "south") != 0)
    return;
  call->status = 404;
  g_string_assign (call->answer, "{\"code\": \"NO_PLACE\"}");
}

static void
test_skip_partition (ProviderFixture *fixture,
                     gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, EACH_PLACE);
  toy_reading_init (&reading, toy);
  add_places (&reading);
  toy_set_fault (toy, refuse_south, NULL);
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 12);
  /* Its records were not seen, but nobody said that they are gone. */
  g_assert_false (reading.full);
  toy_set_fault (toy, NULL, NULL);
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 8);
}

/* A listing that left a partition out and was interrupted afterwards: the next does not take that one for listed. */
static void
test_skip_partition_interrupted (ProviderFixture *fixture,
                                 gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);

  toy_load (toy, EACH_PLACE);
  for (int n_pages = 1; n_pages < 5; n_pages++)
    {
      g_auto(ToyReading) reading = { 0 };

      toy_reading_init (&reading, toy);
      add_places (&reading);
      toy_set_fault (toy, refuse_south, NULL);
      run (&reading, TIDE_RUN_MODE_FULL, n_pages);
      toy_set_fault (toy, NULL, NULL);
      reading.started_at += TIDE_HOUR;
      run (&reading, TIDE_RUN_MODE_FULL, -1);
      g_assert_true (reading.full);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
    }
}

/* A reading with pages, edits between them, and kills, against one that was never disturbed. */
static void
test_edits_while_reading (ProviderFixture *fixture,
                          gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, FILTER (""));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  for (int i = 0; i < 12; i++)
    {
      reading.started_at += TIDE_HOUR;
      toy_touch (toy, 1 + i % 5, 60 * (30 + i));
      run (&reading, TIDE_RUN_MODE_INCREMENTAL, i % 3 == 0 ? -1 : 1);
    }
  toy_reading_forget (&reading);
  toy_touch (toy, 7, 60 * 50);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (toy_reading_has (&reading, 7));
  assert_watermark (&reading, "", "2026-01-03T02:00:00.000Z");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);

#define ADD(path, data, func) \
  g_test_add ("/provider/reading/" path, ProviderFixture, data, provider_fixture_set_up, func, provider_fixture_tear_down)
  ADD ("filter", NULL, test_filter);
  ADD ("look-back", NULL, test_look_back);
  ADD ("late-arrival", NULL, test_late_arrival);
  ADD ("exclusive", NULL, test_exclusive);
  ADD ("query-language", NULL, test_query_language);
  ADD ("body-filter", NULL, test_body_filter);
  ADD ("descending", NULL, test_descending);
  ADD ("descending-resume", NULL, test_descending_resume);
  ADD ("windows", NULL, test_windows);
  ADD ("windows-resume", NULL, test_windows_resume);
  ADD ("far-future", NULL, test_far_future);
  ADD ("all-future", NULL, test_all_future);
  ADD ("future-state", NULL, test_future_state);
  ADD ("damaged-state", NULL, test_damaged_state);
  ADD ("partitions", NULL, test_partitions);
  ADD ("no-partitions", NULL, test_no_partitions);
  ADD ("chunks", NULL, test_chunks);
  ADD ("list", NULL, test_list);
  ADD ("listing-resume/full", GINT_TO_POINTER (TIDE_RUN_MODE_FULL), test_listing_resume);
  ADD ("listing-resume/incremental", GINT_TO_POINTER (TIDE_RUN_MODE_INCREMENTAL), test_listing_resume);
  ADD ("listing-resume/each", NULL, test_listing_resume_each);
  ADD ("listing-partial", NULL, test_listing_partial);
  ADD ("listing-dropped", NULL, test_listing_dropped);
  ADD ("increment-dropped", NULL, test_increment_dropped);
  ADD ("always-full", NULL, test_always_full);
  ADD ("skip-partition", NULL, test_skip_partition);
  ADD ("skip-partition-interrupted", NULL, test_skip_partition_interrupted);
  ADD ("edits-while-reading", NULL, test_edits_while_reading);
  return g_test_run ();
}
