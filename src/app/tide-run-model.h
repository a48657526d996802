/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"
#include "tide-run-filter.h"
#include "tide-usual.h"

G_BEGIN_DECLS

/**
 * TideRunModel:
 *
 * The runs as a list model of TideRunEntry, newest first, a million as readily as ten: it fetches the
 * pages that are looked at, and lets go of those that are not. Main thread.
 *
 * Signals:
 *  - loaded (): the first page has come, or could not be had (see the error); again once all are counted
 */
#define TIDE_TYPE_RUN_MODEL (tide_run_model_get_type ())
G_DECLARE_FINAL_TYPE (TideRunModel, tide_run_model, TIDE, RUN_MODEL, GObject)

TideRunModel *tide_run_model_new          (TideEngine           *engine);
void          tide_run_model_set_filter   (TideRunModel         *self,
                                           const TideRunFilter  *filter);
void          tide_run_model_refresh      (TideRunModel         *self);
void          tide_run_model_set_progress (TideRunModel         *self,
                                           TideRunProgress      *progress);
void          tide_run_model_touch        (TideRunModel         *self);
void          tide_run_model_set_usual    (TideRunModel         *self,
                                           TideUsual            *usual);
TideUsual    *tide_run_model_get_usual    (TideRunModel         *self);
gboolean      tide_run_model_is_counted   (TideRunModel         *self);
const GError *tide_run_model_get_error    (TideRunModel         *self);

G_END_DECLS
