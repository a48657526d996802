/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-toy.h"

#include <string.h>

/* Readings of some records only: by their ids, and by filters. */

#define LISTING \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"order\": \"updated\", \"place\": \"{{ filters.place }}\"," \
  " \"since\": \"{{ since }}\", \"until\": \"{{ filters.before | rfc3339_seconds }}\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"filters\": [{\"name\": \"place\", \"values\": [\"north\", \"south\", \"west\"]}, {\"name\": \"before\", \"type\": \"instant\"}]," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}"

#define LOOKUP(more) \
  LISTING ", \"lookup\": {\"request\": {\"path\": \"/items/{{ id }}\"}, \"records\": \"/item\"" more "}"

#define BATCHES(more) \
  LISTING ", \"lookup\": {\"request\": {\"method\": \"POST\", \"path\": \"/lookup\", \"body\": {\"ids\": \"{{ ids }}\"}}," \
  " \"batch\": 3, \"records\": \"/items\"" more "}"

#define BY_PLACE(partition) \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"order\": \"updated\"," \
  " \"place\": \"{{ partition_list }}\", \"since\": \"{{ since }}\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"filters\": [{\"name\": \"place\", \"partition\": true}]," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}," \
  "\"partition\": " partition

static void
run (ToyReading  *reading,
     TideRunMode  mode)
{
  g_autoptr(GError) error = NULL;

  toy_reading_run (reading, mode, -1, &error);
  g_assert_no_error (error);
}

static GHashTable *
filters_new (const char *name,
             const char *value)
{
  GHashTable *filters = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (filters, (gpointer)name, (gpointer)value);
  return filters;
}

static char *
dup_states (ToyReading *reading)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (reading->states), (GCompareFunc)strcmp);

  for (GList *l = keys; l != NULL; l = l->next)
    g_string_append_printf (text, "%s=%s\n", (char *)l->data, (char *)g_hash_table_lookup (reading->states, l->data));
  return g_strdup (text->str);
}

static void
assert_call (ProviderFixture *fixture,
             guint            index,
             const char      *expected)
{
  g_autofree char *call = provider_fixture_get_call (fixture, index);

  g_assert_cmpstr (call, ==, expected);
}

static void
assert_call_has (ProviderFixture *fixture,
                 guint            index,
                 const char      *text,
                 gboolean         there)
{
  g_autofree char *call = provider_fixture_get_call (fixture, index);

  if ((strstr (call, text) != NULL) != there)
    g_test_message ("%s: %s", call, text);
  g_assert_true ((strstr (call, text) != NULL) == there);
}

/* One after the other, twice named or not; who is gone is told of, and is no error. */
static void
test_lookup (ProviderFixture *fixture,
             gconstpointer    data)
{
  static const char * const ids[] = { "r3", "r99", "r5", "r3", "a b/c", NULL };
  static const char * const gone[] = { "r99", "a b/c", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, LOOKUP (""));
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 2);
  g_assert_true (toy_reading_has (&reading, 3));
  g_assert_true (toy_reading_has (&reading, 5));
  g_assert_true (g_strv_equal ((const char * const *)reading.gone, gone));
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 4);
  assert_call (fixture, 0, "GET /items/r3");
  g_assert_cmpuint (fixture->retries, ==, 0);
  g_assert_cmpuint (fixture->notes->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (fixture->notes, 0), ==, "info: \"r99\" of items is not there any more []");
  g_assert_false (reading.full);
}

static void
test_lookup_batches (ProviderFixture *fixture,
                     gconstpointer    data)
{
  static const char * const ids[] = { "r1", "r2", "nobody", "r4", "r5", "r6", "r7", NULL };
  static const char * const gone[] = { "nobody", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, BATCHES (""));
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 6);
  g_assert_true (g_strv_equal ((const char * const *)reading.gone, gone));
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 3);
  assert_call (fixture, 0, "POST /lookup {\"ids\":[\"r1\",\"r2\",\"nobody\"]}");
  assert_call (fixture, 2, "POST /lookup {\"ids\":[\"r7\"]}");
}

static void
test_lookup_nothing (ProviderFixture *fixture,
                     gconstpointer    data)
{
  static const char * const ids[] = { NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, LOOKUP (""));
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 0);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 0);
}

/* Records that others ask for by the same ids: there, but not of this stream, and so neither taken nor gone. */
static void
test_lookup_only (ProviderFixture *fixture,
                  gconstpointer    data)
{
  static const char * const ids[] = { "r1", "r2", "r3", "r4", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, BATCHES (", \"only\": {\"pointer\": \"/place\", \"value\": \"south\"}"));
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 2);
  g_assert_cmpuint (reading.n_skipped, ==, 2);
  g_assert_cmpuint (g_strv_length (reading.gone), ==, 0);
}

/* What an answer may be like that must not be taken for "gone". */
static void
serve_odd (ProviderCall *call,
           gpointer      user_data)
{
  const char *kind = user_data;

  g_string_truncate (call->answer, 0);
  if (g_str_equal (kind, "html"))
    {
      call->status = 404;
      soup_message_headers_replace (call->headers, "Content-Type", "text/html");
      g_string_append (call->answer, "<html>404</html>");
    }
  else if (g_str_equal (kind, "no-id"))
    g_string_append (call->answer, "{\"item\": {}}");
  else if (g_str_equal (kind, "cut"))
    g_string_append (call->answer, "{\"item\": {\"id\": \"r3\"");
  else if (g_str_equal (kind, "scalar"))
    g_string_append (call->answer, "{\"item\": 7}");
  else
    call->status = 500;
}

static void
test_lookup_odd (ProviderFixture *fixture,
                 gconstpointer    data)
{
  static const char * const ids[] = { "r3", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, LOOKUP (""));
  toy_set_fault (toy, serve_odd, (gpointer)data);
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_test_message ("%s", error->message);
  g_assert_cmpuint (g_strv_length (reading.gone), ==, 0);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 0);
}

/* A 410, or a good answer without the record, says the same as a 404. */
static void
serve_gone (ProviderCall *call,
            gpointer      user_data)
{
  g_string_truncate (call->answer, 0);
  call->status = GPOINTER_TO_UINT (user_data);
  if (call->status == 200)
    g_string_append (call->answer, "{\"item\": null}");
}

static void
test_lookup_gone (ProviderFixture *fixture,
                  gconstpointer    data)
{
  static const char * const ids[] = { "r3", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, LOOKUP (""));
  toy_set_fault (toy, serve_gone, (gpointer)data);
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_true (g_strv_equal ((const char * const *)reading.gone, ids));
}

/* A provider that heeds no ids and gives everything: what was not asked for is not taken. */
static void
test_lookup_unheeded (ProviderFixture *fixture,
                      gconstpointer    data)
{
  static const char * const ids[] = { "r3", "r99", NULL };
  static const char * const gone[] = { "r99", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, LISTING ", \"lookup\": {\"request\": {\"path\": \"/items\", \"query\": {\"only\": \"{{ ids }}\"}},"
                          " \"batch\": 10, \"records\": \"/items\"}");
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 1);
  g_assert_true (toy_reading_has (&reading, 3));
  g_assert_cmpuint (reading.n_skipped, ==, 17);
  g_assert_true (g_strv_equal ((const char * const *)reading.gone, gone));
  assert_call (fixture, 0, "GET /items?only=r3%2Cr99");
}

/* Without a lookup the listing is walked to its end. */
static void
test_picked (ProviderFixture *fixture,
             gconstpointer    data)
{
  static const char * const ids[] = { "r3", "r99", "r17", NULL };
  static const char * const gone[] = { "r99", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, LISTING);
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  toy_reading_forget (&reading);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 2);
  g_assert_cmpuint (reading.n_skipped, ==, 16);
  g_assert_cmpuint (reading.n_pages, ==, 5);
  g_assert_false (reading.full);
  g_assert_true (g_strv_equal ((const char * const *)reading.gone, gone));
}

/* Where some of the listing was left out, nobody can say who is gone. */
static void
test_picked_partial (ProviderFixture *fixture,
                     gconstpointer    data)
{
  static const char * const ids[] = { "r3", "r99", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, LISTING);
  toy_reading_init (&reading, toy);
  reading.ids = ids;
  reading.partial = TRUE;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 1);
  g_assert_cmpuint (g_strv_length (reading.gone), ==, 0);
}

static void
test_filter (ProviderFixture *fixture,
             gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GHashTable) place = filters_new ("place", "south");
  g_autoptr(GHashTable) before = filters_new ("before", "2026-01-01T05:00:00.5+00:00");

  toy_load (toy, LISTING);
  toy_reading_init (&reading, toy);
  reading.filters = place;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 6);
  g_assert_false (reading.full);
  assert_call_has (fixture, 0, "place=south", TRUE);
  assert_call_has (fixture, 0, "until", FALSE);

  toy_reading_forget (&reading);
  reading.filters = before;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 5);
  assert_call_has (fixture, 0, "until=2026-01-01T05%3A00%3A00Z", TRUE);
  assert_call_has (fixture, 0, "place", FALSE);
}

/* Of an increment too; and with ids, what passes is looked through, as a lookup would not know. */
static void
test_filter_increment (ProviderFixture *fixture,
                       gconstpointer    data)
{
  static const char * const ids[] = { "r1", "r4", "r5", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GHashTable) place = filters_new ("place", "south");

  toy_load (toy, LOOKUP (""));
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  toy_touch (toy, 4, 30 * 60);
  toy_touch (toy, 5, 30 * 60);
  toy_reading_forget (&reading);
  reading.filters = place;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 1);
  g_assert_true (toy_reading_has (&reading, 4));
  assert_call_has (fixture, 0, "since=2026-01-01T18", TRUE);

  toy_reading_forget (&reading);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 2);
  g_assert_cmpuint (reading.n_skipped, ==, 4);
  g_assert_cmpuint (g_strv_length (reading.gone), ==, 0);
  assert_call_has (fixture, 0, "place=south", TRUE);
  assert_call_has (fixture, 0, "since", FALSE);
}

static void
add_places (ToyReading *reading)
{
  g_ptr_array_add (reading->places, (gpointer)"north");
  g_ptr_array_add (reading->places, (gpointer)"south");
  g_ptr_array_add (reading->places, (gpointer)"west");
}

/* A partition is chosen out of those there are, out of a chunk as well. */
static void
test_filter_partition (ProviderFixture *fixture,
                       gconstpointer    data)
{
  const char *manifest = data;
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GHashTable) place = filters_new ("place", "west");
  g_autoptr(GHashTable) nowhere = filters_new ("place", "east");
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  toy_load (toy, manifest);
  toy_reading_init (&reading, toy);
  add_places (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  before = dup_states (&reading);
  toy_reading_forget (&reading);
  reading.filters = place;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 6);
  assert_call_has (fixture, 0, "place=west", TRUE);
  assert_call_has (fixture, 0, "%2C", FALSE);

  toy_reading_forget (&reading);
  toy_touch (toy, 2, 30 * 60);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL);
  g_assert_true (toy_reading_has (&reading, 2));
  g_assert_cmpuint (toy_reading_count (&reading), <=, 2);
  after = dup_states (&reading);
  g_assert_cmpstr (before, ==, after);

  reading.filters = nowhere;
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "items: there is no \"east\" among places");
}

/* Between two halves of a listing, a part leaves no trace: the listing is gone on with, and is full. */
static void
test_between (ProviderFixture *fixture,
              gconstpointer    data)
{
  static const char * const ids[] = { "r3", "r4", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GHashTable) place = filters_new ("place", "north");
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  toy_load (toy, LOOKUP (""));
  toy_reading_init (&reading, toy);
  g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, 2, &error));
  before = dup_states (&reading);
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_false (reading.resumed);
  g_assert_false (reading.full);
  reading.ids = NULL;
  reading.filters = place;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_false (reading.resumed);
  g_assert_false (reading.full);
  after = dup_states (&reading);
  g_assert_cmpstr (before, ==, after);

  reading.filters = NULL;
  run (&reading, TIDE_RUN_MODE_FULL);
  g_assert_true (reading.resumed);
  g_assert_true (reading.full);
}

typedef struct
{
  const char *name;
  const char *value;
  const char *message;    /* NULL: it is good */
} FilterCase;

static const FilterCase filter_cases[] = {
  { "place", "north", NULL },
  { "place", "east", "items: the filter \"place\" must be one of: north, south, west" },
  { "plaice", "north", "items: there is no filter \"plaice\"; there are: place, before" },
  { "before", "2026-03-02T18:11:09Z", NULL },
  { "before", "tomorrow", "items: the filter \"before\" must be an instant (2026-03-02T18:11:09Z)" },
};

static void
test_check (ProviderFixture *fixture,
            gconstpointer    data)
{
  static const char * const names[] = { "place", "before", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 1);
  TideStream *items;
  TideStream *places;
  g_autoptr(GHashTable) any = filters_new ("x", "y");
  g_autoptr(GError) error = NULL;

  toy_load (toy, LISTING);
  items = tide_manifest_get_stream (fixture->manifest, "items");
  places = tide_manifest_get_stream (fixture->manifest, "places");
  g_assert_true (g_strv_equal (tide_stream_list_filters (items), names));
  g_assert_cmpuint (g_strv_length ((char **)tide_stream_list_filters (places)), ==, 0);
  g_assert_false (tide_stream_has_lookup (items));
  g_assert_true (tide_stream_check_filters (items, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (filter_cases); i++)
    {
      g_autoptr(GHashTable) filters = filters_new (filter_cases[i].name, filter_cases[i].value);
      g_autoptr(GError) failure = NULL;

      g_assert_true (tide_stream_check_filters (items, filters, &failure) == (filter_cases[i].message == NULL));
      if (filter_cases[i].message == NULL)
        continue;
      g_assert_error (failure, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_assert_cmpstr (failure->message, ==, filter_cases[i].message);
    }
  g_assert_false (tide_stream_check_filters (places, any, &error));
  g_assert_cmpstr (error->message, ==, "places: there are no filters, so none \"x\"");
}

/* Numbers and flags keep their kind in a body; nothing is left of what is not set. */
static void
test_types (ProviderFixture *fixture,
            gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 1);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GHashTable) filters = filters_new ("number", "-42");
  g_autoptr(GHashTable) bad = filters_new ("day", "2026-02-30");
  g_autoptr(GError) error = NULL;

  toy_load (toy, "\"request\": {\"method\": \"POST\", \"path\": \"/items\", \"body\": {\"f\": {"
                 "  \"n\": \"{{ filters.number }}\", \"list\": [\"{{ filters.word }}\"], \"b\": \"{{ filters.flag }}\","
                 "  \"d\": \"{{ filters.day }}\", \"u\": \"{{ filters.at | unix }}\"}}},"
                 "\"filters\": [{\"name\": \"number\", \"type\": \"integer\"}, {\"name\": \"word\"},"
                 " {\"name\": \"flag\", \"type\": \"boolean\"}, {\"name\": \"day\", \"type\": \"date\"},"
                 " {\"name\": \"at\", \"type\": \"instant\"}]");
  toy_reading_init (&reading, toy);
  reading.filters = filters;
  run (&reading, TIDE_RUN_MODE_FULL);
  assert_call (fixture, 0, "POST /items {\"f\":{\"n\":-42}}");
  g_hash_table_insert (filters, (gpointer)"word", (gpointer)"a \"b\"");
  g_hash_table_insert (filters, (gpointer)"flag", (gpointer)"true");
  g_hash_table_insert (filters, (gpointer)"day", (gpointer)"2026-03-02");
  g_hash_table_insert (filters, (gpointer)"at", (gpointer)"2026-03-02T18:11:09Z");
  run (&reading, TIDE_RUN_MODE_FULL);
  assert_call (fixture, 1, "POST /items {\"f\":{\"n\":-42,\"list\":[\"a \\\"b\\\"\"],\"b\":true,\"d\":\"2026-03-02\","
                           "\"u\":1772475069}}");
  reading.filters = bad;
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) \
  g_test_add ("/provider/part/" path, ProviderFixture, data, provider_fixture_set_up, func, provider_fixture_tear_down)
  ADD ("lookup", NULL, test_lookup);
  ADD ("lookup/batches", NULL, test_lookup_batches);
  ADD ("lookup/nothing", NULL, test_lookup_nothing);
  ADD ("lookup/only", NULL, test_lookup_only);
  ADD ("lookup/odd/html", "html", test_lookup_odd);
  ADD ("lookup/odd/no-id", "no-id", test_lookup_odd);
  ADD ("lookup/odd/cut", "cut", test_lookup_odd);
  ADD ("lookup/odd/scalar", "scalar", test_lookup_odd);
  ADD ("lookup/odd/500", "500", test_lookup_odd);
  ADD ("lookup/gone/200", GUINT_TO_POINTER (200), test_lookup_gone);
  ADD ("lookup/gone/204", GUINT_TO_POINTER (204), test_lookup_gone);
  ADD ("lookup/gone/404", GUINT_TO_POINTER (404), test_lookup_gone);
  ADD ("lookup/gone/410", GUINT_TO_POINTER (410), test_lookup_gone);
  ADD ("lookup/unheeded", NULL, test_lookup_unheeded);
  ADD ("picked", NULL, test_picked);
  ADD ("picked/partial", NULL, test_picked_partial);
  ADD ("filter", NULL, test_filter);
  ADD ("filter/increment", NULL, test_filter_increment);
  ADD ("filter/partition/each", BY_PLACE ("{\"type\": \"parent\", \"parent\": \"places\"}"), test_filter_partition);
  ADD ("filter/partition/chunk", BY_PLACE ("{\"type\": \"parent\", \"parent\": \"places\", \"chunk\": 2}"),
       test_filter_partition);
  ADD ("between", NULL, test_between);
  ADD ("check", NULL, test_check);
  ADD ("types", NULL, test_types);
  return g_test_run ();
}
