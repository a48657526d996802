/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideRetention:
 *
 * Prunes what the workspace's settings do not keep: soon after it was made, if the last time is a day ago, and then
 * once a day. In small batches, between which others write, on a thread of its own; or, where there are to be no
 * threads, on the engine's. Made and freed on the engine's thread.
 */
typedef struct _TideRetention TideRetention;

TideRetention *tide_retention_new  (TideStore      *store,
                                    GMainContext   *context,
                                    gboolean        in_line);
void           tide_retention_free (TideRetention  *self);

gboolean       tide_retention_prune (TideStore     *store,
                                     gint64        *n_removed,
                                     GCancellable  *cancellable,
                                     GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRetention, tide_retention_free)

G_END_DECLS
