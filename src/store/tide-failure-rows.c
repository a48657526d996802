/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "tide-failure-rows.h"

/* What a failure is known by where the record itself tells no id. */
static char *
name_payload (const char *payload)
{
  return g_strdup_printf ("payload-%016" G_GINT64_MODIFIER "x", (guint64)XXH3_64bits (payload, strlen (payload)));
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
 * more attempt.
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
                                  " attempts = attempts + 1, last_seen = excluded.last_seen", error);
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
  return self;
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
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_failure_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT f.id, f.connection_id, f.stream, f.record_id, r.sync_id, f.reason,"
                                  " f.payload, f.attempts, f.first_seen, f.last_seen"
                                  " FROM sync_failures f JOIN sync_runs r ON r.id = f.run_id"
                                  " WHERE (@connection = 0 OR f.connection_id = @connection)"
                                  " AND (@sync_id IS NULL OR r.sync_id = @sync_id)"
                                  " ORDER BY f.last_seen DESC, f.id DESC LIMIT @limit", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@sync_id", sync_id);
  tide_statement_bind_int (statement, "@limit", limit != 0 ? (gint64)limit : -1);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (failures, failure_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&failures);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading failures: ");
  return NULL;
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
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 count = 0;

  statement = tide_statement_new (database,
                                  "SELECT count(*) FROM sync_failures"
                                  " WHERE (@connection = 0 OR connection_id = @connection)"
                                  " AND (@stream IS NULL OR stream = @stream)", error);
  if (statement == NULL)
    return -1;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  if (tide_statement_next (statement, &local_error))
    count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return count;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting failures: ");
  return -1;
}
