/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-retention.h"

#include "tide-read.h"
#include "tide-retention-rows.h"
#include "tide-setting-rows.h"
#include "tide-time.h"
#include "tide-write.h"

/* When it was done last, so that a command that takes a second does not begin with cleaning up. */
#define LAST_NAME "pruned-at"

#define INTERVAL TIDE_DAY

/* How long an idempotency key is known. */
#define KEEP_REQUESTS (30 * TIDE_DAY)

/* Rows that one transaction looks at. A run is more than its row. */
#define BATCH 2000
#define BATCH_RUNS 200

struct _TideRetention
{
  TideStore    *store;        /* (owned) */
  GMainContext *context;      /* (owned) */
  gboolean      in_line;
  GSource      *timer;        /* (owned) (nullable) */
  GThread      *thread;       /* (owned) (nullable): of the last pass */
  GCancellable *cancellable;  /* (owned) */
};

static gint64
read_setting (TideStore    *store,
              TideSetting   setting,
              GError      **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, error);

  return read != NULL ? tide_setting_rows_get (tide_read_get_database (read), setting, error) : 0;
}

/* The two limits of a kind. */
static gboolean
plan_kind (TideStore          *store,
           TideRetentionKind   kind,
           TideSetting         days,
           TideSetting         limit,
           TideRetentionStep  *step,
           GCancellable       *cancellable,
           GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideRead) read = NULL;
  gint64 kept = read_setting (store, limit, &local_error);
  gint64 age = local_error == NULL ? read_setting (store, days, &local_error) : 0;
  gint64 count = 0;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  step->before = tide_clock_now (tide_store_get_clock (store)) - age * TIDE_DAY;

  read = tide_store_begin_read (store, cancellable, error);
  if (read == NULL)
    return FALSE;
  if (kind == TIDE_RETENTION_CHANGES)
    return tide_retention_rows_count_larger (tide_read_get_database (read), kept * 1024 * 1024, &step->excess, error);
  if (!tide_retention_rows_count (tide_read_get_database (read), kind, &count, error))
    return FALSE;
  step->excess = MAX (count - kept, 0);
  return TRUE;
}

static gboolean
plan (TideStore          *store,
      TideRetentionKind   kind,
      TideRetentionStep  *step,
      GCancellable       *cancellable,
      GError            **error)
{
  switch (kind)
    {
    case TIDE_RETENTION_EVENTS:
      return plan_kind (store, kind, TIDE_SETTING_KEEP_EVENTS_DAYS, TIDE_SETTING_KEEP_EVENTS_COUNT, step, cancellable,
                        error);
    case TIDE_RETENTION_LOGS:
      return plan_kind (store, kind, TIDE_SETTING_KEEP_LOGS_DAYS, TIDE_SETTING_KEEP_LOGS_COUNT, step, cancellable,
                        error);
    case TIDE_RETENTION_CHANGES:
      return plan_kind (store, kind, TIDE_SETTING_KEEP_CHANGES_DAYS, TIDE_SETTING_KEEP_CHANGES_MB, step, cancellable,
                        error);
    case TIDE_RETENTION_RUNS:
      return plan_kind (store, kind, TIDE_SETTING_KEEP_RUNS_DAYS, TIDE_SETTING_KEEP_RUNS_COUNT, step, cancellable,
                        error);
    case TIDE_RETENTION_REQUESTS:
    default:
      step->before = tide_clock_now (tide_store_get_clock (store)) - KEEP_REQUESTS;
      return TRUE;
    }
}

static gboolean
prune_batch (TideStore          *store,
             TideRetentionKind   kind,
             TideRetentionStep  *step,
             GCancellable       *cancellable,
             GError            **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (store, cancellable, error);

  return write != NULL &&
         tide_retention_rows_prune (write, kind, step, kind == TIDE_RETENTION_RUNS ? BATCH_RUNS : BATCH, error) &&
         tide_write_commit (write, error);
}

static gboolean
note_time (TideStore     *store,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (store, cancellable, error);
  gint64 now = tide_clock_now (tide_store_get_clock (store));

  return write != NULL &&
         tide_setting_rows_set_number (write, LAST_NAME, now, error) &&
         tide_write_commit (write, error);
}

/**
 * tide_retention_prune:
 * @store: what to prune
 * @n_removed: (out) (nullable): how many rows went, not counting what hung on runs
 * @cancellable: (nullable): ends it between two batches, or in one, which is then undone
 *
 * Removes all that the settings do not keep. Blocks; each batch waits for the writer anew. Any thread.
 *
 * Returns: whether all went that had to go
 */
gboolean
tide_retention_prune (TideStore     *store,
                      gint64        *n_removed,
                      GCancellable  *cancellable,
                      GError       **error)
{
  gint64 removed = 0;

  /* Events, logs and changes first: then the runs they hang on are light. */
  for (int kind = 0; kind < TIDE_RETENTION_N_KINDS; kind++)
    {
      TideRetentionStep step = { 0, 0, 0, 0, FALSE };

      if (!plan (store, (TideRetentionKind)kind, &step, cancellable, error))
        return FALSE;
      while (!step.done)
        if (!prune_batch (store, (TideRetentionKind)kind, &step, cancellable, error))
          return FALSE;
      removed += step.removed;
    }
  if (n_removed != NULL)
    *n_removed = removed;
  return note_time (store, cancellable, error);
}

static gpointer
tide_retention_thread (gpointer data)
{
  TideRetention *self = data;
  g_autoptr(GError) error = NULL;
  gint64 removed = 0;

  if (tide_retention_prune (self->store, &removed, self->cancellable, &error))
    g_debug ("pruned: %" G_GINT64_FORMAT " rows", removed);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("pruning what is not kept any more: %s", error->message);
  return NULL;
}

static void tide_retention_plan (TideRetention *self,
                                 gint64         due);

static gboolean
tide_retention_due_cb (gpointer user_data)
{
  TideRetention *self = user_data;

  tide_retention_plan (self, tide_clock_now (tide_store_get_clock (self->store)) + INTERVAL);
  /* The thread of yesterday has long ended. */
  g_clear_pointer (&self->thread, g_thread_join);
  if (self->in_line)
    tide_retention_thread (self);
  else
    self->thread = g_thread_new ("tide-retention", tide_retention_thread, self);
  return G_SOURCE_REMOVE;
}

static void
tide_retention_plan (TideRetention *self,
                     gint64         due)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);

  self->timer = tide_clock_timer_source_new (tide_store_get_clock (self->store), due);
  g_source_set_priority (self->timer, G_PRIORITY_LOW);
  g_source_set_callback (self->timer, tide_retention_due_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

static gint64
read_last (TideStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, &error);
  gint64 last = 0;

  if (read == NULL || !tide_setting_rows_get_number (tide_read_get_database (read), LAST_NAME, &last, &error))
    g_message ("pruning: when it was done last is not known: %s", error->message);
  return last;
}

/**
 * tide_retention_new:
 * @store: what to prune
 * @context: the engine's
 * @in_line: use no thread
 *
 * Returns: (transfer full): a retention that begins when it is due
 */
TideRetention *
tide_retention_new (TideStore    *store,
                    GMainContext *context,
                    gboolean      in_line)
{
  TideRetention *self = g_new0 (TideRetention, 1);
  gint64 now = tide_clock_now (tide_store_get_clock (store));
  gint64 last = read_last (store);

  self->store = g_object_ref (store);
  self->context = g_main_context_ref (context);
  self->in_line = in_line;
  self->cancellable = g_cancellable_new ();
  /* A time that has not come yet is one before the clock was set back. */
  tide_retention_plan (self, last > now ? now : MAX (last + INTERVAL, now));
  return self;
}

/**
 * tide_retention_free:
 * @self: (transfer full): a retention; what it is at is undone. Blocks for that, shortly
 */
void
tide_retention_free (TideRetention *self)
{
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->thread, g_thread_join);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_object_unref (self->store);
  g_free (self);
}
