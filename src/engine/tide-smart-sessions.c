/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-smart-sessions.h"

struct _TideSmartSessions
{
  TideClock             *clock;     /* (owned) */
  TideSmartSessionsFunc  timed_out;
  gpointer               user_data;
  GMainContext          *context;   /* (owned) */
  GHashTable            *sessions;  /* (owned): id → instant of the last sign of life */
  GSource               *timer;     /* (owned) (nullable): set to when the first of them is given up */
};

static void
tide_smart_sessions_disarm (TideSmartSessions *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* A clock that was set back must not keep anybody waiting for longer. */
static gboolean
is_over (gpointer key,
         gpointer value,
         gpointer user_data)
{
  gint64 last = *(const gint64 *)value;
  gint64 now = *(const gint64 *)user_data;

  return now >= last + TIDE_SMART_SESSION_PATIENCE || now < last - TIDE_SMART_SESSION_PATIENCE;
}

static void tide_smart_sessions_arm (TideSmartSessions *self);

static gboolean
tide_smart_sessions_due_cb (gpointer user_data)
{
  TideSmartSessions *self = user_data;
  gint64 now = tide_clock_now (self->clock);
  guint n;

  /* The source destroys itself after this call. */
  g_clear_pointer (&self->timer, g_source_unref);
  n = g_hash_table_foreach_remove (self->sessions, is_over, &now);
  tide_smart_sessions_arm (self);
  if (n > 0 && g_hash_table_size (self->sessions) == 0)
    self->timed_out (self->user_data);
  return G_SOURCE_REMOVE;
}

static void
tide_smart_sessions_arm (TideSmartSessions *self)
{
  gint64 first = G_MAXINT64;
  GHashTableIter iter;
  gpointer last;

  tide_smart_sessions_disarm (self);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &last))
    first = MIN (first, *(gint64 *)last);
  if (first == G_MAXINT64)
    return;

  self->timer = tide_clock_timer_source_new (self->clock, first + TIDE_SMART_SESSION_PATIENCE);
  g_source_set_callback (self->timer, tide_smart_sessions_due_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/**
 * tide_smart_sessions_new:
 * @timed_out: what to call
 *
 * Returns: (transfer full): no sessions
 */
TideSmartSessions *
tide_smart_sessions_new (TideClock             *clock,
                         TideSmartSessionsFunc  timed_out,
                         gpointer               user_data)
{
  TideSmartSessions *self = g_new0 (TideSmartSessions, 1);

  self->clock = g_object_ref (clock);
  self->timed_out = timed_out;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * tide_smart_sessions_free:
 * @self: (transfer full): sessions, which end without a word
 */
void
tide_smart_sessions_free (TideSmartSessions *self)
{
  tide_smart_sessions_disarm (self);
  g_hash_table_unref (self->sessions);
  g_main_context_unref (self->context);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tide_smart_sessions_begin:
 * @session_id: a new one; or one that goes on, which is a sign of life
 *
 * Returns: whether it is the only one, and new
 */
gboolean
tide_smart_sessions_begin (TideSmartSessions *self,
                           const char        *session_id)
{
  gboolean first = g_hash_table_size (self->sessions) == 0;
  gint64 now = tide_clock_now (self->clock);

  g_hash_table_replace (self->sessions, g_strdup (session_id), g_memdup2 (&now, sizeof now));
  tide_smart_sessions_arm (self);
  return first;
}

/**
 * tide_smart_sessions_end:
 *
 * Returns: whether there was such a session
 */
gboolean
tide_smart_sessions_end (TideSmartSessions *self,
                         const char        *session_id)
{
  gboolean ended = g_hash_table_remove (self->sessions, session_id);

  tide_smart_sessions_arm (self);
  return ended;
}

guint
tide_smart_sessions_count (TideSmartSessions *self)
{
  return g_hash_table_size (self->sessions);
}
