/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-failure-rows.h"
#include "tide-record-sql-private.h"
#include "tide-record-writer-private.h"
#include "tide-run-rows-private.h"
#include "tide-write-private.h"

static void
tide_record_writer_write_ended_cb (gboolean committed,
                                   gpointer user_data)
{
  TideRecordWriter *self = user_data;

  self->write = NULL;
  self->database = NULL;
  g_clear_pointer (&self->unseen, g_array_unref);
  if (committed)
    self->memory->listing_committed = self->memory->listing_saved;
  else
    self->stale = TRUE;
}

static gboolean
tide_record_writer_reload (TideRecordWriter  *self,
                           TideDatabase      *database,
                           GError           **error)
{
  if (!tide_record_memory_load (self->memory, database, error))
    return FALSE;
  self->first_key = 0;
  self->last_key = 0;
  self->stale = FALSE;
  return TRUE;
}

/**
 * tide_record_writer_enter:
 * @write: the write
 * @error: return location
 *
 * Begins a call that works within @write.
 *
 * Returns: whether what is remembered fits what is in the database
 */
gboolean
tide_record_writer_enter (TideRecordWriter  *self,
                          TideWrite         *write,
                          GError           **error)
{
  TideDatabase *database = tide_write_get_database (write);
  TideRecordMemory *memory = self->memory;

  if (self->stale && !tide_record_writer_reload (self, database, error))
    return FALSE;
  /* Another connection's run on this table may have built it. */
  if (!memory->has_index &&
      !tide_record_sql_index_exists (database, memory->table, &memory->has_index, error))
    return FALSE;
  if (self->write != write)
    tide_write_add_end_func (write, tide_record_writer_write_ended_cb, self);
  self->write = write;
  self->database = database;
  return TRUE;
}

/**
 * tide_record_writer_ensure_index:
 * @error: return location
 *
 * Returns: whether the table has its index of ids now; within a call
 */
gboolean
tide_record_writer_ensure_index (TideRecordWriter  *self,
                                 GError           **error)
{
  TideRecordMemory *memory = self->memory;

  if (!memory->has_index && !tide_record_sql_build_index (self->database, memory->table, error))
    return FALSE;
  memory->has_index = TRUE;
  return TRUE;
}

static gboolean
came_through (TideRecordWriter  *self,
              const TideRecord  *record,
              guint64            key,
              GError           **error)
{
  if (!tide_record_memory_is_failing (self->memory, key))
    return TRUE;
  return tide_failure_rows_solved (self->write, self->connection_id, self->memory->stream,
                                   record->id, record->id_length, error);
}

static gboolean
put_failure (TideRecordWriter  *self,
             const char        *id,
             const char        *reason,
             const char        *payload,
             TideCounts        *counts,
             GError           **error)
{
  gint64 now = tide_clock_now (tide_store_get_clock (self->store));

  counts->failed++;
  if (id != NULL)
    tide_record_memory_put_failing (self->memory, tide_key_map_hash (id, strlen (id)));
  return tide_failure_rows_put (self->write, self->connection_id, self->memory->stream, self->run_id,
                                id, reason, payload, now, error);
}

static gboolean
put_refused (TideRecordWriter  *self,
             const TideRecord  *record,
             const char        *reason,
             TideCounts        *counts,
             GError           **error)
{
  g_autofree char *id = record->id != NULL ? g_strndup (record->id, record->id_length) : NULL;
  g_autofree char *payload = record->raw != NULL ? g_strndup (record->raw, record->raw_length) : NULL;

  return put_failure (self, id, reason, payload, counts, error);
}

static gboolean
insert_record (TideRecordWriter  *self,
               const TideRecord  *record,
               guint64            key,
               TideCounts        *counts,
               GError           **error)
{
  guint64 hash = tide_record_memory_mix (self->memory, record->hash);
  g_autofree char *refusal = NULL;
  gint64 row;

  if (!tide_record_rows_insert (self->rows, record, hash, &row, &refusal, error))
    return FALSE;
  if (refusal != NULL)
    return put_refused (self, record, refusal, counts, error);
  counts->created++;
  self->first_key = self->first_key == 0 ? row : MIN (self->first_key, row);
  self->last_key = MAX (self->last_key, row);
  /* Only where the rows of somebody else, at the end of the table, were removed meanwhile. */
  tide_record_memory_see (self->memory, row);
  tide_record_memory_put (self->memory, key, hash, row, FALSE);
  return came_through (self, record, key, error);
}

static gboolean
delete_record (TideRecordWriter     *self,
               const TideRecordRow  *row,
               guint64               key,
               TideCounts           *counts,
               GError              **error)
{
  gboolean was_live;

  if (!tide_record_rows_mark (self->rows, row->key, &was_live, error))
    return FALSE;
  counts->updated++;
  counts->deleted++;
  self->tally.deleted += row->first_run != self->run_id;
  tide_record_memory_put (self->memory, key, row->hash, row->key, TRUE);
  return TRUE;
}

static gboolean
change_record (TideRecordWriter     *self,
               const TideRecordRow  *row,
               const TideRecord     *record,
               guint64               key,
               TideCounts           *counts,
               GError              **error)
{
  guint64 hash = tide_record_memory_mix (self->memory, record->hash);
  gboolean refill = !row->deleted && tide_record_memory_is_same (self->memory, row->hash, record->hash);
  g_autofree char *refusal = NULL;
  gboolean ok;

  ok = refill ? tide_record_rows_refill (self->rows, row, record, hash, &refusal, error)
              : tide_record_rows_update (self->rows, row, record, hash, &refusal, error);
  if (!ok)
    return FALSE;
  if (refusal != NULL)
    return put_refused (self, record, refusal, counts, error);
  *(refill ? &counts->unchanged : &counts->updated) += 1;
  if (!refill && row->first_run != self->run_id)
    *(row->deleted ? &self->tally.restored : &self->tally.changed) += 1;
  tide_record_memory_put (self->memory, key, hash, row->key, FALSE);
  return came_through (self, record, key, error);
}

/* The slow and sure way. */
static gboolean
look_up_record (TideRecordWriter  *self,
                const TideRecord  *record,
                guint64            key,
                TideCounts        *counts,
                GError           **error)
{
  TideRecordRow row;
  gboolean found;

  if (!tide_record_writer_ensure_index (self, error) ||
      !tide_record_rows_find (self->rows, record->id, record->id_length, &row, &found, error))
    return FALSE;
  if (!found && !record->deleted)
    return insert_record (self, record, key, counts, error);
  if (!found)
    {
      counts->skipped++;
      return TRUE;
    }
  tide_record_memory_see (self->memory, row.key);
  if (record->deleted && !row.deleted)
    return delete_record (self, &row, key, counts, error);
  if (!record->deleted && (row.deleted || row.hash != tide_record_memory_mix (self->memory, record->hash)))
    return change_record (self, &row, record, key, counts, error);
  counts->unchanged++;
  return came_through (self, record, key, error);
}

/* How a record finds its row, from fast to slow:
 *
 *  1. The map holds id hash, content hash and row of what is in the table. A record of which both
 *     hashes are there is unchanged, and no SQL is run. Loaded for full listings.
 *  2. What a complete map (or set of id hashes, which is all that a first load keeps) does not
 *     hold is new, and is inserted without looking. So a table can be filled while it has no index yet.
 *  3. Everything else is looked up by the index of ids, which is built at this moment if it is missing.
 *
 * The map only ever saves a question: a hash that stands for two ids leads to 3. */
static gboolean
write_record (TideRecordWriter  *self,
              const TideRecord  *record,
              TideCounts        *counts,
              GError           **error)
{
  TideRecordMemory *memory = self->memory;
  guint64 key = tide_key_map_hash (record->id, record->id_length);
  gboolean found;
  guint32 row;
  gsize place;

  counts->read++;
  if (memory->map == NULL)
    return look_up_record (self, record, key, counts, error);
  found = tide_key_map_find (memory->map, key, &place);
  if (!found && memory->map_complete && !record->deleted)
    return insert_record (self, record, key, counts, error);
  if (!found && memory->map_complete)
    {
      counts->skipped++;
      return TRUE;
    }
  row = found && memory->map->rows != NULL ? memory->map->rows[place] : 0;
  if (row == 0 || (row & TIDE_KEY_MAP_GONE) != 0 || record->deleted ||
      memory->map->hashes[place] != tide_record_memory_mix (self->memory, record->hash))
    return look_up_record (self, record, key, counts, error);
  tide_record_memory_see (self->memory, row);
  counts->unchanged++;
  return came_through (self, record, key, error);
}

/* A record that cannot be read is still there at the provider: the sweep must not take it. */
static gboolean
see_bad_record (TideRecordWriter     *self,
                const TideBadRecord  *bad,
                GError              **error)
{
  TideRecordRow row;
  gboolean found;

  if (self->memory->seen == NULL)
    return TRUE;
  if (bad->id == NULL)
    {
      tide_seen_map_add_unnamed (self->memory->seen);
      return TRUE;
    }
  if (tide_seen_map_get_high (self->memory->seen) == 0)
    return TRUE;
  if (!tide_record_writer_ensure_index (self, error) ||
      !tide_record_rows_find (self->rows, bad->id, strlen (bad->id), &row, &found, error))
    return FALSE;
  if (found)
    tide_record_memory_see (self->memory, row.key);
  return TRUE;
}

static gboolean
write_bad_record (TideRecordWriter     *self,
                  const TideBadRecord  *bad,
                  TideCounts           *counts,
                  GError              **error)
{
  counts->read++;
  return see_bad_record (self, bad, error) &&
         put_failure (self, bad->id, bad->reason, bad->payload, counts, error);
}

static gboolean
write_batch (TideRecordWriter  *self,
             TideRecordBatch   *batch,
             TideCounts        *counts,
             GError           **error)
{
  gsize n_records;
  gsize n_bad;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);
  const TideBadRecord *bad = tide_record_batch_get_bad (batch, &n_bad);
  gsize n_skipped = tide_record_batch_get_skipped (batch);

  for (gsize i = 0; i < n_records; i++)
    if (!write_record (self, &records[i], counts, error))
      return FALSE;
  for (gsize i = 0; i < n_bad; i++)
    if (!write_bad_record (self, &bad[i], counts, error))
      return FALSE;
  counts->read += (gint64)n_skipped;
  counts->skipped += (gint64)n_skipped;
  return TRUE;
}

static gboolean
tide_record_writer_first_load (TideRecordWriter  *self,
                               GError           **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, self->cancellable, error);

  return read != NULL && tide_record_writer_reload (self, tide_read_get_database (read), error);
}

/**
 * tide_record_writer_new:
 * @store: a store
 * @spec: the table, as it was given to tide_record_table_ensure()
 * @connection_id: whose records will come
 * @run_id: the run that brings them
 * @flags: what for
 * @cancellable: (nullable): cancels what is done without a write
 * @error: return location
 *
 * Makes a writer and reads what it has to know of the table: that can take a second for a million
 * rows. There is never more than one at a time for a connection and a stream; several may be at work on
 * one table for different connections.
 *
 * Returns: (transfer full) (nullable): the writer
 */
TideRecordWriter *
tide_record_writer_new (TideStore              *store,
                        const TideTableSpec    *spec,
                        gint64                  connection_id,
                        gint64                  run_id,
                        TideRecordWriterFlags   flags,
                        GCancellable           *cancellable,
                        GError                **error)
{
  g_autoptr(TideRecordWriter) self = g_new0 (TideRecordWriter, 1);

  self->store = g_object_ref (store);
  self->connection_id = connection_id;
  self->run_id = run_id;
  self->flags = flags;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->rows = tide_record_rows_new (spec, connection_id, run_id);
  self->memory = tide_record_memory_new (spec, connection_id, flags);
  if (flags & TIDE_RECORD_WRITER_DRY)
    self->rehearsal = tide_record_rehearsal_new (self->memory, run_id);
  return tide_record_writer_first_load (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_record_writer_free:
 * @self: (transfer full): a writer
 */
void
tide_record_writer_free (TideRecordWriter *self)
{
  if (self->write != NULL)
    tide_write_remove_end_func (self->write, self);
  g_clear_pointer (&self->rehearsal, tide_record_rehearsal_free);
  g_clear_pointer (&self->unseen, g_array_unref);
  tide_record_rows_free (self->rows);
  tide_record_memory_free (self->memory);
  g_clear_object (&self->cancellable);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * tide_record_writer_write:
 * @self: a writer
 * @write: (nullable): the write; a dry run does without, but keeps what would change only with one
 * @batch: records
 * @counts: what happened to them is added here, each in one of created, updated, unchanged, failed
 *    and skipped; after a failure it says nothing
 * @error: return location
 *
 * Stores a batch. Only what is new or other than before is written; what a record was before
 * goes to record_changes. A record that the database refuses, and those that could not be read, go on
 * the list of failures; a record that comes through comes off it. Nothing of the batch is needed afterwards.
 *
 * Returns: whether the run can go on; if not, @write has to be rolled back
 */
gboolean
tide_record_writer_write (TideRecordWriter  *self,
                          TideWrite         *write,
                          TideRecordBatch   *batch,
                          TideCounts        *counts,
                          GError           **error)
{
  gboolean ok;

  if (self->rehearsal != NULL)
    return tide_record_rehearsal_write (self->rehearsal, write != NULL ? tide_write_get_database (write) : NULL,
                                        batch, counts, error);
  if (!tide_record_writer_enter (self, write, error))
    return FALSE;
  g_clear_pointer (&self->unseen, g_array_unref);
  tide_record_rows_begin (self->rows, self->database, tide_store_get_clock (self->store));
  ok = write_batch (self, batch, counts, error);
  tide_record_rows_end (self->rows);
  return ok;
}

/**
 * tide_record_writer_flush:
 * @self: a writer
 * @write: (nullable): the write that is about to be committed; a dry run needs none
 * @error: return location
 *
 * Writes down what goes with the records stored so far: which rows the listing has seen, and which the
 * run created. To be called before each commit, also of one without records: with the first the
 * listing begins.
 *
 * Returns: whether it is written
 */
gboolean
tide_record_writer_flush (TideRecordWriter  *self,
                          TideWrite         *write,
                          GError           **error)
{
  TideRecordMemory *memory = self->memory;

  if (self->flags & TIDE_RECORD_WRITER_DRY)
    return TRUE;
  if (!tide_record_writer_enter (self, write, error))
    return FALSE;
  if (self->first_key != 0 &&
      !tide_run_rows_add_keys (write, self->run_id, self->first_key, self->last_key, error))
    return FALSE;
  self->first_key = 0;
  self->last_key = 0;
  if (memory->seen == NULL)
    return TRUE;
  if (!tide_seen_map_save (memory->seen, self->database, !memory->listing_saved, error))
    return FALSE;
  memory->listing_saved = TRUE;
  return TRUE;
}

/**
 * tide_record_writer_get_tally:
 *
 * Returns: (transfer none): what this writer has done so far; it only ever grows, by what was rolled back too
 */
const TideRecordTally *
tide_record_writer_get_tally (TideRecordWriter *self)
{
  return &self->tally;
}

/**
 * tide_record_writer_rolled_back:
 * @self: a writer
 *
 * Says that what was written since the last commit is lost. The writer finds that out by itself, too; it
 * reads anew what it has to know before it writes again.
 */
void
tide_record_writer_rolled_back (TideRecordWriter *self)
{
  if (self->write == NULL)
    return;
  tide_write_remove_end_func (self->write, self);
  tide_record_writer_write_ended_cb (FALSE, self);
}
