/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-connection.h"

G_DEFINE_BOXED_TYPE (TideConnection, tide_connection, tide_connection_ref, tide_connection_unref)

static void
tide_connection_clear (TideConnection *self)
{
  g_free (self->provider);
  g_free (self->name);
  g_free (self->environment);
  g_free (self->base_url);
  g_free (self->settings);
  g_free (self->account);
}

/**
 * tide_connection_copy:
 * @self: a connection, which may stand on the stack with borrowed strings
 *
 * Returns: (transfer full): a value of its own, with copies of the strings
 */
TideConnection *
tide_connection_copy (const TideConnection *self)
{
  TideConnection *copy = g_atomic_rc_box_dup (sizeof *self, (TideConnection *)self);

  copy->provider = g_strdup (self->provider);
  copy->name = g_strdup (self->name);
  copy->environment = g_strdup (self->environment);
  copy->base_url = g_strdup (self->base_url);
  copy->settings = g_strdup (self->settings);
  copy->account = g_strdup (self->account);
  return copy;
}

/**
 * tide_connection_ref:
 *
 * Returns: (transfer full): @self
 */
TideConnection *
tide_connection_ref (TideConnection *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tide_connection_unref:
 * @self: (transfer full): what to let go of; freed with its last reference
 */
void
tide_connection_unref (TideConnection *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_connection_clear);
}
