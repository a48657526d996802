/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "tide-sqlite-private.h"

/* More of a statement than this tells nothing about what went wrong. */
#define SQL_SHOWN 120

/* The one place where SQLite's codes become ours. What is not here is STORAGE. */
static const struct
{
  int       rc;
  TideError code;
} codes[] = {
  { SQLITE_BUSY, TIDE_ERROR_BUSY },
  { SQLITE_LOCKED, TIDE_ERROR_BUSY },
  { SQLITE_FULL, TIDE_ERROR_NO_SPACE },
  { SQLITE_CORRUPT, TIDE_ERROR_CORRUPT },
  { SQLITE_NOTADB, TIDE_ERROR_CORRUPT },
  { SQLITE_CONSTRAINT, TIDE_ERROR_CONFLICT },
  { SQLITE_MISMATCH, TIDE_ERROR_INVALID },
  { SQLITE_TOOBIG, TIDE_ERROR_INVALID },
  { SQLITE_AUTH, TIDE_ERROR_INVALID },
};

/**
 * tide_errno_to_error:
 * @system_errno: what the system said
 *
 * Returns: the error code that fits
 */
TideError
tide_errno_to_error (int system_errno)
{
  /* EFBIG is a quota too: that of the process. */
  if (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG)
    return TIDE_ERROR_NO_SPACE;
  return TIDE_ERROR_STORAGE;
}

/**
 * tide_set_errno_error:
 * @error: return location
 * @system_errno: what the system said
 * @format: what was tried, naming the object
 *
 * Sets an error out of an errno, as "WHAT: No such file or directory".
 */
void
tide_set_errno_error (GError    **error,
                      int         system_errno,
                      const char *format,
                      ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, TIDE_ERROR, tide_errno_to_error (system_errno), "%s: %s", what, g_strerror (system_errno));
}

/**
 * tide_sqlite_code_to_error:
 * @rc: a result code of SQLite, plain or extended
 * @system_errno: the errno behind it, 0 if there is none
 *
 * Returns: the error code that fits
 */
TideError
tide_sqlite_code_to_error (int rc,
                           int system_errno)
{
  int primary = rc & 0xff;

  /* SQLite says FULL to a write that found no space, but IOERR to anything else that did not. */
  if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)
    return tide_errno_to_error (system_errno);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].rc == primary)
      return codes[i].code;
  return TIDE_ERROR_STORAGE;
}

static char *
describe (sqlite3    *handle,
          int         rc,
          const char *sql)
{
  const char *message = handle != NULL && (sqlite3_errcode (handle) & 0xff) == (rc & 0xff)
                        ? sqlite3_errmsg (handle)
                        : sqlite3_errstr (rc);
  g_autofree char *head = NULL;

  if (sql == NULL || (rc & 0xff) != SQLITE_ERROR)
    return g_strdup (message);
  head = g_strndup (sql, SQL_SHOWN);
  return g_strdup_printf ("%s in “%s%s”", message, head, strlen (sql) > SQL_SHOWN ? "…" : "");
}

/* SQLite remembers the errno for the whole connection only when a file could not be opened; that of a
 * failed write stays with the file: the database's or its log's. */
static int
find_errno (sqlite3 *handle)
{
  sqlite3_file *log = NULL;
  int found = sqlite3_system_errno (handle);

  if (found == 0 && sqlite3_file_control (handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log != NULL && log->pMethods != NULL)
    log->pMethods->xFileControl (log, SQLITE_FCNTL_LAST_ERRNO, &found);
  if (found == 0)
    sqlite3_file_control (handle, "main", SQLITE_FCNTL_LAST_ERRNO, &found);
  return found;
}

/**
 * tide_sqlite_set_error:
 * @handle: (nullable): where it happened
 * @rc: the result code
 * @sql: (nullable): what was being executed; shown only when it is the statement that is wrong
 * @error: return location
 *
 * Sets an error out of a result code: "tidemark.db: database or disk is full".
 */
void
tide_sqlite_set_error (sqlite3     *handle,
                       int          rc,
                       const char  *sql,
                       GError     **error)
{
  const char *path = handle != NULL ? sqlite3_db_filename (handle, "main") : NULL;
  g_autofree char *name = path != NULL && *path != '\0' ? g_path_get_basename (path) : g_strdup ("database");
  g_autofree char *what = describe (handle, rc, sql);
  gboolean io_failed = (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CANTOPEN;
  int system_errno = handle != NULL && io_failed ? find_errno (handle) : 0;

  if ((rc & 0xff) == SQLITE_INTERRUPT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s: operation was cancelled", name);
  else if (system_errno != 0)
    g_set_error (error, TIDE_ERROR, tide_sqlite_code_to_error (rc, system_errno),
                 "%s: %s (%s)", name, what, g_strerror (system_errno));
  else
    g_set_error (error, TIDE_ERROR, tide_sqlite_code_to_error (rc, system_errno), "%s: %s", name, what);
}
