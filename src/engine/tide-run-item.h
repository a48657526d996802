/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection.h"
#include "tide-manifest.h"
#include "tide-run-progress.h"
#include "tide-run.h"
#include "tide-sync-run.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_RUN_ITEM_WAITING,      /* for its turn */
  TIDE_RUN_ITEM_SAVING,       /* for its row to be written */
  TIDE_RUN_ITEM_GOING,
} TideRunItemState;

/**
 * TideRunItem:
 * @run: as it is now; changed on the queue's thread, with the queue's lock
 * @ending: it will not begin any more
 * @end: (nullable): how it is to end, decided while its row was being written
 * @progress: (nullable): where it stood last
 * @row: (nullable): what is being written
 * @job: what its thread executes
 *
 * A requested run in the queue. Fields belong to the queue's thread; but while the state is SAVING @row, and while
 * it is GOING @job, belongs to the thread that works on it.
 */
typedef struct
{
  TideRun          *run;
  TideManifest     *manifest;
  TideStream       *stream;
  TideConnection   *connection;
  GCancellable     *cancellable;
  TideRunItemState  state;
  int               priority;
  guint64           age;
  gboolean          ending;
  TideRun          *end;
  TideRunProgress  *progress;
  TideRun          *row;
  TideSyncJob       job;
} TideRunItem;

TideRunItem *tide_run_item_new       (TideManifest       *manifest,
                                      TideStream         *stream,
                                      TideConnection     *connection,
                                      const TideRun      *run);
TideRunItem *tide_run_item_ref       (TideRunItem        *self);
void         tide_run_item_unref     (TideRunItem        *self);
gboolean     tide_run_item_is_same   (const TideRunItem  *self,
                                      const TideRun      *run);
gboolean     tide_run_item_is_stream (const TideRunItem  *self,
                                      gint64              connection_id,
                                      const char         *stream);
TideRunItem *tide_run_item_choose    (GPtrArray          *items,
                                      guint               max_going);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunItem, tide_run_item_unref)

G_END_DECLS
