/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-error.h"
#include "tide-run-rows-private.h"
#include "tide-time.h"

#define USEC_PER_MSEC 1000

/* A run says 0 where there is no instant yet. */
static void
bind_instant (TideStatement *statement,
              const char    *name,
              gint64         instant)
{
  tide_statement_bind_time (statement, name, instant != 0 ? instant : TIDE_TIME_INVALID);
}

static gint64
get_instant (TideStatement *row,
             int            column)
{
  return tide_statement_is_null (row, column) ? 0 : tide_statement_get_time (row, column);
}

static void
bind_counts (TideStatement    *statement,
             const TideCounts *counts)
{
  tide_statement_bind_int (statement, "@read", counts->read);
  tide_statement_bind_int (statement, "@created", counts->created);
  tide_statement_bind_int (statement, "@updated", counts->updated);
  tide_statement_bind_int (statement, "@unchanged", counts->unchanged);
  tide_statement_bind_int (statement, "@failed", counts->failed);
  tide_statement_bind_int (statement, "@conflicted", counts->conflicted);
  tide_statement_bind_int (statement, "@skipped", counts->skipped);
  tide_statement_bind_int (statement, "@deleted", counts->deleted);
}

/* What changes with each page. */
static void
bind_progress (TideStatement *statement,
               const TideRun *run)
{
  bind_counts (statement, &run->counts);
  tide_statement_bind_int (statement, "@expected", run->expected);
  tide_statement_bind_int (statement, "@pages", run->pages);
  tide_statement_bind_int (statement, "@bytes", run->bytes);
  tide_statement_bind_int (statement, "@retries", run->retries);
  tide_statement_bind_int (statement, "@waited", run->waited / USEC_PER_MSEC);
}

/* What changes when it begins, ends or is moved. */
static void
bind_state (TideStatement *statement,
            const TideRun *run)
{
  tide_statement_bind_text (statement, "@status", tide_run_status_to_name (run->status));
  bind_instant (statement, "@started_at", run->started_at);
  bind_instant (statement, "@ended_at", run->ended_at);
  tide_statement_bind_text (statement, "@error_code", run->error_code);
  tide_statement_bind_text (statement, "@error_message", run->error_message);
  tide_statement_bind_text (statement, "@phases", run->phases);
  tide_statement_bind_int (statement, "@priority", run->priority);
  tide_statement_bind_int (statement, "@rank", run->rank);
  bind_instant (statement, "@due_at", run->due_at);
  tide_statement_bind_int (statement, "@attempts", run->attempts);
  tide_statement_bind_int (statement, "@stalled", run->stalled);
  tide_statement_bind_int (statement, "@allowed", run->allowed);
}

/**
 * tide_run_rows_add:
 * @write: a write
 * @run: a run; its id does not count, nor do the names, which belong to its connection
 * @error: return location
 *
 * Returns: its key; 0 with @error set on failure
 */
gint64
tide_run_rows_add (TideWrite      *write,
                   const TideRun  *run,
                   GError        **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "INSERT INTO sync_runs (sync_id, connection_id, stream, entity, mode, dry_run, ids,"
                                  " filters, status, priority, rank, due_at, attempts, stalled, allowed, requested_by,"
                                  " requested_at, started_at, ended_at, read, created, updated, unchanged, failed,"
                                  " conflicted, skipped, deleted, expected, pages, bytes, retries, waited_ms,"
                                  " error_code, error_message, phases)"
                                  " VALUES (@sync_id, @connection, @stream, @entity, @mode, @dry_run, @ids,"
                                  " @filters, @status, @priority, @rank, @due_at, @attempts, @stalled, @allowed,"
                                  " @requested_by, @requested_at, @started_at, @ended_at, @read, @created, @updated,"
                                  " @unchanged, @failed, @conflicted, @skipped, @deleted, @expected, @pages, @bytes,"
                                  " @retries, @waited, @error_code, @error_message, @phases)", error);
  if (statement == NULL)
    return 0;
  tide_statement_bind_text (statement, "@sync_id", run->sync_id);
  tide_statement_bind_int (statement, "@connection", run->connection_id);
  tide_statement_bind_text (statement, "@stream", run->stream);
  tide_statement_bind_text (statement, "@entity", run->entity);
  tide_statement_bind_text (statement, "@mode", tide_run_mode_to_name (run->mode));
  tide_statement_bind_int (statement, "@dry_run", run->dry_run != FALSE);
  tide_statement_bind_text (statement, "@ids", run->ids);
  tide_statement_bind_text (statement, "@filters", run->filters);
  tide_statement_bind_text (statement, "@requested_by", run->requested_by);
  tide_statement_bind_time (statement, "@requested_at", run->requested_at);
  bind_progress (statement, run);
  bind_state (statement, run);
  return tide_statement_run (statement, error) ? tide_database_get_last_key (database) : 0;
}

/* The indexes stand on these columns, and each would be written anew: so only where they have changed. */
static gboolean
update_state (TideDatabase   *database,
              const TideRun  *run,
              GError        **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "UPDATE sync_runs SET status = @status, started_at = @started_at,"
                                  " ended_at = @ended_at, error_code = @error_code, error_message = @error_message,"
                                  " phases = @phases, priority = @priority, rank = @rank, due_at = @due_at,"
                                  " attempts = @attempts, stalled = @stalled, allowed = @allowed"
                                  " WHERE id = @id AND (status, started_at, ended_at, error_code, error_message, phases,"
                                  " priority, rank, due_at, attempts, stalled, allowed) IS NOT (@status, @started_at,"
                                  " @ended_at, @error_code, @error_message, @phases, @priority, @rank, @due_at, @attempts,"
                                  " @stalled, @allowed)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", run->id);
  bind_state (statement, run);
  return tide_statement_run (statement, error);
}

/**
 * tide_run_rows_update:
 * @write: a write
 * @run: a run that was added, as it is now
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is no such run
 *
 * Writes down the status, times, counts and outcome of a run. Counts that do not balance are
 * refused by the schema.
 *
 * Returns: whether it is written
 */
gboolean
tide_run_rows_update (TideWrite      *write,
                      const TideRun  *run,
                      GError        **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "UPDATE sync_runs SET read = @read, created = @created, updated = @updated,"
                                  " unchanged = @unchanged, failed = @failed, conflicted = @conflicted,"
                                  " skipped = @skipped, deleted = @deleted, expected = @expected, pages = @pages,"
                                  " bytes = @bytes, retries = @retries, waited_ms = @waited WHERE id = @id", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", run->id);
  bind_progress (statement, run);
  if (!tide_statement_run (statement, error))
    return FALSE;
  if (tide_database_get_changes (database) > 0)
    return update_state (database, run, error);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no run %s", run->sync_id);
  return FALSE;
}

/**
 * tide_run_rows_add_keys:
 * @write: a write
 * @run_id: a run
 * @first_key: the lowest row that it created now
 * @last_key: the highest
 * @error: return location
 *
 * Widens the range of keys in which all rows lie that a run created.
 *
 * Returns: whether it is written
 */
gboolean
tide_run_rows_add_keys (TideWrite  *write,
                        gint64      run_id,
                        gint64      first_key,
                        gint64      last_key,
                        GError    **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "UPDATE sync_runs SET first_key = min(COALESCE(first_key, @first), @first),"
                                  " last_key = max(COALESCE(last_key, @last), @last) WHERE id = @run", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@first", first_key);
  tide_statement_bind_int (statement, "@last", last_key);
  tide_statement_bind_int (statement, "@run", run_id);
  return tide_statement_run (statement, error);
}

/**
 * tide_run_rows_requeue:
 * @write: a write
 * @error: return location
 *
 * Puts the runs that the last process left under way back in line. To be asked once, at start-up.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_run_rows_requeue (TideWrite  *write,
                       GError    **error)
{
  return tide_database_execute (tide_write_get_database (write),
                                "UPDATE sync_runs SET status = 'pending' WHERE status = 'processing'", error);
}

static void
read_counts (TideStatement *row,
             int            column,
             TideCounts    *counts)
{
  counts->read = tide_statement_get_int (row, column);
  counts->created = tide_statement_get_int (row, column + 1);
  counts->updated = tide_statement_get_int (row, column + 2);
  counts->unchanged = tide_statement_get_int (row, column + 3);
  counts->failed = tide_statement_get_int (row, column + 4);
  counts->conflicted = tide_statement_get_int (row, column + 5);
  counts->skipped = tide_statement_get_int (row, column + 6);
  counts->deleted = tide_statement_get_int (row, column + 7);
}

/**
 * tide_run_from_row:
 * @row: a row of TIDE_RUN_COLUMNS
 *
 * Returns: (transfer full): the run
 */
TideRun *
tide_run_from_row (TideStatement *row)
{
  TideRun run = {
    .id = tide_statement_get_int (row, 0),
    .sync_id = (char *)tide_statement_get_text (row, 1),
    .connection_id = tide_statement_get_int (row, 2),
    .connection_name = (char *)tide_statement_get_text (row, 3),
    .venue_name = (char *)tide_statement_get_text (row, 4),
    .provider = (char *)tide_statement_get_text (row, 5),
    .stream = (char *)tide_statement_get_text (row, 6),
    .entity = (char *)tide_statement_get_text (row, 7),
    .dry_run = tide_statement_get_int (row, 10) != 0,
    .requested_by = (char *)tide_statement_get_text (row, 11),
    .requested_at = tide_statement_get_time (row, 12),
    .started_at = get_instant (row, 13),
    .ended_at = get_instant (row, 14),
    .expected = tide_statement_get_int (row, 23),
    .pages = tide_statement_get_int (row, 24),
    .bytes = tide_statement_get_int (row, 25),
    .retries = tide_statement_get_int (row, 26),
    .waited = tide_statement_get_int (row, 27) * USEC_PER_MSEC,
    .error_code = (char *)tide_statement_get_text (row, 28),
    .error_message = (char *)tide_statement_get_text (row, 29),
    .phases = (char *)tide_statement_get_text (row, 30),
    .ids = (char *)tide_statement_get_text (row, 31),
    .filters = (char *)tide_statement_get_text (row, 32),
    .priority = (int)tide_statement_get_int (row, 33),
    .rank = tide_statement_get_int (row, 34),
    .due_at = get_instant (row, 35),
    .attempts = (guint)tide_statement_get_int (row, 36),
    .stalled = (guint)tide_statement_get_int (row, 37),
    .allowed = (TideRunAllow)tide_statement_get_int (row, 38),
  };

  /* The schema admits no other names. */
  tide_run_mode_from_name (tide_statement_get_text (row, 8), &run.mode);
  tide_run_status_from_name (tide_statement_get_text (row, 9), &run.status);
  read_counts (row, 15, &run.counts);
  return tide_run_copy (&run);
}

static TideRun *
read_run (TideStatement  *statement,
          GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  TideRun *run = NULL;

  if (tide_statement_next (statement, &local_error))
    run = tide_run_from_row (statement);
  if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading runs: ");
  else if (run == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no such run");
  return run;
}

/**
 * tide_run_rows_get:
 * @database: a connection
 * @sync_id: its public id
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable): the run
 */
TideRun *
tide_run_rows_get (TideDatabase  *database,
                   const char    *sync_id,
                   GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "SELECT " TIDE_RUN_COLUMNS TIDE_RUN_SOURCE " WHERE r.sync_id = @sync_id", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_text (statement, "@sync_id", sync_id);
  return read_run (statement, error);
}

/**
 * tide_run_rows_get_last:
 * @database: a connection
 * @connection_id: whose
 * @stream: which stream
 * @completed_only: whether only a run counts that read to the end, and for real
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none yet
 *
 * Returns: (transfer full) (nullable): the newest run
 */
TideRun *
tide_run_rows_get_last (TideDatabase  *database,
                        gint64         connection_id,
                        const char    *stream,
                        gboolean       completed_only,
                        GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "SELECT " TIDE_RUN_COLUMNS TIDE_RUN_SOURCE
                                  " WHERE r.connection_id = @connection AND r.stream = @stream"
                                  " AND (NOT @completed OR (r.status = 'completed' AND NOT r.dry_run AND r.ids IS NULL"
                                  " AND r.filters IS NULL))"
                                  " ORDER BY r.id DESC LIMIT 1", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  tide_statement_bind_int (statement, "@completed", completed_only != FALSE);
  return read_run (statement, error);
}

/**
 * tide_run_rows_log:
 * @write: a write
 * @run_id: whose log
 * @at: instant
 * @level: "debug", "info", "warning" or "error"
 * @message: a line without secrets
 * @error: return location
 *
 * Returns: whether it is written
 */
gboolean
tide_run_rows_log (TideWrite   *write,
                   gint64       run_id,
                   gint64       at,
                   const char  *level,
                   const char  *message,
                   GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO sync_logs (run_id, at, level, message)"
                                  " VALUES (@run, @at, @level, @message)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@run", run_id);
  tide_statement_bind_time (statement, "@at", at);
  tide_statement_bind_text (statement, "@level", level);
  tide_statement_bind_text (statement, "@message", message);
  return tide_statement_run (statement, error);
}

/**
 * tide_run_rows_get_log:
 * @database: a connection
 * @run_id: whose log
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideLogLine): its lines, oldest first
 */
GPtrArray *
tide_run_rows_get_log (TideDatabase  *database,
                       gint64         run_id,
                       GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_log_line_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT at, level, message FROM sync_logs WHERE run_id = @run ORDER BY id", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@run", run_id);
  while (tide_statement_next (statement, &local_error))
    {
      TideLogLine *line = g_new0 (TideLogLine, 1);

      line->at = tide_statement_get_time (statement, 0);
      line->level = g_strdup (tide_statement_get_text (statement, 1));
      line->message = g_strdup (tide_statement_get_text (statement, 2));
      g_ptr_array_add (lines, line);
    }
  if (local_error == NULL)
    return g_steal_pointer (&lines);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the log of a run: ");
  return NULL;
}
