/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <string.h>

#include "tide-error.h"
#include "tide-owner-socket.h"
#include "tide-remote-codec.h"
#include "tide-remote.h"

/* How long the other process may be silent, seconds. */
#define PATIENCE 5

/* Longer than any answer: a request's runs, at most a few for each of its streams. */
#define MAX_ANSWER (4 * 1024 * 1024)

#define CHUNK 4096

static gboolean
send_line (GSocket     *socket,
           const char  *line,
           GError     **error)
{
  gsize length = strlen (line);
  gsize sent = 0;

  while (sent < length)
    {
      gssize n_sent = g_socket_send (socket, line + sent, length - sent, NULL, error);

      if (n_sent < 0)
        return FALSE;
      sent += (gsize)n_sent;
    }
  return TRUE;
}

/* Returns: (transfer full): the line without its end */
static GString *
receive_line (GSocket  *socket,
              GError  **error)
{
  g_autoptr(GString) line = g_string_new (NULL);
  char chunk[CHUNK];

  while (line->len < MAX_ANSWER)
    {
      gssize n_read = g_socket_receive (socket, chunk, sizeof chunk, NULL, error);
      const char *end = n_read > 0 ? memchr (chunk, '\n', (gsize)n_read) : NULL;

      if (n_read < 0)
        return NULL;
      if (n_read == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the connection was closed");
          return NULL;
        }
      g_string_append_len (line, chunk, end != NULL ? end - chunk : n_read);
      if (end != NULL)
        return g_steal_pointer (&line);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the answer has no end");
  return NULL;
}

static GString *
exchange (const char  *folder,
          const char  *line,
          GError     **error)
{
  g_autoptr(GSocket) socket = tide_owner_socket_connect (folder, PATIENCE, error);

  return socket != NULL && send_line (socket, line, error) ? receive_line (socket, error) : NULL;
}

/* Returns: (transfer full): what stands behind "ok" */
static JsonObject *
understand (GString  *answer,
            GError  **error)
{
  g_autoptr(JsonObject) object = tide_remote_parse (answer->str, answer->len, NULL);
  JsonNode *ok = object != NULL ? json_object_get_member (object, "ok") : NULL;
  JsonNode *failed = object != NULL ? json_object_get_member (object, "error") : NULL;

  if (ok != NULL && JSON_NODE_HOLDS_OBJECT (ok))
    return json_node_dup_object (ok);
  if (failed != NULL && JSON_NODE_HOLDS_OBJECT (failed))
    g_propagate_error (error, tide_remote_error_from_json (json_node_get_object (failed)));
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "the program that has the workspace answers what makes no sense");
  return NULL;
}

/* @arguments: (transfer full) */
static JsonObject *
call (const char  *folder,
      const char  *command,
      JsonObject  *arguments,
      GError     **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GString) answer = NULL;
  g_autofree char *line = NULL;

  json_object_set_string_member (object, "command", command);
  json_object_set_object_member (object, "arguments", arguments);
  line = tide_remote_print (object);
  if (strlen (line) > TIDE_REMOTE_MAX_LINE)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: is too much for one request", command);
      return NULL;
    }
  answer = exchange (folder, line, &local_error);
  if (answer != NULL)
    return understand (answer, error);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "asking the program that has the folder %s: %s", folder,
               local_error->message);
  return NULL;
}

/* @arguments: (transfer full). For commands that answer nothing in particular. */
static gboolean
order (const char  *folder,
       const char  *command,
       JsonObject  *arguments,
       GError     **error)
{
  g_autoptr(JsonObject) answer = call (folder, command, arguments, error);

  return answer != NULL;
}

/* Returns: -1 with an error if it is not there */
static gint64
get_count (JsonObject  *answer,
           GError     **error)
{
  JsonNode *node = json_object_get_member (answer, "count");

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "the program that has the workspace answers without a number");
  return -1;
}

static JsonArray *
get_array (JsonObject *answer,
           const char *name)
{
  JsonNode *node = json_object_get_member (answer, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* Returns: (transfer full): arguments; what is %NULL is left out */
static JsonObject *
make_arguments (const char *by,
                const char *name,
                const char *value)
{
  JsonObject *arguments = json_object_new ();

  if (by != NULL)
    json_object_set_string_member (arguments, "by", by);
  if (value != NULL)
    json_object_set_string_member (arguments, name, value);
  return arguments;
}

/**
 * tide_remote_greet:
 *
 * Returns: whether there is somebody who has the workspace, and answers
 */
gboolean
tide_remote_greet (const char  *folder,
                   GError     **error)
{
  return order (folder, "greet", json_object_new (), error);
}

/**
 * tide_remote_request_run:
 * @replayed: (out) (optional): whether the runs are those of an earlier request under the same key
 *
 * Returns: (transfer full) (element-type TideRun): the runs
 */
GPtrArray *
tide_remote_request_run (const char            *folder,
                         const TideRunRequest  *request,
                         gboolean              *replayed,
                         GError               **error)
{
  JsonObject *arguments = json_object_new ();
  g_autoptr(JsonObject) answer = NULL;
  GPtrArray *runs;

  json_object_set_object_member (arguments, "request", tide_remote_request_to_json (request));
  answer = call (folder, "request-run", arguments, error);
  runs = answer != NULL ? tide_remote_runs_from_json (get_array (answer, "runs"), error) : NULL;
  if (runs != NULL && replayed != NULL)
    *replayed = json_object_get_boolean_member_with_default (answer, "replayed", FALSE);
  return runs;
}

/**
 * tide_remote_change_run:
 * @command: "cancel-run", "pause-run", "resume-run" or "retry-run"
 */
gboolean
tide_remote_change_run (const char  *folder,
                        const char  *command,
                        const char  *sync_id,
                        const char  *by,
                        GError     **error)
{
  return order (folder, command, make_arguments (by, "syncId", sync_id), error);
}

gboolean
tide_remote_move_run (const char  *folder,
                      const char  *sync_id,
                      const char  *before,
                      const char  *by,
                      GError     **error)
{
  JsonObject *arguments = make_arguments (by, "syncId", sync_id);

  if (before != NULL)
    json_object_set_string_member (arguments, "before", before);
  return order (folder, "move-run", arguments, error);
}

/**
 * tide_remote_list_progress:
 *
 * Returns: (transfer full) (element-type TideRunProgress): where the going runs stand
 */
GPtrArray *
tide_remote_list_progress (const char  *folder,
                           GError     **error)
{
  g_autoptr(JsonObject) answer = call (folder, "list-progress", json_object_new (), error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_progress_unref);
  JsonArray *array = answer != NULL ? get_array (answer, "progress") : NULL;
  guint length = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      TideRunProgress *progress = JSON_NODE_HOLDS_OBJECT (node)
                                  ? tide_remote_progress_from_json (json_node_get_object (node), NULL) : NULL;

      /* One that makes no sense is as good as one that has not said anything yet. */
      if (progress != NULL)
        g_ptr_array_add (list, progress);
    }
  return answer != NULL ? g_steal_pointer (&list) : NULL;
}

gboolean
tide_remote_set_paused (const char  *folder,
                        gboolean     paused,
                        const char  *by,
                        GError     **error)
{
  JsonObject *arguments = make_arguments (by, NULL, NULL);

  json_object_set_boolean_member (arguments, "paused", paused);
  return order (folder, "set-paused", arguments, error);
}

/**
 * tide_remote_change_provider:
 * @command: "stop-provider", "resume-provider" or "retry-provider"
 *
 * Returns: how many runs it was, -1 on failure
 */
int
tide_remote_change_provider (const char  *folder,
                             const char  *command,
                             const char  *provider,
                             const char  *venue,
                             const char  *by,
                             GError     **error)
{
  JsonObject *arguments = make_arguments (by, "provider", provider);
  g_autoptr(JsonObject) answer = NULL;

  if (venue != NULL)
    json_object_set_string_member (arguments, "venue", venue);
  answer = call (folder, command, arguments, error);
  return answer != NULL ? (int)CLAMP (get_count (answer, error), -1, G_MAXINT) : -1;
}

/**
 * tide_remote_begin_smart_sync:
 *
 * Returns: (transfer full): the session's id
 */
char *
tide_remote_begin_smart_sync (const char  *folder,
                              const char  *venue,
                              const char  *session_id,
                              const char  *by,
                              GError     **error)
{
  JsonObject *arguments = make_arguments (by, "venue", venue);
  g_autoptr(JsonObject) answer = NULL;
  const char *id;

  if (session_id != NULL)
    json_object_set_string_member (arguments, "sessionId", session_id);
  answer = call (folder, "begin-smart-sync", arguments, error);
  if (answer == NULL)
    return NULL;
  id = json_object_get_string_member_with_default (answer, "sessionId", NULL);
  if (id == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "the program that has the workspace answers without a session");
  return g_strdup (id);
}

gboolean
tide_remote_end_smart_sync (const char  *folder,
                            const char  *session_id,
                            const char  *by,
                            GError     **error)
{
  return order (folder, "end-smart-sync", make_arguments (by, "sessionId", session_id), error);
}

/**
 * tide_remote_count_smart_sessions:
 *
 * Returns: how many there are, -1 on failure
 */
int
tide_remote_count_smart_sessions (const char  *folder,
                                  GError     **error)
{
  g_autoptr(JsonObject) answer = call (folder, "count-smart-sessions", json_object_new (), error);

  return answer != NULL ? (int)CLAMP (get_count (answer, error), -1, G_MAXINT) : -1;
}

static JsonObject *
call_failures (const char              *folder,
               const char              *command,
               const TideFailureQuery  *query,
               const char              *by,
               GError                 **error)
{
  JsonObject *arguments = make_arguments (by, NULL, NULL);

  json_object_set_object_member (arguments, "query", tide_remote_query_to_json (query));
  return call (folder, command, arguments, error);
}

/**
 * tide_remote_retry_failures:
 *
 * Returns: (transfer full) (element-type TideRun): the runs that try again
 */
GPtrArray *
tide_remote_retry_failures (const char              *folder,
                            const TideFailureQuery  *query,
                            const char              *by,
                            GError                 **error)
{
  g_autoptr(JsonObject) answer = call_failures (folder, "retry-failures", query, by, error);

  return answer != NULL ? tide_remote_runs_from_json (get_array (answer, "runs"), error) : NULL;
}

/**
 * tide_remote_change_failures:
 * @command: "dismiss-failures" or "reopen-failures"
 *
 * Returns: how many it was, -1 on failure
 */
gint64
tide_remote_change_failures (const char              *folder,
                             const char              *command,
                             const TideFailureQuery  *query,
                             const char              *by,
                             GError                 **error)
{
  g_autoptr(JsonObject) answer = call_failures (folder, command, query, by, error);

  return answer != NULL ? get_count (answer, error) : -1;
}

gboolean
tide_remote_decide_approval (const char  *folder,
                             gint64       approval_id,
                             gboolean     approve,
                             gboolean     always,
                             const char  *by,
                             GError     **error)
{
  JsonObject *arguments = make_arguments (by, NULL, NULL);

  json_object_set_int_member (arguments, "approvalId", approval_id);
  json_object_set_boolean_member (arguments, "approve", approve);
  json_object_set_boolean_member (arguments, "always", always);
  return order (folder, "decide-approval", arguments, error);
}

gboolean
tide_remote_set_setting (const char   *folder,
                         TideSetting   setting,
                         gint64        value,
                         const char   *by,
                         GError      **error)
{
  JsonObject *arguments = make_arguments (by, "name", tide_setting_get_range (setting)->name);

  json_object_set_int_member (arguments, "value", value);
  return order (folder, "set-setting", arguments, error);
}

gboolean
tide_remote_set_brakes (const char  *folder,
                        gint64       connection_id,
                        const char  *stream,
                        gboolean     brakes,
                        const char  *by,
                        GError     **error)
{
  JsonObject *arguments = make_arguments (by, "name", stream);

  json_object_set_int_member (arguments, "connectionId", connection_id);
  json_object_set_int_member (arguments, "value", brakes != FALSE);
  return order (folder, "set-brakes", arguments, error);
}

/**
 * tide_remote_get_rate_use:
 * @use: (out caller-allocates): untouched on failure
 */
gboolean
tide_remote_get_rate_use (const char   *folder,
                          gint64        connection_id,
                          TideRateUse  *use,
                          GError      **error)
{
  JsonObject *arguments = json_object_new ();
  g_autoptr(JsonObject) answer = NULL;
  TideRateUse read = { 0 };

  json_object_set_int_member (arguments, "connectionId", connection_id);
  answer = call (folder, "get-rate-use", arguments, error);
  if (answer == NULL || !tide_remote_rate_use_from_json (answer, &read, error))
    return FALSE;
  *use = read;
  return TRUE;
}
