/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-snapshot-info.h"

G_DEFINE_BOXED_TYPE (TideSnapshotInfo, tide_snapshot_info, tide_snapshot_info_ref, tide_snapshot_info_unref)

static void
tide_snapshot_info_clear (TideSnapshotInfo *self)
{
  g_free (self->name);
  g_free (self->path);
  g_free (self->sha256);
}

TideSnapshotInfo *
tide_snapshot_info_ref (TideSnapshotInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_snapshot_info_unref (TideSnapshotInfo *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_snapshot_info_clear);
}
