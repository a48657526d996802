/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-checkpointer-private.h"
#include "tide-database-private.h"
#include "tide-migrations-private.h"
#include "tide-sqlite-private.h"
#include "tide-store-file-private.h"
#include "tide-store-private.h"
#include "tide-workspace-lock-private.h"
#include "tide-zone-rows-private.h"

#define DATABASE_NAME "tidemark.db"

/* Pages of the log at which it begins to be copied into the database, and at which the writer waits for that,
 * so that the log cannot grow for ever: 32 and 128 MB. */
#define LOG_PAGES_SOON 2000
#define LOG_PAGES_MAX 8000

/* More may be open at once; only so many are kept. */
#define READERS_KEPT 4

struct _TideStore
{
  GObject            parent_instance;

  char              *folder;         /* (owned) */
  char              *path;           /* (owned) */
  TideClock         *clock;          /* (owned) */
  TideStoreFlags     flags;
  TideDatabaseFlags  reader_flags;
  TideWorkspaceLock *lock;           /* (owned) (nullable) */

  GMutex             mutex;
  GCond              changed;        /* the writer was released, or a wait cancelled */
  TideDatabase      *writer;         /* (owned) (nullable) */
  int                log_pages;      /* in the log after the last commit; the writer's */
  TideCheckpointer  *checkpointer;   /* (owned) (nullable) */
  GThread           *writing;        /* (nullable) (mutex mutex): whose the writer is now */
  GQueue             waiting;        /* (mutex mutex): those who wait for it, first come first served */
  GQueue             readers;        /* (mutex mutex) (element-type TideDatabase): those that rest */
};

G_DEFINE_FINAL_TYPE (TideStore, tide_store, G_TYPE_OBJECT)

static void
tide_store_finalize (GObject *object)
{
  TideStore *self = TIDE_STORE (object);

  g_clear_pointer (&self->checkpointer, tide_checkpointer_free);
  g_queue_clear_full (&self->readers, (GDestroyNotify)tide_database_close);
  /* Last, as the last connection to close copies the log into the database. */
  g_clear_pointer (&self->writer, tide_database_close);
  g_clear_pointer (&self->lock, tide_workspace_lock_free);
  g_clear_object (&self->clock);
  g_free (self->folder);
  g_free (self->path);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (tide_store_parent_class)->finalize (object);
}

static void
tide_store_class_init (TideStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_store_finalize;
}

static void
tide_store_init (TideStore *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->waiting);
  g_queue_init (&self->readers);
}

static void
keep_log_on_close (TideDatabase *database,
                   gboolean      keep)
{
  sqlite3_db_config (tide_database_get_handle (database), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, (int)keep, NULL);
}

/* The header can be older than the log; and a broken schema shall not wait to be noticed. */
static gboolean
check_opened (TideDatabase  *database,
              const char    *path,
              int            newest,
              gint64        *version,
              GError       **error)
{
  gint64 n_tables;

  return tide_database_query_int (database, "PRAGMA user_version", version, error) &&
         tide_store_file_check_schema (path, *version, newest, error) &&
         tide_database_query_int (database, "SELECT count(*) FROM sqlite_schema", &n_tables, error);
}

static gboolean
tide_store_refresh_zones (TideStore  *self,
                          GError    **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self, NULL, error);

  return write != NULL && tide_zone_rows_refresh (write, error) && tide_write_commit (write, error);
}

static int
tide_store_log_written_cb (void       *user_data,
                           sqlite3    *db,
                           const char *name,
                           int         n_pages)
{
  TideStore *self = user_data;

  self->log_pages = n_pages;
  return SQLITE_OK;
}

static gboolean
tide_store_open_writer (TideStore  *self,
                        GPtrArray  *migrations,
                        GError    **error)
{
  g_autoptr(TideDatabase) database = tide_database_open (self->path, TIDE_DATABASE_NONE, error);
  gint64 version;

  if (database == NULL)
    return FALSE;
  if (sqlite3_db_readonly (tide_database_get_handle (database), "main") != 0)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE, "%s cannot be written", self->path);
      return FALSE;
    }
  keep_log_on_close (database, TRUE);
  if (!check_opened (database, self->path, tide_migrations_get_newest (migrations), &version, error))
    return FALSE;
  keep_log_on_close (database, FALSE);
  if (!tide_database_execute (database, "PRAGMA journal_mode = WAL", error) ||
      !tide_migrations_apply (database, migrations, error))
    return FALSE;
  sqlite3_wal_hook (tide_database_get_handle (database), tide_store_log_written_cb, self);
  self->checkpointer = tide_checkpointer_new (self->path);
  self->writer = g_steal_pointer (&database);
  return TRUE;
}

static gboolean
tide_store_open_owned (TideStore  *self,
                       GPtrArray  *migrations,
                       GError    **error)
{
  if (!tide_store_file_make_folder (self->folder, error))
    return FALSE;
  self->lock = tide_workspace_lock_take (self->folder, error);
  if (self->lock == NULL)
    return FALSE;
  if (tide_store_file_is_missing (self->path))
    {
      if (!tide_store_file_create (self->path, migrations, error))
        return FALSE;
    }
  else if (!tide_store_file_check (self->path, tide_migrations_get_newest (migrations), error))
    return FALSE;
  return tide_store_open_writer (self, migrations, error) && tide_store_refresh_zones (self, error);
}

/* On a read-only disk SQLite cannot make the files that readers and a writer share; where there is
 * no log, nobody writes and nothing needs to be shared. */
static TideDatabase *
tide_store_try_reader (TideStore  *self,
                       int         newest,
                       gint64     *version,
                       GError    **error)
{
  g_autoptr(TideDatabase) database = tide_database_open (self->path, self->reader_flags, error);

  if (database == NULL || !check_opened (database, self->path, newest, version, error))
    return NULL;
  return g_steal_pointer (&database);
}

static TideDatabase *
tide_store_open_first_reader (TideStore  *self,
                              int         newest,
                              gint64     *version,
                              GError    **error)
{
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autoptr(GError) local_error = NULL;
  TideDatabase *database;

  self->reader_flags = TIDE_DATABASE_READ_ONLY;
  database = tide_store_try_reader (self, newest, version, &local_error);
  if (database != NULL)
    return database;
  if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_STORAGE) || g_file_test (log, G_FILE_TEST_EXISTS))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  self->reader_flags |= TIDE_DATABASE_IMMUTABLE;
  return tide_store_try_reader (self, newest, version, error);
}

static gboolean
tide_store_open_shared (TideStore  *self,
                        GPtrArray  *migrations,
                        GError    **error)
{
  int newest = tide_migrations_get_newest (migrations);
  g_autoptr(TideDatabase) database = NULL;
  gint64 version;

  if (tide_store_file_is_missing (self->path))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no " DATABASE_NAME " in %s", self->folder);
      return FALSE;
    }
  if (!tide_store_file_check (self->path, newest, error))
    return FALSE;
  database = tide_store_open_first_reader (self, newest, &version, error);
  if (database == NULL)
    return FALSE;
  if (version < newest)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT,
                   DATABASE_NAME " has schema %" G_GINT64_FORMAT ", this version of Tidemark reads %d"
                   ": open it once for writing to bring it up", version, newest);
      return FALSE;
    }
  g_queue_push_head (&self->readers, g_steal_pointer (&database));
  return TRUE;
}

/**
 * tide_store_open:
 * @folder: the workspace; created (for its owner's eyes only) where it does not exist
 * @flags: how
 * @clock: tells the time
 * @error: return location
 *
 * Opens the store of a workspace and brings it to the newest schema. Blocks. A database that is
 * broken or another program's is %TIDE_ERROR_CORRUPT, one that is newer than this program
 * %TIDE_ERROR_CONFLICT, a workspace that another process has %TIDE_ERROR_BUSY: the files are left as they
 * are.
 *
 * Returns: (transfer full) (nullable): the store
 */
TideStore *
tide_store_open (const char      *folder,
                 TideStoreFlags   flags,
                 TideClock       *clock,
                 GError         **error)
{
  g_autoptr(TideStore) self = NULL;
  g_autoptr(GPtrArray) migrations = tide_migrations_load ();
  gboolean opened;

  g_return_val_if_fail (folder != NULL && TIDE_IS_CLOCK (clock), NULL);

  self = g_object_new (TIDE_TYPE_STORE, NULL);
  self->folder = g_canonicalize_filename (folder, NULL);
  self->path = g_build_filename (self->folder, DATABASE_NAME, NULL);
  self->clock = g_object_ref (clock);
  self->flags = flags;
  self->reader_flags = TIDE_DATABASE_READ_ONLY;
  opened = flags & TIDE_STORE_READ_ONLY ? tide_store_open_shared (self, migrations, error)
                                        : tide_store_open_owned (self, migrations, error);
  return opened ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_store_get_folder:
 *
 * Returns: (transfer none): absolute path of the workspace
 */
const char *
tide_store_get_folder (TideStore *self)
{
  g_return_val_if_fail (TIDE_IS_STORE (self), NULL);

  return self->folder;
}

/**
 * tide_store_get_path:
 *
 * Returns: (transfer none): absolute path of the database
 */
const char *
tide_store_get_path (TideStore *self)
{
  g_return_val_if_fail (TIDE_IS_STORE (self), NULL);

  return self->path;
}

/**
 * tide_store_get_clock:
 *
 * Returns: (transfer none): the clock that the store goes by
 */
TideClock *
tide_store_get_clock (TideStore *self)
{
  g_return_val_if_fail (TIDE_IS_STORE (self), NULL);

  return self->clock;
}

/**
 * tide_store_is_wanted:
 *
 * Returns: whether somebody waits for the writer just now. For whoever has it, and could give it back. Any thread
 */
gboolean
tide_store_is_wanted (TideStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_STORE (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  return !g_queue_is_empty (&self->waiting);
}

static void
tide_store_wait_cancelled_cb (GCancellable *cancellable,
                              TideStore    *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* Those who come first go first: a run that stores page after page would otherwise always be
 * back before the others have woken up. */
static gboolean
tide_store_wait_for_turn (TideStore    *self,
                          GCancellable *cancellable)
{
  GList turn = { NULL, NULL, NULL };
  gboolean mine;

  g_mutex_lock (&self->mutex);
  /* Would wait for itself for ever. */
  g_assert (self->writing != g_thread_self ());
  g_queue_push_tail_link (&self->waiting, &turn);
  while ((self->writing != NULL || self->waiting.head != &turn) && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);
  mine = self->writing == NULL && self->waiting.head == &turn;
  if (mine)
    self->writing = g_thread_self ();
  g_queue_unlink (&self->waiting, &turn);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  return mine;
}

/**
 * tide_store_acquire_writer:
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Waits for the writer's connection and takes it.
 *
 * Returns: (transfer none) (nullable): the connection, until tide_store_release_writer()
 */
TideDatabase *
tide_store_acquire_writer (TideStore     *self,
                           GCancellable  *cancellable,
                           GError       **error)
{
  gulong handler = 0;
  gboolean mine;

  if (self->writer == NULL)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "%s is open for reading only", self->path);
      return NULL;
    }
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (tide_store_wait_cancelled_cb), self, NULL);
  mine = tide_store_wait_for_turn (self, cancellable);
  g_cancellable_disconnect (cancellable, handler);
  if (mine && !g_cancellable_set_error_if_cancelled (cancellable, error))
    return self->writer;
  if (mine)
    tide_store_release_writer (self);
  else
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return NULL;
}

/**
 * tide_store_release_writer:
 *
 * Gives back what tide_store_acquire_writer() took.
 */
void
tide_store_release_writer (TideStore *self)
{
  g_mutex_lock (&self->mutex);
  self->writing = NULL;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_store_limit_log:
 *
 * To be called after each commit by whoever has the writer. Has the log copied into the database when there is
 * enough of it: by another thread, as that takes as long as the writing itself.
 */
void
tide_store_limit_log (TideStore *self)
{
  if (self->log_pages < LOG_PAGES_SOON)
    return;
  tide_checkpointer_request (self->checkpointer);
  if (self->log_pages < LOG_PAGES_MAX)
    return;
  tide_checkpointer_wait (self->checkpointer);
  /* What is left. With all of it copied, the next write begins the log anew. */
  sqlite3_wal_checkpoint_v2 (tide_database_get_handle (self->writer), NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/**
 * tide_store_acquire_reader:
 * @error: return location
 *
 * Takes a read connection that rests, or opens another: a reader never waits.
 *
 * Returns: (transfer full) (nullable): the connection, for tide_store_release_reader()
 */
TideDatabase *
tide_store_acquire_reader (TideStore  *self,
                           GError    **error)
{
  TideDatabase *database;

  g_mutex_lock (&self->mutex);
  database = g_queue_pop_head (&self->readers);
  g_mutex_unlock (&self->mutex);
  if (database != NULL)
    return database;
  return tide_database_open (self->path, self->reader_flags, error);
}

/**
 * tide_store_release_reader:
 * @database: (transfer full): what tide_store_acquire_reader() gave
 */
void
tide_store_release_reader (TideStore    *self,
                           TideDatabase *database)
{
  /* What it has cached is in the system's cache, too. */
  sqlite3_db_release_memory (tide_database_get_handle (database));
  g_mutex_lock (&self->mutex);
  if (g_queue_get_length (&self->readers) < READERS_KEPT)
    g_queue_push_head (&self->readers, g_steal_pointer (&database));
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&database, tide_database_close);
}
