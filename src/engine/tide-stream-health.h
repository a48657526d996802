/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream-status.h"

G_BEGIN_DECLS

/**
 * TideStreamFacts:
 * @now: instant
 * @scheduled: runs by itself
 * @live: a run of it waits or goes
 * @login_refused: the connection's newest run says so
 */
typedef struct
{
  gint64   now;
  gboolean scheduled;
  gboolean live;
  gboolean login_refused;
} TideStreamFacts;

void tide_stream_health_judge (TideStreamStatus      *status,
                               const TideStreamFacts *facts);

G_END_DECLS
