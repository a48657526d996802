/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tide-sqlite-private.h"
#include "tide-workspace-lock-private.h"

#define LOCK_NAME "tidemark.lock"

struct _TideWorkspaceLock
{
  int fd;                     /* (owned) */
};

/* Says who holds the lock, as far as the holder got to write it. */
static void
set_held_error (int          fd,
                const char  *folder,
                GError     **error)
{
  char text[128];
  ssize_t length = pread (fd, text, sizeof text - 1, 0);
  char *name = NULL;
  long pid = 0;

  text[MAX (length, 0)] = '\0';
  pid = strtol (text, &name, 10);
  g_strstrip (name);
  if (pid > 0 && *name != '\0' && g_utf8_validate (name, -1, NULL))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "the folder %s is in use by %s (process %ld)", folder, name, pid);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "the folder %s is in use by another program", folder);
}

static gboolean
lock_file (int          fd,
           const char  *folder,
           GError     **error)
{
  int result;

  do
    result = flock (fd, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result == 0)
    return TRUE;
  if (errno == EWOULDBLOCK)
    set_held_error (fd, folder, error);
  else
    tide_set_errno_error (error, errno, "locking %s/" LOCK_NAME, folder);
  return FALSE;
}

/* Only a courtesy to whoever finds the folder locked: a failure (a full disk) is ignored. */
static void
write_owner (int fd)
{
  const char *program = g_get_prgname ();
  g_autofree char *text = g_strdup_printf ("%ld %s\n", (long)getpid (), program != NULL ? program : "tidemark");

  if (ftruncate (fd, 0) != 0 || pwrite (fd, text, strlen (text), 0) < 0)
    g_info ("writing the owner into " LOCK_NAME ": %s", g_strerror (errno));
}

/**
 * tide_workspace_lock_take:
 * @folder: a folder that exists
 * @error: return location
 *
 * Locks a workspace. Does not wait: %TIDE_ERROR_BUSY tells who has it. A second try within
 * this process fails too.
 *
 * Returns: (transfer full) (nullable): the lock
 */
TideWorkspaceLock *
tide_workspace_lock_take (const char  *folder,
                          GError     **error)
{
  g_autofree char *path = g_build_filename (folder, LOCK_NAME, NULL);
  g_autoptr(TideWorkspaceLock) self = g_new0 (TideWorkspaceLock, 1);

  self->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      tide_set_errno_error (error, errno, "%s", path);
      return NULL;
    }
  if (!lock_file (self->fd, folder, error))
    return NULL;
  write_owner (self->fd);
  return g_steal_pointer (&self);
}

/**
 * tide_workspace_lock_free:
 * @self: (transfer full): a lock, which is let go
 *
 * The file stays: to remove it would let two others lock two different files.
 */
void
tide_workspace_lock_free (TideWorkspaceLock *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}
