/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-chart.h"
#include "tide-lane.h"

G_BEGIN_DECLS

/* What is due in the next two hours: a lane a connection, a block a run, as long as it usually takes. */
#define TIDE_TYPE_TIMELINE (tide_timeline_get_type ())
G_DECLARE_FINAL_TYPE (TideTimeline, tide_timeline, TIDE, TIMELINE, TideChart)

void tide_timeline_set_lanes (TideTimeline  *self,
                              GPtrArray     *lanes,
                              gint64         from,
                              gint64         until,
                              gint64         now);

G_END_DECLS
