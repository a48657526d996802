/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-counts.h"
#include "tide-record-table.h"

G_BEGIN_DECLS

/**
 * TideRecordWriter:
 *
 * Puts the batches of one run into one record table and decides for each record whether it is
 * new, changed or the same. Belongs to the run's storing thread.
 */
typedef struct _TideRecordWriter TideRecordWriter;

typedef enum
{
  TIDE_RECORD_WRITER_NONE = 0,
  TIDE_RECORD_WRITER_FULL = 1 << 0,   /* a listing: remember what was seen, for the sweep */
  TIDE_RECORD_WRITER_RESUME = 1 << 1, /* go on with the full listing that was under way */
  TIDE_RECORD_WRITER_DRY = 1 << 2,    /* count what would happen, write nothing */
} TideRecordWriterFlags;

/**
 * TideRecordTally:
 * @changed: records that were there before the run, and have another payload now
 * @deleted: those that the provider itself said are gone
 * @restored: those that were marked as deleted, and are back
 *
 * What a run did to records that it found here. Columns that were filled again do not count.
 */
typedef struct
{
  gint64 changed;
  gint64 deleted;
  gint64 restored;
} TideRecordTally;

TideRecordWriter *tide_record_writer_new        (TideStore             *store,
                                                 const TideTableSpec   *spec,
                                                 gint64                 connection_id,
                                                 gint64                 run_id,
                                                 TideRecordWriterFlags  flags,
                                                 GCancellable          *cancellable,
                                                 GError               **error);
void              tide_record_writer_free       (TideRecordWriter      *self);
gboolean          tide_record_writer_write      (TideRecordWriter      *self,
                                                 TideWrite             *write,
                                                 TideRecordBatch       *batch,
                                                 TideCounts            *counts,
                                                 GError               **error);
gboolean          tide_record_writer_flush      (TideRecordWriter      *self,
                                                 TideWrite             *write,
                                                 GError               **error);
const TideRecordTally *tide_record_writer_get_tally (TideRecordWriter *self);
gboolean          tide_record_writer_count_before (TideRecordWriter    *self,
                                                 TideWrite             *write,
                                                 gint64                 n_created,
                                                 TideRecordTally       *tally,
                                                 gint64                *n_live,
                                                 GError               **error);
void              tide_record_writer_rolled_back (TideRecordWriter     *self);
gboolean          tide_record_writer_count_unseen (TideRecordWriter    *self,
                                                 TideWrite             *write,
                                                 gint64                *n_unseen,
                                                 gint64                *n_live,
                                                 GError               **error);
gboolean          tide_record_writer_sweep      (TideRecordWriter      *self,
                                                 TideWrite             *write,
                                                 TideCounts            *counts,
                                                 GError               **error);
gboolean          tide_record_writer_finish     (TideRecordWriter      *self,
                                                 TideWrite             *write,
                                                 GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordWriter, tide_record_writer_free)

G_END_DECLS
