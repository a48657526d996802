/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-venue.h"

G_DEFINE_BOXED_TYPE (TideVenue, tide_venue, tide_venue_ref, tide_venue_unref)

static void
tide_venue_clear (TideVenue *self)
{
  g_free (self->name);
  g_free (self->timezone);
}

/**
 * tide_venue_new:
 * @id: its row
 * @name: its name
 * @timezone: an IANA zone
 *
 * Returns: (transfer full): a venue
 */
TideVenue *
tide_venue_new (gint64      id,
                const char *name,
                const char *timezone)
{
  TideVenue *self = g_atomic_rc_box_new0 (TideVenue);

  self->id = id;
  self->name = g_strdup (name);
  self->timezone = g_strdup (timezone);
  return self;
}

/**
 * tide_venue_ref:
 *
 * Returns: (transfer full): @self
 */
TideVenue *
tide_venue_ref (TideVenue *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tide_venue_unref:
 * @self: (transfer full): what to let go of; freed with its last reference
 */
void
tide_venue_unref (TideVenue *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_venue_clear);
}
