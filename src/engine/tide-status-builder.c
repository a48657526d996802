/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-status-builder.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-failure-rows.h"
#include "tide-queue-facts.h"
#include "tide-read.h"
#include "tide-record-query.h"
#include "tide-run-rows.h"
#include "tide-schedule.h"
#include "tide-schedule-rows.h"
#include "tide-stream-health.h"
#include "tide-time.h"
#include "tide-venue-rows.h"

/* A stream's usual duration is the median of so many runs. */
#define N_DURATIONS 20

struct _TideStatusBuilder
{
  TideStore      *store;      /* (owned) */
  TideProviders  *providers;
  gboolean        owner;      /* nobody else executes runs in this workspace */

  GMutex          lock;
  GHashTable     *counts;     /* (owned) (mutex lock): connection and stream → KeptCount */
};

/* Records of a stream as they were after a run. */
typedef struct
{
  gint64 run_id;
  gint64 records;
} KeptCount;

/* One building: what is read once for all streams. */
typedef struct
{
  TideStatusBuilder *builder;
  TideDatabase      *database;
  TideQueueFacts    *queue;       /* (owned) */
  GPtrArray         *unsaved_runs;
  GPtrArray         *schedules;   /* (owned): TideScheduleRow */
  GArray            *hours;       /* (owned): TideRunHour */
  gint64             now;
  gint64             first_hour;
  GPtrArray         *list;        /* (owned): TideStreamStatus */
} Building;

/**
 * tide_status_builder_new:
 * @providers: outlives the builder
 * @owner: whether nobody else executes runs in this workspace
 *
 * Returns: (transfer full): a builder
 */
TideStatusBuilder *
tide_status_builder_new (TideStore      *store,
                         TideProviders  *providers,
                         gboolean        owner)
{
  TideStatusBuilder *self = g_new0 (TideStatusBuilder, 1);

  g_mutex_init (&self->lock);
  self->store = g_object_ref (store);
  self->providers = providers;
  self->owner = owner;
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * tide_status_builder_free:
 * @self: (transfer full): a builder
 */
void
tide_status_builder_free (TideStatusBuilder *self)
{
  g_hash_table_unref (self->counts);
  g_mutex_clear (&self->lock);
  g_object_unref (self->store);
  g_free (self);
}

static gboolean
tide_status_builder_get_kept (TideStatusBuilder *self,
                              const char        *key,
                              gint64             run_id,
                              gint64            *records)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const KeptCount *kept = g_hash_table_lookup (self->counts, key);

  if (kept == NULL || kept->run_id != run_id)
    return FALSE;

  *records = kept->records;
  return TRUE;
}

static void
tide_status_builder_keep (TideStatusBuilder *self,
                          const char        *key,
                          gint64             run_id,
                          gint64             records)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  KeptCount *kept = g_new0 (KeptCount, 1);

  kept->run_id = run_id;
  kept->records = records;
  g_hash_table_replace (self->counts, g_strdup (key), kept);
}

/* Only runs change records. So the count after the last one that ended is kept, and what those that are not over have
 * committed since, as the same view of the store says, is added. */
static gboolean
building_count_records (Building          *self,
                        TideStreamStatus  *status,
                        GError           **error)
{
  const TideConnection *connection = status->connection;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", connection->id, status->stream);
  gint64 run_id = status->last_run != NULL ? status->last_run->id : 0;
  gint64 since = tide_queue_facts_get_brought (self->queue, connection->id, status->stream);
  gint64 kept, count;

  if (tide_status_builder_get_kept (self->builder, key, run_id, &kept))
    {
      status->records = MAX (kept + since, 0);
      return TRUE;
    }

  count = tide_record_query_count (self->database, connection->provider, status->stream, connection->id, error);
  if (count < 0)
    return FALSE;
  tide_status_builder_keep (self->builder, key, run_id, count - since);
  status->records = count;
  return TRUE;
}

static TideStatement *
building_prepare (Building                *self,
                  const TideStreamStatus  *status,
                  const char              *sql,
                  GError                 **error)
{
  TideStatement *statement = tide_statement_new (self->database, sql, error);

  if (statement != NULL)
    {
      tide_statement_bind_int (statement, "@connection", status->connection->id);
      tide_statement_bind_text (statement, "@stream", status->stream);
    }
  return statement;
}

static gboolean
building_read_last_run (Building          *self,
                        TideStreamStatus  *status,
                        GError           **error)
{
  g_autoptr(GError) local_error = NULL;

  status->last_run = tide_run_rows_get_last_ended (self->database, status->connection->id, status->stream,
                                                   &local_error);
  if (status->last_run != NULL || g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static int
compare_durations (gconstpointer a,
                   gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

static gboolean
building_read_completed (Building          *self,
                         TideStreamStatus  *status,
                         GError           **error)
{
  gint64 durations[N_DURATIONS];
  gsize n = 0;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideStatement) statement =
    building_prepare (self, status,
                      "SELECT started_at, ended_at FROM sync_runs INDEXED BY sync_runs_ended"
                      " WHERE connection_id = @connection AND stream = @stream"
                      " AND status IN ('completed', 'failed', 'cancelled') AND NOT dry_run AND ids IS NULL"
                      " AND filters IS NULL AND status = 'completed' ORDER BY id DESC LIMIT 20", error);

  if (statement == NULL)
    return FALSE;
  while (n < N_DURATIONS && tide_statement_next (statement, &local_error))
    {
      gint64 ended_at = tide_statement_get_time (statement, 1);

      if (n == 0)
        status->last_success = ended_at;
      /* The clock may have been set back in between. */
      durations[n++] = MAX (ended_at - tide_statement_get_time (statement, 0), 0);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  qsort (durations, n, sizeof *durations, compare_durations);
  status->usual_duration = n > 0 ? durations[n / 2] : 0;
  return TRUE;
}

/* The plus signs keep the planner from going through all runs of a stream: a day's runs are few. */
static gboolean
building_read_today (Building          *self,
                     TideStreamStatus  *status,
                     GTimeZone         *zone,
                     GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideStatement) statement =
    building_prepare (self, status,
                      "SELECT sum(created + updated + deleted) FROM sync_runs WHERE +connection_id = @connection"
                      " AND +stream = @stream AND COALESCE(started_at, requested_at) >= @since AND NOT dry_run",
                      error);

  if (statement == NULL)
    return FALSE;
  tide_statement_bind_time (statement, "@since", tide_time_local_midnight (self->now, zone, 0));
  if (tide_statement_next (statement, &local_error))
    status->today = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static const TideScheduleRow *
building_find_schedule (Building               *self,
                        const TideStreamStatus *status)
{
  for (guint i = 0; i < self->schedules->len; i++)
    {
      const TideScheduleRow *row = g_ptr_array_index (self->schedules, i);

      if (row->connection_id == status->connection->id && g_str_equal (row->stream, status->stream))
        return row->enabled ? row : NULL;
    }
  return NULL;
}

static TideHourCell *
building_get_cell (Building         *self,
                   TideStreamStatus *status,
                   gint64            at)
{
  gint64 index = (at - self->first_hour) / TIDE_HOUR;

  return at >= self->first_hour && index < TIDE_STRIP_CELLS ? &status->cells[index] : NULL;
}

static void
building_fill_plan (Building              *self,
                    TideStreamStatus      *status,
                    const TideScheduleRow *row,
                    GTimeZone             *zone)
{
  TideSchedule schedule = { .interval = row->interval_minutes, .offset = row->offset_minutes };
  gint64 at = tide_schedule_next (&schedule, zone, self->now);
  TideHourCell *cell;

  status->interval = row->interval_minutes * TIDE_MINUTE;
  status->next_run = at;
  for (; (cell = building_get_cell (self, status, at)) != NULL; at = tide_schedule_next (&schedule, zone, at))
    cell->planned++;
}

static void
building_fill_hours (Building         *self,
                     TideStreamStatus *status)
{
  for (gsize i = 0; i < TIDE_STRIP_CELLS; i++)
    status->cells[i].hour = self->first_hour + (gint64)i * TIDE_HOUR;

  for (guint i = 0; i < self->hours->len; i++)
    {
      const TideRunHour *hour = &g_array_index (self->hours, TideRunHour, i);
      TideHourCell *cell = building_get_cell (self, status, hour->hour);

      if (cell == NULL || hour->connection_id != status->connection->id ||
          !g_str_equal (hour->stream, status->stream))
        continue;
      cell->runs = hour->runs;
      cell->records = hour->records;
      cell->retried = hour->retried;
      cell->failed = hour->failed;
    }
}

static TideRun *
find_run (GPtrArray              *runs,
          const TideStreamStatus *status)
{
  for (guint i = 0; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);

      if (run->connection_id == status->connection->id && g_str_equal (run->stream, status->stream))
        return run;
    }
  return NULL;
}

static void
building_take_unsaved (Building         *self,
                       TideStreamStatus *status)
{
  TideRun *run = find_run (self->unsaved_runs, status);

  if (run == NULL || run->dry_run)
    return;
  g_clear_pointer (&status->last_run, tide_run_unref);
  status->last_run = tide_run_ref (run);
}

static gboolean
building_read_runs (Building          *self,
                    TideStreamStatus  *status,
                    GTimeZone         *zone,
                    GError           **error)
{
  status->open_failures = tide_failure_rows_count (self->database, status->connection->id, status->stream, error);
  return status->open_failures >= 0 &&
         building_read_last_run (self, status, error) &&
         building_read_completed (self, status, error) &&
         building_read_today (self, status, zone, error) &&
         building_count_records (self, status, error);
}

static gboolean
building_add_stream (Building        *self,
                     TideConnection  *connection,
                     GTimeZone       *zone,
                     TideStream      *stream,
                     GError         **error)
{
  g_autoptr(TideStreamStatus) status = g_atomic_rc_box_new0 (TideStreamStatus);
  TideStreamFacts facts = { .now = self->now };
  const TideScheduleRow *row;

  status->connection = tide_connection_ref (connection);
  status->stream = g_strdup (tide_stream_get_name (stream));
  status->label = g_strdup (tide_stream_get_label (stream));
  status->entity = g_strdup (tide_stream_get_entity (stream));
  if (!building_read_runs (self, status, zone, error))
    return FALSE;

  building_take_unsaved (self, status);
  building_fill_hours (self, status);
  row = building_find_schedule (self, status);
  if (row != NULL)
    building_fill_plan (self, status, row, zone);
  facts.scheduled = row != NULL;
  tide_queue_facts_get (self->queue, connection->id, status->stream, &facts, &status->retry_at);
  tide_stream_health_judge (status, &facts);
  g_ptr_array_add (self->list, g_steal_pointer (&status));
  return TRUE;
}

static GTimeZone *
building_load_zone (Building  *self,
                    gint64     venue_id,
                    GError   **error)
{
  g_autoptr(TideVenue) venue = tide_venue_rows_get (self->database, venue_id, error);
  GTimeZone *zone;

  if (venue == NULL)
    return NULL;
  zone = g_time_zone_new_identifier (venue->timezone);
  return zone != NULL ? zone : g_time_zone_new_utc ();
}

static gboolean
building_add_connection (Building        *self,
                         TideConnection  *connection,
                         GError         **error)
{
  g_autoptr(TideManifest) manifest = tide_providers_lookup (self->builder->providers, connection->provider, NULL);
  g_autoptr(GTimeZone) zone = NULL;
  GPtrArray *streams;

  /* Without its manifest nobody knows its streams; the doctor tells about it. */
  if (manifest == NULL)
    return TRUE;

  zone = building_load_zone (self, connection->venue_id, error);
  if (zone == NULL)
    return FALSE;

  streams = tide_manifest_get_streams (manifest);
  for (guint i = 0; i < streams->len; i++)
    {
      TideStream *stream = g_ptr_array_index (streams, i);

      if (!tide_stream_is_child (stream) &&
          !building_add_stream (self, connection, zone, stream, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
building_fill (Building  *self,
               GError   **error)
{
  g_autoptr(GPtrArray) connections = tide_connection_rows_list (self->database, error);

  if (connections == NULL)
    return FALSE;
  self->schedules = tide_schedule_rows_list (self->database, error);
  if (self->schedules == NULL)
    return FALSE;
  self->hours = tide_run_rows_hours (self->database, self->first_hour, self->first_hour + TIDE_STRIP_PAST * TIDE_HOUR,
                                     error);
  if (self->hours == NULL)
    return FALSE;

  for (guint i = 0; i < connections->len; i++)
    if (!building_add_connection (self, g_ptr_array_index (connections, i), error))
      return FALSE;
  return TRUE;
}

/**
 * tide_status_builder_build:
 * @live_runs: (element-type TideRun): the runs in the queue; only those of who has the workspace count
 * @unsaved_runs: (element-type TideRun): last runs of which the store does not tell
 * @cancellable: (nullable): ends it early
 *
 * Blocks for a few short reads; any thread.
 *
 * Returns: (transfer full) (element-type TideStreamStatus): one for each stream that is synced by itself, by
 *   connection and in the manifest's order
 */
GPtrArray *
tide_status_builder_build (TideStatusBuilder  *self,
                           GPtrArray          *live_runs,
                           GPtrArray          *unsaved_runs,
                           GCancellable       *cancellable,
                           GError            **error)
{
  Building building = { .builder = self, .unsaved_runs = unsaved_runs };
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, cancellable, error);
  gboolean ok;

  if (read == NULL)
    return NULL;

  building.database = tide_read_get_database (read);
  building.now = tide_clock_now (tide_store_get_clock (self->store));
  building.first_hour = building.now - building.now % TIDE_HOUR - (TIDE_STRIP_PAST - 1) * TIDE_HOUR;
  building.list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_status_unref);

  building.queue = tide_queue_facts_new (building.database, self->owner ? live_runs : NULL, error);
  ok = building.queue != NULL && building_fill (&building, error);
  g_clear_pointer (&building.queue, tide_queue_facts_free);
  g_clear_pointer (&building.schedules, g_ptr_array_unref);
  g_clear_pointer (&building.hours, g_array_unref);
  if (!ok)
    g_clear_pointer (&building.list, g_ptr_array_unref);
  return building.list;
}

/**
 * tide_status_builder_list_slots:
 * @status: a stream's
 * @until: instant
 *
 * Blocks for a short read; any thread.
 *
 * Returns: (transfer full) (element-type gint64): its schedule's slots from now to before @until
 */
GArray *
tide_status_builder_list_slots (TideStatusBuilder       *self,
                                const TideStreamStatus  *status,
                                gint64                   until,
                                GError                 **error)
{
  Building building = { .builder = self };
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(GPtrArray) schedules = NULL;
  g_autoptr(GTimeZone) zone = NULL;
  GArray *slots;
  TideSchedule schedule;
  const TideScheduleRow *row;

  if (read == NULL)
    return NULL;
  building.database = tide_read_get_database (read);
  building.schedules = schedules = tide_schedule_rows_list (building.database, error);
  zone = schedules != NULL ? building_load_zone (&building, status->connection->venue_id, error) : NULL;
  if (zone == NULL)
    return NULL;

  slots = g_array_new (FALSE, FALSE, sizeof (gint64));
  row = building_find_schedule (&building, status);
  if (row == NULL)
    return slots;
  schedule = (TideSchedule) { .interval = row->interval_minutes, .offset = row->offset_minutes };
  for (gint64 at = status->next_run; at < until; at = tide_schedule_next (&schedule, zone, at))
    g_array_append_val (slots, at);
  return slots;
}
