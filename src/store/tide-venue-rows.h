/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"
#include "tide-venue.h"

G_BEGIN_DECLS

/* Rows of venues, and the zone offsets that go with them. */
TideVenue *tide_venue_rows_add    (TideWrite     *write,
                                   const char    *name,
                                   const char    *timezone,
                                   GError       **error);
TideVenue *tide_venue_rows_get    (TideDatabase  *database,
                                   gint64         id,
                                   GError       **error);
TideVenue *tide_venue_rows_find   (TideDatabase  *database,
                                   const char    *name,
                                   GError       **error);
GPtrArray *tide_venue_rows_list   (TideDatabase  *database,
                                   GError       **error);

G_END_DECLS
