/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-snapshot"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "tide-error.h"
#include "tide-export-file.h"
#include "tide-file-digest.h"
#include "tide-text.h"

/* So much is gathered before it is written. */
#define BUFFER_SIZE (64 * 1024)

struct _TideExportFile
{
  char    *path;              /* (owned): for people, where it is standard output */
  char    *temporary;         /* (owned) (nullable): NULL on standard output, and once it has its name */
  int      fd;
  GString *buffer;            /* (owned) */
};

static gboolean
tide_export_file_open (TideExportFile  *self,
                       GError         **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *id = tide_id_new ();
  g_autofree char *hidden = g_strdup_printf (".%s.%s.part", name, id);

  if (g_file_test (self->path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: is a folder", self->path);
      return FALSE;
    }
  self->temporary = g_build_filename (folder, hidden, NULL);
  /* As the owner's other files, so not by mkstemp(). */
  self->fd = g_open (self->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (self->fd >= 0)
    return TRUE;
  tide_file_set_error (error, errno, self->path);
  g_clear_pointer (&self->temporary, g_free);
  return FALSE;
}

/**
 * tide_export_file_new:
 * @path: where it shall be, in place of a file that is there; "-" for standard output
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the file, still under another name
 */
TideExportFile *
tide_export_file_new (const char  *path,
                      GError     **error)
{
  g_autoptr(TideExportFile) self = g_new0 (TideExportFile, 1);
  gboolean standard = g_str_equal (path, "-");

  self->path = g_strdup (standard ? "standard output" : path);
  self->buffer = g_string_sized_new (BUFFER_SIZE * 2);
  self->fd = STDOUT_FILENO;
  if (!standard && !tide_export_file_open (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tide_export_file_get_temporary:
 *
 * Returns: (transfer none) (nullable): the path under which it is being written; %NULL for standard output
 */
const char *
tide_export_file_get_temporary (TideExportFile *self)
{
  return self->temporary;
}

/**
 * tide_export_file_get_buffer:
 *
 * Returns: (transfer none): where to append what tide_export_file_flush() shall write
 */
GString *
tide_export_file_get_buffer (TideExportFile *self)
{
  return self->buffer;
}

static gboolean
tide_export_file_write (TideExportFile  *self,
                        const char      *data,
                        gsize            length,
                        GError         **error)
{
  while (length > 0)
    {
      gssize written = write (self->fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          tide_file_set_error (error, errno, self->path);
          return FALSE;
        }
      data += written;
      length -= (gsize)written;
    }
  return TRUE;
}

/**
 * tide_export_file_flush:
 * @all: also when it is little
 * @error: return location; %TIDE_ERROR_NO_SPACE where the disk is full
 *
 * Writes what is in the buffer.
 *
 * Returns: whether that worked
 */
gboolean
tide_export_file_flush (TideExportFile  *self,
                        gboolean         all,
                        GError         **error)
{
  if (!all && self->buffer->len < BUFFER_SIZE)
    return TRUE;
  if (!tide_export_file_write (self, self->buffer->str, self->buffer->len, error))
    return FALSE;
  g_string_truncate (self->buffer, 0);
  return TRUE;
}

/**
 * tide_export_file_copy:
 * @from: path of a file
 * @cancellable: (nullable): ends it soon
 * @error: return location
 *
 * Writes the bytes of another file.
 *
 * Returns: whether all of it was written
 */
gboolean
tide_export_file_copy (TideExportFile  *self,
                       const char      *from,
                       GCancellable    *cancellable,
                       GError         **error)
{
  g_autofree char *chunk = g_malloc (BUFFER_SIZE);
  int fd = g_open (from, O_RDONLY | O_CLOEXEC, 0);
  gssize got = fd < 0 ? -1 : 0;

  while (fd >= 0 && (got = read (fd, chunk, BUFFER_SIZE)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !tide_export_file_write (self, chunk, (gsize)got, error))
        {
          close (fd);
          return FALSE;
        }
    }
  if (got < 0)
    tide_file_set_error (error, errno, from);
  if (fd >= 0)
    close (fd);
  return got == 0;
}

/**
 * tide_export_file_finish:
 * @error: return location
 *
 * Writes the rest, forces it to disk and gives the file its name. Nothing is left behind on failure.
 *
 * Returns: whether the file is there
 */
gboolean
tide_export_file_finish (TideExportFile  *self,
                         GError         **error)
{
  if (!tide_export_file_flush (self, TRUE, error))
    return FALSE;
  if (self->temporary == NULL)
    return TRUE;
  if (fsync (self->fd) != 0 || g_rename (self->temporary, self->path) != 0)
    {
      tide_file_set_error (error, errno, self->path);
      return FALSE;
    }
  g_clear_pointer (&self->temporary, g_free);
  return tide_file_sync_folder (self->path, error);
}

/**
 * tide_export_file_free:
 * @self: (transfer full): a file; what was written of an unfinished one is removed
 */
void
tide_export_file_free (TideExportFile *self)
{
  if (self->fd >= 0 && self->fd != STDOUT_FILENO)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_string_free (self->buffer, TRUE);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}
