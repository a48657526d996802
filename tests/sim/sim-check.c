/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-check-private.h"

#include "sim-people.h"
#include "sim-records.h"
#include "tide-time.h"

/* Later than its slot a stream may be asked for: the day's last slot may be followed by a longer gap. */
#define SLOT_SLACK TIDE_HOUR

/* All records are looked at after so many steps, and whenever the store was opened. */
#define STEPS_A_RECORD_CHECK 4

/* The store keeps count itself of how each run's state changes: no change is so short that it is not seen, and the
 * count survives a crash as the rows do. */
static const char watch_edges[] =
  "CREATE TABLE IF NOT EXISTS sim_edges (id INTEGER PRIMARY KEY, run INTEGER, was TEXT, now TEXT);"
  "CREATE TRIGGER IF NOT EXISTS sim_edges_begin AFTER INSERT ON sync_runs"
  " BEGIN INSERT INTO sim_edges (run, was, now) VALUES (new.id, NULL, new.status);"
  " SELECT sim_tell (new.sync_id, 'pending') WHERE new.status = 'processing'; END;"
  "CREATE TRIGGER IF NOT EXISTS sim_edges_go_on AFTER UPDATE OF status ON sync_runs WHEN old.status <> new.status"
  " BEGIN INSERT INTO sim_edges (run, was, now) VALUES (new.id, old.status, new.status);"
  " SELECT sim_tell (new.sync_id, old.status) WHERE new.status = 'processing'; END;";

gboolean
sim_check_is_listening (SimCheck *self)
{
  return self->world->dying == SIM_FAULT_NONE;
}

/* What somebody lets go, and what has its turn at once, is written once, as going. */
static gboolean
may_become (TideRunStatus from,
            TideRunStatus to)
{
  return tide_run_status_may_become (from, to) ||
         (to == TIDE_RUN_PROCESSING && tide_run_status_may_become (from, TIDE_RUN_PENDING));
}

static void
check_edge (SimCheck     *self,
            sqlite3_stmt *statement,
            gboolean      note)
{
  const char *was = sim_query_text (statement, 2);
  const char *now = sim_query_text (statement, 3);
  TideRunStatus from = TIDE_RUN_PENDING;
  TideRunStatus to;

  if (note)
    sim_world_note (self->world, "run %" G_GINT64_FORMAT " %s: %s -> %s", (gint64)sqlite3_column_int64 (statement, 1),
                    sim_query_text (statement, 4), was != NULL ? was : "new", now);
  if (!tide_run_status_from_name (now, &to) || (was != NULL && !tide_run_status_from_name (was, &from)))
    sim_world_fail (self->world, "there is no state %s or %s", was, now);
  if (was != NULL && !may_become (from, to))
    sim_world_fail (self->world, "run %" G_GINT64_FORMAT " became %s, and was %s",
                    (gint64)sqlite3_column_int64 (statement, 1), now, was);
}

static void
check_edges (SimCheck *self,
             gboolean  note)
{
  sqlite3_stmt *statement = sim_query_ask (self->query, "SELECT e.id, e.run, e.was, e.now, r.stream FROM sim_edges e"
                                                        " LEFT JOIN sync_runs r ON r.id = e.run WHERE e.id > ?"
                                                        " ORDER BY e.id");

  sqlite3_bind_int64 (statement, 1, self->last_edge);
  while (sim_query_next (self->query, statement))
    {
      self->last_edge = sqlite3_column_int64 (statement, 0);
      check_edge (self, statement, note);
    }
}

/* A disk that fails may keep the word that a run has ended. */
static void
check_locks (SimCheck *self)
{
  if (!self->world->trouble &&
      sim_query_int (self->query, "SELECT max(n) FROM (SELECT count(*) AS n FROM sync_runs WHERE status = 'processing'"
                                  " GROUP BY connection_id, entity)") > 1)
    sim_world_fail (self->world, "two runs go on one entity of one connection");
}

/* While its connection was blocked it was not asked for. */
static void
note_blocks (SimCheck *self)
{
  sqlite3_stmt *statement = sim_query_ask (self->query, "SELECT connection_id FROM connection_blocks");

  while (sim_query_next (self->query, statement))
    self->blocked_at[sim_world_find_account (self->world, sqlite3_column_int64 (statement, 0))] = sim_world_now (self->world);
}

/** sim_check_look: a short look, at any time. */
void
sim_check_look (SimCheck *self)
{
  gint64 version;

  if (self->query == NULL || !sim_check_is_listening (self))
    return;
  version = sim_query_int (self->query, "PRAGMA data_version");
  if (version == self->version)
    return;

  self->version = version;
  check_edges (self, TRUE);
  check_locks (self);
  note_blocks (self);
}

/* Told once, however often it is tried. */
static void
started_cb (TideEngine *engine,
            TideRun    *run,
            SimCheck   *self)
{
  if (run->status != TIDE_RUN_PROCESSING)
    sim_world_fail (self->world, "run %" G_GINT64_FORMAT " is told to begin, and is %s", run->id,
                    tide_run_status_to_name (run->status));
}

static void
ended_cb (TideEngine *engine,
          TideRun    *run,
          SimCheck   *self)
{
  g_autoptr(GError) error = NULL;

  sim_world_note (self->world, "ends: run %" G_GINT64_FORMAT " %s %s, %" G_GINT64_FORMAT " read%s%s", run->id, run->stream,
                  tide_run_status_to_name (run->status), run->counts.read, run->error_message != NULL ? ": " : "",
                  run->error_message != NULL ? run->error_message : "");
  g_ptr_array_add (self->known, g_strdup (run->sync_id));
  if (!tide_run_is_over (run))
    sim_world_fail (self->world, "run %" G_GINT64_FORMAT " is told to have ended, and is not over", run->id);
  if (!tide_counts_check (&run->counts, &error))
    sim_world_fail (self->world, "run %" G_GINT64_FORMAT ": %s", run->id, error->message);
  sim_check_look (self);
  if (run->status == TIDE_RUN_COMPLETED && run->mode == TIDE_RUN_MODE_FULL && !run->dry_run && !tide_run_is_part (run))
    sim_records_check_listing (self->world, self->query, run);
}

static void
queue_updated_cb (TideEngine *engine,
                  SimCheck   *self)
{
  sim_check_look (self);
}

static void
event_cb (TideEngine *engine,
          TideEvent  *event,
          SimCheck   *self)
{
  if (event->id <= self->last_event)
    sim_world_fail (self->world, "event %" G_GINT64_FORMAT " comes after %" G_GINT64_FORMAT, event->id, self->last_event);
  self->last_event = event->id;
}

static void
add_handler (SimCheck   *self,
             TideEngine *engine,
             const char *signal,
             GCallback   callback)
{
  g_ptr_array_add (self->handlers, GSIZE_TO_POINTER (g_signal_connect (engine, signal, callback, self)));
}

/** sim_check_watch: listens to what @engine tells. */
void
sim_check_watch (SimCheck   *self,
                 TideEngine *engine)
{
  add_handler (self, engine, "sync-started", G_CALLBACK (started_cb));
  add_handler (self, engine, "sync-completed", G_CALLBACK (ended_cb));
  add_handler (self, engine, "sync-error", G_CALLBACK (ended_cb));
  add_handler (self, engine, "sync-cancelled", G_CALLBACK (ended_cb));
  add_handler (self, engine, "queue-updated", G_CALLBACK (queue_updated_cb));
  add_handler (self, engine, "event", G_CALLBACK (event_cb));
}

/** sim_check_unwatch: the engine is dead, or about to be; and nobody reads its store. May be called twice. */
void
sim_check_unwatch (SimCheck *self)
{
  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (self->world->engine, GPOINTER_TO_SIZE (g_ptr_array_index (self->handlers, i)));
  g_ptr_array_set_size (self->handlers, 0);
  g_clear_pointer (&self->query, sim_query_free);
}

/** sim_check_opened: the engine has been opened, the first time or again. */
void
sim_check_opened (SimCheck *self)
{
  self->query = sim_query_open (self->world->folder);
  sim_query_execute (self->query, watch_edges);
  /* After a crash the last ones that were looked at may never have been: so all of them again. */
  self->version = 0;
  self->last_edge = 0;
  check_edges (self, FALSE);
  sim_check_look (self);
  sim_records_check_unique (self->world, self->query);
  sim_records_check_cursors (self->world, self->query);
}

static gboolean
is_ready (SimCheck             *self,
          const TideQueueEntry *entry)
{
  return entry->run->status == TIDE_RUN_PENDING && entry->run->due_at <= sim_world_now (self->world);
}

/* The main context is at rest, so no run goes: nor may one wait that could. */
static void
check_nobody_waits (SimCheck  *self,
                    GPtrArray *entries)
{
  guint n_sure, n_possible;

  sim_people_sessions (self->world->people, &n_sure, &n_possible);
  for (guint i = 0; i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);

      if (entry->run->status == TIDE_RUN_PROCESSING)
        sim_world_fail (self->world, "run %" G_GINT64_FORMAT " goes, and nobody executes it", entry->run->id);
      if (is_ready (self, entry) && n_possible == 0 && !tide_engine_get_paused (self->world->engine) &&
          !sim_check_waits_for_parent (entries, entry->run))
        {
          sim_check_note_queue (self, entries);
          sim_world_fail (self->world, "run %" G_GINT64_FORMAT " %s waits, and could go (%d)", entry->run->id,
                          entry->run->stream, entry->hold);
        }
    }
}

/* The engine's own list is what the store says. */
static void
check_queue_saved (SimCheck  *self,
                   GPtrArray *entries)
{
  gint64 n_live = sim_query_int (self->query, "SELECT count(*) FROM sync_queue");

  if (n_live != entries->len)
    sim_world_fail (self->world, "%" G_GINT64_FORMAT " runs are in the stored queue, and %u in the engine's", n_live,
                    entries->len);
  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *run = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;
      sqlite3_stmt *statement = sim_query_ask (self->query, "SELECT state, rank FROM sync_queue WHERE id = ?");

      sqlite3_bind_int64 (statement, 1, run->id);
      if (!sim_query_next (self->query, statement))
        sim_world_fail (self->world, "run %" G_GINT64_FORMAT " is not in the stored queue", run->id);
      if (g_strcmp0 (sim_query_text (statement, 0), tide_run_status_to_name (run->status)) != 0 ||
          sqlite3_column_int64 (statement, 1) != run->rank)
        sim_world_fail (self->world, "run %" G_GINT64_FORMAT " is stored as %s, and is %s", run->id,
                        sim_query_text (statement, 0), tide_run_status_to_name (run->status));
      sqlite3_reset (statement);
    }
}

static gint64
get_asked_after (SimCheck     *self,
                 sqlite3_stmt *statement)
{
  gint64 last = tide_time_parse (sim_query_text (statement, 3), -1);
  gint64 blocked_at = self->blocked_at[sim_world_find_account (self->world, sqlite3_column_int64 (statement, 0))];

  return MAX (last, blocked_at) + sqlite3_column_int64 (statement, 2) * TIDE_MINUTE + SLOT_SLACK;
}

/* Each stream is asked for again by its schedule, however its last run ended and whenever it did; unless it is in the queue
 * still, or only a person can help. */
static void
check_slots (SimCheck *self)
{
  sqlite3_stmt *statement = sim_query_ask (self->query,
    "SELECT s.connection_id, s.stream, s.interval_minutes, max(coalesce(r.ended_at, r.requested_at)) FROM sync_schedules s"
    " JOIN sync_runs r ON r.connection_id = s.connection_id AND r.stream = s.stream"
    " WHERE s.enabled AND NOT EXISTS (SELECT 1 FROM connection_blocks b WHERE b.connection_id = s.connection_id)"
    " AND NOT EXISTS (SELECT 1 FROM sync_queue q WHERE q.connection_id = s.connection_id AND q.stream = s.stream)"
    " GROUP BY 1, 2");

  while (sim_query_next (self->query, statement))
    if (sim_world_now (self->world) > get_asked_after (self, statement))
      sim_world_fail (self->world, "%s of connection %d had its last run at %s", sim_query_text (statement, 1),
                      sqlite3_column_int (statement, 0), sim_query_text (statement, 3));
}

static void
check_ledger (SimCheck *self)
{
  if (sim_query_int (self->query, "SELECT count(*) FROM sync_runs"
                                  " WHERE read <> created + updated + unchanged + failed + conflicted + skipped") > 0)
    sim_world_fail (self->world, "the ledger of a run does not balance");
}

static void
check_sessions (SimCheck *self)
{
  guint count = tide_engine_count_smart_sessions (self->world->engine);
  guint n_sure, n_possible;

  sim_people_sessions (self->world->people, &n_sure, &n_possible);
  if (count < n_sure || count > n_possible)
    sim_world_fail (self->world, "%u forms are open by the engine's count, and %u to %u are", count, n_sure, n_possible);
}

/** sim_check_step: a long look, while the main context is at rest. */
void
sim_check_step (SimCheck *self)
{
  g_autoptr(GPtrArray) entries = NULL;

  if (!sim_check_is_listening (self))
    return;

  sim_check_look (self);
  check_ledger (self);
  check_sessions (self);
  if (self->n_steps++ % STEPS_A_RECORD_CHECK == 0)
    {
      sim_records_check_unique (self->world, self->query);
      sim_records_check_cursors (self->world, self->query);
    }
  if (self->world->trouble)
    return;
  entries = sim_check_list_queue (self);
  check_nobody_waits (self, entries);
  check_queue_saved (self, entries);
  check_slots (self);
}

/** sim_check_end: after all troubles, when nothing is left to do. */
void
sim_check_end (SimCheck *self)
{
  g_autoptr(GPtrArray) entries = sim_check_list_queue (self);
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GError) error = NULL;
  gint64 n_entries;

  sim_check_step (self);
  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *run = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      sim_world_fail (self->world, "run %" G_GINT64_FORMAT " %s is %s for ever", run->id, run->stream,
                      tide_run_status_to_name (run->status));
    }
  if (!tide_engine_is_idle (self->world->engine))
    sim_world_fail (self->world, "the queue is empty, and the engine is not idle");
  sim_records_check_all (self->world, self->query);
  if (!tide_engine_check_audit (self->world->engine, &n_entries, NULL, &error))
    sim_world_fail (self->world, "the audit log: %s", error->message);
  findings = tide_engine_examine (self->world->engine, NULL, &error);
  g_assert_no_error (error);
  if (findings->len > 0)
    sim_world_fail (self->world, "the doctor finds: %s", (char *)g_ptr_array_index (findings, 0));
}

/**
 * sim_check_note_halt:
 * @sync_id: (nullable): a run that is asked to pause, %NULL for all
 */
void
sim_check_note_halt (SimCheck   *self,
                     const char *sync_id)
{
  g_autoptr(GPtrArray) entries = sim_check_list_queue (self);

  for (guint i = 0; i < entries->len; i++)
    {
      const TideRun *run = ((TideQueueEntry *)g_ptr_array_index (entries, i))->run;

      if (run->status == TIDE_RUN_PROCESSING && (sync_id == NULL || g_str_equal (run->sync_id, sync_id)))
        g_hash_table_add (self->halted, g_strdup (run->sync_id));
    }
}

/** sim_check_is_quiet: whether nothing is in the queue. */
gboolean
sim_check_is_quiet (SimCheck *self)
{
  g_autoptr(GPtrArray) entries = sim_check_list_queue (self);

  return entries->len == 0;
}

/** sim_check_pick_run: (transfer full) (nullable): the id of a run that has ended, by chance. */
char *
sim_check_pick_run (SimCheck *self)
{
  if (self->known->len == 0)
    return NULL;
  return g_strdup (g_ptr_array_index (self->known, sim_world_roll (self->world, self->known->len)));
}

/** sim_check_new: @world outlives it. */
SimCheck *
sim_check_new (SimWorld *world)
{
  SimCheck *self = g_new0 (SimCheck, 1);

  self->world = world;
  self->handlers = g_ptr_array_new ();
  self->known = g_ptr_array_new_with_free_func (g_free);
  self->halted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sim_query_listen (sim_check_begins_cb, self);
  return self;
}

void
sim_check_free (SimCheck *self)
{
  g_assert_null (self->query);
  sim_query_listen (NULL, NULL);
  g_hash_table_unref (self->halted);
  g_ptr_array_unref (self->known);
  g_ptr_array_unref (self->handlers);
  g_free (self);
}
