/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

gboolean tide_entity_view_replace (TideDatabase  *database,
                                   const char    *view,
                                   const char    *sql,
                                   GError       **error);
gboolean tide_entity_view_refresh (TideDatabase  *database,
                                   const char    *entity,
                                   GError       **error);

G_END_DECLS
