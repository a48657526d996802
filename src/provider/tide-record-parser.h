/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-batch.h"
#include "tide-stream-private.h"

G_BEGIN_DECLS

/**
 * TideRecordParser:
 *
 * Turns the pages of one stream into batches. For one thread at a time.
 */
typedef struct _TideRecordParser TideRecordParser;

/**
 * TideCursorRange:
 * @began: what is later does not count
 * @max: (inout): greatest cursor value up to @began
 * @future: (inout): there was one later than @began
 */
typedef struct
{
  gint64   began;
  gint64   max;
  gboolean future;
} TideCursorRange;

TideRecordParser *tide_record_parser_new   (TideStream              *stream,
                                            const char              *records_pointer,
                                            GHashTable              *wanted,
                                            const TideMatch         *only,
                                            GError                 **error);
void              tide_record_parser_free  (TideRecordParser        *self);
TideRecordBatch  *tide_record_parser_parse (TideRecordParser        *self,
                                            GBytes                  *page,
                                            const TideTemplateScope *scope,
                                            TideCursorRange         *range,
                                            GError                 **error);
gboolean          tide_record_parser_has_seen (TideRecordParser     *self,
                                            const char              *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordParser, tide_record_parser_free)

G_END_DECLS
