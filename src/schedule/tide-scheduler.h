/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"
#include "tide-schedule.h"

G_BEGIN_DECLS

/**
 * TideSchedulerFunc:
 * @connection_id: whose stream
 * @stream: is due
 *
 * Called on the scheduler's thread.
 */
typedef void (*TideSchedulerFunc) (gint64      connection_id,
                                   const char *stream,
                                   gpointer    user_data);

#define TIDE_TYPE_SCHEDULER (tide_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (TideScheduler, tide_scheduler, TIDE, SCHEDULER, GObject)

/* Says when a stream is due by its schedule. One timer, set to the next slot; none when there is none. Made and
 * used on one thread; its answers to questions may be asked for from any. */
TideScheduler *tide_scheduler_new         (TideClock           *clock,
                                           TideSchedulerFunc    func,
                                           gpointer             user_data);
void           tide_scheduler_set         (TideScheduler       *self,
                                           gint64               connection_id,
                                           const char          *stream,
                                           const TideSchedule  *schedule,
                                           GTimeZone           *zone,
                                           gint64               last);
void           tide_scheduler_clear       (TideScheduler       *self);
gint64         tide_scheduler_get_next    (TideScheduler       *self,
                                           gint64               connection_id,
                                           const char          *stream);
void           tide_scheduler_start       (TideScheduler       *self);
void           tide_scheduler_stop        (TideScheduler       *self);

G_END_DECLS
