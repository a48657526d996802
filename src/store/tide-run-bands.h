/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideBandRow:
 * @hour: of the venue's day
 * @usual: the median of what a run brought at this hour
 * @low: of what is to be expected
 * @high: of what is to be expected
 * @n_days: from how many days that was learned
 */
typedef struct
{
  gint64 connection_id;
  char  *stream;
  int    hour;
  double usual;
  double low;
  double high;
  guint  n_days;
} TideBandRow;

GPtrArray *tide_run_bands_learn (TideDatabase  *database,
                                 gint64         since,
                                 guint          min_days,
                                 GError       **error);
void       tide_band_row_free   (TideBandRow   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBandRow, tide_band_row_free)

G_END_DECLS
