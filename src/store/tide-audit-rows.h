/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-audit-entry.h"
#include "tide-store.h"

G_BEGIN_DECLS

gboolean   tide_audit_rows_add   (TideWrite             *write,
                                  const TideAuditEntry  *entry,
                                  GError               **error);
GPtrArray *tide_audit_rows_list  (TideDatabase          *database,
                                  gint64                 before,
                                  guint                  limit,
                                  GError               **error);
gboolean   tide_audit_rows_check (TideDatabase          *database,
                                  gint64                *n_entries,
                                  GError               **error);

G_END_DECLS
