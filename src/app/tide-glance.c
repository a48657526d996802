/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-glance.h"
#include "tide-job.h"

/* What a look is to reach to. */
typedef struct
{
  gint64 today;
  gint64 until;
} Reach;

/**
 * tide_glance_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_glance_free (TideGlance *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->statuses, g_ptr_array_unref);
  g_clear_pointer (&self->planned, g_ptr_array_unref);
  g_clear_pointer (&self->venues, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->attention, tide_attention_unref);
  g_free (self);
}

static gpointer
glance_job (TideEngine    *engine,
            gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  const Reach *reach = data;
  g_autoptr(TideGlance) self = g_new0 (TideGlance, 1);

  self->statuses = tide_engine_get_status (engine, error);
  if (self->statuses == NULL)
    return NULL;
  self->planned = tide_engine_get_planned (engine, reach->until, error);
  if (self->planned == NULL)
    return NULL;
  self->venues = tide_engine_list_venues (engine, error);
  if (self->venues == NULL)
    return NULL;
  self->connections = tide_engine_list_connections (engine, error);
  if (self->connections == NULL)
    return NULL;
  self->attention = tide_attention_load (engine, reach->today, error);
  if (self->attention == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/* The instant at which the owner's day began. */
static gint64
get_midnight (gint64     now,
              GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autoptr(GDateTime) time = g_date_time_to_timezone (utc, zone);
  g_autoptr(GDateTime) midnight = g_date_time_new (zone, g_date_time_get_year (time), g_date_time_get_month (time),
                                                   g_date_time_get_day_of_month (time), 0, 0, 0);

  return g_date_time_to_unix (midnight) * G_USEC_PER_SEC;
}

/**
 * tide_glance_load_async:
 * @now: the present instant
 * @zone: the owner's
 *
 * Looks at the engine, on a worker thread.
 */
void
tide_glance_load_async (TideEngine          *engine,
                        gint64               now,
                        GTimeZone           *zone,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Reach *reach = g_new (Reach, 1);

  reach->today = get_midnight (now, zone);
  reach->until = now + TIDE_GLANCE_AHEAD;
  tide_job_run (engine, glance_job, reach, g_free, (GDestroyNotify)tide_glance_free, cancellable, callback, user_data);
}

/**
 * tide_glance_load_finish:
 *
 * Returns: (transfer full): what there is to be seen; %NULL with @error set on failure
 */
TideGlance *
tide_glance_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  return tide_job_finish (result, error);
}
