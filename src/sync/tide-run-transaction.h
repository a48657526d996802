/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"
#include "tide-run-brakes.h"
#include "tide-run-journal.h"
#include "tide-run-pipeline.h"

G_BEGIN_DECLS

/**
 * TideRunTransaction:
 *
 * The storing stage: puts whole pages into the store, and with them, in the same transaction, how far the
 * stream has been read, the run's counts and its log. Checks the ledger at each commit. Belongs
 * to the run's storing thread.
 */
typedef struct _TideRunTransaction TideRunTransaction;

TideRunTransaction *tide_run_transaction_new        (TideStore           *store,
                                                     TideRun             *run,
                                                     TideRunJournal      *journal,
                                                     GCancellable        *cancellable);
void                tide_run_transaction_free       (TideRunTransaction  *self);
void                tide_run_transaction_set_writer (TideRunTransaction  *self,
                                                     TideRecordWriter    *writer,
                                                     gboolean             resumes);
void                tide_run_transaction_set_brakes (TideRunTransaction  *self,
                                                     gboolean             brakes);
gboolean            tide_run_transaction_begin      (TideRunTransaction  *self,
                                                     GError             **error);
gboolean            tide_run_transaction_is_open    (TideRunTransaction  *self);
gboolean            tide_run_transaction_is_due     (TideRunTransaction  *self);
gboolean            tide_run_transaction_add_page   (TideRunTransaction  *self,
                                                     TideParsedPage      *page,
                                                     GError             **error);
gboolean            tide_run_transaction_finish     (TideRunTransaction  *self,
                                                     gboolean             full_listing,
                                                     GError             **error);
gboolean            tide_run_transaction_solve      (TideRunTransaction  *self,
                                                     const char * const  *ids,
                                                     GError             **error);
gboolean            tide_run_transaction_commit     (TideRunTransaction  *self,
                                                     GError             **error);
void                tide_run_transaction_roll_back  (TideRunTransaction  *self);
void                tide_run_transaction_shield     (TideRunTransaction  *self);
const TideRun      *tide_run_transaction_get_ahead  (TideRunTransaction  *self);
gboolean            tide_run_transaction_has_progress (TideRunTransaction *self);
gint64              tide_run_transaction_get_handed (TideRunTransaction  *self);
const TideRunBrake *tide_run_transaction_get_brake  (TideRunTransaction  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunTransaction, tide_run_transaction_free)

G_END_DECLS
