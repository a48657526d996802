/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"
#include "tide-run-filter.h"

G_BEGIN_DECLS

/**
 * TideRunCounts:
 * @total: runs that pass the filter
 * @done: of those, the ones that went well at once
 * @retried: that took another try, or are at it
 * @problems: that need their owner
 * @split: whether they were told apart: not where the filter asks for one outcome
 *
 * How the runs of a list went. The rest are going, wait for their turn or were stopped. Immutable value.
 */
typedef struct
{
  gint64   total;
  gint64   done;
  gint64   retried;
  gint64   problems;
  gboolean split;
} TideRunCounts;

void           tide_run_counts_async     (TideEngine           *engine,
                                          const TideRunFilter  *filter,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
TideRunCounts *tide_run_counts_finish    (GAsyncResult         *result,
                                          GError              **error);
char          *tide_run_counts_dup_total (const TideRunCounts  *self) G_GNUC_WARN_UNUSED_RESULT;
char          *tide_run_counts_dup_parts (const TideRunCounts  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
