/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-progress.h"
#include "tide-run.h"
#include "tide-usual.h"

G_BEGIN_DECLS

/* A line of the list of runs: empty until its page has come, and told of progress while its run goes.
 * Lives on the main thread. */
#define TIDE_TYPE_RUN_ENTRY (tide_run_entry_get_type ())
G_DECLARE_FINAL_TYPE (TideRunEntry, tide_run_entry, TIDE, RUN_ENTRY, GObject)

TideRunEntry    *tide_run_entry_new          (TideRun          *run);
TideRun         *tide_run_entry_get_run      (TideRunEntry     *self);
void             tide_run_entry_set_run      (TideRunEntry     *self,
                                              TideRun          *run);
TideRunProgress *tide_run_entry_get_progress (TideRunEntry     *self);
void             tide_run_entry_set_progress (TideRunEntry     *self,
                                              TideRunProgress  *progress);
void             tide_run_entry_judge        (TideRunEntry     *self,
                                              TideUsual        *usual);
TideUsualVerdict tide_run_entry_get_verdict  (TideRunEntry     *self);
void             tide_run_entry_touch        (TideRunEntry     *self);

G_END_DECLS
