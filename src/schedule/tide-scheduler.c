/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schedule"

#include "config.h"

#include "tide-scheduler.h"

typedef struct
{
  gint64        connection_id;
  char         *stream;       /* (owned) */
  TideSchedule  schedule;     /* interval 0: none */
  GTimeZone    *zone;         /* (owned) (nullable) */
  gint64        due;          /* 0: never */
} Entry;

struct _TideScheduler
{
  GObject            parent_instance;

  TideClock         *clock;   /* (owned) */
  TideSchedulerFunc  func;
  gpointer           user_data;
  GMainContext      *context; /* (owned) */
  GSource           *timer;   /* (owned) (nullable) */
  gint64             armed;   /* what the timer is set to */
  gboolean           started;

  GMutex             lock;
  GPtrArray         *entries; /* (owned) (mutex lock): Entry; changed on the scheduler's thread only */
};

G_DEFINE_FINAL_TYPE (TideScheduler, tide_scheduler, G_TYPE_OBJECT)

static void
entry_free (Entry *self)
{
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_free (self->stream);
  g_free (self);
}

/* Whatever was missed while the computer slept is made up for by one run, and the plan goes on from now. */
static void
entry_pass (Entry  *self,
            gint64  now)
{
  self->due = tide_schedule_next (&self->schedule, self->zone, now);
}

/* Called with the lock held. */
static Entry *
tide_scheduler_find (TideScheduler *self,
                     gint64         connection_id,
                     const char    *stream)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->connection_id == connection_id && g_str_equal (entry->stream, stream))
        return entry;
    }
  return NULL;
}

/* Called with the lock held. */
static Entry *
tide_scheduler_ensure (TideScheduler *self,
                       gint64         connection_id,
                       const char    *stream)
{
  Entry *entry = tide_scheduler_find (self, connection_id, stream);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->connection_id = connection_id;
      entry->stream = g_strdup (stream);
      g_ptr_array_add (self->entries, entry);
    }
  return entry;
}

static gint64
tide_scheduler_get_first_due (TideScheduler *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 first = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      gint64 due = ((Entry *)g_ptr_array_index (self->entries, i))->due;

      if (due != 0 && (first == 0 || due < first))
        first = due;
    }
  return first;
}

static void
tide_scheduler_disarm (TideScheduler *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  self->armed = 0;
}

static gboolean tide_scheduler_due_cb (gpointer user_data);

static void
tide_scheduler_arm (TideScheduler *self)
{
  gint64 first = self->started ? tide_scheduler_get_first_due (self) : 0;

  if (first == self->armed)
    return;

  tide_scheduler_disarm (self);
  if (first == 0)
    return;

  self->armed = first;
  self->timer = tide_clock_timer_source_new (self->clock, first);
  g_source_set_callback (self->timer, tide_scheduler_due_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* Takes what is due off the plan before anybody is told: who is told may ask for the plan, or change it. */
static GPtrArray *
tide_scheduler_take_due (TideScheduler *self,
                         gint64         now)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *taken = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);
      Entry *copy;

      if (entry->due == 0 || entry->due > now)
        continue;

      entry_pass (entry, now);
      copy = g_new0 (Entry, 1);
      copy->connection_id = entry->connection_id;
      copy->stream = g_strdup (entry->stream);
      g_ptr_array_add (taken, copy);
    }
  return taken;
}

static gboolean
tide_scheduler_due_cb (gpointer user_data)
{
  g_autoptr(TideScheduler) self = g_object_ref (user_data);
  g_autoptr(GPtrArray) taken = tide_scheduler_take_due (self, tide_clock_now (self->clock));

  /* The source destroys itself after this call. */
  g_clear_pointer (&self->timer, g_source_unref);
  self->armed = 0;
  tide_scheduler_arm (self);

  for (guint i = 0; i < taken->len && self->started; i++)
    {
      Entry *entry = g_ptr_array_index (taken, i);

      self->func (entry->connection_id, entry->stream, self->user_data);
    }
  return G_SOURCE_REMOVE;
}

static void
tide_scheduler_dispose (GObject *object)
{
  tide_scheduler_stop (TIDE_SCHEDULER (object));

  G_OBJECT_CLASS (tide_scheduler_parent_class)->dispose (object);
}

static void
tide_scheduler_finalize (GObject *object)
{
  TideScheduler *self = TIDE_SCHEDULER (object);

  g_ptr_array_unref (self->entries);
  g_main_context_unref (self->context);
  g_object_unref (self->clock);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_scheduler_parent_class)->finalize (object);
}

static void
tide_scheduler_class_init (TideSchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_scheduler_dispose;
  object_class->finalize = tide_scheduler_finalize;
}

static void
tide_scheduler_init (TideScheduler *self)
{
  g_mutex_init (&self->lock);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  self->context = g_main_context_ref_thread_default ();
}

/**
 * tide_scheduler_new:
 * @clock: its time
 * @func: called for each stream that is due
 * @user_data: for @func
 *
 * Returns: (transfer full): a scheduler that does nothing before tide_scheduler_start()
 */
TideScheduler *
tide_scheduler_new (TideClock         *clock,
                    TideSchedulerFunc  func,
                    gpointer           user_data)
{
  TideScheduler *self = g_object_new (TIDE_TYPE_SCHEDULER, NULL);

  self->clock = g_object_ref (clock);
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * tide_scheduler_set:
 * @schedule: (nullable): its schedule, %NULL for none
 * @zone: (nullable): of its venue
 * @last: instant of its last run, 0 if there was none; a slot since then was missed and is made up for
 *
 * Sets when a stream is due. The scheduler's thread.
 */
void
tide_scheduler_set (TideScheduler      *self,
                    gint64              connection_id,
                    const char         *stream,
                    const TideSchedule *schedule,
                    GTimeZone          *zone,
                    gint64              last)
{
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = tide_scheduler_ensure (self, connection_id, stream);
  g_clear_pointer (&entry->zone, g_time_zone_unref);
  entry->schedule = (TideSchedule) { 0 };
  entry->due = 0;
  if (schedule != NULL)
    {
      entry->schedule = *schedule;
      entry->zone = g_time_zone_ref (zone);
      entry->due = tide_schedule_next (schedule, zone, last != 0 ? last : tide_clock_now (self->clock));
    }
  g_mutex_unlock (&self->lock);

  tide_scheduler_arm (self);
}

/**
 * tide_scheduler_clear:
 *
 * Takes all schedules away, as they are about to be set anew. The scheduler's thread.
 */
void
tide_scheduler_clear (TideScheduler *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->entries->len; i++)
    ((Entry *)g_ptr_array_index (self->entries, i))->due = 0;
  g_mutex_unlock (&self->lock);

  tide_scheduler_arm (self);
}

/**
 * tide_scheduler_get_next:
 *
 * Returns: instant of the stream's next slot, 0 if it has no schedule. Any thread
 */
gint64
tide_scheduler_get_next (TideScheduler *self,
                         gint64         connection_id,
                         const char    *stream)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Entry *entry = tide_scheduler_find (self, connection_id, stream);

  return entry != NULL ? entry->due : 0;
}

/**
 * tide_scheduler_start:
 *
 * Begins to tell. The scheduler's thread.
 */
void
tide_scheduler_start (TideScheduler *self)
{
  self->started = TRUE;
  tide_scheduler_arm (self);
}

/**
 * tide_scheduler_stop:
 *
 * Tells nothing any more; the plan stays. The scheduler's thread.
 */
void
tide_scheduler_stop (TideScheduler *self)
{
  self->started = FALSE;
  tide_scheduler_disarm (self);
}
