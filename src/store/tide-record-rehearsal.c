/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-record-memory-private.h"

static void
rehearse_record (TideRecordMemory *self,
                 const TideRecord *record,
                 TideCounts       *counts)
{
  guint64 key = tide_key_map_hash (record->id, record->id_length);
  gsize place;
  gboolean found = tide_key_map_find (self->map, key, &place);
  guint32 row = found ? self->map->rows[place] : 0;
  gboolean gone = (row & TIDE_KEY_MAP_GONE) != 0;

  counts->read++;
  tide_record_memory_see (self, row & TIDE_KEY_MAP_ROW_MAX);
  if (!found && record->deleted)
    {
      counts->skipped++;
      return;
    }
  if (!found)
    counts->created++;
  else if (gone && record->deleted)
    counts->unchanged++;
  else if (!gone && !record->deleted && tide_record_memory_is_same (self, self->map->hashes[place], record->hash))
    counts->unchanged++;
  else
    counts->updated++;
  if (found && record->deleted && !gone)
    counts->deleted++;
  tide_key_map_put (self->map, key, tide_record_memory_mix (self, record->hash), row & TIDE_KEY_MAP_ROW_MAX,
                    record->deleted);
}

static void
rehearse_bad_record (TideRecordMemory    *self,
                     const TideBadRecord *bad,
                     TideCounts          *counts)
{
  gsize place;

  counts->read++;
  counts->failed++;
  if (self->seen == NULL)
    return;
  if (bad->id == NULL)
    tide_seen_map_add_unnamed (self->seen);
  else if (tide_key_map_find (self->map, tide_key_map_hash (bad->id, strlen (bad->id)), &place))
    tide_record_memory_see (self, self->map->rows[place] & TIDE_KEY_MAP_ROW_MAX);
}

/**
 * tide_record_memory_rehearse:
 * @batch: records
 * @counts: what would have happened is added here
 *
 * Does as if. A dry run reads nothing and writes nothing: the map, which holds all rows, alone decides,
 * and takes note of what would have been done, so that a record that comes twice is counted right.
 */
void
tide_record_memory_rehearse (TideRecordMemory *self,
                             TideRecordBatch  *batch,
                             TideCounts       *counts)
{
  gsize n_records;
  gsize n_bad;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);
  const TideBadRecord *bad = tide_record_batch_get_bad (batch, &n_bad);
  gsize n_skipped = tide_record_batch_get_skipped (batch);

  for (gsize i = 0; i < n_records; i++)
    rehearse_record (self, &records[i], counts);
  for (gsize i = 0; i < n_bad; i++)
    rehearse_bad_record (self, &bad[i], counts);
  counts->read += (gint64)n_skipped;
  counts->skipped += (gint64)n_skipped;
}
