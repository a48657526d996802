/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-engine.h"

G_BEGIN_DECLS

/* Chooses a venue, or describes a new one. */
#define TIDE_TYPE_VENUE_GROUP (tide_venue_group_get_type ())
G_DECLARE_FINAL_TYPE (TideVenueGroup, tide_venue_group, TIDE, VENUE_GROUP, AdwPreferencesGroup)

void      tide_venue_group_set_venues  (TideVenueGroup  *self,
                                        GPtrArray       *venues,
                                        gint64           venue_id);
gboolean  tide_venue_group_is_complete (TideVenueGroup  *self);
char     *tide_venue_group_dup_name    (TideVenueGroup  *self);
gint64    tide_venue_group_take_venue  (TideVenueGroup  *self,
                                        TideEngine      *engine,
                                        GError         **error);

G_END_DECLS
