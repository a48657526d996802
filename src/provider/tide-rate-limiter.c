/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-rate-limiter.h"

struct _TideRateLimiter
{
  GMutex mutex;
  gint64 interval;      /* microseconds a request, 0 = no limit */
  gint64 tolerance;     /* how far requests may run ahead of that */
  gint64 due;           /* (mutex) when the next one would be due at an even pace */
  gint64 held_until;    /* (mutex) */
};

/**
 * tide_rate_limiter_new:
 * @requests: how many, 0 = no limit
 * @per: in this time, in microseconds
 * @burst: how many at once after a rest
 */
TideRateLimiter *
tide_rate_limiter_new (guint  requests,
                       gint64 per,
                       guint  burst)
{
  TideRateLimiter *self = g_new0 (TideRateLimiter, 1);

  g_mutex_init (&self->mutex);
  self->due = G_MININT64;
  self->held_until = G_MININT64;
  if (requests > 0)
    {
      self->interval = per / requests;
      self->tolerance = self->interval * (MAX (burst, 1) - 1);
    }
  return self;
}

void
tide_rate_limiter_free (TideRateLimiter *self)
{
  if (self == NULL)
    return;
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * tide_rate_limiter_take:
 * @now: monotonic microseconds
 *
 * Takes a place in the queue.
 *
 * Returns: how long to wait before sending, 0 = go
 */
gint64
tide_rate_limiter_take (TideRateLimiter *self,
                        gint64           now)
{
  gint64 at = now;

  g_mutex_lock (&self->mutex);
  if (self->interval > 0)
    {
      if (self->due != G_MININT64)
        at = MAX (at, self->due - self->tolerance);
      self->due = MAX (self->due, now) + self->interval;
    }
  at = MAX (at, self->held_until);
  g_mutex_unlock (&self->mutex);
  return at - now;
}

/* Nothing goes out before @until, monotonic microseconds: the provider has said so. */
void
tide_rate_limiter_hold (TideRateLimiter *self,
                        gint64           until)
{
  g_mutex_lock (&self->mutex);
  self->held_until = MAX (self->held_until, until);
  g_mutex_unlock (&self->mutex);
}
