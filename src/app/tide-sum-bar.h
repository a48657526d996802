/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-chart.h"
#include "tide-counts.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_PART_CREATED,
  TIDE_PART_UPDATED,
  TIDE_PART_UNCHANGED,
  TIDE_PART_SKIPPED,
  TIDE_PART_FAILED,
  TIDE_N_PARTS,
} TidePart;

/* What became of the records of a run: all that was read, as one bar. */
#define TIDE_TYPE_SUM_BAR (tide_sum_bar_get_type ())
G_DECLARE_FINAL_TYPE (TideSumBar, tide_sum_bar, TIDE, SUM_BAR, TideChart)

void        tide_sum_bar_set_counts      (TideSumBar        *self,
                                          const TideCounts  *counts);
gint64      tide_sum_bar_get_part        (const TideCounts  *counts,
                                          TidePart           part);
const char *tide_sum_bar_get_part_name   (TidePart           part);
const char *tide_sum_bar_get_part_color  (TidePart           part);

G_END_DECLS
