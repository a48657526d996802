/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-field.h"

G_BEGIN_DECLS

/**
 * TideRecord:
 * @id: the provider's id; borrowed like all text of a batch
 * @raw: the payload exactly as received
 * @hash: XXH3 of @raw
 * @deleted: the provider says that it is gone
 * @values: a cell for each column of the table
 */
typedef struct
{
  const char      *id;
  guint32          id_length;
  gboolean         deleted;
  const char      *raw;
  gsize            raw_length;
  guint64          hash;
  const TideValue *values;
} TideRecord;

/**
 * TideBadRecord:
 *
 * A record that could not be read. Text is owned by the batch.
 */
typedef struct
{
  char *id;
  char *reason;
  char *payload;
} TideBadRecord;

/**
 * TideRecordBatch:
 *
 * The parsed records of one page, on their way from the parsing thread to the storing
 * thread. Owns (keeps alive) the page and whatever its records point to.
 */
typedef struct _TideRecordBatch TideRecordBatch;

TideRecordBatch     *tide_record_batch_new          (GBytes           *page,
                                                     guint             n_columns);
void                 tide_record_batch_free         (TideRecordBatch  *self);
TideArena           *tide_record_batch_get_arena    (TideRecordBatch  *self);
TideRecord          *tide_record_batch_add          (TideRecordBatch  *self,
                                                     TideValue       **values);
void                 tide_record_batch_add_bad      (TideRecordBatch  *self,
                                                     const char       *id,
                                                     const char       *reason,
                                                     const char       *payload,
                                                     gsize             length);
void                 tide_record_batch_add_skipped  (TideRecordBatch  *self);
gsize                tide_record_batch_get_size     (TideRecordBatch  *self);
const TideRecord    *tide_record_batch_get_records  (TideRecordBatch  *self,
                                                     gsize            *n_records);
const TideBadRecord *tide_record_batch_get_bad      (TideRecordBatch  *self,
                                                     gsize            *n_bad);
gsize                tide_record_batch_get_skipped  (TideRecordBatch  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordBatch, tide_record_batch_free)

G_END_DECLS
