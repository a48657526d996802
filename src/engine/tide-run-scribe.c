/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-scribe.h"

#include "tide-run-rows.h"
#include "tide-write.h"

/* So many rows a transaction: others want to write too. */
#define MAX_ROWS 250

/* One item's row, or what has to be written in one piece. */
typedef struct
{
  TideRunItem      *item;     /* (owned) (nullable): its row is taken when it is written */
  GPtrArray        *items;    /* (owned) (nullable): TideRunItem */
  GPtrArray        *rows;     /* (owned) (nullable): TideRun, one for each of @items */
  TideRunWriteFunc  func;     /* (nullable) */
  gpointer          data;
  GDestroyNotify    destroy;
} Work;

struct _TideRunScribe
{
  TideStore         *store;     /* (owned) */
  gboolean           in_line;
  TideRunScribeFunc  func;
  gpointer           user_data;
  GThread           *thread;    /* (owned) (nullable): begun when first needed */

  GMutex             lock;
  GCond              wake;
  GQueue             works;     /* (owned) (mutex lock): Work */
  gboolean           closed;    /* (mutex lock) */
};

static void
work_free (Work *self)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_pointer (&self->item, tide_run_item_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

static gboolean
save_row (TideWrite    *write,
          TideRunItem  *item,
          TideRun      *row,
          GError      **error)
{
  /* A row that was given before it had a key has one now. */
  if (row->id == 0)
    row->id = item->saved_id;
  if (row->id != 0)
    return tide_run_rows_update (write, row, error);

  row->id = tide_run_rows_add (write, row, error);
  return row->id > 0;
}

/* What is rolled back has no key. */
static gboolean
write_piece (TideRunScribe     *self,
             GPtrArray         *items,
             GPtrArray         *rows,
             TideRunWriteFunc   func,
             gpointer           data,
             GError           **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);
  gboolean ok = write != NULL;

  for (guint i = 0; ok && i < items->len; i++)
    ok = save_row (write, g_ptr_array_index (items, i), g_ptr_array_index (rows, i), error);
  ok = ok && (func == NULL || func (write, data, error)) && tide_write_commit (write, error);

  for (guint i = 0; i < items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (items, i);
      TideRun *row = g_ptr_array_index (rows, i);

      if (ok)
        item->saved_id = row->id;
      else
        row->id = item->saved_id;
    }
  return ok;
}

static void
tell_piece (TideRunScribe *self,
            GPtrArray     *items,
            GPtrArray     *rows,
            const GError  *error)
{
  for (guint i = 0; i < items->len; i++)
    self->func (g_ptr_array_index (items, i), tide_run_ref (g_ptr_array_index (rows, i)),
                error != NULL ? g_error_copy (error) : NULL, self->user_data);
}

/* One row that does not fit must not take the others along: they are tried again one by one. */
static void
write_rows (TideRunScribe *self,
            GPtrArray     *items,
            GPtrArray     *rows)
{
  g_autoptr(GError) error = NULL;

  if (write_piece (self, items, rows, NULL, NULL, &error) || items->len == 1)
    {
      tell_piece (self, items, rows, error);
      return;
    }

  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr(GPtrArray) one_item = g_ptr_array_new ();
      g_autoptr(GPtrArray) one_row = g_ptr_array_new ();

      g_ptr_array_add (one_item, g_ptr_array_index (items, i));
      g_ptr_array_add (one_row, g_ptr_array_index (rows, i));
      write_rows (self, one_item, one_row);
    }
}

static void
write_work (TideRunScribe *self,
            Work          *work)
{
  g_autoptr(GError) error = NULL;

  if (!write_piece (self, work->items, work->rows, work->func, work->data, &error))
    g_message ("the queue: could not be written: %s", error->message);
  tell_piece (self, work->items, work->rows, error);
}

/* Called with the lock held. Takes rows up to the next thing that has to be written in one piece. */
static void
take_rows (TideRunScribe *self,
           GPtrArray     *items,
           GPtrArray     *rows)
{
  Work *work;

  while (items->len < MAX_ROWS && (work = g_queue_peek_head (&self->works)) != NULL && work->item != NULL)
    {
      TideRun *row = g_steal_pointer (&work->item->row);

      if (row != NULL)
        {
          g_ptr_array_add (items, g_steal_pointer (&work->item));
          g_ptr_array_add (rows, row);
        }
      work_free (g_queue_pop_head (&self->works));
    }
}

/* Whether there was anything to write. */
static gboolean
write_some (TideRunScribe *self)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_item_unref);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  Work *work = NULL;

  g_mutex_lock (&self->lock);
  take_rows (self, items, rows);
  if (items->len == 0)
    work = g_queue_pop_head (&self->works);
  g_mutex_unlock (&self->lock);

  if (items->len > 0)
    write_rows (self, items, rows);
  else if (work != NULL)
    write_work (self, work);
  else
    return FALSE;

  g_clear_pointer (&work, work_free);
  return TRUE;
}

static gpointer
scribe_thread (gpointer user_data)
{
  TideRunScribe *self = user_data;
  gboolean closed = FALSE;

  while (write_some (self) || !closed)
    {
      g_mutex_lock (&self->lock);
      while (g_queue_is_empty (&self->works) && !self->closed)
        g_cond_wait (&self->wake, &self->lock);
      closed = self->closed;
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

static void
tide_run_scribe_begin (TideRunScribe *self)
{
  if (self->in_line)
    while (write_some (self))
      ;
  else if (self->thread == NULL)
    self->thread = g_thread_new ("tide-scribe", scribe_thread, self);
}

/**
 * tide_run_scribe_new:
 * @in_line: whether to write at once, on the thread that asks
 * @func: what to tell
 *
 * Returns: (transfer full): a scribe with nothing to do
 */
TideRunScribe *
tide_run_scribe_new (TideStore         *store,
                     gboolean           in_line,
                     TideRunScribeFunc  func,
                     gpointer           user_data)
{
  TideRunScribe *self = g_new0 (TideRunScribe, 1);

  self->store = g_object_ref (store);
  self->in_line = in_line;
  self->func = func;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_queue_init (&self->works);
  return self;
}

/**
 * tide_run_scribe_free:
 * @self: (transfer full): a scribe that was closed
 */
void
tide_run_scribe_free (TideRunScribe *self)
{
  g_assert (self->thread == NULL);

  g_queue_clear_full (&self->works, (GDestroyNotify)work_free);
  g_cond_clear (&self->wake);
  g_mutex_clear (&self->lock);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * tide_run_scribe_save:
 * @row: (transfer full): the item's run as it is to be written
 *
 * Has a row written, from which comes one message. One that was not written yet is not any more: the new one
 * stands for both.
 *
 * Returns: whether there was none to take the place of
 */
gboolean
tide_run_scribe_save (TideRunScribe *self,
                      TideRunItem   *item,
                      TideRun       *row)
{
  g_autoptr(TideRun) old = NULL;
  Work *work = g_new0 (Work, 1);

  work->item = tide_run_item_ref (item);
  g_mutex_lock (&self->lock);
  old = g_steal_pointer (&item->row);
  item->row = row;
  g_queue_push_tail (&self->works, work);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  tide_run_scribe_begin (self);
  return old == NULL;
}

/**
 * tide_run_scribe_withdraw:
 *
 * Has an item's row not written after all, unless that has begun.
 *
 * Returns: whether there was a row, which will not be written
 */
gboolean
tide_run_scribe_withdraw (TideRunScribe *self,
                          TideRunItem   *item)
{
  g_autoptr(TideRun) row = NULL;

  g_mutex_lock (&self->lock);
  row = g_steal_pointer (&item->row);
  g_mutex_unlock (&self->lock);
  return row != NULL;
}

/**
 * tide_run_scribe_write:
 * @items: (nullable) (element-type TideRunItem): whose rows, as their runs are now, are written
 * @func: writes what belongs with them
 * @data: for @func
 * @destroy: (nullable): frees @data, on the writing thread
 *
 * Has something written in one transaction.
 */
void
tide_run_scribe_write (TideRunScribe    *self,
                       GPtrArray        *items,
                       TideRunWriteFunc  func,
                       gpointer          data,
                       GDestroyNotify    destroy)
{
  Work *work = g_new0 (Work, 1);

  work->items = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_item_unref);
  work->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  work->func = func;
  work->data = data;
  work->destroy = destroy;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (work->items, tide_run_item_ref (item));
      g_ptr_array_add (work->rows, tide_run_copy (item->run));
    }

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->works, work);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  tide_run_scribe_begin (self);
}

/**
 * tide_run_scribe_close:
 *
 * Waits until all is written, and ends the thread. May be called twice.
 */
void
tide_run_scribe_close (TideRunScribe *self)
{
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
}
