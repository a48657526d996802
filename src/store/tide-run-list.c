/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-error.h"
#include "tide-record-sql-private.h"
#include "tide-run-rows-private.h"
#include "tide-time.h"

/* A run that has not started is shown when it was asked for. Indexed. */
#define RUN_TIME "COALESCE(r.started_at, r.requested_at)"

/* In this order: as many of the joined rows as there are runs to show. */
#define RUN_JOINS " CROSS JOIN connections c ON c.id = r.connection_id CROSS JOIN venues v ON v.id = c.venue_id"

#define DEFAULT_LIMIT 50

/* Lists of runs, and what a run has changed. The functions belong to tide-run-rows.h. */

/* LIKE with what was typed in the middle, taken literally. */
static char *
make_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

/* What each run is one of, at most: it needs its owner; it took more than one try, or is still at it; it went well. */
#define RUN_IS_PROBLEM "(r.status IN ('failed', 'awaiting_approval') OR r.failed > 0)"
#define RUN_IS_RETRIED "(r.failed = 0 AND ((r.status = 'completed' AND (r.retries > 0 OR r.attempts > 1))" \
                       " OR (r.status = 'pending' AND r.error_code NOTNULL)))"
#define RUN_IS_DONE "(r.status = 'completed' AND r.failed = 0 AND r.retries = 0 AND r.attempts <= 1)"

/* Outcomes that are not the name of a status. */
static const struct
{
  const char *name;
  const char *condition;
  const char *index;          /* has the same condition */
} outcomes[] = {
  { "problems", " AND " RUN_IS_PROBLEM, " INDEXED BY sync_runs_problems" },
  { "processing", " AND r.status IN ('pending', 'processing')", " INDEXED BY sync_runs_waiting" },
  { "retried", " AND " RUN_IS_RETRIED, " INDEXED BY sync_runs_retried" },
  { "done", " AND " RUN_IS_DONE, " INDEXED BY sync_runs_done" },
};

static int
find_outcome (const char *outcome)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcome, outcomes[i].name) == 0)
      return (int)i;
  return -1;
}

static void
add_outcome (GString    *sql,
             const char *outcome)
{
  int known = find_outcome (outcome);

  g_string_append (sql, known >= 0 ? outcomes[known].condition : " AND r.status = @outcome");
}

/* Which index finds the fewest rows to look at, in the order of the list. SQLite knows the shape of a history too
 * little to choose well among a million runs; without an index it goes from the newest run back. */
static const char *
choose_index (const TideRunQuery *query)
{
  int outcome = find_outcome (query->outcome);
  gboolean completed = g_strcmp0 (query->outcome, "completed") == 0;

  if (query->by_start)
    return " INDEXED BY sync_runs_by_start";
  if (outcome >= 0)
    return outcomes[outcome].index;
  if (query->outcome != NULL && !completed)
    return " INDEXED BY sync_runs_by_status";
  if (query->requested_by != NULL && g_strcmp0 (query->requested_by, "schedule") != 0)
    return " INDEXED BY sync_runs_by_requester";
  if (query->since != 0)
    return " INDEXED BY sync_runs_by_start";
  if (query->connection_id != 0)
    return " INDEXED BY sync_runs_by_connection";
  if (query->entity != NULL)
    return " INDEXED BY sync_runs_by_entity";
  return completed ? " INDEXED BY sync_runs_by_status" : " NOT INDEXED";
}

/* To count all runs SQLite takes its smallest index by itself. */
static const char *
choose_count_index (const TideRunQuery *query)
{
  const char *index = choose_index (query);

  if (!g_str_equal (index, " NOT INDEXED"))
    return index;
  return query->venue != NULL || query->provider != NULL ? " INDEXED BY sync_runs_by_connection" : "";
}

/* Only the conditions that are asked for. A venue and a provider are so many connections: to count, no row of theirs
 * has to be looked at. */
static void
add_conditions (GString            *sql,
                const TideRunQuery *query)
{
  g_string_append (sql, " WHERE 1");
  if (query->connection_id != 0)
    g_string_append (sql, " AND r.connection_id = @connection");
  if (query->venue != NULL)
    g_string_append (sql, " AND r.connection_id IN (SELECT i.id FROM connections i JOIN venues j ON j.id = i.venue_id"
                     " WHERE j.name = @venue)");
  if (query->provider != NULL)
    g_string_append (sql, " AND r.connection_id IN (SELECT i.id FROM connections i WHERE i.provider = @provider)");
  if (query->entity != NULL)
    g_string_append (sql, " AND r.entity = @entity");
  if (query->outcome != NULL)
    add_outcome (sql, query->outcome);
  if (query->requested_by != NULL)
    g_string_append (sql, " AND r.requested_by = @requested_by");
  if (query->search != NULL)
    g_string_append (sql, " AND (r.sync_id LIKE @search ESCAPE '\\' OR c.name LIKE @search ESCAPE '\\'"
                     " OR v.name LIKE @search ESCAPE '\\' OR r.stream LIKE @search ESCAPE '\\'"
                     " OR r.entity LIKE @search ESCAPE '\\' OR r.error_message LIKE @search ESCAPE '\\')");
  if (query->since != 0)
    g_string_append (sql, " AND " RUN_TIME " >= @since");
  if (query->until != 0)
    g_string_append (sql, " AND " RUN_TIME " < @until");
  if (query->before_id != 0)
    g_string_append (sql, " AND r.id < @before_id");
}

static char *
make_query (const TideRunQuery *query)
{
  GString *sql = g_string_new ("SELECT " TIDE_RUN_COLUMNS " FROM sync_runs r");

  g_string_append_printf (sql, "%s" RUN_JOINS, choose_index (query));
  add_conditions (sql, query);
  g_string_append (sql, query->by_start ? " ORDER BY " RUN_TIME " DESC, r.id DESC LIMIT @limit"
                                        : " ORDER BY r.id DESC LIMIT @limit");
  return g_string_free (sql, FALSE);
}

static char *
make_count (const TideRunQuery *query)
{
  GString *sql = g_string_new ("SELECT count(*) FROM sync_runs r");

  g_string_append_printf (sql, "%s%s", choose_count_index (query), query->search != NULL ? RUN_JOINS : "");
  add_conditions (sql, query);
  return g_string_free (sql, FALSE);
}

static gboolean
outcome_is_status (const char *outcome)
{
  return outcome != NULL && find_outcome (outcome) < 0;
}

static void
bind_query (TideStatement      *statement,
            const TideRunQuery *query)
{
  g_autofree char *pattern = query->search != NULL ? make_pattern (query->search) : NULL;

  if (query->connection_id != 0)
    tide_statement_bind_int (statement, "@connection", query->connection_id);
  if (query->venue != NULL)
    tide_statement_bind_text (statement, "@venue", query->venue);
  if (query->provider != NULL)
    tide_statement_bind_text (statement, "@provider", query->provider);
  if (query->entity != NULL)
    tide_statement_bind_text (statement, "@entity", query->entity);
  if (outcome_is_status (query->outcome))
    tide_statement_bind_text (statement, "@outcome", query->outcome);
  if (query->requested_by != NULL)
    tide_statement_bind_text (statement, "@requested_by", query->requested_by);
  if (pattern != NULL)
    tide_statement_bind_text (statement, "@search", pattern);
  if (query->since != 0)
    tide_statement_bind_time (statement, "@since", query->since);
  if (query->until != 0)
    tide_statement_bind_time (statement, "@until", query->until);
  if (query->before_id != 0)
    tide_statement_bind_int (statement, "@before_id", query->before_id);
}

/**
 * tide_run_rows_query:
 * @database: a connection
 * @query: which; a limit of 0 is 50
 * @error: return location
 *
 * One page of runs. The next page is asked for with the id of the last run as before_id, so that
 * runs that come in meanwhile shift nothing.
 *
 * Returns: (transfer full) (nullable) (element-type TideRun): runs, newest first
 */
GPtrArray *
tide_run_rows_query (TideDatabase        *database,
                     const TideRunQuery  *query,
                     GError             **error)
{
  g_autofree char *sql = make_query (query);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  bind_query (statement, query);
  tide_statement_bind_int (statement, "@limit", query->limit != 0 ? query->limit : DEFAULT_LIMIT);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (runs, tide_run_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&runs);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading runs: ");
  return NULL;
}

/**
 * tide_run_rows_count:
 * @database: a connection
 * @query: which; its limit does not count. With before_id, how many there are below a place in the list
 * @error: return location
 *
 * Returns: how many runs there are in all; -1 with @error set on failure
 */
gint64
tide_run_rows_count (TideDatabase        *database,
                     const TideRunQuery  *query,
                     GError             **error)
{
  g_autofree char *sql = make_count (query);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;
  gint64 count = 0;

  if (statement == NULL)
    return -1;
  bind_query (statement, query);
  if (tide_statement_next (statement, &local_error))
    count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return count;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting runs: ");
  return -1;
}

static void
add_hour (GArray        *hours,
          TideStatement *row)
{
  TideRunHour hour = {
    .hour = tide_statement_get_time (row, 0),
    .connection_id = tide_statement_get_int (row, 1),
    .stream = g_strdup (tide_statement_get_text (row, 2)),
    .runs = tide_statement_get_int (row, 3),
    .records = tide_statement_get_int (row, 4),
    .retried = tide_statement_get_int (row, 5),
    .failed = tide_statement_get_int (row, 6),
  };

  g_array_append_val (hours, hour);
}

/**
 * tide_run_rows_hours:
 * @database: a connection
 * @since: first instant
 * @until: first instant that is too late
 * @error: return location
 *
 * Sums up runs by hour (of UTC), connection and stream. Dry runs do not count, as they bring nothing; a
 * run counts as retried when it got there in the end or is still at it, and as failed when it was given up, waits for
 * its owner's decision, or records failed.
 *
 * Returns: (transfer full) (nullable) (element-type TideRunHour): hours in which something ran, oldest first
 */
GArray *
tide_run_rows_hours (TideDatabase  *database,
                     gint64         since,
                     gint64         until,
                     GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GArray) hours = g_array_new (FALSE, FALSE, sizeof (TideRunHour));
  g_autoptr(GError) local_error = NULL;

  g_array_set_clear_func (hours, (GDestroyNotify)tide_run_hour_clear);
  statement = tide_statement_new (database,
                                  "SELECT substr(" RUN_TIME ", 1, 13) || ':00:00.000Z', r.connection_id, r.stream,"
                                  " count(*), sum(r.created + r.updated + r.deleted),"
                                  " sum(" RUN_IS_RETRIED "), sum(" RUN_IS_PROBLEM ")"
                                  " FROM sync_runs r"
                                  " WHERE " RUN_TIME " >= @since AND " RUN_TIME " < @until AND NOT r.dry_run"
                                  " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_time (statement, "@since", since);
  tide_statement_bind_time (statement, "@until", until);
  while (tide_statement_next (statement, &local_error))
    add_hour (hours, statement);
  if (local_error == NULL)
    return g_steal_pointer (&hours);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "summing up runs: ");
  return NULL;
}

/* What a record became is told by the next change that somebody made to it, or by the record itself.
 * The rows that a run created lie between its keys, so that they need no index. */
static char *
make_created_query (const char *table)
{
  g_autofree char *name = tide_database_quote_name (table);

  return g_strdup_printf (
    "SELECT t._id, 'created', NULL,"
    " COALESCE((SELECT n.before FROM record_changes n WHERE n.connection_id = @connection AND n.stream = @stream"
    "           AND n.record_id = t._id AND n.run_id >= @run ORDER BY n.id LIMIT 1), t._raw),"
    " COALESCE(r.started_at, r.requested_at)"
    " FROM sync_runs r CROSS JOIN %s t ON t._key BETWEEN r.first_key AND r.last_key"
    " WHERE r.id = @run AND t._first_run = @run AND t._connection = @connection"
    " ORDER BY t._key LIMIT @limit OFFSET @offset", name);
}

static char *
make_changed_query (const char *table)
{
  g_autofree char *name = tide_database_quote_name (table);

  return g_strdup_printf (
    "SELECT c.record_id, c.kind, c.before,"
    " CASE c.kind WHEN 'deleted' THEN NULL ELSE"
    " COALESCE((SELECT n.before FROM record_changes n WHERE n.connection_id = @connection AND n.stream = @stream"
    "           AND n.record_id = c.record_id AND n.id > c.id ORDER BY n.id LIMIT 1),"
    "          (SELECT t._raw FROM %s t WHERE t._connection = @connection AND t._id = c.record_id)) END,"
    " c.at"
    " FROM record_changes c WHERE c.run_id = @run AND c.connection_id = @connection AND c.stream = @stream"
    " ORDER BY c.id LIMIT @limit OFFSET @offset", name);
}

static char *
make_created_count (const char *table)
{
  g_autofree char *name = tide_database_quote_name (table);

  return g_strdup_printf ("SELECT count(*) FROM sync_runs r"
                          " CROSS JOIN %s t ON t._key BETWEEN r.first_key AND r.last_key"
                          " WHERE r.id = @run AND t._first_run = @run AND t._connection = @connection"
                          " AND @stream NOTNULL AND @limit NOTNULL AND @offset NOTNULL", name);
}

static TideRecordChange *
change_from_row (TideStatement *row)
{
  TideRecordChange *self = g_new0 (TideRecordChange, 1);

  self->record_id = g_strdup (tide_statement_get_text (row, 0));
  self->kind = g_strdup (tide_statement_get_text (row, 1));
  self->before = g_strdup (tide_statement_get_text (row, 2));
  self->after = g_strdup (tide_statement_get_text (row, 3));
  self->at = tide_statement_get_time (row, 4);
  return self;
}

static TideStatement *
prepare_changes (TideDatabase   *database,
                 const TideRun  *run,
                 const char     *sql,
                 gint64          limit,
                 gint64          offset,
                 GError        **error)
{
  TideStatement *statement = tide_statement_new (database, sql, error);

  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@run", run->id);
  tide_statement_bind_int (statement, "@connection", run->connection_id);
  tide_statement_bind_text (statement, "@stream", run->stream);
  tide_statement_bind_int (statement, "@limit", limit);
  tide_statement_bind_int (statement, "@offset", offset);
  return statement;
}

static gboolean
append_changes (GPtrArray      *changes,
                TideStatement  *statement,
                GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (changes, change_from_row (statement));
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the changes of a run: ");
  return FALSE;
}

static gboolean
append_created (GPtrArray      *changes,
                TideDatabase   *database,
                const TideRun  *run,
                const char     *table,
                guint           limit,
                guint           offset,
                GError        **error)
{
  g_autofree char *sql = make_created_query (table);
  g_autoptr(TideStatement) statement = NULL;

  statement = prepare_changes (database, run, sql, limit != 0 ? (gint64)limit : -1, offset, error);
  return statement != NULL && append_changes (changes, statement, error);
}

/* How many created rows a page that begins at @offset has behind it. */
static gboolean
count_created (TideDatabase   *database,
               const TideRun  *run,
               const char     *table,
               gint64         *count,
               GError        **error)
{
  g_autofree char *sql = make_created_count (table);
  g_autoptr(TideStatement) statement = prepare_changes (database, run, sql, 0, 0, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    *count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting what a run created: ");
  return FALSE;
}

static gboolean
append_changed (GPtrArray      *changes,
                TideDatabase   *database,
                const TideRun  *run,
                const char     *table,
                guint           limit,
                guint           offset,
                GError        **error)
{
  g_autofree char *sql = make_changed_query (table);
  g_autoptr(TideStatement) statement = NULL;
  gint64 n_created = offset;

  if (limit != 0 && changes->len >= limit)
    return TRUE;
  if (changes->len == 0 && offset > 0 && !count_created (database, run, table, &n_created, error))
    return FALSE;
  statement = prepare_changes (database, run, sql,
                               limit != 0 ? (gint64)limit - changes->len : -1,
                               MAX ((gint64)offset - n_created, 0), error);
  return statement != NULL && append_changes (changes, statement, error);
}

/**
 * tide_run_rows_get_changes:
 * @database: a connection
 * @run: a run
 * @limit: at most so many; 0 = all
 * @offset: how many to skip
 * @error: return location
 *
 * What a run did to records, with their payloads before and after: first those that it created, then
 * its changes in their order. Of a dry run, what it would have done: see tide_run_rows_get_rehearsed().
 *
 * Returns: (transfer full) (nullable) (element-type TideRecordChange): the changes
 */
GPtrArray *
tide_run_rows_get_changes (TideDatabase   *database,
                           const TideRun  *run,
                           guint           limit,
                           guint           offset,
                           GError        **error)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_record_change_free);
  g_autofree char *table = tide_record_sql_get_table (run->provider, run->stream);
  gboolean exists;

  if (run->dry_run)
    return tide_run_rows_get_rehearsed (database, run, limit, offset, error);
  if (!tide_record_sql_table_exists (database, table, &exists, error))
    return NULL;
  if (exists &&
      (!append_created (changes, database, run, table, limit, offset, error) ||
       !append_changed (changes, database, run, table, limit, offset, error)))
    return NULL;
  return g_steal_pointer (&changes);
}

/**
 * tide_run_rows_get_rehearsed:
 * @database: a connection
 * @run: a dry run
 * @limit: at most so many; 0 = all that were kept
 * @offset: how many to skip
 * @error: return location
 *
 * What a dry run would have done, with the payloads before and after, in the order in which it came to it. Only the
 * first thousand are kept; its counts tell of all.
 *
 * Returns: (transfer full) (nullable) (element-type TideRecordChange): the changes
 */
GPtrArray *
tide_run_rows_get_rehearsed (TideDatabase   *database,
                             const TideRun  *run,
                             guint           limit,
                             guint           offset,
                             GError        **error)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_record_change_free);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "SELECT c.record_id, c.kind, c.before, c.after,"
                                  " COALESCE(r.started_at, r.requested_at)"
                                  " FROM rehearsed_changes c JOIN sync_runs r ON r.id = c.run_id"
                                  " WHERE c.run_id = @run ORDER BY c.id LIMIT @limit OFFSET @offset", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@run", run->id);
  tide_statement_bind_int (statement, "@limit", limit != 0 ? (gint64)limit : -1);
  tide_statement_bind_int (statement, "@offset", offset);
  return append_changes (changes, statement, error) ? g_steal_pointer (&changes) : NULL;
}

/**
 * tide_run_rows_forget_rehearsed:
 * @write: a write
 * @run_id: a run that begins anew
 * @error: return location
 *
 * Returns: whether nothing is kept of it
 */
gboolean
tide_run_rows_forget_rehearsed (TideWrite  *write,
                                gint64      run_id,
                                GError    **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "DELETE FROM rehearsed_changes WHERE run_id = @run", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@run", run_id);
  return tide_statement_run (statement, error);
}
