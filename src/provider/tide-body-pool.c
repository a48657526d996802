/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "config.h"

#include "tide-body-pool.h"

/* A run has a page or two between threads that are of one speed; more would only lie about. */
#define MAX_RESTING 2

typedef struct
{
  char  *data;
  gsize  capacity;
} Resting;

struct _TideBodyPool
{
  GMutex   lock;
  guint    n_taken;               /* (mutex lock) */
  guint    n_resting;             /* (mutex lock) */
  Resting  resting[MAX_RESTING];  /* (mutex lock) */
};

TideBodyPool *
tide_body_pool_new (void)
{
  TideBodyPool *self = g_atomic_rc_box_new0 (TideBodyPool);

  g_mutex_init (&self->lock);
  return self;
}

TideBodyPool *
tide_body_pool_ref (TideBodyPool *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tide_body_pool_drop_resting (TideBodyPool *self)
{
  while (self->n_resting > 0)
    g_free (self->resting[--self->n_resting].data);
}

static void
tide_body_pool_clear (TideBodyPool *self)
{
  tide_body_pool_drop_resting (self);
  g_mutex_clear (&self->lock);
}

void
tide_body_pool_unref (TideBodyPool *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_body_pool_clear);
}

/* One that is large enough, but not so large that most of it would lie idle. */
static char *
tide_body_pool_find (TideBodyPool *self,
                     gsize        *capacity)
{
  for (guint i = 0; i < self->n_resting; i++)
    if (self->resting[i].capacity >= *capacity && self->resting[i].capacity / 2 <= *capacity)
      {
        Resting found = self->resting[i];

        self->resting[i] = self->resting[--self->n_resting];
        *capacity = found.capacity;
        return found.data;
      }
  return NULL;
}

/**
 * tide_body_pool_take:
 * @capacity: (inout): the bytes that are needed; the bytes there are
 *
 * Returns: (transfer full): memory with anything in it, to be given back with tide_body_pool_give()
 */
char *
tide_body_pool_take (TideBodyPool *self,
                     gsize        *capacity)
{
  char *data;

  g_mutex_lock (&self->lock);
  self->n_taken++;
  data = tide_body_pool_find (self, capacity);
  g_mutex_unlock (&self->lock);

  if (data != NULL)
    return data;
  /* Pages are of about one size: a little more than this one fits the next as well. */
  *capacity += *capacity / 32;
  return g_malloc (*capacity);
}

/**
 * tide_body_pool_give:
 * @data: (transfer full): from tide_body_pool_take(), possibly reallocated since
 * @capacity: its bytes
 */
void
tide_body_pool_give (TideBodyPool *self,
                     char         *data,
                     gsize         capacity)
{
  g_mutex_lock (&self->lock);
  self->n_taken--;
  if (self->n_taken > 0 && self->n_resting < MAX_RESTING)
    self->resting[self->n_resting++] = (Resting) { g_steal_pointer (&data), capacity };
  if (self->n_taken == 0)
    tide_body_pool_drop_resting (self);
  g_mutex_unlock (&self->lock);

  g_free (data);
}
