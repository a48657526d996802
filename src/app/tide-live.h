/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-glance.h"

G_BEGIN_DECLS

/**
 * TideLive:
 *
 * What the engine last said, for all pages of a window: they draw from here at once and are told when
 * it changes. Asks in the background, gathers bursts of events into one question, and is silent while
 * the window is not to be seen. Main thread.
 *
 * Signals:
 *  - changed (): statuses, plan, venue or the minute; draw again
 *  - progress (TideRunProgress): a run moved on
 *  - runs-changed (): a run began to wait or to go, or ended
 *  - run-ended (TideRun)
 */
#define TIDE_TYPE_LIVE (tide_live_get_type ())
G_DECLARE_FINAL_TYPE (TideLive, tide_live, TIDE, LIVE, GObject)

TideLive         *tide_live_new             (TideEngine  *engine);
TideEngine       *tide_live_get_engine      (TideLive    *self);
GPtrArray        *tide_live_get_statuses    (TideLive    *self);
TideAttention    *tide_live_get_attention   (TideLive    *self);
GPtrArray        *tide_live_get_planned     (TideLive    *self);
const GError     *tide_live_get_error       (TideLive    *self);
gint64            tide_live_get_now         (TideLive    *self);
GTimeZone        *tide_live_get_zone        (TideLive    *self);

GPtrArray        *tide_live_get_venues      (TideLive    *self);
GPtrArray        *tide_live_get_connections (TideLive    *self);
TideVenue        *tide_live_find_venue      (TideLive    *self,
                                             gint64       venue_id);
TideConnection   *tide_live_find_connection (TideLive    *self,
                                             gint64       connection_id);
TideProviderInfo *tide_live_find_provider   (TideLive    *self,
                                             const char  *provider);
gint64            tide_live_get_venue_id    (TideLive    *self);
void              tide_live_set_venue_id    (TideLive    *self,
                                             gint64       venue_id);

TideRun          *tide_live_find_running    (TideLive    *self,
                                             gint64       connection_id,
                                             const char  *stream);
GPtrArray        *tide_live_list_running    (TideLive    *self);
TideRunProgress  *tide_live_find_progress   (TideLive    *self,
                                             const char  *sync_id);
gboolean          tide_live_is_syncing      (TideLive    *self);

void              tide_live_refresh         (TideLive    *self);
void              tide_live_set_active      (TideLive    *self,
                                             gboolean     active);

#define TIDE_LIVE_AHEAD TIDE_GLANCE_AHEAD

G_END_DECLS
