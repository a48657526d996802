/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection.h"
#include "tide-logins.h"
#include "tide-manifest.h"
#include "tide-run-progress.h"
#include "tide-run.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideRunQueueFuncs:
 *
 * What the queue tells, on its own thread. A run starts at most once, ends once, and is not spoken of after that.
 */
typedef struct
{
  void (*started)  (TideRun          *run,
                    gpointer          user_data);
  void (*progress) (TideRunProgress  *progress,
                    gpointer          user_data);
  void (*ended)    (TideRun          *run,
                    gpointer          user_data);
  void (*changed)  (gpointer          user_data);
} TideRunQueueFuncs;

#define TIDE_TYPE_RUN_QUEUE (tide_run_queue_get_type ())
G_DECLARE_FINAL_TYPE (TideRunQueue, tide_run_queue, TIDE, RUN_QUEUE, GObject)

/* The requested runs, waiting and going: by priority, then by age; a stream's parent before it; one at a
 * time. They are executed on a thread of the queue's. Made and used on one thread. */
TideRunQueue *tide_run_queue_new           (TideStore                *store,
                                            TideLogins               *logins,
                                            const TideRunQueueFuncs  *funcs,
                                            gpointer                  user_data);
TideRun      *tide_run_queue_add           (TideRunQueue             *self,
                                            TideManifest             *manifest,
                                            TideStream               *stream,
                                            TideConnection           *connection,
                                            const TideRun            *run);
gboolean      tide_run_queue_cancel        (TideRunQueue             *self,
                                            const char               *sync_id);
void          tide_run_queue_cancel_all    (TideRunQueue             *self);
void          tide_run_queue_fail_pending  (TideRunQueue             *self,
                                            gint64                    connection_id,
                                            const char               *error_code,
                                            const char               *error_message);
gboolean      tide_run_queue_is_idle       (TideRunQueue             *self);
GPtrArray    *tide_run_queue_list_progress (TideRunQueue             *self);
gboolean      tide_run_queue_get_paused    (TideRunQueue             *self);
void          tide_run_queue_set_paused    (TideRunQueue             *self,
                                            gboolean                  paused);
void          tide_run_queue_close         (TideRunQueue             *self);

/* Any thread. */
GPtrArray    *tide_run_queue_list_runs     (TideRunQueue             *self);
GPtrArray    *tide_run_queue_list_unsaved  (TideRunQueue             *self);
TideRun      *tide_run_queue_get_run       (TideRunQueue             *self,
                                            const char               *sync_id);

G_END_DECLS
