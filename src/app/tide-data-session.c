/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-data-session.h"
#include "tide-time.h"

#define BY "owner"

/* Sessions end ten minutes after their last sign of life; one may come late. */
#define SIGN_OF_LIFE (5 * TIDE_MINUTE)

struct _TideDataSession
{
  GObject     parent_instance;

  TideEngine *engine;         /* (owned) */
  char       *id;             /* (owned) (nullable): while it lasts */
  char       *venue;          /* (owned) (nullable) */
  GSource    *timer;          /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TideDataSession, tide_data_session, G_TYPE_OBJECT)

static void tide_data_session_await (TideDataSession *self);

static gboolean
tide_data_session_live_cb (gpointer user_data)
{
  TideDataSession *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = tide_engine_begin_smart_sync (self->engine, self->venue, self->id, BY, &error);

  if (id == NULL)
    g_info ("a sign of life: %s", error->message);
  tide_data_session_await (self);
  return G_SOURCE_REMOVE;
}

static void
tide_data_session_stop_timer (TideDataSession *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
tide_data_session_await (TideDataSession *self)
{
  TideClock *clock = tide_engine_get_clock (self->engine);

  tide_data_session_stop_timer (self);
  self->timer = tide_clock_timer_source_new (clock, tide_clock_now (clock) + SIGN_OF_LIFE);
  g_source_set_callback (self->timer, tide_data_session_live_cb, self, NULL);
  g_source_attach (self->timer, NULL);
}

static void
tide_data_session_dispose (GObject *object)
{
  TideDataSession *self = TIDE_DATA_SESSION (object);

  if (self->engine != NULL)
    tide_data_session_end (self);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (tide_data_session_parent_class)->dispose (object);
}

static void
tide_data_session_class_init (TideDataSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_data_session_dispose;
}

static void
tide_data_session_init (TideDataSession *self)
{
}

/**
 * tide_data_session_new:
 *
 * Returns: (transfer full): a session that has not begun; letting go of it ends it
 */
TideDataSession *
tide_data_session_new (TideEngine *engine)
{
  TideDataSession *self = g_object_new (TIDE_TYPE_DATA_SESSION, NULL);

  self->engine = g_object_ref (engine);
  return self;
}

/**
 * tide_data_session_begin:
 * @venue: (nullable): whose customers, %NULL = all
 *
 * Begins it, which asks for a refresh; one that goes on is ended before.
 *
 * Returns: whether it began; that it did not hurts nobody but the records' freshness
 */
gboolean
tide_data_session_begin (TideDataSession  *self,
                         const char       *venue,
                         GError          **error)
{
  tide_data_session_end (self);
  self->id = tide_engine_begin_smart_sync (self->engine, venue, NULL, BY, error);
  if (self->id == NULL)
    return FALSE;
  self->venue = g_strdup (venue);
  tide_data_session_await (self);
  return TRUE;
}

/**
 * tide_data_session_end:
 *
 * Ends it, if it goes on: the others may sync again.
 */
void
tide_data_session_end (TideDataSession *self)
{
  g_autofree char *id = g_steal_pointer (&self->id);
  g_autoptr(GError) error = NULL;

  tide_data_session_stop_timer (self);
  g_clear_pointer (&self->venue, g_free);
  if (id != NULL && !tide_engine_end_smart_sync (self->engine, id, BY, &error))
    g_info ("ending a session: %s", error->message);
}

gboolean
tide_data_session_is_active (TideDataSession *self)
{
  return self->id != NULL;
}
