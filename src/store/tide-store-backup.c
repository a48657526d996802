/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-error.h"
#include "tide-record-sql-private.h"
#include "tide-store-backup.h"

/* 16 MB: the cancellable and the progress are looked at between two steps. */
#define PAGES_A_STEP 1024

/* The owner of the workspace holds a write for 2 seconds at most; a long row of them is waited out. */
#define BESIDE_DEADLINE (60 * G_USEC_PER_SEC)

/* A WAL database needs two more files beside it when it is opened; a copy shall be one file. */
static const char setup_copy[] =
  "PRAGMA journal_mode = MEMORY;"
  "PRAGMA synchronous = OFF;";
static const char finish_copy[] = "PRAGMA journal_mode = DELETE;";

/* The source's transaction began before the first step, so that all steps see the same instant. */
static gboolean
copy_pages (TideDatabase    *source,
            TideDatabase    *copy,
            TideBackupFunc   func,
            gpointer         user_data,
            GCancellable    *cancellable,
            GError         **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (tide_database_get_handle (copy), "main",
                                                tide_database_get_handle (source), "main");
  int rc = backup != NULL ? SQLITE_OK : sqlite3_errcode (tide_database_get_handle (copy));

  while (rc == SQLITE_OK && !g_cancellable_is_cancelled (cancellable))
    {
      rc = sqlite3_backup_step (backup, PAGES_A_STEP);
      if (func != NULL)
        func (sqlite3_backup_pagecount (backup) - sqlite3_backup_remaining (backup),
              sqlite3_backup_pagecount (backup), user_data);
    }
  if (backup != NULL)
    sqlite3_backup_finish (backup);

  if (rc == SQLITE_DONE)
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    tide_database_set_error (copy, rc, NULL, error);
  return FALSE;
}

/**
 * tide_store_backup:
 * @self: a store, also a read-only one
 * @path: an empty file
 * @func: (nullable): told how far it is
 * @user_data: for @func
 * @cancellable: (nullable): ends it between two steps
 * @error: return location; %TIDE_ERROR_NO_SPACE where the copy found no room
 *
 * Copies the store as it is at one instant, while others may go on writing. What @path holds after a
 * failure is the caller's to remove. Blocks; any thread.
 *
 * Returns: whether @path is a database of its own now, not yet forced to disk
 */
gboolean
tide_store_backup (TideStore       *self,
                   const char      *path,
                   TideBackupFunc   func,
                   gpointer         user_data,
                   GCancellable    *cancellable,
                   GError         **error)
{
  g_autoptr(TideRead) read = NULL;
  g_autoptr(TideDatabase) copy = NULL;
  gint64 version;

  g_return_val_if_fail (TIDE_IS_STORE (self) && path != NULL, FALSE);

  read = tide_store_begin_read (self, cancellable, error);
  if (read == NULL)
    return FALSE;
  copy = tide_database_open (path, TIDE_DATABASE_NONE, error);

  return copy != NULL &&
         tide_database_execute (copy, setup_copy, error) &&
         /* A transaction begins with its first statement. */
         tide_database_query_int (tide_read_get_database (read), "SELECT count(*) FROM sqlite_schema", &version, error) &&
         copy_pages (tide_read_get_database (read), copy, func, user_data, cancellable, error) &&
         tide_database_execute (copy, finish_copy, error);
}

static gboolean
begin_beside (TideDatabase  *guest,
              GCancellable  *cancellable,
              GError       **error)
{
  gint64 deadline = g_get_monotonic_time () + BESIDE_DEADLINE;
  g_autoptr(GError) local_error = NULL;

  /* Each try waits by itself. */
  while (!tide_database_begin (guest, "BEGIN IMMEDIATE", &local_error))
    {
      if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_BUSY) || g_get_monotonic_time () > deadline)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_clear_error (&local_error);
    }
  return TRUE;
}

static gboolean
write_as_guest (TideStore       *self,
                TideBesideFunc   func,
                gpointer         user_data,
                GCancellable    *cancellable,
                GError         **error)
{
  g_autoptr(TideDatabase) guest = tide_database_open (tide_store_get_path (self), TIDE_DATABASE_NONE, error);

  if (guest == NULL)
    return FALSE;
  tide_database_set_cancellable (guest, cancellable);
  if (!begin_beside (guest, cancellable, error))
    return FALSE;
  if (func (guest, user_data, error) && tide_database_commit (guest, error))
    return TRUE;
  tide_database_rollback (guest);
  return FALSE;
}

/**
 * tide_store_write_beside:
 * @self: a store, also a read-only one
 * @func: what to write
 * @user_data: for @func
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Writes a row that nobody keeps in memory (a snapshot's), also where another process owns the
 * workspace: SQLite's own lock puts the two in order. Nothing else may be written so. Blocks; any thread.
 *
 * Returns: whether it is committed
 */
gboolean
tide_store_write_beside (TideStore       *self,
                         TideBesideFunc   func,
                         gpointer         user_data,
                         GCancellable    *cancellable,
                         GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideWrite) write = NULL;

  g_return_val_if_fail (TIDE_IS_STORE (self) && func != NULL, FALSE);

  write = tide_store_begin_write (self, cancellable, &local_error);
  if (write != NULL)
    return func (tide_write_get_database (write), user_data, error) && tide_write_commit (write, error);
  /* CONFLICT: a read-only store, which has no writer. */
  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_CONFLICT))
    return write_as_guest (self, func, user_data, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * tide_store_copy_open:
 * @path: what tide_store_backup() made
 * @cancellable: (nullable): ends each statement
 * @error: return location
 *
 * Opens a copy for reading, on the promise that nobody changes it meanwhile. Belongs to the calling thread.
 *
 * Returns: (transfer full) (nullable): the copy, for tide_store_copy_close()
 */
TideStoreCopy *
tide_store_copy_open (const char    *path,
                      GCancellable  *cancellable,
                      GError       **error)
{
  TideDatabase *copy = tide_database_open (path, TIDE_DATABASE_READ_ONLY | TIDE_DATABASE_IMMUTABLE, error);

  if (copy != NULL)
    tide_database_set_cancellable (copy, cancellable);
  return copy;
}

/**
 * tide_store_copy_close:
 * @copy: (transfer full): a copy, all of whose statements have been freed
 */
void
tide_store_copy_close (TideStoreCopy *copy)
{
  tide_database_close (copy);
}

/**
 * tide_store_copy_check:
 * @copy: a copy
 * @error: return location; %TIDE_ERROR_CORRUPT with the first thing that SQLite finds
 *
 * Lets SQLite look at every page.
 *
 * Returns: whether all is well
 */
gboolean
tide_store_copy_check (TideStoreCopy  *copy,
                       GError        **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (copy, "PRAGMA integrity_check(1)", error);
  g_autoptr(GError) local_error = NULL;
  const char *finding;

  if (statement == NULL)
    return FALSE;
  if (!tide_statement_next (statement, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "the integrity check says nothing");
      return FALSE;
    }

  finding = tide_statement_get_text (statement, 0);
  if (g_strcmp0 (finding, "ok") == 0)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "the integrity check says: %s", finding);
  return FALSE;
}

static gboolean
count_table (TideDatabase  *copy,
             const char    *table,
             gint64        *sum,
             GError       **error)
{
  g_autofree char *name = tide_database_quote_name (table);
  /* Both counts are read off an index; one with a condition would walk over the payloads. */
  g_autofree char *sql = g_strdup_printf ("SELECT (SELECT count(*) FROM %s)"
                                          " - (SELECT count(*) FROM %s WHERE _deleted = 1)", name, name);
  gint64 count;

  if (!tide_database_query_int (copy, sql, &count, error))
    return FALSE;
  *sum += count;
  return TRUE;
}

/**
 * tide_store_copy_count:
 * @copy: a copy
 * @error: return location
 *
 * Returns: how many live records it has in all, or -1
 */
gint64
tide_store_copy_count (TideStoreCopy  *copy,
                       GError        **error)
{
  g_autoptr(GPtrArray) tables = tide_record_sql_list_tables (copy, error);
  gint64 sum = 0;

  if (tables == NULL)
    return -1;
  for (guint i = 0; i < tables->len; i++)
    if (!count_table (copy, g_ptr_array_index (tables, i), &sum, error))
      return -1;
  return sum;
}
