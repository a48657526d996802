/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/* The records of a group of failures, read on a worker thread. */

void       tide_attention_fetch_async      (TideEngine              *engine,
                                            const TideFailureGroup  *group,
                                            guint                    limit,
                                            GCancellable            *cancellable,
                                            GAsyncReadyCallback      callback,
                                            gpointer                 user_data);
GPtrArray *tide_attention_fetch_finish     (GAsyncResult            *result,
                                            GError                 **error);
void       tide_attention_fetch_ids_async  (TideEngine              *engine,
                                            const TideFailureGroup  *group,
                                            GCancellable            *cancellable,
                                            GAsyncReadyCallback      callback,
                                            gpointer                 user_data);
GArray    *tide_attention_fetch_ids_finish (GAsyncResult            *result,
                                            GError                 **error);

G_END_DECLS
