/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-logins.h"
#include "tide-run-item.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideRunWorkersFuncs:
 * @saved: an item's row was written, or could not be: then the run has failed
 * @progress: where an item's run stands
 * @ended: an item's run is over
 * @settled: after one or more items were saved or ended
 *
 * What the workers tell, on the thread that made them.
 */
typedef struct
{
  void (*saved)    (TideRunItem      *item,
                    TideRun          *run,
                    gpointer          user_data);
  void (*progress) (TideRunItem      *item,
                    TideRunProgress  *progress,
                    gpointer          user_data);
  void (*ended)    (TideRunItem      *item,
                    TideRun          *run,
                    gpointer          user_data);
  void (*settled)  (gpointer          user_data);
} TideRunWorkersFuncs;

/**
 * TideRunWorkers:
 *
 * The queue's threads: one executes runs; one writes the rows of those that wait, so that nobody who asks
 * for a run waits for the store's writer. What they have to say comes as messages to the thread that made them.
 */
typedef struct _TideRunWorkers TideRunWorkers;

TideRunWorkers *tide_run_workers_new     (TideStore                  *store,
                                          TideLogins                 *logins,
                                          const TideRunWorkersFuncs  *funcs,
                                          gpointer                    user_data);
void            tide_run_workers_free    (TideRunWorkers             *self);
void            tide_run_workers_execute (TideRunWorkers             *self,
                                          TideRunItem                *item);
void            tide_run_workers_save    (TideRunWorkers             *self,
                                          TideRunItem                *item,
                                          TideRun                    *row);
void            tide_run_workers_close   (TideRunWorkers             *self);

G_END_DECLS
