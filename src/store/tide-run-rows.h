/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-query.h"
#include "tide-run.h"
#include "tide-store.h"

G_BEGIN_DECLS

gint64     tide_run_rows_add         (TideWrite           *write,
                                      const TideRun       *run,
                                      GError             **error);
gboolean   tide_run_rows_update      (TideWrite           *write,
                                      const TideRun       *run,
                                      GError             **error);
gboolean   tide_run_rows_requeue     (TideWrite           *write,
                                      GError             **error);
TideRun   *tide_run_rows_get         (TideDatabase        *database,
                                      const char          *sync_id,
                                      GError             **error);
TideRun   *tide_run_rows_get_last    (TideDatabase        *database,
                                      gint64               connection_id,
                                      const char          *stream,
                                      gboolean             completed_only,
                                      GError             **error);
TideRun   *tide_run_rows_get_last_ended (TideDatabase     *database,
                                      gint64               connection_id,
                                      const char          *stream,
                                      GError             **error);
GPtrArray *tide_run_rows_list_live   (TideDatabase        *database,
                                      guint                limit,
                                      GError             **error);
gboolean   tide_run_rows_count_live  (TideDatabase        *database,
                                      gint64               counts[TIDE_RUN_N_STATUSES],
                                      GError             **error);
GPtrArray *tide_run_rows_query       (TideDatabase        *database,
                                      const TideRunQuery  *query,
                                      GError             **error);
gint64     tide_run_rows_count       (TideDatabase        *database,
                                      const TideRunQuery  *query,
                                      GError             **error);
GArray    *tide_run_rows_hours       (TideDatabase        *database,
                                      gint64               since,
                                      gint64               until,
                                      GError             **error);
gboolean   tide_run_rows_log         (TideWrite           *write,
                                      gint64               run_id,
                                      gint64               at,
                                      const char          *level,
                                      const char          *message,
                                      GError             **error);
GPtrArray *tide_run_rows_get_log     (TideDatabase        *database,
                                      gint64               run_id,
                                      GError             **error);
GPtrArray *tide_run_rows_get_changes (TideDatabase        *database,
                                      const TideRun       *run,
                                      guint                limit,
                                      guint                offset,
                                      GError             **error);
GPtrArray *tide_run_rows_get_rehearsed (TideDatabase       *database,
                                      const TideRun       *run,
                                      guint                limit,
                                      guint                offset,
                                      GError             **error);
gboolean   tide_run_rows_forget_rehearsed (TideWrite       *write,
                                      gint64               run_id,
                                      GError             **error);

G_END_DECLS
