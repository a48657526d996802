/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-record-memory-private.h"
#include "tide-record-sql-private.h"

/* A map of so many rows takes 80 MB. What is not in it is asked for in the database. */
#define MAP_ROWS_MAX 4000000

/* How many records a look-back must have had for it to pay to read the newest rows first, and how many of
 * those at the most. */
#define NEWEST_MIN 200
#define NEWEST_MAX 20000

/* A row's stored hash tells with which columns it was written, too: see tide_record_table_ensure(). */
static guint64
mix_hash (guint64 hash,
          gint64  revision)
{
  guint64 mixed = (guint64)revision * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  mixed = (mixed ^ mixed >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return hash ^ mixed ^ mixed >> 31;
}

static gboolean
has_flag (const TideRecordMemory *self,
          TideRecordWriterFlags   flag)
{
  return (self->flags & flag) != 0;
}

static gboolean
query_int (TideRecordMemory  *self,
           TideDatabase      *database,
           const char        *format,
           gint64            *value,
           GError           **error)
{
  g_autofree char *name = tide_database_quote_name (self->table);
  g_auto(GStrv) parts = g_strsplit (format, "%TABLE%", -1);
  g_autofree char *sql = g_strjoinv (name, parts);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  if (strstr (format, "@connection") != NULL)
    tide_statement_bind_int (statement, "@connection", self->connection_id);
  if (strstr (format, "@stream") != NULL)
    tide_statement_bind_text (statement, "@stream", self->stream);
  if (strstr (format, "@provider") != NULL)
    tide_statement_bind_text (statement, "@provider", self->provider);
  *value = tide_statement_next (statement, &local_error) ? tide_statement_get_int (statement, 0) : 0;
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", self->table);
  return FALSE;
}

static void
add_row_to_map (TideRecordMemory *self,
                TideStatement    *row)
{
  guint64 key = tide_key_map_hash (tide_statement_get_text (row, 1), tide_statement_get_length (row, 1));

  if (self->map->rows != NULL && self->map->n >= MAP_ROWS_MAX && !has_flag (self, TIDE_RECORD_WRITER_DRY))
    self->map_complete = FALSE;
  else
    tide_key_map_put (self->map, key, (guint64)tide_statement_get_int (row, 2), tide_statement_get_int (row, 0),
                      tide_statement_get_int (row, 3) != 0);
}

static gboolean
fill_map (TideRecordMemory  *self,
          TideDatabase      *database,
          gint64             after,
          GError           **error)
{
  g_autofree char *name = tide_database_quote_name (self->table);
  g_autofree char *sql = NULL;
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  /* Row by row as they lie in the file; by the index it would jump about. */
  sql = g_strdup_printf ("SELECT _key, _id, _hash, _deleted FROM %s NOT INDEXED"
                         " WHERE _connection = @connection AND _key > @after", name);
  statement = tide_statement_new (database, sql, error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", self->connection_id);
  tide_statement_bind_int (statement, "@after", after);
  while (tide_statement_next (statement, &local_error))
    add_row_to_map (self, statement);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", self->table);
  return FALSE;
}

static gboolean
load_map (TideRecordMemory  *self,
          TideDatabase      *database,
          gboolean           keys_only,
          GError           **error)
{
  gint64 n_rows;

  if (!query_int (self, database,
                  self->has_index ? "SELECT count(*) FROM %TABLE% WHERE _connection = @connection"
                                  : "SELECT max(_key) FROM %TABLE%", &n_rows, error))
    return FALSE;
  /* Nothing there to compare with. */
  if (n_rows == 0 && !has_flag (self, TIDE_RECORD_WRITER_DRY))
    keys_only = TRUE;
  self->map = tide_key_map_new ((gsize)MIN (n_rows, MAP_ROWS_MAX), keys_only);
  self->map_complete = TRUE;
  return fill_map (self, database, 0, error);
}

/* What a look-back reads again is mostly what the one before it did: the newest rows, which lie together at
 * the end. Read from there in one go they cost a tenth of a question each. */
static gboolean
load_newest (TideRecordMemory  *self,
             TideDatabase      *database,
             GError           **error)
{
  gint64 n_again, high;

  /* In the words of the index sync_runs_ended, or the whole history would be looked at. */
  if (!query_int (self, database,
                  "SELECT unchanged FROM sync_runs WHERE connection_id = @connection AND stream = @stream"
                  " AND status IN ('completed', 'failed', 'cancelled') AND NOT dry_run AND ids IS NULL AND filters IS NULL"
                  " AND status = 'completed' AND mode = 'incremental' ORDER BY id DESC LIMIT 1",
                  &n_again, error))
    return FALSE;
  if (n_again < NEWEST_MIN)
    return TRUE;
  if (!query_int (self, database, "SELECT max(_key) FROM %TABLE%", &high, error))
    return FALSE;
  n_again = MIN (n_again + n_again / 4, NEWEST_MAX);
  self->map = tide_key_map_new ((gsize)n_again, FALSE);
  self->map_complete = FALSE;
  return fill_map (self, database, high - n_again, error);
}

/* Which records to remember: all with their hashes when all will be compared; the ids when there is no
 * index to ask; the newest or none when a few records come to a table that has one. */
static gboolean
choose_map (TideRecordMemory  *self,
            TideDatabase      *database,
            GError           **error)
{
  gboolean starts_empty = self->seen == NULL || tide_seen_map_get_high (self->seen) == 0;

  g_clear_pointer (&self->map, tide_key_map_free);
  if (has_flag (self, TIDE_RECORD_WRITER_DRY) || !starts_empty)
    return load_map (self, database, FALSE, error);
  return self->has_index ? load_newest (self, database, error) : load_map (self, database, TRUE, error);
}

static gboolean
load_failing (TideRecordMemory  *self,
              TideDatabase      *database,
              GError           **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  g_clear_pointer (&self->failing, tide_key_map_free);
  statement = tide_statement_new (database,
                                  "SELECT record_id FROM sync_failures"
                                  " WHERE connection_id = @connection AND stream = @stream", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", self->connection_id);
  tide_statement_bind_text (statement, "@stream", self->stream);
  while (tide_statement_next (statement, &local_error))
    tide_record_memory_put_failing (self, tide_key_map_hash (tide_statement_get_text (statement, 0),
                                                             tide_statement_get_length (statement, 0)));
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading failures: ");
  return FALSE;
}

/* A listing that goes on takes what it had seen from the database; so does one whose last transaction
 * was lost. */
static gboolean
load_seen (TideRecordMemory  *self,
           TideDatabase      *database,
           GError           **error)
{
  gboolean goes_on = self->listing_committed || (self->seen == NULL && has_flag (self, TIDE_RECORD_WRITER_RESUME));
  gint64 high;

  if (!has_flag (self, TIDE_RECORD_WRITER_FULL))
    return TRUE;
  if (self->seen != NULL)
    tide_seen_map_clear (self->seen);
  else if (query_int (self, database, "SELECT max(_key) FROM %TABLE%", &high, error))
    self->seen = tide_seen_map_new (self->connection_id, self->stream, high);
  else
    return FALSE;
  if (goes_on && !tide_seen_map_load (self->seen, database, &self->listing_committed, error))
    return FALSE;
  self->listing_saved = self->listing_committed;
  return TRUE;
}

/**
 * tide_record_memory_new:
 * @spec: the table
 * @connection_id: whose rows
 * @flags: what the writer is for
 *
 * Returns: (transfer full): a memory that has to be loaded
 */
TideRecordMemory *
tide_record_memory_new (const TideTableSpec   *spec,
                        gint64                 connection_id,
                        TideRecordWriterFlags  flags)
{
  TideRecordMemory *self = g_new0 (TideRecordMemory, 1);

  self->connection_id = connection_id;
  self->stream = g_strdup (spec->stream);
  self->provider = g_strdup (spec->provider);
  self->table = tide_record_sql_get_table (spec->provider, spec->stream);
  self->flags = flags;
  return self;
}

/**
 * tide_record_memory_free:
 * @self: (transfer full): a memory
 */
void
tide_record_memory_free (TideRecordMemory *self)
{
  g_clear_pointer (&self->map, tide_key_map_free);
  g_clear_pointer (&self->failing, tide_key_map_free);
  g_clear_pointer (&self->seen, tide_seen_map_free);
  g_free (self->provider);
  g_free (self->stream);
  g_free (self->table);
  g_free (self);
}

/**
 * tide_record_memory_load:
 * @database: a connection, inside a transaction
 * @error: return location
 *
 * Makes everything that is remembered what the database says: at the beginning, and after a transaction
 * was lost.
 *
 * Returns: whether that could be read
 */
gboolean
tide_record_memory_load (TideRecordMemory  *self,
                         TideDatabase      *database,
                         GError           **error)
{
  return query_int (self, database, "SELECT revision FROM streams WHERE provider = @provider AND stream = @stream",
                    &self->revision, error) &&
         tide_record_sql_index_exists (database, self->table, &self->has_index, error) &&
         load_failing (self, database, error) &&
         load_seen (self, database, error) &&
         choose_map (self, database, error);
}

/**
 * tide_record_memory_mix:
 * @hash: hash of a payload
 *
 * Returns: the hash as it is stored with a row that has all of the table's columns
 */
guint64
tide_record_memory_mix (const TideRecordMemory *self,
                        guint64                 hash)
{
  return mix_hash (hash, self->revision);
}

/**
 * tide_record_memory_is_same:
 * @stored: hash as stored
 * @hash: hash of a payload
 *
 * Returns: whether the row was written from this very payload, if for other columns
 */
gboolean
tide_record_memory_is_same (const TideRecordMemory *self,
                            guint64                 stored,
                            guint64                 hash)
{
  for (gint64 revision = 0; revision <= self->revision; revision++)
    if (stored == mix_hash (hash, revision))
      return TRUE;
  return FALSE;
}

/**
 * tide_record_memory_see:
 * @row: a row that came by; 0 is none
 */
void
tide_record_memory_see (TideRecordMemory *self,
                        gint64            row)
{
  if (self->seen != NULL)
    tide_seen_map_add (self->seen, row);
}

/**
 * tide_record_memory_put:
 * @key: hash of a record's id
 * @hash: content hash as stored
 * @row: its row
 * @deleted: whether that is marked as deleted
 *
 * Takes note of what a row is now.
 */
void
tide_record_memory_put (TideRecordMemory *self,
                        guint64           key,
                        guint64           hash,
                        gint64            row,
                        gboolean          deleted)
{
  if (self->map != NULL)
    tide_key_map_put (self->map, key, hash, row, deleted);
}

/**
 * tide_record_memory_is_failing:
 * @key: hash of a record's id
 *
 * Returns: whether the record may be on the list of failures
 */
gboolean
tide_record_memory_is_failing (const TideRecordMemory *self,
                               guint64                 key)
{
  gsize place;

  return self->failing != NULL && tide_key_map_find (self->failing, key, &place);
}

/**
 * tide_record_memory_put_failing:
 * @key: hash of the id of a record that is now on the list of failures
 */
void
tide_record_memory_put_failing (TideRecordMemory *self,
                                guint64           key)
{
  if (self->failing == NULL)
    self->failing = tide_key_map_new (0, TRUE);
  tide_key_map_put (self->failing, key, 0, 0, FALSE);
}
