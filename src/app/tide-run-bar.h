/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* In the table of runs: how far a run has come while it goes, and then what became of its records. A table has two
 * hundred of them, so each has only the widgets for what it shows. */
#define TIDE_TYPE_RUN_BAR (tide_run_bar_get_type ())
G_DECLARE_FINAL_TYPE (TideRunBar, tide_run_bar, TIDE, RUN_BAR, AdwBin)

G_END_DECLS
