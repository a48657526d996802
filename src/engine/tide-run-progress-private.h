/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-progress.h"
#include "tide-sync-run.h"

G_BEGIN_DECLS

TideRunProgress *tide_run_progress_new  (const TideSyncProgress *progress);
TideRunProgress *tide_run_progress_copy (const TideRunProgress  *progress);

G_END_DECLS
