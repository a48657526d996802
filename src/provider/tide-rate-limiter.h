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

/**
 * TideRateLook:
 * @limit: requests in @per, 0 = no limit is known
 * @per: microseconds
 * @used: how many of them are gone just now; those that wait count, up to @limit
 * @remaining: how many are left, by the provider's own word where it gave one; -1 = not known
 * @held_until: monotonic microseconds until which the provider wants no request; may be in the past
 *
 * How a connection stands with its limit.
 */
typedef struct
{
  guint  limit;
  gint64 per;
  guint  used;
  gint64 remaining;
  gint64 held_until;
} TideRateLook;

TideRateLimiter *tide_rate_limiter_new  (guint            requests,
                                         gint64           per,
                                         guint            burst);
void             tide_rate_limiter_free (TideRateLimiter *self);
gint64           tide_rate_limiter_take (TideRateLimiter *self,
                                         gint64           now);
void             tide_rate_limiter_hold (TideRateLimiter *self,
                                         gint64           until);
void             tide_rate_limiter_ask  (TideRateLimiter *self,
                                         gint64           until);
void             tide_rate_limiter_tell (TideRateLimiter *self,
                                         gint64           limit,
                                         gint64           remaining,
                                         gint64           until);
void             tide_rate_limiter_look (TideRateLimiter *self,
                                         gint64           now,
                                         TideRateLook    *look);

G_END_DECLS
