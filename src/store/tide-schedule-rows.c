/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-schedule-rows.h"

void
tide_schedule_row_free (TideScheduleRow *self)
{
  g_free (self->stream);
  g_free (self);
}

static TideScheduleRow *
schedule_from_row (TideStatement *row)
{
  TideScheduleRow *self = g_new0 (TideScheduleRow, 1);

  self->id = tide_statement_get_int (row, 0);
  self->connection_id = tide_statement_get_int (row, 1);
  self->stream = g_strdup (tide_statement_get_text (row, 2));
  self->enabled = tide_statement_get_int (row, 3) != 0;
  self->interval_minutes = (int)tide_statement_get_int (row, 4);
  self->offset_minutes = (int)tide_statement_get_int (row, 5);
  return self;
}

/**
 * tide_schedule_rows_list:
 * @database: a connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideScheduleRow): all schedules
 */
GPtrArray *
tide_schedule_rows_list (TideDatabase  *database,
                         GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_schedule_row_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT id, connection_id, stream, enabled, interval_minutes, offset_minutes"
                                  " FROM sync_schedules ORDER BY connection_id, stream", error);
  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (rows, schedule_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&rows);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading schedules: ");
  return NULL;
}

/**
 * tide_schedule_rows_put:
 * @write: a write
 * @row: the schedule of a stream of a connection; its id does not count
 * @error: return location; %TIDE_ERROR_CONFLICT where the schema forbids the interval
 *
 * Adds a schedule, or changes the one that there is.
 *
 * Returns: whether it is written
 */
gboolean
tide_schedule_rows_put (TideWrite              *write,
                        const TideScheduleRow  *row,
                        GError                **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO sync_schedules"
                                  " (connection_id, stream, enabled, interval_minutes, offset_minutes)"
                                  " VALUES (@connection, @stream, @enabled, @interval, @offset)"
                                  " ON CONFLICT (connection_id, stream) DO UPDATE SET"
                                  " enabled = excluded.enabled, interval_minutes = excluded.interval_minutes,"
                                  " offset_minutes = excluded.offset_minutes", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", row->connection_id);
  tide_statement_bind_text (statement, "@stream", row->stream);
  tide_statement_bind_int (statement, "@enabled", row->enabled != FALSE);
  tide_statement_bind_int (statement, "@interval", row->interval_minutes);
  tide_statement_bind_int (statement, "@offset", row->offset_minutes);
  return tide_statement_run (statement, error);
}

/**
 * tide_schedule_rows_get_brakes:
 * @database: a connection
 * @connection_id: whose
 * @stream: which stream
 * @brakes: (out): whether its brakes hold, as they do where nothing is said
 * @error: return location
 *
 * Returns: whether that could be told
 */
gboolean
tide_schedule_rows_get_brakes (TideDatabase  *database,
                               gint64         connection_id,
                               const char    *stream,
                               gboolean      *brakes,
                               GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT brakes FROM sync_schedules WHERE connection_id = @connection"
                                  " AND stream = @stream", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  *brakes = !tide_statement_next (statement, &local_error) || tide_statement_get_int (statement, 0) != 0;
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading schedules: ");
  return FALSE;
}

/**
 * tide_schedule_rows_set_brakes:
 * @write: a write
 * @connection_id: whose
 * @stream: which stream
 * @brakes: whether its brakes hold from now on
 * @error: return location
 *
 * Returns: whether it is written
 */
gboolean
tide_schedule_rows_set_brakes (TideWrite   *write,
                               gint64       connection_id,
                               const char  *stream,
                               gboolean     brakes,
                               GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;

  /* It stands with the schedule, so a stream that has none gets one that is off. */
  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO sync_schedules (connection_id, stream, enabled, interval_minutes, brakes)"
                                  " VALUES (@connection, @stream, 0, 60, @brakes)"
                                  " ON CONFLICT (connection_id, stream) DO UPDATE SET brakes = excluded.brakes", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", connection_id);
  tide_statement_bind_text (statement, "@stream", stream);
  tide_statement_bind_int (statement, "@brakes", brakes != FALSE);
  return tide_statement_run (statement, error);
}
