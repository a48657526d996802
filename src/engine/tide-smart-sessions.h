/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"
#include "tide-time.h"

G_BEGIN_DECLS

/* Somebody who has not been heard of for so long has gone, or has crashed. */
#define TIDE_SMART_SESSION_PATIENCE (10 * TIDE_MINUTE)

/**
 * TideSmartSessionsFunc:
 *
 * The last session is over because its owner was not heard of any more.
 */
typedef void (*TideSmartSessionsFunc) (gpointer user_data);

/**
 * TideSmartSessions:
 *
 * Who is filling in a form just now. Only in memory: whoever was before a crash is not any more. Made and used on one
 * thread.
 */
typedef struct _TideSmartSessions TideSmartSessions;

TideSmartSessions *tide_smart_sessions_new   (TideClock              *clock,
                                              TideSmartSessionsFunc   timed_out,
                                              gpointer                user_data);
void               tide_smart_sessions_free  (TideSmartSessions      *self);
gboolean           tide_smart_sessions_begin (TideSmartSessions      *self,
                                              const char             *session_id);
gboolean           tide_smart_sessions_end   (TideSmartSessions      *self,
                                              const char             *session_id);
guint              tide_smart_sessions_count (TideSmartSessions      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSmartSessions, tide_smart_sessions_free)

G_END_DECLS
