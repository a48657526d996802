/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-audit-entry.h"

/**
 * tide_audit_entry_free:
 * @self: (transfer full): an entry
 */
void
tide_audit_entry_free (TideAuditEntry *self)
{
  g_free (self->actor);
  g_free (self->action);
  g_free (self->object);
  g_free (self->detail);
  g_free (self);
}
