/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"
#include "tide-run-filter.h"

G_BEGIN_DECLS

/**
 * TideRunFetch:
 * @runs: (element-type TideRun): a page of runs, newest first
 *
 * A page of the list of runs. Immutable value.
 */
typedef struct
{
  GPtrArray *runs;
} TideRunFetch;

/**
 * TideRunPlace:
 * @count: runs in the list now
 * @before_id: the key below which the page at the place asked for begins; 0 where the list ends before it
 *
 * How long the list is, and where in it a place is. Immutable value.
 */
typedef struct
{
  gint64 count;
  gint64 before_id;
} TideRunPlace;

void          tide_run_fetch_async        (TideEngine           *engine,
                                           const TideRunFilter  *filter,
                                           gint64                before_id,
                                           guint                 limit,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
TideRunFetch *tide_run_fetch_finish       (GAsyncResult         *result,
                                           GError              **error);
void          tide_run_fetch_place_async  (TideEngine           *engine,
                                           const TideRunFilter  *filter,
                                           gint64                top,
                                           guint                 position,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
TideRunPlace *tide_run_fetch_place_finish (GAsyncResult         *result,
                                           GError              **error);
void          tide_run_fetch_free         (TideRunFetch         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunFetch, tide_run_fetch_free)

G_END_DECLS
