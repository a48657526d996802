/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-queue-private.h"

#include "tide-error.h"
#include "tide-text.h"

/* What people do with runs in the queue. The functions belong to tide-run-queue.h. */

/* Its row says so before anybody is told. */
void
tide_run_queue_end (TideRunQueue  *self,
                    TideRunItem   *item,
                    TideRunStatus  status,
                    const char    *error_code,
                    const char    *error_message)
{
  TideRun *end = tide_run_copy (item->run);
  g_autoptr(TideRun) run = tide_run_ref (item->run);

  end->status = status;
  end->due_at = 0;
  end->ended_at = tide_run_queue_now (self);
  tide_set_str (&end->error_code, error_code);
  tide_set_str (&end->error_message, error_message);

  item->ending = TRUE;
  tide_run_queue_set_run (self, item, run);
  tide_run_queue_save (self, item, end);
}

static void
tide_run_queue_cancel_item (TideRunQueue *self,
                            TideRunItem  *item)
{
  if (item->going)
    g_cancellable_cancel (item->cancellable);
  else if (!item->ending)
    tide_run_queue_end (self, item, TIDE_RUN_CANCELLED, NULL, NULL);
}

/**
 * tide_run_queue_cancel:
 *
 * Ends a run, wherever it is. It is over when its end is told.
 *
 * Returns: whether there is such a run
 */
gboolean
tide_run_queue_cancel (TideRunQueue *self,
                       const char   *sync_id)
{
  TideRunItem *item = tide_run_queue_find (self, sync_id);

  if (item != NULL)
    tide_run_queue_cancel_item (self, item);
  return item != NULL;
}

void
tide_run_queue_cancel_all (TideRunQueue *self)
{
  g_autoptr(GList) items = g_hash_table_get_values (self->items);

  for (GList *l = items; l != NULL; l = l->next)
    tide_run_queue_cancel_item (self, l->data);
}

/* Asks a run that goes to stop at its next page. */
void
tide_run_queue_halt (TideRunQueue  *self,
                     TideRunItem   *item,
                     TideRunStatus  status)
{
  if (!item->halting)
    self->n_halting++;
  item->halting = TRUE;
  tide_sync_job_halt (&item->job, status);
}

static void
tide_run_queue_set_status (TideRunQueue  *self,
                           TideRunItem   *item,
                           TideRunStatus  status)
{
  g_autoptr(TideRun) run = tide_run_copy (item->run);

  run->status = status;
  run->due_at = 0;
  tide_run_queue_change (self, item, run);
}

static void
tide_run_queue_pause_item (TideRunQueue *self,
                           TideRunItem  *item)
{
  if (item->going)
    {
      item->wanted = TIDE_RUN_PAUSED;
      tide_run_queue_halt (self, item, TIDE_RUN_PAUSED);
    }
  else
    tide_run_queue_set_status (self, item, TIDE_RUN_PAUSED);
}

static void
tide_run_queue_resume_item (TideRunQueue *self,
                            TideRunItem  *item)
{
  if (item->going)
    item->wanted = TIDE_RUN_PENDING;
  else
    tide_run_queue_set_status (self, item, TIDE_RUN_PENDING);
}

/* Whether it would be paused if it were left alone. */
static gboolean
is_pausing (const TideRunItem *item)
{
  return item->going ? item->wanted == TIDE_RUN_PAUSED : item->run->status == TIDE_RUN_PAUSED;
}

static gboolean
may_pause (const TideRunItem *item)
{
  return !item->ending && !is_pausing (item) && (item->going || item->run->status == TIDE_RUN_PENDING);
}

/* Its tries are counted from the beginning. */
static void
tide_run_queue_retry_item (TideRunQueue *self,
                           TideRunItem  *item)
{
  g_autoptr(TideRun) run = tide_run_copy (item->run);

  run->status = TIDE_RUN_PENDING;
  run->due_at = 0;
  run->attempts = 0;
  run->stalled = 0;
  tide_run_queue_change (self, item, run);
}

static gboolean
may_retry (const TideRunItem *item)
{
  return !item->going && !item->ending &&
         (item->run->status == TIDE_RUN_PAUSED || (item->run->status == TIDE_RUN_PENDING && item->run->due_at != 0));
}

static TideRunItem *
tide_run_queue_require (TideRunQueue  *self,
                        const char    *sync_id,
                        GError       **error)
{
  TideRunItem *item = tide_run_queue_find (self, sync_id);

  if (item == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "run %s: is not in the queue", sync_id);
  else if (item->ending)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "run %s: is over already", sync_id);
  return item != NULL && !item->ending ? item : NULL;
}

/* Always %FALSE. */
static gboolean
refuse (const TideRunItem  *item,
        const char         *what,
        GError            **error)
{
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "run %s: is %s, and cannot be %s", item->run->sync_id,
               tide_run_status_to_name (item->run->status), what);
  return FALSE;
}

/**
 * tide_run_queue_pause:
 *
 * Holds a run until it is resumed. One that goes stops at its next page.
 */
gboolean
tide_run_queue_pause (TideRunQueue  *self,
                      const char    *sync_id,
                      GError       **error)
{
  TideRunItem *item = tide_run_queue_require (self, sync_id, error);

  if (item == NULL)
    return FALSE;
  if (!may_pause (item))
    return is_pausing (item) || refuse (item, "paused", error);
  tide_run_queue_pause_item (self, item);
  return TRUE;
}

/**
 * tide_run_queue_resume:
 *
 * Lets a paused run go on.
 */
gboolean
tide_run_queue_resume (TideRunQueue  *self,
                       const char    *sync_id,
                       GError       **error)
{
  TideRunItem *item = tide_run_queue_require (self, sync_id, error);

  if (item == NULL)
    return FALSE;
  if (!is_pausing (item))
    return refuse (item, "resumed", error);
  tide_run_queue_resume_item (self, item);
  return TRUE;
}

/**
 * tide_run_queue_retry:
 *
 * Has a run that waits for another try go as soon as it is its turn.
 */
gboolean
tide_run_queue_retry (TideRunQueue  *self,
                      const char    *sync_id,
                      GError       **error)
{
  TideRunItem *item = tide_run_queue_require (self, sync_id, error);

  if (item == NULL)
    return FALSE;
  if (!may_retry (item))
    return refuse (item, "retried", error);
  tide_run_queue_retry_item (self, item);
  return TRUE;
}

/**
 * tide_run_queue_approve:
 * @allowed: what its owner lets it do
 *
 * Lets a run go on that asked its owner.
 */
gboolean
tide_run_queue_approve (TideRunQueue  *self,
                        const char    *sync_id,
                        TideRunAllow   allowed,
                        GError       **error)
{
  TideRunItem *item = tide_run_queue_require (self, sync_id, error);
  g_autoptr(TideRun) run = NULL;

  if (item == NULL)
    return FALSE;
  if (item->going || item->run->status != TIDE_RUN_AWAITING_APPROVAL)
    return refuse (item, "approved", error);

  run = tide_run_copy (item->run);
  run->status = TIDE_RUN_PENDING;
  run->due_at = 0;
  run->allowed |= allowed;
  tide_set_str (&run->error_code, NULL);
  tide_set_str (&run->error_message, NULL);
  tide_run_queue_change (self, item, run);
  return TRUE;
}

static void
tide_run_queue_set_rank (TideRunQueue *self,
                         TideRunItem  *item,
                         gint64        rank)
{
  g_autoptr(TideRun) run = tide_run_copy (item->run);

  run->rank = rank;
  tide_run_queue_change (self, item, run);
}

/* The highest rank with which @item goes before @next. */
static gint64
get_rank_before (const TideRunItem *item,
                 const TideRunItem *next)
{
  return item->age < next->age ? next->run->rank : next->run->rank - 1;
}

/* Those before @next that may have to give way, backwards. Each can push the one before it by one at most. */
static GPtrArray *
list_neighbours (const TideRunItem *item,
                 const TideRunItem *next)
{
  GPtrArray *list = g_ptr_array_new ();
  GSequenceIter *iter = next->in_order;

  while (!g_sequence_iter_is_begin (iter))
    {
      TideRunItem *earlier = g_sequence_get (iter = g_sequence_iter_prev (iter));

      if (earlier == item)
        continue;
      if (earlier->run->rank < next->run->rank - (gint64)list->len - 1)
        break;
      g_ptr_array_add (list, earlier);
    }
  return list;
}

/* Where ranks lie side by side, those before it give way. */
static void
tide_run_queue_put_before (TideRunQueue *self,
                           TideRunItem  *item,
                           TideRunItem  *next)
{
  g_autoptr(GPtrArray) neighbours = list_neighbours (item, next);
  TideRunItem *later = item;

  tide_run_queue_set_rank (self, item, get_rank_before (item, next));
  for (guint i = 0; i < neighbours->len; i++)
    {
      TideRunItem *earlier = g_ptr_array_index (neighbours, i);

      if (tide_run_item_compare (earlier, later) < 0)
        return;
      tide_run_queue_set_rank (self, earlier, get_rank_before (earlier, later));
      later = earlier;
    }
}

static void
tide_run_queue_put_last (TideRunQueue *self,
                         TideRunItem  *item)
{
  GSequenceIter *end = g_sequence_get_end_iter (tide_run_line_get_order (self->line));
  TideRunItem *last = g_sequence_get (g_sequence_iter_prev (end));

  if (last != item)
    tide_run_queue_set_rank (self, item, item->age > last->age ? last->run->rank : last->run->rank + 1);
}

/**
 * tide_run_queue_move:
 * @before: (nullable): another run that waits, %NULL to go last
 *
 * Puts a run that waits just before another.
 */
gboolean
tide_run_queue_move (TideRunQueue  *self,
                     const char    *sync_id,
                     const char    *before,
                     GError       **error)
{
  TideRunItem *item = tide_run_queue_require (self, sync_id, error);
  TideRunItem *next = item != NULL && before != NULL ? tide_run_queue_require (self, before, error) : NULL;

  if (item == NULL || (before != NULL && next == NULL))
    return FALSE;
  if (item->going || (next != NULL && next->going))
    return refuse (item->going ? item : next, "moved", error);

  if (next == NULL)
    tide_run_queue_put_last (self, item);
  else if (next != item)
    tide_run_queue_put_before (self, item, next);
  return TRUE;
}

static gboolean
is_of (const TideRunItem *item,
       GHashTable        *connections)
{
  return g_hash_table_contains (connections, &item->run->connection_id);
}

/**
 * tide_run_queue_pause_all:
 *
 * Returns: how many runs it holds that were not held before
 */
guint
tide_run_queue_pause_all (TideRunQueue *self,
                          GHashTable   *connections)
{
  g_autoptr(GList) items = g_hash_table_get_values (self->items);
  guint n = 0;

  for (GList *l = items; l != NULL; l = l->next)
    if (is_of (l->data, connections) && may_pause (l->data))
      {
        tide_run_queue_pause_item (self, l->data);
        n++;
      }
  return n;
}

/**
 * tide_run_queue_resume_all:
 *
 * Returns: how many runs it lets go on
 */
guint
tide_run_queue_resume_all (TideRunQueue *self,
                           GHashTable   *connections)
{
  g_autoptr(GList) items = g_hash_table_get_values (self->items);
  guint n = 0;

  for (GList *l = items; l != NULL; l = l->next)
    {
      TideRunItem *item = l->data;

      if (is_of (item, connections) && !item->ending && is_pausing (item))
        {
          tide_run_queue_resume_item (self, item);
          n++;
        }
    }
  return n;
}

/**
 * tide_run_queue_retry_all:
 *
 * Returns: how many runs it has go that waited for another try
 */
guint
tide_run_queue_retry_all (TideRunQueue *self,
                          GHashTable   *connections)
{
  g_autoptr(GList) items = g_hash_table_get_values (self->items);
  guint n = 0;

  for (GList *l = items; l != NULL; l = l->next)
    {
      TideRunItem *item = l->data;

      if (is_of (item, connections) && may_retry (item) && item->run->status == TIDE_RUN_PENDING)
        {
          tide_run_queue_retry_item (self, item);
          n++;
        }
    }
  return n;
}

/* Who has asked since then knows of it, and wants to see whether it is mended. */
static gboolean
is_stopped_by (const TideRun      *run,
               const TideBlockRow *block)
{
  return run->status == TIDE_RUN_PENDING && run->connection_id == block->connection_id &&
         (run->requested_at <= block->since || g_strcmp0 (run->requested_by, "schedule") == 0);
}

/**
 * tide_run_queue_fail_pending:
 * @block: what stops a connection
 *
 * Ends all its runs that wait to go: what stopped one of them would stop them all, and a refused login must not be
 * tried again and again.
 */
void
tide_run_queue_fail_pending (TideRunQueue       *self,
                             const TideBlockRow *block)
{
  g_autoptr(GList) items = g_hash_table_get_values (self->items);

  for (GList *l = items; l != NULL; l = l->next)
    {
      TideRunItem *item = l->data;

      if (!item->going && !item->ending && is_stopped_by (item->run, block))
        tide_run_queue_end (self, item, TIDE_RUN_FAILED, block->error_code, block->error_message);
    }
}

/**
 * tide_run_queue_forget:
 *
 * Ends all runs of a connection that is not there any more.
 */
void
tide_run_queue_forget (TideRunQueue *self,
                       gint64        connection_id)
{
  g_autoptr(GList) items = g_hash_table_get_values (self->items);

  for (GList *l = items; l != NULL; l = l->next)
    {
      TideRunItem *item = l->data;
      g_autoptr(TideRun) end = NULL;

      if (item->run->connection_id != connection_id || item->going || item->ending)
        continue;
      end = tide_run_copy (item->run);
      end->status = TIDE_RUN_CANCELLED;
      end->ended_at = tide_run_queue_now (self);
      tide_run_queue_take_out (self, item, end, FALSE);
    }
}

/**
 * tide_run_queue_set_paused:
 * @paused: whether to start nothing more; what is going goes on
 */
void
tide_run_queue_set_paused (TideRunQueue *self,
                           gboolean      paused)
{
  g_mutex_lock (&self->lock);
  self->paused = paused;
  g_mutex_unlock (&self->lock);
  tide_run_queue_plan_dispatch (self);
}

/**
 * tide_run_queue_set_smart:
 * @smart_only: whether only those may go that somebody waits for at a form. The others that go make room at
 *   their next page
 */
void
tide_run_queue_set_smart (TideRunQueue *self,
                          gboolean      smart_only)
{
  g_mutex_lock (&self->lock);
  self->smart_only = smart_only;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; smart_only && i < self->going->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (self->going, i);

      if (!tide_run_item_is_smart (item) && !item->halting)
        tide_run_queue_halt (self, item, TIDE_RUN_PENDING);
    }
  tide_run_queue_plan_dispatch (self);
}

/**
 * tide_run_queue_set_max_going:
 * @max_going: how many may go at a time; those that go already are let be
 */
void
tide_run_queue_set_max_going (TideRunQueue *self,
                              guint         max_going)
{
  self->max_going = MAX (max_going, 1);
  tide_run_queue_plan_dispatch (self);
}
