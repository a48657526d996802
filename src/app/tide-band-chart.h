/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-chart.h"
#include "tide-usual.h"

G_BEGIN_DECLS

/* What the runs of one stream brought, over time, against what is usual. */
#define TIDE_TYPE_BAND_CHART (tide_band_chart_get_type ())
G_DECLARE_FINAL_TYPE (TideBandChart, tide_band_chart, TIDE, BAND_CHART, TideChart)

void   tide_band_chart_set_runs    (TideBandChart  *self,
                                    const char     *what,
                                    GPtrArray      *runs,
                                    TideUsual      *usual,
                                    gint64          since,
                                    gint64          until);
guint  tide_band_chart_get_outside (TideBandChart  *self);
gint64 tide_band_chart_get_hour    (TideBandChart  *self,
                                    guint           cell);

G_END_DECLS
