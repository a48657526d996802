/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-run-rows.h"
#include "tide-text.h"
#include "tide-venue-rows.h"

/* Asking for runs. The functions belong to tide-engine.h. */

/* One request, while it is worked out which streams it takes. */
typedef struct
{
  TideEngine           *engine;
  const TideRunRequest *request;
  TideRead             *read;         /* (owned) */
  TideConnection       *connection;   /* (owned) */
  TideVenue            *venue;        /* (owned) */
  TideManifest         *manifest;     /* (owned) */
  GPtrArray            *streams;      /* (owned): TideStream, parents first */
} Asking;

static void
asking_clear (Asking *self)
{
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_clear_pointer (&self->venue, tide_venue_unref);
  g_clear_pointer (&self->connection, tide_connection_unref);
  g_clear_pointer (&self->read, tide_read_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asking, asking_clear)

static gboolean
asking_open (Asking  *self,
             GError **error)
{
  TideDatabase *database;

  self->read = tide_store_begin_read (self->engine->store, NULL, error);
  if (self->read == NULL)
    return FALSE;

  database = tide_read_get_database (self->read);
  self->connection = tide_connection_rows_get (database, self->request->connection_id, error);
  if (self->connection == NULL)
    return FALSE;
  self->venue = tide_venue_rows_get (database, self->connection->venue_id, error);
  if (self->venue == NULL)
    return FALSE;
  self->manifest = tide_providers_lookup (self->engine->providers, self->connection->provider, error);
  self->streams = g_ptr_array_new ();
  return self->manifest != NULL;
}

static gboolean
asking_has_completed (Asking      *self,
                      TideStream  *stream,
                      gboolean    *completed,
                      GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideRun) run = tide_run_rows_get_last (tide_read_get_database (self->read), self->connection->id,
                                                   tide_stream_get_name (stream), TRUE, &local_error);

  *completed = run != NULL;
  if (run != NULL || g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* A stream is read by its parent's records: if nobody has ever read those, they come first. */
static gboolean
asking_add (Asking      *self,
            TideStream  *stream,
            GError     **error)
{
  TideStream *parent;
  gboolean completed;

  while (tide_stream_is_child (stream))
    stream = tide_stream_get_parent (stream);
  if (g_ptr_array_find (self->streams, stream, NULL))
    return TRUE;

  parent = tide_stream_get_parent (stream);
  if (parent != NULL && !g_ptr_array_find (self->streams, parent, NULL))
    {
      if (!asking_has_completed (self, parent, &completed, error))
        return FALSE;
      if (!completed && !asking_add (self, parent, error))
        return FALSE;
    }
  g_ptr_array_add (self->streams, stream);
  return TRUE;
}

static gboolean
asking_takes (Asking     *self,
              TideStream *stream)
{
  const char *name = self->request->stream;

  if (name == NULL)
    return !tide_stream_is_child (stream);
  /* A stream of that name is meant; only without one are those of the entity. */
  if (tide_manifest_get_stream (self->manifest, name) != NULL)
    return g_str_equal (tide_stream_get_name (stream), name);
  return g_str_equal (tide_stream_get_entity (stream), name);
}

static gboolean
asking_select (Asking  *self,
               GError **error)
{
  GPtrArray *streams = tide_manifest_get_streams (self->manifest);

  for (guint i = 0; i < streams->len; i++)
    {
      TideStream *stream = g_ptr_array_index (streams, i);

      if (asking_takes (self, stream) && !asking_add (self, stream, error))
        return FALSE;
    }
  if (self->streams->len > 0)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "connection %s: %s brings no %s", self->connection->name,
               self->connection->provider, self->request->stream != NULL ? self->request->stream : "streams");
  return FALSE;
}

static TideRun *
asking_queue (Asking     *self,
              TideStream *stream)
{
  g_autofree char *sync_id = tide_id_new ();
  TideRun run = {
    .sync_id = sync_id,
    .connection_id = self->connection->id,
    .connection_name = self->connection->name,
    .venue_name = self->venue->name,
    .provider = self->connection->provider,
    .stream = (char *)tide_stream_get_name (stream),
    .entity = (char *)tide_stream_get_entity (stream),
    .mode = self->request->mode,
    .status = TIDE_RUN_PENDING,
    .dry_run = self->request->dry_run,
    .requested_by = (char *)(self->request->requested_by != NULL ? self->request->requested_by : "owner"),
    .requested_at = tide_clock_now (self->engine->clock),
    .expected = -1,
  };

  return tide_run_queue_add (self->engine->queue, self->manifest, stream, self->connection, &run);
}

/**
 * tide_engine_request_run:
 * @request: what to run
 *
 * Puts a run in line for each stream it takes, parents first; one that already waits to do the same is
 * joined. The engine's thread; does not wait for the disk's writer nor for the network.
 *
 * Returns: (transfer full) (element-type TideRun): the runs; %NULL with TIDE_ERROR_NOT_FOUND (connection, stream,
 *   provider) or TIDE_ERROR_CONFLICT (looking only)
 */
GPtrArray *
tide_engine_request_run (TideEngine            *self,
                         const TideRunRequest  *request,
                         GError               **error)
{
  g_auto(Asking) asking = { .engine = self, .request = request };
  GPtrArray *runs;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && request != NULL, NULL);

  if (!tide_engine_check_writable (self, error) || !asking_open (&asking, error) || !asking_select (&asking, error))
    return NULL;

  runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  for (guint i = 0; i < asking.streams->len; i++)
    g_ptr_array_add (runs, asking_queue (&asking, g_ptr_array_index (asking.streams, i)));
  return runs;
}

/* Of the planner: nobody waits for an answer, so what stands in the way goes to the log. */
void
tide_engine_run_planned (gint64       connection_id,
                         const char  *stream,
                         TideRunMode  mode,
                         gpointer     user_data)
{
  TideEngine *self = user_data;
  TideRunRequest request = { .connection_id = connection_id, .stream = stream, .mode = mode,
                             .requested_by = "schedule" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = tide_engine_request_run (self, &request, &error);

  if (runs == NULL)
    g_message ("planned run of %s: %s", stream, error->message);
}

/* @run: (nullable): as the store has it, %NULL with @error set. Returns whether it waits or goes. */
static gboolean
check_live (const TideRun  *run,
            GError        **error)
{
  if (run != NULL && tide_run_is_over (run))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "run %s: is over already", run->sync_id);
  return run != NULL && !tide_run_is_over (run);
}

/* A run lives in the process that has the workspace. */
static gboolean
tide_engine_cancel_elsewhere (TideEngine  *self,
                              const char  *sync_id,
                              const char  *by,
                              GError     **error)
{
  g_autoptr(TideRun) run = tide_engine_get_run (self, sync_id, error);

  return check_live (run, error) &&
         tide_remote_change_run (tide_engine_get_folder (self), "cancel-run", run->sync_id, by, error);
}

/**
 * tide_engine_cancel_run:
 * @sync_id: a run that waits or goes
 *
 * Asks it to stop. It has when its end is told; what it has committed stays. An engine that only looks asks the
 * process that has the workspace, and blocks for its answer, a few seconds at most.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, TIDE_ERROR_CONFLICT if it is over, or, of an engine that only
 *   looks, TIDE_ERROR_BUSY if no process answers
 */
gboolean
tide_engine_cancel_run (TideEngine  *self,
                        const char  *sync_id,
                        const char  *by,
                        GError     **error)
{
  g_autoptr(TideRun) run = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, FALSE);

  if ((self->flags & TIDE_ENGINE_READ_ONLY) != 0 && !self->closed)
    return tide_engine_cancel_elsewhere (self, sync_id, by, error);
  if (!tide_engine_check_writable (self, error))
    return FALSE;
  if (tide_run_queue_cancel (self->queue, sync_id))
    return TRUE;

  run = tide_engine_get_run (self, sync_id, error);
  if (run != NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "run %s: is over already", sync_id);
  return FALSE;
}

/**
 * tide_engine_cancel_all:
 *
 * Asks all runs to stop, waiting and going.
 */
void
tide_engine_cancel_all (TideEngine *self)
{
  g_return_if_fail (TIDE_IS_ENGINE (self));

  if (!self->closed)
    tide_run_queue_cancel_all (self->queue);
}

/**
 * tide_engine_is_idle:
 *
 * Returns: whether no run waits or goes
 */
gboolean
tide_engine_is_idle (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), TRUE);

  return tide_run_queue_is_idle (self->queue);
}

/**
 * tide_engine_list_progress:
 *
 * Returns: (transfer full) (element-type TideRunProgress): where the going runs stand
 */
GPtrArray *
tide_engine_list_progress (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  return tide_run_queue_list_progress (self->queue);
}

gboolean
tide_engine_get_paused (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  return tide_run_queue_get_paused (self->queue);
}

/**
 * tide_engine_set_paused:
 * @paused: whether nothing more is to be started. What goes goes on; what is asked for waits
 */
gboolean
tide_engine_set_paused (TideEngine  *self,
                        gboolean     paused,
                        const char  *by,
                        GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  if (!tide_engine_check_writable (self, error))
    return FALSE;
  tide_run_queue_set_paused (self->queue, paused);
  return TRUE;
}
