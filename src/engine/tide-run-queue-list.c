/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-progress-private.h"
#include "tide-run-queue-private.h"

/* What is in the queue. The functions belong to tide-run-queue.h. */

/**
 * tide_run_queue_is_idle:
 *
 * Returns: whether no run goes, none is about to, and none waits for its turn. What waits for its next try, for
 *   its owner or to be resumed does not count: nobody knows for how long
 */
gboolean
tide_run_queue_is_idle (TideRunQueue *self)
{
  return self->n_going == 0 && self->n_saving == 0 && self->dirty->len == 0 &&
         tide_run_line_get_n_ready (self->line) == 0;
}

/**
 * tide_run_queue_is_going:
 *
 * Returns: whether a run of the stream goes
 */
gboolean
tide_run_queue_is_going (TideRunQueue *self,
                         gint64        connection_id,
                         const char   *stream)
{
  for (guint i = 0; i < self->going->len; i++)
    {
      const TideRunItem *item = g_ptr_array_index (self->going, i);

      if (item->run->connection_id == connection_id && g_str_equal (item->run->stream, stream))
        return TRUE;
    }
  return FALSE;
}

/**
 * tide_run_queue_list_progress:
 *
 * Returns: (transfer full) (element-type TideRunProgress): where the going runs stand
 */
GPtrArray *
tide_run_queue_list_progress (TideRunQueue *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_progress_unref);

  for (guint i = 0; i < self->going->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->going, i);
      TideSyncProgress nothing = { .run = item->run, .expected = -1, .remaining = -1 };

      g_ptr_array_add (list, item->progress != NULL ? tide_run_progress_ref (item->progress)
                                                    : tide_run_progress_new (&nothing));
    }
  return list;
}

gboolean
tide_run_queue_get_paused (TideRunQueue *self)
{
  return self->paused;
}

static TideHold
tide_run_queue_get_hold (TideRunQueue      *self,
                         const TideRunItem *item)
{
  if (item->run->status == TIDE_RUN_PAUSED)
    return TIDE_HOLD_PAUSED;
  if (item->run->status == TIDE_RUN_AWAITING_APPROVAL)
    return TIDE_HOLD_APPROVAL;
  if (item->place == TIDE_RUN_PLACE_LATER)
    return TIDE_HOLD_RETRY;
  if (self->paused)
    return TIDE_HOLD_ALL_PAUSED;
  return self->smart_only && !tide_run_item_is_smart (item) ? TIDE_HOLD_SMART_SYNC : TIDE_HOLD_TURN;
}

static void
add_entry (GPtrArray         *list,
           const TideRunItem *item,
           guint              position,
           TideHold           hold)
{
  TideQueueEntry *entry = g_new0 (TideQueueEntry, 1);

  entry->run = tide_run_ref (item->run);
  entry->position = position;
  entry->hold = hold;
  g_ptr_array_add (list, entry);
}

/**
 * tide_run_queue_list:
 * @limit: how many at most, 0 for all
 *
 * Returns: (transfer full) (element-type TideQueueEntry): the runs that go, then the others in their order. Any
 *   thread
 */
GPtrArray *
tide_run_queue_list (TideRunQueue *self,
                     guint         limit)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_queue_entry_free);
  GSequenceIter *iter = g_sequence_get_begin_iter (tide_run_line_get_order (self->line));
  guint position = 0;

  for (guint i = 0; i < self->going->len; i++)
    add_entry (list, g_ptr_array_index (self->going, i), 0, TIDE_HOLD_NONE);

  for (; !g_sequence_iter_is_end (iter) && (limit == 0 || list->len < limit); iter = g_sequence_iter_next (iter))
    {
      const TideRunItem *item = g_sequence_get (iter);
      gboolean ready = item->place == TIDE_RUN_PLACE_READY;

      if (ready)
        position++;
      add_entry (list, item, ready ? position : 0, tide_run_queue_get_hold (self, item));
    }
  return list;
}

/**
 * tide_run_queue_list_runs:
 *
 * Returns: (transfer full) (element-type TideRun): all runs in the queue, in no order. Any thread
 */
GPtrArray *
tide_run_queue_list_runs (TideRunQueue *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    g_ptr_array_add (runs, tide_run_ref (((TideRunItem *)item)->run));
  return runs;
}

/**
 * tide_run_queue_list_unsaved:
 *
 * Returns: (transfer full) (element-type TideRun): the last runs of those streams of which it could not be saved how
 *   they ended. Any thread
 */
GPtrArray *
tide_run_queue_list_unsaved (TideRunQueue *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  for (guint i = 0; i < self->unsaved->len; i++)
    g_ptr_array_add (runs, tide_run_ref (g_ptr_array_index (self->unsaved, i)));
  return runs;
}

/**
 * tide_run_queue_get_run:
 *
 * Returns: (transfer full) (nullable): a run in the queue. Any thread
 */
TideRun *
tide_run_queue_get_run (TideRunQueue *self,
                        const char   *sync_id)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TideRunItem *item = g_hash_table_lookup (self->items, sync_id);

  return item != NULL ? tide_run_ref (item->run) : NULL;
}
