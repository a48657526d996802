/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/**
 * TideJobFunc:
 * @engine: the engine; only its functions for any thread may be used
 * @data: what was handed to tide_job_run()
 *
 * A blocking question to the engine, asked on a worker thread.
 *
 * Returns: (transfer full) (nullable): the answer, %NULL with @error set on failure
 */
typedef gpointer (*TideJobFunc) (TideEngine    *engine,
                                 gpointer       data,
                                 GCancellable  *cancellable,
                                 GError       **error);

void     tide_job_run    (TideEngine           *engine,
                          TideJobFunc           func,
                          gpointer              data,
                          GDestroyNotify        data_free,
                          GDestroyNotify        result_free,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data);
gpointer tide_job_finish (GAsyncResult         *result,
                          GError              **error);

G_END_DECLS
