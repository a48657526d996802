/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tide-database-private.h"
#include "tide-migrations-private.h"
#include "tide-sqlite-private.h"
#include "tide-store-file-private.h"

/* "Tide", in SQLite's field for whose file it is. */
#define APPLICATION_ID 0x54696465

#define HEADER_SIZE 100
#define MAGIC "SQLite format 3"

/* Where things stand in the header: https://sqlite.org/fileformat2.html#the_database_header */
#define AT_PAGE_SIZE 16
#define AT_CHANGES 24
#define AT_PAGES 28
#define AT_USER_VERSION 60
#define AT_APPLICATION_ID 68
#define AT_CHANGES_AT_PAGES 92

static const char * const side_files[] = { "", "-journal", "-wal", "-shm" };

static guint32
header_get (const guint8 *header,
            int           at)
{
  guint32 value;

  memcpy (&value, header + at, sizeof value);
  return GUINT32_FROM_BE (value);
}

static gint64
get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64)info.st_size : -1;
}

static char *
get_log_path (const char *path)
{
  return g_strconcat (path, "-wal", NULL);
}

static gboolean
sync_folder_of (const char  *path,
                GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int failed = fd < 0 || fsync (fd) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  /* Some file systems cannot sync a folder, and say so. */
  if (failed == 0 || failed == EINVAL)
    return TRUE;
  tide_set_errno_error (error, failed, "%s", folder);
  return FALSE;
}

/**
 * tide_store_file_make_folder:
 * @folder: path of the workspace
 * @error: return location
 *
 * Makes the folder where it does not exist, readable by its owner only.
 *
 * Returns: whether it exists now
 */
gboolean
tide_store_file_make_folder (const char  *folder,
                             GError     **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0 && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  tide_set_errno_error (error, errno != 0 ? errno : ENOTDIR, "creating the folder %s", folder);
  return FALSE;
}

/**
 * tide_store_file_is_missing:
 * @path: path of the database
 *
 * Returns: whether there is nothing there yet: no file, or an empty one
 */
gboolean
tide_store_file_is_missing (const char *path)
{
  return get_size (path) <= 0;
}

static gboolean
read_header (const char   *path,
             guint8       *header,
             GError      **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd >= 0 ? pread (fd, header, HEADER_SIZE, 0) : -1;
  int failed = errno;

  if (fd >= 0)
    close (fd);
  if (got < 0)
    {
      tide_set_errno_error (error, failed, "%s", path);
      return FALSE;
    }
  if (got == HEADER_SIZE && memcmp (header, MAGIC, sizeof MAGIC) == 0)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "%s is not a database", path);
  return FALSE;
}

/* A file that was cut short would be found out only when somebody asks for a page behind its end. */
static gboolean
check_size (const char    *path,
            const guint8  *header,
            GError       **error)
{
  g_autofree char *log = get_log_path (path);
  gint64 page_size = header[AT_PAGE_SIZE] << 8 | header[AT_PAGE_SIZE + 1];
  gint64 expected = header_get (header, AT_PAGES) * (page_size == 1 ? 65536 : page_size);
  gint64 size = get_size (path);

  if (header_get (header, AT_CHANGES) != header_get (header, AT_CHANGES_AT_PAGES) || get_size (log) > 0)
    return TRUE;
  if (size >= expected)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT,
               "%s is cut short: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes", path, size, expected);
  return FALSE;
}

/**
 * tide_store_file_check_schema:
 * @path: path of the database
 * @version: its schema
 * @newest: the newest schema that this program knows
 * @error: return location
 *
 * Returns: whether this program may touch it
 */
gboolean
tide_store_file_check_schema (const char  *path,
                              gint64       version,
                              int          newest,
                              GError     **error)
{
  g_autofree char *name = g_path_get_basename (path);

  if (version <= newest)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT,
               "%s has schema %" G_GINT64_FORMAT ", this version of Tidemark knows %d", name, version, newest);
  return FALSE;
}

/**
 * tide_store_file_check:
 * @path: path of a database that exists
 * @newest: the newest schema that this program knows
 * @error: return location
 *
 * Looks at the first bytes of a file, before SQLite does: to open a database can change it (a
 * log that was left is played back), and one that is not ours must stay as it is.
 *
 * Returns: whether it is ours, whole, and not too new
 */
gboolean
tide_store_file_check (const char  *path,
                       int          newest,
                       GError     **error)
{
  guint8 header[HEADER_SIZE];

  if (!read_header (path, header, error))
    return FALSE;
  if (header_get (header, AT_APPLICATION_ID) != APPLICATION_ID)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "%s is a database of another program", path);
      return FALSE;
    }
  return tide_store_file_check_schema (path, header_get (header, AT_USER_VERSION), newest, error) &&
         check_size (path, header, error);
}

static void
remove_files (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (side_files); i++)
    {
      g_autofree char *file = g_strconcat (path, side_files[i], NULL);

      /* Mostly there is none. */
      g_unlink (file);
    }
}

static gboolean
make_private_file (const char  *path,
                   GError     **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      tide_set_errno_error (error, errno, "creating %s", path);
      return FALSE;
    }
  close (fd);
  return TRUE;
}

static gboolean
fill_new_file (const char  *path,
               GPtrArray   *migrations,
               GError     **error)
{
  g_autoptr(TideDatabase) database = NULL;
  g_autofree char *sign = g_strdup_printf ("PRAGMA page_size = 16384; PRAGMA application_id = %d", APPLICATION_ID);

  if (!make_private_file (path, error))
    return FALSE;
  database = tide_database_open (path, TIDE_DATABASE_NONE, error);
  return database != NULL &&
         tide_database_execute (database, sign, error) &&
         tide_migrations_apply (database, migrations, error) &&
         tide_database_execute (database, "PRAGMA journal_mode = WAL", error);
}

static gboolean
move_into_place (const char  *from,
                 const char  *to,
                 GError     **error)
{
  if (g_rename (from, to) != 0)
    {
      tide_set_errno_error (error, errno, "creating %s", to);
      return FALSE;
    }
  return sync_folder_of (to, error);
}

/* SQLite would play the log of a lost database back into the new one. */
static gboolean
check_no_log (const char  *path,
              GError     **error)
{
  g_autofree char *log = get_log_path (path);

  if (get_size (log) <= 0)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT,
               "%s is missing but its log %s is there: put the database back, or move the log away", path, log);
  return FALSE;
}

/**
 * tide_store_file_create:
 * @path: path of a database that is missing
 * @migrations: (element-type TideMigration): what its schema is made of
 * @error: return location
 *
 * Makes a database aside and moves it into its place once it is complete, so that no
 * failure, however sudden, leaves half of one there.
 *
 * Returns: whether it is there
 */
gboolean
tide_store_file_create (const char  *path,
                        GPtrArray   *migrations,
                        GError     **error)
{
  g_autofree char *new_path = g_strconcat (path, ".new", NULL);

  if (!check_no_log (path, error))
    return FALSE;
  remove_files (new_path);
  if (fill_new_file (new_path, migrations, error) && move_into_place (new_path, path, error))
    return TRUE;
  remove_files (new_path);
  return FALSE;
}
