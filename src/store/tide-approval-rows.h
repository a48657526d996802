/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-approval.h"
#include "tide-store.h"

G_BEGIN_DECLS

gint64        tide_approval_rows_add    (TideWrite     *write,
                                         gint64         run_id,
                                         TideRunAllow   kind,
                                         gint64         asked_at,
                                         const char    *reason,
                                         gint64         affected,
                                         gint64         total,
                                         GError       **error);
gboolean      tide_approval_rows_was_approved (TideDatabase *database,
                                         gint64         run_id,
                                         TideRunAllow   kind,
                                         gboolean      *approved,
                                         GError       **error);
GPtrArray    *tide_approval_rows_list   (TideDatabase  *database,
                                         gboolean       open_only,
                                         GError       **error);
TideApproval *tide_approval_rows_get    (TideDatabase  *database,
                                         gint64         id,
                                         GError       **error);
gint64        tide_approval_rows_count  (TideDatabase  *database,
                                         GError       **error);
gboolean      tide_approval_rows_decide (TideWrite     *write,
                                         gint64         id,
                                         gboolean       approve,
                                         const char    *by,
                                         gint64         now,
                                         GError       **error);
gboolean      tide_approval_rows_mend   (TideWrite     *write,
                                         GError       **error);

G_END_DECLS
