/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-reading.h"

#include "tide-time.h"

/* States know instants to the millisecond. */
#define STEP 1000

static gint64
round_down (gint64 instant,
            gint64 step)
{
  gint64 rest = instant % step;

  return instant - (rest < 0 ? rest + step : rest);
}

/**
 * tide_walk_enter_window:
 * @since: where the window begins, or TIDE_TIME_INVALID
 *
 * Sets the walk to the first page of the window that begins at @since. The last window is the one in
 * which the walk began; it is open to the end, so that what is changed while reading is not lost.
 */
void
tide_walk_enter_window (TideWalk                  *walk,
                        const TideIncrementalSpec *spec,
                        gint64                     since)
{
  gint64 until = TIDE_TIME_INVALID;

  /* Edges must be instants that the provider can be told, or there would be gaps between windows. */
  if (since != TIDE_TIME_INVALID)
    since = round_down (since, spec->resolution);
  if (since != TIDE_TIME_INVALID && spec->window > 0 && spec->window < walk->began - since)
    until = round_down (since + spec->window, spec->resolution);
  walk->since = since;
  walk->until = until;
  g_clear_pointer (&walk->at, g_free);
}

static void
begin_walk (TidePartition             *partition,
            const TideIncrementalSpec *spec,
            TideRunMode                mode,
            gint64                     began)
{
  TideWalk *walk = &partition->state.walk;
  gint64 since = spec->initial;

  tide_stream_state_clear (&partition->state);
  *walk = (TideWalk) { .mode = mode, .began = began, .max = TIDE_TIME_INVALID };
  /* A watermark in the future can only come of a wrong clock, and must not blind the stream for ever. */
  if (mode == TIDE_RUN_MODE_INCREMENTAL)
    since = MIN (partition->state.watermark, began) - spec->look_back;
  partition->state.walking = TRUE;
  tide_walk_enter_window (walk, spec, since);
}

static gboolean
is_done (const TidePartition *partition,
         gint64               listing)
{
  return partition->state.listing == listing && !partition->state.walking;
}

static gboolean
is_under_way (const TidePartition *partition,
              gint64               listing)
{
  return partition->state.listing == listing && partition->state.walking &&
         partition->state.walk.mode == TIDE_RUN_MODE_FULL;
}

/* The newest listing there is. Returns whether it was interrupted. */
static gboolean
find_open_listing (GPtrArray *partitions,
                   gint64    *listing)
{
  gboolean closed = FALSE;
  gboolean all_done = TRUE;

  *listing = TIDE_TIME_INVALID;
  for (guint i = 0; i < partitions->len; i++)
    {
      const TidePartition *partition = g_ptr_array_index (partitions, i);

      *listing = MAX (*listing, partition->state.listing);
    }
  if (*listing == TIDE_TIME_INVALID)
    return FALSE;
  for (guint i = 0; i < partitions->len; i++)
    {
      const TidePartition *partition = g_ptr_array_index (partitions, i);

      closed |= partition->state.listing == *listing && partition->state.closed;
      all_done &= is_done (partition, *listing);
    }
  return !closed && !all_done;
}

/* Whether nothing that is still to be listed could be read from a watermark instead. */
static gboolean
nothing_has_watermark (GPtrArray *partitions,
                       gint64     open_listing)
{
  for (guint i = 0; i < partitions->len; i++)
    {
      const TidePartition *partition = g_ptr_array_index (partitions, i);

      if (open_listing != TIDE_TIME_INVALID && is_done (partition, open_listing))
        continue;
      if (partition->state.watermark != TIDE_TIME_INVALID)
        return FALSE;
    }
  return TRUE;
}

static void
plan_listing (TideReading               *self,
              const TideIncrementalSpec *spec,
              gint64                     began)
{
  for (guint i = 0; i < self->partitions->len; i++)
    {
      TidePartition *partition = g_ptr_array_index (self->partitions, i);

      partition->done = self->resumes && is_done (partition, self->listing);
      if (!partition->done && !(self->resumes && is_under_way (partition, self->listing)))
        begin_walk (partition, spec, TIDE_RUN_MODE_FULL, began);
      partition->state.listing = self->listing;
      partition->state.closed = FALSE;
    }
}

static void
plan_increment (TideReading               *self,
                const TideIncrementalSpec *spec,
                gint64                     began)
{
  for (guint i = 0; i < self->partitions->len; i++)
    {
      TidePartition *partition = g_ptr_array_index (self->partitions, i);
      TideStreamState *state = &partition->state;
      gboolean has_watermark = state->watermark != TIDE_TIME_INVALID;
      TideRunMode mode = has_watermark ? TIDE_RUN_MODE_INCREMENTAL : TIDE_RUN_MODE_FULL;

      if (!state->walking || state->walk.mode != mode)
        begin_walk (partition, spec, mode, began);
      state->listing = self->listing;
      state->closed = self->listing != TIDE_TIME_INVALID;
    }
}

/**
 * tide_reading_init:
 * @stream: no child
 * @plan: what is asked for
 */
void
tide_reading_init (TideReading        *self,
                   TideStream         *stream,
                   const TideReadPlan *plan)
{
  gint64 began = round_down (plan->started_at, STEP);
  gint64 newest;
  gboolean open;

  self->partitions = tide_partitions_new (stream, plan->partition_values, plan->states);
  open = find_open_listing (self->partitions, &newest);
  self->is_listing = plan->mode == TIDE_RUN_MODE_FULL ||
                     nothing_has_watermark (self->partitions, open ? newest : TIDE_TIME_INVALID);
  self->resumes = self->is_listing && open;
  if (self->resumes || !self->is_listing)
    self->listing = newest;
  else
    /* Ids must grow even if the clock was set back. */
    self->listing = newest == TIDE_TIME_INVALID ? began : MAX (began, newest + STEP);

  if (self->is_listing)
    plan_listing (self, &stream->incremental, began);
  else
    plan_increment (self, &stream->incremental, began);
}

void
tide_reading_clear (TideReading *self)
{
  g_clear_pointer (&self->partitions, g_ptr_array_unref);
}
