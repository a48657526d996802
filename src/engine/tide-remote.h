/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/* Asks the process that has a workspace to do what an engine that only looks cannot: each function is the engine's of
 * that name, on a folder. Blocking, a few seconds at most; any thread. Errors are those of the other process's engine,
 * or TIDE_ERROR_BUSY if there is none or it does not answer. */

gboolean   tide_remote_greet             (const char              *folder,
                                          GError                 **error);
GPtrArray *tide_remote_request_run       (const char              *folder,
                                          const TideRunRequest    *request,
                                          gboolean                *replayed,
                                          GError                 **error);
gboolean   tide_remote_change_run        (const char              *folder,
                                          const char              *command,
                                          const char              *sync_id,
                                          const char              *by,
                                          GError                 **error);
gboolean   tide_remote_move_run          (const char              *folder,
                                          const char              *sync_id,
                                          const char              *before,
                                          const char              *by,
                                          GError                 **error);
GPtrArray *tide_remote_list_progress     (const char              *folder,
                                          GError                 **error);
gboolean   tide_remote_set_paused        (const char              *folder,
                                          gboolean                 paused,
                                          const char              *by,
                                          GError                 **error);
int        tide_remote_change_provider   (const char              *folder,
                                          const char              *command,
                                          const char              *provider,
                                          const char              *venue,
                                          const char              *by,
                                          GError                 **error);
char      *tide_remote_begin_smart_sync  (const char              *folder,
                                          const char              *venue,
                                          const char              *session_id,
                                          const char              *by,
                                          GError                 **error);
gboolean   tide_remote_end_smart_sync    (const char              *folder,
                                          const char              *session_id,
                                          const char              *by,
                                          GError                 **error);
int        tide_remote_count_smart_sessions (const char           *folder,
                                          GError                 **error);
GPtrArray *tide_remote_retry_failures    (const char              *folder,
                                          const TideFailureQuery  *query,
                                          const char              *by,
                                          GError                 **error);
gint64     tide_remote_change_failures   (const char              *folder,
                                          const char              *command,
                                          const TideFailureQuery  *query,
                                          const char              *by,
                                          GError                 **error);
gboolean   tide_remote_decide_approval   (const char              *folder,
                                          gint64                   approval_id,
                                          gboolean                 approve,
                                          gboolean                 always,
                                          const char              *by,
                                          GError                 **error);
gboolean   tide_remote_set_setting       (const char              *folder,
                                          TideSetting              setting,
                                          gint64                   value,
                                          const char              *by,
                                          GError                 **error);
gboolean   tide_remote_set_brakes        (const char              *folder,
                                          gint64                   connection_id,
                                          const char              *stream,
                                          gboolean                 brakes,
                                          const char              *by,
                                          GError                 **error);
gboolean   tide_remote_get_rate_use      (const char              *folder,
                                          gint64                   connection_id,
                                          TideRateUse             *use,
                                          GError                 **error);

G_END_DECLS
