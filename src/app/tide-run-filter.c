/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <string.h>

#include "tide-run-filter.h"

/**
 * tide_run_filter_copy:
 *
 * Returns: (transfer full): a filter with strings of its own
 */
TideRunFilter *
tide_run_filter_copy (const TideRunFilter *self)
{
  TideRunFilter *copy = g_new (TideRunFilter, 1);

  *copy = *self;
  copy->venue = g_strdup (self->venue);
  copy->provider = g_strdup (self->provider);
  copy->entity = g_strdup (self->entity);
  copy->outcome = g_strdup (self->outcome);
  copy->requested_by = g_strdup (self->requested_by);
  copy->search = g_strdup (self->search);
  return copy;
}

/**
 * tide_run_filter_clear:
 *
 * Lets everything through again.
 */
void
tide_run_filter_clear (TideRunFilter *self)
{
  g_free (self->venue);
  g_free (self->provider);
  g_free (self->entity);
  g_free (self->outcome);
  g_free (self->requested_by);
  g_free (self->search);
  memset (self, 0, sizeof *self);
}

/**
 * tide_run_filter_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_run_filter_free (TideRunFilter *self)
{
  if (self == NULL)
    return;
  tide_run_filter_clear (self);
  g_free (self);
}

/**
 * tide_run_filter_is_empty:
 *
 * Returns: whether every run passes
 */
gboolean
tide_run_filter_is_empty (const TideRunFilter *self)
{
  return self->connection_id == 0 && self->venue == NULL && self->provider == NULL && self->entity == NULL
         && self->outcome == NULL && self->requested_by == NULL && self->search == NULL
         && self->since == 0 && self->until == 0;
}

/**
 * tide_run_filter_to_query:
 *
 * Returns: the question to the engine; its strings are @self's
 */
TideRunQuery
tide_run_filter_to_query (const TideRunFilter *self,
                          gint64               before_id,
                          guint                limit)
{
  return (TideRunQuery){
    .connection_id = self->connection_id,
    .venue = self->venue,
    .provider = self->provider,
    .entity = self->entity,
    .outcome = self->outcome,
    .requested_by = self->requested_by,
    .search = self->search,
    .since = self->since,
    .until = self->until,
    .before_id = before_id,
    .limit = limit,
  };
}
