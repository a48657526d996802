/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* At the end of a row of the table of runs: a button that stops the run while it can be stopped, and then the arrow
 * that says that the row opens it. Each has only the widgets for what it shows. */
#define TIDE_TYPE_RUN_END (tide_run_end_get_type ())
G_DECLARE_FINAL_TYPE (TideRunEnd, tide_run_end, TIDE, RUN_END, AdwBin)

G_END_DECLS
