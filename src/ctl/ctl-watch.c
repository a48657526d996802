/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-progress.h"
#include "ctl-run.h"
#include "ctl-watch.h"

struct _CtlWatch
{
  Ctl         *ctl;
  TideEngine  *engine;        /* (owned) */
  CtlProgress *progress;      /* (owned) */
  GMainLoop   *loop;          /* (owned) */
  GHashTable  *open;          /* (owned): id → TideRun, as it was when it was last told of; of those that go on */
  GPtrArray   *rehearsed;     /* (owned): dry runs that have ended */
  TideCounts   counts;
  guint        n_ended;
  guint        n_failed;
  guint        n_stopped;
  guint        n_halted;
  gboolean     remote;        /* they go in another process */
  gboolean     looking;       /* what has become of them is going to be looked at */
  gboolean     lost;          /* the other process has gone */
};

static gboolean
ctl_watch_has (CtlWatch   *self,
               const char *sync_id)
{
  return g_hash_table_contains (self->open, sync_id);
}

static void
ctl_watch_close (CtlWatch      *self,
                 const TideRun *run)
{
  g_hash_table_remove (self->open, run->sync_id);
  if (g_hash_table_size (self->open) == 0)
    g_main_loop_quit (self->loop);
}

static void
ctl_watch_end (CtlWatch   *self,
               TideRun    *run,
               const char *event)
{
  g_autoptr(TideRun) keep = tide_run_ref (run);

  if (!ctl_watch_has (self, run->sync_id))
    return;
  ctl_progress_end (self->progress, run, event);
  tide_counts_add (&self->counts, &run->counts);
  self->n_ended++;
  if (run->status == TIDE_RUN_FAILED)
    self->n_failed++;
  else if (run->status != TIDE_RUN_COMPLETED)
    self->n_stopped++;
  else if (run->dry_run)
    g_ptr_array_add (self->rehearsed, tide_run_ref (run));
  ctl_watch_close (self, run);
}

static void
started_cb (TideEngine *engine,
            TideRun    *run,
            CtlWatch   *self)
{
  if (ctl_watch_has (self, run->sync_id))
    ctl_progress_start (self->progress, run);
}

static void
progress_cb (TideEngine      *engine,
             TideRunProgress *progress,
             CtlWatch        *self)
{
  if (ctl_watch_has (self, progress->sync_id))
    ctl_progress_update (self->progress, progress);
}

static void
completed_cb (TideEngine *engine,
              TideRun    *run,
              CtlWatch   *self)
{
  ctl_watch_end (self, run, "sync-completed");
}

static void
error_cb (TideEngine *engine,
          TideRun    *run,
          CtlWatch   *self)
{
  ctl_watch_end (self, run, "sync-error");
}

static void
cancelled_cb (TideEngine *engine,
              TideRun    *run,
              CtlWatch   *self)
{
  ctl_watch_end (self, run, "sync-cancelled");
}

/* It goes on when somebody says so, which may be never: nothing to wait for. */
static void
ctl_watch_halt (CtlWatch *self,
                TideRun  *run)
{
  ctl_progress_end (self->progress, run, run->status == TIDE_RUN_PAUSED ? "sync-paused" : "sync-awaiting-approval");
  self->n_halted++;
  ctl_watch_close (self, run);
}

/* @before: as it was when it was last told of */
static void
ctl_watch_look_at (CtlWatch      *self,
                   const TideRun *before,
                   TideRun       *run)
{
  if (run->status == TIDE_RUN_PAUSED || run->status == TIDE_RUN_AWAITING_APPROVAL)
    ctl_watch_halt (self, run);
  else if (run->status == TIDE_RUN_PENDING && run->due_at != 0 && run->due_at != before->due_at)
    {
      ctl_progress_retry (self->progress, run);
      g_hash_table_replace (self->open, g_strdup (run->sync_id), tide_run_ref (run));
    }
}

/* Returns: (transfer full): those that go on, as runs may leave the table while they are looked at */
static GPtrArray *
ctl_watch_list (CtlWatch *self)
{
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  GHashTableIter iter;
  gpointer run;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &run))
    g_ptr_array_add (runs, tide_run_ref (run));
  return runs;
}

/* Some states of the queue have no signal of their own. */
static gboolean
look_cb (gpointer user_data)
{
  CtlWatch *self = user_data;
  g_autoptr(GPtrArray) runs = ctl_watch_list (self);

  self->looking = FALSE;
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *before = g_ptr_array_index (runs, i);
      /* A workspace that cannot be read just now can be later: this is asked again. */
      g_autoptr(TideRun) run = tide_engine_get_run (self->engine, before->sync_id, NULL);

      if (run != NULL)
        ctl_watch_look_at (self, before, run);
    }
  return G_SOURCE_REMOVE;
}

static void
queue_updated_cb (TideEngine *engine,
                  CtlWatch   *self)
{
  if (self->remote && !tide_engine_is_following (engine))
    {
      self->lost = TRUE;
      g_main_loop_quit (self->loop);
    }
  else if (!self->looking)
    {
      self->looking = TRUE;
      g_idle_add (look_cb, self);
    }
}

/* On the main thread: Ctrl+C was pressed. */
static gboolean
stop_cb (gpointer user_data)
{
  CtlWatch *self = user_data;
  g_autoptr(GPtrArray) runs = ctl_watch_list (self);

  ctl_progress_say (self->progress, _("Stopping. What was read is kept; Ctrl+C again quits at once."));
  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);
      g_autoptr(GError) error = NULL;

      if (!tide_engine_cancel_run (self->engine, run->sync_id, "owner", &error) &&
          !g_error_matches (error, TIDE_ERROR, TIDE_ERROR_CONFLICT))
        ctl_progress_say (self->progress, error->message);
    }
  return G_SOURCE_REMOVE;
}

/* On the thread that hears of signals. */
static void
interrupted_cb (GCancellable *cancellable,
                CtlWatch     *self)
{
  g_idle_add (stop_cb, self);
}

/**
 * ctl_watch_new:
 * @engine: the owner's, or one that follows it
 *
 * Returns: (transfer full): a watch over no runs yet
 */
CtlWatch *
ctl_watch_new (Ctl        *ctl,
               TideEngine *engine)
{
  CtlWatch *self = g_new0 (CtlWatch, 1);

  self->ctl = ctl;
  self->engine = g_object_ref (engine);
  self->progress = ctl_progress_new (ctl);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_run_unref);
  self->rehearsed = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  self->remote = tide_engine_is_following (engine);
  g_signal_connect (engine, "sync-started", G_CALLBACK (started_cb), self);
  g_signal_connect (engine, "sync-progress", G_CALLBACK (progress_cb), self);
  g_signal_connect (engine, "sync-completed", G_CALLBACK (completed_cb), self);
  g_signal_connect (engine, "sync-error", G_CALLBACK (error_cb), self);
  g_signal_connect (engine, "sync-cancelled", G_CALLBACK (cancelled_cb), self);
  g_signal_connect (engine, "queue-updated", G_CALLBACK (queue_updated_cb), self);
  return self;
}

void
ctl_watch_free (CtlWatch *self)
{
  while (g_idle_remove_by_data (self))
    ;
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_object_unref (self->engine);
  ctl_progress_free (self->progress);
  g_main_loop_unref (self->loop);
  g_hash_table_unref (self->open);
  g_ptr_array_unref (self->rehearsed);
  g_free (self);
}

/**
 * ctl_watch_add:
 * @run: as it was asked for. It may be over already: asked for earlier, under the same key
 */
void
ctl_watch_add (CtlWatch *self,
               TideRun  *run)
{
  if (ctl_watch_has (self, run->sync_id))
    return;
  g_hash_table_insert (self->open, g_strdup (run->sync_id), tide_run_ref (run));
  if (run->status == TIDE_RUN_COMPLETED)
    ctl_watch_end (self, run, "sync-completed");
  else if (tide_run_is_over (run))
    ctl_watch_end (self, run, run->status == TIDE_RUN_FAILED ? "sync-error" : "sync-cancelled");
  else if (run->status == TIDE_RUN_PAUSED || run->status == TIDE_RUN_AWAITING_APPROVAL)
    ctl_watch_halt (self, run);
}

/* What a dry run would have changed: for programs all of it, for people where to find it. */
static gboolean
ctl_watch_report_changes (CtlWatch  *self,
                          GError   **error)
{
  for (guint i = 0; i < self->rehearsed->len; i++)
    {
      const TideRun *run = g_ptr_array_index (self->rehearsed, i);

      if (run->counts.created + run->counts.updated + run->counts.deleted == 0)
        continue;
      if (self->ctl->json && !ctl_run_print_changes (self->ctl, self->engine, run, "would-change", error))
        return FALSE;
      ctl_note (self->ctl, _("What would change in %s: “tidemarkctl show %s --changes”."), run->stream, run->sync_id);
    }
  return TRUE;
}

static void
ctl_watch_advise (CtlWatch *self)
{
  if (self->ctl->json)
    return;
  if (self->n_failed > 0)
    g_printerr ("%s\n", _("What failed goes on where it stopped when it is synced again; "
                          "“tidemarkctl runs” and “show RUN” tell more."));
  else if (self->n_halted > 0)
    g_printerr ("%s\n", _("What was halted waits: for a decision (“tidemarkctl approvals”, “approve”, “refuse”) "
                          "or for “tidemarkctl resume”."));
  else if (self->counts.failed > 0)
    g_printerr ("%s\n", _("The records that could not be read were put aside; “tidemarkctl show RUN” tells why."));
}

static int
ctl_watch_report (CtlWatch *self)
{
  g_autofree char *counts = ctl_counts_describe (&self->counts);
  g_autoptr(GError) error = NULL;

  if (self->n_ended > 1)
    ctl_note (self->ctl, ngettext ("%d stream: %s.", "%d streams: %s.", self->n_ended), (int)self->n_ended, counts);
  if (!ctl_watch_report_changes (self, &error))
    return ctl_fail (self->ctl, error);
  ctl_watch_advise (self);
  if (g_cancellable_is_cancelled (self->ctl->cancellable))
    return CTL_INTERRUPTED;
  if (self->n_failed > 0 || self->n_stopped > 0 || self->n_halted > 0)
    return CTL_FAILED;
  return self->counts.failed > 0 ? CTL_PARTLY : CTL_DONE;
}

static int
ctl_watch_report_lost (CtlWatch *self)
{
  g_autoptr(GError) error = NULL;

  self->ctl->advice = _("What it had read is kept. “tidemarkctl queue” shows what waits; it goes on with the next program "
                        "that syncs.");
  g_set_error (&error, TIDE_ERROR, TIDE_ERROR_BUSY, "%s", _("the program that was syncing has ended in the middle"));
  return ctl_fail (self->ctl, error);
}

/**
 * ctl_watch_run:
 *
 * Shows how the runs go, until the last has ended.
 *
 * Returns: the exit status for it
 */
int
ctl_watch_run (CtlWatch *self)
{
  gulong handler = g_cancellable_connect (self->ctl->cancellable, G_CALLBACK (interrupted_cb), self, NULL);

  if (g_hash_table_size (self->open) > 0)
    g_main_loop_run (self->loop);
  g_cancellable_disconnect (self->ctl->cancellable, handler);
  return self->lost ? ctl_watch_report_lost (self) : ctl_watch_report (self);
}
