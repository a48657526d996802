/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sandbox-faults"

#include "sandbox-peer.h"

/* That each fault happens when it is asked for, in just that way, and then is over. */

#define PATH "/v2/refunds?limit=2&begin_time=2000-01-01T00:00:00Z"

static SandboxPeer *
start (const char *faults)
{
  g_autofree char *arguments = g_strdup_printf ("--faults '%s'", faults);

  return sandbox_peer_start (arguments);
}

static void
assert_over (SandboxPeer *peer,
             const char  *kind)
{
  g_autoptr(JsonNode) page = sandbox_peer_call (peer, "GET", PATH, NULL, 200);
  g_autoptr(JsonNode) stats = sandbox_peer_call (peer, "GET", "/_sandbox/stats", NULL, 200);
  JsonObject *fired = json_object_get_object_member (json_node_get_object (stats), "faults_fired");

  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (page), "refunds")), ==, 2);
  g_assert_cmpint (json_object_get_int_member (fired, kind), ==, 1);
}

static void
assert_status (const char *kind,
               guint       status,
               const char *code,
               const char *retry_after)
{
  g_autoptr(SandboxPeer) peer = start (kind);
  g_autoptr(SoupMessageHeaders) headers = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autofree char *name = g_strdup (kind);
  g_autofree char *text = NULL;
  guint got = 0;

  name[strcspn (name, ",")] = '\0';
  body = sandbox_peer_send (peer, "GET", PATH, NULL, &got, &headers, NULL);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_assert_cmpuint (got, ==, status);
  g_assert_nonnull (strstr (text, code));
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Retry-After"), ==, retry_after);
  assert_over (peer, name);
}

static void
test_statuses (void)
{
  assert_status ("rate_limit,retry_after=7", 429, "RATE_LIMITED", "7");
  assert_status ("rate_limit_bare", 429, "RATE_LIMITED", NULL);
  assert_status ("server_error", 500, "INTERNAL_SERVER_ERROR", NULL);
  assert_status ("unavailable", 503, "SERVICE_UNAVAILABLE", NULL);
  assert_status ("expired_token", 401, "ACCESS_TOKEN_EXPIRED", NULL);
  assert_status ("forbidden", 403, "INSUFFICIENT_SCOPES", NULL);
}

static void
assert_broken (const char *kind)
{
  g_autoptr(SandboxPeer) peer = start (kind);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = sandbox_peer_send (peer, "GET", PATH, NULL, NULL, NULL, &error);
  g_autofree char *name = g_strdup (kind);

  name[strcspn (name, ",")] = '\0';
  g_assert_null (body);
  g_assert_nonnull (error);
  assert_over (peer, name);
}

static void
test_resets (void)
{
  assert_broken ("reset_before");
  assert_broken ("reset_middle");
  assert_broken ("hang,seconds=1");
}

/* What a socket sees of a response that breaks off: some of the body, then a reset. */
static void
test_reset_has_part (void)
{
  g_autoptr(SandboxPeer) peer = start ("reset_middle");
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) got = g_string_new (NULL);
  const char *request = "GET " PATH " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-token\r\n\r\n";
  char buffer[4096];
  gssize count;

  connection = g_socket_client_connect_to_uri (client, sandbox_peer_get_url (peer), 80, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                            request, strlen (request), NULL, NULL, &error));
  while ((count = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                       buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (got, buffer, count);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_nonnull (strstr (got->str, "\r\n\r\n{\"refunds\":["));
}

static GBytes *
get (SandboxPeer         *peer,
     SoupMessageHeaders **headers)
{
  g_autoptr(GError) error = NULL;
  guint status = 0;
  GBytes *body = sandbox_peer_send (peer, "GET", PATH, NULL, &status, headers, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (status, ==, 200);
  return body;
}

static void
test_slow_drip (void)
{
  g_autoptr(SandboxPeer) peer = start ("slow_drip,pieces=10,delay_ms=20");
  gint64 start_time = g_get_monotonic_time ();
  g_autoptr(GBytes) slow = get (peer, NULL);
  gint64 elapsed = g_get_monotonic_time () - start_time;
  g_autoptr(GBytes) quick = get (peer, NULL);

  g_assert_true (g_bytes_equal (slow, quick));
  g_assert_cmpint (elapsed, >=, 9 * 20 * 1000);
  assert_over (peer, "slow_drip");
}

static void
test_truncated (void)
{
  g_autoptr(SandboxPeer) peer = start ("truncated");
  g_autoptr(GBytes) cut = get (peer, NULL);
  g_autoptr(GBytes) whole = get (peer, NULL);

  g_assert_cmpuint (g_bytes_get_size (cut), ==, g_bytes_get_size (whole) / 2);
  g_assert_cmpmem (g_bytes_get_data (cut, NULL), g_bytes_get_size (cut),
                   g_bytes_get_data (whole, NULL), g_bytes_get_size (cut));
  assert_over (peer, "truncated");
}

static void
test_wrong_type (void)
{
  g_autoptr(SandboxPeer) peer = start ("wrong_type");
  g_autoptr(SoupMessageHeaders) headers = NULL;
  g_autoptr(GBytes) page = get (peer, &headers);

  g_assert_cmpstr (soup_message_headers_get_content_type (headers, NULL), ==, "text/html");
  g_assert_cmpint (*(const char *)g_bytes_get_data (page, NULL), ==, '<');
  assert_over (peer, "wrong_type");
}

static void
test_bad_utf8 (void)
{
  g_autoptr(SandboxPeer) peer = start ("bad_utf8");
  g_autoptr(GBytes) bad = get (peer, NULL);
  g_autoptr(GBytes) good = get (peer, NULL);

  g_assert_false (g_utf8_validate (g_bytes_get_data (bad, NULL), (gssize)g_bytes_get_size (bad), NULL));
  g_assert_true (g_utf8_validate (g_bytes_get_data (good, NULL), (gssize)g_bytes_get_size (good), NULL));
  assert_over (peer, "bad_utf8");
}

static void
test_huge_body (void)
{
  g_autoptr(SandboxPeer) peer = start ("huge_body,bytes=3000000");
  g_autoptr(JsonNode) page = sandbox_peer_call (peer, "GET", PATH, NULL, 200);

  g_assert_cmpuint (strlen (sandbox_record_text (json_node_get_object (page), "padding")), ==, 3000000);
  g_assert_true (json_object_has_member (json_node_get_object (page), "refunds"));
  assert_over (peer, "huge_body");
}

static void
test_bad_record (void)
{
  g_autoptr(SandboxPeer) peer = start ("bad_record,field=amount_money");
  g_autoptr(JsonNode) bad = sandbox_peer_call (peer, "GET", PATH, NULL, 200);
  g_autoptr(JsonNode) good = sandbox_peer_call (peer, "GET", PATH, NULL, 200);
  JsonArray *records = json_object_get_array_member (json_node_get_object (bad), "refunds");
  JsonArray *others = json_object_get_array_member (json_node_get_object (good), "refunds");
  JsonObject *money = json_object_get_object_member (json_array_get_object_element (records, 0), "amount_money");

  g_assert_cmpstr (json_object_get_string_member (money, "amount"), ==, "lots");
  g_assert_cmpstr (sandbox_record_text (json_array_get_object_element (records, 0), "id"), ==,
                   sandbox_record_text (json_array_get_object_element (others, 0), "id"));
  g_assert_true (json_node_equal (json_array_get_element (records, 1), json_array_get_element (others, 1)));
  assert_over (peer, "bad_record");
}

static GPtrArray *
walk (SandboxPeer *peer,
      guint       *pages)
{
  return sandbox_peer_walk (peer, "GET", PATH "&sort_field=UPDATED_AT&sort_order=ASC", NULL, "refunds", pages);
}

static GPtrArray *
without_repeats (GPtrArray *records)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *kept = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);

  /* From the back, as the last version of a record is the one that counts. */
  for (guint i = records->len; i > 0; i--)
    if (g_hash_table_add (seen, (gpointer)sandbox_record_text (g_ptr_array_index (records, i - 1), "id")))
      g_ptr_array_add (kept, json_object_ref (g_ptr_array_index (records, i - 1)));
  return kept;
}

static void
assert_walk_survives (const char *fault,
                      guint       more_pages,
                      guint       more_records)
{
  g_autoptr(SandboxPeer) plain = sandbox_peer_start (NULL);
  g_autoptr(SandboxPeer) peer = start (fault);
  guint pages, plain_pages;
  g_autoptr(GPtrArray) expected = walk (plain, &plain_pages);
  g_autoptr(GPtrArray) records = walk (peer, &pages);
  g_autoptr(GPtrArray) kept = without_repeats (records);
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (peer, "refunds");

  g_assert_cmpuint (pages, ==, plain_pages + more_pages);
  g_assert_cmpuint (records->len, ==, expected->len + more_records);
  sandbox_assert_same (kept, truth);
}

static void
test_pages (void)
{
  assert_walk_survives ("duplicate_page#2", 1, 2);
  assert_walk_survives ("empty_page#2", 1, 0);
  assert_walk_survives ("empty_page", 1, 0);
  assert_walk_survives ("shifting_page#2", 0, 1);   /* the last page had room for it */
}

static void
test_cursor_loop (void)
{
  g_autoptr(SandboxPeer) peer = start ("cursor_loop#2");
  g_autoptr(JsonNode) first = sandbox_peer_call (peer, "GET", PATH, NULL, 200);
  g_autofree char *second_path = g_strdup_printf (PATH "&cursor=%s", sandbox_record_text (json_node_get_object (first), "cursor"));
  g_autoptr(JsonNode) second = sandbox_peer_call (peer, "GET", second_path, NULL, 200);
  const char *cursor = sandbox_record_text (json_node_get_object (second), "cursor");
  g_autofree char *path = g_strdup_printf (PATH "&cursor=%s", cursor);

  g_assert_nonnull (cursor);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(JsonNode) again = sandbox_peer_call (peer, "GET", path, NULL, 200);

      g_assert_cmpstr (sandbox_record_text (json_node_get_object (again), "cursor"), ==, cursor);
      g_assert_true (json_node_equal (json_object_get_member (json_node_get_object (again), "refunds"),
                                      json_object_get_member (json_node_get_object (second), "refunds")));
    }
  assert_over (peer, "cursor_loop");
}

/* The nth request to a path, so many times, and only there. */
static void
test_script (void)
{
  g_autoptr(SandboxPeer) peer = start ("unavailable@/v2/locations#2*2;server_error@/v2/merchants*-1");
  guint status;

  for (guint i = 1; i <= 5; i++)
    {
      g_bytes_unref (sandbox_peer_send (peer, "GET", PATH, NULL, &status, NULL, NULL));
      g_assert_cmpuint (status, ==, 200);
      g_bytes_unref (sandbox_peer_send (peer, "GET", "/v2/locations", NULL, &status, NULL, NULL));
      g_assert_cmpuint (status, ==, i == 2 || i == 3 ? 503 : 200);
      g_bytes_unref (sandbox_peer_send (peer, "GET", "/v2/merchants", NULL, &status, NULL, NULL));
      g_assert_cmpuint (status, ==, 500);
    }
}

static void
test_control (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);

  json_node_unref (sandbox_peer_call (peer, "POST", "/_sandbox/faults",
                                      "{\"faults\":[{\"kind\":\"unavailable\",\"path\":\"/v2/refunds\",\"times\":-1}]}", 200));
  sandbox_peer_expect (peer, "GET", PATH, NULL, 503, "SERVICE_UNAVAILABLE");
  sandbox_peer_expect (peer, "GET", PATH, NULL, 503, "SERVICE_UNAVAILABLE");
  json_node_unref (sandbox_peer_call (peer, "DELETE", "/_sandbox/faults", NULL, 200));
  json_node_unref (sandbox_peer_call (peer, "GET", PATH, NULL, 200));
  sandbox_peer_expect (peer, "POST", "/_sandbox/faults", "{\"faults\":[{\"kind\":\"nonsense\"}]}", 400, "BAD_REQUEST");
}

/* Bounded: however often one asks, in the end every request is answered; and the same seed fails alike. */
static void
test_random (void)
{
  GString *runs[2] = { NULL, NULL };

  for (guint run = 0; run < 2; run++)
    {
      g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--fault-rate 0.5 --fault-seed 9 --fault-limit 2"
                                                        " --fault-kinds rate_limit,server_error,unavailable");
      guint status;

      runs[run] = g_string_new (NULL);
      for (guint i = 0; i < 60; i++)
        {
          g_bytes_unref (sandbox_peer_send (peer, "GET", PATH, NULL, &status, NULL, NULL));
          g_string_append_printf (runs[run], "%u ", status);
        }
    }

  g_assert_cmpstr (runs[0]->str, ==, runs[1]->str);
  g_assert_nonnull (strstr (runs[0]->str, "503"));
  g_assert_true (g_str_has_suffix (runs[0]->str, "200 200 200 200 200 200 200 200 200 200 "));
  g_string_free (runs[0], TRUE);
  g_string_free (runs[1], TRUE);
}

static void
test_rate (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--rate 1");
  guint refused = 0;

  for (guint i = 0; i < 20 && refused == 0; i++)
    {
      g_autoptr(SoupMessageHeaders) headers = NULL;
      guint status;

      g_bytes_unref (sandbox_peer_send (peer, "GET", PATH, NULL, &status, &headers, NULL));
      refused += status == 429;
      if (status == 429)
        g_assert_cmpstr (soup_message_headers_get_one (headers, "Retry-After"), ==, "1");
    }
  g_assert_cmpuint (refused, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-faults/statuses", test_statuses);
  g_test_add_func ("/sandbox-faults/resets", test_resets);
  g_test_add_func ("/sandbox-faults/reset-has-part", test_reset_has_part);
  g_test_add_func ("/sandbox-faults/slow-drip", test_slow_drip);
  g_test_add_func ("/sandbox-faults/truncated", test_truncated);
  g_test_add_func ("/sandbox-faults/wrong-type", test_wrong_type);
  g_test_add_func ("/sandbox-faults/bad-utf8", test_bad_utf8);
  g_test_add_func ("/sandbox-faults/huge-body", test_huge_body);
  g_test_add_func ("/sandbox-faults/bad-record", test_bad_record);
  g_test_add_func ("/sandbox-faults/pages", test_pages);
  g_test_add_func ("/sandbox-faults/cursor-loop", test_cursor_loop);
  g_test_add_func ("/sandbox-faults/script", test_script);
  g_test_add_func ("/sandbox-faults/control", test_control);
  g_test_add_func ("/sandbox-faults/random", test_random);
  g_test_add_func ("/sandbox-faults/rate", test_rate);

  return g_test_run ();
}
