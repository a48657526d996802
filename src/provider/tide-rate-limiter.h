/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideRateLimiter:
 *
 * A token bucket that all requests of a connection draw from, and a hold that the provider may put on
 * them all. Time is given in by the caller. Thread-safe.
 */
typedef struct _TideRateLimiter TideRateLimiter;

TideRateLimiter *tide_rate_limiter_new  (guint            requests,
                                         gint64           per,
                                         guint            burst);
void             tide_rate_limiter_free (TideRateLimiter *self);
gint64           tide_rate_limiter_take (TideRateLimiter *self,
                                         gint64           now);
void             tide_rate_limiter_hold (TideRateLimiter *self,
                                         gint64           until);

G_END_DECLS
