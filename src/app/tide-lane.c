/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-engine.h"
#include "tide-lane.h"
#include "tide-stream-status.h"
#include "tide-summary.h"

static void
tide_block_clear (TideBlock *self)
{
  g_free (self->label);
}

/**
 * tide_lane_new:
 *
 * Returns: (transfer full): a lane without blocks
 */
TideLane *
tide_lane_new (const char *label)
{
  TideLane *self = g_new0 (TideLane, 1);

  self->label = g_strdup (label);
  self->blocks = g_array_new (FALSE, FALSE, sizeof (TideBlock));
  g_array_set_clear_func (self->blocks, (GDestroyNotify)tide_block_clear);
  return self;
}

/**
 * tide_lane_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_lane_free (TideLane *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->waits);
  g_array_unref (self->blocks);
  g_free (self);
}

void
tide_lane_add (TideLane      *self,
               TideBlockKind  kind,
               gint64         at,
               gint64         duration,
               const char    *label)
{
  TideBlock block = { at, duration, kind, g_strdup (label) };

  g_array_append_val (self->blocks, block);
}

static int
compare_blocks (gconstpointer a,
                gconstpointer b)
{
  const TideBlock *left = a;
  const TideBlock *right = b;

  return left->at < right->at ? -1 : left->at > right->at;
}

static gboolean
is_running (const TideStreamStatus *status,
            GPtrArray              *running)
{
  for (guint i = 0; i < running->len; i++)
    {
      const TideRun *run = g_ptr_array_index (running, i);

      if (run->connection_id == status->connection->id && g_strcmp0 (run->stream, status->stream) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_stream (TideLane               *lane,
            const TideStreamStatus *status,
            GPtrArray              *running,
            GPtrArray              *planned,
            gint64                  now,
            gint64                  until)
{
  if (status->health == TIDE_HEALTH_SIGN_IN)
    {
      if (lane->waits == NULL)
        lane->waits = g_strdup (_("waits for you to sign in"));
      return;
    }
  if (is_running (status, running))
    tide_lane_add (lane, TIDE_BLOCK_RUNNING, now, status->usual_duration, status->label);
  if (status->retry_at > now && status->retry_at <= until)
    tide_lane_add (lane, TIDE_BLOCK_RETRY, status->retry_at, status->usual_duration, status->label);
  for (guint i = 0; i < planned->len; i++)
    {
      const TidePlannedRun *run = g_ptr_array_index (planned, i);

      if (run->connection_id == status->connection->id && g_strcmp0 (run->stream, status->stream) == 0
          && run->at <= until)
        tide_lane_add (lane, TIDE_BLOCK_PLANNED, run->at, run->duration, status->label);
    }
}

static gboolean
all_wait (GPtrArray *group)
{
  for (guint i = 0; i < group->len; i++)
    if (((TideStreamStatus *)g_ptr_array_index (group, i))->health != TIDE_HEALTH_SIGN_IN)
      return FALSE;
  return TRUE;
}

/* A single connection has only one lane to show, so its streams get one each. */
static void
add_stream_lanes (GPtrArray *lanes,
                  GPtrArray *group,
                  GPtrArray *running,
                  GPtrArray *planned,
                  gint64     now,
                  gint64     until)
{
  for (guint i = 0; i < group->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (group, i);
      TideLane *lane = tide_lane_new (status->label);

      add_stream (lane, status, running, planned, now, until);
      g_ptr_array_add (lanes, lane);
    }
}

/**
 * tide_lane_list_new:
 * @statuses: (element-type TideStreamStatus): all streams
 * @venue_id: only of this venue, 0 = of every one
 * @running: (element-type TideRun): what is going
 * @planned: (element-type TidePlannedRun): what the schedules will ask for
 * @now: the present instant
 * @until: the end of the time line
 *
 * Returns: (transfer full) (element-type TideLane): the lanes that have something to show
 */
GPtrArray *
tide_lane_list_new (GPtrArray *statuses,
                    gint64     venue_id,
                    GPtrArray *running,
                    GPtrArray *planned,
                    gint64     now,
                    gint64     until)
{
  GPtrArray *lanes = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_lane_free);
  g_autoptr(GPtrArray) groups = tide_summary_group (statuses, venue_id);

  if (groups->len == 1 && !all_wait (g_ptr_array_index (groups, 0)))
    add_stream_lanes (lanes, g_ptr_array_index (groups, 0), running, planned, now, until);
  else
    for (guint i = 0; i < groups->len; i++)
      {
        GPtrArray *group = g_ptr_array_index (groups, i);
        TideStreamStatus *first = g_ptr_array_index (group, 0);
        TideLane *lane = tide_lane_new (first->connection->name);

        for (guint k = 0; k < group->len; k++)
          add_stream (lane, g_ptr_array_index (group, k), running, planned, now, until);
        g_ptr_array_add (lanes, lane);
      }
  for (guint i = lanes->len; i > 0; i--)
    {
      TideLane *lane = g_ptr_array_index (lanes, i - 1);

      g_array_sort (lane->blocks, compare_blocks);
      if (lane->blocks->len == 0 && lane->waits == NULL)
        g_ptr_array_remove_index (lanes, i - 1);
    }
  return lanes;
}
