/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "tide-failure-groups.h"
#include "tide-failure-rows.h"

#define DEFAULT_LIMIT 50

#define SAME_AGAIN "reason = excluded.reason AND payload = excluded.payload"

#define FAILURE_SOURCE " FROM sync_failures f LEFT JOIN sync_runs r ON r.id = f.run_id"
#define FAILURE_COLUMNS \
  "f.id, f.connection_id, f.stream, f.record_id, r.sync_id, f.reason, f.payload, f.attempts, f.first_seen," \
  " f.last_seen, f.dismissed_at, f.dismissed_by"

/* What a failure is called whose record tells no id. */
#define PAYLOAD_PREFIX "payload-"

/* What a failure is known by where the record itself tells no id. */
static char *
name_payload (const char *payload)
{
  return g_strdup_printf (PAYLOAD_PREFIX "%016" G_GINT64_MODIFIER "x", (guint64)XXH3_64bits (payload, strlen (payload)));
}

/**
 * tide_failure_rows_put:
 * @write: a write
 * @connection_id: whose
 * @stream: which stream
 * @run_id: the run that met it
 * @record_id: (nullable): the provider's id, where it could be read
 * @reason: what is wrong with it
 * @payload: (nullable): the record as received
 * @now: instant
 * @error: return location
 *
 * Puts a record aside that could not be stored. The same record again is the same failure, with one
 * more attempt. One that was dismissed stays so while the record and the reason are the same.
 *
 * Returns: whether it is written
 */
gboolean
tide_failure_rows_put (TideWrite   *write,
                       gint64       connection_id,
                       const char  *stream,
                       gint64       run_id,
                       const char  *record_id,
                       const char  *reason,
                       const char  *payload,
                       gint64       now,
                       GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autofree char *name = record_id != NULL ? NULL : name_payload (payload != NULL ? payload : "");

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO sync_failures (connection_id, stream, record_id, run_id, reason,"
                                  " payload, first_seen, last_seen)"
                                  " VALUES (@connection, @stream, @record, @run, @reason, @payload, @now, @now)"
                                  " ON CONFLICT (connection_id, stream, record_id) DO UPDATE SET"
                                  " run_id = excluded.run_id, reason = excluded.reason, payload = excluded.payload,"
                                  " attempts = attempts + 1, last_seen = excluded.last_seen,"
                                  " dismissed_at = CASE WHEN " SAME_AGAIN " THEN dismissed_at END,"
                                  " dismissed_by = CASE WHEN " SAME_AGAIN " THEN dismissed_by END", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  tide_statement_bind_text (statement, "@record", record_id != NULL ? record_id : name);
  tide_statement_bind_int (statement, "@run", run_id);
  tide_statement_bind_text (statement, "@reason", reason != NULL ? reason : "");
  tide_statement_bind_text (statement, "@payload", payload != NULL ? payload : "");
  tide_statement_bind_time (statement, "@now", now);
  return tide_statement_run (statement, error);
}

/**
 * tide_failure_rows_solved:
 * @write: a write
 * @connection_id: whose
 * @stream: which stream
 * @record_id: the provider's id, which need not end in a zero byte
 * @record_id_length: its bytes
 * @error: return location
 *
 * Takes a failure off the list, if it is there: the record has come through.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_failure_rows_solved (TideWrite   *write,
                          gint64       connection_id,
                          const char  *stream,
                          const char  *record_id,
                          gsize        record_id_length,
                          GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autofree char *record = g_strndup (record_id, record_id_length);

  statement = tide_statement_new (tide_write_get_database (write),
                                  "DELETE FROM sync_failures WHERE connection_id = @connection"
                                  " AND stream = @stream AND record_id = @record", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  tide_statement_bind_text (statement, "@record", record);
  return tide_statement_run (statement, error);
}

static TideFailure *
failure_from_row (TideStatement *row)
{
  TideFailure *self = g_new0 (TideFailure, 1);

  self->id = tide_statement_get_int (row, 0);
  self->connection_id = tide_statement_get_int (row, 1);
  self->stream = g_strdup (tide_statement_get_text (row, 2));
  self->record_id = g_strdup (tide_statement_get_text (row, 3));
  self->sync_id = g_strdup (tide_statement_get_text (row, 4));
  self->reason = g_strdup (tide_statement_get_text (row, 5));
  self->payload = g_strdup (tide_statement_get_text (row, 6));
  self->attempts = tide_statement_get_int (row, 7);
  self->first_seen = tide_statement_get_time (row, 8);
  self->last_seen = tide_statement_get_time (row, 9);
  if (!tide_statement_is_null (row, 10))
    self->dismissed_at = tide_statement_get_time (row, 10);
  self->dismissed_by = g_strdup (tide_statement_get_text (row, 11));
  return self;
}

/* The ids as a JSON array, which SQL can take apart again. */
static char *
make_ids (const GArray *ids)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", g_array_index (ids, gint64, i));
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/* Only the conditions that are asked for, so that the planner can use an index. */
static char *
make_conditions (const TideFailureQuery *query)
{
  GString *sql = g_string_new (query->dismissed ? " WHERE f.dismissed_at IS NOT NULL" : " WHERE f.dismissed_at IS NULL");

  if (query->ids != NULL)
    g_string_append (sql, " AND f.id IN (SELECT value FROM json_each(@ids))");
  if (query->connection_id != 0)
    g_string_append (sql, " AND f.connection_id = @connection");
  if (query->stream != NULL)
    g_string_append (sql, " AND f.stream = @stream");
  if (query->sync_id != NULL)
    g_string_append (sql, " AND f.run_id = (SELECT id FROM sync_runs WHERE sync_id = @sync_id)");
  if (query->cause != NULL)
    g_string_append (sql, " AND " TIDE_FAILURE_CAUSE_SQL " = @cause");
  if (query->search != NULL)
    g_string_append (sql, " AND (instr(lower(f.record_id), lower(@search)) > 0"
                     " OR instr(lower(f.reason), lower(@search)) > 0)");
  if (query->before_id != 0)
    g_string_append (sql, " AND (f.last_seen, f.id) < (@before_seen, @before_id)");
  return g_string_free (sql, FALSE);
}

static void
bind_conditions (TideStatement          *statement,
                 const TideFailureQuery *query)
{
  if (query->ids != NULL)
    {
      g_autofree char *ids = make_ids (query->ids);

      tide_statement_bind_text (statement, "@ids", ids);
    }
  if (query->connection_id != 0)
    tide_statement_bind_int (statement, "@connection", query->connection_id);
  if (query->stream != NULL)
    tide_statement_bind_text (statement, "@stream", query->stream);
  if (query->sync_id != NULL)
    tide_statement_bind_text (statement, "@sync_id", query->sync_id);
  if (query->cause != NULL)
    tide_statement_bind_text (statement, "@cause", query->cause);
  if (query->search != NULL)
    tide_statement_bind_text (statement, "@search", query->search);
  if (query->before_id != 0)
    {
      tide_statement_bind_time (statement, "@before_seen", query->before_seen);
      tide_statement_bind_int (statement, "@before_id", query->before_id);
    }
}

/* @query's limit and place do not count. */
static TideStatement *
prepare_all (TideDatabase            *database,
             const char              *head,
             const TideFailureQuery  *query,
             const char              *tail,
             GError                 **error)
{
  TideFailureQuery all = *query;
  g_autofree char *conditions = NULL;
  g_autofree char *sql = NULL;
  TideStatement *statement;

  all.before_id = 0;
  conditions = make_conditions (&all);
  sql = g_strconcat (head, conditions, tail, NULL);
  statement = tide_statement_new (database, sql, error);
  if (statement != NULL)
    bind_conditions (statement, &all);
  return statement;
}

/**
 * tide_failure_rows_query:
 * @database: a connection
 * @query: which; a limit of 0 is 50
 * @error: return location
 *
 * One page of failures. The next page is asked for with the last one's last_seen and id.
 *
 * Returns: (transfer full) (nullable) (element-type TideFailure): failures, those last seen first
 */
GPtrArray *
tide_failure_rows_query (TideDatabase            *database,
                         const TideFailureQuery  *query,
                         GError                 **error)
{
  g_autofree char *conditions = make_conditions (query);
  g_autofree char *sql = g_strconcat ("SELECT " FAILURE_COLUMNS FAILURE_SOURCE, conditions,
                                      " ORDER BY f.last_seen DESC, f.id DESC LIMIT @limit", NULL);
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_failure_free);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  bind_conditions (statement, query);
  tide_statement_bind_int (statement, "@limit", query->limit != 0 ? query->limit : DEFAULT_LIMIT);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (failures, failure_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&failures);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading failures: ");
  return NULL;
}

/**
 * tide_failure_rows_count_query:
 * @database: a connection
 * @query: which; its limit and place do not count
 * @error: return location
 *
 * Returns: how many there are in all; -1 with @error set on failure
 */
gint64
tide_failure_rows_count_query (TideDatabase            *database,
                               const TideFailureQuery  *query,
                               GError                 **error)
{
  g_autoptr(TideStatement) statement = prepare_all (database, "SELECT count(*) FROM sync_failures f", query, "", error);
  g_autoptr(GError) local_error = NULL;
  gint64 count = 0;

  if (statement == NULL)
    return -1;
  if (tide_statement_next (statement, &local_error))
    count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return count;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting failures: ");
  return -1;
}

/**
 * tide_failure_rows_list_targets:
 * @database: a connection
 * @query: which; its limit and place do not count
 * @error: return location
 *
 * What to ask the provider for to try them all again: without reason and payload, so that it may be many.
 *
 * Returns: (transfer full) (nullable) (element-type TideFailure): failures by connection and stream; a record
 *   that has no id of the provider's has no record_id
 */
GPtrArray *
tide_failure_rows_list_targets (TideDatabase            *database,
                                const TideFailureQuery  *query,
                                GError                 **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_failure_free);
  g_autoptr(GError) local_error = NULL;

  statement = prepare_all (database, "SELECT f.connection_id, f.stream, f.record_id FROM sync_failures f", query,
                           " ORDER BY f.connection_id, f.stream, f.id", error);
  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    {
      TideFailure *failure = g_new0 (TideFailure, 1);
      const char *record = tide_statement_get_text (statement, 2);

      failure->connection_id = tide_statement_get_int (statement, 0);
      failure->stream = g_strdup (tide_statement_get_text (statement, 1));
      failure->record_id = g_str_has_prefix (record, PAYLOAD_PREFIX) ? NULL : g_strdup (record);
      g_ptr_array_add (failures, failure);
    }
  if (local_error == NULL)
    return g_steal_pointer (&failures);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading failures: ");
  return NULL;
}

/**
 * tide_failure_rows_dismiss:
 * @write: a write
 * @query: which of the open ones; its limit and place do not count
 * @by: who says so
 * @now: instant
 * @error: return location
 *
 * Returns: how many were dismissed; -1 with @error set on failure
 */
gint64
tide_failure_rows_dismiss (TideWrite               *write,
                           const TideFailureQuery  *query,
                           const char              *by,
                           gint64                   now,
                           GError                 **error)
{
  TideDatabase *database = tide_write_get_database (write);
  TideFailureQuery open = *query;
  g_autoptr(TideStatement) statement = NULL;

  open.dismissed = FALSE;
  statement = prepare_all (database, "UPDATE sync_failures AS f SET dismissed_at = @now, dismissed_by = @by", &open, "",
                           error);
  if (statement == NULL)
    return -1;
  tide_statement_bind_time (statement, "@now", now);
  tide_statement_bind_text (statement, "@by", by);
  return tide_statement_run (statement, error) ? tide_database_get_changes (database) : -1;
}

/**
 * tide_failure_rows_reopen:
 * @write: a write
 * @query: which of the dismissed ones; its limit and place do not count
 * @error: return location
 *
 * Returns: how many are open again; -1 with @error set on failure
 */
gint64
tide_failure_rows_reopen (TideWrite               *write,
                          const TideFailureQuery  *query,
                          GError                 **error)
{
  TideDatabase *database = tide_write_get_database (write);
  TideFailureQuery dismissed = *query;
  g_autoptr(TideStatement) statement = NULL;

  dismissed.dismissed = TRUE;
  statement = prepare_all (database, "UPDATE sync_failures AS f SET dismissed_at = NULL, dismissed_by = NULL",
                           &dismissed, "", error);
  if (statement == NULL)
    return -1;
  return tide_statement_run (statement, error) ? tide_database_get_changes (database) : -1;
}

/**
 * tide_failure_rows_list:
 * @database: a connection
 * @connection_id: whose; 0 = anybody's
 * @sync_id: (nullable): only those that this run met last
 * @limit: at most so many; 0 = all
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideFailure): open failures, newest first
 */
GPtrArray *
tide_failure_rows_list (TideDatabase  *database,
                        gint64         connection_id,
                        const char    *sync_id,
                        guint          limit,
                        GError       **error)
{
  TideFailureQuery query = { .connection_id = connection_id, .sync_id = sync_id,
                             .limit = limit != 0 ? limit : G_MAXUINT };

  return tide_failure_rows_query (database, &query, error);
}

/**
 * tide_failure_rows_count:
 * @database: a connection
 * @connection_id: whose; 0 = anybody's
 * @stream: (nullable): only of this stream
 * @error: return location
 *
 * Returns: how many open failures there are; -1 with @error set on failure
 */
gint64
tide_failure_rows_count (TideDatabase  *database,
                         gint64         connection_id,
                         const char    *stream,
                         GError       **error)
{
  TideFailureQuery query = { .connection_id = connection_id, .stream = stream };

  return tide_failure_rows_count_query (database, &query, error);
}
