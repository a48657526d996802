/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

gboolean tide_zone_rows_put     (TideWrite   *write,
                                 const char  *zone,
                                 GError     **error);
gboolean tide_zone_rows_refresh (TideWrite   *write,
                                 GError     **error);

G_END_DECLS
