/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-glance.h"
#include "tide-live.h"
#include "tide-time.h"

#define GATHER_MS 200                 /* events that come this close together are one question */

struct _TideLive
{
  GObject       parent_instance;

  TideEngine   *engine;       /* (owned) */
  GTimeZone    *zone;         /* (owned): this computer's */
  GPtrArray    *statuses;     /* (owned) (nullable): until first loaded */
  GPtrArray    *planned;      /* (owned) */
  GPtrArray    *venues;       /* (owned) */
  GPtrArray    *connections;  /* (owned) */
  GPtrArray    *providers;    /* (owned) */
  TideAttention *attention;   /* (owned): of the same moment as the statuses */
  GHashTable   *running;      /* (owned): sync id to TideRun */
  GHashTable   *begun;        /* (owned): sync ids of those that began since the question was asked */
  GHashTable   *progress;     /* (owned): sync id to TideRunProgress */
  GError       *error;        /* (owned) (nullable): why the last question was not answered */
  GCancellable *cancellable;  /* (owned) (nullable): of the question being asked */
  gint64        venue_id;
  guint         gather_id;
  guint         minute_id;
  gboolean      active;
};

G_DEFINE_FINAL_TYPE (TideLive, tide_live, G_TYPE_OBJECT)

enum
{
  CHANGED,
  PROGRESS,
  RUNS_CHANGED,
  RUN_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_gone_cb (gpointer sync_id,
            gpointer run,
            gpointer user_data)
{
  TideLive *self = user_data;
  GPtrArray *going = self->attention->going;

  for (guint i = 0; i < going->len; i++)
    if (g_str_equal (((TideRun *)g_ptr_array_index (going, i))->sync_id, sync_id))
      return FALSE;
  return !g_hash_table_contains (self->begun, sync_id);
}

/* A run that is paused, halts or waits for its next try has not ended: that it does not go any more is only to be
 * seen in the queue. */
static void
tide_live_forget_gone (TideLive *self)
{
  guint n = g_hash_table_foreach_remove (self->running, is_gone_cb, self);

  g_hash_table_foreach_remove (self->progress, is_gone_cb, self);
  if (n > 0)
    g_signal_emit (self, signals[RUNS_CHANGED], 0);
}

static void
tide_live_take (TideLive   *self,
                TideGlance *glance)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->statuses, g_ptr_array_unref);
  g_clear_pointer (&self->planned, g_ptr_array_unref);
  g_clear_pointer (&self->venues, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->attention, tide_attention_unref);
  self->statuses = g_steal_pointer (&glance->statuses);
  self->planned = g_steal_pointer (&glance->planned);
  self->venues = g_steal_pointer (&glance->venues);
  self->connections = g_steal_pointer (&glance->connections);
  self->attention = g_steal_pointer (&glance->attention);
  tide_live_forget_gone (self);
  if (self->venue_id != 0 && tide_live_find_venue (self, self->venue_id) == NULL)
    self->venue_id = 0;
}

static void
tide_live_looked_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(TideLive) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideGlance) glance = tide_glance_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (glance != NULL)
    tide_live_take (self, glance);
  else
    {
      g_warning ("looking at the workspace: %s", error->message);
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&error);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tide_live_refresh:
 *
 * Asks the engine anew, at once; an older question is dropped.
 */
void
tide_live_refresh (TideLive *self)
{
  g_clear_handle_id (&self->gather_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_hash_table_remove_all (self->begun);
  tide_glance_load_async (self->engine, tide_live_get_now (self), self->zone, self->cancellable,
                          tide_live_looked_cb, g_object_ref (self));
}

static gboolean
tide_live_gathered_cb (gpointer user_data)
{
  TideLive *self = user_data;

  self->gather_id = 0;
  if (self->cancellable != NULL)
    {
      /* A question is under way: asking again now would drop it, and in a busy time none would be answered. */
      self->gather_id = g_timeout_add (GATHER_MS, tide_live_gathered_cb, self);
      return G_SOURCE_REMOVE;
    }
  tide_live_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
tide_live_gather (TideLive *self)
{
  /* A window that is not to be seen asks when it comes back. */
  if (self->active && self->gather_id == 0)
    self->gather_id = g_timeout_add (GATHER_MS, tide_live_gathered_cb, self);
}

static gboolean tide_live_minute_cb (gpointer user_data);

static void
tide_live_await_minute (TideLive *self)
{
  gint64 left = TIDE_MINUTE - tide_live_get_now (self) % TIDE_MINUTE;

  g_clear_handle_id (&self->minute_id, g_source_remove);
  self->minute_id = g_timeout_add ((guint)(left / 1000) + 20, tide_live_minute_cb, self);
}

static gboolean
tide_live_minute_cb (gpointer user_data)
{
  TideLive *self = user_data;

  self->minute_id = 0;
  tide_live_await_minute (self);
  g_signal_emit (self, signals[CHANGED], 0);
  tide_live_gather (self);
  return G_SOURCE_REMOVE;
}

static void
tide_live_started_cb (TideLive *self,
                      TideRun  *run)
{
  g_hash_table_replace (self->running, g_strdup (run->sync_id), tide_run_ref (run));
  g_hash_table_add (self->begun, g_strdup (run->sync_id));
  g_signal_emit (self, signals[RUNS_CHANGED], 0);
  tide_live_gather (self);
}

static void
tide_live_progress_cb (TideLive        *self,
                       TideRunProgress *progress)
{
  g_hash_table_replace (self->progress, g_strdup (progress->sync_id), tide_run_progress_ref (progress));
  if (self->active)
    g_signal_emit (self, signals[PROGRESS], 0, progress);
}

static void
tide_live_ended_cb (TideLive *self,
                    TideRun  *run)
{
  g_hash_table_remove (self->running, run->sync_id);
  g_hash_table_remove (self->progress, run->sync_id);
  g_signal_emit (self, signals[RUN_ENDED], 0, run);
  g_signal_emit (self, signals[RUNS_CHANGED], 0);
  tide_live_gather (self);
}

static void
tide_live_queue_updated_cb (TideLive *self)
{
  g_signal_emit (self, signals[RUNS_CHANGED], 0);
  tide_live_gather (self);
}

static void
tide_live_dispose (GObject *object)
{
  TideLive *self = TIDE_LIVE (object);

  g_clear_handle_id (&self->gather_id, g_source_remove);
  g_clear_handle_id (&self->minute_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (tide_live_parent_class)->dispose (object);
}

static void
tide_live_finalize (GObject *object)
{
  TideLive *self = TIDE_LIVE (object);

  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->statuses, g_ptr_array_unref);
  g_clear_pointer (&self->planned, g_ptr_array_unref);
  g_clear_pointer (&self->venues, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->providers, g_ptr_array_unref);
  g_clear_pointer (&self->attention, tide_attention_unref);
  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_pointer (&self->begun, g_hash_table_unref);
  g_clear_pointer (&self->progress, g_hash_table_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_live_parent_class)->finalize (object);
}

static void
tide_live_class_init (TideLiveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_live_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_live_finalize;

  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", TIDE_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, TIDE_TYPE_RUN_PROGRESS);
  signals[RUNS_CHANGED] = g_signal_new ("runs-changed", TIDE_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RUN_ENDED] = g_signal_new ("run-ended", TIDE_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, TIDE_TYPE_RUN);
}

static void
tide_live_init (TideLive *self)
{
  self->zone = g_time_zone_new_local ();
  self->planned = g_ptr_array_new ();
  self->venues = g_ptr_array_new ();
  self->connections = g_ptr_array_new ();
  self->attention = tide_attention_new ();
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_run_unref);
  self->begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->progress = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_run_progress_unref);
}

static void
tide_live_connect (TideLive   *self,
                   const char *signal,
                   GCallback   callback)
{
  g_signal_connect_object (self->engine, signal, callback, self, G_CONNECT_SWAPPED);
}

/**
 * tide_live_new:
 * @engine: what to watch
 *
 * Returns: (transfer full): a watcher, not yet active
 */
TideLive *
tide_live_new (TideEngine *engine)
{
  TideLive *self = g_object_new (TIDE_TYPE_LIVE, NULL);

  self->engine = g_object_ref (engine);
  self->providers = tide_engine_list_providers (engine);
  tide_live_connect (self, "sync-started", G_CALLBACK (tide_live_started_cb));
  tide_live_connect (self, "sync-progress", G_CALLBACK (tide_live_progress_cb));
  tide_live_connect (self, "sync-completed", G_CALLBACK (tide_live_ended_cb));
  tide_live_connect (self, "sync-error", G_CALLBACK (tide_live_ended_cb));
  tide_live_connect (self, "sync-cancelled", G_CALLBACK (tide_live_ended_cb));
  tide_live_connect (self, "queue-updated", G_CALLBACK (tide_live_queue_updated_cb));
  tide_live_connect (self, "connections-changed", G_CALLBACK (tide_live_gather));
  tide_live_connect (self, "connection-health-changed", G_CALLBACK (tide_live_gather));
  tide_live_connect (self, "attention-changed", G_CALLBACK (tide_live_gather));
  tide_live_connect (self, "schedule-changed", G_CALLBACK (tide_live_gather));
  return self;
}

TideEngine *
tide_live_get_engine (TideLive *self)
{
  return self->engine;
}

/**
 * tide_live_get_statuses:
 *
 * Returns: (transfer none) (nullable) (element-type TideStreamStatus): all streams, %NULL while
 *    they have never been loaded
 */
GPtrArray *
tide_live_get_statuses (TideLive *self)
{
  return self->statuses;
}

/**
 * tide_live_get_attention:
 *
 * Returns: (transfer none): what there is to look at or to decide; empty while it has never been loaded
 */
TideAttention *
tide_live_get_attention (TideLive *self)
{
  return self->attention;
}

/**
 * tide_live_get_planned:
 *
 * Returns: (transfer none) (element-type TidePlannedRun): what is due in the next two hours
 */
GPtrArray *
tide_live_get_planned (TideLive *self)
{
  return self->planned;
}

/**
 * tide_live_get_error:
 *
 * Returns: (nullable): why the last look failed
 */
const GError *
tide_live_get_error (TideLive *self)
{
  return self->error;
}

gint64
tide_live_get_now (TideLive *self)
{
  return tide_clock_now (tide_engine_get_clock (self->engine));
}

GTimeZone *
tide_live_get_zone (TideLive *self)
{
  return self->zone;
}

GPtrArray *
tide_live_get_venues (TideLive *self)
{
  return self->venues;
}

GPtrArray *
tide_live_get_connections (TideLive *self)
{
  return self->connections;
}

/**
 * tide_live_find_venue:
 *
 * Returns: (transfer none) (nullable): the venue of that id
 */
TideVenue *
tide_live_find_venue (TideLive *self,
                      gint64    venue_id)
{
  for (guint i = 0; i < self->venues->len; i++)
    {
      TideVenue *venue = g_ptr_array_index (self->venues, i);

      if (venue->id == venue_id)
        return venue;
    }
  return NULL;
}

/**
 * tide_live_find_connection:
 *
 * Returns: (transfer none) (nullable): the connection of that id
 */
TideConnection *
tide_live_find_connection (TideLive *self,
                           gint64    connection_id)
{
  for (guint i = 0; i < self->connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->id == connection_id)
        return connection;
    }
  return NULL;
}

/**
 * tide_live_find_provider:
 * @provider: id of a manifest
 *
 * Returns: (transfer none) (nullable): what that manifest says; %NULL when it is not here any more
 */
TideProviderInfo *
tide_live_find_provider (TideLive   *self,
                         const char *provider)
{
  for (guint i = 0; i < self->providers->len; i++)
    {
      TideProviderInfo *info = g_ptr_array_index (self->providers, i);

      if (g_strcmp0 (info->id, provider) == 0)
        return info;
    }
  return NULL;
}

gint64
tide_live_get_venue_id (TideLive *self)
{
  return self->venue_id;
}

/**
 * tide_live_set_venue_id:
 * @venue_id: only show this venue, 0 = all
 */
void
tide_live_set_venue_id (TideLive *self,
                        gint64    venue_id)
{
  if (self->venue_id == venue_id)
    return;
  self->venue_id = venue_id;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tide_live_find_running:
 * @stream: (nullable): %NULL = any of the connection's
 *
 * Returns: (transfer none) (nullable): a run that is going there
 */
TideRun *
tide_live_find_running (TideLive   *self,
                        gint64      connection_id,
                        const char *stream)
{
  GHashTableIter iter;
  gpointer run;

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &run))
    if (((TideRun *)run)->connection_id == connection_id
        && (stream == NULL || g_strcmp0 (((TideRun *)run)->stream, stream) == 0))
      return run;
  return NULL;
}

/**
 * tide_live_list_running:
 *
 * Returns: (transfer container) (element-type TideRun): all runs that are going
 */
GPtrArray *
tide_live_list_running (TideLive *self)
{
  GPtrArray *runs = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer run;

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &run))
    g_ptr_array_add (runs, run);
  return runs;
}

/**
 * tide_live_find_progress:
 *
 * Returns: (transfer none) (nullable): where that run stands
 */
TideRunProgress *
tide_live_find_progress (TideLive   *self,
                         const char *sync_id)
{
  return g_hash_table_lookup (self->progress, sync_id);
}

/**
 * tide_live_is_syncing:
 *
 * Returns: whether any run is going or waits for its turn
 */
gboolean
tide_live_is_syncing (TideLive *self)
{
  return !tide_engine_is_idle (self->engine);
}

/**
 * tide_live_set_active:
 * @active: whether there is anybody to see it
 *
 * A hidden window costs nothing: no timer, no question.
 */
void
tide_live_set_active (TideLive *self,
                      gboolean  active)
{
  if (self->active == active)
    return;
  self->active = active;
  if (!active)
    {
      g_clear_handle_id (&self->minute_id, g_source_remove);
      g_clear_handle_id (&self->gather_id, g_source_remove);
      return;
    }
  tide_live_await_minute (self);
  tide_live_refresh (self);
}
