/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-snapshot"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "tide-error.h"
#include "tide-file-digest.h"

#define CHUNK (1024 * 1024)

/**
 * tide_file_set_error:
 * @error: return location
 * @system_errno: what the system said
 * @path: about which file
 *
 * Sets TIDE_ERROR_NO_SPACE, TIDE_ERROR_NOT_FOUND or TIDE_ERROR_STORAGE, as "PATH: No such file or directory".
 */
void
tide_file_set_error (GError     **error,
                     int          system_errno,
                     const char  *path)
{
  TideError code = TIDE_ERROR_STORAGE;

  if (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG)
    code = TIDE_ERROR_NO_SPACE;
  else if (system_errno == ENOENT)
    code = TIDE_ERROR_NOT_FOUND;
  g_set_error (error, TIDE_ERROR, code, "%s: %s", path, g_strerror (system_errno));
}

/* Returns: bytes read, 0 at the end, -1 with errno */
static gssize
read_chunk (int     fd,
            guint8 *buffer)
{
  gssize got;

  do
    got = read (fd, buffer, CHUNK);
  while (got < 0 && errno == EINTR);
  return got;
}

static gboolean
digest_all (GChecksum     *checksum,
            int            fd,
            const char    *path,
            gint64        *size,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK);
  gint64 sum = 0;
  gssize got;

  while ((got = read_chunk (fd, buffer)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_checksum_update (checksum, buffer, got);
      sum += got;
    }
  if (got < 0)
    {
      tide_file_set_error (error, errno, path);
      return FALSE;
    }
  *size = sum;
  return TRUE;
}

/**
 * tide_file_digest:
 * @path: a file
 * @size: (out): its bytes
 * @cancellable: (nullable): ends it soon
 * @error: return location; TIDE_ERROR_NOT_FOUND where there is no such file
 *
 * Blocks; any thread.
 *
 * Returns: (transfer full) (nullable): the file's SHA-256, in hexadecimal
 */
char *
tide_file_digest (const char    *path,
                  gint64        *size,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean done;

  if (fd < 0)
    {
      tide_file_set_error (error, errno, path);
      return NULL;
    }
  done = digest_all (checksum, fd, path, size, cancellable, error);
  close (fd);
  return done ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}

/**
 * tide_file_sync_folder:
 * @path: a file
 * @error: return location
 *
 * Forces to disk that the file has its name.
 *
 * Returns: whether it is
 */
gboolean
tide_file_sync_folder (const char  *path,
                       GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced = fd >= 0 && (fsync (fd) == 0 || errno == EINVAL);

  if (!synced)
    tide_file_set_error (error, errno, folder);
  if (fd >= 0)
    close (fd);
  return synced;
}
