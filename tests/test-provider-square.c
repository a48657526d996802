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
  ADD ("/provider/square/probe", test_probe);
  ADD ("/provider/square/wrong-token", test_wrong_token);
  return g_test_run ();
}
