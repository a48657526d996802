/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <string.h>

#include "tide-summary.h"

/* The earlier of two instants of which 0 means "none". */
static gint64
earlier (gint64 a,
         gint64 b)
{
  if (a == 0 || b == 0)
    return MAX (a, b);
  return MIN (a, b);
}

static void
tide_summary_add_cells (TideSummary            *self,
                        const TideStreamStatus *status)
{
  for (guint i = 0; i < TIDE_STRIP_CELLS; i++)
    {
      self->cells[i].hour = status->cells[i].hour;
      self->cells[i].runs += status->cells[i].runs;
      self->cells[i].records += status->cells[i].records;
      self->cells[i].retried += status->cells[i].retried;
      self->cells[i].failed += status->cells[i].failed;
      self->cells[i].planned += status->cells[i].planned;
    }
}

static void
tide_summary_add (TideSummary            *self,
                  const TideStreamStatus *status)
{
  if (status->health > self->health)
    {
      self->health = status->health;
      self->since = status->since;
    }
  self->last_success = MIN (self->last_success, status->last_success);
  self->next_run = earlier (self->next_run, status->next_run);
  self->retry_at = earlier (self->retry_at, status->retry_at);
  self->today += status->today;
  self->records += status->records;
  self->open_failures += status->open_failures;
  tide_summary_add_cells (self, status);
}

/**
 * tide_summary_init:
 * @self: what to fill
 * @statuses: (element-type TideStreamStatus): at least one, all of one connection
 */
void
tide_summary_init (TideSummary *self,
                   GPtrArray   *statuses)
{
  TideStreamStatus *first = g_ptr_array_index (statuses, 0);

  memset (self, 0, sizeof *self);
  self->connection = first->connection;
  self->health = first->health;
  self->since = first->since;
  self->last_success = G_MAXINT64;
  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      /* What the owner has switched off neither makes a connection late nor keeps it from being fresh. */
      if (status->health == TIDE_HEALTH_OFF && statuses->len > 1)
        continue;
      tide_summary_add (self, status);
      if (status->health != first->health && status->health != TIDE_HEALTH_SYNCING)
        self->differ = TRUE;
    }
  if (self->last_success == G_MAXINT64)
    self->last_success = first->last_success;
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  GPtrArray *left = *(GPtrArray **)a;
  GPtrArray *right = *(GPtrArray **)b;
  TideSummary x;
  TideSummary y;

  tide_summary_init (&x, left);
  tide_summary_init (&y, right);
  if (tide_health_needs_owner (x.health) != tide_health_needs_owner (y.health))
    return tide_health_needs_owner (x.health) ? -1 : 1;
  return x.connection->id < y.connection->id ? -1 : x.connection->id > y.connection->id;
}

static GPtrArray *
find_group (GPtrArray *groups,
            gint64     connection_id)
{
  for (guint i = 0; i < groups->len; i++)
    {
      GPtrArray *group = g_ptr_array_index (groups, i);
      TideStreamStatus *status = g_ptr_array_index (group, 0);

      if (status->connection->id == connection_id)
        return group;
    }
  return NULL;
}

/**
 * tide_summary_group:
 * @statuses: (element-type TideStreamStatus): all streams
 * @venue_id: only of this venue, 0 = of every one
 *
 * Returns: (transfer full) (element-type GPtrArray): the streams by connection; what needs the
 *    owner first, else in the order in which they were connected
 */
GPtrArray *
tide_summary_group (GPtrArray *statuses,
                    gint64     venue_id)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);
      GPtrArray *group;

      if (venue_id != 0 && status->connection->venue_id != venue_id)
        continue;
      group = find_group (groups, status->connection->id);
      if (group == NULL)
        {
          group = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_status_unref);
          g_ptr_array_add (groups, group);
        }
      g_ptr_array_add (group, tide_stream_status_ref (status));
    }
  g_ptr_array_sort (groups, compare_groups);
  return groups;
}
