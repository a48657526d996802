/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"
#include "tide-usual.h"

G_BEGIN_DECLS

/* The card of the Runs page that compares one stream's runs with what is usual. Hidden until there is a stream. */
#define TIDE_TYPE_RUNS_USUAL (tide_runs_usual_get_type ())
G_DECLARE_FINAL_TYPE (TideRunsUsual, tide_runs_usual, TIDE, RUNS_USUAL, AdwBin)

void tide_runs_usual_show       (TideRunsUsual  *self,
                                 TideLive       *live,
                                 gint64          connection_id,
                                 const char     *stream,
                                 TideUsual      *usual,
                                 gint64          since,
                                 gint64          until);
void tide_runs_usual_clear      (TideRunsUsual  *self);
void tide_runs_usual_set_narrow (TideRunsUsual  *self,
                                      gboolean        narrow);

G_END_DECLS
