/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-setting.h"
#include "tide-store.h"

G_BEGIN_DECLS

gint64   tide_setting_rows_get        (TideDatabase  *database,
                                       TideSetting    setting,
                                       GError       **error);
gboolean tide_setting_rows_set        (TideWrite     *write,
                                       TideSetting    setting,
                                       gint64         value,
                                       GError       **error);

/* Numbers that the engine keeps for itself beside the settings. */
gboolean tide_setting_rows_get_number (TideDatabase  *database,
                                       const char    *name,
                                       gint64        *value,
                                       GError       **error);
gboolean tide_setting_rows_set_number (TideWrite     *write,
                                       const char    *name,
                                       gint64         value,
                                       GError       **error);

G_END_DECLS
