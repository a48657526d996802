/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-progress.h"
#include "ctl-run.h"
#include "ctl.h"
#include "tide-error.h"

static char *option_mode;
static gboolean option_dry_run;

static const GOptionEntry sync_entries[] = {
  { "mode", 0, 0, G_OPTION_ARG_STRING, &option_mode, N_("incremental (default): what has changed; full: everything, which also finds deletions"), N_("MODE") },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &option_dry_run, N_("Do all but the writing, and say what would change"), NULL },
  { NULL }
};

/* A sync in the foreground: some runs, until the last has ended. */
typedef struct
{
  Ctl         *ctl;
  TideEngine  *engine;
  CtlProgress *progress;
  GMainLoop   *loop;
  GHashTable  *open;          /* (owned): ids of the runs that have not ended */
  TideCounts   counts;
  guint        n_ended;
  guint        n_failed;
  guint        n_stopped;
} Sync;

static gboolean
sync_has (Sync          *self,
          const TideRun *run)
{
  return g_hash_table_contains (self->open, run->sync_id);
}

static void
sync_started_cb (TideEngine *engine,
                 TideRun    *run,
                 Sync       *self)
{
  if (sync_has (self, run))
    ctl_progress_start (self->progress, run);
}

static void
sync_progress_cb (TideEngine      *engine,
                  TideRunProgress *progress,
                  Sync            *self)
{
  if (g_hash_table_contains (self->open, progress->sync_id))
    ctl_progress_update (self->progress, progress);
}

static void
sync_end (Sync          *self,
          const TideRun *run,
          const char    *event)
{
  if (!sync_has (self, run))
    return;
  ctl_progress_end (self->progress, run, event);
  tide_counts_add (&self->counts, &run->counts);
  self->n_ended++;
  if (run->status == TIDE_RUN_FAILED)
    self->n_failed++;
  else if (run->status != TIDE_RUN_COMPLETED)
    self->n_stopped++;

  g_hash_table_remove (self->open, run->sync_id);
  if (g_hash_table_size (self->open) == 0)
    g_main_loop_quit (self->loop);
}

static void
sync_completed_cb (TideEngine *engine,
                   TideRun    *run,
                   Sync       *self)
{
  sync_end (self, run, "sync-completed");
}

static void
sync_error_cb (TideEngine *engine,
               TideRun    *run,
               Sync       *self)
{
  sync_end (self, run, "sync-error");
}

static void
sync_cancelled_cb (TideEngine *engine,
                   TideRun    *run,
                   Sync       *self)
{
  sync_end (self, run, "sync-cancelled");
}

/* On the main thread: Ctrl+C was pressed. */
static gboolean
sync_stop_cb (gpointer user_data)
{
  Sync *self = user_data;

  ctl_progress_say (self->progress, _("Stopping. What was read is kept; Ctrl+C again quits at once."));
  tide_engine_cancel_all (self->engine);
  return G_SOURCE_REMOVE;
}

/* Requests runs for one entity or stream, or with %NULL for all. */
static gboolean
sync_request (Sync                  *self,
              const TideConnection  *connection,
              const char            *stream,
              TideRunMode            mode,
              GError               **error)
{
  TideRunRequest request = {
    .connection_id = connection->id,
    .stream = stream,
    .mode = mode,
    .dry_run = option_dry_run,
    .requested_by = "owner",
  };
  g_autoptr(GPtrArray) runs = tide_engine_request_run (self->engine, &request, error);

  if (runs == NULL)
    return FALSE;
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);

      g_hash_table_add (self->open, g_strdup (run->sync_id));
    }
  return TRUE;
}

/* All that was asked for has to be there, before any of it begins. */
static gboolean
check_entities (TideEngine            *engine,
                const TideConnection  *connection,
                char                 **entities,
                GError               **error)
{
  g_autoptr(TideProviderInfo) info = tide_engine_find_provider (engine, connection->provider, error);

  if (info == NULL)
    return FALSE;
  for (gsize i = 0; entities[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < info->streams->len && !found; j++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (info->streams, j);

          found = g_str_equal (stream->name, entities[i]) || g_str_equal (stream->entity, entities[i]);
        }
      if (found)
        continue;
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, _("%s brings no “%s”"), connection->name, entities[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
sync_request_all (Sync         *self,
                  char        **args,
                  TideRunMode   mode,
                  GError      **error)
{
  g_autoptr(TideConnection) connection = tide_engine_find_connection (self->engine, args[0], error);

  if (connection == NULL || !check_entities (self->engine, connection, args + 1, error))
    return FALSE;
  if (args[1] == NULL)
    return sync_request (self, connection, NULL, mode, error);
  for (gsize i = 1; args[i] != NULL; i++)
    if (!sync_request (self, connection, args[i], mode, error))
      return FALSE;
  return TRUE;
}

static int
sync_get_status (Sync *self)
{
  if (g_cancellable_is_cancelled (self->ctl->cancellable))
    return CTL_INTERRUPTED;
  if (self->n_failed > 0 || self->n_stopped > 0)
    return CTL_FAILED;
  return self->counts.failed > 0 ? CTL_PARTLY : CTL_DONE;
}

static void
sync_report (Sync *self)
{
  g_autofree char *counts = ctl_counts_describe (&self->counts);

  if (self->n_ended > 1)
    ctl_note (self->ctl, ngettext ("%d stream: %s.", "%d streams: %s.", self->n_ended), (int)self->n_ended, counts);
  if (self->ctl->json)
    return;
  if (self->n_failed > 0)
    g_printerr ("%s\n", _("What failed goes on where it stopped when it is synced again; "
                          "“tidemarkctl runs” and “show RUN” tell more."));
  else if (self->counts.failed > 0)
    g_printerr ("%s\n", _("The records that could not be read were put aside; “tidemarkctl show RUN” tells why."));
}

static void
cancelled_cb (GCancellable *cancellable,
              Sync         *self)
{
  g_idle_add (sync_stop_cb, self);
}

static void
sync_connect_signals (Sync *self)
{
  g_signal_connect (self->engine, "sync-started", G_CALLBACK (sync_started_cb), self);
  g_signal_connect (self->engine, "sync-progress", G_CALLBACK (sync_progress_cb), self);
  g_signal_connect (self->engine, "sync-completed", G_CALLBACK (sync_completed_cb), self);
  g_signal_connect (self->engine, "sync-error", G_CALLBACK (sync_error_cb), self);
  g_signal_connect (self->engine, "sync-cancelled", G_CALLBACK (sync_cancelled_cb), self);
}

static int
sync_until_ended (Ctl         *ctl,
                  TideEngine  *engine,
                  char       **args,
                  TideRunMode  mode)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(CtlProgress) progress = ctl_progress_new (ctl);
  g_autoptr(GHashTable) open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) error = NULL;
  Sync sync = { .ctl = ctl, .engine = engine, .progress = progress, .loop = loop, .open = open };
  gulong handler;

  sync_connect_signals (&sync);
  if (!sync_request_all (&sync, args, mode, &error))
    {
      g_signal_handlers_disconnect_by_data (engine, &sync);
      return ctl_fail (ctl, error);
    }

  handler = g_cancellable_connect (ctl->cancellable, G_CALLBACK (cancelled_cb), &sync, NULL);
  if (g_hash_table_size (open) > 0)
    g_main_loop_run (loop);
  g_cancellable_disconnect (ctl->cancellable, handler);
  g_idle_remove_by_data (&sync);
  g_signal_handlers_disconnect_by_data (engine, &sync);

  sync_report (&sync);
  return sync_get_status (&sync);
}

static int
sync_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  TideRunMode mode = TIDE_RUN_MODE_INCREMENTAL;
  int status;

  if (option_mode != NULL && !tide_run_mode_from_name (option_mode, &mode))
    return ctl_usage (ctl, _("--mode %s: is neither full nor incremental"), option_mode);
  engine = ctl_open (ctl, TIDE_ENGINE_NONE, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  status = sync_until_ended (ctl, engine, args, mode);
  tide_engine_close (engine);
  return status;
}

const CtlCommand ctl_sync_commands[] = {
  { "sync", N_("CONNECTION [ENTITY]…"), N_("Bring a connection's records here"), sync_entries, 1, -1, sync_run },
  { NULL }
};
