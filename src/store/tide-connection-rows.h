/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection.h"
#include "tide-store.h"

G_BEGIN_DECLS

TideConnection *tide_connection_rows_add          (TideWrite             *write,
                                                   const TideConnection  *connection,
                                                   GError               **error);
gboolean        tide_connection_rows_set_account  (TideWrite             *write,
                                                   gint64                 id,
                                                   const char            *account,
                                                   GError               **error);
gboolean        tide_connection_rows_remove       (TideWrite             *write,
                                                   gint64                 id,
                                                   gboolean               delete_records,
                                                   GError               **error);
TideConnection *tide_connection_rows_get          (TideDatabase          *database,
                                                   gint64                 id,
                                                   GError               **error);
TideConnection *tide_connection_rows_find         (TideDatabase          *database,
                                                   const char            *name,
                                                   GError               **error);
GPtrArray      *tide_connection_rows_list         (TideDatabase          *database,
                                                   GError               **error);

G_END_DECLS
