/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideZoneSpan:
 * @from: first instant of the span
 * @offset: seconds to add to UTC during it
 *
 * A stretch of time during which a zone's offset does not change.
 */
typedef struct
{
  gint64 from;
  gint32 offset;
} TideZoneSpan;

gboolean   tide_time_is_zone        (const char *identifier);
GArray    *tide_time_zone_spans     (const char *identifier,
                                     int         first_year,
                                     int         last_year) G_GNUC_WARN_UNUSED_RESULT;
gint64     tide_time_local_midnight (gint64      instant,
                                     GTimeZone  *zone,
                                     int         days);

G_END_DECLS
