/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-error.h"
#include "tide-remote.h"
#include "tide-text.h"

/* While somebody fills in a form: what he picks from is brought up to date first. The functions belong to
 * tide-engine.h. */

/* What is picked from in forms. */
#define SMART_ENTITY "customers"

void
tide_engine_smart_timed_out (gpointer user_data)
{
  TideEngine *self = user_data;

  tide_run_queue_set_smart (self->queue, FALSE);
  g_signal_emit_by_name (self, "smart-sync-timeout");
}

/* A connection that brings nothing of the kind is none of our business. */
static gboolean
tide_engine_refresh (TideEngine            *self,
                     const TideConnection  *connection,
                     const char            *by,
                     GError               **error)
{
  TideRunRequest request = { .connection_id = connection->id, .stream = SMART_ENTITY,
                             .mode = TIDE_RUN_MODE_INCREMENTAL, .requested_by = by,
                             .priority = TIDE_RUN_PRIORITY_SMART };
  g_autoptr(GError) local_error = NULL;
  gboolean replayed;
  g_autoptr(GPtrArray) runs = tide_engine_ask (self, &request, &replayed, &local_error);

  if (runs != NULL || g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
tide_engine_refresh_venue (TideEngine  *self,
                           const char  *venue,
                           const char  *by,
                           GError     **error)
{
  g_autoptr(TideVenue) found = venue != NULL ? tide_engine_find_venue (self, venue, error) : NULL;
  g_autoptr(GPtrArray) connections = NULL;

  if (venue != NULL && found == NULL)
    return FALSE;
  connections = tide_engine_list_connections (self, error);
  if (connections == NULL)
    return FALSE;

  for (guint i = 0; i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);

      if ((found == NULL || connection->venue_id == found->id) &&
          !tide_engine_refresh (self, connection, by != NULL ? by : "owner", error))
        return FALSE;
    }
  return TRUE;
}

/**
 * tide_engine_begin_smart_sync:
 * @venue: (nullable): at which venue, %NULL = at every one
 * @session_id: (nullable): a session that goes on, which is a sign of life; %NULL for a new one
 * @by: who fills in the form
 *
 * Has the customers brought up to date before everything else. The first session has all other runs make room at
 * their next page; they go on when the last one is ended, or has not been heard of for ten minutes.
 *
 * Returns: (transfer full): the session's id; %NULL with TIDE_ERROR_NOT_FOUND (no such venue)
 */
char *
tide_engine_begin_smart_sync (TideEngine  *self,
                              const char  *venue,
                              const char  *session_id,
                              const char  *by,
                              GError     **error)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (tide_engine_is_remote (self))
    return tide_remote_begin_smart_sync (tide_engine_get_folder (self), venue, session_id, by, error);
  if (!tide_engine_check_writable (self, error) || !tide_engine_refresh_venue (self, venue, by, error))
    return NULL;

  id = session_id != NULL ? g_strdup (session_id) : tide_uuid_new ();
  if (tide_smart_sessions_begin (self->sessions, id))
    {
      tide_run_queue_set_smart (self->queue, TRUE);
      g_signal_emit_by_name (self, "smart-sync-started");
    }
  return g_steal_pointer (&id);
}

/**
 * tide_engine_end_smart_sync:
 * @session_id: a session
 * @by: who filled in the form
 *
 * Ends it. With the last one, the other runs go on.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, also if it had been given up
 */
gboolean
tide_engine_end_smart_sync (TideEngine  *self,
                            const char  *session_id,
                            const char  *by,
                            GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && session_id != NULL, FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_end_smart_sync (tide_engine_get_folder (self), session_id, by, error);
  if (!tide_engine_check_writable (self, error))
    return FALSE;
  if (!tide_smart_sessions_end (self->sessions, session_id))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "smart sync %s: there is no such session", session_id);
      return FALSE;
    }

  if (tide_smart_sessions_count (self->sessions) == 0)
    {
      tide_run_queue_set_smart (self->queue, FALSE);
      g_signal_emit_by_name (self, "smart-sync-ended");
    }
  return TRUE;
}

/**
 * tide_engine_count_smart_sessions:
 *
 * Returns: how many forms are being filled in; 0 also if no process answers that has the workspace
 */
guint
tide_engine_count_smart_sessions (TideEngine *self)
{
  int n;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), 0);

  if (!tide_engine_is_remote (self))
    return tide_smart_sessions_count (self->sessions);
  n = tide_remote_count_smart_sessions (tide_engine_get_folder (self), NULL);
  return n > 0 ? (guint)n : 0;
}
