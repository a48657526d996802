/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-record-rows-private.h"
#include "tide-record-sql-private.h"
#include "tide-statement-private.h"
#include "tide-time.h"

typedef enum
{
  SQL_FIND,
  SQL_INSERT,
  SQL_UPDATE,
  SQL_REFILL,
  SQL_MARK,
  SQL_KEEP,
  N_SQL
} SqlKind;

struct _TideRecordRows
{
  gint64         connection_id;
  gint64         run_id;
  char          *stream;             /* (owned) */
  gsize          n_columns;
  char          *sql[N_SQL];         /* (owned) */

  TideDatabase  *database;           /* (nullable): between begin and end */
  TideStatement *statements[N_SQL];  /* (owned) (nullable): made when first needed */
  char           now[TIDE_TIME_TEXT_LENGTH + 1];
};

/**
 * tide_record_rows_new:
 * @spec: the table
 * @connection_id: whose rows
 * @run_id: the run that changes them
 *
 * Returns: (transfer full): the rows
 */
TideRecordRows *
tide_record_rows_new (const TideTableSpec *spec,
                      gint64               connection_id,
                      gint64               run_id)
{
  TideRecordRows *self = g_new0 (TideRecordRows, 1);
  g_autofree char *table = tide_record_sql_get_table (spec->provider, spec->stream);
  g_autofree char *name = tide_database_quote_name (table);

  self->connection_id = connection_id;
  self->run_id = run_id;
  self->stream = g_strdup (spec->stream);
  self->n_columns = spec->n_columns;
  self->sql[SQL_FIND] = g_strdup_printf ("SELECT _key, _hash, _deleted, _first_run FROM %s"
                                         " WHERE _connection = ?1 AND _id = ?2", name);
  self->sql[SQL_INSERT] = tide_record_sql_make_insert (table, spec);
  self->sql[SQL_UPDATE] = tide_record_sql_make_update (table, spec, FALSE);
  self->sql[SQL_REFILL] = tide_record_sql_make_update (table, spec, TRUE);
  self->sql[SQL_MARK] = g_strdup_printf ("UPDATE %s SET _deleted = 1, _changed_run = ?4"
                                         " WHERE _key = ?1 AND _deleted = 0", name);
  self->sql[SQL_KEEP] = g_strdup_printf ("INSERT INTO record_changes"
                                         " (run_id, connection_id, stream, record_id, kind, before, at)"
                                         " SELECT @run, _connection, @stream, _id, @kind, _raw, @at"
                                         " FROM %s WHERE _key = @key", name);
  return self;
}

/**
 * tide_record_rows_free:
 * @self: (transfer full): rows, outside begin and end
 */
void
tide_record_rows_free (TideRecordRows *self)
{
  tide_record_rows_end (self);
  for (int i = 0; i < N_SQL; i++)
    g_free (self->sql[i]);
  g_free (self->stream);
  g_free (self);
}

/**
 * tide_record_rows_begin:
 * @database: the writer's connection
 * @clock: tells when the changes happened
 *
 * Begins to work within a write. All other functions are for between this and the end.
 */
void
tide_record_rows_begin (TideRecordRows *self,
                        TideDatabase   *database,
                        TideClock      *clock)
{
  self->database = database;
  tide_time_format (tide_clock_now (clock), self->now);
}

/**
 * tide_record_rows_end:
 *
 * Gives the statements back.
 */
void
tide_record_rows_end (TideRecordRows *self)
{
  for (int i = 0; i < N_SQL; i++)
    g_clear_pointer (&self->statements[i], tide_statement_free);
  self->database = NULL;
}

static TideStatement *
get_statement (TideRecordRows  *self,
               SqlKind          kind,
               GError         **error)
{
  if (self->statements[kind] == NULL)
    self->statements[kind] = tide_statement_new (self->database, self->sql[kind], error);
  return self->statements[kind];
}

/**
 * tide_record_rows_find:
 * @id: the provider's id
 * @length: its bytes
 * @row: (out): its row, where there is one
 * @found: (out): whether there is one
 * @error: return location
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_rows_find (TideRecordRows  *self,
                       const char      *id,
                       gsize            length,
                       TideRecordRow   *row,
                       gboolean        *found,
                       GError         **error)
{
  TideStatement *statement = get_statement (self, SQL_FIND, error);
  sqlite3_stmt *handle;
  int rc;

  if (statement == NULL)
    return FALSE;
  handle = tide_statement_get_handle (statement);
  sqlite3_bind_int64 (handle, 1, self->connection_id);
  sqlite3_bind_text64 (handle, 2, id, length, SQLITE_STATIC, SQLITE_UTF8);
  rc = tide_statement_step (statement);
  *found = rc == SQLITE_ROW;
  if (rc == SQLITE_ROW)
    {
      row->key = sqlite3_column_int64 (handle, 0);
      row->hash = (guint64)sqlite3_column_int64 (handle, 1);
      row->deleted = sqlite3_column_int (handle, 2) != 0;
      row->first_run = sqlite3_column_int64 (handle, 3);
    }
  else if (rc != SQLITE_DONE)
    tide_database_set_error (self->database, rc, self->sql[SQL_FIND], error);
  sqlite3_reset (handle);
  return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static int
bind_value (sqlite3_stmt    *handle,
            int              param,
            const TideValue *value)
{
  switch (value->kind)
    {
    case TIDE_VALUE_INTEGER:
      return sqlite3_bind_int64 (handle, param, value->integer);

    case TIDE_VALUE_REAL:
      return sqlite3_bind_double (handle, param, value->real);

    case TIDE_VALUE_TEXT:
      return sqlite3_bind_text64 (handle, param, value->text, value->length, SQLITE_STATIC, SQLITE_UTF8);

    case TIDE_VALUE_NULL:
    default:
      return sqlite3_bind_null (handle, param);
    }
}

/* Nothing is copied: text stays in the page, which outlives the step. */
static int
bind_record (TideRecordRows   *self,
             sqlite3_stmt     *handle,
             gint64            owner,
             const TideRecord *record,
             guint64           hash)
{
  int rc;

  sqlite3_bind_int64 (handle, TIDE_RECORD_PARAM_OWNER, owner);
  sqlite3_bind_int64 (handle, TIDE_RECORD_PARAM_HASH, (gint64)hash);
  /* A refill has no use for these, and no place for them where there are no columns. */
  sqlite3_bind_int64 (handle, TIDE_RECORD_PARAM_RUN, self->run_id);
  rc = sqlite3_bind_text64 (handle, TIDE_RECORD_PARAM_ID, record->id, record->id_length, SQLITE_STATIC, SQLITE_UTF8);
  if (rc == SQLITE_OK)
    rc = sqlite3_bind_text64 (handle, TIDE_RECORD_PARAM_RAW, record->raw, record->raw_length,
                              SQLITE_STATIC, SQLITE_UTF8);
  if (rc == SQLITE_RANGE)
    rc = SQLITE_OK;
  for (gsize i = 0; i < self->n_columns && rc == SQLITE_OK; i++)
    rc = bind_value (handle, (int)(TIDE_RECORD_PARAM_FIRST_COLUMN + i), &record->values[i]);
  return rc;
}

/* Whether a code means that only this one record cannot be stored. */
static gboolean
is_refusal (int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return TRUE;

    default:
      return FALSE;
    }
}

static gboolean
put_record (TideRecordRows    *self,
            SqlKind            kind,
            gint64             owner,
            const TideRecord  *record,
            guint64            hash,
            char             **refusal,
            GError           **error)
{
  TideStatement *statement = get_statement (self, kind, error);
  sqlite3_stmt *handle;
  int rc;

  if (statement == NULL)
    return FALSE;
  handle = tide_statement_get_handle (statement);
  rc = bind_record (self, handle, owner, record, hash);
  if (rc == SQLITE_OK)
    rc = tide_statement_step (statement);
  if (is_refusal (rc))
    *refusal = g_strdup (sqlite3_errmsg (tide_database_get_handle (self->database)));
  else if (rc != SQLITE_DONE)
    tide_database_set_error (self->database, rc, self->sql[kind], error);
  sqlite3_reset (handle);
  return rc == SQLITE_DONE || is_refusal (rc);
}

/* Keeps what a row holds, before it changes. */
static gboolean
keep_before (TideRecordRows  *self,
             gint64           key,
             const char      *kind,
             GError         **error)
{
  TideStatement *statement = get_statement (self, SQL_KEEP, error);

  if (statement == NULL)
    return FALSE;
  tide_statement_reset (statement);
  tide_statement_bind_int (statement, "@run", self->run_id);
  tide_statement_bind_text (statement, "@stream", self->stream);
  tide_statement_bind_text (statement, "@kind", kind);
  tide_statement_bind_text (statement, "@at", self->now);
  tide_statement_bind_int (statement, "@key", key);
  return tide_statement_run (statement, error);
}

static gboolean
forget_before (TideRecordRows  *self,
               gint64           change,
               GError         **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (self->database, "DELETE FROM record_changes WHERE id = @id", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", change);
  return tide_statement_run (statement, error);
}

/**
 * tide_record_rows_insert:
 * @record: a record that has no row yet
 * @hash: content hash to store
 * @key: (out): its new row
 * @refusal: (out) (nullable): why the database refuses this record, where it does
 * @error: return location
 *
 * Returns: whether the run can go on
 */
gboolean
tide_record_rows_insert (TideRecordRows    *self,
                         const TideRecord  *record,
                         guint64            hash,
                         gint64            *key,
                         char             **refusal,
                         GError           **error)
{
  if (!put_record (self, SQL_INSERT, self->connection_id, record, hash, refusal, error))
    return FALSE;
  *key = tide_database_get_last_key (self->database);
  return TRUE;
}

/**
 * tide_record_rows_update:
 * @row: its row
 * @record: what the record is now
 * @hash: content hash to store
 * @refusal: (out) (nullable): why the database refuses this record, where it does
 * @error: return location
 *
 * Changes a row, or brings one back that was marked as deleted, and keeps what it was before.
 *
 * Returns: whether the run can go on
 */
gboolean
tide_record_rows_update (TideRecordRows       *self,
                         const TideRecordRow  *row,
                         const TideRecord     *record,
                         guint64               hash,
                         char                **refusal,
                         GError              **error)
{
  gint64 change;

  if (!keep_before (self, row->key, row->deleted ? "restored" : "updated", error))
    return FALSE;
  change = tide_database_get_last_key (self->database);
  if (!put_record (self, SQL_UPDATE, row->key, record, hash, refusal, error))
    return FALSE;
  return *refusal == NULL || forget_before (self, change, error);
}

/**
 * tide_record_rows_refill:
 *
 * Fills the columns of a row whose record is the same as ever, after the table was given others.
 *
 * Returns: whether the run can go on
 */
gboolean
tide_record_rows_refill (TideRecordRows       *self,
                         const TideRecordRow  *row,
                         const TideRecord     *record,
                         guint64               hash,
                         char                **refusal,
                         GError              **error)
{
  return put_record (self, SQL_REFILL, row->key, record, hash, refusal, error);
}

static gboolean
mark_row (TideRecordRows  *self,
             gint64           key,
             gboolean        *live,
             GError         **error)
{
  TideStatement *statement = get_statement (self, SQL_MARK, error);
  sqlite3_stmt *handle;
  int rc;

  if (statement == NULL)
    return FALSE;
  handle = tide_statement_get_handle (statement);
  sqlite3_bind_int64 (handle, 1, key);
  sqlite3_bind_int64 (handle, 4, self->run_id);
  rc = tide_statement_step (statement);
  if (rc != SQLITE_DONE)
    tide_database_set_error (self->database, rc, self->sql[SQL_MARK], error);
  *live = rc == SQLITE_DONE && tide_database_get_changes (self->database) > 0;
  sqlite3_reset (handle);
  return rc == SQLITE_DONE;
}

/**
 * tide_record_rows_mark:
 * @key: a row
 * @was_live: (out): whether it was not marked before
 * @error: return location
 *
 * Marks a row as deleted. It stays, with what it holds.
 *
 * Returns: whether the run can go on
 */
gboolean
tide_record_rows_mark (TideRecordRows  *self,
                       gint64           key,
                       gboolean        *was_live,
                       GError         **error)
{
  /* Marking does not touch the payload, so that it can be kept afterwards. */
  if (!mark_row (self, key, was_live, error))
    return FALSE;
  return !*was_live || keep_before (self, key, "deleted", error);
}
