/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-chart.h"

G_BEGIN_DECLS

/* How the time of a run passed: a line a phase. */
#define TIDE_TYPE_PHASE_CHART (tide_phase_chart_get_type ())
G_DECLARE_FINAL_TYPE (TidePhaseChart, tide_phase_chart, TIDE, PHASE_CHART, TideChart)

gboolean tide_phase_chart_set_phases (TidePhaseChart  *self,
                                      const char      *json);

G_END_DECLS
