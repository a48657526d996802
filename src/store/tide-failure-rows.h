/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-query.h"
#include "tide-store.h"

G_BEGIN_DECLS

gboolean   tide_failure_rows_put          (TideWrite               *write,
                                           gint64                   connection_id,
                                           const char              *stream,
                                           gint64                   run_id,
                                           const char              *record_id,
                                           const char              *reason,
                                           const char              *payload,
                                           gint64                   now,
                                           GError                 **error);
gboolean   tide_failure_rows_solved       (TideWrite               *write,
                                           gint64                   connection_id,
                                           const char              *stream,
                                           const char              *record_id,
                                           gsize                    record_id_length,
                                           GError                 **error);
GPtrArray *tide_failure_rows_query        (TideDatabase            *database,
                                           const TideFailureQuery  *query,
                                           GError                 **error);
gint64     tide_failure_rows_count_query  (TideDatabase            *database,
                                           const TideFailureQuery  *query,
                                           GError                 **error);
GPtrArray *tide_failure_rows_list_targets (TideDatabase            *database,
                                           const TideFailureQuery  *query,
                                           GError                 **error);
gint64     tide_failure_rows_dismiss      (TideWrite               *write,
                                           const TideFailureQuery  *query,
                                           const char              *by,
                                           gint64                   now,
                                           GError                 **error);
gint64     tide_failure_rows_reopen       (TideWrite               *write,
                                           const TideFailureQuery  *query,
                                           GError                 **error);
GPtrArray *tide_failure_rows_list         (TideDatabase            *database,
                                           gint64                   connection_id,
                                           const char              *sync_id,
                                           guint                    limit,
                                           GError                 **error);
gint64     tide_failure_rows_count        (TideDatabase            *database,
                                           gint64                   connection_id,
                                           const char              *stream,
                                           GError                 **error);

G_END_DECLS
