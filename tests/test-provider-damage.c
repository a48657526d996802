/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-toy.h"

#include <string.h>

/* Pages that are not what they should be, and records: what can be mended by asking again is asked again, a
 * bad record is put aside, and a bad page ends the run with nothing of it taken. */

#define STREAM \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"since\": \"{{ since }}\", \"cursor\": \"{{ cursor }}\"}}," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}"

/* Spoils the third answer, once or for ever. */
typedef struct
{
  ProviderServe spoil;
  gboolean      always;
} Damage;

static void
damage_cb (ProviderCall *call,
           gpointer      user_data)
{
  const Damage *damage = user_data;

  if (call->number == 2 || (damage->always && call->number > 2))
    damage->spoil (call, NULL);
}

static void
cut (ProviderCall *call,
     gpointer      user_data)
{
  g_string_truncate (call->answer, call->answer->len / 2);
}

static void
html (ProviderCall *call,
      gpointer      user_data)
{
  soup_message_headers_replace (call->headers, "Content-Type", "text/html; charset=utf-8");
  g_string_assign (call->answer, "<html><body>Please log in to the hotel's network</body></html>");
}

static void
html_as_json (ProviderCall *call,
              gpointer      user_data)
{
  g_string_assign (call->answer, "<html></html>");
}

static void
empty (ProviderCall *call,
       gpointer      user_data)
{
  g_string_truncate (call->answer, 0);
}

static void
no_list (ProviderCall *call,
         gpointer      user_data)
{
  g_string_assign (call->answer, "{\"items\": \"none\"}");
}

static void
bad_utf8 (ProviderCall *call,
          gpointer      user_data)
{
  char *id = strstr (call->answer->str, "\"place\": \"");

  id[strlen ("\"place\": \"")] = '\xff';
}

static void
bad_number (ProviderCall *call,
            gpointer      user_data)
{
  char *key = strstr (call->answer->str, "\"key\": ");

  key[strlen ("\"key\": ")] = '+';
}

static const struct
{
  const char    *name;
  ProviderServe  spoil;
} passing[] = {
  { "cut", cut }, { "html", html }, { "html-as-json", html_as_json }, { "empty", empty }, { "no-list", no_list },
};

static void
begin (ProviderFixture *fixture,
       Toy             *toy,
       ToyReading      *reading)
{
  toy_load (toy, STREAM);
  toy_reading_init (reading, toy);
}

/* Asked for again, and all is well. */
static void
test_once (ProviderFixture *fixture,
           gconstpointer    data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (passing); i++)
    {
      g_autoptr(Toy) toy = toy_new (fixture, 18);
      g_auto(ToyReading) reading = { 0 };
      Damage damage = { passing[i].spoil, FALSE };
      g_autoptr(GError) error = NULL;

      begin (fixture, toy, &reading);
      toy_reading_forget (&reading);
      toy_set_fault (toy, damage_cb, &damage);
      g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
      g_assert_cmpuint (fixture->retries, ==, 1);
    }
}

/* For ever: the run fails, keeps what it has, and the next one goes on there. */
static void
test_always (ProviderFixture *fixture,
             gconstpointer    data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (passing); i++)
    {
      g_autoptr(Toy) toy = toy_new (fixture, 18);
      g_auto(ToyReading) reading = { 0 };
      Damage damage = { passing[i].spoil, TRUE };
      g_autoptr(GError) error = NULL;

      begin (fixture, toy, &reading);
      toy_reading_forget (&reading);
      toy_set_fault (toy, damage_cb, &damage);
      g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
      g_assert_nonnull (strstr (error->message, "gave up after 5 attempts"));
      g_assert_cmpuint (toy_reading_count (&reading), ==, 8);
      g_clear_error (&error);

      toy_set_fault (toy, NULL, NULL);
      g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
      g_assert_true (reading.resumed);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
    }
}

/* What only shows when all is read: a failure that names the byte, and the page before is where the next run
 * goes on. */
static void
test_invalid_page (ProviderFixture *fixture,
                   gconstpointer    data)
{
  const ProviderServe spoils[] = { bad_utf8, bad_number };

  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autoptr(Toy) toy = toy_new (fixture, 18);
      g_auto(ToyReading) reading = { 0 };
      Damage damage = { spoils[i], FALSE };
      g_autoptr(GError) error = NULL;

      begin (fixture, toy, &reading);
      toy_reading_forget (&reading);
      toy_set_fault (toy, damage_cb, &damage);
      g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
      g_assert_nonnull (strstr (error->message, "the page is not valid: byte "));
      g_assert_cmpuint (toy_reading_count (&reading), ==, 8);
      g_clear_error (&error);
      g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
      g_assert_true (reading.resumed);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
    }
}

static void
serve_records (ProviderCall *call,
               gpointer      user_data)
{
  g_string_assign (call->answer, user_data);
}

static TideRecordBatch *
read_page (ProviderFixture *fixture,
           const char      *rest,
           const char      *answer,
           TidePage       **page)
{
  const TideReadPlan plan = { .mode = TIDE_RUN_MODE_FULL, .started_at = PROVIDER_NOW };
  g_autoptr(TideStreamReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  TideRecordBatch *batch;

  provider_fixture_load (fixture, rest);
  provider_fixture_serve (fixture, serve_records, (gpointer)answer);
  reader = tide_stream_reader_new (tide_manifest_get_stream (fixture->manifest, "items"), fixture->requester, &plan,
                                   NULL, NULL, &error);
  *page = tide_stream_reader_fetch (reader, NULL, &error);
  g_assert_no_error (error);
  batch = tide_stream_reader_parse (reader, *page, &error);
  g_assert_no_error (error);
  return batch;
}

#define RECORDS(records, fields) \
  "\"authenticator\": {\"type\": \"none\"}, \"streams\": [{\"name\": \"items\", \"label\": \"Items\", \"entity\": \"things\"," \
  " \"request\": {\"path\": \"/items\"}, \"records\": {\"pointer\": \"/items\", " records "}, \"fields\": [" fields "]}]"

static void
assert_bad (const TideBadRecord *bad,
            const char          *id,
            const char          *reason,
            const char          *payload)
{
  g_assert_cmpstr (bad->id, ==, id);
  g_assert_nonnull (strstr (bad->reason, reason));
  g_assert_cmpstr (bad->payload, ==, payload);
}

static void
test_bad_records (ProviderFixture *fixture,
                  gconstpointer    data)
{
  g_autoptr(TidePage) page = NULL;
  g_autoptr(TideRecordBatch) batch =
    read_page (fixture, RECORDS ("\"id\": \"/id\"", "{\"name\": \"n\", \"type\": \"integer\"}, {\"name\": \"at\", \"type\": \"instant\"}"),
               "{\"items\": [{\"id\": \"a\", \"n\": 1}, {\"id\": \"b\", \"n\": \"x\"}, {\"n\": 3}, {\"id\": \"\", \"n\": 4},"
               " {\"id\": \"e\", \"at\": \"yesterday\"}, 7, {\"id\": \"g\", \"n\": null, \"at\": null}]}", &page);
  gsize n_records;
  gsize n_bad;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);
  const TideBadRecord *bad = tide_record_batch_get_bad (batch, &n_bad);

  g_assert_cmpuint (tide_record_batch_get_size (batch), ==, 7);
  g_assert_cmpuint (n_records, ==, 2);
  g_assert_cmpmem (records[1].id, records[1].id_length, "g", 1);
  g_assert_cmpuint (n_bad, ==, 5);
  assert_bad (&bad[0], "b", "n: ", "{\"id\": \"b\", \"n\": \"x\"}");
  assert_bad (&bad[1], NULL, "no id", "{\"n\": 3}");
  assert_bad (&bad[2], NULL, "no id", "{\"id\": \"\", \"n\": 4}");
  assert_bad (&bad[3], "e", "at: ", "{\"id\": \"e\", \"at\": \"yesterday\"}");
  assert_bad (&bad[4], NULL, "not an object", "7");
}

static void
assert_text (const TideValue *value,
             const char      *text)
{
  g_assert_cmpint (value->kind, ==, TIDE_VALUE_TEXT);
  g_assert_cmpmem (value->text, value->length, text, strlen (text));
}

static void
test_records (ProviderFixture *fixture,
              gconstpointer    data)
{
  g_autoptr(TidePage) page = NULL;
  g_autoptr(TideRecordBatch) batch =
    read_page (fixture, RECORDS ("\"id\": [\"/a\", \"/b\"], \"deleted\": {\"pointer\": \"/gone_at\"},"
                                 " \"skip\": [{\"pointer\": \"/kind\", \"value\": [\"test\", 9]}]",
                                 "{\"name\": \"sum\", \"type\": \"money_decimal\", \"currency\": \"/cur\", \"currency_code\": \"KWD\"},"
                                 "{\"name\": \"cur\", \"type\": \"text\"}, {\"name\": \"b\", \"type\": \"text\", \"value\": \"fixed\"},"
                                 "{\"name\": \"deep\", \"type\": \"json\", \"pointer\": \"/x\"}, {\"name\": \"first\", \"type\": \"integer\", \"pointer\": \"/x/y/0\"}"),
               "{\"items\": [{\"a\": \"k\\u00e4se\", \"b\": 12, \"sum\": \"12.30\", \"cur\": \"EUR\", \"x\": {\"y\": [5]}},"
               " {\"a\": \"p\", \"b\": \"q\", \"sum\": 7, \"cur\": \"JPY\", \"gone_at\": \"2026\"}, {\"a\": \"1\", \"b\": \"2\", \"kind\": \"test\"},"
               " {\"a\": \"1\", \"b\": \"3\", \"kind\": 9}, {\"a\": \"r\", \"b\": \"s\", \"sum\": 1.5, \"gone_at\": null}]}", &page);
  gsize n_records;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);

  g_assert_cmpuint (n_records, ==, 3);
  g_assert_cmpuint (tide_record_batch_get_skipped (batch), ==, 2);
  g_assert_cmpmem (records[0].id, records[0].id_length, "käse:12", strlen ("käse:12"));
  g_assert_cmpint (records[0].values[0].integer, ==, 1230);
  assert_text (&records[0].values[1], "EUR");
  assert_text (&records[0].values[2], "fixed");
  assert_text (&records[0].values[3], "{\"y\": [5]}");
  g_assert_cmpint (records[0].values[4].integer, ==, 5);
  g_assert_false (records[0].deleted);
  g_assert_true (records[1].deleted);
  g_assert_cmpint (records[1].values[0].integer, ==, 7);
  g_assert_cmpint (records[1].values[3].kind, ==, TIDE_VALUE_NULL);
  g_assert_false (records[2].deleted);
  g_assert_cmpint (records[2].values[0].integer, ==, 1500);
  g_assert_cmpuint (records[0].hash, !=, records[1].hash);
}

static void
serve_bakery (ProviderCall *call,
              gpointer      user_data)
{
  const char *key = soup_message_headers_get_one (call->request_headers, "X-Api-Key");

  g_assert_cmpstr (key, ==, PROVIDER_SECRET);
  if (g_str_equal (call->path, "/api/v1/me"))
    g_string_assign (call->answer, "{\"company\": \"Crumb & Crust\"}");
  else if (g_str_equal (call->path, "/api/v1/branches"))
    g_string_assign (call->answer, "[{\"code\": \"B 1\", \"title\": \"Harbour\", \"tz\": \"Europe/Oslo\"}]");
  else
    {
      /* The server gives paths unescaped. */
      g_assert_cmpstr (call->path, ==, "/api/v1/branches/B 1/orders");
      soup_message_headers_replace (call->headers, "X-Total", "2");
      g_string_assign (call->answer, "{\"orders\": [{\"id\": 1, \"sum\": \"4.50\", \"currency\": \"NOK\", \"changed\": \"2026-01-01T10:00:00+01:00\"},"
                                     " {\"id\": 2, \"test_order\": true}]}");
    }
}

static char *
bakery_secret_cb (const char  *name,
                  gpointer     user_data,
                  GError     **error)
{
  g_assert_cmpstr (name, ==, "api_key");
  return g_strdup (PROVIDER_SECRET);
}

static char *
read_example (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "providers", "README.md", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  char *start;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  start = strstr (text, "```json\n");
  g_assert_nonnull (start);
  start += strlen ("```json\n");
  return g_strndup (start, strstr (start, "\n```") - start);
}

/* The guide's example is a manifest, and works. */
static void
test_guide (ProviderFixture *fixture,
            gconstpointer    data)
{
  g_autofree char *example = read_example ();
  g_autofree char *base_url = g_strconcat (fixture->url, "/api/v1", NULL);
  const TideConnection connection = { .provider = (char *)"bakery", .name = (char *)"Bakery",
                                      .environment = (char *)"production", .base_url = base_url };
  g_autoptr(GPtrArray) branches = g_ptr_array_new ();
  const TideReadPlan plan = { .mode = TIDE_RUN_MODE_INCREMENTAL, .partition_values = branches,
                              .started_at = PROVIDER_NOW };
  g_autoptr(TideStreamReader) reader = NULL;
  g_autoptr(TidePage) page = NULL;
  g_autoptr(TideRecordBatch) batch = NULL;
  g_autoptr(TideProbe) probe = NULL;
  g_autoptr(GError) error = NULL;
  const TideRecord *records;
  gsize n_records;

  fixture->manifest = provider_manifest_load (example);
  fixture->requester = tide_requester_new (fixture->manifest, &connection, fixture->transport, TIDE_CLOCK (fixture->clock),
                                           bakery_secret_cb, NULL, NULL);
  provider_fixture_serve (fixture, serve_bakery, NULL);
  probe = tide_requester_probe (fixture->requester, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (probe->account, ==, "Crumb & Crust");
  g_assert_cmpuint (g_strv_length (probe->missing), ==, 0);

  g_ptr_array_add (branches, (gpointer)"B 1");
  reader = tide_stream_reader_new (tide_manifest_get_stream (fixture->manifest, "orders"), fixture->requester, &plan, NULL, NULL, &error);
  page = tide_stream_reader_fetch (reader, NULL, &error);
  g_assert_no_error (error);
  batch = tide_stream_reader_parse (reader, page, &error);
  g_assert_no_error (error);
  records = tide_record_batch_get_records (batch, &n_records);
  g_assert_cmpuint (n_records, ==, 1);
  g_assert_cmpuint (tide_record_batch_get_skipped (batch), ==, 1);
  g_assert_cmpint (tide_page_get_expected (page), ==, 2);
  assert_text (&records[0].values[2], "B 1");
  assert_text (&records[0].values[4], "2026-01-01T09:00:00.000Z");
  g_assert_cmpint (records[0].values[5].integer, ==, 450);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/provider/damage/" path, ProviderFixture, NULL, provider_fixture_set_up, func, provider_fixture_tear_down)
  ADD ("once", test_once);
  ADD ("always", test_always);
  ADD ("invalid-page", test_invalid_page);
  ADD ("bad-records", test_bad_records);
  ADD ("records", test_records);
  ADD ("guide", test_guide);
  return g_test_run ();
}
