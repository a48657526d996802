/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-chart.h"
#include "tide-stream-status.h"

G_BEGIN_DECLS

#define TIDE_HEAT_MAP_DAYS 7

/* A week of runs and what is planned until tomorrow night: a row a day, a cell an hour. */
#define TIDE_TYPE_HEAT_MAP (tide_heat_map_get_type ())
G_DECLARE_FINAL_TYPE (TideHeatMap, tide_heat_map, TIDE, HEAT_MAP, TideChart)

void   tide_heat_map_set_hours         (TideHeatMap  *self,
                                        GArray       *hours,
                                        GArray       *planned,
                                        gint64        now);
void   tide_heat_map_set_problems_only (TideHeatMap  *self,
                                        gboolean      problems_only);
void   tide_heat_map_set_selected      (TideHeatMap  *self,
                                        gint64        hour);
gint64 tide_heat_map_get_hour          (TideHeatMap  *self,
                                        guint         cell);
gint64 tide_heat_map_get_first_hour    (gint64        now);
gint64 tide_heat_map_get_end           (gint64        now);

G_END_DECLS
