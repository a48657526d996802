/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-error.h"
#include "tide-remote-codec.h"

/* Both ends of the owner's socket: answering and telling the user's other processes; and repeating what an owner
 * tells. */

/* What a signal says. */
typedef enum
{
  SAYS_NOTHING,
  SAYS_RUN,
  SAYS_PROGRESS,
  SAYS_CONNECTION,
  SAYS_EVENT,
} Says;

static const struct
{
  const char *name;
  Says        says;
} told_signals[] = {
  { "sync-started", SAYS_RUN },
  { "sync-progress", SAYS_PROGRESS },
  { "sync-completed", SAYS_RUN },
  { "sync-error", SAYS_RUN },
  { "sync-cancelled", SAYS_RUN },
  { "queue-updated", SAYS_NOTHING },
  { "connections-changed", SAYS_NOTHING },
  { "connection-health-changed", SAYS_CONNECTION },
  { "schedule-changed", SAYS_NOTHING },
  { "smart-sync-started", SAYS_NOTHING },
  { "smart-sync-ended", SAYS_NOTHING },
  { "smart-sync-timeout", SAYS_NOTHING },
  { "attention-changed", SAYS_NOTHING },
  { "event", SAYS_EVENT },
};

/* Of the owner's socket. */
static char *
answer_cb (const char *line,
           gsize       length,
           gboolean   *follow,
           gpointer    user_data)
{
  g_autoptr(TideEngine) self = g_object_ref (user_data);
  g_autoptr(JsonObject) answer = json_object_new ();
  g_autoptr(JsonObject) request = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *done;

  if (line != NULL)
    request = tide_remote_parse (line, length, &error);
  else
    g_set_error (&error, TIDE_ERROR, TIDE_ERROR_INVALID, "is longer than %d bytes", TIDE_REMOTE_MAX_LINE);
  if (error != NULL)
    g_prefix_error (&error, "request: ");
  done = request != NULL ? tide_engine_obey (self, request, follow, &error) : NULL;
  if (done != NULL)
    json_object_set_object_member (answer, "ok", done);
  else
    json_object_set_object_member (answer, "error", tide_remote_error_to_json (error));
  return tide_remote_print (answer);
}

static JsonObject *
begin_telling (const char *signal)
{
  JsonObject *told = json_object_new ();

  json_object_set_string_member (told, "signal", signal);
  return told;
}

static void
tide_engine_tell (TideEngine *self,
                  JsonObject *told,
                  gboolean    passing)
{
  g_autofree char *line = tide_remote_print (told);

  tide_owner_socket_tell (self->socket, line, passing);
}

static gboolean
tide_engine_is_followed (TideEngine *self)
{
  return self->socket != NULL && tide_owner_socket_has_followers (self->socket);
}

static void
tell_nothing_cb (TideEngine *self,
                 const char *signal)
{
  g_autoptr(JsonObject) told = begin_telling (signal);

  if (tide_engine_is_followed (self))
    tide_engine_tell (self, told, FALSE);
}

static void
tell_run_cb (TideEngine *self,
             TideRun    *run,
             const char *signal)
{
  g_autoptr(JsonObject) told = begin_telling (signal);

  if (!tide_engine_is_followed (self))
    return;
  json_object_set_object_member (told, "run", tide_remote_run_to_json (run));
  tide_engine_tell (self, told, FALSE);
}

static void
tell_progress_cb (TideEngine      *self,
                  TideRunProgress *progress,
                  const char      *signal)
{
  g_autoptr(JsonObject) told = begin_telling (signal);

  if (!tide_engine_is_followed (self))
    return;
  json_object_set_object_member (told, "progress", tide_remote_progress_to_json (progress));
  tide_engine_tell (self, told, TRUE);
}

static void
tell_connection_cb (TideEngine *self,
                    gint64      connection_id,
                    const char *signal)
{
  g_autoptr(JsonObject) told = begin_telling (signal);

  if (!tide_engine_is_followed (self))
    return;
  json_object_set_int_member (told, "connectionId", connection_id);
  tide_engine_tell (self, told, FALSE);
}

static void
tell_event_cb (TideEngine *self,
               TideEvent  *event,
               const char *signal)
{
  g_autoptr(JsonObject) told = begin_telling (signal);

  if (!tide_engine_is_followed (self))
    return;
  json_object_set_object_member (told, "event", tide_remote_event_to_json (event));
  tide_engine_tell (self, told, g_str_equal (event->name, "sync-progress"));
}

/**
 * tide_engine_serve:
 *
 * Listens for other processes, and tells them what happens. Where that cannot be, they are told to turn to this one,
 * which is no reason to refuse the workspace.
 */
void
tide_engine_serve (TideEngine *self)
{
  static const GCallback callbacks[] = {
    [SAYS_NOTHING] = G_CALLBACK (tell_nothing_cb),
    [SAYS_RUN] = G_CALLBACK (tell_run_cb),
    [SAYS_PROGRESS] = G_CALLBACK (tell_progress_cb),
    [SAYS_CONNECTION] = G_CALLBACK (tell_connection_cb),
    [SAYS_EVENT] = G_CALLBACK (tell_event_cb),
  };
  g_autoptr(GError) error = NULL;

  self->socket = tide_owner_socket_new (tide_engine_get_folder (self), TIDE_REMOTE_MAX_LINE, answer_cb, self, &error);
  if (self->socket == NULL)
    {
      g_message ("other programs cannot ask for anything: %s", error->message);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (told_signals); i++)
    g_signal_connect (self, told_signals[i].name, callbacks[told_signals[i].says], (gpointer)told_signals[i].name);
}

/* Returns: (transfer none) (nullable): the object of that name in what was told */
static JsonObject *
get_object (JsonObject *told,
            const char *name)
{
  JsonNode *node = json_object_get_member (told, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
repeat_run (TideEngine *self,
            const char *signal,
            JsonObject *object)
{
  g_autoptr(TideRun) run = object != NULL ? tide_remote_run_from_json (object, NULL) : NULL;

  if (run != NULL)
    g_signal_emit_by_name (self, signal, run);
}

static void
repeat_progress (TideEngine *self,
                 const char *signal,
                 JsonObject *object)
{
  g_autoptr(TideRunProgress) progress = object != NULL ? tide_remote_progress_from_json (object, NULL) : NULL;

  if (progress != NULL)
    g_signal_emit_by_name (self, signal, progress);
}

static void
repeat_event (TideEngine *self,
              const char *signal,
              JsonObject *object)
{
  g_autoptr(TideEvent) event = object != NULL ? tide_remote_event_from_json (object, NULL) : NULL;

  if (event != NULL)
    g_signal_emit_by_name (self, signal, event);
}

/* What an older program does not know, or a newer one says in another way, is not repeated. */
static void
tide_engine_repeat (TideEngine *self,
                    JsonObject *told,
                    const char *signal,
                    Says        says)
{
  switch (says)
    {
    case SAYS_RUN:
      repeat_run (self, signal, get_object (told, "run"));
      break;
    case SAYS_PROGRESS:
      repeat_progress (self, signal, get_object (told, "progress"));
      break;
    case SAYS_EVENT:
      repeat_event (self, signal, get_object (told, "event"));
      break;
    case SAYS_CONNECTION:
      g_signal_emit_by_name (self, signal, json_object_get_int_member_with_default (told, "connectionId", 0));
      break;
    case SAYS_NOTHING:
    default:
      g_signal_emit_by_name (self, signal);
    }
}

/* Of the follower. */
static void
told_cb (JsonObject *told,
         gpointer    user_data)
{
  g_autoptr(TideEngine) self = g_object_ref (user_data);
  const char *signal;

  if (told == NULL)
    {
      g_clear_pointer (&self->follower, tide_follower_free);
      g_signal_emit_by_name (self, "queue-updated");
      g_signal_emit_by_name (self, "connections-changed");
      return;
    }
  signal = json_object_get_string_member_with_default (told, "signal", "");
  for (gsize i = 0; i < G_N_ELEMENTS (told_signals); i++)
    if (g_str_equal (told_signals[i].name, signal))
      tide_engine_repeat (self, told, told_signals[i].name, told_signals[i].says);
}

/**
 * tide_engine_follow:
 *
 * For an engine that only looks: from now on it repeats the signals of the process that has the workspace. When
 * that process goes, "queue-updated" and "connections-changed" are emitted once more, and tide_engine_is_following()
 * says so. Blocks, but not for long.
 *
 * Returns: %FALSE with TIDE_ERROR_BUSY if nobody has the workspace, or does not answer; TIDE_ERROR_CONFLICT if it is
 *   closed, or is the owner itself
 */
gboolean
tide_engine_follow (TideEngine  *self,
                    GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  if (!tide_engine_is_remote (self))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "workspace %s: is not open for looking only",
                   tide_engine_get_folder (self));
      return FALSE;
    }
  if (self->follower == NULL)
    self->follower = tide_follower_new (tide_engine_get_folder (self), told_cb, self, error);
  return self->follower != NULL;
}

/**
 * tide_engine_is_following:
 *
 * Returns: whether it repeats the signals of a process that is still there
 */
gboolean
tide_engine_is_following (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  return self->follower != NULL;
}

/* Any thread. Whether what changes something has to be asked of the process that has the workspace. */
gboolean
tide_engine_is_remote (TideEngine *self)
{
  return (self->flags & TIDE_ENGINE_READ_ONLY) != 0 && !self->closed;
}
