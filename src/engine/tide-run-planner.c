/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-planner.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-run-rows.h"
#include "tide-schedule-rows.h"
#include "tide-scheduler.h"
#include "tide-time.h"
#include "tide-venue-rows.h"

/* The first try comes after a minute or less, each further one after twice the time; the schedule's own
 * slot ends the series. */
#define FIRST_RETRY TIDE_MINUTE
#define MAX_DOUBLINGS 6

struct _TideRunPlanner
{
  TideStore          *store;      /* (owned) */
  TideScheduler      *scheduler;  /* (owned) */
  gboolean            active;
  TideRunPlannerFunc  func;
  gpointer            user_data;
  GHashTable         *failing;    /* (owned): connection and stream → Failing */
  GHashTable         *blocked;    /* (owned): set of connections' ids */
};

/* A stream whose last run failed. */
typedef struct
{
  guint       tries;
  TideRunMode mode;
} Failing;

static char *
make_key (gint64      connection_id,
          const char *stream)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", connection_id, stream);
}

static gint64
tide_run_planner_now (TideRunPlanner *self)
{
  return tide_clock_now (tide_store_get_clock (self->store));
}

static void
due_cb (gint64      connection_id,
        const char *stream,
        gpointer    user_data)
{
  TideRunPlanner *self = user_data;
  g_autofree char *key = make_key (connection_id, stream);
  const Failing *failing = g_hash_table_lookup (self->failing, key);

  if (!g_hash_table_contains (self->blocked, &connection_id))
    self->func (connection_id, stream, failing != NULL ? failing->mode : TIDE_RUN_MODE_INCREMENTAL,
                self->user_data);
}

/* When a stream was last seen to: its slots up to then are history. */
static gint64
load_last (TideDatabase          *database,
           const TideConnection  *connection,
           const char            *stream)
{
  g_autoptr(TideRun) run = tide_run_rows_get_last (database, connection->id, stream, FALSE, NULL);

  /* What was never synced is due at once: as if yesterday's slots, too, had been missed. */
  return run != NULL ? run->requested_at : connection->created_at - TIDE_DAY;
}

static GTimeZone *
load_zone (TideDatabase *database,
           gint64        venue_id)
{
  g_autoptr(TideVenue) venue = tide_venue_rows_get (database, venue_id, NULL);
  GTimeZone *zone = venue != NULL ? g_time_zone_new_identifier (venue->timezone) : NULL;

  return zone != NULL ? zone : g_time_zone_new_utc ();
}

static gboolean
tide_run_planner_load (TideRunPlanner         *self,
                       TideDatabase           *database,
                       const TideScheduleRow  *row,
                       GError                **error)
{
  TideSchedule schedule = { .interval = row->interval_minutes, .offset = row->offset_minutes };
  g_autoptr(TideConnection) connection = tide_connection_rows_get (database, row->connection_id, error);
  g_autoptr(GTimeZone) zone = NULL;

  if (connection == NULL)
    return FALSE;

  zone = load_zone (database, connection->venue_id);
  tide_scheduler_set (self->scheduler, row->connection_id, row->stream, row->enabled ? &schedule : NULL, zone,
                      load_last (database, connection, row->stream));
  return TRUE;
}

/**
 * tide_run_planner_new:
 * @active: whether to ask for runs; without, it only keeps quiet
 *
 * Returns: (transfer full): a planner, to be filled by tide_run_planner_reload()
 */
TideRunPlanner *
tide_run_planner_new (TideStore          *store,
                      gboolean            active,
                      TideRunPlannerFunc  func,
                      gpointer            user_data)
{
  TideRunPlanner *self = g_new0 (TideRunPlanner, 1);

  self->store = g_object_ref (store);
  self->active = active;
  self->func = func;
  self->user_data = user_data;
  self->scheduler = tide_scheduler_new (tide_store_get_clock (store), due_cb, self);
  self->failing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->blocked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

/**
 * tide_run_planner_free:
 * @self: (transfer full): a planner
 */
void
tide_run_planner_free (TideRunPlanner *self)
{
  tide_scheduler_stop (self->scheduler);
  g_object_unref (self->scheduler);
  g_hash_table_unref (self->blocked);
  g_hash_table_unref (self->failing);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * tide_run_planner_reload:
 *
 * Reads the schedules anew, after something about them or the connections has changed, and begins. Short.
 */
gboolean
tide_run_planner_reload (TideRunPlanner  *self,
                         GError         **error)
{
  g_autoptr(TideRead) read = NULL;
  g_autoptr(GPtrArray) rows = NULL;

  if (!self->active)
    return TRUE;

  read = tide_store_begin_read (self->store, NULL, error);
  if (read == NULL)
    return FALSE;
  rows = tide_schedule_rows_list (tide_read_get_database (read), error);
  if (rows == NULL)
    return FALSE;

  tide_scheduler_clear (self->scheduler);
  for (guint i = 0; i < rows->len; i++)
    if (!tide_run_planner_load (self, tide_read_get_database (read), g_ptr_array_index (rows, i), error))
      return FALSE;
  tide_scheduler_start (self->scheduler);
  return TRUE;
}

/* Half of the delay is by chance, so that many venues that failed together do not come back together. */
static gint64
get_delay (guint tries)
{
  gint64 delay = FIRST_RETRY << MIN (tries - 1, MAX_DOUBLINGS);

  return delay / 2 + (gint64)(g_random_double () * (double)(delay / 2));
}

/* What may be different at the next try. The rest waits for the owner, or for its slot. */
static gboolean
is_worth_retrying (const TideRun *run)
{
  return g_strcmp0 (run->error_code, "provider") == 0 || g_strcmp0 (run->error_code, "busy") == 0 ||
         g_strcmp0 (run->error_code, "no-space") == 0 || g_strcmp0 (run->error_code, "storage") == 0;
}

static void
tide_run_planner_plan_retry (TideRunPlanner *self,
                             const TideRun  *run)
{
  g_autofree char *key = make_key (run->connection_id, run->stream);
  Failing *failing = g_hash_table_lookup (self->failing, key);
  gint64 next = tide_scheduler_get_next (self->scheduler, run->connection_id, run->stream);
  gint64 at;

  if (failing == NULL)
    {
      failing = g_new0 (Failing, 1);
      g_hash_table_insert (self->failing, g_steal_pointer (&key), failing);
    }
  failing->tries++;
  failing->mode = run->mode;

  at = tide_run_planner_now (self) + get_delay (failing->tries);
  if (next == 0 || at < next)
    tide_scheduler_set_retry (self->scheduler, run->connection_id, run->stream, at);
}

/**
 * tide_run_planner_run_ended:
 * @run: a run that is over
 *
 * Takes note of how it ended: plans another try, or that none is needed any more.
 */
void
tide_run_planner_run_ended (TideRunPlanner *self,
                            const TideRun  *run)
{
  if (!self->active || run->dry_run)
    return;

  if (run->status == TIDE_RUN_COMPLETED)
    {
      g_autofree char *key = make_key (run->connection_id, run->stream);

      g_hash_table_remove (self->failing, key);
      g_hash_table_remove (self->blocked, &run->connection_id);
      tide_scheduler_set_retry (self->scheduler, run->connection_id, run->stream, 0);
    }
  else if (run->status == TIDE_RUN_FAILED && g_strcmp0 (run->error_code, "auth") == 0)
    g_hash_table_add (self->blocked, g_memdup2 (&run->connection_id, sizeof run->connection_id));
  else if (run->status == TIDE_RUN_FAILED && is_worth_retrying (run))
    tide_run_planner_plan_retry (self, run);
}

/**
 * tide_run_planner_unblock:
 *
 * Says that the owner has renewed a connection's login.
 */
void
tide_run_planner_unblock (TideRunPlanner *self,
                          gint64          connection_id)
{
  g_hash_table_remove (self->blocked, &connection_id);
}

/**
 * tide_run_planner_stop:
 *
 * Asks for nothing any more.
 */
void
tide_run_planner_stop (TideRunPlanner *self)
{
  tide_scheduler_stop (self->scheduler);
}

/**
 * tide_run_planner_get_retry:
 *
 * Returns: instant of a stream's next try besides its schedule, 0 if none is planned. Any thread
 */
gint64
tide_run_planner_get_retry (TideRunPlanner *self,
                            gint64          connection_id,
                            const char     *stream)
{
  return tide_scheduler_get_retry (self->scheduler, connection_id, stream);
}
