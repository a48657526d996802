/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-snapshot"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tide-error.h"
#include "tide-export-file.h"
#include "tide-export.h"
#include "tide-file-digest.h"
#include "tide-snapshots.h"
#include "tide-store-backup.h"
#include "tide-text.h"

#define FOLDER "snapshots"
#define TEMPORARY ".taking."
#define NAME_BYTES_MAX 100
#define LEFTOVER_AGE 3600     /* seconds */

/* A snapshot on its way from a temporary file to one with a name and a row. */
typedef struct
{
  const char *name;
  char       *temporary;      /* (owned) (nullable): to be removed, unless it has its name */
  char       *path;           /* (owned) */
  char       *sha256;         /* (owned) */
  gint64      size;
  gint64      records;
  gint64      taken_at;
} Draft;

/* With what SQLite may have put beside it. */
static void
remove_temporary (const char *path)
{
  static const char * const endings[] = { "", "-journal", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);

      g_unlink (file);
    }
}

static void
draft_clear (Draft *draft)
{
  if (draft->temporary != NULL)
    remove_temporary (draft->temporary);
  g_free (draft->temporary);
  g_free (draft->path);
  g_free (draft->sha256);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

/* A name is also a file's: letters, digits, spaces and a few signs, and nothing that leads elsewhere. */
static gboolean
is_name (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > NAME_BYTES_MAX || !g_utf8_validate (name, -1, NULL) ||
      !g_unichar_isalnum (g_utf8_get_char (name)) || name[length - 1] == ' ')
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isalnum (c) && (c >= 0x80 || strchr (" -_.", (int)c) == NULL))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  if (is_name (name))
    return TRUE;
  g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                       "snapshot's name: begins with a letter or digit and has only letters, digits, spaces and -_.");
  return FALSE;
}

static char *
make_path (TideStore  *store,
           const char *name)
{
  g_autofree char *file = g_strconcat (name, ".db", NULL);

  return g_build_filename (tide_store_get_folder (store), FOLDER, file, NULL);
}

static TideSnapshot *
snapshot_from_row (TideStore     *store,
                   TideStatement *row)
{
  TideSnapshot *self = g_new0 (TideSnapshot, 1);

  self->id = tide_statement_get_int (row, 0);
  self->name = g_strdup (tide_statement_get_text (row, 1));
  self->taken_at = tide_statement_get_time (row, 2);
  self->path = g_build_filename (tide_store_get_folder (store), tide_statement_get_text (row, 3), NULL);
  self->size = tide_statement_get_int (row, 4);
  self->sha256 = g_strdup (tide_statement_get_text (row, 5));
  self->records = tide_statement_get_int (row, 6);
  return self;
}

/* @name: (nullable): %NULL for all */
static GPtrArray *
query (TideStore   *store,
       const char  *name,
       GError     **error)
{
  g_autoptr(GPtrArray) snapshots = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_snapshot_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, error);
  g_autoptr(TideStatement) statement = NULL;

  if (read == NULL)
    return NULL;
  statement = tide_statement_new (tide_read_get_database (read),
                                  "SELECT id, name, taken_at, file, size, sha256, records FROM snapshots"
                                  " WHERE @name IS NULL OR name = @name ORDER BY id DESC", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_text (statement, "@name", name);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (snapshots, snapshot_from_row (store, statement));

  if (local_error == NULL)
    return g_steal_pointer (&snapshots);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading snapshots: ");
  return NULL;
}

/**
 * tide_snapshots_list:
 * @store: a store
 * @error: return location
 *
 * Blocks shortly; any thread.
 *
 * Returns: (transfer full) (nullable) (element-type TideSnapshot): all snapshots, newest first
 */
GPtrArray *
tide_snapshots_list (TideStore  *store,
                     GError    **error)
{
  g_return_val_if_fail (TIDE_IS_STORE (store), NULL);

  return query (store, NULL, error);
}

/**
 * tide_snapshots_find:
 * @store: a store
 * @name: a snapshot's name
 * @error: return location; %TIDE_ERROR_NOT_FOUND
 *
 * Blocks shortly; any thread.
 *
 * Returns: (transfer full) (nullable): that snapshot
 */
TideSnapshot *
tide_snapshots_find (TideStore   *store,
                     const char  *name,
                     GError     **error)
{
  g_autoptr(GPtrArray) found = NULL;

  g_return_val_if_fail (TIDE_IS_STORE (store) && name != NULL, NULL);

  found = query (store, name, error);
  if (found == NULL)
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "snapshot %s: there is none of that name", name);
  return NULL;
}

static gboolean
check_free (TideStore    *store,
            const Draft  *draft,
            GError      **error)
{
  g_autoptr(GPtrArray) found = query (store, draft->name, error);

  if (found == NULL)
    return FALSE;
  if (found->len > 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "snapshot %s: there is one of that name already",
                 draft->name);
  else if (g_file_test (draft->path, G_FILE_TEST_EXISTS))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "snapshot %s: its file %s is there already",
                 draft->name, draft->path);
  else
    return TRUE;
  return FALSE;
}

/* What a killed process has left. One that is alive has written to its file not long ago. */
static void
remove_leftovers (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      if (g_str_has_prefix (name, TEMPORARY) && g_stat (path, &info) == 0 && now - info.st_mtime > LEFTOVER_AGE)
        g_unlink (path);
    }
}

/* Makes the empty file that the copy goes to, beside where it will be. */
static gboolean
draft_create_file (Draft   *draft,
                   GError **error)
{
  g_autofree char *folder = g_path_get_dirname (draft->path);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      tide_file_set_error (error, errno, folder);
      return FALSE;
    }
  remove_leftovers (folder);
  draft->temporary = g_build_filename (folder, TEMPORARY "XXXXXX", NULL);
  fd = g_mkstemp_full (draft->temporary, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    return close (fd) == 0;
  tide_file_set_error (error, errno, folder);
  g_clear_pointer (&draft->temporary, g_free);
  return FALSE;
}

/* Nothing shall change it from here on, not even its owner by mistake. */
static gboolean
draft_seal_file (Draft   *draft,
                 GError **error)
{
  int fd = g_open (draft->temporary, O_RDONLY | O_CLOEXEC, 0);
  gboolean sealed = fd >= 0 && fchmod (fd, 0400) == 0 && fsync (fd) == 0;

  if (!sealed)
    tide_file_set_error (error, errno, draft->temporary);
  if (fd >= 0)
    close (fd);
  return sealed;
}

static gboolean
draft_count (Draft         *draft,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(TideStoreCopy) copy = tide_store_copy_open (draft->temporary, cancellable, error);

  draft->records = copy != NULL ? tide_store_copy_count (copy, error) : -1;
  return draft->records >= 0;
}

/* Adds the row, and last of all gives the file its name: a row without a file would be a lie. */
static gboolean
draft_publish_cb (TideDatabase  *database,
                  gpointer       user_data,
                  GError       **error)
{
  Draft *draft = user_data;
  g_autofree char *file = g_strconcat (FOLDER "/", draft->name, ".db", NULL);
  g_autoptr(TideStatement) statement =
    tide_statement_new (database,
                        "INSERT INTO snapshots (name, taken_at, file, size, sha256, records)"
                        " VALUES (@name, @taken_at, @file, @size, @sha256, @records)", error);

  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@name", draft->name);
  tide_statement_bind_time (statement, "@taken_at", draft->taken_at);
  tide_statement_bind_text (statement, "@file", file);
  tide_statement_bind_int (statement, "@size", draft->size);
  tide_statement_bind_text (statement, "@sha256", draft->sha256);
  tide_statement_bind_int (statement, "@records", draft->records);
  if (!tide_statement_run (statement, error))
    return FALSE;

  if (g_rename (draft->temporary, draft->path) != 0)
    {
      tide_file_set_error (error, errno, draft->path);
      return FALSE;
    }
  g_clear_pointer (&draft->temporary, g_free);
  return tide_file_sync_folder (draft->path, error);
}

static gboolean
draft_publish (Draft         *draft,
               TideStore     *store,
               GCancellable  *cancellable,
               GError       **error)
{
  if (tide_store_write_beside (store, draft_publish_cb, draft, cancellable, error))
    return TRUE;
  /* It had its name, but its row did not last. */
  if (draft->temporary == NULL)
    g_unlink (draft->path);
  return FALSE;
}

/**
 * tide_snapshots_take:
 * @store: a store, also a read-only one whose workspace another process has
 * @name: letters, digits, spaces and -_.
 * @func: (nullable): told how far the copying is, on the calling thread
 * @user_data: for @func
 * @cancellable: (nullable): ends it soon
 * @error: return location; %TIDE_ERROR_INVALID (a bad name), %TIDE_ERROR_CONFLICT (a taken one),
 *    %TIDE_ERROR_NO_SPACE
 *
 * Copies the store as it is at one instant into the workspace's snapshots folder, also while a sync
 * writes to it. After a failure nothing is left of it. Blocks; any thread.
 *
 * Returns: (transfer full) (nullable): the snapshot
 */
TideSnapshot *
tide_snapshots_take (TideStore         *store,
                     const char        *name,
                     TideSnapshotFunc   func,
                     gpointer           user_data,
                     GCancellable      *cancellable,
                     GError           **error)
{
  g_auto(Draft) draft = { NULL };

  g_return_val_if_fail (TIDE_IS_STORE (store) && name != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  draft.name = name;
  draft.path = make_path (store, name);
  draft.taken_at = tide_clock_now (tide_store_get_clock (store));
  if (!check_free (store, &draft, error) || !draft_create_file (&draft, error))
    return NULL;

  if (tide_store_backup (store, draft.temporary, func, user_data, cancellable, error) &&
      draft_count (&draft, cancellable, error) &&
      draft_seal_file (&draft, error))
    draft.sha256 = tide_file_digest (draft.temporary, &draft.size, cancellable, error);
  if (draft.sha256 == NULL || !draft_publish (&draft, store, cancellable, error))
    {
      g_prefix_error (error, "snapshot %s: ", name);
      return NULL;
    }
  return tide_snapshots_find (store, name, error);
}

static gboolean
compare_digest (const TideSnapshot  *snapshot,
                GCancellable        *cancellable,
                GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *sha256 = NULL;
  gint64 size;

  sha256 = tide_file_digest (snapshot->path, &size, cancellable, &local_error);
  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "snapshot %s: its file %s is missing",
                 snapshot->name, snapshot->path);
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (size != snapshot->size)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT,
                 "snapshot %s: its file was changed since it was taken: it has %" G_GINT64_FORMAT
                 " bytes, and had %" G_GINT64_FORMAT, snapshot->name, size, snapshot->size);
  else if (!g_str_equal (sha256, snapshot->sha256))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT,
                 "snapshot %s: its file was changed since it was taken: its SHA-256 is %s, and was %s",
                 snapshot->name, sha256, snapshot->sha256);
  else
    return TRUE;
  return FALSE;
}

/**
 * tide_snapshots_verify:
 * @store: a store
 * @name: a snapshot's name
 * @cancellable: (nullable): ends it soon
 * @error: return location; %TIDE_ERROR_NOT_FOUND (no such snapshot), %TIDE_ERROR_CORRUPT (its file is
 *    missing, was changed, or is no sound database)
 *
 * Compares the file with the checksum that was taken with it, and lets SQLite look at every page. Blocks; any
 * thread.
 *
 * Returns: whether it is as it was taken
 */
gboolean
tide_snapshots_verify (TideStore     *store,
                       const char    *name,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(TideSnapshot) snapshot = tide_snapshots_find (store, name, error);
  g_autoptr(TideStoreCopy) copy = NULL;

  if (snapshot == NULL || !compare_digest (snapshot, cancellable, error))
    return FALSE;
  copy = tide_store_copy_open (snapshot->path, cancellable, error);
  if (copy != NULL && tide_store_copy_check (copy, error))
    return TRUE;
  g_prefix_error (error, "snapshot %s: ", name);
  return FALSE;
}

static gboolean
export_file (const TideSnapshot  *snapshot,
             const char          *path,
             GCancellable        *cancellable,
             GError             **error)
{
  g_autoptr(TideExportFile) file = tide_export_file_new (path, error);

  return file != NULL &&
         tide_export_file_copy (file, snapshot->path, cancellable, error) &&
         tide_export_file_finish (file, error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
export_entities (TideDatabase      *copy,
                 TideExportFormat   format,
                 const char        *folder,
                 gint64            *n_records,
                 GCancellable      *cancellable,
                 GError           **error)
{
  g_autoptr(GPtrArray) entities = tide_export_list_entities (copy, error);
  gint64 sum = 0;

  if (entities == NULL)
    return FALSE;
  for (guint i = 0; i < entities->len; i++)
    {
      const char *entity = g_ptr_array_index (entities, i);
      g_autofree char *file = g_strconcat (entity, tide_export_format_get_extension (format), NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);
      gint64 count;

      if (!tide_export_entity_from (copy, entity, NULL, format, path, &count, cancellable, error))
        return FALSE;
      sum += count;
    }
  *n_records = sum;
  return TRUE;
}

/* A file an entity, in a folder that appears when it is complete. An empty folder is taken; rename()
 * refuses any other. */
static gboolean
export_folder (const TideSnapshot  *snapshot,
               TideExportFormat     format,
               const char          *path,
               gint64              *n_records,
               GCancellable        *cancellable,
               GError             **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *temporary = g_strconcat (absolute, ".part.XXXXXX", NULL);
  g_autoptr(TideStoreCopy) copy = tide_store_copy_open (snapshot->path, cancellable, error);

  if (copy == NULL)
    return FALSE;
  if (g_mkdtemp_full (temporary, 0777) == NULL)
    {
      tide_file_set_error (error, errno, path);
      return FALSE;
    }
  if (export_entities (copy, format, temporary, n_records, cancellable, error))
    {
      if (g_rename (temporary, absolute) == 0)
        return tide_file_sync_folder (absolute, error);
      if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "%s: is there already, and no empty folder", path);
      else
        tide_file_set_error (error, errno, path);
    }
  remove_folder (temporary);
  return FALSE;
}

/**
 * tide_snapshots_export:
 * @store: a store
 * @name: a snapshot's name
 * @format: "sqlite" for one file; "csv" or "jsonl" for a folder with a file an entity
 * @path: where to; a file is replaced, a folder is not
 * @n_records: (out) (optional): how many records were written
 * @cancellable: (nullable): ends it soon
 * @error: return location; as tide_snapshots_verify() and tide_export_entity_from()
 *
 * Writes a snapshot to where its owner wants it, after looking whether it is still as it was taken.
 * @path appears when it is complete, or not at all. Blocks; any thread.
 *
 * Returns: whether all of it was written
 */
gboolean
tide_snapshots_export (TideStore     *store,
                       const char    *name,
                       const char    *format,
                       const char    *path,
                       gint64        *n_records,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(TideSnapshot) snapshot = NULL;
  TideExportFormat known;
  gint64 count = 0;

  g_return_val_if_fail (TIDE_IS_STORE (store) && name != NULL && path != NULL, FALSE);

  if (!tide_export_format_from_name (format, &known, error))
    return FALSE;
  snapshot = tide_snapshots_find (store, name, error);
  if (snapshot == NULL || !compare_digest (snapshot, cancellable, error))
    return FALSE;
  if (known != TIDE_EXPORT_SQLITE && g_str_equal (path, "-"))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                   "format %s: is a folder of files and cannot go to standard output", format);
      return FALSE;
    }

  count = snapshot->records;
  if (!(known == TIDE_EXPORT_SQLITE
          ? export_file (snapshot, path, cancellable, error)
          : export_folder (snapshot, known, path, &count, cancellable, error)))
    return FALSE;
  if (n_records != NULL)
    *n_records = count;
  return TRUE;
}
