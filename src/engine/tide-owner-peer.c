/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <string.h>

#include "tide-owner-peer-private.h"

#define CHUNK 4096

/* How long the other side may take to ask, or to take what it is told, seconds. */
#define PATIENCE 5

/* What a follower may leave lying: then it is cut off, and from the lower mark on it is spared what passes. */
#define MAX_BACKLOG (8 * 1024 * 1024)
#define PASSING_BACKLOG (64 * 1024)

struct _TideOwnerPeer
{
  guint                     ref_count;
  const TideOwnerPeerFuncs *funcs;
  gpointer                  user_data;    /* not to be looked at once @cancellable is cancelled */
  GSocketConnection        *connection;   /* (owned) */
  GCancellable             *cancellable;  /* (owned) */
  GSource                  *deadline;     /* (owned) (nullable) */
  gsize                     max_line;
  GString                  *in;           /* (owned): what was read and not answered */
  gsize                     searched;     /* so many bytes of @in hold no end of a line */
  GString                  *out;          /* (owned): what is being written */
  GString                  *backlog;      /* (owned): what comes after it */
  gboolean                  writing;
  gboolean                  follower;
  gboolean                  last;         /* to be ended once all is written */
  char                      chunk[CHUNK];
};

static TideOwnerPeer *
tide_owner_peer_ref (TideOwnerPeer *self)
{
  self->ref_count++;
  return self;
}

void
tide_owner_peer_unref (TideOwnerPeer *self)
{
  if (--self->ref_count > 0)
    return;
  g_assert (self->deadline == NULL);
  g_object_unref (self->connection);
  g_object_unref (self->cancellable);
  g_string_free (self->in, TRUE);
  g_string_free (self->out, TRUE);
  g_string_free (self->backlog, TRUE);
  g_free (self);
}

static gboolean
tide_owner_peer_has_ended (TideOwnerPeer *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
tide_owner_peer_clear_deadline (TideOwnerPeer *self)
{
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
}

/**
 * tide_owner_peer_end:
 *
 * Closes the connection. Does not call @ended.
 */
void
tide_owner_peer_end (TideOwnerPeer *self)
{
  tide_owner_peer_clear_deadline (self);
  g_cancellable_cancel (self->cancellable);
  /* What was written is delivered. It is closed with the last reference, once nothing is under way. */
  g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
}

static void
tide_owner_peer_cut (TideOwnerPeer *self)
{
  if (tide_owner_peer_has_ended (self))
    return;
  tide_owner_peer_end (self);
  self->funcs->ended (self, self->user_data);
}

static gboolean
deadline_cb (gpointer user_data)
{
  TideOwnerPeer *self = user_data;

  g_debug ("owner's socket: somebody took too long");
  tide_owner_peer_cut (self);
  return G_SOURCE_REMOVE;
}

static void
tide_owner_peer_set_deadline (TideOwnerPeer *self)
{
  tide_owner_peer_clear_deadline (self);
  self->deadline = g_timeout_source_new_seconds (PATIENCE);
  g_source_set_static_name (self->deadline, "tide-owner-peer");
  g_source_set_callback (self->deadline, deadline_cb, tide_owner_peer_ref (self), (GDestroyNotify)tide_owner_peer_unref);
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
}

static void tide_owner_peer_go_on (TideOwnerPeer *self);

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(TideOwnerPeer) self = user_data;
  g_autoptr(GError) error = NULL;

  self->writing = FALSE;
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      g_debug ("owner's socket: %s", error->message);
      tide_owner_peer_cut (self);
    }
  if (!tide_owner_peer_has_ended (self))
    tide_owner_peer_go_on (self);
}

static void
tide_owner_peer_write (TideOwnerPeer *self)
{
  GString *written = self->out;

  self->out = self->backlog;
  self->backlog = written;
  g_string_truncate (self->backlog, 0);
  self->writing = TRUE;
  tide_owner_peer_set_deadline (self);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)), self->out->str,
                                   self->out->len, G_PRIORITY_DEFAULT, self->cancellable, written_cb,
                                   tide_owner_peer_ref (self));
}

static void
tide_owner_peer_answer (TideOwnerPeer *self,
                        const char    *line,
                        gsize          length)
{
  gboolean follow = FALSE;
  g_autofree char *answer = NULL;

  /* What is to be done may take longer than a peer is allowed to. */
  tide_owner_peer_clear_deadline (self);
  self->last = line == NULL;
  answer = self->funcs->answer (self, line, length, &follow, self->user_data);
  if (tide_owner_peer_has_ended (self))
    return;
  g_string_append (self->backlog, answer);
  self->follower = follow;
}

/* Returns: whether there was a line, or too much of one */
static gboolean
tide_owner_peer_answer_next (TideOwnerPeer *self)
{
  const char *begin = self->in->str + self->searched;
  const char *end = memchr (begin, '\n', self->in->len - self->searched);
  gsize length = end != NULL ? (gsize)(end - self->in->str) : self->in->len;

  if (length >= self->max_line)
    tide_owner_peer_answer (self, NULL, 0);
  else if (end != NULL)
    {
      /* There may be zeros in it. */
      g_autofree char *line = g_malloc0 (length + 1);

      memcpy (line, self->in->str, length);
      g_string_erase (self->in, 0, (gssize)length + 1);
      self->searched = 0;
      tide_owner_peer_answer (self, line, length);
    }
  else
    {
      self->searched = self->in->len;
      return FALSE;
    }
  return TRUE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TideOwnerPeer) self = user_data;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  /* A follower has nothing more to say; that it goes is seen here. */
  if (n_read <= 0 || self->follower)
    tide_owner_peer_cut (self);
  if (tide_owner_peer_has_ended (self))
    return;
  g_string_append_len (self->in, self->chunk, n_read);
  tide_owner_peer_go_on (self);
}

static void
tide_owner_peer_read (TideOwnerPeer *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)), self->chunk, CHUNK,
                             G_PRIORITY_DEFAULT, self->cancellable, read_cb, tide_owner_peer_ref (self));
}

/* The next step once a step is done: to write what there is, to answer what has come, to wait for more. */
static void
tide_owner_peer_go_on (TideOwnerPeer *self)
{
  if (self->writing)
    return;
  if (self->backlog->len == 0 && !self->last && !self->follower && tide_owner_peer_answer_next (self))
    {
      if (tide_owner_peer_has_ended (self))
        return;
      /* From here on only to see that it goes. */
      if (self->follower)
        tide_owner_peer_read (self);
    }
  if (self->backlog->len > 0)
    tide_owner_peer_write (self);
  else if (self->last)
    tide_owner_peer_cut (self);
  else if (self->follower)
    tide_owner_peer_clear_deadline (self);
  else
    {
      if (self->deadline == NULL || self->in->len == 0)
        tide_owner_peer_set_deadline (self);
      tide_owner_peer_read (self);
    }
}

/**
 * tide_owner_peer_new:
 * @connection: somebody who has connected
 *
 * Returns: (transfer full): the peer; tide_owner_peer_start() begins with it
 */
TideOwnerPeer *
tide_owner_peer_new (GSocketConnection        *connection,
                     gsize                     max_line,
                     const TideOwnerPeerFuncs *funcs,
                     gpointer                  user_data)
{
  TideOwnerPeer *self = g_new0 (TideOwnerPeer, 1);

  self->ref_count = 1;
  self->funcs = funcs;
  self->user_data = user_data;
  self->connection = g_object_ref (connection);
  self->cancellable = g_cancellable_new ();
  self->max_line = max_line;
  self->in = g_string_new (NULL);
  self->out = g_string_new (NULL);
  self->backlog = g_string_new (NULL);
  return self;
}

void
tide_owner_peer_start (TideOwnerPeer *self)
{
  tide_owner_peer_go_on (self);
}

gboolean
tide_owner_peer_is_follower (TideOwnerPeer *self)
{
  return self->follower;
}

/**
 * tide_owner_peer_tell:
 * @line: with its end
 * @passing: it says nothing that the next such line does not say better
 *
 * Tells a follower something. May end it.
 */
void
tide_owner_peer_tell (TideOwnerPeer *self,
                      const char    *line,
                      gboolean       passing)
{
  if (passing && self->backlog->len > PASSING_BACKLOG)
    return;
  g_string_append (self->backlog, line);
  if (self->backlog->len > MAX_BACKLOG)
    tide_owner_peer_cut (self);
  else if (!self->writing)
    tide_owner_peer_write (self);
}
