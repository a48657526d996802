/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"
#include "tide-requester.h"
#include "tide-run.h"
#include "tide-write.h"

G_BEGIN_DECLS

/* What a run spends its time on. They overlap, as the stages work side by side. */
typedef enum
{
  TIDE_RUN_PHASE_READ,        /* requests under way */
  TIDE_RUN_PHASE_WAITED,      /* limits and backoff */
  TIDE_RUN_PHASE_PARSED,
  TIDE_RUN_PHASE_STORED,      /* comparing, writing, committing */
  TIDE_RUN_PHASE_SWEPT,       /* looking for what a full listing no longer has */
} TideRunPhase;

#define TIDE_RUN_N_PHASES (TIDE_RUN_PHASE_SWEPT + 1)

/**
 * TideRunJournal:
 *
 * What is told about an attempt of a run besides its counts: log lines, repeated requests, waits, and where the time
 * went, that of the attempts before included. Its lines go into the store with the run's own commits. Thread-safe, but saving
 * belongs to the storing thread.
 */
typedef struct _TideRunJournal TideRunJournal;

TideRunJournal *tide_run_journal_new         (TideClock              *clock,
                                              const TideRun          *run);
void            tide_run_journal_free        (TideRunJournal         *self);
void            tide_run_journal_log         (TideRunJournal         *self,
                                              const char             *level,
                                              const char             *format,
                                              ...) G_GNUC_PRINTF (3, 4);
void            tide_run_journal_note        (TideRunJournal         *self,
                                              const TideRequestNote  *note);
void            tide_run_journal_measure     (TideRunJournal         *self,
                                              TideRunPhase            phase,
                                              gint64                  since);
gint64          tide_run_journal_get_retries (TideRunJournal         *self);
gint64          tide_run_journal_get_waited  (TideRunJournal         *self);
char           *tide_run_journal_dup_phases  (TideRunJournal         *self);
gboolean        tide_run_journal_is_unsaved  (TideRunJournal         *self);
gboolean        tide_run_journal_save        (TideRunJournal         *self,
                                              TideWrite              *write,
                                              gint64                  run_id,
                                              GError                **error);
void            tide_run_journal_saved       (TideRunJournal         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunJournal, tide_run_journal_free)

G_END_DECLS
