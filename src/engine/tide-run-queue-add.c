/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-queue-private.h"

/* Coming into the queue. The functions belong to tide-run-queue.h. */

/* Nobody waits for what a schedule has asked for. */
static gboolean
is_by_schedule (const TideRun *run)
{
  return g_strcmp0 (run->requested_by, "schedule") == 0;
}

static TideRunItem *
tide_run_queue_find_equal (TideRunQueue  *self,
                           const TideRun *run)
{
  char *key = tide_run_item_make_join_key (run);
  TideRunItem *item = tide_run_line_find_equal (self->line, key, TIDE_RUN_PENDING);

  if (item == NULL)
    item = tide_run_line_find_equal (self->line, key, TIDE_RUN_PAUSED);
  /* Its schedule would only come to where it has to ask again. */
  if (item == NULL && is_by_schedule (run))
    item = tide_run_line_find_equal (self->line, key, TIDE_RUN_AWAITING_APPROVAL);
  g_ref_string_release (key);
  return item;
}

static void
raise_priority (TideRun *run,
                int      priority)
{
  if (priority <= run->priority)
    return;

  run->priority = priority;
  run->rank = MIN (run->rank, tide_run_item_rank (run->requested_at, priority));
}

static gboolean
is_as_before (const TideRun *run,
              const TideRun *old)
{
  return run->status == old->status && run->priority == old->priority && run->rank == old->rank &&
         run->allowed == old->allowed && run->due_at == old->due_at;
}

static void
tide_run_queue_join (TideRunQueue  *self,
                     TideRunItem   *item,
                     const TideRun *asked)
{
  g_autoptr(TideRun) run = tide_run_copy (item->run);

  raise_priority (run, asked->priority);
  run->allowed |= asked->allowed;
  if (!is_by_schedule (asked))
    {
      run->due_at = 0;
      run->status = TIDE_RUN_PENDING;
    }
  if (!is_as_before (run, item->run))
    tide_run_queue_change (self, item, run);
}

static TideRunItem *
tide_run_queue_insert (TideRunQueue      *self,
                       const TideRunWant *want)
{
  TideRunItem *item = tide_run_item_new (want->manifest, want->stream, want->connection, want->run);
  g_autoptr(TideRun) run = tide_run_ref (item->run);

  item->age = self->n_added++;
  item->needs_parent = want->needs_parent;
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->items, g_strdup (run->sync_id), item);
  g_mutex_unlock (&self->lock);
  tide_run_queue_set_run (self, item, run);
  return item;
}

/**
 * tide_run_queue_add:
 * @want: a run that is not in the store
 *
 * Puts a run in line, or joins one that waits to do the same. That one takes the higher priority; and if a
 * person asks, it goes as soon as it is its turn, though it had waited for another try or was paused.
 *
 * Returns: (transfer full): the run that will be executed
 */
TideRun *
tide_run_queue_add (TideRunQueue      *self,
                    const TideRunWant *want)
{
  TideRunItem *item;

  g_return_val_if_fail (!self->closed, NULL);

  item = tide_run_queue_find_equal (self, want->run);
  if (item != NULL)
    {
      item->needs_parent |= want->needs_parent;
      tide_run_queue_join (self, item, want->run);
      return tide_run_ref (item->run);
    }

  item = tide_run_queue_insert (self, want);
  tide_run_queue_change (self, item, item->run);
  return tide_run_ref (item->run);
}

/**
 * tide_run_queue_restore:
 * @want: a run that is in the store
 * @changed: whether it stands there otherwise
 *
 * Puts it in line again.
 */
void
tide_run_queue_restore (TideRunQueue      *self,
                        const TideRunWant *want,
                        gboolean           changed)
{
  TideRunItem *item;

  g_return_if_fail (!self->closed && want->run->id != 0);

  if (tide_run_queue_find (self, want->run->sync_id) != NULL)
    return;

  item = tide_run_queue_insert (self, want);
  if (changed)
    tide_run_queue_change (self, item, item->run);
  tide_run_queue_plan_dispatch (self);
}

/**
 * tide_run_queue_find_request:
 * @key: an idempotency key
 *
 * Returns: (transfer none) (nullable): what was asked for under it, as long as the store does not say so
 */
const TideRequestRow *
tide_run_queue_find_request (TideRunQueue *self,
                             const char   *key)
{
  return g_hash_table_lookup (self->requests, key);
}

static gboolean
write_request (TideWrite  *write,
               gpointer    data,
               GError    **error)
{
  return tide_request_rows_put (write, data, error);
}

static TideRequestRow *
copy_request (const TideRequestRow *request)
{
  TideRequestRow *copy = g_new0 (TideRequestRow, 1);

  copy->key = g_strdup (request->key);
  copy->body = g_strdup (request->body);
  copy->sync_ids = g_strdupv (request->sync_ids);
  copy->requested_by = g_strdup (request->requested_by);
  copy->requested_at = request->requested_at;
  return copy;
}

/**
 * tide_run_queue_save_request:
 * @request: (transfer full): what was just asked for under a key; its runs wait
 *
 * Writes the request and its runs in one transaction. None of the runs begins before.
 */
void
tide_run_queue_save_request (TideRunQueue   *self,
                             TideRequestRow *request)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  for (char **id = request->sync_ids; *id != NULL; id++)
    {
      TideRunItem *item = tide_run_queue_find (self, *id);

      g_return_if_fail (item != NULL && !item->going);

      item->unsaved = FALSE;
      item->n_saving++;
      self->n_saving++;
      if (item->requests == NULL)
        item->requests = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (item->requests, g_strdup (request->key));
      g_ptr_array_add (items, item);
    }

  g_hash_table_replace (self->requests, request->key, request);
  tide_run_workers_write (self->workers, items, write_request, copy_request (request),
                          (GDestroyNotify)tide_request_row_free);
}

/* The store has them now; or it does not, and then nothing was asked for. */
void
tide_run_queue_forget_requests (TideRunQueue *self,
                                TideRunItem  *item)
{
  if (item->n_saving > 0 || item->requests == NULL)
    return;

  for (guint i = 0; i < item->requests->len; i++)
    g_hash_table_remove (self->requests, g_ptr_array_index (item->requests, i));
  g_clear_pointer (&item->requests, g_ptr_array_unref);
}

/**
 * tide_run_queue_write:
 * @func: writes something
 * @data: for @func
 * @destroy: (nullable): frees @data
 *
 * Has something written that nobody is to wait for. What it is goes to the log if it cannot.
 */
void
tide_run_queue_write (TideRunQueue      *self,
                      gboolean         (*func) (TideWrite  *write,
                                                gpointer    data,
                                                GError    **error),
                      gpointer           data,
                      GDestroyNotify     destroy)
{
  tide_run_workers_write (self->workers, NULL, func, data, destroy);
}
