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
 * @run: what was asked for, as it stood after the last attempt. With an @id: its row; without: its row is made first
 * @retries: whether an attempt that failed is followed by another; if not, or if it is to be given up, it has failed
 * @brakes: whether it halts before it deletes or changes too much
 * @in_line: whether to do without threads of its own
 * @stop_status: (atomic): the #TideRunStatus it ends with when it is cancelled
 * @halt_status: (atomic): the #TideRunStatus to end with at the next page boundary, -1 to go on; see tide_sync_job_halt()
 * @unsaved: (out): how it ended could not be saved, so the store does not tell
 * @interrupt: tide_sync_job_halt()'s own
 *
 * All that it takes to execute one attempt of a run. Whoever calls keeps it alive meanwhile.
 */
typedef struct
{
  TideStore            *store;
  TideManifest         *manifest;
  TideStream           *stream;
  TideRequester        *requester;
  const TideRun        *run;
  gboolean              retries;
  gboolean              brakes;
  gboolean              in_line;
  int                   stop_status;
  int                   halt_status;
  gboolean              unsaved;
  TideSyncProgressFunc  progress_func;
  gpointer              progress_data;
  GCancellable         *interrupt;
} TideSyncJob;

void     tide_sync_job_halt    (TideSyncJob   *job,
                                TideRunStatus  status);
TideRun *tide_sync_run_execute (TideSyncJob   *job,
                                GCancellable  *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
