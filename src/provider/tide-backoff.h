/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-transport.h"

G_BEGIN_DECLS

/* How long to wait before a request is repeated. Pure functions. */
gint64 tide_backoff_get_jittered    (gint64              base,
                                     gint64              cap,
                                     guint               attempt,
                                     double              random);
gint64 tide_backoff_get_retry_after (const TideResponse *response,
                                     gint64              now);
gint64 tide_backoff_get_reset       (const char         *text,
                                     gint64              now);

G_END_DECLS
