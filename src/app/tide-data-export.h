/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-window.h"

G_BEGIN_DECLS

void tide_data_export_ask (TideWindow  *window,
                           const char  *entity,
                           const char  *label,
                           const char  *where);

G_END_DECLS
