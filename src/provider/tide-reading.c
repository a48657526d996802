/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-reading.h"

#include "tide-error.h"
#include "tide-time.h"

/* States know instants to the millisecond. */
#define STEP 1000

/* What changes in less fits a page, and more requests would only use up the rate limit. */
#define SHORTEST_SIDE_WINDOW (15 * TIDE_MINUTE)

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

/**
 * tide_walk_cut_window:
 * @walk: (out caller-allocates): set to the first page of that window
 * @whole: a walk with a beginning, and no position yet
 * @index: from 0
 *
 * Cuts the time from a walk's beginning to the moment at which it began into equal windows. The last one is open to
 * the end, as in tide_walk_enter_window().
 */
void
tide_walk_cut_window (TideWalk                  *walk,
                      const TideIncrementalSpec *spec,
                      const TideWalk            *whole,
                      guint                      index,
                      guint                      n_windows)
{
  gint64 length = whole->began - whole->since;

  *walk = *whole;
  walk->at = NULL;
  walk->until = TIDE_TIME_INVALID;
  if (index > 0)
    walk->since = round_down (whole->since + length / n_windows * index, spec->resolution);
  if (index + 1 < n_windows)
    walk->until = round_down (whole->since + length / n_windows * (index + 1), spec->resolution);
}

static gint64
get_increment_start (const TidePartition       *partition,
                     const TideIncrementalSpec *spec,
                     gint64                     began,
                     gboolean                   latency)
{
  gint64 look_back = latency ? spec->latency_look_back : spec->look_back;

  /* A watermark in the future can only come of a wrong clock, and must not blind the stream for ever. */
  return MIN (partition->state.watermark, began) - look_back;
}

static void
begin_walk (TidePartition    *partition,
            TideStream       *stream,
            TideRunMode       mode,
            gint64            began,
            gboolean          latency)
{
  const TideIncrementalSpec *spec = &stream->incremental;
  TideWalk *walk = &partition->state.walk;
  gint64 since = spec->initial;

  tide_stream_state_clear (&partition->state);
  *walk = (TideWalk) { .mode = mode, .began = began, .max = TIDE_TIME_INVALID };
  if (mode == TIDE_RUN_MODE_INCREMENTAL)
    since = get_increment_start (partition, spec, began, latency);
  if (latency)
    walk->page_size = stream->paginator.largest_page;
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
plan_listing (TideReading        *self,
              TideStream         *stream,
              const TideReadPlan *plan,
              gint64              began)
{
  for (guint i = 0; i < self->partitions->len; i++)
    {
      TidePartition *partition = g_ptr_array_index (self->partitions, i);

      partition->done = self->resumes && is_done (partition, self->listing);
      if (!partition->done && !(self->resumes && is_under_way (partition, self->listing)))
        begin_walk (partition, stream, TIDE_RUN_MODE_FULL, began, plan->latency);
      partition->state.listing = self->listing;
      partition->state.closed = FALSE;
    }
}

/* Whether an increment is short enough to be read in windows side by side. What is longer than the same number of
 * the stream's own windows is read one by one: each of those is a place to go on from, and side by side there is none. */
static gboolean
fits_side_by_side (const TidePartition       *partition,
                   const TideIncrementalSpec *spec,
                   gint64                     began)
{
  gint64 length = began - get_increment_start (partition, spec, began, TRUE);

  return spec->parallel > 1 && length >= spec->parallel * MAX (spec->resolution, SHORTEST_SIDE_WINDOW) &&
         (spec->window == 0 || length <= spec->window * spec->parallel);
}

static void
plan_increment (TideReading        *self,
                TideStream         *stream,
                const TideReadPlan *plan,
                gint64              began)
{
  const TideIncrementalSpec *spec = &stream->incremental;

  for (guint i = 0; i < self->partitions->len; i++)
    {
      TidePartition *partition = g_ptr_array_index (self->partitions, i);
      TideStreamState *state = &partition->state;
      gboolean has_watermark = state->watermark != TIDE_TIME_INVALID;
      TideRunMode mode = has_watermark ? TIDE_RUN_MODE_INCREMENTAL : TIDE_RUN_MODE_FULL;

      if (plan->latency && has_watermark && fits_side_by_side (partition, spec, began))
        partition->n_windows = spec->parallel;
      if (!state->walking || state->walk.mode != mode || partition->n_windows > 1)
        begin_walk (partition, stream, mode, began, plan->latency);
      state->listing = self->listing;
      state->closed = self->listing != TIDE_TIME_INVALID;
    }
}

/* Records that are picked out of the listing may be of any age; those that pass a filter may be those that changed. */
static void
plan_part (TideReading         *self,
           TideStream          *stream,
           const TideReadPlan  *plan,
           const TideSelection *selection,
           gint64               began)
{
  for (guint i = 0; i < self->partitions->len; i++)
    {
      TidePartition *partition = g_ptr_array_index (self->partitions, i);
      gboolean all = plan->mode == TIDE_RUN_MODE_FULL || selection->ids != NULL ||
                     partition->state.watermark == TIDE_TIME_INVALID;

      begin_walk (partition, stream, all ? TIDE_RUN_MODE_FULL : TIDE_RUN_MODE_INCREMENTAL, began, plan->latency);
    }
}

static gboolean
choose_partition (TideReading          *self,
                  TideStream           *stream,
                  const TideSelection  *selection,
                  GError              **error)
{
  if (selection->partition == NULL || tide_partitions_choose (self->partitions, selection->partition))
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: there is no \"%s\" among %s", stream->name,
               selection->partition, stream->partition.parent != NULL ? stream->partition.parent : "its parts");
  return FALSE;
}

static void
plan_all (TideReading        *self,
          TideStream         *stream,
          const TideReadPlan *plan,
          gint64              began)
{
  gint64 newest;
  gboolean open = find_open_listing (self->partitions, &newest);

  self->is_listing = plan->mode == TIDE_RUN_MODE_FULL ||
                     nothing_has_watermark (self->partitions, open ? newest : TIDE_TIME_INVALID);
  self->resumes = self->is_listing && open;
  if (self->resumes || !self->is_listing)
    self->listing = newest;
  else
    /* Ids must grow even if the clock was set back. */
    self->listing = newest == TIDE_TIME_INVALID ? began : MAX (began, newest + STEP);

  if (self->is_listing)
    plan_listing (self, stream, plan, began);
  else
    plan_increment (self, stream, plan, began);
}

/**
 * tide_reading_init:
 * @stream: no child
 * @plan: what is asked for
 * @selection: what @plan narrows it down to
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID if the partition that was chosen is none
 */
gboolean
tide_reading_init (TideReading          *self,
                   TideStream           *stream,
                   const TideReadPlan   *plan,
                   const TideSelection  *selection,
                   GError              **error)
{
  gint64 began = round_down (plan->started_at, STEP);

  *self = (TideReading) { .listing = TIDE_TIME_INVALID };
  self->is_part = tide_selection_is_part (selection);
  if (selection->by_lookup)
    {
      self->partitions = tide_partitions_new_for_ids (selection->ids, stream->lookup->batch);
      return TRUE;
    }
  self->partitions = tide_partitions_new (stream, plan->partition_values, plan->states);
  if (!choose_partition (self, stream, selection, error))
    return FALSE;
  if (self->is_part)
    plan_part (self, stream, plan, selection, began);
  else
    plan_all (self, stream, plan, began);
  return TRUE;
}

void
tide_reading_clear (TideReading *self)
{
  g_clear_pointer (&self->partitions, g_ptr_array_unref);
}
