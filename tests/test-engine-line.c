/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-engine-line"

#include <glib.h>

#include "tide-run-line.h"

/* The order of the queue, against a model that goes through all items for each question. */

#define N_STEPS 20000
#define N_ENTITIES 4
#define N_CONNECTIONS 3

typedef struct
{
  TideRunLine *line;
  GPtrArray   *items;         /* TideRunItem */
  guint64      n_made;
  gint64       now;
} World;

static void
item_free (TideRunItem *self)
{
  g_clear_pointer (&self->parent_key, g_ref_string_release);
  g_ref_string_release (self->stream_key);
  g_ref_string_release (self->lock_key);
  g_ref_string_release (self->join_key);
  tide_run_unref (self->run);
  g_free (self);
}

static char *
make_key (gint64      connection,
          const char *kind,
          int         number)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s%d", connection, kind, number);

  return g_ref_string_new_intern (key);
}

/* Each entity has two streams; the first stream of an entity is the parent of those of the next. */
static TideRunItem *
item_new (World *world)
{
  TideRunItem *self = g_new0 (TideRunItem, 1);
  gint64 connection = g_test_rand_int_range (1, N_CONNECTIONS + 1);
  int entity = g_test_rand_int_range (0, N_ENTITIES);
  int stream = 2 * entity + g_test_rand_int_range (0, 2);
  g_autofree char *name = g_strdup_printf ("stream%d", stream);
  g_autofree char *entity_name = g_strdup_printf ("entity%d", entity);
  TideRun run = { .connection_id = connection, .stream = name, .entity = entity_name,
                  .mode = (TideRunMode)g_test_rand_int_range (0, 2) };

  run.requested_at = world->now;
  run.priority = g_test_rand_int_range (0, 20) == 0 ? TIDE_RUN_PRIORITY_SMART : g_test_rand_int_range (1, 7);
  run.rank = tide_run_item_rank (run.requested_at, run.priority);
  self->run = tide_run_copy (&run);
  self->age = world->n_made++;
  self->stream_key = make_key (connection, "stream", stream);
  self->lock_key = make_key (connection, "entity", entity);
  self->join_key = tide_run_item_make_join_key (&run);
  if (entity > 0)
    self->parent_key = make_key (connection, "stream", 2 * entity - 2);
  self->needs_parent = g_test_rand_bit ();
  return self;
}

static TideRunPlace
model_place (World             *world,
             const TideRunItem *item)
{
  if (item->going)
    return TIDE_RUN_PLACE_GOING;
  if (item->run->status != TIDE_RUN_PENDING)
    return TIDE_RUN_PLACE_PARKED;
  return item->run->due_at > world->now ? TIDE_RUN_PLACE_LATER : TIDE_RUN_PLACE_READY;
}

static gboolean
model_is_locked (World             *world,
                 const TideRunItem *item)
{
  for (guint i = 0; i < world->items->len; i++)
    {
      const TideRunItem *other = g_ptr_array_index (world->items, i);

      if (other->going && g_str_equal (other->lock_key, item->lock_key))
        return TRUE;
    }
  return FALSE;
}

static gboolean
model_waits_for_parent (World             *world,
                        const TideRunItem *item)
{
  for (guint i = 0; item->needs_parent && item->parent_key != NULL && i < world->items->len; i++)
    if (g_str_equal (((TideRunItem *)g_ptr_array_index (world->items, i))->stream_key, item->parent_key))
      return TRUE;
  return FALSE;
}

static gboolean
model_has_before (World             *world,
                  const TideRunItem *item)
{
  for (guint i = 0; i < world->items->len; i++)
    {
      const TideRunItem *other = g_ptr_array_index (world->items, i);

      if (other->place == TIDE_RUN_PLACE_READY && g_str_equal (other->lock_key, item->lock_key) &&
          tide_run_item_compare (other, item) < 0)
        return TRUE;
    }
  return FALSE;
}

static TideRunItem *
model_choose (World    *world,
              gboolean  smart_only)
{
  TideRunItem *best = NULL;

  for (guint i = 0; i < world->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (world->items, i);

      if (item->place != TIDE_RUN_PLACE_READY || model_is_locked (world, item) ||
          model_waits_for_parent (world, item))
        continue;
      if (smart_only ? !tide_run_item_is_smart (item) : model_has_before (world, item))
        continue;
      if (best == NULL || tide_run_item_compare (item, best) < 0)
        best = item;
    }
  return best;
}

static guint
model_count_ready (World *world)
{
  guint n = 0;

  for (guint i = 0; i < world->items->len; i++)
    n += ((TideRunItem *)g_ptr_array_index (world->items, i))->place == TIDE_RUN_PLACE_READY;
  return n;
}

static void
assert_order (World *world)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (tide_run_line_get_order (world->line));
  const TideRunItem *last = NULL;

  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      const TideRunItem *item = g_sequence_get (iter);

      g_assert_true (last == NULL || tide_run_item_compare (last, item) < 0);
      g_assert_false (item->going);
      last = item;
    }
}

static void
assert_equal_found (World             *world,
                    const TideRunItem *item)
{
  TideRunItem *found = tide_run_line_find_equal (world->line, item->join_key, item->run->status);

  if (item->going)
    return;
  g_assert_nonnull (found);
  g_assert_cmpstr (found->join_key, ==, item->join_key);
  g_assert_cmpint (found->run->status, ==, item->run->status);
}

static void
assert_as_model (World *world)
{
  TideRunItem *due = tide_run_line_get_next_due (world->line);

  g_assert_true (tide_run_line_choose (world->line, FALSE) == model_choose (world, FALSE));
  g_assert_true (tide_run_line_choose (world->line, TRUE) == model_choose (world, TRUE));
  g_assert_cmpuint (tide_run_line_get_n_ready (world->line), ==, model_count_ready (world));
  for (guint i = 0; i < world->items->len; i++)
    {
      TideRunItem *item = g_ptr_array_index (world->items, i);

      assert_equal_found (world, item);
      if (item->place == TIDE_RUN_PLACE_LATER)
        g_assert_cmpint (due->run->due_at, <=, item->run->due_at);
    }
}

static void
put_again (World       *world,
           TideRunItem *item)
{
  tide_run_line_put (world->line, item, model_place (world, item));
}

static void
change_item (World       *world,
             TideRunItem *item)
{
  TideRun *run = item->run;

  tide_run_line_take (world->line, item);
  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      item->going = FALSE;
      run->status = TIDE_RUN_PENDING;
      run->due_at = world->now + g_test_rand_int_range (1, 3600) * TIDE_SECOND;
      break;
    case 1:
      item->going = FALSE;
      run->status = g_test_rand_bit () ? TIDE_RUN_PAUSED : TIDE_RUN_AWAITING_APPROVAL;
      break;
    case 2:
      run->rank += g_test_rand_int_range (-5, 6) * TIDE_RUN_RANK_STEP;
      break;
    case 3:
      run->priority = TIDE_RUN_PRIORITY_SMART;
      run->rank = MIN (run->rank, tide_run_item_rank (run->requested_at, run->priority));
      break;
    default:
      item->going = FALSE;
      run->status = TIDE_RUN_PENDING;
      run->due_at = 0;
      break;
    }
  put_again (world, item);
}

static void
take_due (World *world)
{
  TideRunItem *item;

  while ((item = tide_run_line_get_next_due (world->line)) != NULL && item->run->due_at <= world->now)
    {
      tide_run_line_take (world->line, item);
      put_again (world, item);
    }
}

static void
step (World *world)
{
  guint what = (guint)g_test_rand_int_range (0, 10);
  TideRunItem *item = world->items->len > 0
                      ? g_ptr_array_index (world->items, g_test_rand_int_range (0, (int)world->items->len)) : NULL;

  world->now += g_test_rand_int_range (0, 120) * TIDE_SECOND;
  take_due (world);
  if (item == NULL || (what < 4 && world->items->len < 60))
    {
      item = item_new (world);
      g_ptr_array_add (world->items, item);
      put_again (world, item);
    }
  else if (what < 7)
    change_item (world, item);
  else if (what < 9 && (item = tide_run_line_choose (world->line, what == 8)) != NULL)
    {
      tide_run_line_take (world->line, item);
      item->going = TRUE;
      item->run->status = TIDE_RUN_PROCESSING;
      put_again (world, item);
    }
  else if (item != NULL)
    {
      tide_run_line_take (world->line, item);
      g_ptr_array_remove (world->items, item);
    }
}

static void
test_model (void)
{
  World world = { tide_run_line_new (), g_ptr_array_new_with_free_func ((GDestroyNotify)item_free), 0, TIDE_DAY };

  for (guint i = 0; i < N_STEPS; i++)
    {
      step (&world);
      assert_as_model (&world);
      if (i % 50 == 0)
        assert_order (&world);
    }

  while (world.items->len > 0)
    {
      tide_run_line_take (world.line, g_ptr_array_index (world.items, 0));
      g_ptr_array_remove_index (world.items, 0);
      assert_as_model (&world);
    }
  g_ptr_array_unref (world.items);
  tide_run_line_free (world.line);
}

/* However many urgent ones keep coming, the least urgent has its turn within the time that its rank says. */
static void
test_starvation (void)
{
  World world = { tide_run_line_new (), g_ptr_array_new_with_free_func ((GDestroyNotify)item_free), 0, TIDE_DAY };
  TideRunItem *poor = item_new (&world);
  gint64 since = world.now;
  TideRunItem *item = NULL;

  poor->needs_parent = FALSE;
  poor->run->priority = 1;
  poor->run->rank = tide_run_item_rank (world.now, 1);
  g_ptr_array_add (world.items, poor);
  put_again (&world, poor);
  while (item != poor)
    {
      TideRunItem *urgent = item_new (&world);

      urgent->needs_parent = FALSE;
      urgent->run->priority = 6;
      urgent->run->rank = tide_run_item_rank (world.now, 6);
      g_ptr_array_add (world.items, urgent);
      put_again (&world, urgent);

      item = tide_run_line_choose (world.line, FALSE);
      g_assert_nonnull (item);
      tide_run_line_take (world.line, item);
      world.now += TIDE_MINUTE;
      g_assert_cmpint (world.now - since, <=, 5 * TIDE_RUN_RANK_STEP + 2 * TIDE_MINUTE);
    }
  g_assert_cmpint (world.now - since, >=, 5 * TIDE_RUN_RANK_STEP);

  for (guint i = 0; i < world.items->len; i++)
    tide_run_line_take (world.line, g_ptr_array_index (world.items, i));
  g_ptr_array_unref (world.items);
  tide_run_line_free (world.line);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/line/model", test_model);
  g_test_add_func ("/line/starvation", test_starvation);

  return g_test_run ();
}
