/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-manifest.h"
#include "tide-requester.h"
#include "tide-run.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideSyncProgress:
 * @run: its ids and numbers, also those not committed yet; borrowed for the call
 * @expected: records there will be as far as is known, else -1
 * @rate: records a second
 * @remaining: microseconds left by that, -1 if unknown
 * @waiting: (nullable): in words, what it waits for just now
 */
typedef struct
{
  const TideRun *run;
  gint64         expected;
  double         rate;
  gint64         remaining;
  const char    *waiting;
} TideSyncProgress;

/* Called on the run's threads, one call at a time. */
typedef void (*TideSyncProgressFunc) (const TideSyncProgress *progress,
                                      gpointer                user_data);

/**
 * TideSyncJob:
 * @run: what was asked for. With an @id: its pending row; without: its row is made first
 * @stop_status: (atomic): the #TideRunStatus it ends with when it is cancelled
 * @unsaved: (out): how it ended could not be saved, so the store does not tell
 *
 * All that it takes to execute a run. Whoever calls keeps it alive meanwhile.
 */
typedef struct
{
  TideStore            *store;
  TideManifest         *manifest;
  TideStream           *stream;
  TideRequester        *requester;
  const TideRun        *run;
  int                   stop_status;
  gboolean              unsaved;
  TideSyncProgressFunc  progress_func;
  gpointer              progress_data;
} TideSyncJob;

TideRun *tide_sync_run_execute (TideSyncJob   *job,
                                GCancellable  *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
