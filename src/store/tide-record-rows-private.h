/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-table.h"

G_BEGIN_DECLS

/**
 * TideRecordRow:
 * @key: its key in the table
 * @hash: content hash as stored
 * @deleted: whether it is marked as deleted
 * @first_run: the run that made it
 */
typedef struct
{
  gint64   key;
  guint64  hash;
  gboolean deleted;
  gint64   first_run;
} TideRecordRow;

/* The rows of one connection in one record table: the statements that find and change them. */
typedef struct _TideRecordRows TideRecordRows;

TideRecordRows *tide_record_rows_new      (const TideTableSpec  *spec,
                                           gint64                connection_id,
                                           gint64                run_id);
void            tide_record_rows_free     (TideRecordRows       *self);
void            tide_record_rows_begin    (TideRecordRows       *self,
                                           TideDatabase         *database,
                                           TideClock            *clock);
void            tide_record_rows_end      (TideRecordRows       *self);
gboolean        tide_record_rows_find     (TideRecordRows       *self,
                                           const char           *id,
                                           gsize                 length,
                                           TideRecordRow        *row,
                                           gboolean             *found,
                                           GError              **error);
gboolean        tide_record_rows_insert   (TideRecordRows       *self,
                                           const TideRecord     *record,
                                           guint64               hash,
                                           gint64               *key,
                                           char                **refusal,
                                           GError              **error);
gboolean        tide_record_rows_update   (TideRecordRows       *self,
                                           const TideRecordRow  *row,
                                           const TideRecord     *record,
                                           guint64               hash,
                                           char                **refusal,
                                           GError              **error);
gboolean        tide_record_rows_refill   (TideRecordRows       *self,
                                           const TideRecordRow  *row,
                                           const TideRecord     *record,
                                           guint64               hash,
                                           char                **refusal,
                                           GError              **error);
gboolean        tide_record_rows_mark     (TideRecordRows       *self,
                                           gint64                key,
                                           gboolean             *was_live,
                                           GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordRows, tide_record_rows_free)

G_END_DECLS
