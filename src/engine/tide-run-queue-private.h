/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-line.h"
#include "tide-run-queue.h"
#include "tide-run-workers.h"

G_BEGIN_DECLS

struct _TideRunQueue
{
  GObject            parent_instance;

  TideStore         *store;     /* (owned) */
  TideRunQueueFlags  flags;
  TideRunQueueFuncs  funcs;
  gpointer           user_data;
  TideRunWorkers    *workers;   /* (owned) */
  GMainContext      *context;   /* (owned) */
  GSource           *dispatch;  /* (owned) (nullable): set while a look at who may go is planned */
  GSource           *timer;     /* (owned) (nullable): set to the next time that somebody waits for */
  gint64             armed;     /* what @timer is set to */
  GPtrArray         *dirty;     /* (owned): TideRunItem whose rows are not as they are, if they still wait */
  GHashTable        *requests;  /* (owned): key → TideRequestRow that is being written */
  guint64            n_added;
  guint              max_going;
  guint              n_going;
  guint              n_halting;
  guint              n_saving;  /* how many "saved" are to come */
  gboolean           paused;
  gboolean           smart_only;
  gboolean           closed;

  GMutex             lock;
  GHashTable        *items;     /* (owned) (mutex lock for changes and for other threads): id → TideRunItem */
  TideRunLine       *line;      /* (owned) (mutex lock, likewise) */
  GPtrArray         *going;     /* (owned) (mutex lock, likewise): TideRunItem, as they began */
  GPtrArray         *unsaved;   /* (owned) (mutex lock): the last runs of streams that the store cannot tell about */
};

gint64       tide_run_queue_now           (TideRunQueue   *self);
TideRunItem *tide_run_queue_find          (TideRunQueue   *self,
                                           const char     *sync_id);
void         tide_run_queue_set_run       (TideRunQueue   *self,
                                           TideRunItem    *item,
                                           TideRun        *run);
void         tide_run_queue_change        (TideRunQueue   *self,
                                           TideRunItem    *item,
                                           TideRun        *run);
void         tide_run_queue_save          (TideRunQueue   *self,
                                           TideRunItem    *item,
                                           TideRun        *row);
void         tide_run_queue_take_out      (TideRunQueue   *self,
                                           TideRunItem    *item,
                                           TideRun        *run,
                                           gboolean        went);
void         tide_run_queue_forget_requests (TideRunQueue *self,
                                           TideRunItem    *item);
void         tide_run_queue_end           (TideRunQueue   *self,
                                           TideRunItem    *item,
                                           TideRunStatus   status,
                                           const char     *error_code,
                                           const char     *error_message);
void         tide_run_queue_halt          (TideRunQueue   *self,
                                           TideRunItem    *item,
                                           TideRunStatus   status);
void         tide_run_queue_plan_dispatch (TideRunQueue   *self);

G_END_DECLS
