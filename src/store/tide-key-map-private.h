/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Set in a row's number when the row is marked as deleted. */
#define TIDE_KEY_MAP_GONE 0x80000000u
#define TIDE_KEY_MAP_ROW_MAX 0x7fffffffu

/**
 * TideKeyMap:
 * @n: how many keys are in it
 * @capacity: how many places there are
 * @keys: 64-bit hashes of record ids; 0 = empty place
 * @hashes: (nullable): content hash as stored, for each place
 * @rows: (nullable): row of the table; 0 = must be asked for
 *
 * What rows a table has, in 20 bytes a row (8 where only the keys are kept), so that a million
 * records can be compared without a million queries. The arrays are read by place, for speed.
 */
typedef struct
{
  gsize    n;
  gsize    capacity;
  guint64 *keys;
  guint64 *hashes;
  guint32 *rows;
} TideKeyMap;

TideKeyMap *tide_key_map_new    (gsize        expected,
                                 gboolean     keys_only);
void        tide_key_map_free   (TideKeyMap  *self);
guint64     tide_key_map_hash   (const char  *id,
                                 gsize        length);
gboolean    tide_key_map_find   (const TideKeyMap *self,
                                 guint64      key,
                                 gsize       *place);
void        tide_key_map_put    (TideKeyMap  *self,
                                 guint64      key,
                                 guint64      hash,
                                 gint64       row,
                                 gboolean     gone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideKeyMap, tide_key_map_free)

G_END_DECLS
