/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl-json.h"
#include "ctl-output.h"

G_BEGIN_DECLS

void         ctl_run_add_json     (CtlJson           *json,
                                   const char        *name,
                                   const TideRun     *run);
void         ctl_run_add_members  (CtlJson           *json,
                                   const TideRun     *run);
void         ctl_counts_add_json  (CtlJson           *json,
                                   const TideCounts  *counts);
const char  *ctl_run_get_status   (const TideRun     *run,
                                   CtlStyle          *style);
char        *ctl_counts_describe  (const TideCounts  *counts) G_GNUC_WARN_UNUSED_RESULT;
TideRun     *ctl_run_find         (TideEngine        *engine,
                                   const char        *sync_id,
                                   GError           **error);
void         ctl_runs_add_json    (CtlJson           *json,
                                   GPtrArray         *runs);
gboolean     ctl_run_print_changes (Ctl              *ctl,
                                   TideEngine        *engine,
                                   const TideRun     *run,
                                   const char        *event,
                                   GError           **error);

G_END_DECLS
