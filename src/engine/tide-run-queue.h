/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-block-rows.h"
#include "tide-connection.h"
#include "tide-logins.h"
#include "tide-manifest.h"
#include "tide-queue-entry.h"
#include "tide-request-rows.h"
#include "tide-run-progress.h"
#include "tide-run.h"
#include "tide-store.h"
#include "tide-write.h"

G_BEGIN_DECLS

/**
 * TideRunQueueFuncs:
 * @started: a run begins to go
 * @progress: where a going run stands
 * @halted: a run that went does not any more, but is not over: it waits, was paused, or asks its owner
 * @ended: a run is over; @went says whether it was going until now
 * @changed: after one or more of these, or after others have come to wait
 *
 * What the queue tells, on its own thread. A run ends once, and is not spoken of after that unless it is retried.
 */
typedef struct
{
  void (*started)  (TideRun          *run,
                    gpointer          user_data);
  void (*progress) (TideRunProgress  *progress,
                    gpointer          user_data);
  void (*halted)   (TideRun          *run,
                    gpointer          user_data);
  void (*ended)    (TideRun          *run,
                    gboolean          went,
                    gpointer          user_data);
  void (*changed)  (gpointer          user_data);
} TideRunQueueFuncs;

typedef enum
{
  TIDE_RUN_QUEUE_NONE = 0,
  TIDE_RUN_QUEUE_RETRIES = 1 << 0,    /* runs that failed are tried again when their time comes */
  TIDE_RUN_QUEUE_IN_LINE = 1 << 1,    /* no threads */
} TideRunQueueFlags;

/**
 * TideRunWant:
 * @manifest: of the connection's provider
 * @stream: of @manifest
 * @connection: which connection
 * @run: what is asked for
 * @needs_parent: whether the stream's parent, if it is in the queue, goes first
 *
 * A run that somebody wants.
 */
typedef struct
{
  TideManifest   *manifest;
  TideStream     *stream;
  TideConnection *connection;
  const TideRun  *run;
  gboolean        needs_parent;
} TideRunWant;

#define TIDE_TYPE_RUN_QUEUE (tide_run_queue_get_type ())
G_DECLARE_FINAL_TYPE (TideRunQueue, tide_run_queue, TIDE, RUN_QUEUE, GObject)

/* The requested runs, waiting and going, in the order that #TideRunLine keeps. What they are is in the store too,
 * so that they go on when the program comes back. Made and used on one thread. */
TideRunQueue *tide_run_queue_new           (TideStore                *store,
                                            TideLogins               *logins,
                                            TideRunQueueFlags         flags,
                                            const TideRunQueueFuncs  *funcs,
                                            gpointer                  user_data);
TideRun      *tide_run_queue_add           (TideRunQueue             *self,
                                            const TideRunWant        *want);
void          tide_run_queue_restore       (TideRunQueue             *self,
                                            const TideRunWant        *want,
                                            gboolean                  changed);
const TideRequestRow *tide_run_queue_find_request (TideRunQueue      *self,
                                            const char               *key);
void          tide_run_queue_save_request  (TideRunQueue             *self,
                                            TideRequestRow           *request);
void          tide_run_queue_write         (TideRunQueue             *self,
                                            gboolean                (*func) (TideWrite  *write,
                                                                             gpointer    data,
                                                                             GError    **error),
                                            gpointer                  data,
                                            GDestroyNotify            destroy);
gboolean      tide_run_queue_is_idle       (TideRunQueue             *self);
gboolean      tide_run_queue_is_going      (TideRunQueue             *self,
                                            gint64                    connection_id,
                                            const char               *stream);
GPtrArray    *tide_run_queue_list_progress (TideRunQueue             *self);
gboolean      tide_run_queue_get_paused    (TideRunQueue             *self);
void          tide_run_queue_set_paused    (TideRunQueue             *self,
                                            gboolean                  paused);
void          tide_run_queue_set_smart     (TideRunQueue             *self,
                                            gboolean                  smart_only);
void          tide_run_queue_set_max_going (TideRunQueue             *self,
                                            guint                     max_going);
void          tide_run_queue_close         (TideRunQueue             *self);

/* One run. TIDE_ERROR_NOT_FOUND if the queue does not have it, _CONFLICT if it is in no state for that. */
gboolean      tide_run_queue_cancel        (TideRunQueue             *self,
                                            const char               *sync_id);
gboolean      tide_run_queue_pause         (TideRunQueue             *self,
                                            const char               *sync_id,
                                            GError                  **error);
gboolean      tide_run_queue_resume        (TideRunQueue             *self,
                                            const char               *sync_id,
                                            GError                  **error);
gboolean      tide_run_queue_retry         (TideRunQueue             *self,
                                            const char               *sync_id,
                                            GError                  **error);
gboolean      tide_run_queue_move          (TideRunQueue             *self,
                                            const char               *sync_id,
                                            const char               *before,
                                            GError                  **error);
gboolean      tide_run_queue_approve       (TideRunQueue             *self,
                                            const char               *sync_id,
                                            TideRunAllow              allowed,
                                            GError                  **error);

/* All runs, or all of some connections: a set of gint64. */
void          tide_run_queue_cancel_all    (TideRunQueue             *self);
guint         tide_run_queue_pause_all     (TideRunQueue             *self,
                                            GHashTable               *connections);
guint         tide_run_queue_resume_all    (TideRunQueue             *self,
                                            GHashTable               *connections);
guint         tide_run_queue_retry_all     (TideRunQueue             *self,
                                            GHashTable               *connections);
void          tide_run_queue_fail_pending  (TideRunQueue             *self,
                                            const TideBlockRow       *block);
void          tide_run_queue_forget        (TideRunQueue             *self,
                                            gint64                    connection_id);

/* Any thread. */
GPtrArray    *tide_run_queue_list          (TideRunQueue             *self,
                                            guint                     limit);
GPtrArray    *tide_run_queue_list_runs     (TideRunQueue             *self);
GPtrArray    *tide_run_queue_list_unsaved  (TideRunQueue             *self);
TideRun      *tide_run_queue_get_run       (TideRunQueue             *self,
                                            const char               *sync_id);

G_END_DECLS
