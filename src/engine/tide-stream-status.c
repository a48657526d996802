/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-stream-status.h"

G_DEFINE_BOXED_TYPE (TideStreamStatus, tide_stream_status, tide_stream_status_ref, tide_stream_status_unref)

/* As they stand in JSON: never change one. */
static const char * const health_names[] =
{
  [TIDE_HEALTH_FRESH] = "fresh",
  [TIDE_HEALTH_OFF] = "off",
  [TIDE_HEALTH_NEVER] = "never",
  [TIDE_HEALTH_SYNCING] = "syncing",
  [TIDE_HEALTH_LATE] = "late",
  [TIDE_HEALTH_RETRYING] = "retrying",
  [TIDE_HEALTH_PARTLY] = "partly",
  [TIDE_HEALTH_STALE] = "stale",
  [TIDE_HEALTH_APPROVAL] = "approval",
  [TIDE_HEALTH_FAILED] = "failed",
  [TIDE_HEALTH_SIGN_IN] = "sign-in",
};

static void
tide_stream_status_clear (TideStreamStatus *self)
{
  g_clear_pointer (&self->connection, tide_connection_unref);
  g_clear_pointer (&self->last_run, tide_run_unref);
  g_free (self->stream);
  g_free (self->label);
  g_free (self->entity);
}

/**
 * tide_health_to_name:
 *
 * Returns: the word for JSON ("sign-in")
 */
const char *
tide_health_to_name (TideHealth health)
{
  g_return_val_if_fail ((gsize)health < G_N_ELEMENTS (health_names), NULL);

  return health_names[health];
}

/**
 * tide_health_needs_owner:
 *
 * Returns: whether it will not mend by itself
 */
gboolean
tide_health_needs_owner (TideHealth health)
{
  return health == TIDE_HEALTH_PARTLY || health == TIDE_HEALTH_APPROVAL || health == TIDE_HEALTH_FAILED ||
         health == TIDE_HEALTH_SIGN_IN;
}

TideStreamStatus *
tide_stream_status_ref (TideStreamStatus *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_stream_status_unref (TideStreamStatus *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_stream_status_clear);
}
