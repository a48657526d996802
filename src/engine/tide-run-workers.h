/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-logins.h"
#include "tide-run-item.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideRunWorkersFuncs:
 * @saved: an item's row was written, or could not be: then @error says why
 * @progress: where an item's run stands
 * @ended: an attempt at an item's run has ended
 * @settled: after one or more items were saved or ended
 *
 * What the workers tell, on the thread that made them.
 */
typedef struct
{
  void (*saved)    (TideRunItem      *item,
                    TideRun          *row,
                    const GError     *error,
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
 * TideRunWriteFunc:
 *
 * Writes something, in a transaction together with rows. Called on the writing thread.
 */
typedef gboolean (*TideRunWriteFunc) (TideWrite  *write,
                                      gpointer    data,
                                      GError    **error);

/**
 * TideRunWorkers:
 *
 * The queue's threads: each run is executed on one of its own; one writes the rows of those that wait, so that nobody
 * who asks for a run waits for the store's writer. What they have to say comes as messages to the thread that made
 * them. Or, in line, all is done on that thread, at once; but what is to be said of it comes as messages all the same.
 */
typedef struct _TideRunWorkers TideRunWorkers;

TideRunWorkers *tide_run_workers_new      (TideStore                  *store,
                                           TideLogins                 *logins,
                                           gboolean                    in_line,
                                           const TideRunWorkersFuncs  *funcs,
                                           GObject                    *owner);
void            tide_run_workers_free     (TideRunWorkers             *self);
void            tide_run_workers_execute  (TideRunWorkers             *self,
                                           TideRunItem                *item);
gboolean        tide_run_workers_save     (TideRunWorkers             *self,
                                           TideRunItem                *item,
                                           TideRun                    *row);
gboolean        tide_run_workers_withdraw (TideRunWorkers             *self,
                                           TideRunItem                *item);
void            tide_run_workers_write    (TideRunWorkers             *self,
                                           GPtrArray                  *items,
                                           TideRunWriteFunc            func,
                                           gpointer                    data,
                                           GDestroyNotify              destroy);
void            tide_run_workers_close    (TideRunWorkers             *self);

G_END_DECLS
