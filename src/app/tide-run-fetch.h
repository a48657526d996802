/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"
#include "tide-run-filter.h"

G_BEGIN_DECLS

/**
 * TideRunFetch:
 * @runs: (element-type TideRun): a page of runs, newest first
 * @count: how many there are in all, where that was asked
 *
 * A page of the list of runs. Immutable value.
 */
typedef struct
{
  GPtrArray *runs;
  gint64     count;
} TideRunFetch;

void          tide_run_fetch_async  (TideEngine           *engine,
                                     const TideRunFilter  *filter,
                                     gint64                before_id,
                                     guint                 limit,
                                     gboolean              count,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
TideRunFetch *tide_run_fetch_finish (GAsyncResult         *result,
                                     GError              **error);
void          tide_run_fetch_free   (TideRunFetch         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunFetch, tide_run_fetch_free)

G_END_DECLS
