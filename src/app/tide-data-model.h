/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-data-row.h"
#include "tide-engine.h"

G_BEGIN_DECLS

/**
 * TideDataModel:
 *
 * The records of an entity as a list model of TideDataRow, a million as readily as ten: it knows the key of each (eight
 * bytes), and fetches the pages that are looked at. Main thread.
 *
 * Signals:
 *  - loaded (): the first records have come, or could not be had (see the error); again once all keys are known
 */
#define TIDE_TYPE_DATA_MODEL (tide_data_model_get_type ())
G_DECLARE_FINAL_TYPE (TideDataModel, tide_data_model, TIDE, DATA_MODEL, GObject)

TideDataModel *tide_data_model_new         (TideEngine           *engine);
void           tide_data_model_set_query   (TideDataModel        *self,
                                            const char           *entity,
                                            const TideDataQuery  *query);
void           tide_data_model_clear       (TideDataModel        *self);
void           tide_data_model_refresh     (TideDataModel        *self);
TideDataShape *tide_data_model_get_shape   (TideDataModel        *self);
gboolean       tide_data_model_is_complete (TideDataModel        *self);
const GError  *tide_data_model_get_error   (TideDataModel        *self);

G_END_DECLS
