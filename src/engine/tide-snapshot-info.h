/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TIDE_TYPE_SNAPSHOT_INFO (tide_snapshot_info_get_type ())

/* A frozen, checksummed copy of the store. Immutable value: may cross threads. */
typedef struct
{
  gint64  id;
  char   *name;
  gint64  taken_at;
  char   *path;
  gint64  size;
  char   *sha256;
  gint64  records;
} TideSnapshotInfo;

GType             tide_snapshot_info_get_type (void);
TideSnapshotInfo *tide_snapshot_info_ref      (TideSnapshotInfo *self);
void              tide_snapshot_info_unref    (TideSnapshotInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSnapshotInfo, tide_snapshot_info_unref)

G_END_DECLS
