/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-providers.h"
#include "tide-store.h"
#include "tide-stream-status.h"

G_BEGIN_DECLS

/**
 * TideStatusBuilder:
 *
 * Works out how each stream of each connection is doing, out of the store and of what the queue has in mind. Keeps the streams' record counts, as counting a million rows takes its time. Thread-safe.
 */
typedef struct _TideStatusBuilder TideStatusBuilder;

TideStatusBuilder *tide_status_builder_new        (TideStore              *store,
                                                   TideProviders          *providers,
                                                   gboolean                owner);
void               tide_status_builder_free       (TideStatusBuilder      *self);
GPtrArray         *tide_status_builder_build      (TideStatusBuilder      *self,
                                                   GPtrArray              *live_runs,
                                                   GPtrArray              *unsaved_runs,
                                                   GCancellable           *cancellable,
                                                   GError                **error);
GArray            *tide_status_builder_list_slots (TideStatusBuilder      *self,
                                                   const TideStreamStatus *status,
                                                   gint64                  until,
                                                   GError                **error);

G_END_DECLS
