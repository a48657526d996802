/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <string.h>

#include "tide-error.h"
#include "tide-follower.h"
#include "tide-owner-socket.h"
#include "tide-remote-codec.h"

#define CHUNK 16384
#define MAX_ANSWER 1024

/* How long connecting may take, seconds. What is told may be far between. */
#define PATIENCE 5

/* What is under way holds a reference; the owner's is given back by tide_follower_free(). */
struct _TideFollower
{
  guint              ref_count;
  GSocketConnection *connection;  /* (owned) */
  GCancellable      *cancellable; /* (owned): cancelled when nobody is to be told any more */
  TideFollowerFunc   func;
  gpointer           user_data;
  GString           *in;          /* (owned): the line that is not complete */
  char               chunk[CHUNK];
};

static void
tide_follower_unref (TideFollower *self)
{
  if (--self->ref_count > 0)
    return;
  g_clear_object (&self->connection);
  g_object_unref (self->cancellable);
  g_string_free (self->in, TRUE);
  g_free (self);
}

static gboolean
tide_follower_is_over (TideFollower *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
tide_follower_lose (TideFollower *self)
{
  if (tide_follower_is_over (self))
    return;
  g_cancellable_cancel (self->cancellable);
  self->func (NULL, self->user_data);
}

static void
tide_follower_take_line (TideFollower *self,
                         const char   *line,
                         gsize         length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) told = tide_remote_parse (line, length, &error);

  if (told == NULL)
    {
      g_message ("the program that has the workspace told what makes no sense: %s", error->message);
      tide_follower_lose (self);
    }
  else
    self->func (told, self->user_data);
}

static void
tide_follower_take (TideFollower *self,
                    gsize         length)
{
  const char *next = self->chunk;
  const char *end = self->chunk + length;
  const char *line_end;

  while (!tide_follower_is_over (self) && (line_end = memchr (next, '\n', (gsize)(end - next))) != NULL)
    {
      g_string_append_len (self->in, next, line_end - next);
      tide_follower_take_line (self, self->in->str, self->in->len);
      g_string_truncate (self->in, 0);
      next = line_end + 1;
    }
  g_string_append_len (self->in, next, end - next);
  if (self->in->len > TIDE_REMOTE_MAX_LINE)
    tide_follower_lose (self);
}

static void tide_follower_read (TideFollower *self);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  TideFollower *self = user_data;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n_read <= 0)
    tide_follower_lose (self);
  else
    tide_follower_take (self, (gsize)n_read);
  if (!tide_follower_is_over (self))
    tide_follower_read (self);
  tide_follower_unref (self);
}

static void
tide_follower_read (TideFollower *self)
{
  self->ref_count++;
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)), self->chunk, CHUNK,
                             G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
}

/* Byte by byte: what comes behind the answer is told later. */
static gboolean
receive_answer (GSocket  *socket,
                GError  **error)
{
  g_autoptr(GString) line = g_string_new (NULL);
  g_autoptr(JsonObject) answer = NULL;
  gssize n_read;
  char byte;

  while ((n_read = g_socket_receive (socket, &byte, 1, NULL, error)) == 1 && byte != '\n' && line->len < MAX_ANSWER)
    g_string_append_c (line, byte);
  if (n_read < 0)
    return FALSE;
  answer = tide_remote_parse (line->str, line->len, NULL);
  if (answer != NULL && json_object_has_member (answer, "ok"))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "it does not want to be followed");
  return FALSE;
}

static GSocket *
ask_to_follow (const char  *folder,
               GError     **error)
{
  static const char request[] = "{\"command\":\"follow\"}\n";
  g_autoptr(GSocket) socket = tide_owner_socket_connect (folder, PATIENCE, error);

  /* A line is less than a socket's buffer: it is sent whole. */
  if (socket == NULL || g_socket_send (socket, request, strlen (request), NULL, error) < 0 ||
      !receive_answer (socket, error))
    return NULL;
  g_socket_set_timeout (socket, 0);
  return g_steal_pointer (&socket);
}

/**
 * tide_follower_new:
 * @folder: a workspace that another process has
 * @func: is told
 *
 * Begins to follow. Blocks, but not for long.
 *
 * Returns: (transfer full): the follower; %NULL with TIDE_ERROR_BUSY if nobody answers there
 */
TideFollower *
tide_follower_new (const char        *folder,
                   TideFollowerFunc   func,
                   gpointer           user_data,
                   GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GSocket) socket = ask_to_follow (folder, &local_error);
  TideFollower *self;

  if (socket == NULL)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "following the program that has the folder %s: %s", folder,
                   local_error->message);
      return NULL;
    }
  self = g_new0 (TideFollower, 1);
  self->ref_count = 1;
  self->connection = g_socket_connection_factory_create_connection (socket);
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->user_data = user_data;
  self->in = g_string_new (NULL);
  tide_follower_read (self);
  return self;
}

/**
 * tide_follower_free:
 * @self: (transfer full): is told nothing more
 */
void
tide_follower_free (TideFollower *self)
{
  g_cancellable_cancel (self->cancellable);
  tide_follower_unref (self);
}
