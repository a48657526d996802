/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideSchedule:
 * @interval: minutes between two slots, 5 to 180
 * @offset: minutes after midnight of the day's first slot
 *
 * When something is to happen each day, on the wall clock of its place: at midnight plus @offset and
 * every @interval minutes from there until the day ends.
 */
typedef struct
{
  int interval;
  int offset;
} TideSchedule;

gint64 tide_schedule_next (const TideSchedule *self,
                           GTimeZone          *zone,
                           gint64              after);

G_END_DECLS
