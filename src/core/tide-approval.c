/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-approval.h"

/**
 * tide_approval_free:
 * @self: (transfer full): an approval
 */
void
tide_approval_free (TideApproval *self)
{
  tide_run_unref (self->run);
  g_free (self->reason);
  g_free (self->decided_by);
  g_free (self);
}
