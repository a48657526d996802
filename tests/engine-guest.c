/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine"

#include "engine-guest.h"
#include "tide-owner-socket.h"

static gpointer
guest_thread (gpointer data)
{
  EngineGuest *self = data;

  self->func (self->folder);
  g_atomic_int_set (&self->done, TRUE);
  return NULL;
}

static gboolean
guest_is_done (EngineFixture *fixture,
               gpointer       user_data)
{
  return g_atomic_int_get (&((EngineGuest *)user_data)->done);
}

/** engine_guest_start: lets the guest begin. */
void
engine_guest_start (EngineGuest    *self,
                    EngineFixture  *fixture,
                    void          (*func) (const char *folder))
{
  self->folder = fixture->folder;
  self->func = func;
  self->done = FALSE;
  self->thread = g_thread_new ("guest", guest_thread, self);
}

/** engine_guest_join: runs the main loop until the guest has gone. */
void
engine_guest_join (EngineGuest   *self,
                   EngineFixture *fixture)
{
  engine_fixture_wait (fixture, guest_is_done, self);
  g_thread_join (self->thread);
}

/** engine_guest_visit: both. */
void
engine_guest_visit (EngineFixture  *fixture,
                    void          (*func) (const char *folder))
{
  EngineGuest guest;

  engine_guest_start (&guest, fixture, func);
  engine_guest_join (&guest, fixture);
}

/** engine_guest_dial: (transfer full): a connection to the owner. */
GSocket *
engine_guest_dial (const char *folder)
{
  g_autoptr(GError) error = NULL;
  GSocket *socket = tide_owner_socket_connect (folder, 20, &error);

  g_assert_no_error (error);
  return socket;
}

/** engine_guest_say: whether the other side wanted to hear all of it. */
gboolean
engine_guest_say (GSocket    *socket,
                  const char *text,
                  gsize       length)
{
  while (length > 0)
    {
      gssize n = g_socket_send (socket, text, length, NULL, NULL);

      if (n <= 0)
        return FALSE;
      text += n;
      length -= (gsize)n;
    }
  return TRUE;
}

/** engine_guest_hear: (transfer full) (nullable): a line; %NULL if the connection was closed instead. */
char *
engine_guest_hear (GSocket *socket)
{
  GString *line = g_string_new (NULL);
  char byte;

  while (g_socket_receive (socket, &byte, 1, NULL, NULL) == 1)
    {
      if (byte == '\n')
        return g_string_free (line, FALSE);
      g_string_append_c (line, byte);
    }
  g_string_free (line, TRUE);
  return NULL;
}

/** engine_guest_hear_out: how much there was to hear until the other side closed. */
gsize
engine_guest_hear_out (GSocket *socket)
{
  g_autoptr(GError) error = NULL;
  char chunk[4096];
  gsize length = 0;
  gssize n;

  while ((n = g_socket_receive (socket, chunk, sizeof chunk, NULL, &error)) > 0)
    length += (gsize)n;
  /* Closed with something unread is "reset". */
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  return length;
}
