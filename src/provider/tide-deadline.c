/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "tide-deadline.h"

struct _TideWatchdog
{
  GMainContext *context;   /* (owned) */
  GMainLoop    *loop;      /* (owned) */
  GThread      *thread;    /* (owned) */
};

struct _TideDeadline
{
  gatomicrefcount  ref_count;
  GSource         *source;        /* (owned) */
  GCancellable    *inner;         /* (owned) */
  GCancellable    *outer;         /* (owned) (nullable) */
  gulong           handler;
  gint64           idle;
  gint64           total_due;
  gint64           touched;       /* (atomic) */
  int              verdict;       /* (atomic) */
};

static void
tide_deadline_unref (TideDeadline *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->inner);
  g_clear_object (&self->outer);
  g_free (self);
}

static gint64
tide_deadline_get_due (TideDeadline        *self,
                       TideDeadlineVerdict *verdict)
{
  gint64 idle_due = __atomic_load_n (&self->touched, __ATOMIC_ACQUIRE) + self->idle;

  *verdict = idle_due < self->total_due ? TIDE_DEADLINE_IDLE : TIDE_DEADLINE_TOTAL;
  return MIN (idle_due, self->total_due);
}

static gboolean
tide_deadline_ready_cb (gpointer user_data)
{
  TideDeadline *self = user_data;
  TideDeadlineVerdict verdict;
  gint64 due = tide_deadline_get_due (self, &verdict);

  if (g_get_monotonic_time () < due)
    {
      /* Bytes have come since: a touch only notes the time, the source catches up here. */
      g_source_set_ready_time (self->source, due);
      return G_SOURCE_CONTINUE;
    }
  g_atomic_int_set (&self->verdict, verdict);
  g_cancellable_cancel (self->inner);
  g_source_set_ready_time (self->source, -1);
  return G_SOURCE_CONTINUE;
}

static void
tide_deadline_outer_cancelled_cb (GCancellable *outer,
                                  gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static gboolean
dispatch_source (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs deadline_funcs = { NULL, NULL, dispatch_source, NULL, NULL, NULL };

/**
 * tide_deadline_new:
 * @cancellable: (nullable): the caller's own
 *
 * Starts counting now.
 *
 * Returns: (transfer full): a deadline, to be freed when the exchange is over
 */
TideDeadline *
tide_deadline_new (TideWatchdog *watchdog,
                   guint         idle_seconds,
                   guint         total_seconds,
                   GCancellable *cancellable)
{
  TideDeadline *self = g_new0 (TideDeadline, 1);
  TideDeadlineVerdict verdict;

  g_atomic_ref_count_init (&self->ref_count);
  g_atomic_ref_count_inc (&self->ref_count);
  self->touched = g_get_monotonic_time ();
  self->idle = idle_seconds * G_USEC_PER_SEC;
  self->total_due = self->touched + total_seconds * G_USEC_PER_SEC;
  self->inner = g_cancellable_new ();
  self->source = g_source_new (&deadline_funcs, sizeof (GSource));
  g_source_set_callback (self->source, tide_deadline_ready_cb, self, (GDestroyNotify)tide_deadline_unref);
  g_source_set_ready_time (self->source, tide_deadline_get_due (self, &verdict));
  g_source_attach (self->source, watchdog->context);
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->handler = g_cancellable_connect (cancellable, G_CALLBACK (tide_deadline_outer_cancelled_cb),
                                             g_object_ref (self->inner), g_object_unref);
    }
  return self;
}

/**
 * tide_deadline_get_cancellable:
 *
 * Returns: (transfer none): what the blocking calls are to be given
 */
GCancellable *
tide_deadline_get_cancellable (TideDeadline *self)
{
  return self->inner;
}

/* Some bytes have come. Cheap: called for every read. */
void
tide_deadline_touch (TideDeadline *self)
{
  __atomic_store_n (&self->touched, g_get_monotonic_time (), __ATOMIC_RELEASE);
}

TideDeadlineVerdict
tide_deadline_get_verdict (TideDeadline *self)
{
  return g_atomic_int_get (&self->verdict);
}

void
tide_deadline_free (TideDeadline *self)
{
  GSource *source = self->source;

  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->handler);
  /* The callback may be running just now; it holds the source's reference until it returns. */
  g_source_destroy (source);
  g_source_unref (source);
  tide_deadline_unref (self);
}

static gpointer
tide_watchdog_thread (gpointer user_data)
{
  TideWatchdog *self = user_data;

  g_main_loop_run (self->loop);
  return NULL;
}

TideWatchdog *
tide_watchdog_new (void)
{
  TideWatchdog *self = g_new0 (TideWatchdog, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("tide-watchdog", tide_watchdog_thread, self);
  return self;
}

static gboolean
tide_watchdog_quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

void
tide_watchdog_free (TideWatchdog *self)
{
  GSource *source = g_idle_source_new ();

  /* Through a source, so that it also works if the loop has not begun to run yet. */
  g_source_set_callback (source, tide_watchdog_quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}
