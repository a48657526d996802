/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>

#include "tide-error.h"
#include "tide-owner-peer-private.h"
#include "tide-owner-socket.h"

#define SOCKET_NAME "tidemark.sock"

/* So many connections at once; more are closed. */
#define MAX_PEERS 64

struct _TideOwnerSocket
{
  int                  folder_fd;     /* (owned) */
  GSocketService      *service;       /* (owned) (nullable) */
  gsize                max_line;
  GPtrArray           *peers;         /* (owned) (element-type TideOwnerPeer) */
  TideOwnerSocketFunc  func;
  gpointer             user_data;
};

static void
set_errno_error (GError     **error,
                 int          number,
                 const char  *what,
                 const char  *folder)
{
  g_set_error (error, TIDE_ERROR, number == ENOSPC || number == EDQUOT ? TIDE_ERROR_NO_SPACE : TIDE_ERROR_STORAGE,
               "%s %s/" SOCKET_NAME ": %s", what, folder, g_strerror (number));
}

static int
open_folder (const char  *folder,
             GError     **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    set_errno_error (error, errno, "reaching", folder);
  return fd;
}

/* A socket's address has room for about 100 bytes, which a folder's path may exceed: so it is always named
 * by way of the open folder. */
static GSocketAddress *
make_address (int folder_fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d/" SOCKET_NAME, folder_fd);

  return g_unix_socket_address_new (path);
}

static char *
answer_cb (TideOwnerPeer *peer,
           const char    *line,
           gsize          length,
           gboolean      *follow,
           gpointer       user_data)
{
  TideOwnerSocket *self = user_data;

  return self->func (line, length, follow, self->user_data);
}

static void
ended_cb (TideOwnerPeer *peer,
          gpointer       user_data)
{
  TideOwnerSocket *self = user_data;

  g_ptr_array_remove_fast (self->peers, peer);
}

/* The file's mode says so already; this also holds where a folder's permissions were changed by hand. */
static gboolean
is_same_user (GSocket *socket)
{
  g_autoptr(GCredentials) credentials = g_socket_get_credentials (socket, NULL);

  return credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == geteuid ();
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             TideOwnerSocket   *self)
{
  static const TideOwnerPeerFuncs funcs = { .answer = answer_cb, .ended = ended_cb };
  TideOwnerPeer *peer;

  if (!is_same_user (g_socket_connection_get_socket (connection)) || self->peers->len == MAX_PEERS)
    return TRUE;
  peer = tide_owner_peer_new (connection, self->max_line, &funcs, self);
  g_ptr_array_add (self->peers, peer);
  tide_owner_peer_start (peer);
  return TRUE;
}

/* Nobody can connect between bind and listen: whoever does later finds the right mode. */
static GSocket *
listen_in (int          folder_fd,
           const char  *folder,
           GError     **error)
{
  g_autoptr(GSocketAddress) address = make_address (folder_fd);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                            &local_error);

  if (unlinkat (folder_fd, SOCKET_NAME, 0) != 0 && errno != ENOENT)
    {
      set_errno_error (error, errno, "removing", folder);
      return NULL;
    }
  if (socket == NULL || !g_socket_bind (socket, address, FALSE, &local_error))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE, "making %s/" SOCKET_NAME ": %s", folder, local_error->message);
      return NULL;
    }
  g_socket_set_listen_backlog (socket, MAX_PEERS);
  if (fchmodat (folder_fd, SOCKET_NAME, 0600, 0) != 0)
    set_errno_error (error, errno, "protecting", folder);
  else if (!g_socket_listen (socket, &local_error))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE, "listening at %s/" SOCKET_NAME ": %s", folder,
                 local_error->message);
  else
    return g_steal_pointer (&socket);
  unlinkat (folder_fd, SOCKET_NAME, 0);
  return NULL;
}

/**
 * tide_owner_socket_new:
 * @folder: a workspace that this process has locked: what lies there from a process that died is replaced
 * @max_line: the longest request, bytes with its end
 * @func: answers requests, in the caller's thread-default main context
 *
 * Listens for the user's other processes.
 *
 * Returns: (transfer full): the socket; %NULL with TIDE_ERROR_STORAGE or _NO_SPACE, such as on a file system
 *   that has no sockets
 */
TideOwnerSocket *
tide_owner_socket_new (const char           *folder,
                       gsize                 max_line,
                       TideOwnerSocketFunc   func,
                       gpointer              user_data,
                       GError              **error)
{
  g_autoptr(TideOwnerSocket) self = g_new0 (TideOwnerSocket, 1);
  g_autoptr(GSocket) socket = NULL;

  self->max_line = max_line;
  self->func = func;
  self->user_data = user_data;
  self->peers = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_owner_peer_unref);
  self->folder_fd = open_folder (folder, error);
  socket = self->folder_fd >= 0 ? listen_in (self->folder_fd, folder, error) : NULL;
  if (socket == NULL)
    return NULL;

  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  /* It only fails for sockets that do not listen. */
  g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, NULL);
  return g_steal_pointer (&self);
}

/**
 * tide_owner_socket_free:
 * @self: (transfer full): while the workspace is still locked, as its file is removed
 *
 * Stops listening. Who has not been answered finds the connection closed.
 */
void
tide_owner_socket_free (TideOwnerSocket *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    tide_owner_peer_end (g_ptr_array_index (self->peers, i));
  g_ptr_array_unref (self->peers);
  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
      unlinkat (self->folder_fd, SOCKET_NAME, 0);
      g_object_unref (self->service);
    }
  if (self->folder_fd >= 0)
    close (self->folder_fd);
  g_free (self);
}

/**
 * tide_owner_socket_has_followers:
 *
 * Returns: whether anybody hears what is told
 */
gboolean
tide_owner_socket_has_followers (TideOwnerSocket *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    if (tide_owner_peer_is_follower (g_ptr_array_index (self->peers, i)))
      return TRUE;
  return FALSE;
}

/**
 * tide_owner_socket_tell:
 * @line: with its end
 * @passing: it says nothing that the next such line does not say better: who is slow does not get it
 *
 * Tells all followers.
 */
void
tide_owner_socket_tell (TideOwnerSocket *self,
                        const char      *line,
                        gboolean         passing)
{
  /* From the end: who is cut off leaves the list, and the last one takes its place. */
  for (guint i = self->peers->len; i > 0; i--)
    {
      TideOwnerPeer *peer = g_ptr_array_index (self->peers, i - 1);

      if (tide_owner_peer_is_follower (peer))
        tide_owner_peer_tell (peer, line, passing);
    }
}

/**
 * tide_owner_socket_connect:
 * @folder: a workspace that another process has
 * @patience: seconds after which that process is taken for dead
 *
 * Connects to the owner of a workspace. Blocks, but not for long; any thread.
 *
 * Returns: (transfer full): a socket; %NULL with an error of any domain
 */
GSocket *
tide_owner_socket_connect (const char  *folder,
                           guint        patience,
                           GError     **error)
{
  int folder_fd = open_folder (folder, error);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocket) socket = NULL;
  gboolean connected;

  if (folder_fd < 0)
    return NULL;
  address = make_address (folder_fd);
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket != NULL)
    g_socket_set_timeout (socket, patience);
  connected = socket != NULL && g_socket_connect (socket, address, NULL, error);
  close (folder_fd);
  return connected ? g_steal_pointer (&socket) : NULL;
}
