/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-snapshot.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideSnapshotFunc:
 * @done: of @total, in no unit in particular
 */
typedef void (*TideSnapshotFunc) (gint64    done,
                                  gint64    total,
                                  gpointer  user_data);

TideSnapshot *tide_snapshots_take    (TideStore         *store,
                                      const char        *name,
                                      TideSnapshotFunc   func,
                                      gpointer           user_data,
                                      GCancellable      *cancellable,
                                      GError           **error);
GPtrArray    *tide_snapshots_list    (TideStore         *store,
                                      GError           **error);
TideSnapshot *tide_snapshots_find    (TideStore         *store,
                                      const char        *name,
                                      GError           **error);
gboolean      tide_snapshots_verify  (TideStore         *store,
                                      const char        *name,
                                      GCancellable      *cancellable,
                                      GError           **error);
gboolean      tide_snapshots_export  (TideStore         *store,
                                      const char        *name,
                                      const char        *format,
                                      const char        *path,
                                      gint64            *n_records,
                                      GCancellable      *cancellable,
                                      GError           **error);

G_END_DECLS
