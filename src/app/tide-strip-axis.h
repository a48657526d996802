/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-chart.h"
#include "tide-stream-status.h"

G_BEGIN_DECLS

/* The times that stand over a column of strips, once for all of them. */
#define TIDE_TYPE_STRIP_AXIS (tide_strip_axis_get_type ())
G_DECLARE_FINAL_TYPE (TideStripAxis, tide_strip_axis, TIDE, STRIP_AXIS, TideChart)

void tide_strip_axis_set_hours (TideStripAxis       *self,
                                const TideHourCell  *cells);

G_END_DECLS
