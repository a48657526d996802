/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-attention.h"

G_BEGIN_DECLS

/**
 * TideGlance:
 * @statuses: (element-type TideStreamStatus): how the streams are doing
 * @planned: (element-type TidePlannedRun): what is due in the next two hours
 * @venues: (element-type TideVenue): all venues
 * @connections: (element-type TideConnection): all connections
 * @attention: what there is to look at or to decide
 *
 * All that one look at the engine brings, of the same moment. Plain memory: it crosses threads.
 */
typedef struct
{
  GPtrArray     *statuses;
  GPtrArray     *planned;
  GPtrArray     *venues;
  GPtrArray     *connections;
  TideAttention *attention;
} TideGlance;

void        tide_glance_load_async  (TideEngine           *engine,
                                     gint64                now,
                                     GTimeZone            *zone,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
TideGlance *tide_glance_load_finish (GAsyncResult         *result,
                                     GError              **error);
void        tide_glance_free        (TideGlance           *self);

#define TIDE_GLANCE_AHEAD (2 * G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideGlance, tide_glance_free)

G_END_DECLS
