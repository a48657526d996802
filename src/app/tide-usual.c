/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "tide-format.h"
#include "tide-time.h"
#include "tide-usual.h"

struct _TideUsual
{
  GPtrArray  *bands;          /* (owned) (element-type TideRunBand) */
  GHashTable *streams;        /* (owned) (element-type utf8 Stream): "connection stream" */
  GHashTable *zones;          /* (owned) (element-type gint64 GTimeZone): by connection */
  GTimeZone  *local;          /* (owned): of connections whose zone is not known */
};

typedef struct
{
  const TideRunBand *hours[24];
  guint              n_days;
} Stream;

static char *
make_key (gint64      connection_id,
          const char *stream)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", connection_id, stream);
}

static Stream *
tide_usual_find_stream (TideUsual  *self,
                        gint64      connection_id,
                        const char *stream)
{
  g_autofree char *key = make_key (connection_id, stream);

  return g_hash_table_lookup (self->streams, key);
}

/**
 * tide_usual_new:
 * @bands: (transfer full) (element-type TideRunBand): what the engine has learned
 *
 * Returns: (transfer full): the same, to be looked up in
 */
TideUsual *
tide_usual_new (GPtrArray *bands)
{
  TideUsual *self = g_rc_box_new0 (TideUsual);

  self->bands = bands;
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->zones = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_time_zone_unref);
  self->local = g_time_zone_new_local ();
  for (guint i = 0; i < bands->len; i++)
    {
      const TideRunBand *band = g_ptr_array_index (bands, i);
      Stream *stream = tide_usual_find_stream (self, band->connection_id, band->stream);

      if (stream == NULL)
        {
          stream = g_new0 (Stream, 1);
          g_hash_table_insert (self->streams, make_key (band->connection_id, band->stream), stream);
        }
      if (band->hour >= 0 && band->hour < 24)
        stream->hours[band->hour] = band;
      stream->n_days = MAX (stream->n_days, band->n_days);
    }
  return self;
}

TideUsual *
tide_usual_ref (TideUsual *self)
{
  return g_rc_box_acquire (self);
}

static void
tide_usual_clear (TideUsual *self)
{
  g_hash_table_unref (self->streams);
  g_hash_table_unref (self->zones);
  g_time_zone_unref (self->local);
  g_ptr_array_unref (self->bands);
}

void
tide_usual_unref (TideUsual *self)
{
  g_rc_box_release_full (self, (GDestroyNotify)tide_usual_clear);
}

/**
 * tide_usual_set_zone:
 * @timezone: of its venue, by whose day its hours are
 */
void
tide_usual_set_zone (TideUsual  *self,
                     gint64      connection_id,
                     const char *timezone)
{
  GTimeZone *zone = g_time_zone_new_identifier (timezone);

  if (zone != NULL)
    g_hash_table_replace (self->zones, g_memdup2 (&connection_id, sizeof connection_id), zone);
}

/**
 * tide_usual_find:
 * @instant: when
 *
 * Returns: (nullable): what is usual for that stream then, %NULL where it is not known
 */
const TideRunBand *
tide_usual_find (TideUsual  *self,
                 gint64      connection_id,
                 const char *stream,
                 gint64      instant)
{
  Stream *found = self != NULL ? tide_usual_find_stream (self, connection_id, stream) : NULL;
  GTimeZone *zone = found != NULL ? g_hash_table_lookup (self->zones, &connection_id) : NULL;
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (instant / TIDE_SECOND);
  g_autoptr(GDateTime) time = NULL;
  const TideRunBand *band;

  if (found == NULL)
    return NULL;
  time = g_date_time_to_timezone (utc, zone != NULL ? zone : self->local);
  band = found->hours[g_date_time_get_hour (time)];
  return band != NULL && band->n_days >= TIDE_USUAL_DAYS ? band : NULL;
}

/**
 * tide_usual_is_known:
 *
 * Returns: whether what is usual for that stream is known for any hour
 */
gboolean
tide_usual_is_known (TideUsual  *self,
                     gint64      connection_id,
                     const char *stream)
{
  Stream *found = self != NULL ? tide_usual_find_stream (self, connection_id, stream) : NULL;

  return found != NULL && found->n_days >= TIDE_USUAL_DAYS;
}

/**
 * tide_usual_get_count:
 *
 * Returns: the records that @run moved, which is what is judged
 */
gint64
tide_usual_get_count (const TideRun *run)
{
  return run->counts.created + run->counts.updated + run->counts.deleted;
}

static const TideRunBand *
tide_usual_find_for_run (TideUsual     *self,
                         const TideRun *run)
{
  if (run->status != TIDE_RUN_COMPLETED || run->dry_run || tide_run_is_part (run))
    return NULL;
  return tide_usual_find (self, run->connection_id, run->stream,
                          run->started_at > 0 ? run->started_at : run->requested_at);
}

static TideUsualVerdict
judge_count (const TideRunBand *band,
             gint64             count)
{
  if ((double)count < floor (band->low))
    return TIDE_USUAL_FEWER;
  return (double)count > ceil (band->high) ? TIDE_USUAL_MORE : TIDE_USUAL_EXPECTED;
}

/**
 * tide_usual_judge:
 *
 * Returns: how the records that @run moved compare with what is usual; unknown for runs that did not get to their
 *    end, rehearsals, and runs of only some records
 */
TideUsualVerdict
tide_usual_judge (TideUsual     *self,
                  const TideRun *run)
{
  const TideRunBand *band = tide_usual_find_for_run (self, run);

  return band != NULL ? judge_count (band, tide_usual_get_count (run)) : TIDE_USUAL_UNKNOWN;
}

/**
 * tide_usual_dup_range:
 *
 * Returns: (transfer full): the expected band: "usually 180 to 260"
 */
char *
tide_usual_dup_range (const TideRunBand *band)
{
  g_autofree char *low = tide_format_number ((gint64)floor (band->low));
  g_autofree char *high = tide_format_number ((gint64)ceil (band->high));

  if (g_str_equal (low, high))
    return g_strdup_printf (_("usually %s"), low);
  return g_strdup_printf (_("usually %s to %s"), low, high);
}

/**
 * tide_usual_dup_note:
 *
 * Returns: (transfer full) (nullable): what is unusual about @run, %NULL where nothing is
 */
char *
tide_usual_dup_note (TideUsual     *self,
                     const TideRun *run)
{
  const TideRunBand *band = tide_usual_find_for_run (self, run);
  TideUsualVerdict verdict = band != NULL ? judge_count (band, tide_usual_get_count (run)) : TIDE_USUAL_UNKNOWN;
  g_autofree char *range = NULL;
  g_autofree char *count = NULL;

  if (verdict != TIDE_USUAL_FEWER && verdict != TIDE_USUAL_MORE)
    return NULL;
  range = tide_usual_dup_range (band);
  count = tide_format_number (tide_usual_get_count (run));
  /* Translators: how many records came, then "usually 180 to 260" */
  if (verdict == TIDE_USUAL_FEWER)
    return g_strdup_printf (_("Fewer than usual: %s came or changed, %s at this hour"), count, range);
  return g_strdup_printf (_("More than usual: %s came or changed, %s at this hour"), count, range);
}

/**
 * tide_usual_dup_hint:
 * @n_days: days of history so far
 *
 * Returns: (transfer full): from when on it is known what is usual
 */
char *
tide_usual_dup_hint (guint n_days)
{
  return g_strdup_printf (_("What is usual is known after %d days; %d so far"), TIDE_USUAL_DAYS, (int)n_days);
}
