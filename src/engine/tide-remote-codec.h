/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "tide-engine.h"

G_BEGIN_DECLS

/* What goes over the owner's socket, for both its ends. A line is a JSON object:
 *
 *   {"command": NAME, "arguments": {…}}         asks, and is answered by one of
 *   {"ok": {…}}
 *   {"error": {"code": …, "message": …}}
 *   {"signal": NAME, …}                         tells a follower, with "run", "progress", "event" or "connectionId"
 *
 * Instants are microseconds, as in the structs. */

/* No line is longer, with its end: a request for 10 000 records by their ids is not. */
#define TIDE_REMOTE_MAX_LINE (1024 * 1024)

/**
 * TideRemoteArguments:
 *
 * What commands are given, each its own few of these.
 */
typedef struct
{
  const char *sync_id;
  const char *before;
  const char *by;
  const char *provider;
  const char *venue;
  const char *session_id;
  const char *name;
  gint64      approval_id;
  gint64      connection_id;
  gint64      value;
  gboolean    approve;
  gboolean    always;
  gboolean    paused;
  JsonObject *request;
  JsonObject *query;
} TideRemoteArguments;

JsonObject      *tide_remote_parse                (const char                *line,
                                                   gsize                      length,
                                                   GError                   **error);
char            *tide_remote_print                (JsonObject                *object) G_GNUC_WARN_UNUSED_RESULT;

JsonObject      *tide_remote_error_to_json        (const GError              *error);
GError          *tide_remote_error_from_json      (JsonObject                *object);
gboolean         tide_remote_arguments_from_json  (JsonObject                *object,
                                                   TideRemoteArguments       *arguments,
                                                   GError                   **error);
JsonObject      *tide_remote_request_to_json      (const TideRunRequest      *request);
gboolean         tide_remote_request_from_json    (JsonObject                *object,
                                                   TideRunRequest            *request,
                                                   GError                   **error);
void             tide_remote_request_clear        (TideRunRequest            *request);
JsonObject      *tide_remote_query_to_json        (const TideFailureQuery    *query);
gboolean         tide_remote_query_from_json      (JsonObject                *object,
                                                   TideFailureQuery          *query,
                                                   GError                   **error);
void             tide_remote_query_clear          (TideFailureQuery          *query);
JsonObject      *tide_remote_run_to_json          (const TideRun             *run);
TideRun         *tide_remote_run_from_json        (JsonObject                *object,
                                                   GError                   **error);
JsonArray       *tide_remote_runs_to_json         (GPtrArray                 *runs);
GPtrArray       *tide_remote_runs_from_json       (JsonArray                 *array,
                                                   GError                   **error);
JsonObject      *tide_remote_progress_to_json     (const TideRunProgress     *progress);
TideRunProgress *tide_remote_progress_from_json   (JsonObject                *object,
                                                   GError                   **error);
JsonObject      *tide_remote_event_to_json        (const TideEvent           *event);
TideEvent       *tide_remote_event_from_json      (JsonObject                *object,
                                                   GError                   **error);
JsonObject      *tide_remote_rate_use_to_json     (const TideRateUse         *use);
gboolean         tide_remote_rate_use_from_json   (JsonObject                *object,
                                                   TideRateUse               *use,
                                                   GError                   **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideRunRequest, tide_remote_request_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideFailureQuery, tide_remote_query_clear)

G_END_DECLS
