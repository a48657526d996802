/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-record-rehearsal-private.h"
#include "tide-record-sweep-private.h"

/* Enough to judge a run by; the counts tell of all. */
#define MAX_KEPT 1000

struct _TideRecordRehearsal
{
  TideRecordMemory *memory;
  gint64            run_id;
  guint             n_kept;
  char             *sql;        /* (owned) */

  TideDatabase     *database;   /* (nullable): for the time of a call, where changes are to be kept */
  TideStatement    *statement;  /* (owned) (nullable): likewise, once needed */
};

/**
 * tide_record_rehearsal_new:
 * @memory: of a dry run; outlives the rehearsal
 * @run_id: the run, whose earlier attempts have left no changes behind
 *
 * Returns: (transfer full): a rehearsal
 */
TideRecordRehearsal *
tide_record_rehearsal_new (TideRecordMemory *memory,
                           gint64            run_id)
{
  TideRecordRehearsal *self = g_new0 (TideRecordRehearsal, 1);
  g_autofree char *name = tide_database_quote_name (memory->table);

  self->memory = memory;
  self->run_id = run_id;
  /* What a record is before a change is what an earlier one would have made of it. */
  self->sql = g_strdup_printf ("INSERT INTO rehearsed_changes (run_id, record_id, kind, before, after)"
                               " VALUES (@run, @id, @kind, CASE @kind WHEN 'created' THEN NULL ELSE"
                               " COALESCE((SELECT after FROM rehearsed_changes WHERE run_id = @run AND record_id = @id"
                               "           ORDER BY id DESC LIMIT 1),"
                               "          (SELECT _raw FROM %s WHERE _key = @row)) END, @after)", name);
  return self;
}

/**
 * tide_record_rehearsal_free:
 * @self: (transfer full): a rehearsal
 */
void
tide_record_rehearsal_free (TideRecordRehearsal *self)
{
  g_free (self->sql);
  g_free (self);
}

/* Within begin and end @database may be asked. */
static void
tide_record_rehearsal_begin (TideRecordRehearsal *self,
                             TideDatabase        *database)
{
  self->database = database;
}

static void
tide_record_rehearsal_end (TideRecordRehearsal *self)
{
  g_clear_pointer (&self->statement, tide_statement_free);
  self->database = NULL;
}

static gboolean
tide_record_rehearsal_keep (TideRecordRehearsal  *self,
                            const char           *kind,
                            const char           *id,
                            gint64                row,
                            const char           *after,
                            GError              **error)
{
  if (self->statement == NULL)
    self->statement = tide_statement_new (self->database, self->sql, error);
  if (self->statement == NULL)
    return FALSE;
  tide_statement_reset (self->statement);
  tide_statement_bind_int (self->statement, "@run", self->run_id);
  tide_statement_bind_text (self->statement, "@id", id);
  tide_statement_bind_text (self->statement, "@kind", kind);
  tide_statement_bind_int (self->statement, "@row", row);
  tide_statement_bind_text (self->statement, "@after", after);
  self->n_kept++;
  return tide_statement_run (self->statement, error);
}

static gboolean
tide_record_rehearsal_keep_record (TideRecordRehearsal  *self,
                                   const char           *kind,
                                   const TideRecord     *record,
                                   gint64                row,
                                   GError              **error)
{
  g_autofree char *id = NULL;
  g_autofree char *after = NULL;

  if (self->database == NULL || self->n_kept >= MAX_KEPT)
    return TRUE;
  id = g_strndup (record->id, record->id_length);
  if (!record->deleted && record->raw != NULL)
    after = g_strndup (record->raw, record->raw_length);
  return tide_record_rehearsal_keep (self, kind, id, row, after, error);
}

/* What a record would do to the row that it has, if any: %NULL for nothing. */
static const char *
decide (TideRecordMemory *memory,
        const TideRecord *record,
        gboolean          found,
        gsize             place)
{
  gboolean gone = found && (memory->map->rows[place] & TIDE_KEY_MAP_GONE) != 0;

  if (!found)
    return record->deleted ? NULL : "created";
  if (record->deleted)
    return gone ? NULL : "deleted";
  if (gone)
    return "restored";
  return tide_record_memory_is_same (memory, memory->map->hashes[place], record->hash) ? NULL : "updated";
}

static void
count_record (TideCounts *counts,
              const char *kind,
              gboolean    found)
{
  counts->read++;
  if (kind == NULL)
    *(found ? &counts->unchanged : &counts->skipped) += 1;
  else
    *(found ? &counts->updated : &counts->created) += 1;
  if (g_strcmp0 (kind, "deleted") == 0)
    counts->deleted++;
}

static gboolean
tide_record_rehearsal_write_record (TideRecordRehearsal  *self,
                                    const TideRecord     *record,
                                    TideCounts           *counts,
                                    GError              **error)
{
  TideRecordMemory *memory = self->memory;
  guint64 key = tide_key_map_hash (record->id, record->id_length);
  gsize place;
  gboolean found = tide_key_map_find (memory->map, key, &place);
  gint64 row = found ? memory->map->rows[place] & TIDE_KEY_MAP_ROW_MAX : 0;
  const char *kind = decide (memory, record, found, place);

  tide_record_memory_see (memory, row);
  count_record (counts, kind, found);
  if (kind != NULL && !tide_record_rehearsal_keep_record (self, kind, record, row, error))
    return FALSE;
  if (found || kind != NULL)
    tide_key_map_put (memory->map, key, tide_record_memory_mix (memory, record->hash), row, record->deleted);
  return TRUE;
}

static void
tide_record_rehearsal_write_bad (TideRecordRehearsal *self,
                                 const TideBadRecord *bad,
                                 TideCounts          *counts)
{
  TideRecordMemory *memory = self->memory;
  gsize place;

  counts->read++;
  counts->failed++;
  if (memory->seen == NULL)
    return;
  if (bad->id == NULL)
    tide_seen_map_add_unnamed (memory->seen);
  else if (tide_key_map_find (memory->map, tide_key_map_hash (bad->id, strlen (bad->id)), &place))
    tide_record_memory_see (memory, memory->map->rows[place] & TIDE_KEY_MAP_ROW_MAX);
}

/**
 * tide_record_rehearsal_write:
 * @database: (nullable): the writer's connection, if the changes are to be kept
 * @batch: records
 * @counts: what would have happened is added here
 * @error: return location
 *
 * Returns: whether the run can go on
 */
gboolean
tide_record_rehearsal_write (TideRecordRehearsal  *self,
                             TideDatabase         *database,
                             TideRecordBatch      *batch,
                             TideCounts           *counts,
                             GError              **error)
{
  gsize n_records;
  gsize n_bad;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);
  const TideBadRecord *bad = tide_record_batch_get_bad (batch, &n_bad);
  gsize n_skipped = tide_record_batch_get_skipped (batch);
  gboolean ok = TRUE;

  tide_record_rehearsal_begin (self, database);
  for (gsize i = 0; i < n_records && ok; i++)
    ok = tide_record_rehearsal_write_record (self, &records[i], counts, error);
  tide_record_rehearsal_end (self);
  for (gsize i = 0; i < n_bad; i++)
    tide_record_rehearsal_write_bad (self, &bad[i], counts);
  counts->read += (gint64)n_skipped;
  counts->skipped += (gint64)n_skipped;
  return ok;
}

static gboolean
tide_record_rehearsal_sweep_row (TideRecordRehearsal  *self,
                                 TideStatement        *look_up,
                                 gint64                row,
                                 TideCounts           *counts,
                                 GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *id = NULL;

  tide_statement_bind_int (look_up, "@key", row);
  if (tide_statement_next (look_up, &local_error))
    id = g_strdup (tide_statement_get_text (look_up, 0));
  tide_statement_reset (look_up);
  if (local_error != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading %s: ", self->memory->table);
      return FALSE;
    }
  if (id == NULL)
    return TRUE;
  counts->deleted++;
  return self->database == NULL || self->n_kept >= MAX_KEPT ||
         tide_record_rehearsal_keep (self, "deleted", id, row, NULL, error);
}

/**
 * tide_record_rehearsal_sweep:
 * @database: a connection
 * @keep: whether it is the writer's, and the changes are to be kept
 * @counts: what would have been marked as deleted is added here
 * @error: return location
 *
 * Returns: whether that could be found out
 */
gboolean
tide_record_rehearsal_sweep (TideRecordRehearsal  *self,
                             TideDatabase         *database,
                             gboolean              keep,
                             TideCounts           *counts,
                             GError              **error)
{
  g_autofree char *name = tide_database_quote_name (self->memory->table);
  g_autofree char *sql = g_strdup_printf ("SELECT _id FROM %s WHERE _key = @key AND _deleted = 0", name);
  g_autoptr(TideStatement) look_up = tide_statement_new (database, sql, error);
  g_autoptr(GArray) rows = look_up != NULL ? tide_record_sweep_list (self->memory, database, error) : NULL;
  gboolean ok = rows != NULL;

  tide_record_rehearsal_begin (self, keep ? database : NULL);
  for (guint i = 0; ok && i < rows->len; i++)
    ok = tide_record_rehearsal_sweep_row (self, look_up, g_array_index (rows, gint64, i), counts, error);
  tide_record_rehearsal_end (self);
  return ok;
}
