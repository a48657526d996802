/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-line.h"

struct _TideRunLine
{
  GSequence  *order;    /* (owned): all items that do not go, by rank */
  GSequence  *later;    /* (owned): those that wait for their time, by that */
  GSequence  *smart;    /* (owned): those ready ones that somebody waits for at a form, by rank */
  GSequence  *free;     /* (owned): lanes of which somebody may go, by who is first in them */
  GHashTable *lanes;    /* (owned): lock's key → Lane */
  GHashTable *held;     /* (owned): set of lanes whose first item waits for its parent */
  GHashTable *streams;  /* (owned): stream's key → how many items of it there are */
  GHashTable *equal;    /* (owned): join key → the first of the items that wait and would do the same */
  guint       n_ready;
};

/* The ready items of one entity of one connection. */
typedef struct
{
  char          *key;       /* (owned) */
  GSequence     *items;     /* (owned) */
  guint          n_going;
  GSequenceIter *in_free;   /* (nullable) */
} Lane;

static void
lane_free (Lane *self)
{
  g_sequence_free (self->items);
  g_ref_string_release (self->key);
  g_free (self);
}

static TideRunItem *
lane_get_first (Lane *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->items);

  return g_sequence_iter_is_end (iter) ? NULL : g_sequence_get (iter);
}

static int
compare_items (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return tide_run_item_compare (a, b);
}

static int
compare_due (gconstpointer a,
             gconstpointer b,
             gpointer      user_data)
{
  const TideRunItem *x = a;
  const TideRunItem *y = b;

  if (x->run->due_at != y->run->due_at)
    return x->run->due_at < y->run->due_at ? -1 : 1;
  return tide_run_item_compare (x, y);
}

static int
compare_lanes (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return tide_run_item_compare (lane_get_first ((Lane *)a), lane_get_first ((Lane *)b));
}

/* Before who is first in it may change. */
static void
tide_run_line_withdraw (TideRunLine *self,
                        Lane        *lane)
{
  g_clear_pointer (&lane->in_free, g_sequence_remove);
  g_hash_table_remove (self->held, lane);
}

/* After that. A lane with nobody in it is none. */
static void
tide_run_line_settle (TideRunLine *self,
                      Lane        *lane)
{
  gboolean empty = lane_get_first (lane) == NULL;

  if (empty && lane->n_going == 0)
    g_hash_table_remove (self->lanes, lane->key);
  else if (!empty && lane->n_going == 0)
    lane->in_free = g_sequence_insert_sorted (self->free, lane, compare_lanes, NULL);
}

static Lane *
tide_run_line_ensure_lane (TideRunLine       *self,
                           const TideRunItem *item)
{
  Lane *lane = g_hash_table_lookup (self->lanes, item->lock_key);

  if (lane == NULL)
    {
      lane = g_new0 (Lane, 1);
      lane->key = g_ref_string_acquire (item->lock_key);
      lane->items = g_sequence_new (NULL);
      g_hash_table_insert (self->lanes, lane->key, lane);
    }
  return lane;
}

static void
tide_run_line_count_stream (TideRunLine *self,
                            TideRunItem *item)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->streams, item->stream_key));

  g_hash_table_replace (self->streams, g_ref_string_acquire (item->stream_key), GUINT_TO_POINTER (n + 1));
}

/* Who waits for a parent may have waited for the last one of these. */
static void
tide_run_line_uncount_stream (TideRunLine *self,
                              TideRunItem *item)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->streams, item->stream_key));
  g_autoptr(GList) lanes = NULL;

  if (n > 1)
    {
      g_hash_table_replace (self->streams, g_ref_string_acquire (item->stream_key), GUINT_TO_POINTER (n - 1));
      return;
    }

  g_hash_table_remove (self->streams, item->stream_key);
  lanes = g_hash_table_get_keys (self->held);
  g_hash_table_remove_all (self->held);
  for (GList *l = lanes; l != NULL; l = l->next)
    tide_run_line_settle (self, l->data);
}

static gboolean
tide_run_line_waits_for_parent (TideRunLine       *self,
                                const TideRunItem *item)
{
  return item->needs_parent && item->parent_key != NULL && g_hash_table_contains (self->streams, item->parent_key);
}

static void
tide_run_line_add_equal (TideRunLine *self,
                         TideRunItem *item)
{
  item->next_equal = g_hash_table_lookup (self->equal, item->join_key);
  g_hash_table_replace (self->equal, g_ref_string_acquire (item->join_key), item);
}

static void
tide_run_line_remove_equal (TideRunLine *self,
                            TideRunItem *item)
{
  TideRunItem *other = g_hash_table_lookup (self->equal, item->join_key);

  if (other != item)
    {
      while (other->next_equal != item)
        other = other->next_equal;
      other->next_equal = item->next_equal;
    }
  else if (item->next_equal != NULL)
    g_hash_table_replace (self->equal, g_ref_string_acquire (item->join_key), item->next_equal);
  else
    g_hash_table_remove (self->equal, item->join_key);
  item->next_equal = NULL;
}

static void
tide_run_line_put_ready (TideRunLine *self,
                         TideRunItem *item)
{
  Lane *lane = tide_run_line_ensure_lane (self, item);

  tide_run_line_withdraw (self, lane);
  item->in_place = g_sequence_insert_sorted (lane->items, item, compare_items, NULL);
  tide_run_line_settle (self, lane);
  if (tide_run_item_is_smart (item))
    item->in_smart = g_sequence_insert_sorted (self->smart, item, compare_items, NULL);
  self->n_ready++;
}

static void
tide_run_line_take_ready (TideRunLine *self,
                          TideRunItem *item)
{
  Lane *lane = g_hash_table_lookup (self->lanes, item->lock_key);

  tide_run_line_withdraw (self, lane);
  g_clear_pointer (&item->in_place, g_sequence_remove);
  g_clear_pointer (&item->in_smart, g_sequence_remove);
  tide_run_line_settle (self, lane);
  self->n_ready--;
}

static void
tide_run_line_change_going (TideRunLine *self,
                            TideRunItem *item,
                            int          change)
{
  Lane *lane = tide_run_line_ensure_lane (self, item);

  tide_run_line_withdraw (self, lane);
  lane->n_going += change;
  g_assert (lane->n_going <= 1);
  tide_run_line_settle (self, lane);
}

/**
 * tide_run_line_new:
 *
 * Returns: (transfer full): a line with nobody in it
 */
TideRunLine *
tide_run_line_new (void)
{
  TideRunLine *self = g_new0 (TideRunLine, 1);
  GDestroyNotify release = (GDestroyNotify)g_ref_string_release;

  self->order = g_sequence_new (NULL);
  self->later = g_sequence_new (NULL);
  self->smart = g_sequence_new (NULL);
  self->free = g_sequence_new (NULL);
  self->lanes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)lane_free);
  self->held = g_hash_table_new (NULL, NULL);
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, release, NULL);
  self->equal = g_hash_table_new_full (g_str_hash, g_str_equal, release, NULL);
  return self;
}

/**
 * tide_run_line_free:
 * @self: (transfer full): a line; items that still stand in it must not be put anywhere any more
 */
void
tide_run_line_free (TideRunLine *self)
{
  g_hash_table_unref (self->equal);
  g_hash_table_unref (self->streams);
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->lanes);
  g_sequence_free (self->free);
  g_sequence_free (self->smart);
  g_sequence_free (self->later);
  g_sequence_free (self->order);
  g_free (self);
}

/**
 * tide_run_line_put:
 * @item: an item that stands nowhere
 * @place: where it belongs
 */
void
tide_run_line_put (TideRunLine  *self,
                   TideRunItem  *item,
                   TideRunPlace  place)
{
  g_assert (item->place == TIDE_RUN_PLACE_NONE);

  item->place = place;
  if (place == TIDE_RUN_PLACE_NONE)
    return;

  tide_run_line_count_stream (self, item);
  if (place == TIDE_RUN_PLACE_GOING)
    {
      tide_run_line_change_going (self, item, 1);
      return;
    }

  item->in_order = g_sequence_insert_sorted (self->order, item, compare_items, NULL);
  tide_run_line_add_equal (self, item);
  if (place == TIDE_RUN_PLACE_READY)
    tide_run_line_put_ready (self, item);
  else if (place == TIDE_RUN_PLACE_LATER)
    item->in_place = g_sequence_insert_sorted (self->later, item, compare_due, NULL);
}

/**
 * tide_run_line_take:
 * @item: an item, wherever it stands
 */
void
tide_run_line_take (TideRunLine *self,
                    TideRunItem *item)
{
  TideRunPlace place = item->place;

  item->place = TIDE_RUN_PLACE_NONE;
  if (place == TIDE_RUN_PLACE_NONE)
    return;

  if (place == TIDE_RUN_PLACE_GOING)
    tide_run_line_change_going (self, item, -1);
  else
    {
      g_clear_pointer (&item->in_order, g_sequence_remove);
      tide_run_line_remove_equal (self, item);
    }
  if (place == TIDE_RUN_PLACE_READY)
    tide_run_line_take_ready (self, item);
  else if (place == TIDE_RUN_PLACE_LATER)
    g_clear_pointer (&item->in_place, g_sequence_remove);
  tide_run_line_uncount_stream (self, item);
}

static TideRunItem *
tide_run_line_choose_smart (TideRunLine *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->smart);

  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      TideRunItem *item = g_sequence_get (iter);
      Lane *lane = g_hash_table_lookup (self->lanes, item->lock_key);

      if (lane->n_going == 0 && !tide_run_line_waits_for_parent (self, item))
        return item;
    }
  return NULL;
}

/**
 * tide_run_line_choose:
 * @smart_only: whether only those may go that somebody waits for at a form
 *
 * Returns: (nullable): the ready item whose turn it is
 */
TideRunItem *
tide_run_line_choose (TideRunLine *self,
                      gboolean     smart_only)
{
  GSequenceIter *iter;

  if (smart_only)
    return tide_run_line_choose_smart (self);

  while (!g_sequence_iter_is_end (iter = g_sequence_get_begin_iter (self->free)))
    {
      Lane *lane = g_sequence_get (iter);
      TideRunItem *item = lane_get_first (lane);

      if (!tide_run_line_waits_for_parent (self, item))
        return item;

      /* Looked at again when a stream has no run any more. */
      g_clear_pointer (&lane->in_free, g_sequence_remove);
      g_hash_table_add (self->held, lane);
    }
  return NULL;
}

/**
 * tide_run_line_find_equal:
 * @status: pending, paused or awaiting approval
 *
 * Returns: (nullable): an item that waits in that state and would do the same
 */
TideRunItem *
tide_run_line_find_equal (TideRunLine   *self,
                          const char    *join_key,
                          TideRunStatus  status)
{
  TideRunItem *item = g_hash_table_lookup (self->equal, join_key);

  while (item != NULL && item->run->status != status)
    item = item->next_equal;
  return item;
}

/**
 * tide_run_line_get_next_due:
 *
 * Returns: (nullable): of the items that wait for their time, the one whose time comes first
 */
TideRunItem *
tide_run_line_get_next_due (TideRunLine *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->later);

  return g_sequence_iter_is_end (iter) ? NULL : g_sequence_get (iter);
}

guint
tide_run_line_get_n_ready (TideRunLine *self)
{
  return self->n_ready;
}

/**
 * tide_run_line_get_order:
 *
 * Returns: (transfer none) (element-type TideRunItem): all items that do not go, by rank
 */
GSequence *
tide_run_line_get_order (TideRunLine *self)
{
  return self->order;
}
