/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideSnapshot:
 * @id: its row
 * @name: as the owner calls it; unique
 * @taken_at: instant
 * @path: its file, absolute
 * @size: bytes of the file
 * @sha256: of the file as it was taken
 * @records: live records in it
 *
 * A frozen, checksummed copy of the store, as its row tells. Never changed once made.
 */
typedef struct
{
  gint64  id;
  char   *name;
  gint64  taken_at;
  char   *path;
  gint64  size;
  char   *sha256;
  gint64  records;
} TideSnapshot;

void tide_snapshot_free (TideSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSnapshot, tide_snapshot_free)

G_END_DECLS
