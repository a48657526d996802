/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideDeadline:
 *
 * Cancels a blocking exchange that has gone silent or takes too long in all. Its cancellable is
 * also cancelled with the caller's. Runs on a thread that all deadlines of a #TideWatchdog share.
 */
typedef struct _TideDeadline TideDeadline;
typedef struct _TideWatchdog TideWatchdog;

typedef enum
{
  TIDE_DEADLINE_KEPT,
  TIDE_DEADLINE_IDLE,
  TIDE_DEADLINE_TOTAL,
} TideDeadlineVerdict;

TideWatchdog        *tide_watchdog_new             (void);
void                 tide_watchdog_free            (TideWatchdog  *self);

TideDeadline        *tide_deadline_new             (TideWatchdog  *watchdog,
                                                    guint          idle_seconds,
                                                    guint          total_seconds,
                                                    GCancellable  *cancellable);
GCancellable        *tide_deadline_get_cancellable (TideDeadline  *self);
void                 tide_deadline_touch           (TideDeadline  *self);
TideDeadlineVerdict  tide_deadline_get_verdict     (TideDeadline  *self);
void                 tide_deadline_free            (TideDeadline  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDeadline, tide_deadline_free)

G_END_DECLS
