/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection.h"
#include "tide-manifest.h"
#include "tide-run-progress.h"
#include "tide-run.h"
#include "tide-sync-run.h"
#include "tide-time.h"

G_BEGIN_DECLS

/* Age lifts a run: one that was asked for so much earlier stands beside one whose priority is higher by one. */
#define TIDE_RUN_RANK_STEP (15 * TIDE_MINUTE)

/* Where an item stands in the line. */
typedef enum
{
  TIDE_RUN_PLACE_NONE,        /* nowhere: it is about to end, or was not put in line yet */
  TIDE_RUN_PLACE_READY,       /* waits for its turn */
  TIDE_RUN_PLACE_LATER,       /* waits for its time */
  TIDE_RUN_PLACE_PARKED,      /* waits for somebody: paused, or to be approved */
  TIDE_RUN_PLACE_GOING,
} TideRunPlace;

typedef struct _TideRunItem TideRunItem;

/**
 * TideRunItem:
 * @run: as it is now; changed on the queue's thread, with the queue's lock
 * @cancellable: (nullable): stops it while it goes
 * @age: grows from item to item; breaks ties of rank
 * @needs_parent: its stream's parent was never read, and so goes before it
 * @going: it is executed
 * @halting: it goes, and was asked to stop at its next page
 * @ending: it will not begin any more; its last row is being written
 * @unsaved: its row is not as @run is
 * @told: its beginning was told
 * @wanted: the #TideRunStatus that somebody wants for it while it goes, -1 for none
 * @n_saving: so many writings of its row are under way
 * @requests: (nullable): keys of requests that are being written with its row
 * @progress: (nullable): where it stood last
 * @begun: (nullable): the run as it was when it began, which its job borrows
 * @stream_key: its connection and stream; this and the other keys are shared between items
 * @parent_key: (nullable): its connection and its stream's parent
 * @lock_key: its connection and entity: never do two of them go at a time
 * @join_key: all that makes two requests equal
 * @place: where it stands; this and what follows is the line's
 * @row: (nullable): what is to be written; guarded by the workers' lock
 * @saved_id: key of its row; the writing thread's
 * @thread: (nullable): executes it; the workers'
 * @job: what @thread executes
 *
 * A requested run in the queue. Fields belong to the queue's thread; but while it is going, @job belongs to the
 * thread that works on it.
 */
struct _TideRunItem
{
  TideRun          *run;
  TideManifest     *manifest;
  TideStream       *stream;
  TideConnection   *connection;
  GCancellable     *cancellable;
  guint64           age;
  gboolean          needs_parent;
  gboolean          going;
  gboolean          halting;
  gboolean          ending;
  gboolean          unsaved;
  gboolean          told;
  int               wanted;
  guint             n_saving;
  GPtrArray        *requests;
  TideRunProgress  *progress;
  TideRun          *begun;

  char             *stream_key;
  char             *parent_key;
  char             *lock_key;
  char             *join_key;

  TideRunPlace      place;
  GSequenceIter    *in_order;
  GSequenceIter    *in_place;
  GSequenceIter    *in_smart;
  TideRunItem      *next_equal;

  TideRun          *row;
  gint64            saved_id;
  GThread          *thread;
  TideSyncJob       job;
};

TideRunItem *tide_run_item_new          (TideManifest       *manifest,
                                         TideStream         *stream,
                                         TideConnection     *connection,
                                         const TideRun      *run);
TideRunItem *tide_run_item_ref          (TideRunItem        *self);
void         tide_run_item_unref        (TideRunItem        *self);
int          tide_run_item_compare      (const TideRunItem  *self,
                                         const TideRunItem  *other);
gboolean     tide_run_item_is_smart     (const TideRunItem  *self);
gboolean     tide_run_item_is_cancelled (const TideRunItem  *self);
char        *tide_run_item_make_join_key (const TideRun     *run);
gint64       tide_run_item_rank         (gint64              asked_at,
                                         int                 priority);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunItem, tide_run_item_unref)

G_END_DECLS
