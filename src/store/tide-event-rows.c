/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-event-rows.h"

#define DEFAULT_LIMIT 1000

/**
 * tide_event_rows_add:
 * @write: a write
 * @event: an event, with its number
 * @error: return location
 *
 * Returns: whether it is written
 */
gboolean
tide_event_rows_add (TideWrite        *write,
                     const TideEvent  *event,
                     GError          **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO events (id, at, name, data) VALUES (@id, @at, @name, @data)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@id", event->id);
  tide_statement_bind_time (statement, "@at", event->at);
  tide_statement_bind_text (statement, "@name", event->name);
  tide_statement_bind_text (statement, "@data", event->data);
  return tide_statement_run (statement, error);
}

/**
 * tide_event_rows_list:
 * @database: a connection
 * @after: only those with a higher number
 * @limit: at most so many; 0 = 1000
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideEvent): events, oldest first
 */
GPtrArray *
tide_event_rows_list (TideDatabase  *database,
                      gint64         after,
                      guint          limit,
                      GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_event_unref);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT id, at, name, data FROM events WHERE id > @after ORDER BY id LIMIT @limit",
                                  error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@after", after);
  tide_statement_bind_int (statement, "@limit", limit != 0 ? limit : DEFAULT_LIMIT);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (events, tide_event_new (tide_statement_get_int (statement, 0),
                                             tide_statement_get_time (statement, 1),
                                             tide_statement_get_text (statement, 2),
                                             tide_statement_get_text (statement, 3)));
  if (local_error == NULL)
    return g_steal_pointer (&events);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading events: ");
  return NULL;
}

/**
 * tide_event_rows_get_last:
 * @database: a connection
 * @error: return location
 *
 * Returns: the highest number there is, 0 for none; -1 with @error set on failure
 */
gint64
tide_event_rows_get_last (TideDatabase  *database,
                          GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, "SELECT max(id) FROM events", error);
  g_autoptr(GError) local_error = NULL;
  gint64 last = 0;

  if (statement == NULL)
    return -1;
  if (tide_statement_next (statement, &local_error))
    last = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return last;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading events: ");
  return -1;
}
