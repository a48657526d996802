/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/**
 * TideRunDetails:
 * @run: the run
 * @log: (element-type TideLogLine): its log, oldest first
 * @changes: (element-type TideRecordChange): the first records that it changed
 * @failures: (element-type TideFailure): the records it could not read
 * @approval: (nullable): what it asks its owner, while it waits for the answer
 *
 * All that is known of one run. Immutable value.
 */
typedef struct
{
  TideRun      *run;
  GPtrArray    *log;
  GPtrArray    *changes;
  GPtrArray    *failures;
  TideApproval *approval;
} TideRunDetails;

void            tide_run_details_load_async  (TideEngine           *engine,
                                              const char           *sync_id,
                                              guint                 n_changes,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
TideRunDetails *tide_run_details_load_finish (GAsyncResult         *result,
                                              GError              **error);
void            tide_run_details_free        (TideRunDetails       *self);
char           *tide_run_details_dup_report  (const TideRunDetails *self,
                                              const char           *what);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunDetails, tide_run_details_free)

G_END_DECLS
