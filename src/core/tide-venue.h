/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TIDE_TYPE_VENUE (tide_venue_get_type ())

/**
 * TideVenue:
 *
 * One business location. Immutable value, reference counted atomically: may cross threads.
 */
typedef struct
{
  gint64  id;
  char   *name;
  char   *timezone;
} TideVenue;

GType      tide_venue_get_type (void);
TideVenue *tide_venue_new      (gint64       id,
                                const char  *name,
                                const char  *timezone);
TideVenue *tide_venue_ref      (TideVenue   *self);
void       tide_venue_unref    (TideVenue   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideVenue, tide_venue_unref)

G_END_DECLS
