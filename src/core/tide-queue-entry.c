/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-queue-entry.h"

/**
 * tide_queue_entry_free:
 * @self: (transfer full): an entry
 */
void
tide_queue_entry_free (TideQueueEntry *self)
{
  tide_run_unref (self->run);
  g_free (self);
}
