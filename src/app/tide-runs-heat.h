/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"
#include "tide-run-filter.h"

G_BEGIN_DECLS

/**
 * TideRunsHeat:
 *
 * The card of the Runs page with its heat map: a week by day and hour, and what is planned until tomorrow night.
 *
 * Signals:
 *  - hour-chosen (gint64): the owner wants to see the runs of the hour that begins then
 *  - problems-toggled (gboolean): the owner wants to see problems only, or all
 */
#define TIDE_TYPE_RUNS_HEAT (tide_runs_heat_get_type ())
G_DECLARE_FINAL_TYPE (TideRunsHeat, tide_runs_heat, TIDE, RUNS_HEAT, AdwBin)

void tide_runs_heat_load              (TideRunsHeat         *self,
                                       TideLive             *live,
                                       const TideRunFilter  *filter);
void tide_runs_heat_set_problems_only (TideRunsHeat         *self,
                                       gboolean              problems_only);
void tide_runs_heat_set_hour          (TideRunsHeat         *self,
                                       gint64                hour);
void tide_runs_heat_set_narrow        (TideRunsHeat         *self,
                                       gboolean              narrow);

G_END_DECLS
