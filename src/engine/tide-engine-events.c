/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <json-glib/json-glib.h>

#include "tide-engine-private.h"

#include "tide-approval-rows.h"
#include "tide-event-rows.h"
#include "tide-read.h"
#include "tide-text.h"
#include "tide-time.h"
#include "tide-write.h"

/* All that the engine tells, as one stream of numbered events. */

static char *
object_to_text (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

static void
set_text (JsonObject *object,
          const char *name,
          const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

static void
set_instant (JsonObject *object,
             const char *name,
             gint64      instant)
{
  g_autofree char *text = instant != 0 ? tide_time_to_string (instant) : NULL;

  set_text (object, name, text);
}

static void
set_counts (JsonObject       *object,
            const TideCounts *counts)
{
  JsonObject *member = json_object_new ();

  json_object_set_int_member (member, "read", counts->read);
  json_object_set_int_member (member, "created", counts->created);
  json_object_set_int_member (member, "updated", counts->updated);
  json_object_set_int_member (member, "unchanged", counts->unchanged);
  json_object_set_int_member (member, "failed", counts->failed);
  json_object_set_int_member (member, "conflicted", counts->conflicted);
  json_object_set_int_member (member, "skipped", counts->skipped);
  json_object_set_int_member (member, "deleted", counts->deleted);
  json_object_set_object_member (object, "counts", member);
}

static void
set_error (JsonObject    *object,
           const TideRun *run)
{
  JsonObject *member;

  if (run->error_code == NULL && run->error_message == NULL)
    return;
  member = json_object_new ();
  set_text (member, "code", run->error_code);
  set_text (member, "message", run->error_message);
  json_object_set_object_member (object, "error", member);
}

static char *
run_to_text (const TideRun *run)
{
  g_autoptr(JsonObject) object = json_object_new ();

  set_text (object, "syncId", run->sync_id);
  json_object_set_int_member (object, "connectionId", run->connection_id);
  set_text (object, "connection", run->connection_name);
  set_text (object, "venue", run->venue_name);
  set_text (object, "provider", run->provider);
  set_text (object, "entity", run->entity);
  set_text (object, "stream", run->stream);
  set_text (object, "mode", tide_run_mode_to_name (run->mode));
  set_text (object, "status", tide_run_status_to_name (run->status));
  json_object_set_boolean_member (object, "dryRun", run->dry_run);
  json_object_set_int_member (object, "priority", run->priority);
  json_object_set_int_member (object, "attempts", run->attempts);
  set_text (object, "requestedBy", run->requested_by);
  set_instant (object, "requestedAt", run->requested_at);
  set_instant (object, "startedAt", run->started_at);
  set_instant (object, "endedAt", run->ended_at);
  set_counts (object, &run->counts);
  set_error (object, run);
  return object_to_text (object);
}

static char *
progress_to_text (const TideRunProgress *progress)
{
  g_autoptr(JsonObject) object = json_object_new ();

  set_text (object, "syncId", progress->sync_id);
  json_object_set_int_member (object, "connectionId", progress->connection_id);
  set_text (object, "stream", progress->stream);
  set_counts (object, &progress->counts);
  json_object_set_int_member (object, "pages", progress->pages);
  json_object_set_int_member (object, "bytes", progress->bytes);
  if (progress->expected >= 0)
    json_object_set_int_member (object, "expected", progress->expected);
  json_object_set_double_member (object, "rate", progress->rate);
  if (progress->remaining >= 0)
    json_object_set_double_member (object, "remainingSeconds", (double)progress->remaining / G_USEC_PER_SEC);
  set_text (object, "waiting", progress->waiting);
  return object_to_text (object);
}

static void
tide_engine_tell (TideEngine *self,
                  const char *name,
                  const char *data,
                  gboolean    keep)
{
  g_autoptr(TideEvent) event = tide_chronicle_make_event (self->chronicle, name, data, keep);

  g_signal_emit_by_name (self, "event", event);
}

static void
run_told_cb (TideEngine *self,
             TideRun    *run,
             const char *name)
{
  g_autofree char *data = run_to_text (run);

  tide_engine_tell (self, name, data, TRUE);
}

/* Ten a second and run, which nobody wants to read up on later. */
static void
progress_told_cb (TideEngine      *self,
                  TideRunProgress *progress,
                  const char      *name)
{
  g_autofree char *data = NULL;

  if (!g_signal_has_handler_pending (self, g_signal_lookup ("event", TIDE_TYPE_ENGINE), 0, FALSE))
    return;
  data = progress_to_text (progress);
  tide_engine_tell (self, name, data, FALSE);
}

static void
connection_told_cb (TideEngine *self,
                    gint64      connection_id,
                    const char *name)
{
  g_autofree char *data = g_strdup_printf ("{\"connectionId\":%" G_GINT64_FORMAT "}", connection_id);

  tide_engine_tell (self, name, data, TRUE);
}

static void
told_cb (TideEngine *self,
         const char *name)
{
  tide_engine_tell (self, name, "{}", TRUE);
}

static void
run_over_cb (TideEngine *self,
             TideRun    *run)
{
  if (!self->closed)
    tide_engine_look_for_attention (self);
}

/* Once, by who has the workspace; an engine that follows another repeats its events instead. */
void
tide_engine_connect_events (TideEngine *self)
{
  static const struct
  {
    const char *name;
    GCallback   callback;
  } told[] = {
    { "sync-started", G_CALLBACK (run_told_cb) },
    { "sync-progress", G_CALLBACK (progress_told_cb) },
    { "sync-completed", G_CALLBACK (run_told_cb) },
    { "sync-error", G_CALLBACK (run_told_cb) },
    { "sync-cancelled", G_CALLBACK (run_told_cb) },
    { "queue-updated", G_CALLBACK (told_cb) },
    { "connections-changed", G_CALLBACK (told_cb) },
    { "connection-health-changed", G_CALLBACK (connection_told_cb) },
    { "schedule-changed", G_CALLBACK (told_cb) },
    { "smart-sync-started", G_CALLBACK (told_cb) },
    { "smart-sync-ended", G_CALLBACK (told_cb) },
    { "smart-sync-timeout", G_CALLBACK (told_cb) },
    { "attention-changed", G_CALLBACK (told_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    g_signal_connect (self, told[i].name, told[i].callback, (gpointer)told[i].name);
  g_signal_connect (self, "sync-completed", G_CALLBACK (run_over_cb), NULL);
  g_signal_connect (self, "sync-error", G_CALLBACK (run_over_cb), NULL);
  g_signal_connect (self, "sync-cancelled", G_CALLBACK (run_over_cb), NULL);
}

/* After the last signal. What is noted later is written at once. */
void
tide_engine_close_ledger (TideEngine *self)
{
  g_clear_pointer (&self->retention, tide_retention_free);
  if (self->chronicle != NULL)
    tide_chronicle_close (self->chronicle);
}

/* What there is to look after, as a text that is another one when it is something else. */
static char *
read_attention (TideStore  *store,
                GError    **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, error);
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  if (read == NULL)
    return NULL;
  statement = tide_statement_new (tide_read_get_database (read),
                                  "SELECT format('%d %d %s %s',"
                                  " (SELECT count(*) FROM sync_failures WHERE dismissed_at IS NULL),"
                                  " (SELECT max(id) FROM sync_failures),"
                                  " (SELECT group_concat(id) FROM approvals WHERE state = 'open'),"
                                  " (SELECT group_concat(connection_id) FROM connection_blocks))", error);
  if (statement == NULL)
    return NULL;
  if (tide_statement_next (statement, &local_error))
    return g_strdup (tide_statement_get_text (statement, 0));
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
tide_engine_mend_approvals (TideEngine  *self,
                            GError     **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);

  return write != NULL && tide_approval_rows_mend (write, error) && tide_write_commit (write, error);
}

/**
 * tide_engine_open_ledger:
 *
 * Begins to keep events, audit log and settings. Of who has the workspace, before anything is told.
 */
gboolean
tide_engine_open_ledger (TideEngine  *self,
                         GError     **error)
{
  gboolean in_line = (self->flags & TIDE_ENGINE_IN_LINE) != 0;

  if (!tide_engine_load_settings (self, error) || !tide_engine_mend_approvals (self, error))
    return FALSE;
  self->attention = read_attention (self->store, error);
  if (self->attention == NULL)
    return FALSE;
  self->chronicle = tide_chronicle_new (self->store, in_line, error);
  if (self->chronicle == NULL)
    return FALSE;
  tide_engine_connect_events (self);
  self->retention = tide_retention_new (self->store, self->context, in_line);
  return TRUE;
}

/* Tells that failures, approvals or blocked connections have changed. The engine's thread. */
void
tide_engine_attention_changed (TideEngine *self)
{
  g_signal_emit_by_name (self, "attention-changed");
}

/* Tells so if they have since it was asked last. The engine's thread. */
void
tide_engine_look_for_attention (TideEngine *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *attention = read_attention (self->store, &error);

  if (attention == NULL)
    g_message ("what needs attention: %s", error->message);
  else if (tide_set_str (&self->attention, attention))
    tide_engine_attention_changed (self);
}

/**
 * tide_engine_get_last_event:
 *
 * Returns: the number of the newest event, 0 for none. Any thread
 */
gint64
tide_engine_get_last_event (TideEngine *self)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), 0);

  if (self->chronicle != NULL)
    return tide_chronicle_get_last (self->chronicle);
  read = tide_store_begin_read (self->store, NULL, NULL);
  return read != NULL ? MAX (tide_event_rows_get_last (tide_read_get_database (read), NULL), 0) : 0;
}

/**
 * tide_engine_list_events:
 * @after: only those with a higher number; 0 for all that are kept
 * @limit: at most so many; 0 for 1000
 *
 * Returns: (transfer full) (element-type TideEvent): events but sync-progress, oldest first. Blocks; any thread
 */
GPtrArray *
tide_engine_list_events (TideEngine  *self,
                         gint64       after,
                         guint        limit,
                         GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (self->chronicle != NULL)
    return tide_chronicle_list_events (self->chronicle, after, limit, error);
  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_event_rows_list (tide_read_get_database (read), after, limit, error) : NULL;
}
