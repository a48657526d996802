/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-event.h"

G_DEFINE_BOXED_TYPE (TideEvent, tide_event, tide_event_ref, tide_event_unref)

/**
 * tide_event_new:
 * @data: a JSON object
 *
 * Returns: (transfer full): an event
 */
TideEvent *
tide_event_new (gint64      id,
                gint64      at,
                const char *name,
                const char *data)
{
  TideEvent *self = g_atomic_rc_box_new0 (TideEvent);

  self->id = id;
  self->at = at;
  self->name = g_strdup (name);
  self->data = g_strdup (data);
  return self;
}

/**
 * tide_event_ref:
 *
 * Returns: (transfer full): @self
 */
TideEvent *
tide_event_ref (TideEvent *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tide_event_clear (TideEvent *self)
{
  g_free (self->name);
  g_free (self->data);
}

/**
 * tide_event_unref:
 * @self: (transfer full): what to let go of; freed with its last reference
 */
void
tide_event_unref (TideEvent *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_event_clear);
}
