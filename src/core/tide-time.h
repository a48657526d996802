/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-zone.h"

G_BEGIN_DECLS

/* Instants are microseconds since 1970 UTC in code and, in the store, UTC RFC 3339 text of a
 * fixed width (2026-03-02T18:11:09.500Z), so that they sort as text. */
#define TIDE_TIME_TEXT_LENGTH 24
#define TIDE_TIME_INVALID G_MININT64

#define TIDE_SECOND ((gint64) G_USEC_PER_SEC)
#define TIDE_MINUTE (60 * TIDE_SECOND)
#define TIDE_HOUR (60 * TIDE_MINUTE)
#define TIDE_DAY (24 * TIDE_HOUR)

gint64     tide_time_parse         (const char *text,
                                    gssize      length);
void       tide_time_format        (gint64      instant,
                                    char        buffer[TIDE_TIME_TEXT_LENGTH + 1]);
char      *tide_time_to_string     (gint64      instant) G_GNUC_WARN_UNUSED_RESULT;
gboolean   tide_time_normalize     (const char *text,
                                    gsize       length,
                                    char        buffer[TIDE_TIME_TEXT_LENGTH + 1]);

G_END_DECLS
