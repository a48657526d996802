/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "provider-fixture.h"
#include "provider-wire.h"
#include "tide-soup-transport.h"

/* The real network as far as loopback shows it: whole answers come through as they are, everything else is
 * an error in words. */

static TideResponse *
get (TideTransport  *transport,
     const char     *url,
     gsize           max_size,
     gboolean        impatient,
     GError        **error)
{
  g_autoptr(TideRequest) request = tide_request_new ("GET", url);

  if (max_size > 0)
    request->max_size = max_size;
  if (impatient)
    {
      request->idle_timeout = 1;
      request->total_timeout = 2;
    }
  return tide_transport_send (transport, request, NULL, error);
}

static void
assert_fails (const char *bytes,
              gboolean    hang,
              gsize       max_size,
              const char *words)
{
  g_autoptr(ProviderWire) wire = provider_wire_new (bytes, strlen (bytes), hang);
  g_autoptr(TideTransport) transport = tide_soup_transport_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResponse) response = get (transport, provider_wire_get_url (wire), max_size, hang, &error);

  g_assert_null (response);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  if (strstr (error->message, words) == NULL)
    g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
assert_body (const char *bytes,
             guint       status,
             const char *body)
{
  g_autoptr(ProviderWire) wire = provider_wire_new (bytes, strlen (bytes), FALSE);
  g_autoptr(TideTransport) transport = tide_soup_transport_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResponse) response = get (transport, provider_wire_get_url (wire), 0, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (response->status, ==, status);
  g_assert_cmpmem (g_bytes_get_data (response->body, NULL), g_bytes_get_size (response->body), body, strlen (body));
}

static void
test_bodies (void)
{
  assert_body ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello");
  assert_body ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "");
  assert_body ("HTTP/1.1 204 No Content\r\n\r\n", 204, "");
  assert_body ("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno", 503, "no");
  assert_body ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "abcde");
  assert_body ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end", 200, "to the end");
}

static void
test_damaged (void)
{
  assert_fails ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", FALSE, 0, "short");
  assert_fails ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nd", FALSE, 0, "short");
  /* libsoup takes the end between two chunks for the end of the body: that it was cut there shows in its
   * JSON, to whoever reads it. */
  assert_fails ("", FALSE, 0, "cut its answer short");
  assert_fails ("HTTP/1.1 200 OK\r\nContent-Le", FALSE, 0, "127.0.0.1");
  assert_fails ("I am no web server\r\n\r\n", FALSE, 0, "127.0.0.1");
}

static void
test_too_large (void)
{
  assert_fails ("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world", FALSE, 10, "larger than 10 bytes");
  assert_fails ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world", FALSE, 10, "larger than 10 bytes");
  assert_fails ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nhello", FALSE, 0, "larger than");
}

static void
test_silent (void)
{
  assert_fails ("", TRUE, 0, "was silent for 1 seconds");
  assert_fails ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", TRUE, 0, "was silent for 1 seconds");
}

static void
test_unreachable (void)
{
  g_autoptr(TideTransport) transport = tide_soup_transport_new ();
  g_autoptr(GError) error = NULL;

  g_assert_null (get (transport, "http://127.0.0.1:1/", 0, FALSE, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_cmpstr (error->message, ==, "cannot reach 127.0.0.1: connection refused");
  g_clear_error (&error);
  g_assert_null (get (transport, "not an address", 0, FALSE, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (get (transport, "ftp://127.0.0.1/", 0, FALSE, &error));
  g_assert_nonnull (error);
}

static gpointer
cancel_thread (gpointer user_data)
{
  gpointer *both = user_data;

  provider_wire_wait_asked (both[0]);
  g_cancellable_cancel (both[1]);
  return NULL;
}

/* A request that hangs in its body wakes at once. */
static void
test_cancel (void)
{
  const char *bytes = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello";
  g_autoptr(ProviderWire) wire = provider_wire_new (bytes, strlen (bytes), TRUE);
  g_autoptr(TideTransport) transport = tide_soup_transport_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(TideRequest) request = tide_request_new ("GET", provider_wire_get_url (wire));
  g_autoptr(GError) error = NULL;
  gpointer both[2] = { wire, cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_thread, both);
  gint64 start = g_get_monotonic_time ();

  g_assert_null (tide_transport_send (transport, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * TIDE_SECOND);
  g_thread_join (thread);
  g_clear_error (&error);
  g_assert_null (tide_transport_send (transport, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
serve_redirects (ProviderCall *call,
                 gpointer      user_data)
{
  const char *where = NULL;

  if (g_str_equal (call->path, "/moved"))
    where = "/items?x=1";
  else if (g_str_equal (call->path, "/round"))
    where = "/round";
  else if (g_str_equal (call->path, "/away"))
    where = "http://127.0.0.2:9/items";
  if (where == NULL)
    {
      g_string_assign (call->answer, "{}");
      return;
    }
  call->status = 302;
  soup_message_headers_replace (call->headers, "Location", where);
}

static TideResponse *
get_path (ProviderFixture *fixture,
          const char      *path,
          GError         **error)
{
  g_autofree char *url = g_strconcat (fixture->url, path, NULL);

  return get (fixture->transport, url, 0, FALSE, error);
}

static void
test_redirects (ProviderFixture *fixture,
                gconstpointer    data)
{
  g_autoptr(TideResponse) moved = NULL;
  g_autoptr(TideResponse) away = NULL;
  g_autoptr(GError) error = NULL;

  provider_fixture_serve (fixture, serve_redirects, NULL);
  moved = get_path (fixture, "/moved", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (moved->status, ==, 200);
  /* To another host nothing goes: the login would go with it. */
  away = get_path (fixture, "/away", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (away->status, ==, 302);
  g_assert_null (get_path (fixture, "/round", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_nonnull (strstr (error->message, "circle"));
}

static void
serve_large (ProviderCall *call,
             gpointer      user_data)
{
  for (guint i = 0; i < 200000; i++)
    g_string_append_printf (call->answer, "%08u", i);
  if (g_str_equal (call->path, "/gzip"))
    {
      g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
      g_autoptr(GBytes) plain = g_bytes_new (call->answer->str, call->answer->len);
      g_autoptr(GInputStream) source = g_memory_input_stream_new_from_bytes (plain);
      g_autoptr(GInputStream) packed = g_converter_input_stream_new (source, G_CONVERTER (compressor));
      g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable ();

      g_output_stream_splice (sink, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
      g_string_truncate (call->answer, 0);
      g_string_append_len (call->answer, g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (sink)),
                           g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (sink)));
      soup_message_headers_replace (call->headers, "Content-Encoding", "gzip");
    }
}

static void
assert_large (const TideResponse *response)
{
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  g_assert_cmpuint (length, ==, 1600000);
  g_assert_true (g_str_has_prefix (text, "0000000000000001"));
  g_assert_cmpmem (text + length - 8, 8, "00199999", 8);
}

static void
test_large (ProviderFixture *fixture,
            gconstpointer    data)
{
  g_autoptr(GError) error = NULL;

  provider_fixture_serve (fixture, serve_large, NULL);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(TideResponse) plain = get_path (fixture, "/plain", &error);
      g_autoptr(TideResponse) packed = NULL;

      g_assert_no_error (error);
      assert_large (plain);
      packed = get_path (fixture, "/gzip", &error);
      g_assert_no_error (error);
      assert_large (packed);
    }
}

static gpointer
get_thread (gpointer user_data)
{
  ProviderFixture *fixture = user_data;

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideResponse) response = get_path (fixture, "/plain", &error);

      g_assert_no_error (error);
      assert_large (response);
    }
  return NULL;
}

static void
test_threads (ProviderFixture *fixture,
              gconstpointer    data)
{
  GThread *threads[4];

  provider_fixture_serve (fixture, serve_large, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("get", get_thread, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/provider/transport/" path, ProviderFixture, NULL, provider_fixture_set_up, func, provider_fixture_tear_down)
  g_test_add_func ("/provider/transport/bodies", test_bodies);
  g_test_add_func ("/provider/transport/damaged", test_damaged);
  g_test_add_func ("/provider/transport/too-large", test_too_large);
  g_test_add_func ("/provider/transport/silent", test_silent);
  g_test_add_func ("/provider/transport/unreachable", test_unreachable);
  g_test_add_func ("/provider/transport/cancel", test_cancel);
  ADD ("redirects", test_redirects);
  ADD ("large", test_large);
  ADD ("threads", test_threads);
  return g_test_run ();
}
