/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-run-rows.h"

/* All runs of a provider at a venue. The functions belong to tide-engine.h. */

static gboolean
is_of_provider (const TideConnection *connection,
                const char           *provider,
                gint64                venue_id)
{
  return g_str_equal (connection->provider, provider) && (venue_id == 0 || connection->venue_id == venue_id);
}

/* Those whose runs may be changed here: a set of gint64; %NULL with an error, also if there is no such connection. */
static GHashTable *
tide_engine_find_connections (TideEngine  *self,
                              const char  *provider,
                              const char  *venue,
                              GError     **error)
{
  g_autoptr(GHashTable) set = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(TideVenue) found = NULL;
  g_autoptr(GPtrArray) connections = NULL;

  if (!tide_engine_check_writable (self, error))
    return NULL;
  if (venue != NULL && (found = tide_engine_find_venue (self, venue, error)) == NULL)
    return NULL;
  connections = tide_engine_list_connections (self, error);
  if (connections == NULL)
    return NULL;

  for (guint i = 0; i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);

      if (is_of_provider (connection, provider, found != NULL ? found->id : 0))
        g_hash_table_add (set, g_memdup2 (&connection->id, sizeof connection->id));
    }
  if (g_hash_table_size (set) > 0)
    return g_steal_pointer (&set);

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "provider %s: is not connected%s%s", provider,
               venue != NULL ? " at " : "", venue != NULL ? venue : "");
  return NULL;
}

static void
tide_engine_note_provider (TideEngine *self,
                           const char *provider,
                           const char *venue,
                           const char *by,
                           const char *action,
                           int         n)
{
  g_autofree char *count = g_strdup_printf ("%d", n);
  g_autofree char *detail = tide_engine_make_detail ("venue", venue, "runs", count, NULL);

  tide_engine_audit (self, by, action, provider, detail);
}

/**
 * tide_engine_stop_provider:
 * @provider: its id
 * @venue: (nullable): the venue's name, %NULL = at every venue
 * @by: who wants it
 *
 * Pauses all its runs: those that wait, and those that go at their next page.
 *
 * Returns: how many runs it was; -1 with an error
 */
int
tide_engine_stop_provider (TideEngine  *self,
                           const char  *provider,
                           const char  *venue,
                           const char  *by,
                           GError     **error)
{
  g_autoptr(GHashTable) connections = NULL;
  int n;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && provider != NULL, -1);

  if (tide_engine_is_remote (self))
    return tide_remote_change_provider (tide_engine_get_folder (self), "stop-provider", provider, venue, by, error);
  connections = tide_engine_find_connections (self, provider, venue, error);
  if (connections == NULL)
    return -1;

  n = (int)tide_run_queue_pause_all (self->queue, connections);
  tide_engine_note_provider (self, provider, venue, by, "provider-stopped", n);
  return n;
}

/**
 * tide_engine_resume_provider:
 *
 * Lets all its paused runs go on. Parameters and result as tide_engine_stop_provider().
 */
int
tide_engine_resume_provider (TideEngine  *self,
                             const char  *provider,
                             const char  *venue,
                             const char  *by,
                             GError     **error)
{
  g_autoptr(GHashTable) connections = NULL;
  int n;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && provider != NULL, -1);

  if (tide_engine_is_remote (self))
    return tide_remote_change_provider (tide_engine_get_folder (self), "resume-provider", provider, venue, by, error);
  connections = tide_engine_find_connections (self, provider, venue, error);
  if (connections == NULL)
    return -1;

  n = (int)tide_run_queue_resume_all (self->queue, connections);
  tide_engine_note_provider (self, provider, venue, by, "provider-resumed", n);
  return n;
}

/* Revives the last run of each stream of a connection if it failed. Returns how many; -1 with an error. */
static int
tide_engine_retry_connection (TideEngine  *self,
                              gint64       connection_id,
                              GError     **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(TideManifest) manifest = NULL;
  GPtrArray *streams;
  int n = 0;

  if (read == NULL)
    return -1;
  connection = tide_connection_rows_get (tide_read_get_database (read), connection_id, error);
  manifest = connection != NULL ? tide_providers_lookup (self->providers, connection->provider, error) : NULL;
  if (manifest == NULL)
    return -1;

  streams = tide_manifest_get_streams (manifest);
  for (guint i = 0; i < streams->len; i++)
    {
      g_autoptr(TideRun) run = tide_run_rows_get_last_ended (tide_read_get_database (read), connection_id,
                                                             tide_stream_get_name (g_ptr_array_index (streams, i)),
                                                             NULL);

      if (run == NULL || run->status != TIDE_RUN_FAILED)
        continue;
      if (!tide_engine_revive_run (self, run, error))
        return -1;
      n++;
    }
  return n;
}

/**
 * tide_engine_retry_provider:
 *
 * Has all its runs go on that wait for another try, and the last one of each stream if it has failed. Parameters and
 * result as tide_engine_stop_provider().
 */
int
tide_engine_retry_provider (TideEngine  *self,
                            const char  *provider,
                            const char  *venue,
                            const char  *by,
                            GError     **error)
{
  g_autoptr(GHashTable) connections = NULL;
  GHashTableIter iter;
  gpointer id;
  int n, more;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && provider != NULL, -1);

  if (tide_engine_is_remote (self))
    return tide_remote_change_provider (tide_engine_get_folder (self), "retry-provider", provider, venue, by, error);
  connections = tide_engine_find_connections (self, provider, venue, error);
  if (connections == NULL)
    return -1;

  n = (int)tide_run_queue_retry_all (self->queue, connections);
  g_hash_table_iter_init (&iter, connections);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      more = tide_engine_retry_connection (self, *(gint64 *)id, error);
      if (more < 0)
        return -1;
      n += more;
    }
  tide_engine_note_provider (self, provider, venue, by, "provider-retried", n);
  return n;
}
