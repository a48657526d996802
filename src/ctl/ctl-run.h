/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl-json.h"
#include "ctl-output.h"

G_BEGIN_DECLS

void         ctl_run_add_json     (CtlJson           *json,
                                   const char        *name,
                                   const TideRun     *run);
void         ctl_counts_add_json  (CtlJson           *json,
                                   const TideCounts  *counts);
const char  *ctl_run_get_status   (const TideRun     *run,
                                   CtlStyle          *style);
char        *ctl_counts_describe  (const TideCounts  *counts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
