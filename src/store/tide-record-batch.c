/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-record-batch.h"

/* A page mostly has 100 to 1000 records. */
#define RECORDS_AT_FIRST 256
#define ROWS_PER_CHUNK 256

struct _TideRecordBatch
{
  GBytes     *page;           /* (owned) (nullable) */
  TideArena  *arena;          /* (owned) */
  guint       n_columns;
  GArray     *records;        /* (owned) (element-type TideRecord) */
  GPtrArray  *chunks;         /* (owned): cells, in blocks that do not move */
  GArray     *bad;            /* (owned) (element-type TideBadRecord) */
  gsize       n_skipped;
};

static void
bad_record_clear (TideBadRecord *self)
{
  g_free (self->id);
  g_free (self->reason);
  g_free (self->payload);
}

/**
 * tide_record_batch_new:
 * @page: (nullable): the page whose text the records point into
 * @n_columns: cells of each record
 *
 * Makes an empty batch. It may go from thread to thread, but is used by one at a time.
 *
 * Returns: (transfer full): the batch
 */
TideRecordBatch *
tide_record_batch_new (GBytes *page,
                       guint   n_columns)
{
  TideRecordBatch *self = g_new0 (TideRecordBatch, 1);

  self->page = page != NULL ? g_bytes_ref (page) : NULL;
  self->arena = tide_arena_new ();
  self->n_columns = n_columns;
  self->records = g_array_sized_new (FALSE, FALSE, sizeof (TideRecord), RECORDS_AT_FIRST);
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  self->bad = g_array_new (FALSE, FALSE, sizeof (TideBadRecord));
  g_array_set_clear_func (self->bad, (GDestroyNotify)bad_record_clear);
  return self;
}

/**
 * tide_record_batch_free:
 * @self: (transfer full): a batch; its page and all of its text go with it
 */
void
tide_record_batch_free (TideRecordBatch *self)
{
  g_array_unref (self->bad);
  g_array_unref (self->records);
  g_ptr_array_unref (self->chunks);
  tide_arena_free (self->arena);
  g_clear_pointer (&self->page, g_bytes_unref);
  g_free (self);
}

/**
 * tide_record_batch_get_arena:
 *
 * Returns: (transfer none): where text may lie that is not in the page
 */
TideArena *
tide_record_batch_get_arena (TideRecordBatch *self)
{
  return self->arena;
}

static TideValue *
take_row (TideRecordBatch *self)
{
  gsize place = self->records->len % ROWS_PER_CHUNK;
  TideValue *chunk;

  if (place == 0 && self->records->len / ROWS_PER_CHUNK == self->chunks->len)
    g_ptr_array_add (self->chunks, g_new (TideValue, MAX (self->n_columns, 1) * ROWS_PER_CHUNK));
  chunk = g_ptr_array_index (self->chunks, self->chunks->len - 1);
  return chunk + place * self->n_columns;
}

/**
 * tide_record_batch_add:
 * @self: a batch
 * @values: (out): its cells, all NULL, to be filled
 *
 * Adds a record, empty, to be filled.
 *
 * Returns: (transfer none): the record; it may move at the next call, its @values do not
 */
TideRecord *
tide_record_batch_add (TideRecordBatch  *self,
                       TideValue       **values)
{
  TideValue *row = take_row (self);
  TideRecord record = { .values = row };

  /* TIDE_VALUE_NULL is 0. */
  memset (row, 0, self->n_columns * sizeof *row);
  g_array_append_val (self->records, record);
  *values = row;
  return &g_array_index (self->records, TideRecord, self->records->len - 1);
}

/**
 * tide_record_batch_add_bad:
 * @self: a batch
 * @id: (nullable): its id, where that could be read
 * @reason: what is wrong with it
 * @payload: (nullable): the record as received
 * @length: bytes of @payload
 *
 * Adds a record that could not be read. All text is copied.
 */
void
tide_record_batch_add_bad (TideRecordBatch *self,
                           const char      *id,
                           const char      *reason,
                           const char      *payload,
                           gsize            length)
{
  TideBadRecord bad = { g_strdup (id), g_strdup (reason), payload != NULL ? g_strndup (payload, length) : NULL };

  g_array_append_val (self->bad, bad);
}

/**
 * tide_record_batch_add_skipped:
 *
 * Counts a record that was read and is not wanted.
 */
void
tide_record_batch_add_skipped (TideRecordBatch *self)
{
  self->n_skipped++;
}

/**
 * tide_record_batch_get_size:
 *
 * Returns: how many records were read: good, bad and skipped
 */
gsize
tide_record_batch_get_size (TideRecordBatch *self)
{
  return self->records->len + self->bad->len + self->n_skipped;
}

/**
 * tide_record_batch_get_records:
 * @n_records: (out): how many
 *
 * Returns: (transfer none) (array length=n_records): the records that could be read
 */
const TideRecord *
tide_record_batch_get_records (TideRecordBatch *self,
                               gsize           *n_records)
{
  *n_records = self->records->len;
  return (const TideRecord *)(gpointer)self->records->data;
}

/**
 * tide_record_batch_get_bad:
 * @n_bad: (out): how many
 *
 * Returns: (transfer none) (array length=n_bad): the records that could not be read
 */
const TideBadRecord *
tide_record_batch_get_bad (TideRecordBatch *self,
                           gsize           *n_bad)
{
  *n_bad = self->bad->len;
  return (const TideBadRecord *)(gpointer)self->bad->data;
}

/**
 * tide_record_batch_get_skipped:
 *
 * Returns: how many records are not wanted
 */
gsize
tide_record_batch_get_skipped (TideRecordBatch *self)
{
  return self->n_skipped;
}
