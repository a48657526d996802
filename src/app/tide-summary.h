/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream-status.h"

G_BEGIN_DECLS

/**
 * TideSummary:
 * @connection: (unowned): the connection that all belong to
 * @health: the worst of them
 * @differ: whether its streams are not all alike
 * @last_success: the oldest of their last completed runs, 0 when one was never read
 * @since: since when the worst one is what it is, 0 if unknown
 * @next_run: the earliest planned run, 0 if none
 *
 * Several streams of one connection seen as one: what a folded row shows. Borrows from the
 * statuses it was made of.
 */
typedef struct
{
  TideConnection *connection;
  TideHealth      health;
  gboolean        differ;
  gint64          last_success;
  gint64          since;
  gint64          next_run;
  gint64          retry_at;
  gint64          today;
  gint64          records;
  gint64          open_failures;
  TideHourCell    cells[TIDE_STRIP_CELLS];
} TideSummary;

void       tide_summary_init     (TideSummary  *self,
                                  GPtrArray    *statuses);
GPtrArray *tide_summary_group    (GPtrArray    *statuses,
                                  gint64        venue_id);

G_END_DECLS
