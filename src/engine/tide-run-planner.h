/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-block-rows.h"
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
 * Decides what is run without anybody asking: each stream by its schedule. A connection that only a person can
 * mend is left alone until that was done. Made and used on one thread.
 */
typedef struct _TideRunPlanner TideRunPlanner;

TideRunPlanner *tide_run_planner_new        (TideStore           *store,
                                             gboolean             active,
                                             TideRunPlannerFunc   func,
                                             gpointer             user_data);
void            tide_run_planner_free       (TideRunPlanner      *self);
gboolean        tide_run_planner_reload     (TideRunPlanner      *self,
                                             GError             **error);
gboolean        tide_run_planner_load_blocks (TideRunPlanner   *self,
                                             GError             **error);
void            tide_run_planner_block      (TideRunPlanner      *self,
                                             TideBlockRow        *block);
GPtrArray      *tide_run_planner_list_blocks (TideRunPlanner     *self);
const TideBlockRow *tide_run_planner_get_block (TideRunPlanner   *self,
                                             gint64               connection_id);
gboolean        tide_run_planner_unblock    (TideRunPlanner      *self,
                                             gint64               connection_id);
gboolean        tide_run_planner_is_blocked (TideRunPlanner      *self,
                                             gint64               connection_id);
gboolean        tide_run_planner_is_due     (TideRunPlanner      *self,
                                             gint64               connection_id,
                                             const char          *stream);
void            tide_run_planner_stop       (TideRunPlanner      *self);

G_END_DECLS
