/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-rate-limiter.h"

struct _TideRateLimiter
{
  GMutex mutex;
  guint  requests;      /* 0 = no limit */
  gint64 per;
  gint64 interval;      /* microseconds a request, 0 = no limit */
  gint64 tolerance;     /* how far requests may run ahead of that */
  gint64 due;           /* (mutex) when the next one would be due at an even pace */
  gint64 held_until;    /* (mutex) nothing goes out before */
  gint64 asked_until;   /* (mutex) longer than is waited for, maybe */
  gint64 told_limit;    /* (mutex) by the provider, -1 = nothing */
  gint64 told_left;     /* (mutex) by the provider, -1 = nothing */
  gint64 told_until;    /* (mutex) from then on @told_left is out of date */
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
  self->asked_until = G_MININT64;
  self->told_limit = -1;
  self->told_left = -1;
  self->requests = requests;
  self->per = requests > 0 ? per : 0;
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

/**
 * tide_rate_limiter_ask:
 * @until: monotonic microseconds
 *
 * Remembers until when the provider asked to be left alone; nothing is held back for that alone, as it may be
 * longer than anybody would wait.
 */
void
tide_rate_limiter_ask (TideRateLimiter *self,
                       gint64           until)
{
  g_mutex_lock (&self->mutex);
  self->asked_until = MAX (self->asked_until, until);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_rate_limiter_tell:
 * @limit: how many requests the provider says it admits, -1 = it does not
 * @remaining: how many of them it says are left, -1 = it does not
 * @until: monotonic microseconds: when it counts anew, G_MAXINT64 if it does not say
 */
void
tide_rate_limiter_tell (TideRateLimiter *self,
                        gint64           limit,
                        gint64           remaining,
                        gint64           until)
{
  g_mutex_lock (&self->mutex);
  if (limit >= 0)
    self->told_limit = limit;
  if (remaining >= 0)
    {
      self->told_left = remaining;
      self->told_until = until;
    }
  g_mutex_unlock (&self->mutex);
}

/* Requests of the bucket that have not come back to it yet. */
static guint
count_used (const TideRateLimiter *self,
            gint64                 now)
{
  gint64 owed;

  if (self->interval <= 0 || self->due <= now)
    return 0;
  owed = (self->due - now + self->interval - 1) / self->interval;
  return MIN (owed, self->requests);
}

/**
 * tide_rate_limiter_look:
 * @now: monotonic microseconds
 * @look: (out caller-allocates): how it stands
 */
void
tide_rate_limiter_look (TideRateLimiter *self,
                        gint64           now,
                        TideRateLook    *look)
{
  g_mutex_lock (&self->mutex);
  *look = (TideRateLook) { self->requests, self->per, count_used (self, now), -1,
                           MAX (self->held_until, self->asked_until) };
  if (self->told_limit >= 0)
    look->limit = MIN (self->told_limit, G_MAXUINT);
  if (self->told_left >= 0 && now < self->told_until)
    look->remaining = self->told_left;
  else if (look->limit > look->used)
    look->remaining = look->limit - look->used;
  else if (look->limit > 0)
    look->remaining = 0;
  if (look->remaining >= 0 && look->remaining < look->limit)
    look->used = MAX (look->used, look->limit - look->remaining);
  g_mutex_unlock (&self->mutex);
}
