/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <string.h>

#include "tide-engine-private.h"

#include "tide-error.h"
#include "tide-remote-codec.h"

/* What other processes may ask of the owner of a workspace: each command is a function of tide-engine.h, called on the
 * engine's thread as anybody would. */

/* Returns: (transfer full): what is answered as "ok"; %NULL with an error */
typedef JsonObject *(*Serve) (TideEngine                 *self,
                              const TideRemoteArguments  *arguments,
                              GError                    **error);

/**
 * Command:
 * @arguments: which it takes, with a space between; those with "!" have to be there
 */
typedef struct
{
  const char *name;
  const char *arguments;
  Serve       serve;
} Command;

static JsonObject *
answer_done (gboolean done)
{
  return done ? json_object_new () : NULL;
}

/* @count: negative after a failure */
static JsonObject *
answer_count (gint64 count)
{
  JsonObject *answer = answer_done (count >= 0);

  if (answer != NULL)
    json_object_set_int_member (answer, "count", count);
  return answer;
}

/* @runs: (nullable): %NULL after a failure */
static JsonObject *
answer_runs (GPtrArray *runs)
{
  JsonObject *answer = answer_done (runs != NULL);

  if (answer != NULL)
    json_object_set_array_member (answer, "runs", tide_remote_runs_to_json (runs));
  return answer;
}

static JsonObject *
serve_greet (TideEngine                 *self,
             const TideRemoteArguments  *arguments,
             GError                    **error)
{
  JsonObject *answer = json_object_new ();

  json_object_set_string_member (answer, "version", TIDEMARK_VERSION);
  return answer;
}

static JsonObject *
serve_request_run (TideEngine                 *self,
                   const TideRemoteArguments  *arguments,
                   GError                    **error)
{
  g_auto(TideRunRequest) request = { 0 };
  g_autoptr(GPtrArray) runs = NULL;
  JsonObject *answer;
  gboolean replayed = FALSE;

  if (!tide_remote_request_from_json (arguments->request, &request, error))
    return NULL;
  runs = tide_engine_request_run_full (self, &request, &replayed, error);
  answer = answer_runs (runs);
  if (answer != NULL)
    json_object_set_boolean_member (answer, "replayed", replayed);
  return answer;
}

static JsonObject *
serve_cancel_run (TideEngine                 *self,
                  const TideRemoteArguments  *arguments,
                  GError                    **error)
{
  return answer_done (tide_engine_cancel_run (self, arguments->sync_id, arguments->by, error));
}

static JsonObject *
serve_pause_run (TideEngine                 *self,
                 const TideRemoteArguments  *arguments,
                 GError                    **error)
{
  return answer_done (tide_engine_pause_run (self, arguments->sync_id, arguments->by, error));
}

static JsonObject *
serve_resume_run (TideEngine                 *self,
                  const TideRemoteArguments  *arguments,
                  GError                    **error)
{
  return answer_done (tide_engine_resume_run (self, arguments->sync_id, arguments->by, error));
}

static JsonObject *
serve_retry_run (TideEngine                 *self,
                 const TideRemoteArguments  *arguments,
                 GError                    **error)
{
  return answer_done (tide_engine_retry_run (self, arguments->sync_id, arguments->by, error));
}

static JsonObject *
serve_move_run (TideEngine                 *self,
                const TideRemoteArguments  *arguments,
                GError                    **error)
{
  return answer_done (tide_engine_move_run (self, arguments->sync_id, arguments->before, arguments->by, error));
}

static JsonObject *
serve_list_progress (TideEngine                 *self,
                     const TideRemoteArguments  *arguments,
                     GError                    **error)
{
  g_autoptr(GPtrArray) list = tide_engine_list_progress (self);
  JsonObject *answer = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (array, tide_remote_progress_to_json (g_ptr_array_index (list, i)));
  json_object_set_array_member (answer, "progress", array);
  return answer;
}

static JsonObject *
serve_set_paused (TideEngine                 *self,
                  const TideRemoteArguments  *arguments,
                  GError                    **error)
{
  return answer_done (tide_engine_set_paused (self, arguments->paused, arguments->by, error));
}

static JsonObject *
serve_stop_provider (TideEngine                 *self,
                     const TideRemoteArguments  *arguments,
                     GError                    **error)
{
  return answer_count (tide_engine_stop_provider (self, arguments->provider, arguments->venue, arguments->by, error));
}

static JsonObject *
serve_resume_provider (TideEngine                 *self,
                       const TideRemoteArguments  *arguments,
                       GError                    **error)
{
  return answer_count (tide_engine_resume_provider (self, arguments->provider, arguments->venue, arguments->by, error));
}

static JsonObject *
serve_retry_provider (TideEngine                 *self,
                      const TideRemoteArguments  *arguments,
                      GError                    **error)
{
  return answer_count (tide_engine_retry_provider (self, arguments->provider, arguments->venue, arguments->by, error));
}

static JsonObject *
serve_begin_smart_sync (TideEngine                 *self,
                        const TideRemoteArguments  *arguments,
                        GError                    **error)
{
  g_autofree char *id = tide_engine_begin_smart_sync (self, arguments->venue, arguments->session_id, arguments->by, error);
  JsonObject *answer = answer_done (id != NULL);

  if (answer != NULL)
    json_object_set_string_member (answer, "sessionId", id);
  return answer;
}

static JsonObject *
serve_end_smart_sync (TideEngine                 *self,
                      const TideRemoteArguments  *arguments,
                      GError                    **error)
{
  return answer_done (tide_engine_end_smart_sync (self, arguments->session_id, arguments->by, error));
}

static JsonObject *
serve_count_smart_sessions (TideEngine                 *self,
                            const TideRemoteArguments  *arguments,
                            GError                    **error)
{
  return answer_count (tide_engine_count_smart_sessions (self));
}

static JsonObject *
serve_retry_failures (TideEngine                 *self,
                      const TideRemoteArguments  *arguments,
                      GError                    **error)
{
  g_auto(TideFailureQuery) query = { 0 };
  g_autoptr(GPtrArray) runs = NULL;

  if (!tide_remote_query_from_json (arguments->query, &query, error))
    return NULL;
  runs = tide_engine_retry_failures (self, &query, arguments->by, error);
  return answer_runs (runs);
}

static JsonObject *
serve_dismiss_failures (TideEngine                 *self,
                        const TideRemoteArguments  *arguments,
                        GError                    **error)
{
  g_auto(TideFailureQuery) query = { 0 };

  if (!tide_remote_query_from_json (arguments->query, &query, error))
    return NULL;
  return answer_count (tide_engine_dismiss_failures (self, &query, arguments->by, error));
}

static JsonObject *
serve_reopen_failures (TideEngine                 *self,
                       const TideRemoteArguments  *arguments,
                       GError                    **error)
{
  g_auto(TideFailureQuery) query = { 0 };

  if (!tide_remote_query_from_json (arguments->query, &query, error))
    return NULL;
  return answer_count (tide_engine_reopen_failures (self, &query, arguments->by, error));
}

static JsonObject *
serve_decide_approval (TideEngine                 *self,
                       const TideRemoteArguments  *arguments,
                       GError                    **error)
{
  return answer_done (tide_engine_decide_approval (self, arguments->approval_id, arguments->approve, arguments->always,
                                                   arguments->by, error));
}

static JsonObject *
serve_set_setting (TideEngine                 *self,
                   const TideRemoteArguments  *arguments,
                   GError                    **error)
{
  TideSetting setting;

  if (tide_setting_find (arguments->name, &setting))
    return answer_done (tide_engine_set_setting (self, setting, arguments->value, arguments->by, error));
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "setting %s: there is none of that name", arguments->name);
  return NULL;
}

static JsonObject *
serve_set_brakes (TideEngine                 *self,
                  const TideRemoteArguments  *arguments,
                  GError                    **error)
{
  return answer_done (tide_engine_set_brakes (self, arguments->connection_id, arguments->name, arguments->value != 0,
                                              arguments->by, error));
}

static JsonObject *
serve_get_rate_use (TideEngine                 *self,
                    const TideRemoteArguments  *arguments,
                    GError                    **error)
{
  TideRateUse use = { 0 };

  return tide_engine_get_rate_use (self, arguments->connection_id, &use, error) ? tide_remote_rate_use_to_json (&use)
                                                                                : NULL;
}

static const Command commands[] = {
  { "greet", "", serve_greet },
  { "follow", "", serve_greet },
  { "request-run", "request!", serve_request_run },
  { "cancel-run", "syncId! by", serve_cancel_run },
  { "pause-run", "syncId! by", serve_pause_run },
  { "resume-run", "syncId! by", serve_resume_run },
  { "retry-run", "syncId! by", serve_retry_run },
  { "move-run", "syncId! before by", serve_move_run },
  { "list-progress", "", serve_list_progress },
  { "set-paused", "paused! by", serve_set_paused },
  { "stop-provider", "provider! venue by", serve_stop_provider },
  { "resume-provider", "provider! venue by", serve_resume_provider },
  { "retry-provider", "provider! venue by", serve_retry_provider },
  { "begin-smart-sync", "venue sessionId by", serve_begin_smart_sync },
  { "end-smart-sync", "sessionId! by", serve_end_smart_sync },
  { "count-smart-sessions", "", serve_count_smart_sessions },
  { "retry-failures", "query! by", serve_retry_failures },
  { "dismiss-failures", "query! by", serve_dismiss_failures },
  { "reopen-failures", "query! by", serve_reopen_failures },
  { "decide-approval", "approvalId! approve! always by", serve_decide_approval },
  { "set-setting", "name! value! by", serve_set_setting },
  { "set-brakes", "connectionId! name! value! by", serve_set_brakes },
  { "get-rate-use", "connectionId!", serve_get_rate_use },
};

static const Command *
find_command (JsonObject  *request,
              GError     **error)
{
  JsonNode *node = json_object_get_member (request, "command");
  const char *name = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_autofree char *valid = NULL;

  if (name == NULL)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "request: names no command");
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  valid = g_utf8_make_valid (name, -1);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "command %s: is not known here", valid);
  return NULL;
}

static gboolean
check_needed (const Command  *command,
              char          **known,
              JsonObject     *arguments,
              GError        **error)
{
  for (gsize i = 0; known[i] != NULL; i++)
    {
      char *mark = strchr (known[i], '!');
      JsonNode *node;

      if (mark == NULL)
        continue;
      *mark = '\0';
      node = json_object_get_member (arguments, known[i]);
      if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
        continue;
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "command %s: needs %s", command->name, known[i]);
      return FALSE;
    }
  return TRUE;
}

/* What a command does not know is not passed over: it may have been meant as a condition. */
static gboolean
check_arguments (const Command  *command,
                 JsonObject     *arguments,
                 GError        **error)
{
  g_auto(GStrv) known = g_strsplit (command->arguments, " ", -1);
  JsonObjectIter iter;
  const char *name;

  if (!check_needed (command, known, arguments, error))
    return FALSE;
  json_object_iter_init (&iter, arguments);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      g_autofree char *valid = NULL;

      if (g_strv_contains ((const char * const *)known, name))
        continue;
      valid = g_utf8_make_valid (name, -1);
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "command %s: takes no %s", command->name, valid);
      return FALSE;
    }
  return TRUE;
}

/* Returns: (transfer none) (nullable): the request's arguments, @none if it has none; %NULL with an error */
static JsonObject *
get_arguments (JsonObject  *request,
               JsonObject  *none,
               GError     **error)
{
  JsonNode *node = json_object_get_member (request, "arguments");

  if (node == NULL)
    return none;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "arguments: has to be an object");
  return NULL;
}

/**
 * tide_engine_obey:
 * @request: what another process asks
 * @follow: (out): whether it wants to be told what happens from now on; untouched on failure
 *
 * Does what is asked.
 *
 * Returns: (transfer full): the answer; %NULL with TIDE_ERROR_INVALID if the request makes no sense, else with the
 *   error of what was done
 */
JsonObject *
tide_engine_obey (TideEngine  *self,
                  JsonObject  *request,
                  gboolean    *follow,
                  GError     **error)
{
  g_autoptr(JsonObject) none = json_object_new ();
  TideRemoteArguments read = { 0 };
  const Command *command = find_command (request, error);
  JsonObject *arguments = command != NULL ? get_arguments (request, none, error) : NULL;

  if (arguments == NULL || !check_arguments (command, arguments, error) ||
      !tide_remote_arguments_from_json (arguments, &read, error))
    return NULL;
  if (read.by == NULL)
    read.by = "owner";
  *follow = g_str_equal (command->name, "follow");
  return command->serve (self, &read, error);
}
