/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-page-queue.h"

struct _TidePageQueue
{
  GMutex         lock;
  GCond          changed;
  GQueue         items;       /* (mutex lock) */
  guint          capacity;
  GDestroyNotify free_func;
  gboolean       ended;       /* (mutex lock): no more will be pushed */
};

/**
 * tide_page_queue_new:
 * @capacity: how many items it holds; a producer that is further ahead waits
 * @free_func: frees an item that nobody takes any more
 *
 * Returns: (transfer full): an empty queue
 */
TidePageQueue *
tide_page_queue_new (guint          capacity,
                     GDestroyNotify free_func)
{
  TidePageQueue *self = g_new0 (TidePageQueue, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->items);
  self->capacity = capacity;
  self->free_func = free_func;
  return self;
}

/**
 * tide_page_queue_free:
 * @self: (transfer full): a queue that no thread uses any more
 */
void
tide_page_queue_free (TidePageQueue *self)
{
  g_queue_clear_full (&self->items, self->free_func);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * tide_page_queue_push:
 * @item: (transfer full): freed if it is not taken
 *
 * Puts an item at the end. Blocks while the queue is full. The producer's thread.
 *
 * Returns: %FALSE if the queue was ended meanwhile, so that going on is of no use
 */
gboolean
tide_page_queue_push (TidePageQueue *self,
                      gpointer       item)
{
  gboolean pushed;

  g_mutex_lock (&self->lock);
  while (!self->ended && self->items.length >= self->capacity)
    g_cond_wait (&self->changed, &self->lock);
  pushed = !self->ended;
  if (pushed)
    {
      g_queue_push_tail (&self->items, item);
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);

  if (!pushed)
    self->free_func (item);
  return pushed;
}

/* Called with the lock held. */
static void
tide_page_queue_wait (TidePageQueue *self,
                      gint64         timeout)
{
  gint64 end = g_get_monotonic_time () + timeout;

  while (!self->ended && self->items.length == 0)
    {
      if (timeout < 0)
        g_cond_wait (&self->changed, &self->lock);
      else if (!g_cond_wait_until (&self->changed, &self->lock, end))
        return;
    }
}

/**
 * tide_page_queue_pop:
 * @timeout: microseconds to wait for an item, negative to wait as long as it takes
 * @item: (out) (transfer full): the oldest item; untouched if there is none
 *
 * Takes an item. Blocks. The consumer's thread.
 *
 * Returns: what came of it
 */
TidePageQueueResult
tide_page_queue_pop (TidePageQueue *self,
                     gint64         timeout,
                     gpointer      *item)
{
  TidePageQueueResult result;

  g_mutex_lock (&self->lock);
  tide_page_queue_wait (self, timeout);
  if (self->items.length > 0)
    {
      *item = g_queue_pop_head (&self->items);
      g_cond_broadcast (&self->changed);
      result = TIDE_PAGE_QUEUE_ITEM;
    }
  else
    result = self->ended ? TIDE_PAGE_QUEUE_END : TIDE_PAGE_QUEUE_NOT_YET;
  g_mutex_unlock (&self->lock);

  return result;
}

/**
 * tide_page_queue_finish:
 *
 * Says that nothing more will come. What is in the queue is still handed out. Any thread.
 */
void
tide_page_queue_finish (TidePageQueue *self)
{
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_page_queue_abort:
 *
 * Ends it at once: both sides wake, what is in it is freed. Any thread.
 */
void
tide_page_queue_abort (TidePageQueue *self)
{
  GQueue dropped = G_QUEUE_INIT;
  gpointer item;

  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  while ((item = g_queue_pop_head (&self->items)) != NULL)
    g_queue_push_tail (&dropped, item);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  g_queue_clear_full (&dropped, self->free_func);
}
