/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-retention-rows.h"

/* What goes on, or waits for its turn or for a person, needs its rows. */
#define LIVE "status IN ('pending', 'processing', 'paused', 'awaiting_approval')"

/* Whoever asks under the same key again is told of the same runs. */
#define NAMED "SELECT j.value FROM sync_requests q CROSS JOIN json_each(q.sync_ids) j"

/* A stream's newest runs tell how it is doing and how long it usually takes. */
#define NEWEST_KEPT "50"

/* Of what hangs on runs that go, so many rows a table and batch. */
#define DEPENDENTS_BATCH 5000

/* Rows come with the key in which they were written, so the oldest are the lowest. */
typedef struct
{
  const char *table;
  const char *time;
  const char *keep;           /* (nullable): which rows t stay however old they are */
} Kind;

static const Kind kinds[] = {
  [TIDE_RETENTION_EVENTS] = { "events", "at", NULL },
  [TIDE_RETENTION_LOGS] = { "sync_logs", "at", "t.run_id IN (SELECT id FROM sync_runs WHERE " LIVE ")" },
  [TIDE_RETENTION_CHANGES] = { "record_changes", "at", "t.run_id IN (SELECT id FROM sync_runs WHERE " LIVE ")" },
  [TIDE_RETENTION_RUNS] =
    { "sync_runs", "requested_at",
      "t." LIVE " OR EXISTS (SELECT 1 FROM approvals WHERE run_id = t.id AND state = 'open')"
      " OR t.id >= COALESCE((SELECT n.id FROM sync_runs n WHERE n.connection_id = t.connection_id"
      "                      AND n.stream = t.stream ORDER BY n.id DESC LIMIT 1 OFFSET " NEWEST_KEPT " - 1), 0)"
      " OR t.sync_id IN (" NAMED ")" },
};

/* All tables whose rows go with their run. Before the run does, so that no batch is large. */
static const char * const dependents[] = { "record_changes", "sync_logs", "rehearsed_changes" };

static gboolean
fail (GError     **error,
      GError      *local_error,
      const char  *table)
{
  g_propagate_prefixed_error (error, local_error, "pruning %s: ", table);
  return FALSE;
}

/**
 * tide_retention_rows_count:
 * @database: a connection
 * @kind: of what; not requests, which have only an age
 * @count: (out): how many there are; untouched on failure
 * @error: return location
 *
 * Returns: whether they could be counted
 */
gboolean
tide_retention_rows_count (TideDatabase       *database,
                           TideRetentionKind   kind,
                           gint64             *count,
                           GError            **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", kinds[kind].table);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    {
      *count = tide_statement_get_int (statement, 0);
      return TRUE;
    }
  return fail (error, g_steal_pointer (&local_error), kinds[kind].table);
}

/* Bytes of the whole database: if those are few enough, nothing in it is too large. */
static gboolean
read_size (TideDatabase  *database,
           gint64        *size,
           GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", error);
  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    {
      *size = tide_statement_get_int (statement, 0);
      return TRUE;
    }
  return fail (error, g_steal_pointer (&local_error), "record_changes");
}

/**
 * tide_retention_rows_count_larger:
 * @database: a connection
 * @max_bytes: what before-images may take
 * @excess: (out): how many of the oldest are too many; untouched on failure
 * @error: return location
 *
 * Goes from the newest back until @max_bytes are reached, so it reads no more than those.
 *
 * Returns: whether it could be told
 */
gboolean
tide_retention_rows_count_larger (TideDatabase  *database,
                                  gint64         max_bytes,
                                  gint64        *excess,
                                  GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 bytes = 0;
  gint64 kept = 0;
  gint64 count;

  if (!read_size (database, &bytes, error))
    return FALSE;
  if (bytes <= max_bytes)
    {
      *excess = 0;
      return TRUE;
    }

  if (!tide_retention_rows_count (database, TIDE_RETENTION_CHANGES, &count, error))
    return FALSE;
  statement = tide_statement_new (database, "SELECT length(CAST(before AS BLOB)) FROM record_changes ORDER BY id DESC",
                                  error);
  if (statement == NULL)
    return FALSE;
  bytes = 0;
  while (bytes <= max_bytes && tide_statement_next (statement, &local_error))
    {
      bytes += tide_statement_get_int (statement, 0);
      if (bytes <= max_bytes)
        kept++;
    }
  if (local_error != NULL)
    return fail (error, g_steal_pointer (&local_error), "record_changes");
  *excess = count - kept;
  return TRUE;
}

/* The next rows by age, as far as they are too old or too many, as a JSON array. */
static char *
step_choose (TideRetentionStep  *step,
             TideDatabase       *database,
             const Kind         *kind,
             guint               batch,
             GError            **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id, %s FROM %s WHERE id > @after ORDER BY id LIMIT @batch",
                                          kind->time, kind->table);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GString) ids = g_string_new ("[");
  g_autoptr(GError) local_error = NULL;
  guint n_rows = 0;

  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@after", step->after);
  tide_statement_bind_int (statement, "@batch", batch);
  while (tide_statement_next (statement, &local_error))
    {
      gint64 id = tide_statement_get_int (statement, 0);

      if (tide_statement_get_time (statement, 1) >= step->before && (gint64)n_rows >= step->excess)
        {
          step->done = TRUE;
          break;
        }
      g_string_append_printf (ids, "%s%" G_GINT64_FORMAT, n_rows++ > 0 ? "," : "", id);
      step->after = id;
    }
  if (local_error != NULL)
    {
      fail (error, g_steal_pointer (&local_error), kind->table);
      return NULL;
    }
  step->done = step->done || n_rows < batch;
  g_string_append_c (ids, ']');
  return g_strdup (ids->str);
}

static gint64
run_with_ids (TideDatabase  *database,
              const char    *sql,
              const char    *ids,
              GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);

  if (statement == NULL)
    return -1;
  tide_statement_bind_text (statement, "@ids", ids);
  return tide_statement_run (statement, error) ? tide_database_get_changes (database) : -1;
}

/* Returns how many rows went; fewer than DEPENDENTS_BATCH of each table when those runs have none left. */
static gboolean
remove_dependents (TideDatabase  *database,
                   const Kind    *kind,
                   const char    *ids,
                   gboolean      *left,
                   GError       **error)
{
  *left = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (dependents); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("DELETE FROM %s WHERE id IN (SELECT d.id FROM sync_runs t CROSS JOIN %s d ON d.run_id = t.id"
                         " WHERE t.id IN (SELECT value FROM json_each(@ids)) AND NOT (%s) LIMIT %d)",
                         dependents[i], dependents[i], kind->keep, DEPENDENTS_BATCH);
      gint64 removed = run_with_ids (database, sql, ids, error);

      if (removed < 0)
        return FALSE;
      *left = *left || removed >= DEPENDENTS_BATCH;
    }
  return TRUE;
}

/* Keys of requests are text, and few: those of 30 days. */
static gboolean
prune_requests (TideWrite          *write,
                TideRetentionStep  *step,
                guint               batch,
                GError            **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;
  gint64 removed;

  statement = tide_statement_new (database,
                                  "DELETE FROM sync_requests WHERE key IN (SELECT key FROM sync_requests"
                                  " WHERE requested_at < @before ORDER BY requested_at LIMIT @batch)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_time (statement, "@before", step->before);
  tide_statement_bind_int (statement, "@batch", batch);
  if (!tide_statement_run (statement, error))
    return FALSE;
  removed = tide_database_get_changes (database);
  step->removed += removed;
  step->done = removed < batch;
  return TRUE;
}

/**
 * tide_retention_rows_prune:
 * @write: a write, for this batch alone
 * @kind: what is pruned
 * @step: (inout): where it stands
 * @batch: look at so many rows
 * @error: return location
 *
 * Removes what is too old or too much among the next rows. A run stays as long as it waits, goes, waits for a
 * person or is named by a request that is kept, and so do the newest of each stream, however old they are; what
 * hangs on a run goes with it.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_retention_rows_prune (TideWrite          *write,
                           TideRetentionKind   kind,
                           TideRetentionStep  *step,
                           guint               batch,
                           GError            **error)
{
  TideDatabase *database = tide_write_get_database (write);
  const Kind *pruned = &kinds[kind];
  TideRetentionStep next = *step;
  g_autofree char *ids = NULL;
  g_autofree char *sql = NULL;
  gboolean left = FALSE;
  gint64 removed;

  if (kind == TIDE_RETENTION_REQUESTS)
    return prune_requests (write, step, batch, error);

  ids = step_choose (&next, database, pruned, batch, error);
  if (ids == NULL)
    return FALSE;
  if (kind == TIDE_RETENTION_RUNS && !remove_dependents (database, pruned, ids, &left, error))
    return FALSE;
  /* The same runs again: with so much behind them, they go in a batch of their own. */
  if (left)
    return TRUE;

  sql = pruned->keep != NULL
        ? g_strdup_printf ("DELETE FROM %s AS t WHERE t.id IN (SELECT value FROM json_each(@ids)) AND NOT (%s)",
                           pruned->table, pruned->keep)
        : g_strdup_printf ("DELETE FROM %s WHERE id IN (SELECT value FROM json_each(@ids))", pruned->table);
  removed = run_with_ids (database, sql, ids, error);
  if (removed < 0)
    return FALSE;
  next.removed += removed;
  next.excess -= removed;
  *step = next;
  return TRUE;
}
