/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideRowFunc:
 * @row: the statement, standing on a row
 *
 * Returns: %FALSE with @error set to stop
 */
typedef gboolean (*TideRowFunc) (TideStatement  *row,
                                 gpointer        user_data,
                                 GError        **error);

gboolean   tide_record_query_run      (TideDatabase   *database,
                                       const char     *sql,
                                       guint64         max_rows,
                                       TideRowFunc     func,
                                       gpointer        user_data,
                                       gboolean       *truncated,
                                       GError        **error);
GPtrArray *tide_record_query_list_ids (TideDatabase   *database,
                                       const char     *provider,
                                       const char     *stream,
                                       gint64          connection_id,
                                       const char     *column,
                                       GError        **error);
gboolean   tide_record_query_has_deleted (TideDatabase *database,
                                       const char     *provider,
                                       const char     *stream,
                                       gint64          connection_id,
                                       gboolean       *has_deleted,
                                       GError        **error);
gint64     tide_record_query_count    (TideDatabase   *database,
                                       const char     *provider,
                                       const char     *stream,
                                       gint64          connection_id,
                                       GError        **error);

G_END_DECLS
