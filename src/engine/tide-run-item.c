/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-item.h"

/* Between the parts of a key: no name has it. */
#define KEY_FORMAT "%" G_GINT64_FORMAT "\x1f%s"

static char *
make_key (gint64      connection_id,
          const char *name)
{
  g_autofree char *key = g_strdup_printf (KEY_FORMAT, connection_id, name);

  return g_ref_string_new_intern (key);
}

/**
 * tide_run_item_make_join_key:
 * @run: what is asked for
 *
 * Returns: (transfer full): a reference-counted string that only requests have in common that would do the same
 */
char *
tide_run_item_make_join_key (const TideRun *run)
{
  g_autofree char *key = g_strdup_printf (KEY_FORMAT "\x1f%d\x1f%d\x1f%s\x1f%s", run->connection_id, run->stream,
                                          run->mode, run->dry_run != FALSE, run->ids != NULL ? run->ids : "",
                                          run->filters != NULL ? run->filters : "");

  return g_ref_string_new_intern (key);
}

/**
 * tide_run_item_rank:
 * @asked_at: instant
 * @priority: higher goes first
 *
 * Priority and age as one number. So priority decides among runs that were asked for together, and
 * nothing waits for ever behind what is more urgent.
 *
 * Returns: its place in the order, lowest first
 */
gint64
tide_run_item_rank (gint64 asked_at,
                    int    priority)
{
  return asked_at - priority * TIDE_RUN_RANK_STEP;
}

/**
 * tide_run_item_new:
 * @stream: of @manifest
 * @run: what is asked for, or a row that waits
 *
 * Returns: (transfer full): an item that stands nowhere yet
 */
TideRunItem *
tide_run_item_new (TideManifest   *manifest,
                   TideStream     *stream,
                   TideConnection *connection,
                   const TideRun  *run)
{
  TideRunItem *self = g_atomic_rc_box_new0 (TideRunItem);
  TideStream *parent = tide_stream_get_parent (stream);

  self->run = tide_run_copy (run);
  self->manifest = tide_manifest_ref (manifest);
  self->stream = stream;
  self->connection = tide_connection_ref (connection);
  self->wanted = -1;
  self->saved_id = run->id;
  self->stream_key = make_key (run->connection_id, run->stream);
  if (parent != NULL)
    self->parent_key = make_key (run->connection_id, tide_stream_get_name (parent));
  self->lock_key = make_key (run->connection_id, run->entity);
  self->join_key = tide_run_item_make_join_key (run);
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
  g_clear_pointer (&self->requests, g_ptr_array_unref);
  g_clear_pointer (&self->row, tide_run_unref);
  g_clear_pointer (&self->begun, tide_run_unref);
  g_clear_pointer (&self->progress, tide_run_progress_unref);
  g_clear_pointer (&self->parent_key, g_ref_string_release);
  g_ref_string_release (self->stream_key);
  g_ref_string_release (self->lock_key);
  g_ref_string_release (self->join_key);
  g_clear_object (&self->job.requester);
  g_clear_object (&self->cancellable);
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
 * tide_run_item_compare:
 *
 * Returns: less than 0 if @self goes before @other, more if after; 0 only for an item and itself
 */
int
tide_run_item_compare (const TideRunItem *self,
                       const TideRunItem *other)
{
  if (self->run->rank != other->run->rank)
    return self->run->rank < other->run->rank ? -1 : 1;
  return self->age < other->age ? -1 : self->age > other->age;
}

/**
 * tide_run_item_is_smart:
 *
 * Returns: whether somebody waits for it at a form
 */
gboolean
tide_run_item_is_smart (const TideRunItem *self)
{
  return self->run->priority >= TIDE_RUN_PRIORITY_SMART;
}

gboolean
tide_run_item_is_cancelled (const TideRunItem *self)
{
  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}
