/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideRunPlannerFunc:
 *
 * A run is due. Called on the planner's thread.
 */
typedef void (*TideRunPlannerFunc) (gint64       connection_id,
                                    const char  *stream,
                                    TideRunMode  mode,
                                    gpointer     user_data);

/**
 * TideRunPlanner:
 *
 * Decides what is run without anybody asking: each stream by its schedule, and one that failed again after a
 * while. A connection whose login was refused is left alone until its owner has done something
 * about it. Made and used on one thread.
 */
typedef struct _TideRunPlanner TideRunPlanner;

TideRunPlanner *tide_run_planner_new        (TideStore           *store,
                                             gboolean             active,
                                             TideRunPlannerFunc   func,
                                             gpointer             user_data);
void            tide_run_planner_free       (TideRunPlanner      *self);
gboolean        tide_run_planner_reload     (TideRunPlanner      *self,
                                             GError             **error);
void            tide_run_planner_run_ended  (TideRunPlanner      *self,
                                             const TideRun       *run);
void            tide_run_planner_unblock    (TideRunPlanner      *self,
                                             gint64               connection_id);
void            tide_run_planner_stop       (TideRunPlanner      *self);

/* Any thread. */
gint64          tide_run_planner_get_retry  (TideRunPlanner      *self,
                                             gint64               connection_id,
                                             const char          *stream);

G_END_DECLS
