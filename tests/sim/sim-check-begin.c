/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-check-private.h"

#include "sim-people.h"
#include "tide-time.h"

/* What must hold at the very moment at which an attempt of a run begins. */

/* Who writes down that it is blocked tells the engine a moment later: one more may have begun in it. */
static gboolean
is_blocked (SimCheck *self,
            gint64    connection_id)
{
  sqlite3_stmt *statement = sim_query_ask (self->query, "SELECT since FROM connection_blocks WHERE connection_id = ?");
  gint64 since = sim_world_now (self->world);

  sqlite3_bind_int64 (statement, 1, connection_id);
  if (sim_query_next (self->query, statement))
    since = tide_time_parse (sim_query_text (statement, 0), -1);
  sqlite3_reset (statement);
  return sim_world_now (self->world) - since > TIDE_SECOND;
}

static gboolean
is_same_lock (const TideRun *left,
              const TideRun *right)
{
  return left->connection_id == right->connection_id && g_str_equal (left->entity, right->entity);
}

static gboolean
has_lock (GPtrArray     *entries,
          const TideRun *run)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *other = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      if (other->status == TIDE_RUN_PROCESSING && !g_str_equal (other->sync_id, run->sync_id) &&
          is_same_lock (other, run))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_smart (const TideRun *run)
{
  return run->priority == TIDE_RUN_PRIORITY_SMART;
}

/* Those that were asked to make way for a refresh are still there for a while; they do not count for it. */
static guint
count_going (SimCheck  *self,
             GPtrArray *entries,
             gboolean   smart)
{
  guint count = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *run = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      count += run->status == TIDE_RUN_PROCESSING &&
               (!smart || (is_smart (run) && !g_hash_table_contains (self->halted, run->sync_id)));
    }
  return count;
}

static void
check_count (SimCheck      *self,
             GPtrArray     *entries,
             const TideRun *run)
{
  guint going = count_going (self, entries, is_smart (run));
  gint64 most = tide_engine_get_setting (self->world->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS);

  if (going > most)
    sim_world_fail (self->world, "%u runs go, and only %" G_GINT64_FORMAT " may", going, most);
}

void
sim_check_note_queue (SimCheck  *self,
                      GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);
      const TideRun *run = entry->run;

      sim_world_note (self->world, "in the queue: run %" G_GINT64_FORMAT " %s %s of connection %" G_GINT64_FORMAT
                      " %s, priority %d, rank %" G_GINT64_FORMAT ", due in %" G_GINT64_FORMAT " s, position %u, hold %d",
                      run->id, run->sync_id, run->stream, run->connection_id, tide_run_status_to_name (run->status),
                      run->priority, run->rank,
                      run->due_at != 0 ? (run->due_at - sim_world_now (self->world)) / TIDE_SECOND : 0, entry->position,
                      entry->hold);
    }
}

/* Its parent is in the queue, and may have to be read before it. */
gboolean
sim_check_waits_for_parent (GPtrArray     *entries,
                            const TideRun *run)
{
  for (guint i = 0; i < entries->len && g_str_equal (run->stream, "orders"); i++)
    {
      const TideRun *other = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      if (other->connection_id == run->connection_id && g_str_equal (other->stream, "locations"))
        return TRUE;
    }
  return FALSE;
}

/* The first in the queue that can go goes first. */
static void
check_order (SimCheck      *self,
             GPtrArray     *entries,
             const TideRun *run)
{
  gint64 now = sim_world_now (self->world);

  for (guint i = 0; i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);
      const TideRun *other = entry->run;

      if (other->status == TIDE_RUN_PENDING && other->rank < run->rank && other->due_at <= now &&
          (!is_smart (run) || is_smart (other)) && !has_lock (entries, other) && !is_same_lock (other, run) &&
          !sim_check_waits_for_parent (entries, other))
        {
          sim_check_note_queue (self, entries);
          sim_world_fail (self->world, "run %s %s begins, and run %s %s is before it", run->sync_id, run->stream,
                          other->sync_id, other->stream);
        }
    }
}

/* While a form is open only its refreshes begin. */
static void
check_gate (SimCheck      *self,
            const TideRun *run)
{
  guint n_sure, n_possible;

  sim_people_sessions (self->world->people, &n_sure, &n_possible);
  if (n_sure > 0 && !is_smart (run))
    sim_world_fail (self->world, "run %s %s begins while a form is open", run->sync_id, run->stream);
}

/* Somebody has resumed, retried or approved it, perhaps just now. */
static gboolean
was_let_go (SimCheck      *self,
            const TideRun *run,
            const char    *was)
{
  sqlite3_stmt *statement = sim_query_ask (self->query, "SELECT count(*) FROM sim_edges WHERE run = ?"
                                                        " AND was IN ('paused', 'failed', 'awaiting_approval')");
  gboolean let_go = !g_str_equal (was, "pending");

  sqlite3_bind_int64 (statement, 1, run->id);
  let_go |= sim_query_next (self->query, statement) && sqlite3_column_int (statement, 0) > 0;
  sqlite3_reset (statement);
  return let_go;
}

/* What only a person can mend is not tried again before one has. */
static void
check_block (SimCheck      *self,
             const TideRun *run,
             const char    *was)
{
  if (g_str_equal (run->requested_by, "schedule") && is_blocked (self, run->connection_id) && !was_let_go (self, run, was))
    sim_world_fail (self->world, "run %s %s begins, and its connection is blocked", run->sync_id, run->stream);
}

GPtrArray *
sim_check_list_queue (SimCheck *self)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *entries = tide_engine_list_queue (self->world->engine, 10000, &error);

  g_assert_no_error (error);
  return entries;
}

static const TideRun *
find_run (GPtrArray  *entries,
          const char *sync_id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *run = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      if (g_str_equal (run->sync_id, sync_id))
        return run;
    }
  return NULL;
}

/* An attempt of a run begins at this very moment: its row has just been changed. */
void
sim_check_begins_cb (const char *sync_id,
                     const char *was,
                     gpointer    user_data)
{
  SimCheck *self = user_data;
  g_autoptr(GPtrArray) entries = NULL;
  const TideRun *run;

  if (self->query == NULL || !sim_check_is_listening (self))
    return;

  entries = sim_check_list_queue (self);
  run = find_run (entries, sync_id);
  if (run == NULL)
    sim_world_fail (self->world, "run %s begins, and is not in the queue", sync_id);
  sim_world_note (self->world, "begins: run %" G_GINT64_FORMAT " %s %s of connection %" G_GINT64_FORMAT " for the %u. time",
                  run->id, sync_id, run->stream, run->connection_id, run->attempts + 1);
  if (run->status != TIDE_RUN_PROCESSING)
    sim_world_fail (self->world, "run %s begins, and is %s", sync_id, tide_run_status_to_name (run->status));
  if (has_lock (entries, run))
    sim_world_fail (self->world, "run %s begins, and another goes on %s", sync_id, run->entity);
  check_count (self, entries, run);
  check_order (self, entries, run);
  check_gate (self, run);
  check_block (self, run, was);
}
