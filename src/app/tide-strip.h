/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-chart.h"
#include "tide-stream-status.h"

G_BEGIN_DECLS

/* A stream's last day and its next hours, a cell an hour. */
#define TIDE_TYPE_STRIP (tide_strip_get_type ())
G_DECLARE_FINAL_TYPE (TideStrip, tide_strip, TIDE, STRIP, TideChart)

GtkWidget          *tide_strip_new        (void);
void                tide_strip_set_cells  (TideStrip           *self,
                                           const TideHourCell  *cells,
                                           const char          *name,
                                           gboolean             syncing);
const TideHourCell *tide_strip_get_cell   (TideStrip           *self,
                                           guint                cell);
float               tide_strip_get_pitch  (int                  width);

#define TIDE_STRIP_WIDTH 252
#define TIDE_STRIP_MIN_WIDTH 168

G_END_DECLS
