/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-run.h"

G_DEFINE_BOXED_TYPE (TideRun, tide_run, tide_run_ref, tide_run_unref)

/* As they stand in the store and in the API: never change one. */
static const char *mode_names[] = {
  [TIDE_RUN_MODE_INCREMENTAL] = "incremental",
  [TIDE_RUN_MODE_FULL] = "full",
};

static const char *status_names[] = {
  [TIDE_RUN_PENDING] = "pending",
  [TIDE_RUN_PROCESSING] = "processing",
  [TIDE_RUN_COMPLETED] = "completed",
  [TIDE_RUN_FAILED] = "failed",
  [TIDE_RUN_PAUSED] = "paused",
  [TIDE_RUN_CANCELLED] = "cancelled",
  [TIDE_RUN_AWAITING_APPROVAL] = "awaiting_approval",
};

#define TO(status) (1u << TIDE_RUN_##status)

/* Which states may follow a state. A run that is going may be pending again: another try, or the program's end.
 * What failed may be retried, and what was cancelled is over for good. */
static const guint edges[] = {
  [TIDE_RUN_PENDING] = TO (PROCESSING) | TO (PAUSED) | TO (CANCELLED) | TO (FAILED),
  [TIDE_RUN_PROCESSING] = TO (PENDING) | TO (COMPLETED) | TO (FAILED) | TO (PAUSED) | TO (CANCELLED) |
                          TO (AWAITING_APPROVAL),
  [TIDE_RUN_COMPLETED] = 0,
  [TIDE_RUN_FAILED] = TO (PENDING),
  [TIDE_RUN_PAUSED] = TO (PENDING) | TO (CANCELLED) | TO (FAILED),
  [TIDE_RUN_CANCELLED] = 0,
  [TIDE_RUN_AWAITING_APPROVAL] = TO (PENDING) | TO (CANCELLED) | TO (FAILED),
};

static void
tide_run_clear (TideRun *self)
{
  g_free (self->sync_id);
  g_free (self->connection_name);
  g_free (self->venue_name);
  g_free (self->provider);
  g_free (self->stream);
  g_free (self->entity);
  g_free (self->ids);
  g_free (self->filters);
  g_free (self->requested_by);
  g_free (self->error_code);
  g_free (self->error_message);
  g_free (self->phases);
}

/**
 * tide_run_copy:
 * @self: a run, which may stand on the stack with borrowed strings
 *
 * Returns: (transfer full): a value of its own, with copies of the strings
 */
TideRun *
tide_run_copy (const TideRun *self)
{
  TideRun *copy = g_atomic_rc_box_dup (sizeof *self, (TideRun *)self);

  copy->sync_id = g_strdup (self->sync_id);
  copy->connection_name = g_strdup (self->connection_name);
  copy->venue_name = g_strdup (self->venue_name);
  copy->provider = g_strdup (self->provider);
  copy->stream = g_strdup (self->stream);
  copy->entity = g_strdup (self->entity);
  copy->ids = g_strdup (self->ids);
  copy->filters = g_strdup (self->filters);
  copy->requested_by = g_strdup (self->requested_by);
  copy->error_code = g_strdup (self->error_code);
  copy->error_message = g_strdup (self->error_message);
  copy->phases = g_strdup (self->phases);
  return copy;
}

/**
 * tide_run_is_over:
 *
 * Returns: whether nothing more will happen to this run by itself or by a decision; it may still be retried
 */
gboolean
tide_run_is_over (const TideRun *self)
{
  return self->status == TIDE_RUN_COMPLETED || self->status == TIDE_RUN_FAILED || self->status == TIDE_RUN_CANCELLED;
}

/**
 * tide_run_is_part:
 *
 * Returns: whether it reads only some records, so that it says nothing of the others and moves no cursor
 */
gboolean
tide_run_is_part (const TideRun *self)
{
  return self->ids != NULL || self->filters != NULL;
}

const char *
tide_run_mode_to_name (TideRunMode mode)
{
  g_return_val_if_fail ((gsize)mode < G_N_ELEMENTS (mode_names), NULL);

  return mode_names[mode];
}

/**
 * tide_run_mode_from_name:
 * @name: (nullable): "full" or "incremental"
 * @mode: (out): the mode; untouched on failure
 *
 * Returns: whether there is such a mode
 */
gboolean
tide_run_mode_from_name (const char  *name,
                         TideRunMode *mode)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mode_names); i++)
    if (g_strcmp0 (name, mode_names[i]) == 0)
      {
        *mode = (TideRunMode)i;
        return TRUE;
      }
  return FALSE;
}

const char *
tide_run_status_to_name (TideRunStatus status)
{
  g_return_val_if_fail ((gsize)status < G_N_ELEMENTS (status_names), NULL);

  return status_names[status];
}

/**
 * tide_run_status_from_name:
 * @name: (nullable): such as "completed"
 * @status: (out): the status; untouched on failure
 *
 * Returns: whether there is such a status
 */
gboolean
tide_run_status_from_name (const char    *name,
                           TideRunStatus *status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (status_names); i++)
    if (g_strcmp0 (name, status_names[i]) == 0)
      {
        *status = (TideRunStatus)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * tide_run_status_may_become:
 *
 * Returns: whether a run may go from one state straight to the other
 */
gboolean
tide_run_status_may_become (TideRunStatus from,
                            TideRunStatus to)
{
  g_return_val_if_fail ((gsize)from < G_N_ELEMENTS (edges), FALSE);

  return (edges[from] & (1u << to)) != 0;
}

/**
 * tide_run_ref:
 *
 * Returns: (transfer full): @self
 */
TideRun *
tide_run_ref (TideRun *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tide_run_unref:
 * @self: (transfer full): what to let go of; freed with its last reference
 */
void
tide_run_unref (TideRun *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_run_clear);
}
