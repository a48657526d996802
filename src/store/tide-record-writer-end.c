/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-record-sweep-private.h"
#include "tide-record-tally-private.h"
#include "tide-record-writer-private.h"

static gboolean
count_without_write (TideRecordWriter  *self,
                     gint64            *n_unseen,
                     gint64            *n_live,
                     GError           **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, self->cancellable, error);
  TideDatabase *database = read != NULL ? tide_read_get_database (read) : NULL;
  g_autoptr(GArray) rows = database != NULL ? tide_record_sweep_list (self->memory, database, error) : NULL;

  return rows != NULL && tide_record_sweep_count (self->memory, database, rows, n_unseen, n_live, error);
}

/* A look at the whole index: once for the question and for what follows it. */
static gboolean
list_unseen (TideRecordWriter  *self,
             GError           **error)
{
  if (self->unseen == NULL)
    self->unseen = tide_record_sweep_list (self->memory, self->database, error);
  return self->unseen != NULL;
}

static gboolean
rehearse_sweep (TideRecordWriter  *self,
                TideWrite         *write,
                TideCounts        *counts,
                GError           **error)
{
  g_autoptr(TideRead) read = NULL;

  if (write != NULL)
    return tide_record_rehearsal_sweep (self->rehearsal, tide_write_get_database (write), TRUE, counts, error);
  read = tide_store_begin_read (self->store, self->cancellable, error);
  return read != NULL &&
         tide_record_rehearsal_sweep (self->rehearsal, tide_read_get_database (read), FALSE, counts, error);
}

/**
 * tide_record_writer_count_before:
 * @write: the write
 * @n_created: records that the run has created, in all its attempts
 * @tally: (out): what the run has done, in all its attempts and in @write
 * @n_live: (out): how many records of the connection were live when the run began
 * @error: return location
 *
 * Takes a look at the whole index of the table: some ten milliseconds for a million rows.
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_writer_count_before (TideRecordWriter  *self,
                                 TideWrite         *write,
                                 gint64             n_created,
                                 TideRecordTally   *tally,
                                 gint64            *n_live,
                                 GError           **error)
{
  return tide_record_writer_enter (self, write, error) &&
         tide_record_tally_count (self->memory, self->database, self->run_id, n_created, tally, n_live, error);
}

/**
 * tide_record_writer_count_unseen:
 * @self: a writer of a full listing that has come to its end
 * @write: (nullable): the write; a dry run needs none
 * @n_unseen: (out): how many rows tide_record_writer_sweep() would mark as deleted
 * @n_live: (out): how many rows of the connection were there when the listing began and are live now; not counted, and
 *   0, where none would be marked
 * @error: return location
 *
 * Tells beforehand what a sweep would do, so that a listing which comes back short for a wrong
 * reason does not empty the table.
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_writer_count_unseen (TideRecordWriter  *self,
                                 TideWrite         *write,
                                 gint64            *n_unseen,
                                 gint64            *n_live,
                                 GError           **error)
{
  g_return_val_if_fail (self->memory->seen != NULL, FALSE);

  if (self->flags & TIDE_RECORD_WRITER_DRY)
    return count_without_write (self, n_unseen, n_live, error);
  return tide_record_writer_enter (self, write, error) && list_unseen (self, error) &&
         tide_record_sweep_count (self->memory, self->database, self->unseen, n_unseen, n_live, error);
}

/**
 * tide_record_writer_sweep:
 * @self: a writer of a full listing that has come to its end
 * @write: (nullable): the write; a dry run needs none
 * @counts: deleted records are added here
 * @error: return location
 *
 * Marks as deleted what the listing no longer had, and ends the listing. Rows that were created
 * during it stay. If the listing had a record whose id could not be read, nothing is marked: any row may
 * be that record.
 *
 * Returns: whether it succeeded; if not, @write has to be rolled back
 */
gboolean
tide_record_writer_sweep (TideRecordWriter  *self,
                          TideWrite         *write,
                          TideCounts        *counts,
                          GError           **error)
{
  TideRecordMemory *memory = self->memory;
  gboolean ok;

  g_return_val_if_fail (memory->seen != NULL, FALSE);

  if (self->flags & TIDE_RECORD_WRITER_DRY)
    return rehearse_sweep (self, write, counts, error);
  if (!tide_record_writer_enter (self, write, error) || !list_unseen (self, error))
    return FALSE;
  tide_record_rows_begin (self->rows, self->database, tide_store_get_clock (self->store));
  ok = tide_record_sweep_run (self->rows, self->unseen, counts, error);
  tide_record_rows_end (self->rows);
  if (!ok || !tide_seen_map_remove (memory->seen, self->database, error))
    return FALSE;
  memory->listing_saved = FALSE;
  g_clear_pointer (&memory->seen, tide_seen_map_free);
  return TRUE;
}

/**
 * tide_record_writer_finish:
 * @self: a writer
 * @write: (nullable): the write; a dry run needs none
 * @error: return location
 *
 * Ends a run that has come to its end: after a first load the index of ids is built now. After a run that
 * broke off, don't: the next one can go on filling the table without it.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_record_writer_finish (TideRecordWriter  *self,
                           TideWrite         *write,
                           GError           **error)
{
  if (self->flags & TIDE_RECORD_WRITER_DRY)
    return TRUE;
  if (!tide_record_writer_enter (self, write, error))
    return FALSE;
  /* The index will answer from here on; and to build it takes memory as well. */
  if (self->memory->map != NULL && self->memory->map->rows == NULL)
    g_clear_pointer (&self->memory->map, tide_key_map_free);
  return tide_record_writer_ensure_index (self, error);
}
