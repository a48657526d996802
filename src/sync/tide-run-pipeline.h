/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-journal.h"
#include "tide-stream-reader.h"

G_BEGIN_DECLS

/* A page and the records in it, on their way into the store. */
typedef struct
{
  TidePage        *page;
  TideRecordBatch *batch;
} TideParsedPage;

void tide_parsed_page_free (TideParsedPage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideParsedPage, tide_parsed_page_free)

/**
 * TideRunPipeline:
 *
 * The first two stages of a run, fetching and parsing, each on a thread of its own and two pages ahead at
 * most; or, in line, both on the thread that asks for the next parsed page, when it asks. That thread is the third
 * stage, storing.
 */
typedef struct _TideRunPipeline TideRunPipeline;

typedef enum
{
  TIDE_RUN_PIPELINE_PAGE,
  TIDE_RUN_PIPELINE_NOT_YET,  /* none in time */
  TIDE_RUN_PIPELINE_END,      /* all has been read */
  TIDE_RUN_PIPELINE_FAILED,
} TideRunPipelineResult;

TideRunPipeline       *tide_run_pipeline_new  (TideStreamReader  *reader,
                                               TideRunJournal    *journal,
                                               TideClock         *clock,
                                               gboolean           in_line,
                                               GCancellable      *interrupt,
                                               GCancellable      *cancellable);
void                   tide_run_pipeline_free (TideRunPipeline   *self);
TideRunPipelineResult  tide_run_pipeline_next (TideRunPipeline   *self,
                                               gint64             timeout,
                                               TideParsedPage   **page,
                                               GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunPipeline, tide_run_pipeline_free)

G_END_DECLS
