/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"
#include "tide-run-filter.h"

G_BEGIN_DECLS

/**
 * TideRunsFilters:
 *
 * The drop-downs of the Runs page: of which venue, service and data, with what outcome, asked by whom and when.
 *
 * Signals:
 *  - changed (): the owner has chosen something else
 */
#define TIDE_TYPE_RUNS_FILTERS (tide_runs_filters_get_type ())
G_DECLARE_FINAL_TYPE (TideRunsFilters, tide_runs_filters, TIDE, RUNS_FILTERS, AdwBin)

void     tide_runs_filters_update            (TideRunsFilters  *self,
                                              TideLive         *live);
void     tide_runs_filters_get               (TideRunsFilters  *self,
                                              gint64            now,
                                              TideRunFilter    *filter);
gint64   tide_runs_filters_get_first_day     (TideRunsFilters  *self,
                                              gint64            now);
int      tide_runs_filters_count             (TideRunsFilters  *self);
void     tide_runs_filters_set               (TideRunsFilters  *self,
                                              const char       *entity,
                                              gboolean          problems_only);
void     tide_runs_filters_set_problems_only (TideRunsFilters  *self,
                                              gboolean          problems_only);
gboolean tide_runs_filters_get_problems_only (TideRunsFilters  *self);

G_END_DECLS
