/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-item.h"

#include "tide-entity.h"

/**
 * tide_run_item_new:
 * @run: what is asked for, not in the store yet
 *
 * Returns: (transfer full): an item that waits
 */
TideRunItem *
tide_run_item_new (TideManifest   *manifest,
                   TideStream     *stream,
                   TideConnection *connection,
                   const TideRun  *run)
{
  TideRunItem *self = g_atomic_rc_box_new0 (TideRunItem);
  const TideEntity *entity = tide_entity_lookup (run->entity);

  self->run = tide_run_copy (run);
  self->manifest = tide_manifest_ref (manifest);
  self->stream = stream;
  self->connection = tide_connection_ref (connection);
  self->cancellable = g_cancellable_new ();
  self->priority = entity != NULL ? entity->priority : 0;
  self->job.stop_status = TIDE_RUN_CANCELLED;
  self->job.halt_status = -1;
  return self;
}

TideRunItem *
tide_run_item_ref (TideRunItem *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tide_run_item_clear (TideRunItem *self)
{
  g_clear_pointer (&self->end, tide_run_unref);
  g_clear_pointer (&self->row, tide_run_unref);
  g_clear_pointer (&self->progress, tide_run_progress_unref);
  g_clear_object (&self->job.requester);
  g_object_unref (self->cancellable);
  tide_connection_unref (self->connection);
  tide_manifest_unref (self->manifest);
  tide_run_unref (self->run);
}

void
tide_run_item_unref (TideRunItem *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_run_item_clear);
}

/**
 * tide_run_item_is_same:
 * @run: what is asked for
 *
 * Returns: whether this item, which waits, would do just that
 */
gboolean
tide_run_item_is_same (const TideRunItem *self,
                       const TideRun     *run)
{
  return self->state != TIDE_RUN_ITEM_GOING && !self->ending &&
         self->run->mode == run->mode && !self->run->dry_run == !run->dry_run &&
         tide_run_item_is_stream (self, run->connection_id, run->stream);
}

gboolean
tide_run_item_is_stream (const TideRunItem *self,
                         gint64             connection_id,
                         const char        *stream)
{
  return self->run->connection_id == connection_id && g_str_equal (self->run->stream, stream);
}

/* Higher priority, then age. */
static gboolean
is_before (const TideRunItem *a,
           const TideRunItem *b)
{
  return b == NULL || a->priority > b->priority || (a->priority == b->priority && a->age < b->age);
}

static guint
count_going (GPtrArray *items)
{
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    n += ((TideRunItem *)g_ptr_array_index (items, i))->state == TIDE_RUN_ITEM_GOING;
  return n;
}

/* Never two runs on one stream of one connection. */
static gboolean
may_go (GPtrArray         *items,
        const TideRunItem *item)
{
  if (item->state == TIDE_RUN_ITEM_GOING || item->ending)
    return FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      const TideRunItem *other = g_ptr_array_index (items, i);

      if (other->state == TIDE_RUN_ITEM_GOING &&
          tide_run_item_is_stream (other, item->run->connection_id, item->run->stream))
        return FALSE;
    }
  return TRUE;
}

static TideRunItem *
find_parent (GPtrArray         *items,
             const TideRunItem *item)
{
  TideStream *parent = tide_stream_get_parent (item->stream);
  const char *name = parent != NULL ? tide_stream_get_name (parent) : NULL;

  for (guint i = 0; name != NULL && i < items->len; i++)
    {
      TideRunItem *other = g_ptr_array_index (items, i);

      if (!other->ending && tide_run_item_is_stream (other, item->run->connection_id, name))
        return other;
    }
  return NULL;
}

/**
 * tide_run_item_choose:
 * @items: (element-type TideRunItem): all there are
 * @max_going: how many may go at a time
 *
 * By priority, then by age. What waits for its parent has its turn after it, though it be more urgent; so the
 * parent goes in its place. One whose row is just being written keeps its place: it is back in a moment.
 *
 * Returns: (transfer none) (nullable): the item that is to begin now
 */
TideRunItem *
tide_run_item_choose (GPtrArray *items,
                      guint      max_going)
{
  TideRunItem *best = NULL;
  TideRunItem *parent;

  if (count_going (items) >= max_going)
    return NULL;

  for (guint i = 0; i < items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (items, i);

      if (may_go (items, item) && is_before (item, best))
        best = item;
    }

  while (best != NULL && (parent = find_parent (items, best)) != NULL)
    best = parent;
  return best != NULL && best->state == TIDE_RUN_ITEM_WAITING && may_go (items, best) ? best : NULL;
}
