/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-wire.h"

#include <string.h>

struct _ProviderWire
{
  GSocketListener *listener;    /* (owned) */
  GCancellable    *over;        /* (owned) */
  GThread         *thread;      /* (owned) */
  GBytes          *bytes;       /* (owned) */
  gboolean         hang;
  char            *url;
  GMutex           mutex;
  GCond            cond;
  gboolean         asked;       /* (mutex) */
};

static void
read_request (GInputStream *input)
{
  g_autoptr(GString) request = g_string_new (NULL);
  char buffer[4096];

  while (strstr (request->str, "\r\n\r\n") == NULL)
    {
      gssize n_read = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL);

      if (n_read <= 0)
        return;
      g_string_append_len (request, buffer, n_read);
    }
}

static void
serve (ProviderWire      *self,
       GSocketConnection *connection)
{
  gsize length;
  const char *bytes = g_bytes_get_data (self->bytes, &length);

  read_request (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), bytes, length, NULL, NULL, NULL);
  g_mutex_lock (&self->mutex);
  self->asked = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (self->hang)
    {
      char byte;

      /* Until the client goes away, or the test is over. */
      g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &byte, 1, self->over, NULL);
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

static gpointer
wire_thread (gpointer user_data)
{
  ProviderWire *self = user_data;

  for (;;)
    {
      g_autoptr(GSocketConnection) connection = g_socket_listener_accept (self->listener, NULL, self->over, NULL);

      if (connection == NULL)
        return NULL;
      serve (self, connection);
    }
}

ProviderWire *
provider_wire_new (const char *bytes,
                   gsize       length,
                   gboolean    hang)
{
  ProviderWire *self = g_new0 (ProviderWire, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->bytes = g_bytes_new (bytes, length);
  self->hang = hang;
  self->over = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_socket_listener_add_address (self->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("http://127.0.0.1:%d/items", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  self->thread = g_thread_new ("wire", wire_thread, self);
  return self;
}

void
provider_wire_free (ProviderWire *self)
{
  g_cancellable_cancel (self->over);
  g_thread_join (self->thread);
  g_object_unref (self->listener);
  g_object_unref (self->over);
  g_bytes_unref (self->bytes);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->url);
  g_free (self);
}

const char *
provider_wire_get_url (ProviderWire *self)
{
  return self->url;
}

/* Blocks until a request has been answered as far as it ever will be. */
void
provider_wire_wait_asked (ProviderWire *self)
{
  g_mutex_lock (&self->mutex);
  while (!self->asked)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
