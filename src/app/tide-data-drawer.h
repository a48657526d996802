/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-data-row.h"
#include "tide-live.h"

G_BEGIN_DECLS

/**
 * TideDataDrawer:
 *
 * All fields of one record, and the record as it was received.
 *
 * Signals:
 *  - closed (): its owner does not want to see it any more
 */
#define TIDE_TYPE_DATA_DRAWER (tide_data_drawer_get_type ())
G_DECLARE_FINAL_TYPE (TideDataDrawer, tide_data_drawer, TIDE, DATA_DRAWER, AdwBin)

void tide_data_drawer_show_row (TideDataDrawer  *self,
                                TideLive        *live,
                                TideDataRow     *row);

G_END_DECLS
