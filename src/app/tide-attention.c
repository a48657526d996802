/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-attention.h"

#define MAX_WAITING 500               /* more retries than that are not to be read by anybody */
#define MAX_TODAY 500

/**
 * tide_attention_new:
 *
 * Returns: (transfer full): with nothing in it
 */
TideAttention *
tide_attention_new (void)
{
  TideAttention *self = g_atomic_rc_box_new0 (TideAttention);

  self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_failure_group_free);
  self->approvals = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_approval_free);
  self->going = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  self->retrying = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  self->mended = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  return self;
}

static void
tide_attention_clear (TideAttention *self)
{
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->approvals, g_ptr_array_unref);
  g_clear_pointer (&self->going, g_ptr_array_unref);
  g_clear_pointer (&self->retrying, g_ptr_array_unref);
  g_clear_pointer (&self->mended, g_ptr_array_unref);
}

TideAttention *
tide_attention_ref (TideAttention *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tide_attention_unref:
 * @self: (transfer full): what to let go of
 */
void
tide_attention_unref (TideAttention *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_attention_clear);
}

static void
take (GPtrArray **place,
      GPtrArray  *loaded)
{
  g_ptr_array_unref (*place);
  *place = loaded;
}

/* Also while it is being tried: it is not over its trouble before it has come through. */
static gboolean
is_retried (const TideQueueEntry *entry)
{
  if (entry->hold == TIDE_HOLD_RETRY)
    return TRUE;
  return (entry->hold == TIDE_HOLD_NONE || entry->hold == TIDE_HOLD_TURN)
         && entry->run->stalled > 0;
}

static gboolean
tide_attention_load_queue (TideAttention  *self,
                           TideEngine     *engine,
                           GError        **error)
{
  g_autoptr(GPtrArray) entries = tide_engine_list_queue (engine, MAX_WAITING, error);

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);

      if (entry->hold == TIDE_HOLD_NONE)
        g_ptr_array_add (self->going, tide_run_ref (entry->run));
      if (is_retried (entry))
        g_ptr_array_add (self->retrying, tide_run_ref (entry->run));
    }
  return TRUE;
}

static gboolean
tide_attention_load_mended (TideAttention  *self,
                            TideEngine     *engine,
                            gint64          today,
                            GError        **error)
{
  const TideRunQuery query = { .since = today, .limit = MAX_TODAY };
  g_autoptr(GPtrArray) runs = tide_engine_query_runs (engine, &query, error);

  if (runs == NULL)
    return FALSE;
  take (&self->mended, tide_attention_find_mended (runs));
  return TRUE;
}

/**
 * tide_attention_load:
 * @today: instant at which the owner's day began
 *
 * Blocking, any thread.
 *
 * Returns: (transfer full): what there is now; %NULL with @error set on failure
 */
TideAttention *
tide_attention_load (TideEngine  *engine,
                     gint64       today,
                     GError     **error)
{
  g_autoptr(TideAttention) self = tide_attention_new ();
  GPtrArray *loaded = tide_engine_list_failure_groups (engine, error);

  if (loaded == NULL)
    return NULL;
  take (&self->groups, loaded);
  loaded = tide_engine_list_approvals (engine, TRUE, error);
  if (loaded == NULL)
    return NULL;
  take (&self->approvals, loaded);
  if (!tide_attention_load_queue (self, engine, error)
      || !tide_attention_load_mended (self, engine, today, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
is_failing (const TideRun *run)
{
  return run->status == TIDE_RUN_FAILED || (!tide_run_is_over (run) && run->stalled > 0);
}

static char *
dup_stream_key (const TideRun *run)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT "/%s", run->connection_id, run->stream);
}

/**
 * tide_attention_find_mended:
 * @runs: (element-type TideRun): a day's runs, newest first
 *
 * Returns: (transfer full) (element-type TideRun): of each stream that had failed and then came through, the run that
 *    brought it; not of those that have failed again since. Newest first
 */
GPtrArray *
tide_attention_find_mended (GPtrArray *runs)
{
  GPtrArray *mended = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  g_autoptr(GHashTable) failed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = runs->len; i > 0; i--)
    {
      TideRun *run = g_ptr_array_index (runs, i - 1);
      char *key = dup_stream_key (run);

      if (is_failing (run))
        {
          g_hash_table_remove (found, key);
          g_hash_table_add (failed, key);
          continue;
        }
      if (run->status == TIDE_RUN_COMPLETED && (g_hash_table_remove (failed, key) || run->attempts > 1))
        g_hash_table_replace (found, g_steal_pointer (&key), run);
      g_free (key);
    }
  for (guint i = 0; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);
      g_autofree char *key = dup_stream_key (run);

      if (g_hash_table_lookup (found, key) == run)
        g_ptr_array_add (mended, tide_run_ref (run));
    }
  return mended;
}
