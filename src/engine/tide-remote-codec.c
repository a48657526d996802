/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <string.h>

#include "tide-error.h"
#include "tide-json-members.h"
#include "tide-json-reader.h"
#include "tide-remote-codec.h"
#include "tide-run-progress-private.h"

static const char *
get_mode_name (int value)
{
  return tide_run_mode_to_name ((TideRunMode)value);
}

static gboolean
find_mode (const char *name,
           int        *value)
{
  TideRunMode mode;

  if (!tide_run_mode_from_name (name, &mode))
    return FALSE;
  *value = (int)mode;
  return TRUE;
}

static const char *
get_status_name (int value)
{
  return tide_run_status_to_name ((TideRunStatus)value);
}

static gboolean
find_status (const char *name,
             int        *value)
{
  TideRunStatus status;

  if (!tide_run_status_from_name (name, &status))
    return FALSE;
  *value = (int)status;
  return TRUE;
}

#define MEMBER(type, json_name, TYPE, field) \
  { json_name, TIDE_MEMBER_##TYPE, G_STRUCT_OFFSET (type, field), NULL, NULL }
#define MODE(type, field) \
  { "mode", TIDE_MEMBER_NAME, G_STRUCT_OFFSET (type, field), get_mode_name, find_mode }
#define STATUS(type, field) \
  { "status", TIDE_MEMBER_NAME, G_STRUCT_OFFSET (type, field), get_status_name, find_status }
#define COUNTS(type, field) \
  MEMBER (type, "read", INT64, field.read), \
  MEMBER (type, "created", INT64, field.created), \
  MEMBER (type, "updated", INT64, field.updated), \
  MEMBER (type, "unchanged", INT64, field.unchanged), \
  MEMBER (type, "failed", INT64, field.failed), \
  MEMBER (type, "conflicted", INT64, field.conflicted), \
  MEMBER (type, "skipped", INT64, field.skipped), \
  MEMBER (type, "deleted", INT64, field.deleted)

static const TideMember argument_members[] = {
  MEMBER (TideRemoteArguments, "syncId", TEXT, sync_id),
  MEMBER (TideRemoteArguments, "before", TEXT, before),
  MEMBER (TideRemoteArguments, "by", TEXT, by),
  MEMBER (TideRemoteArguments, "provider", TEXT, provider),
  MEMBER (TideRemoteArguments, "venue", TEXT, venue),
  MEMBER (TideRemoteArguments, "sessionId", TEXT, session_id),
  MEMBER (TideRemoteArguments, "name", TEXT, name),
  MEMBER (TideRemoteArguments, "approvalId", INT64, approval_id),
  MEMBER (TideRemoteArguments, "connectionId", INT64, connection_id),
  MEMBER (TideRemoteArguments, "value", INT64, value),
  MEMBER (TideRemoteArguments, "approve", BOOLEAN, approve),
  MEMBER (TideRemoteArguments, "always", BOOLEAN, always),
  MEMBER (TideRemoteArguments, "paused", BOOLEAN, paused),
  MEMBER (TideRemoteArguments, "request", OBJECT, request),
  MEMBER (TideRemoteArguments, "query", OBJECT, query),
  { NULL }
};

static const TideMember request_members[] = {
  MEMBER (TideRunRequest, "connectionId", INT64, connection_id),
  MEMBER (TideRunRequest, "stream", TEXT, stream),
  MODE (TideRunRequest, mode),
  MEMBER (TideRunRequest, "dryRun", BOOLEAN, dry_run),
  MEMBER (TideRunRequest, "requestedBy", TEXT, requested_by),
  MEMBER (TideRunRequest, "ids", TEXTS, ids),
  MEMBER (TideRunRequest, "filters", TEXTS, filters),
  MEMBER (TideRunRequest, "priority", INT, priority),
  MEMBER (TideRunRequest, "allowed", UINT, allowed),
  MEMBER (TideRunRequest, "idempotencyKey", TEXT, idempotency_key),
  { NULL }
};

static const TideMember query_members[] = {
  MEMBER (TideFailureQuery, "ids", INTS, ids),
  MEMBER (TideFailureQuery, "connectionId", INT64, connection_id),
  MEMBER (TideFailureQuery, "stream", TEXT, stream),
  MEMBER (TideFailureQuery, "syncId", TEXT, sync_id),
  MEMBER (TideFailureQuery, "cause", TEXT, cause),
  MEMBER (TideFailureQuery, "search", TEXT, search),
  MEMBER (TideFailureQuery, "dismissed", BOOLEAN, dismissed),
  MEMBER (TideFailureQuery, "beforeSeen", INT64, before_seen),
  MEMBER (TideFailureQuery, "beforeId", INT64, before_id),
  MEMBER (TideFailureQuery, "limit", UINT, limit),
  { NULL }
};

static const TideMember run_members[] = {
  MEMBER (TideRun, "id", INT64, id),
  MEMBER (TideRun, "syncId", TEXT, sync_id),
  MEMBER (TideRun, "connectionId", INT64, connection_id),
  MEMBER (TideRun, "connection", TEXT, connection_name),
  MEMBER (TideRun, "venue", TEXT, venue_name),
  MEMBER (TideRun, "provider", TEXT, provider),
  MEMBER (TideRun, "stream", TEXT, stream),
  MEMBER (TideRun, "entity", TEXT, entity),
  MODE (TideRun, mode),
  STATUS (TideRun, status),
  MEMBER (TideRun, "dryRun", BOOLEAN, dry_run),
  MEMBER (TideRun, "ids", TEXT, ids),
  MEMBER (TideRun, "filters", TEXT, filters),
  MEMBER (TideRun, "priority", INT, priority),
  MEMBER (TideRun, "rank", INT64, rank),
  MEMBER (TideRun, "dueAt", INT64, due_at),
  MEMBER (TideRun, "attempts", UINT, attempts),
  MEMBER (TideRun, "stalled", UINT, stalled),
  MEMBER (TideRun, "allowed", UINT, allowed),
  MEMBER (TideRun, "requestedBy", TEXT, requested_by),
  MEMBER (TideRun, "requestedAt", INT64, requested_at),
  MEMBER (TideRun, "startedAt", INT64, started_at),
  MEMBER (TideRun, "endedAt", INT64, ended_at),
  COUNTS (TideRun, counts),
  MEMBER (TideRun, "expected", INT64, expected),
  MEMBER (TideRun, "pages", INT64, pages),
  MEMBER (TideRun, "bytes", INT64, bytes),
  MEMBER (TideRun, "retries", INT64, retries),
  MEMBER (TideRun, "waited", INT64, waited),
  MEMBER (TideRun, "errorCode", TEXT, error_code),
  MEMBER (TideRun, "errorMessage", TEXT, error_message),
  MEMBER (TideRun, "phases", TEXT, phases),
  { NULL }
};

static const TideMember progress_members[] = {
  MEMBER (TideRunProgress, "syncId", TEXT, sync_id),
  MEMBER (TideRunProgress, "connectionId", INT64, connection_id),
  MEMBER (TideRunProgress, "stream", TEXT, stream),
  COUNTS (TideRunProgress, counts),
  MEMBER (TideRunProgress, "pages", INT64, pages),
  MEMBER (TideRunProgress, "bytes", INT64, bytes),
  MEMBER (TideRunProgress, "expected", INT64, expected),
  MEMBER (TideRunProgress, "rate", DOUBLE, rate),
  MEMBER (TideRunProgress, "remaining", INT64, remaining),
  MEMBER (TideRunProgress, "waiting", TEXT, waiting),
  { NULL }
};

static const TideMember event_members[] = {
  MEMBER (TideEvent, "id", INT64, id),
  MEMBER (TideEvent, "at", INT64, at),
  MEMBER (TideEvent, "name", TEXT, name),
  MEMBER (TideEvent, "data", TEXT, data),
  { NULL }
};

static const TideMember rate_use_members[] = {
  MEMBER (TideRateUse, "limit", UINT, limit),
  MEMBER (TideRateUse, "per", INT64, per),
  MEMBER (TideRateUse, "used", UINT, used),
  MEMBER (TideRateUse, "remaining", INT64, remaining),
  MEMBER (TideRateUse, "heldUntil", INT64, held_until),
  { NULL }
};

static gboolean
ignore_record (const TideJsonValue  *record,
               const TideJsonValue  *values,
               gpointer              user_data,
               GError              **error)
{
  return TRUE;
}

/* json-glib takes more for JSON than there is, and follows any depth. */
static gboolean
check_syntax (const char  *text,
              gsize        length,
              GError     **error)
{
  /* No line has such a member: it is only read to be validated. */
  g_autoptr(TideJsonReader) reader = tide_json_reader_new ("/\001", NULL, 0, NULL);
  g_autoptr(GError) local_error = NULL;

  if (length == 0 || text[0] != '{')
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "is not a JSON object");
  else if (!tide_json_reader_read (reader, text, length, ignore_record, NULL, &local_error))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "is not JSON: %s", local_error->message);
  else
    return TRUE;
  return FALSE;
}

/**
 * tide_remote_parse:
 * @line: without its end; not necessarily UTF-8, and nothing in front of its brace
 *
 * Returns: (transfer full): the object that the line is; %NULL with TIDE_ERROR_INVALID
 */
JsonObject *
tide_remote_parse (const char  *line,
                   gsize        length,
                   GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) local_error = NULL;

  if (!check_syntax (line, length, error))
    return NULL;
  if (json_parser_load_from_data (parser, line, (gssize)length, &local_error))
    return json_node_dup_object (json_parser_get_root (parser));
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "is not JSON: %s", local_error->message);
  return NULL;
}

/**
 * tide_remote_print:
 *
 * Returns: (transfer full): the object as a line, with its end
 */
char *
tide_remote_print (JsonObject *object)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (root, object);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  return g_strconcat (text, "\n", NULL);
}

/**
 * tide_remote_error_to_json:
 *
 * Returns: (transfer full): code and message
 */
JsonObject *
tide_remote_error_to_json (const GError *error)
{
  JsonObject *object = json_object_new ();
  g_autofree char *message = g_utf8_make_valid (error->message, -1);

  json_object_set_string_member (object, "code", tide_error_to_name (error));
  json_object_set_string_member (object, "message", message);
  return object;
}

static int
get_code (const char *name)
{
  for (int code = TIDE_ERROR_INVALID; code <= TIDE_ERROR_NO_KEYRING; code++)
    {
      const GError error = { .domain = TIDE_ERROR, .code = code };

      if (g_strcmp0 (tide_error_to_name (&error), name) == 0)
        return code;
    }
  return TIDE_ERROR_STORAGE;
}

static const char *
get_member (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/**
 * tide_remote_error_from_json:
 *
 * Returns: (transfer full): the other side's error; its own code where that is one of ours
 */
GError *
tide_remote_error_from_json (JsonObject *object)
{
  const char *code = get_member (object, "code");
  const char *message = get_member (object, "message");
  g_autofree char *valid = g_utf8_make_valid (message != NULL ? message : "failed without a word", -1);

  if (g_strcmp0 (code, "cancelled") == 0)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", valid);
  return g_error_new (TIDE_ERROR, get_code (code), "%s", valid);
}

/**
 * tide_remote_arguments_from_json:
 * @arguments: (out): all zero; its texts belong to @object
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID
 */
gboolean
tide_remote_arguments_from_json (JsonObject           *object,
                                 TideRemoteArguments  *arguments,
                                 GError              **error)
{
  return tide_members_from_json (argument_members, object, arguments, error);
}

JsonObject *
tide_remote_request_to_json (const TideRunRequest *request)
{
  return tide_members_to_json (request_members, request);
}

/**
 * tide_remote_request_from_json:
 * @request: (out): all zero; its texts belong to @object. Cleared with tide_remote_request_clear() also after a failure
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID
 */
gboolean
tide_remote_request_from_json (JsonObject      *object,
                               TideRunRequest  *request,
                               GError         **error)
{
  return tide_members_from_json (request_members, object, request, error);
}

void
tide_remote_request_clear (TideRunRequest *request)
{
  tide_members_clear (request_members, request);
}

JsonObject *
tide_remote_query_to_json (const TideFailureQuery *query)
{
  return tide_members_to_json (query_members, query);
}

/**
 * tide_remote_query_from_json:
 * @query: (out): all zero; its texts belong to @object. Cleared with tide_remote_query_clear() also after a failure
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID
 */
gboolean
tide_remote_query_from_json (JsonObject        *object,
                             TideFailureQuery  *query,
                             GError           **error)
{
  return tide_members_from_json (query_members, object, query, error);
}

void
tide_remote_query_clear (TideFailureQuery *query)
{
  tide_members_clear (query_members, query);
}

JsonObject *
tide_remote_run_to_json (const TideRun *run)
{
  return tide_members_to_json (run_members, run);
}

/**
 * tide_remote_run_from_json:
 *
 * Returns: (transfer full): a run; %NULL with TIDE_ERROR_INVALID
 */
TideRun *
tide_remote_run_from_json (JsonObject  *object,
                           GError     **error)
{
  TideRun run = { 0 };

  if (!tide_members_from_json (run_members, object, &run, error))
    return NULL;
  if (run.sync_id != NULL && run.connection_name != NULL && run.venue_name != NULL && run.provider != NULL &&
      run.stream != NULL && run.entity != NULL && run.requested_by != NULL)
    return tide_run_copy (&run);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "run: not all of it is there");
  return NULL;
}

/**
 * tide_remote_runs_to_json:
 * @runs: (element-type TideRun): runs
 *
 * Returns: (transfer full): the same as JSON
 */
JsonArray *
tide_remote_runs_to_json (GPtrArray *runs)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < runs->len; i++)
    json_array_add_object_element (array, tide_remote_run_to_json (g_ptr_array_index (runs, i)));
  return array;
}

/**
 * tide_remote_runs_from_json:
 * @array: (nullable): what came as runs
 *
 * Returns: (transfer full) (element-type TideRun): runs; %NULL with TIDE_ERROR_INVALID
 */
GPtrArray *
tide_remote_runs_from_json (JsonArray  *array,
                            GError    **error)
{
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  guint length = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      TideRun *run = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        run = tide_remote_run_from_json (json_node_get_object (node), error);
      else
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "run: has to be an object");
      if (run == NULL)
        return NULL;
      g_ptr_array_add (runs, run);
    }
  return g_steal_pointer (&runs);
}

JsonObject *
tide_remote_progress_to_json (const TideRunProgress *progress)
{
  return tide_members_to_json (progress_members, progress);
}

/**
 * tide_remote_progress_from_json:
 *
 * Returns: (transfer full): where a run stands; %NULL with TIDE_ERROR_INVALID
 */
TideRunProgress *
tide_remote_progress_from_json (JsonObject  *object,
                                GError     **error)
{
  TideRunProgress progress = { 0 };

  if (!tide_members_from_json (progress_members, object, &progress, error))
    return NULL;
  if (progress.sync_id != NULL && progress.stream != NULL)
    return tide_run_progress_copy (&progress);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "progress: not all of it is there");
  return NULL;
}

JsonObject *
tide_remote_event_to_json (const TideEvent *event)
{
  return tide_members_to_json (event_members, event);
}

/**
 * tide_remote_event_from_json:
 *
 * Returns: (transfer full): an event; %NULL with TIDE_ERROR_INVALID
 */
TideEvent *
tide_remote_event_from_json (JsonObject  *object,
                             GError     **error)
{
  TideEvent event = { 0 };

  if (!tide_members_from_json (event_members, object, &event, error))
    return NULL;
  if (event.name != NULL && event.data != NULL)
    return tide_event_new (event.id, event.at, event.name, event.data);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "event: not all of it is there");
  return NULL;
}

JsonObject *
tide_remote_rate_use_to_json (const TideRateUse *use)
{
  return tide_members_to_json (rate_use_members, use);
}

gboolean
tide_remote_rate_use_from_json (JsonObject   *object,
                                TideRateUse  *use,
                                GError      **error)
{
  return tide_members_from_json (rate_use_members, object, use, error);
}
