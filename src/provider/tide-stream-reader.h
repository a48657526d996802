/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-batch.h"
#include "tide-requester.h"
#include "tide-run.h"

G_BEGIN_DECLS

/**
 * TidePage:
 *
 * One answer of the provider as fetched, before it is parsed. Opaque but for its numbers.
 */
typedef struct _TidePage TidePage;

/**
 * TideStreamReader:
 *
 * Reads one stream of one connection from where it was left: partitions, windows, pages. Works as two
 * stages on two threads: fetch() calls come from one thread, parse() calls from another,
 * pages in the order they were fetched. It asks for the next page as soon as it knows the way there,
 * before the last one has been parsed.
 */
typedef struct _TideStreamReader TideStreamReader;

/**
 * TideReadPlan:
 * @mode: what was asked; an incremental reading of a partition never read before is a full one
 * @states: partition → state as saved after the last committed page; empty at first
 * @partition_values: (nullable): values of the parent's column, for a stream with a parent
 * @partial: @partition_values leaves out some that there may be records of, so that no reading is a full listing
 * @started_at: instant; no watermark is ever set later than this
 * @ids: (nullable) (array zero-terminated=1): just these records: asked for by their ids where the stream has a lookup,
 *    else picked out of its whole listing, the others being counted as skipped
 * @filters: (nullable) (element-type utf8 utf8): name → value: just the records that pass; with mode incremental, those
 *    of them that changed. With @ids too, these are picked out of what passes
 * @latency: somebody waits for it: pages as large as there are, and windows of time read side by side where the stream
 *    allows it. It says nothing about what is read
 * @in_line: no threads of its own: windows are read one after the other
 *
 * A reading with @ids or @filters is a part: it neither begins a full listing nor goes on with one, nor ends one, and it
 * moves no watermark. Its pages have no state (tide_page_get_state() is %NULL), and nothing may be saved as theirs.
 */
typedef struct
{
  TideRunMode          mode;
  GHashTable          *states;
  GPtrArray           *partition_values;
  gboolean             partial;
  gint64               started_at;
  const char * const  *ids;
  GHashTable          *filters;
  gboolean             latency;
  gboolean             in_line;
} TideReadPlan;

TideStreamReader *tide_stream_reader_new              (TideStream           *stream,
                                                       TideRequester        *requester,
                                                       const TideReadPlan   *plan,
                                                       TideRequestNoteFunc   note_func,
                                                       gpointer              user_data,
                                                       GError              **error);
void              tide_stream_reader_free             (TideStreamReader     *self);
gboolean          tide_stream_reader_resumes          (TideStreamReader     *self);
gboolean          tide_stream_reader_is_listing       (TideStreamReader     *self);
gboolean          tide_stream_reader_has_more         (TideStreamReader     *self);
gboolean          tide_stream_reader_is_full_listing  (TideStreamReader     *self);
gboolean          tide_stream_reader_is_part          (TideStreamReader     *self);
char            **tide_stream_reader_list_gone        (TideStreamReader     *self);
TidePage         *tide_stream_reader_fetch            (TideStreamReader     *self,
                                                       GCancellable         *cancellable,
                                                       GError              **error);
TideRecordBatch  *tide_stream_reader_parse            (TideStreamReader     *self,
                                                       TidePage             *page,
                                                       GError              **error);

const char       *tide_page_get_partition             (TidePage             *self);
const char       *tide_page_get_state                 (TidePage             *self);
gsize             tide_page_get_size                  (TidePage             *self);
gint64            tide_page_get_expected              (TidePage             *self);
void              tide_page_free                      (TidePage             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TidePage, tide_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideStreamReader, tide_stream_reader_free)

G_END_DECLS
