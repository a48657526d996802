/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-run-journal.h"

#include <json-glib/json-glib.h>

#include "tide-run-query.h"
#include "tide-run-rows.h"

/* A provider that answers every request with a retry must not fill the disk with lines about it. */
#define MAX_LINES 2000

#define USEC_PER_MSEC 1000

typedef struct
{
  gint64 start;               /* microseconds since the journal began; -1: never */
  gint64 duration;
} PhaseTime;

struct _TideRunJournal
{
  TideClock *clock;           /* (owned) */
  gint64     began;           /* monotonic */
  gint64     offset;          /* microseconds since the run's first attempt began */
  PhaseTime  earlier[TIDE_RUN_N_PHASES]; /* of the attempts before, since the first one began */

  GMutex     lock;
  GPtrArray *lines;           /* (owned) (mutex lock): TideLogLine that are not in the store yet */
  guint      n_saving;        /* (mutex lock): the first of them, which the open transaction has */
  guint      n_lines;         /* (mutex lock): ever */
  gint64     retries;         /* (mutex lock) */
  PhaseTime  phases[TIDE_RUN_N_PHASES]; /* (mutex lock) */
};

/* As they stand in the store, where the views look them up. */
static const char * const phase_names[TIDE_RUN_N_PHASES] =
{
  [TIDE_RUN_PHASE_READ] = "read",
  [TIDE_RUN_PHASE_WAITED] = "waited",
  [TIDE_RUN_PHASE_PARSED] = "parsed",
  [TIDE_RUN_PHASE_STORED] = "stored",
  [TIDE_RUN_PHASE_SWEPT] = "swept",
};

/* Called with the lock held. */
static void
tide_run_journal_add_line (TideRunJournal *self,
                           const char     *level,
                           const char     *message)
{
  TideLogLine *line;

  if (self->n_lines > MAX_LINES)
    return;

  line = g_new0 (TideLogLine, 1);
  line->at = tide_clock_now (self->clock);
  line->level = g_strdup (level);
  line->message = g_strdup (self->n_lines == MAX_LINES ? "further lines are left out" : message);
  g_ptr_array_add (self->lines, line);
  self->n_lines++;
}

/* Called with the lock held. */
static void
tide_run_journal_add_time (TideRunJournal *self,
                           TideRunPhase    phase,
                           gint64          since,
                           gint64          duration)
{
  PhaseTime *time = &self->phases[phase];

  if (time->start < 0)
    time->start = MAX (since - self->began, 0);
  time->duration += duration;
}

static void
take_earlier_cb (JsonArray *array,
                 guint      index,
                 JsonNode  *node,
                 gpointer   user_data)
{
  TideRunJournal *self = user_data;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? json_object_get_string_member_with_default (object, "name", NULL) : NULL;

  for (gsize i = 0; i < TIDE_RUN_N_PHASES; i++)
    if (g_strcmp0 (name, phase_names[i]) == 0)
      {
        self->earlier[i].start = json_object_get_int_member_with_default (object, "start", 0) * USEC_PER_MSEC;
        self->earlier[i].duration = json_object_get_int_member_with_default (object, "duration", 0) * USEC_PER_MSEC;
      }
}

/* They are only shown: what cannot be read is left out. */
static void
tide_run_journal_take_earlier (TideRunJournal *self,
                               const char     *phases)
{
  g_autoptr(JsonNode) root = phases != NULL ? json_from_string (phases, NULL) : NULL;

  for (gsize i = 0; i < TIDE_RUN_N_PHASES; i++)
    self->phases[i].start = self->earlier[i].start = -1;
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    json_array_foreach_element (json_node_get_array (root), take_earlier_cb, self);
}

/**
 * tide_run_journal_new:
 * @clock: tells the time of its lines
 * @run: the run as its earlier attempts have left it
 *
 * Returns: (transfer full): a journal of an attempt that begins now
 */
TideRunJournal *
tide_run_journal_new (TideClock     *clock,
                      const TideRun *run)
{
  TideRunJournal *self = g_new0 (TideRunJournal, 1);

  self->clock = g_object_ref (clock);
  self->began = tide_clock_monotonic (clock);
  self->offset = run->started_at != 0 ? MAX (tide_clock_now (clock) - run->started_at, 0) : 0;
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_log_line_free);
  g_mutex_init (&self->lock);
  tide_run_journal_take_earlier (self, run->phases);
  return self;
}

/**
 * tide_run_journal_free:
 * @self: (transfer full): a journal that no thread uses any more
 */
void
tide_run_journal_free (TideRunJournal *self)
{
  g_ptr_array_unref (self->lines);
  g_mutex_clear (&self->lock);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tide_run_journal_log:
 * @level: "debug", "info", "warning" or "error"
 * @format: one line, without secrets
 *
 * Adds a line. Any thread.
 */
void
tide_run_journal_log (TideRunJournal *self,
                      const char     *level,
                      const char     *format,
                      ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_mutex_lock (&self->lock);
  tide_run_journal_add_line (self, level, message);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_run_journal_note:
 * @note: what the requester tells about a request
 *
 * Adds its line, and counts a repetition and a wait. Any thread.
 */
void
tide_run_journal_note (TideRunJournal        *self,
                       const TideRequestNote *note)
{
  gint64 now = tide_clock_monotonic (self->clock);

  g_mutex_lock (&self->lock);
  if (note->text != NULL)
    tide_run_journal_add_line (self, note->level, note->text);
  if (note->retry)
    self->retries++;
  if (note->wait > 0)
    tide_run_journal_add_time (self, TIDE_RUN_PHASE_WAITED, now, note->wait);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_run_journal_measure:
 * @since: monotonic time when it began
 *
 * Adds the time from @since until now to a phase. Any thread.
 */
void
tide_run_journal_measure (TideRunJournal *self,
                          TideRunPhase    phase,
                          gint64          since)
{
  gint64 duration = tide_clock_monotonic (self->clock) - since;

  g_mutex_lock (&self->lock);
  tide_run_journal_add_time (self, phase, since, duration);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_run_journal_get_retries:
 *
 * Returns: how many requests this attempt had to repeat
 */
gint64
tide_run_journal_get_retries (TideRunJournal *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->retries;
}

/**
 * tide_run_journal_get_waited:
 *
 * Returns: microseconds that were announced as waits in this attempt
 */
gint64
tide_run_journal_get_waited (TideRunJournal *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->phases[TIDE_RUN_PHASE_WAITED].duration;
}

/* Called with the lock held. The reading stage also sits through the waits: they are told apart. */
static gint64
tide_run_journal_get_duration (TideRunJournal *self,
                               TideRunPhase    phase)
{
  gint64 duration = self->phases[phase].duration;

  if (phase == TIDE_RUN_PHASE_READ)
    duration = MAX (duration - self->phases[TIDE_RUN_PHASE_WAITED].duration, 0);
  return duration + self->earlier[phase].duration;
}

/* Called with the lock held. Negative if there was none. */
static gint64
tide_run_journal_get_start (TideRunJournal *self,
                            TideRunPhase    phase)
{
  if (self->earlier[phase].start >= 0)
    return self->earlier[phase].start;
  return self->phases[phase].start >= 0 ? self->phases[phase].start + self->offset : -1;
}

/**
 * tide_run_journal_dup_phases:
 *
 * Returns: (transfer full): JSON array of {name, start, duration} in milliseconds since the run's first attempt began,
 *   of the phases there were in all of them
 */
char *
tide_run_journal_dup_phases (TideRunJournal *self)
{
  GString *json = g_string_new ("[");

  g_mutex_lock (&self->lock);
  for (TideRunPhase i = 0; i < TIDE_RUN_N_PHASES; i++)
    if (tide_run_journal_get_start (self, i) >= 0)
      g_string_append_printf (json,
                              "%s{\"name\":\"%s\",\"start\":%" G_GINT64_FORMAT
                              ",\"duration\":%" G_GINT64_FORMAT "}",
                              json->len > 1 ? "," : "", phase_names[i],
                              tide_run_journal_get_start (self, i) / USEC_PER_MSEC,
                              tide_run_journal_get_duration (self, i) / USEC_PER_MSEC);
  g_mutex_unlock (&self->lock);

  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

gboolean
tide_run_journal_is_unsaved (TideRunJournal *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->lines->len > 0;
}

/**
 * tide_run_journal_save:
 * @write: the open transaction
 * @run_id: row of the run
 * @error: return location
 *
 * Writes the lines that are not in the store yet. They count as saved once tide_run_journal_saved()
 * says that @write was committed. The storing thread.
 */
gboolean
tide_run_journal_save (TideRunJournal  *self,
                       TideWrite       *write,
                       gint64           run_id,
                       GError         **error)
{
  guint n_lines;

  g_mutex_lock (&self->lock);
  n_lines = self->n_saving = self->lines->len;
  g_mutex_unlock (&self->lock);

  /* Lines are only ever taken away by this thread, and one is not changed once it is there. */
  for (guint i = 0; i < n_lines; i++)
    {
      const TideLogLine *line;

      g_mutex_lock (&self->lock);
      line = g_ptr_array_index (self->lines, i);
      g_mutex_unlock (&self->lock);
      if (!tide_run_rows_log (write, run_id, line->at, line->level, line->message, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * tide_run_journal_saved:
 *
 * Says that the transaction of the last tide_run_journal_save() was committed. The storing thread.
 */
void
tide_run_journal_saved (TideRunJournal *self)
{
  g_mutex_lock (&self->lock);
  if (self->n_saving > 0)
    g_ptr_array_remove_range (self->lines, 0, self->n_saving);
  self->n_saving = 0;
  g_mutex_unlock (&self->lock);
}
