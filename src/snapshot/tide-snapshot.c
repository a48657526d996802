/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-snapshot"

#include "config.h"

#include "tide-snapshot.h"

/**
 * tide_snapshot_free:
 * @self: (transfer full): a snapshot's row
 */
void
tide_snapshot_free (TideSnapshot *self)
{
  g_free (self->name);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self);
}
