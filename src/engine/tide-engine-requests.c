/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include <string.h>

#include "tide-connection-rows.h"
#include "tide-entity.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-run-item.h"
#include "tide-run-narrow.h"
#include "tide-run-rows.h"
#include "tide-text.h"
#include "tide-venue-rows.h"

#define MAX_PRIORITY 10

/* Of an entity that nobody has thought of. */
#define OTHER_PRIORITY 1

#define MAX_KEY_LENGTH 200

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
  GHashTable           *needing;      /* (owned): set of streams whose parents were never read */
  GHashTable           *urgent;       /* (owned): stream → priority */
  TideStream           *target;       /* what was asked for, without parents that have to be read for it */
  guint                 n_targets;
  char                 *ids;          /* (owned) (nullable) */
  char                 *filters;      /* (owned) (nullable) */
  gint64                now;
} Asking;

static void
asking_clear (Asking *self)
{
  g_clear_pointer (&self->filters, g_free);
  g_clear_pointer (&self->ids, g_free);
  g_clear_pointer (&self->urgent, g_hash_table_unref);
  g_clear_pointer (&self->needing, g_hash_table_unref);
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

  self->now = tide_clock_now (self->engine->clock);
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
  self->needing = g_hash_table_new (NULL, NULL);
  self->urgent = g_hash_table_new (NULL, NULL);
  return self->manifest != NULL;
}

gboolean
tide_engine_has_completed (TideDatabase  *database,
                           gint64         connection_id,
                           TideStream    *stream,
                           gboolean      *completed,
                           GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideRun) run = tide_run_rows_get_last (database, connection_id, tide_stream_get_name (stream), TRUE,
                                                   &local_error);

  *completed = run != NULL;
  if (run != NULL || g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean asking_add (Asking      *self,
                            TideStream  *stream,
                            GError     **error);

/* A stream is read by its parent's records: if nobody has ever read those, they come first. */
static gboolean
asking_add_parent (Asking      *self,
                   TideStream  *stream,
                   GError     **error)
{
  TideStream *parent = tide_stream_get_parent (stream);
  gint64 connection_id = self->connection->id;
  gboolean completed;

  if (parent == NULL)
    return TRUE;
  if (!tide_engine_has_completed (tide_read_get_database (self->read), connection_id, parent, &completed, error))
    return FALSE;
  if (completed)
    return TRUE;

  g_hash_table_add (self->needing, stream);
  return tide_run_queue_is_going (self->engine->queue, connection_id, tide_stream_get_name (parent)) ||
         asking_add (self, parent, error);
}

static gboolean
asking_add (Asking      *self,
            TideStream  *stream,
            GError     **error)
{
  while (tide_stream_is_child (stream))
    stream = tide_stream_get_parent (stream);
  if (g_ptr_array_find (self->streams, stream, NULL))
    return TRUE;
  if (!asking_add_parent (self, stream, error))
    return FALSE;

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

      if (!asking_takes (self, stream))
        continue;
      if (!asking_add (self, stream, error))
        return FALSE;
      self->target = stream;
      self->n_targets++;
    }
  if (self->streams->len > 0)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "connection %s: %s brings no %s", self->connection->name,
               self->connection->provider, self->request->stream != NULL ? self->request->stream : "streams");
  return FALSE;
}

/* Only some records: of one stream, whose manifest says how to ask for them. */
static gboolean
asking_narrow (Asking  *self,
               GError **error)
{
  const TideRunRequest *request = self->request;

  if (request->ids == NULL && request->filters == NULL)
    return TRUE;
  if (request->stream == NULL || self->n_targets != 1 || tide_stream_is_child (self->target))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "connection %s: single records can be asked for only of one"
                   " stream that is read by itself", self->connection->name);
      return FALSE;
    }
  return tide_run_narrow_ids (request->ids, &self->ids, error) &&
         tide_run_narrow_filters (self->target, request->filters, &self->filters, error);
}

static int
get_priority (const TideRunRequest *request,
              TideStream           *stream)
{
  const TideEntity *entity = tide_entity_lookup (tide_stream_get_entity (stream));

  if (request->priority != 0)
    return request->priority;
  return entity != NULL ? entity->priority : OTHER_PRIORITY;
}

/* A parent that has to be read first is as urgent as what waits for it. */
static void
asking_weigh (Asking *self)
{
  for (guint i = self->streams->len; i > 0; i--)
    {
      TideStream *stream = g_ptr_array_index (self->streams, i - 1);
      int own = get_priority (self->request, stream);
      int priority = MAX (own, GPOINTER_TO_INT (g_hash_table_lookup (self->urgent, stream)));
      TideStream *parent = g_hash_table_contains (self->needing, stream) ? tide_stream_get_parent (stream) : NULL;

      g_hash_table_insert (self->urgent, stream, GINT_TO_POINTER (priority));
      if (parent != NULL && priority > GPOINTER_TO_INT (g_hash_table_lookup (self->urgent, parent)))
        g_hash_table_insert (self->urgent, parent, GINT_TO_POINTER (priority));
    }
}

static TideRun *
asking_queue (Asking     *self,
              TideStream *stream)
{
  g_autofree char *sync_id = tide_id_new ();
  const TideRunRequest *request = self->request;
  gboolean part = self->ids != NULL || self->filters != NULL;
  TideRun run = {
    .sync_id = sync_id,
    .connection_id = self->connection->id,
    .connection_name = self->connection->name,
    .venue_name = self->venue->name,
    .provider = self->connection->provider,
    .stream = (char *)tide_stream_get_name (stream),
    .entity = (char *)tide_stream_get_entity (stream),
    .mode = request->mode,
    .status = TIDE_RUN_PENDING,
    .dry_run = request->dry_run,
    .ids = part && stream == self->target ? self->ids : NULL,
    .filters = part && stream == self->target ? self->filters : NULL,
    .priority = GPOINTER_TO_INT (g_hash_table_lookup (self->urgent, stream)),
    .allowed = request->allowed,
    .requested_by = (char *)(request->requested_by != NULL ? request->requested_by : "owner"),
    .requested_at = self->now,
    .expected = -1,
  };
  TideRunWant want = { self->manifest, stream, self->connection, &run, g_hash_table_contains (self->needing, stream) };

  run.rank = tide_run_item_rank (run.requested_at, run.priority);
  return tide_run_queue_add (self->engine->queue, &want);
}

static GPtrArray *
asking_queue_all (Asking *self)
{
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  asking_weigh (self);
  for (guint i = 0; i < self->streams->len; i++)
    g_ptr_array_add (runs, asking_queue (self, g_ptr_array_index (self->streams, i)));
  return runs;
}

static char **
list_ids (GPtrArray *runs)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < runs->len; i++)
    g_strv_builder_add (builder, ((TideRun *)g_ptr_array_index (runs, i))->sync_id);
  return g_strv_builder_end (builder);
}

/* What a schedule asks for is nobody's doing. */
static void
asking_note (Asking    *self,
             GPtrArray *runs)
{
  const TideRunRequest *request = self->request;
  g_auto(GStrv) ids = list_ids (runs);
  g_autofree char *joined = g_strjoinv (" ", ids);
  g_autofree char *detail = NULL;

  if (g_strcmp0 (request->requested_by, "schedule") == 0)
    return;

  detail = tide_engine_make_detail ("connection", self->connection->name, "stream", request->stream,
                                    "mode", tide_run_mode_to_name (request->mode),
                                    "dryRun", request->dry_run ? "yes" : NULL, "ids", self->ids,
                                    "filters", self->filters,
                                    "allowedDeletes", request->allowed & TIDE_RUN_ALLOW_DELETES ? "yes" : NULL,
                                    "allowedChanges", request->allowed & TIDE_RUN_ALLOW_CHANGES ? "yes" : NULL,
                                    "key", request->idempotency_key, NULL);
  tide_engine_audit (self->engine, request->requested_by, "run-requested", joined, detail);
}

static void
add_texts (GChecksum          *checksum,
           const char * const *texts)
{
  gint64 n = texts != NULL ? (gint64)g_strv_length ((char **)texts) : -1;

  g_checksum_update (checksum, (const guchar *)&n, sizeof n);
  for (gint64 i = 0; i < n; i++)
    g_checksum_update (checksum, (const guchar *)texts[i], (gssize)strlen (texts[i]) + 1);
}

/* Of all that decides on what is run; who asks does not. */
static char *
hash_request (const TideRunRequest *request)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *numbers = g_strdup_printf ("%" G_GINT64_FORMAT " %d %d %d %d", request->connection_id, request->mode,
                                              request->dry_run != FALSE, request->priority, request->allowed);
  const char *stream[] = { request->stream, NULL };

  g_checksum_update (checksum, (const guchar *)numbers, -1);
  add_texts (checksum, stream);
  add_texts (checksum, request->ids);
  add_texts (checksum, request->filters);
  return g_strdup (g_checksum_get_string (checksum));
}

/* Those of a request's runs that are still known: they are kept for a while, not for ever. */
static GPtrArray *
tide_engine_list_requested (TideEngine            *self,
                            const TideRequestRow  *row,
                            GError               **error)
{
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  for (char **id = row->sync_ids; *id != NULL; id++)
    {
      g_autoptr(GError) local_error = NULL;
      TideRun *run = tide_engine_get_run (self, *id, &local_error);

      if (run != NULL)
        g_ptr_array_add (runs, run);
      else if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  if (runs->len > 0)
    return g_steal_pointer (&runs);

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "request %s: its runs are not kept any more", row->key);
  return NULL;
}

/* @row: (out) (transfer full) (nullable): what was asked for under the key. Returns whether that could be told. */
static gboolean
tide_engine_load_request (TideEngine      *self,
                          const char      *key,
                          TideRequestRow **row,
                          GError         **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(GError) local_error = NULL;

  if (read == NULL)
    return FALSE;
  *row = tide_request_rows_get (tide_read_get_database (read), key, tide_clock_now (self->clock), &local_error);
  if (*row != NULL || g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* @runs: (out) (transfer full) (nullable): what the same request has brought before. */
static gboolean
tide_engine_replay (TideEngine            *self,
                    const TideRunRequest  *request,
                    const char            *body,
                    GPtrArray            **runs,
                    GError               **error)
{
  const TideRequestRow *row = tide_run_queue_find_request (self->queue, request->idempotency_key);
  g_autoptr(TideRequestRow) saved = NULL;

  if (row == NULL && !tide_engine_load_request (self, request->idempotency_key, &saved, error))
    return FALSE;
  if (row == NULL)
    row = saved;
  if (row == NULL)
    return TRUE;

  if (!g_str_equal (row->body, body))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "request %s: something else was asked for under this key",
                   request->idempotency_key);
      return FALSE;
    }
  *runs = tide_engine_list_requested (self, row, error);
  return *runs != NULL;
}

static void
asking_keep (Asking     *self,
             const char *body,
             GPtrArray  *runs)
{
  TideRequestRow *row = g_new0 (TideRequestRow, 1);

  row->key = g_strdup (self->request->idempotency_key);
  row->body = g_strdup (body);
  row->sync_ids = list_ids (runs);
  row->requested_by = g_strdup (self->request->requested_by != NULL ? self->request->requested_by : "owner");
  row->requested_at = self->now;
  tide_run_queue_save_request (self->engine->queue, row);
}

/* As tide_engine_request_run_full(), of who has the workspace, and without asking whether the priority is one that
 * people may give. */
GPtrArray *
tide_engine_ask (TideEngine            *self,
                 const TideRunRequest  *request,
                 gboolean              *replayed,
                 GError               **error)
{
  g_auto(Asking) asking = { .engine = self, .request = request };
  g_autofree char *body = NULL;
  GPtrArray *runs = NULL;

  if (request->idempotency_key != NULL)
    {
      body = hash_request (request);
      if (!tide_engine_replay (self, request, body, &runs, error))
        return NULL;
      *replayed = runs != NULL;
      if (runs != NULL)
        return runs;
    }

  if (!asking_open (&asking, error) || !asking_select (&asking, error) || !asking_narrow (&asking, error))
    return NULL;

  runs = asking_queue_all (&asking);
  if (body != NULL)
    asking_keep (&asking, body, runs);
  asking_note (&asking, runs);
  return runs;
}

static gboolean
check_request (const TideRunRequest  *request,
               GError               **error)
{
  const char *key = request->idempotency_key;

  if (request->priority < 0 || request->priority > MAX_PRIORITY)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "priority %d: must be 1 to %d", request->priority, MAX_PRIORITY);
  else if (key != NULL && (*key == '\0' || strlen (key) > MAX_KEY_LENGTH || !g_utf8_validate (key, -1, NULL)))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "an idempotency key must be text of up to %d bytes",
                 MAX_KEY_LENGTH);
  else
    return TRUE;
  return FALSE;
}

/**
 * tide_engine_request_run_full:
 * @request: what to run
 * @replayed: (out) (optional): whether just this was asked for under its idempotency key before
 *
 * Puts a run in line for each stream it takes, parents first; one that already waits to do the same is
 * joined. The engine's thread; does not wait for the disk's writer nor for the network.
 *
 * Returns: (transfer full) (element-type TideRun): the runs; %NULL with TIDE_ERROR_NOT_FOUND (connection, stream,
 *   provider), _INVALID (what no stream understands) or _CONFLICT (the key was used for something else)
 */
GPtrArray *
tide_engine_request_run_full (TideEngine            *self,
                              const TideRunRequest  *request,
                              gboolean              *replayed,
                              GError               **error)
{
  gboolean ignored;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && request != NULL, NULL);

  if (replayed == NULL)
    replayed = &ignored;
  *replayed = FALSE;
  if (tide_engine_is_remote (self))
    return tide_remote_request_run (tide_engine_get_folder (self), request, replayed, error);
  if (!tide_engine_check_writable (self, error) || !check_request (request, error))
    return NULL;
  return tide_engine_ask (self, request, replayed, error);
}

/**
 * tide_engine_request_run:
 *
 * As tide_engine_request_run_full().
 */
GPtrArray *
tide_engine_request_run (TideEngine            *self,
                         const TideRunRequest  *request,
                         GError               **error)
{
  return tide_engine_request_run_full (self, request, NULL, error);
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
