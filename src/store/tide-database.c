/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-sqlite-private.h"
#include "tide-statement-private.h"

/* How long to wait for a lock that another program holds (our own writers queue elsewhere). */
#define BUSY_STEP (10 * G_TIME_SPAN_MILLISECOND)
#define BUSY_STEPS_MAX 500

/* Instructions between two looks at the cancellable: well under a millisecond. */
#define PROGRESS_STEP 4000

#define RESTING_MAX 100

struct _TideDatabase
{
  sqlite3      *handle;
  GHashTable   *resting;      /* (owned): SQL -> TideStatement that nobody uses now */
  guint         n_lent;       /* statements that somebody does use */
  GCancellable *cancellable;  /* (owned) (nullable): of the operation that has the connection */
  gint64        deadline;     /* monotonic; 0 = none */
  gboolean      transaction;  /* one was begun and not ended by us */
};

/* Not "trusted_schema = OFF": SQLite 3.40 counts its JSON functions as unsafe then, and the views of child
 * rows read JSON. No function that could do harm is registered here. */
static const char setup_all[] =
  "PRAGMA foreign_keys = ON;";

/* A megabyte of cache holds 64 pages; the budget for a whole sync of a million records is 64 MB.
 * The log is cut back to its limit whenever it starts over; who copies it into the database: see tide-store.c. */
static const char setup_writer[] =
  "PRAGMA cache_size = -8000;"
  "PRAGMA synchronous = FULL;"
  "PRAGMA secure_delete = FAST;"
  "PRAGMA wal_autocheckpoint = 0;"
  "PRAGMA journal_size_limit = 134217728;";

static const char setup_reader[] =
  "PRAGMA query_only = ON;"
  "PRAGMA cache_size = -2000;";

static int
tide_database_busy_cb (void *user_data,
                       int   n_tries)
{
  TideDatabase *self = user_data;

  if (n_tries >= BUSY_STEPS_MAX || g_cancellable_is_cancelled (self->cancellable))
    return 0;
  /* Another program's lock sends no signal that could be waited for. */
  g_usleep (BUSY_STEP);
  return 1;
}

static int
tide_database_progress_cb (void *user_data)
{
  TideDatabase *self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return 1;
  return self->deadline != 0 && g_get_monotonic_time () > self->deadline;
}

static void
tide_database_update_progress (TideDatabase *self)
{
  if (self->cancellable != NULL || self->deadline != 0)
    sqlite3_progress_handler (self->handle, PROGRESS_STEP, tide_database_progress_cb, self);
  else
    sqlite3_progress_handler (self->handle, 0, NULL, NULL);
}

static char *
make_uri (const char        *path,
          TideDatabaseFlags  flags)
{
  g_autofree char *escaped = g_uri_escape_string (path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);

  return g_strdup_printf ("file:%s%s", escaped, flags & TIDE_DATABASE_IMMUTABLE ? "?immutable=1" : "");
}

static gboolean
tide_database_set_up (TideDatabase       *self,
                      TideDatabaseFlags   flags,
                      GError            **error)
{
  sqlite3_busy_handler (self->handle, tide_database_busy_cb, self);
  sqlite3_extended_result_codes (self->handle, TRUE);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  return tide_database_execute (self, setup_all, error) &&
         tide_database_execute (self, flags & TIDE_DATABASE_READ_ONLY ? setup_reader : setup_writer, error);
}

/**
 * tide_database_open:
 * @path: a file that exists
 * @flags: how
 * @error: return location
 *
 * Opens a connection. It is used by one thread at a time; SQLite's own mutexes are off.
 *
 * Returns: (transfer full) (nullable): the connection
 */
TideDatabase *
tide_database_open (const char         *path,
                    TideDatabaseFlags   flags,
                    GError            **error)
{
  g_autoptr(TideDatabase) self = g_new0 (TideDatabase, 1);
  g_autofree char *uri = make_uri (path, flags);
  int mode = flags & TIDE_DATABASE_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  int rc = sqlite3_open_v2 (uri, &self->handle, mode | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);

  self->resting = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)tide_statement_finalize);
  if (rc != SQLITE_OK)
    {
      tide_sqlite_set_error (self->handle, rc, NULL, error);
      return NULL;
    }
  return tide_database_set_up (self, flags, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_database_close:
 * @self: (transfer full): a connection, all of whose statements have been freed
 */
void
tide_database_close (TideDatabase *self)
{
  g_clear_pointer (&self->resting, g_hash_table_unref);
  g_warn_if_fail (self->n_lent == 0);
  g_clear_object (&self->cancellable);
  sqlite3_close_v2 (self->handle);
  g_free (self);
}

/**
 * tide_database_get_handle:
 *
 * Returns: (transfer none): SQLite's handle
 */
sqlite3 *
tide_database_get_handle (TideDatabase *self)
{
  return self->handle;
}

/**
 * tide_database_set_cancellable:
 * @cancellable: (nullable): of the operation that now has the connection
 *
 * From here on, statements end with %G_IO_ERROR_CANCELLED once @cancellable is cancelled.
 */
void
tide_database_set_cancellable (TideDatabase *self,
                               GCancellable *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
  tide_database_update_progress (self);
}

/**
 * tide_database_set_time_limit:
 * @usec: from now on; 0 takes the limit away
 *
 * Limits the time a statement may work. This is a guard for the processor's time and so goes by
 * the system's clock: a simulated one does not tick while a statement works.
 */
void
tide_database_set_time_limit (TideDatabase *self,
                              gint64        usec)
{
  gboolean had_one = self->deadline != 0;

  self->deadline = usec != 0 ? g_get_monotonic_time () + usec : 0;
  if (had_one != (usec != 0))
    tide_database_update_progress (self);
}

/**
 * tide_database_set_error:
 * @rc: what SQLite said
 * @sql: (nullable): to what
 * @error: return location
 *
 * Like tide_sqlite_set_error(), but knows why a statement was stopped.
 */
void
tide_database_set_error (TideDatabase  *self,
                         int            rc,
                         const char    *sql,
                         GError       **error)
{
  gboolean stopped = (rc & 0xff) == SQLITE_INTERRUPT || (rc & 0xff) == SQLITE_BUSY;

  if (stopped && g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return;
  if ((rc & 0xff) == SQLITE_INTERRUPT && self->deadline != 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the statement takes too long");
  else
    tide_sqlite_set_error (self->handle, rc, sql, error);
}

/**
 * tide_database_is_usable:
 * @error: return location
 *
 * A full disk makes SQLite roll a transaction back by itself. Whatever its owner does afterwards
 * would take effect on its own, so that half of a page could be stored without the other half.
 *
 * Returns: whether the transaction that was begun is still there
 */
gboolean
tide_database_is_usable (TideDatabase  *self,
                         GError       **error)
{
  if (!self->transaction || !sqlite3_get_autocommit (self->handle))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE, "the transaction was rolled back after an error");
  return FALSE;
}

/**
 * tide_database_execute:
 * @self: a connection
 * @sql: one or several statements without parameters, whose rows are not wanted
 * @error: return location
 *
 * Returns: whether all of them succeeded
 */
gboolean
tide_database_execute (TideDatabase  *self,
                       const char    *sql,
                       GError       **error)
{
  int rc;

  g_return_val_if_fail (self != NULL && sql != NULL, FALSE);

  if (!tide_database_is_usable (self, error))
    return FALSE;
  rc = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    return TRUE;
  tide_database_set_error (self, rc, sql, error);
  return FALSE;
}

/**
 * tide_database_query_int:
 * @sql: a statement without parameters
 * @value: (out): the first column of its first row; 0 where there is no row
 * @error: return location
 *
 * Returns: whether it succeeded
 */
gboolean
tide_database_query_int (TideDatabase  *self,
                         const char    *sql,
                         gint64        *value,
                         GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (self, sql, error);
  g_autoptr(GError) local_error = NULL;
  gint64 result = 0;

  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    result = tide_statement_get_int (statement, 0);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *value = result;
  return TRUE;
}

/**
 * tide_database_begin:
 * @sql: the kind of BEGIN
 * @error: return location
 *
 * Begins a transaction that only tide_database_commit() and tide_database_rollback() end.
 *
 * Returns: whether it was begun
 */
gboolean
tide_database_begin (TideDatabase  *self,
                     const char    *sql,
                     GError       **error)
{
  g_assert (!self->transaction);
  if (!tide_database_execute (self, sql, error))
    return FALSE;
  self->transaction = TRUE;
  return TRUE;
}

/**
 * tide_database_commit:
 * @error: return location
 *
 * Commits. It can no longer be cancelled: whoever asks to commit shall know what happened.
 *
 * Returns: whether it is committed; if not, it must be rolled back
 */
gboolean
tide_database_commit (TideDatabase  *self,
                      GError       **error)
{
  g_assert (self->transaction);
  sqlite3_progress_handler (self->handle, 0, NULL, NULL);
  if (!tide_database_execute (self, "COMMIT", error))
    return FALSE;
  self->transaction = FALSE;
  return TRUE;
}

/**
 * tide_database_rollback:
 *
 * Takes back what was done since tide_database_begin(). Cannot fail.
 */
void
tide_database_rollback (TideDatabase *self)
{
  self->transaction = FALSE;
  sqlite3_progress_handler (self->handle, 0, NULL, NULL);
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

/**
 * tide_database_get_last_key:
 *
 * Returns: the key of the row inserted last
 */
gint64
tide_database_get_last_key (TideDatabase *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

/**
 * tide_database_get_changes:
 *
 * Returns: how many rows the last statement changed
 */
gint64
tide_database_get_changes (TideDatabase *self)
{
  return sqlite3_changes64 (self->handle);
}

/**
 * tide_database_quote_name:
 * @name: name of a table or column
 *
 * The only way for a name into SQL text.
 *
 * Returns: (transfer full): the name in quotes
 */
char *
tide_database_quote_name (const char *name)
{
  GString *quoted = g_string_new ("\"");

  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (quoted, '"');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

/**
 * tide_database_take_statement:
 * @sql: SQL text
 *
 * Counts a statement as lent, and gives one that rests if there is one of that text.
 *
 * Returns: (transfer full) (nullable): the statement
 */
TideStatement *
tide_database_take_statement (TideDatabase *self,
                              const char   *sql)
{
  gpointer statement = NULL;

  self->n_lent++;
  if (!g_hash_table_steal_extended (self->resting, sql, NULL, &statement))
    return NULL;
  return statement;
}

/**
 * tide_database_rest_statement:
 * @statement: (transfer full) (nullable): a statement, reset and without values; %NULL if it is gone
 *
 * Takes back what tide_database_take_statement() counted as lent.
 */
void
tide_database_rest_statement (TideDatabase  *self,
                              TideStatement *statement)
{
  const char *sql = statement != NULL ? tide_statement_get_sql (statement) : NULL;

  self->n_lent--;
  if (statement == NULL)
    return;
  if (g_hash_table_size (self->resting) >= RESTING_MAX || g_hash_table_contains (self->resting, sql))
    tide_statement_finalize (statement);
  else
    g_hash_table_insert (self->resting, (gpointer)sql, statement);
}
