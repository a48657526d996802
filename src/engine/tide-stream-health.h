/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream-status.h"

G_BEGIN_DECLS

/**
 * TideStreamFacts:
 * @now: instant
 * @scheduled: runs by itself
 * @live: a run of it waits for its turn or goes
 * @retrying: instant since when a run of it waits for another try, -1 for none (0 = not known)
 * @asking: instant since when a run of it waits for its owner's approval, -1 for none
 * @blocked: instant since when only a person can mend its connection, -1 if that is not so
 */
typedef struct
{
  gint64   now;
  gboolean scheduled;
  gboolean live;
  gint64   retrying;
  gint64   asking;
  gint64   blocked;
} TideStreamFacts;

void tide_stream_health_judge (TideStreamStatus      *status,
                               const TideStreamFacts *facts);

G_END_DECLS
