/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-planner.h"

#include "tide-block-rows.h"
#include "tide-connection-rows.h"
#include "tide-read.h"
#include "tide-run-rows.h"
#include "tide-schedule-rows.h"
#include "tide-scheduler.h"
#include "tide-time.h"
#include "tide-venue-rows.h"

struct _TideRunPlanner
{
  TideStore          *store;      /* (owned) */
  TideScheduler      *scheduler;  /* (owned) */
  gboolean            active;
  TideRunPlannerFunc  func;
  gpointer            user_data;
  GHashTable         *blocked;    /* (owned): connection's id, in the row → TideBlockRow */
};

/* What was given up is taken up again where it stopped; and a full reading is not made good by an incremental one. */
static TideRunMode
load_mode (TideStore  *store,
           gint64      connection_id,
           const char *stream)
{
  g_autoptr(TideRead) read = tide_store_begin_read (store, NULL, NULL);
  g_autoptr(TideRun) run = NULL;

  if (read != NULL)
    run = tide_run_rows_get_last_ended (tide_read_get_database (read), connection_id, stream, NULL);
  return run != NULL && run->status == TIDE_RUN_FAILED ? run->mode : TIDE_RUN_MODE_INCREMENTAL;
}

static void
due_cb (gint64      connection_id,
        const char *stream,
        gpointer    user_data)
{
  TideRunPlanner *self = user_data;

  if (!tide_run_planner_is_blocked (self, connection_id))
    self->func (connection_id, stream, load_mode (self->store, connection_id, stream), self->user_data);
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
  self->blocked = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)tide_block_row_free);
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
  g_object_unref (self->store);
  g_free (self);
}

/**
 * tide_run_planner_load_blocks:
 *
 * Reads which connections only a person can mend. To be asked once. Short.
 */
gboolean
tide_run_planner_load_blocks (TideRunPlanner  *self,
                              GError         **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(GPtrArray) rows = NULL;

  if (read == NULL)
    return FALSE;
  rows = tide_block_rows_list (tide_read_get_database (read), error);
  if (rows == NULL)
    return FALSE;

  while (rows->len > 0)
    tide_run_planner_block (self, g_ptr_array_steal_index_fast (rows, 0));
  return TRUE;
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

/**
 * tide_run_planner_block:
 * @block: (transfer full): what stops the connection
 *
 * Says that only a person can mend a connection: until that is done nothing is asked of it.
 */
void
tide_run_planner_block (TideRunPlanner *self,
                        TideBlockRow   *block)
{
  g_hash_table_replace (self->blocked, &block->connection_id, block);
}

/**
 * tide_run_planner_list_blocks:
 *
 * Returns: (transfer container) (element-type TideBlockRow): the connections that only a person can mend
 */
GPtrArray *
tide_run_planner_list_blocks (TideRunPlanner *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer block;

  g_hash_table_iter_init (&iter, self->blocked);
  while (g_hash_table_iter_next (&iter, NULL, &block))
    g_ptr_array_add (list, block);
  return list;
}

/**
 * tide_run_planner_get_block:
 *
 * Returns: (nullable): what stops a connection
 */
const TideBlockRow *
tide_run_planner_get_block (TideRunPlanner *self,
                            gint64          connection_id)
{
  return g_hash_table_lookup (self->blocked, &connection_id);
}

/**
 * tide_run_planner_unblock:
 *
 * Says that a connection works again, or has a new login.
 *
 * Returns: whether it was blocked
 */
gboolean
tide_run_planner_unblock (TideRunPlanner *self,
                          gint64          connection_id)
{
  return g_hash_table_remove (self->blocked, &connection_id);
}

gboolean
tide_run_planner_is_blocked (TideRunPlanner *self,
                             gint64          connection_id)
{
  return g_hash_table_contains (self->blocked, &connection_id);
}

/**
 * tide_run_planner_is_due:
 *
 * Returns: whether a stream is about to be asked for by its schedule, as its slot has come
 */
gboolean
tide_run_planner_is_due (TideRunPlanner *self,
                         gint64          connection_id,
                         const char     *stream)
{
  gint64 next = tide_scheduler_get_next (self->scheduler, connection_id, stream);

  return self->active && next != 0 && next <= tide_clock_now (tide_store_get_clock (self->store));
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
