/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sandbox-peer.h"
#include "tide-error.h"
#include "tide-manifest.h"
#include "tide-requester.h"
#include "tide-sim-clock.h"
#include "tide-soup-transport.h"
#include "tide-stream-reader.h"
#include "tide-time.h"

/* Square's own manifest against the sandbox: what is read is what the sandbox says there is. */

typedef struct
{
  SandboxPeer         *peer;
  TideManifestLibrary *library;
  TideManifest        *manifest;     /* (unowned) */
  TideTransport       *transport;
  TideSimClock        *clock;
  TideRequester       *requester;
  const char          *token;
  GPtrArray           *locations;    /* of char* */
  GHashTable          *states;       /* stream → (partition → state) */
  gint64               now;
} Fixture;

typedef struct
{
  const char *stream;
  const char *truth;
} StreamCase;

static const StreamCase streams[] = {
  { "locations", "locations" },
  { "team_members", "team_members" },
  { "timesheets", "timesheets" },
  { "payments", "payments" },
  { "refunds", "refunds" },
  { "payouts", "payouts" },
  { "orders", "orders" },
  { "customers", "customers" },
  { "products", "products" },
  { "prices", "prices" },
};

static char *
secret_cb (const char  *name,
           gpointer     user_data,
           GError     **error)
{
  Fixture *self = user_data;

  g_assert_cmpstr (name, ==, "access_token");
  return g_strdup (self->token);
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  TideConnection values = { .id = 1, .venue_id = 1, .provider = (char *)"square", .name = (char *)"Café",
                            .environment = (char *)"sandbox" };

  self->peer = sandbox_peer_start (NULL);
  self->library = tide_manifest_library_new (NULL, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  self->manifest = tide_manifest_library_lookup (self->library, "square", &error);
  g_assert_no_error (error);
  self->transport = tide_soup_transport_new ();
  self->now = tide_time_parse (SANDBOX_PEER_NOW, -1);
  self->clock = tide_sim_clock_new (self->now);
  self->token = "sandbox-token";
  values.base_url = (char *)sandbox_peer_get_url (self->peer);
  connection = tide_connection_copy (&values);
  self->requester = tide_requester_new (self->manifest, connection, self->transport, TIDE_CLOCK (self->clock),
                                        secret_cb, self, NULL);
  self->locations = g_ptr_array_new_with_free_func (g_free);
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_hash_table_unref (self->states);
  g_ptr_array_unref (self->locations);
  g_assert_finalize_object (self->requester);
  g_assert_finalize_object (self->clock);
  g_assert_finalize_object (self->transport);
  tide_manifest_library_free (self->library);
  sandbox_peer_stop (self->peer);
}

static GHashTable *
get_states (Fixture    *self,
            const char *stream)
{
  GHashTable *states = g_hash_table_lookup (self->states, stream);

  if (states == NULL)
    {
      states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (self->states, g_strdup (stream), states);
    }
  return states;
}

static void
take_batch (TideRecordBatch *batch,
            GHashTable      *read)
{
  gsize n_records;
  gsize n_bad;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);
  const TideBadRecord *bad = tide_record_batch_get_bad (batch, &n_bad);

  if (n_bad > 0)
    g_test_message ("%s: %s", bad[0].reason, bad[0].payload);
  g_assert_cmpuint (n_bad, ==, 0);
  for (gsize i = 0; i < n_records; i++)
    if (!records[i].deleted)
      g_hash_table_replace (read, g_strndup (records[i].id, records[i].id_length),
                            g_strndup (records[i].raw, records[i].raw_length));
}

/* Reads a stream; returns id → payload. */
static GHashTable *
read_stream (Fixture     *self,
             const char  *name,
             TideRunMode  mode,
             gboolean    *full)
{
  GHashTable *read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TideStream *stream = tide_manifest_get_stream (self->manifest, name);
  const TideReadPlan plan = { .mode = mode, .states = get_states (self, name), .started_at = self->now,
                              .partition_values = tide_stream_get_parent (stream) != NULL ? self->locations : NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStreamReader) reader = tide_stream_reader_new (stream, self->requester, &plan, NULL, NULL, &error);

  g_assert_no_error (error);
  for (;;)
    {
      g_autoptr(TidePage) page = tide_stream_reader_fetch (reader, NULL, &error);
      g_autoptr(TideRecordBatch) batch = NULL;

      g_assert_no_error (error);
      if (page == NULL)
        break;
      batch = tide_stream_reader_parse (reader, page, &error);
      g_assert_no_error (error);
      take_batch (batch, read);
      g_hash_table_replace (plan.states, g_strdup (tide_page_get_partition (page)), g_strdup (tide_page_get_state (page)));
    }
  *full = tide_stream_reader_is_full_listing (reader);
  return read;
}

static void
read_locations (Fixture *self)
{
  gboolean full;
  g_autoptr(GHashTable) read = read_stream (self, "locations", TIDE_RUN_MODE_FULL, &full);
  GHashTableIter iter;
  gpointer id;

  g_assert_true (full);
  g_hash_table_iter_init (&iter, read);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (self->locations, g_strdup (id));
  g_assert_cmpuint (self->locations->len, >, 1);
}

static void
assert_is_truth (Fixture    *self,
                 const char *entity,
                 GHashTable *read)
{
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (self->peer, entity);

  g_assert_cmpuint (truth->len, >, 0);
  for (guint i = 0; i < truth->len; i++)
    {
      const char *id = json_object_get_string_member (g_ptr_array_index (truth, i), "id");

      if (!g_hash_table_contains (read, id))
        g_test_message ("%s %s was not read", entity, id);
      g_assert_true (g_hash_table_contains (read, id));
    }
  g_assert_cmpuint (g_hash_table_size (read), ==, truth->len);
}

static void
test_full (Fixture       *self,
           gconstpointer  data)
{
  read_locations (self);
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      gboolean full;
      g_autoptr(GHashTable) read = read_stream (self, streams[i].stream, TIDE_RUN_MODE_FULL, &full);

      g_test_message ("%s: %u", streams[i].stream, g_hash_table_size (read));
      g_assert_true (full);
      assert_is_truth (self, streams[i].truth, read);
    }
}

/* What an incremental reading gives over again is the overlap and no more; everything is still the truth. */
static void
test_incremental (Fixture       *self,
                  gconstpointer  data)
{
  read_locations (self);
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      TideStream *stream = tide_manifest_get_stream (self->manifest, streams[i].stream);
      gboolean full;
      g_autoptr(GHashTable) first = read_stream (self, streams[i].stream, TIDE_RUN_MODE_INCREMENTAL, &full);
      g_autoptr(GHashTable) second = NULL;

      g_assert_true (full);
      assert_is_truth (self, streams[i].truth, first);
      second = read_stream (self, streams[i].stream, TIDE_RUN_MODE_INCREMENTAL, &full);
      g_test_message ("%s: %u, then %u", streams[i].stream, g_hash_table_size (first), g_hash_table_size (second));
      g_assert_true (full == !tide_stream_is_incremental (stream));
      if (tide_stream_is_incremental (stream))
        g_assert_cmpuint (g_hash_table_size (second), <, g_hash_table_size (first));
    }
}

/* Reads some records of a stream; returns id → payload. */
static GHashTable *
read_part (Fixture              *self,
           const char           *name,
           const char * const   *ids,
           GHashTable           *filters,
           char               ***gone)
{
  GHashTable *read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TideStream *stream = tide_manifest_get_stream (self->manifest, name);
  const TideReadPlan plan = { .mode = TIDE_RUN_MODE_FULL, .started_at = self->now, .ids = ids, .filters = filters,
                              .partition_values = tide_stream_get_parent (stream) != NULL ? self->locations : NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStreamReader) reader = tide_stream_reader_new (stream, self->requester, &plan, NULL, NULL, &error);

  g_assert_no_error (error);
  for (;;)
    {
      g_autoptr(TidePage) page = tide_stream_reader_fetch (reader, NULL, &error);
      g_autoptr(TideRecordBatch) batch = NULL;

      g_assert_no_error (error);
      if (page == NULL)
        break;
      batch = tide_stream_reader_parse (reader, page, &error);
      g_assert_no_error (error);
      g_assert_null (tide_page_get_state (page));
      take_batch (batch, read);
    }
  g_assert_false (tide_stream_reader_is_full_listing (reader));
  if (gone != NULL)
    *gone = tide_stream_reader_list_gone (reader);
  return read;
}

/* By their ids, byte for byte what the listing has; and who is not there is gone. */
static void
test_lookups (Fixture       *self,
              gconstpointer  data)
{
  read_locations (self);
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      TideStream *stream = tide_manifest_get_stream (self->manifest, streams[i].stream);
      gboolean full;
      g_autoptr(GHashTable) all = read_stream (self, streams[i].stream, TIDE_RUN_MODE_FULL, &full);
      g_autoptr(GList) keys = g_hash_table_get_keys (all);
      const char *ids[] = { keys->data, "NOBODY", keys->next->data, NULL };
      g_auto(GStrv) gone = NULL;
      g_autoptr(GHashTable) read = read_part (self, streams[i].stream, ids, NULL, &gone);

      g_test_message ("%s", streams[i].stream);
      g_assert_true (tide_stream_has_lookup (stream));
      g_assert_cmpuint (g_hash_table_size (read), ==, 2);
      g_assert_cmpstr (g_hash_table_lookup (read, ids[0]), ==, g_hash_table_lookup (all, ids[0]));
      g_assert_cmpstr (g_hash_table_lookup (read, ids[2]), ==, g_hash_table_lookup (all, ids[2]));
      g_assert_cmpuint (g_strv_length (gone), ==, 1);
      g_assert_cmpstr (gone[0], ==, "NOBODY");
    }
}

/* A price is no product, though the catalog knows both by their ids. */
static void
test_lookup_other (Fixture       *self,
                   gconstpointer  data)
{
  gboolean full;
  g_autoptr(GHashTable) prices = read_stream (self, "prices", TIDE_RUN_MODE_FULL, &full);
  g_autoptr(GList) keys = g_hash_table_get_keys (prices);
  const char *ids[] = { keys->data, NULL };
  g_auto(GStrv) gone = NULL;
  g_autoptr(GHashTable) read = read_part (self, "products", ids, NULL, &gone);

  g_assert_cmpuint (g_hash_table_size (read), ==, 0);
  g_assert_cmpuint (g_strv_length (gone), ==, 0);
}

/**
 * FilterCase:
 * @value: (nullable): of the filter; %NULL = what the first record has
 * @pointer: what each record must have for that in its payload, under names with a "/" between
 */
typedef struct
{
  const char *stream;
  const char *filter;
  const char *value;
  const char *pointer;
} FilterCase;

static const FilterCase filter_cases[] = {
  { "team_members", "state", "INACTIVE", "status" },
  { "timesheets", "location", NULL, "location_id" },
  { "timesheets", "team_member", NULL, "team_member_id" },
  { "timesheets", "state", "CLOSED", "status" },
  { "payments", "location", NULL, "location_id" },
  { "payments", "card_brand", "VISA", "card_details/card/card_brand" },
  { "refunds", "location", NULL, "location_id" },
  { "refunds", "source_type", "CARD", "destination_type" },
  { "payouts", "location", NULL, "location_id" },
  { "payouts", "state", "PAID", "status" },
  { "orders", "location", NULL, "location_id" },
  { "orders", "state", "COMPLETED", "state" },
  { "orders", "channel", "Square Online", "source/name" },
  { "orders", "customer", NULL, "customer_id" },
  { "customers", "email", NULL, "email_address" },
  { "customers", "phone", NULL, "phone_number" },
  { "customers", "reference", NULL, "reference_id" },
};

static const char *
find_text (JsonObject *record,
           const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);
  guint i = 0;

  for (; record != NULL && names[i + 1] != NULL; i++)
    record = json_object_has_member (record, names[i]) ? json_object_get_object_member (record, names[i]) : NULL;
  return record != NULL ? json_object_get_string_member_with_default (record, names[i], NULL) : NULL;
}

/* What passes at Square is what would pass here. */
static void
check_filter_case (Fixture          *self,
                   const FilterCase *filter_case)
{
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (self->peer, filter_case->stream);
  g_autoptr(GHashTable) filters = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) read = NULL;
  const char *value = filter_case->value;
  guint n_expected = 0;

  for (guint i = 0; i < truth->len && value == NULL; i++)
    value = find_text (g_ptr_array_index (truth, i), filter_case->pointer);
  g_hash_table_insert (filters, (gpointer)filter_case->filter, (gpointer)value);
  read = read_part (self, filter_case->stream, NULL, filters, NULL);
  for (guint i = 0; i < truth->len; i++)
    if (g_strcmp0 (find_text (g_ptr_array_index (truth, i), filter_case->pointer), value) == 0)
      {
        n_expected++;
        g_assert_true (g_hash_table_contains (read, sandbox_record_text (g_ptr_array_index (truth, i), "id")));
      }
  g_test_message ("%s, %s = %s: %u of %u", filter_case->stream, filter_case->filter, value, n_expected, truth->len);
  g_assert_cmpuint (n_expected, >, 0);
  g_assert_cmpuint (n_expected, <, truth->len);
  g_assert_cmpuint (g_hash_table_size (read), ==, n_expected);
}

static void
test_filters (Fixture       *self,
              gconstpointer  data)
{
  read_locations (self);
  for (gsize i = 0; i < G_N_ELEMENTS (filter_cases); i++)
    check_filter_case (self, &filter_cases[i]);
}

static void
test_probe (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProbe) probe = tide_requester_probe (self->requester, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (probe->account);
  g_assert_cmpuint (g_strv_length (probe->details), ==, 3);
  g_assert_nonnull (strstr (probe->details[0], ", "));
  g_assert_cmpuint (g_strv_length (probe->missing), ==, 0);
}

static void
test_wrong_token (Fixture       *self,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProbe) probe = NULL;

  self->token = "not-the-right-token";
  probe = tide_requester_probe (self->requester, NULL, &error);
  g_assert_null (probe);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_AUTH);
  g_assert_null (strstr (error->message, self->token));
  g_test_message ("%s", error->message);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/provider/square/full", test_full);
  ADD ("/provider/square/incremental", test_incremental);
  ADD ("/provider/square/lookups", test_lookups);
  ADD ("/provider/square/lookup-other", test_lookup_other);
  ADD ("/provider/square/filters", test_filters);
  ADD ("/provider/square/probe", test_probe);
  ADD ("/provider/square/wrong-token", test_wrong_token);
  return g_test_run ();
}
