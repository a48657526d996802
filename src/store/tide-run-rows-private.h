/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-rows.h"

G_BEGIN_DECLS

/* The columns that tide_run_from_row() reads, in its order, and where they come from. */
#define TIDE_RUN_COLUMNS \
  "r.id, r.sync_id, r.connection_id, c.name, v.name, c.provider, r.stream, r.entity, r.mode, r.status," \
  " r.dry_run, r.requested_by, r.requested_at, r.started_at, r.ended_at," \
  " r.read, r.created, r.updated, r.unchanged, r.failed, r.conflicted, r.skipped, r.deleted," \
  " r.expected, r.pages, r.bytes, r.retries, r.waited_ms, r.error_code, r.error_message, r.phases," \
  " r.ids, r.filters, r.priority, r.rank, r.due_at, r.attempts, r.stalled, r.allowed"
#define TIDE_RUN_SOURCE \
  " FROM sync_runs r JOIN connections c ON c.id = r.connection_id JOIN venues v ON v.id = c.venue_id"

TideRun  *tide_run_from_row      (TideStatement  *row);
gboolean  tide_run_rows_add_keys (TideWrite      *write,
                                  gint64          run_id,
                                  gint64          first_key,
                                  gint64          last_key,
                                  GError        **error);

G_END_DECLS
