/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <math.h>

#include "tide-run-bands.h"

#include "tide-time.h"

/* Three standard deviations, of which the median deviation is a share that some wild days do not move. */
#define WIDTH 3
#define DEVIATIONS 1.4826

#define HOURS 24

/* What one stream brought at each hour of its venue's day. */
typedef struct
{
  gint64     connection_id;
  char      *stream;              /* (owned) */
  GTimeZone *zone;                /* (owned) */
  GArray    *values[HOURS];       /* (owned) (nullable) (element-type double) */
  gint64     last_day[HOURS];
  guint      n_days[HOURS];
} Stream;

static void
stream_free (Stream *self)
{
  for (int i = 0; i < HOURS; i++)
    g_clear_pointer (&self->values[i], g_array_unref);
  g_time_zone_unref (self->zone);
  g_free (self->stream);
  g_free (self);
}

/**
 * tide_band_row_free:
 * @self: (transfer full): a band
 */
void
tide_band_row_free (TideBandRow *self)
{
  g_free (self->stream);
  g_free (self);
}

static Stream *
find_stream (GPtrArray     *streams,
             TideStatement *row)
{
  gint64 connection_id = tide_statement_get_int (row, 0);
  const char *name = tide_statement_get_text (row, 1);
  Stream *stream;

  for (guint i = 0; i < streams->len; i++)
    {
      stream = g_ptr_array_index (streams, i);
      if (stream->connection_id == connection_id && g_str_equal (stream->stream, name))
        return stream;
    }

  stream = g_new0 (Stream, 1);
  stream->connection_id = connection_id;
  stream->stream = g_strdup (name);
  stream->zone = g_time_zone_new_identifier (tide_statement_get_text (row, 2));
  /* The system may have lost a zone that it once knew. */
  if (stream->zone == NULL)
    stream->zone = g_time_zone_new_utc ();
  g_ptr_array_add (streams, stream);
  return stream;
}

/* Runs come in the order of time, so that a day is new when it is not the last one. */
static void
stream_add (Stream *self,
            gint64  at,
            double  value)
{
  gint64 seconds = at / TIDE_SECOND;
  int interval = g_time_zone_find_interval (self->zone, G_TIME_TYPE_UNIVERSAL, seconds);
  gint64 local = seconds + g_time_zone_get_offset (self->zone, interval);
  gint64 day = local / (24 * 3600);
  int hour = (int)(local / 3600 % HOURS);

  if (self->values[hour] == NULL)
    self->values[hour] = g_array_new (FALSE, FALSE, sizeof (double));
  if (self->n_days[hour] == 0 || self->last_day[hour] != day)
    self->n_days[hour]++;
  self->last_day[hour] = day;
  g_array_append_val (self->values[hour], value);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;

  return x < y ? -1 : x > y;
}

/* Of at least one value, which are put in order. */
static double
get_median (GArray *values)
{
  guint middle = values->len / 2;

  g_array_sort (values, compare_doubles);
  if (values->len % 2 == 1)
    return g_array_index (values, double, middle);
  return (g_array_index (values, double, middle - 1) + g_array_index (values, double, middle)) / 2;
}

/* Where nearly all runs bring the same, mere chance still brings one more or less. */
static TideBandRow *
stream_make_band (Stream *self,
                  int     hour)
{
  GArray *values = self->values[hour];
  TideBandRow *band = g_new0 (TideBandRow, 1);
  double spread;

  band->usual = get_median (values);
  for (guint i = 0; i < values->len; i++)
    g_array_index (values, double, i) = fabs (g_array_index (values, double, i) - band->usual);
  spread = WIDTH * MAX (DEVIATIONS * get_median (values), sqrt (MAX (band->usual, 1)));

  band->connection_id = self->connection_id;
  band->stream = g_strdup (self->stream);
  band->hour = hour;
  band->low = MAX (band->usual - spread, 0);
  band->high = band->usual + spread;
  band->n_days = self->n_days[hour];
  return band;
}

static GPtrArray *
make_bands (GPtrArray *streams,
            guint      min_days)
{
  GPtrArray *bands = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_band_row_free);

  for (guint i = 0; i < streams->len; i++)
    {
      Stream *stream = g_ptr_array_index (streams, i);

      for (int hour = 0; hour < HOURS; hour++)
        if (stream->n_days[hour] >= MAX (min_days, 1))
          g_ptr_array_add (bands, stream_make_band (stream, hour));
    }
  return bands;
}

/**
 * tide_run_bands_learn:
 * @database: a connection
 * @since: first instant to learn from
 * @min_days: fewer tell nothing about an hour
 * @error: return location
 *
 * Learns what runs usually bring: created, updated and deleted records, by stream and hour of the venue's day.
 * Dry runs, those of only some records and those that did not get to the end tell nothing.
 *
 * Returns: (transfer full) (nullable) (element-type TideBandRow): bands, of the hours of which enough is known
 */
GPtrArray *
tide_run_bands_learn (TideDatabase  *database,
                      gint64         since,
                      guint          min_days,
                      GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) streams = g_ptr_array_new_with_free_func ((GDestroyNotify)stream_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT r.connection_id, r.stream, v.timezone, r.created + r.updated + r.deleted,"
                                  " COALESCE(r.started_at, r.requested_at) AS at"
                                  " FROM sync_runs r CROSS JOIN connections c ON c.id = r.connection_id"
                                  " CROSS JOIN venues v ON v.id = c.venue_id"
                                  " WHERE COALESCE(r.started_at, r.requested_at) >= @since AND +r.status = 'completed'"
                                  " AND NOT r.dry_run AND r.ids IS NULL AND r.filters IS NULL"
                                  " ORDER BY COALESCE(r.started_at, r.requested_at)", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_time (statement, "@since", since);
  while (tide_statement_next (statement, &local_error))
    stream_add (find_stream (streams, statement), tide_statement_get_time (statement, 4),
                (double)tide_statement_get_int (statement, 3));
  if (local_error == NULL)
    return make_bands (streams, min_days);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "learning what is usual: ");
  return NULL;
}
