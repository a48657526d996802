/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-run-query.h"

void
tide_run_hour_clear (TideRunHour *self)
{
  g_clear_pointer (&self->stream, g_free);
}

void
tide_log_line_free (TideLogLine *self)
{
  g_free (self->level);
  g_free (self->message);
  g_free (self);
}

void
tide_record_change_free (TideRecordChange *self)
{
  g_free (self->record_id);
  g_free (self->kind);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

void
tide_failure_free (TideFailure *self)
{
  g_free (self->stream);
  g_free (self->record_id);
  g_free (self->sync_id);
  g_free (self->reason);
  g_free (self->payload);
  g_free (self->dismissed_by);
  g_free (self);
}

/**
 * tide_failure_group_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_failure_group_free (TideFailureGroup *self)
{
  if (self == NULL)
    return;

  g_free (self->stream);
  g_free (self->cause);
  g_free (self);
}
