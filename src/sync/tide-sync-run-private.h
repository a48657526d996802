/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-journal.h"
#include "tide-run-pipeline.h"
#include "tide-run-transaction.h"
#include "tide-sync-run.h"

G_BEGIN_DECLS

/* One attempt. Lives on the stack of the run's thread, which is the storing one. */
typedef struct
{
  TideSyncJob        *job;
  GCancellable       *cancellable;
  GCancellable       *interrupt;    /* (owned): wakes what waits for the provider or only reads */
  gulong              handler;      /* of @cancellable, which does so too */
  TideClock          *clock;
  TideRun            *run;          /* (owned): not shared before the end, so it may change */
  TideRunJournal     *journal;      /* (owned) */
  TideStreamReader   *reader;       /* (owned) (nullable) */
  TideRunPipeline    *pipeline;     /* (owned) (nullable): reads ahead */
  TideRecordWriter   *writer;       /* (owned) (nullable) */
  TideRunTransaction *transaction;  /* (owned) */
  gint64              began;        /* monotonic */
  gint64              began_at;     /* instant */
  gint64              base_read;    /* records that the attempts before have read */
  guint               base_stalled;

  GMutex              lock;
  TideSyncProgress    progress;     /* (mutex lock) */
  TideRun             shown;        /* (mutex lock): what @progress points to; borrows @run's text */
  char               *waiting;      /* (owned) (nullable) (mutex lock) */
  gint64              told;         /* (mutex lock): monotonic */
} TideSyncRun;

/* Before the attempt: what is read. */
gboolean tide_sync_run_open_reader (TideSyncRun          *self,
                                    TideRequestNoteFunc   note_func,
                                    GError              **error);

/* After it: what becomes of the run. */
void     tide_sync_run_set_end     (TideSyncRun          *self,
                                    TideRunStatus         status,
                                    const GError         *error);
void     tide_sync_run_fail        (TideSyncRun          *self,
                                    const GError         *error);

G_END_DECLS
