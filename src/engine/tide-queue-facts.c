/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-queue-facts.h"

#include "tide-block-rows.h"
#include "tide-run-rows.h"
#include "tide-run.h"

/* What a stream's runs in the queue say of it. */
typedef struct
{
  gboolean live;      /* one goes or waits for its turn */
  gint64   retry_at;  /* 0: none */
  gint64   retrying;  /* instant since when, -1: none is */
  gint64   asking;    /* likewise */
} LiveRuns;

struct _TideQueueFacts
{
  GHashTable *live;     /* (owned): connection and stream → LiveRuns */
  GHashTable *blocked;  /* (owned): connection's id → instant since when */
  GHashTable *brought;  /* (owned): connection and stream → records */
};

static char *
make_key (gint64      connection_id,
          const char *stream)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", connection_id, stream);
}

static void
live_runs_add (LiveRuns      *self,
               const TideRun *run)
{
  gboolean whole = !run->dry_run && !tide_run_is_part (run);

  if (run->status == TIDE_RUN_PENDING && run->error_code != NULL && run->due_at != 0)
    {
      if (!whole)
        return;
      self->retrying = MAX (self->retrying, run->ended_at);
      self->retry_at = self->retry_at != 0 ? MIN (self->retry_at, run->due_at) : run->due_at;
    }
  else if (run->status == TIDE_RUN_PENDING || run->status == TIDE_RUN_PROCESSING)
    {
      self->live = TRUE;
      /* As long as a further try has brought nothing it is no better than the last one. */
      if (run->status == TIDE_RUN_PROCESSING && run->stalled > 0 && whole)
        self->retrying = MAX (self->retrying, 0);
    }
  else if (run->status == TIDE_RUN_AWAITING_APPROVAL && whole)
    self->asking = MAX (self->asking, run->ended_at);
}

static void
tide_queue_facts_sort (TideQueueFacts *self,
                       GPtrArray      *runs)
{
  self->live = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);
      char *key = make_key (run->connection_id, run->stream);
      LiveRuns *live = g_hash_table_lookup (self->live, key);

      if (live == NULL)
        {
          live = g_new0 (LiveRuns, 1);
          live->retrying = live->asking = -1;
          g_hash_table_insert (self->live, g_strdup (key), live);
        }
      live_runs_add (live, run);
      g_free (key);
    }
}

/* A login is the whole connection's: once it is refused for one stream, no other can be called fresh. */
static gboolean
tide_queue_facts_read_blocked (TideQueueFacts  *self,
                               TideDatabase    *database,
                               GError         **error)
{
  g_autoptr(GPtrArray) rows = tide_block_rows_list (database, error);

  self->blocked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TideBlockRow *row = g_ptr_array_index (rows, i);

      g_hash_table_insert (self->blocked, g_memdup2 (&row->connection_id, sizeof row->connection_id),
                           g_memdup2 (&row->since, sizeof row->since));
    }
  return rows != NULL;
}

static gboolean
tide_queue_facts_read_brought (TideQueueFacts  *self,
                               TideDatabase    *database,
                               GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideStatement) statement =
    tide_statement_new (database,
                        "SELECT connection_id, stream, sum(created - deleted) FROM sync_runs"
                        " WHERE status IN ('pending', 'processing', 'paused', 'awaiting_approval') AND NOT dry_run"
                        " AND created <> deleted GROUP BY connection_id, stream", error);

  self->brought = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (statement == NULL)
    return FALSE;
  while (tide_statement_next (statement, &local_error))
    {
      gint64 n = tide_statement_get_int (statement, 2);

      g_hash_table_insert (self->brought,
                           make_key (tide_statement_get_int (statement, 0), tide_statement_get_text (statement, 1)),
                           g_memdup2 (&n, sizeof n));
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Who has the workspace knows better than rows that nobody could bring up to date. */
static gboolean
tide_queue_facts_read_live (TideQueueFacts  *self,
                            TideDatabase    *database,
                            GPtrArray       *live_runs,
                            GError         **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (live_runs == NULL)
    live_runs = rows = tide_run_rows_list_live (database, 0, error);
  if (live_runs != NULL)
    tide_queue_facts_sort (self, live_runs);
  return live_runs != NULL;
}

/**
 * tide_queue_facts_new:
 * @live_runs: (nullable) (element-type TideRun): the runs in the queue, of who has the workspace; %NULL to take the
 *   store's word
 *
 * Returns: (transfer full): what is so just now; %NULL with an error of the store
 */
TideQueueFacts *
tide_queue_facts_new (TideDatabase  *database,
                      GPtrArray     *live_runs,
                      GError       **error)
{
  g_autoptr(TideQueueFacts) self = g_new0 (TideQueueFacts, 1);

  if (!tide_queue_facts_read_live (self, database, live_runs, error) ||
      !tide_queue_facts_read_blocked (self, database, error) ||
      !tide_queue_facts_read_brought (self, database, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tide_queue_facts_free:
 * @self: (transfer full): facts
 */
void
tide_queue_facts_free (TideQueueFacts *self)
{
  g_clear_pointer (&self->live, g_hash_table_unref);
  g_clear_pointer (&self->blocked, g_hash_table_unref);
  g_clear_pointer (&self->brought, g_hash_table_unref);
  g_free (self);
}

/**
 * tide_queue_facts_get:
 * @facts: what of it is the queue's is set
 * @retry_at: (out): instant of the stream's next try, 0 if none waits
 */
void
tide_queue_facts_get (TideQueueFacts  *self,
                      gint64           connection_id,
                      const char      *stream,
                      TideStreamFacts *facts,
                      gint64          *retry_at)
{
  g_autofree char *key = make_key (connection_id, stream);
  const LiveRuns *live = g_hash_table_lookup (self->live, key);
  const gint64 *blocked = g_hash_table_lookup (self->blocked, &connection_id);

  facts->blocked = blocked != NULL ? *blocked : -1;
  facts->retrying = live != NULL ? live->retrying : -1;
  facts->asking = live != NULL ? live->asking : -1;
  facts->live = live != NULL && live->live;
  *retry_at = live != NULL ? live->retry_at : 0;
}

/**
 * tide_queue_facts_get_brought:
 *
 * Returns: how many records more there are because of the stream's runs that are not over
 */
gint64
tide_queue_facts_get_brought (TideQueueFacts *self,
                              gint64          connection_id,
                              const char     *stream)
{
  g_autofree char *key = make_key (connection_id, stream);
  const gint64 *brought = g_hash_table_lookup (self->brought, key);

  return brought != NULL ? *brought : 0;
}
