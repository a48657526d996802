/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"

G_BEGIN_DECLS

/**
 * TideRetry:
 * @status: %TIDE_RUN_PENDING for another try, %TIDE_RUN_FAILED if the run is given up
 * @due_at: instant before which it is not tried again; 0 if it is given up
 *
 * What becomes of a run whose attempt has failed.
 */
typedef struct
{
  TideRunStatus status;
  gint64        due_at;
} TideRetry;

TideRetry tide_retry_decide (const TideRun *run,
                             const GError  *error,
                             gint64         now,
                             gint64         hold,
                             double         random);

G_END_DECLS
