/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"

G_BEGIN_DECLS

/**
 * TideRunBrake:
 * @kind: what it would not do without being asked; %TIDE_RUN_ALLOW_NONE as long as all is well
 * @affected: to so many records
 * @total: of so many that were there when the run began
 *
 * What holds a run back from doing too much at once: more likely a mishap at the provider than the truth.
 */
typedef struct
{
  TideRunAllow kind;
  gint64       affected;
  gint64       total;
} TideRunBrake;

/* Below these no total can trip a brake, so none has to be counted. */
#define TIDE_RUN_BRAKE_MIN_DELETES 3
#define TIDE_RUN_BRAKE_MIN_CHANGES 21

gboolean tide_run_brake_check_deletes (TideRunBrake       *self,
                                       gint64              affected,
                                       gint64              total);
gboolean tide_run_brake_check_changes (TideRunBrake       *self,
                                       gint64              affected,
                                       gint64              total);
char    *tide_run_brake_dup_reason    (const TideRunBrake *self);

G_END_DECLS
