/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>

#include "tide-error.h"
#include "tide-owner-socket.h"

#define SOCKET_NAME "tidemark.sock"
#define CANCEL "cancel "

/* More than any request there is. */
#define MAX_REQUEST 256
#define MAX_ANSWER 1024

/* How long either side waits for the other, seconds. */
#define PATIENCE 5

struct _TideOwnerSocket
{
  int                  folder_fd;     /* (owned) */
  GSocketService      *service;       /* (owned) (nullable) */
  GCancellable        *cancellable;   /* (owned): ends the requests under way */
  TideOwnerSocketFunc  cancel;
  gpointer             user_data;
};

/* A connection, from its beginning to its answer. */
typedef struct
{
  TideOwnerSocket   *owner;           /* not to be looked at once @cancellable is cancelled */
  GCancellable      *cancellable;     /* (owned) */
  GSocketConnection *connection;      /* (owned) */
  char               text[MAX_REQUEST];
  gsize              length;
  char              *answer;          /* (owned) (nullable) */
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->cancellable);
  g_object_unref (self->connection);
  g_free (self->answer);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

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

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Request) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_debug ("owner's socket: answering: %s", error->message);
}

/* @error: (nullable): what to answer, %NULL for "ok" */
static void
request_answer (Request      *self,
                const GError *error)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));

  if (error == NULL)
    self->answer = g_strdup ("ok\n");
  else
    {
      g_autofree char *message = g_strdup (error->message);

      self->answer = g_strdup_printf ("error %s %s\n", tide_error_to_name (error), g_strdelimit (message, "\r\n", ' '));
    }
  g_output_stream_write_all_async (output, self->answer, strlen (self->answer), G_PRIORITY_DEFAULT, self->cancellable,
                                   answered_cb, self);
}

/* @line: (nullable): %NULL if there was no end to it */
static gboolean
request_obey (Request     *self,
              const char  *line,
              gsize        length,
              GError     **error)
{
  if (line != NULL && g_utf8_validate_len (line, length, NULL) && g_str_has_prefix (line, CANCEL))
    return self->owner->cancel (line + strlen (CANCEL), self->owner->user_data, error);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "request: makes no sense");
  return FALSE;
}

static void request_read (Request *self);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Request) self = user_data;
  g_autoptr(GError) error = NULL;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  char *end;

  if (n_read <= 0 || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->length += (gsize)n_read;
  end = memchr (self->text, '\n', self->length);
  if (end == NULL && self->length < sizeof self->text)
    {
      request_read (g_steal_pointer (&self));
      return;
    }
  if (end != NULL)
    *end = '\0';
  request_obey (self, end != NULL ? self->text : NULL, end != NULL ? (gsize)(end - self->text) : 0, &error);
  request_answer (g_steal_pointer (&self), error);
}

/* @self: (transfer full) */
static void
request_read (Request *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)), self->text + self->length,
                             sizeof self->text - self->length, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
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
  GSocket *socket = g_socket_connection_get_socket (connection);
  Request *request;

  if (!is_same_user (socket))
    return TRUE;
  g_socket_set_timeout (socket, PATIENCE);
  request = g_new0 (Request, 1);
  request->owner = self;
  request->cancellable = g_object_ref (self->cancellable);
  request->connection = g_object_ref (connection);
  request_read (request);
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
 * @cancel: answers requests, in the caller's thread-default main context
 *
 * Listens for the user's other processes.
 *
 * Returns: (transfer full): the socket; %NULL with TIDE_ERROR_STORAGE or _NO_SPACE, such as on a file system
 *   that has no sockets
 */
TideOwnerSocket *
tide_owner_socket_new (const char           *folder,
                       TideOwnerSocketFunc   cancel,
                       gpointer              user_data,
                       GError              **error)
{
  g_autoptr(TideOwnerSocket) self = g_new0 (TideOwnerSocket, 1);
  g_autoptr(GSocket) socket = NULL;

  self->cancel = cancel;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
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
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
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

static GSocket *
connect_in (int      folder_fd,
            GError **error)
{
  g_autoptr(GSocketAddress) address = make_address (folder_fd);
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);

  if (socket == NULL)
    return NULL;
  g_socket_set_timeout (socket, PATIENCE);
  return g_socket_connect (socket, address, NULL, error) ? g_steal_pointer (&socket) : NULL;
}

/* Returns: (transfer full): the line without its end */
static char *
receive_line (GSocket  *socket,
              GError  **error)
{
  g_autofree char *text = g_malloc0 (MAX_ANSWER + 1);
  gsize length = 0;

  while (length < MAX_ANSWER && memchr (text, '\n', length) == NULL)
    {
      gssize n_read = g_socket_receive (socket, text + length, MAX_ANSWER - length, NULL, error);

      if (n_read < 0)
        return NULL;
      if (n_read == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the connection was closed");
          return NULL;
        }
      length += (gsize)n_read;
    }
  text[strcspn (text, "\n")] = '\0';
  return g_steal_pointer (&text);
}

static char *
exchange (const char  *folder,
          const char  *line,
          GError     **error)
{
  int folder_fd = open_folder (folder, error);
  g_autoptr(GSocket) socket = NULL;

  if (folder_fd < 0)
    return NULL;
  socket = connect_in (folder_fd, error);
  close (folder_fd);
  /* A line is less than a socket's buffer: it is sent whole. */
  if (socket == NULL || g_socket_send (socket, line, strlen (line), NULL, error) < 0)
    return NULL;
  return receive_line (socket, error);
}

static int
get_code (const char *name,
          gsize       length)
{
  for (int code = TIDE_ERROR_INVALID; code <= TIDE_ERROR_NO_KEYRING; code++)
    {
      const GError error = { .domain = TIDE_ERROR, .code = code };
      const char *known = tide_error_to_name (&error);

      if (strlen (known) == length && strncmp (known, name, length) == 0)
        return code;
    }
  return TIDE_ERROR_STORAGE;
}

static gboolean
understand (const char  *answer,
            GError     **error)
{
  const char *code = answer + strlen ("error ");
  const char *space;

  if (g_str_equal (answer, "ok"))
    return TRUE;
  space = g_str_has_prefix (answer, "error ") ? strchr (code, ' ') : NULL;
  if (space != NULL && g_utf8_validate (space, -1, NULL))
    g_set_error (error, TIDE_ERROR, get_code (code, (gsize)(space - code)), "%s", space + 1);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "the program that has the workspace answers what makes no sense");
  return FALSE;
}

/**
 * tide_owner_socket_ask_cancel:
 * @folder: a workspace that another process has
 *
 * Asks the owner of a workspace to stop a run. Blocks, but not for long; any thread.
 *
 * Returns: %FALSE with the owner's error, or TIDE_ERROR_BUSY if nobody answers
 */
gboolean
tide_owner_socket_ask_cancel (const char  *folder,
                              const char  *sync_id,
                              GError     **error)
{
  g_autofree char *line = g_strdup_printf (CANCEL "%s\n", sync_id);
  g_autoptr(GError) local_error = NULL;
  g_autofree char *answer = exchange (folder, line, &local_error);

  if (answer != NULL)
    return understand (answer, error);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "asking the program that has the folder %s: %s", folder,
               local_error->message);
  return FALSE;
}
