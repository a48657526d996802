/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-writer.h"
#include "tide-run-brake.h"

G_BEGIN_DECLS

/**
 * TideRunBrakes:
 * @held: which one holds the run, and why
 *
 * Keeps the account of what a run does to records that it found here, and says when that is too much to be done without
 * being asked. One an attempt; belongs to the storing thread.
 */
typedef struct
{
  TideRunBrake     held;

  gboolean         serious;       /* it changes the store, and judges all that is there */
  gboolean         on;
  TideRunAllow     allowed;       /* let go of */
  gint64           base_updated;  /* what the attempts before have updated at the most */
  gint64           n_before;      /* live records when the run began; -1 = not counted yet */
  TideRecordTally  before;        /* what the attempts before have done; once counted */
} TideRunBrakes;

void     tide_run_brakes_init        (TideRunBrakes     *self,
                                      const TideRun     *run);
void     tide_run_brakes_set_on      (TideRunBrakes     *self,
                                      gboolean           on);
gboolean tide_run_brakes_may_hold    (TideRunBrakes     *self,
                                      TideRecordWriter  *writer,
                                      gint64             n_records);
gboolean tide_run_brakes_check_page  (TideRunBrakes     *self,
                                      TideRecordWriter  *writer,
                                      TideWrite         *write,
                                      gint64             n_created,
                                      GError           **error);
gboolean tide_run_brakes_check_sweep (TideRunBrakes     *self,
                                      TideRecordWriter  *writer,
                                      TideWrite         *write,
                                      gint64             n_created,
                                      gint64             n_unseen,
                                      gint64             n_live,
                                      GError           **error);

G_END_DECLS
