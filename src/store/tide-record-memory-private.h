/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-key-map-private.h"
#include "tide-record-writer.h"
#include "tide-seen-map-private.h"

G_BEGIN_DECLS

/**
 * TideRecordMemory:
 * @revision: of the table's columns
 * @has_index: whether the table has its index of ids
 * @map: (owned) (nullable): the rows that there are
 * @map_complete: whether it holds all of them
 * @failing: (owned) (nullable): records on the list of failures
 * @seen: (owned) (nullable): rows that a full listing came across
 * @listing_saved: whether the beginning of the listing is written down
 * @listing_committed: whether that has lasted
 *
 * What a writer knows of its table without asking. All of it can be loaded again.
 */
typedef struct
{
  gint64                 connection_id;
  char                  *provider;
  char                  *stream;
  char                  *table;
  TideRecordWriterFlags  flags;
  gint64                 revision;
  gboolean               has_index;
  TideKeyMap            *map;
  gboolean               map_complete;
  TideKeyMap            *failing;
  TideSeenMap           *seen;
  gboolean               listing_saved;
  gboolean               listing_committed;
} TideRecordMemory;

TideRecordMemory *tide_record_memory_new         (const TideTableSpec     *spec,
                                                  gint64                   connection_id,
                                                  TideRecordWriterFlags    flags);
void              tide_record_memory_free        (TideRecordMemory        *self);
gboolean          tide_record_memory_load        (TideRecordMemory        *self,
                                                  TideDatabase            *database,
                                                  GError                 **error);
guint64           tide_record_memory_mix         (const TideRecordMemory  *self,
                                                  guint64                  hash);
gboolean          tide_record_memory_is_same     (const TideRecordMemory  *self,
                                                  guint64                  stored,
                                                  guint64                  hash);
void              tide_record_memory_see         (TideRecordMemory        *self,
                                                  gint64                   row);
void              tide_record_memory_put         (TideRecordMemory        *self,
                                                  guint64                  key,
                                                  guint64                  hash,
                                                  gint64                   row,
                                                  gboolean                 deleted);
gboolean          tide_record_memory_is_failing  (const TideRecordMemory  *self,
                                                  guint64                  key);
void              tide_record_memory_put_failing (TideRecordMemory        *self,
                                                  guint64                  key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordMemory, tide_record_memory_free)

G_END_DECLS
