/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"
#include "tide-run-details.h"

G_BEGIN_DECLS

/* The card of a run's page that says what the run waits for, with the buttons that let it go on. Hidden where it waits
 * for nothing. */
#define TIDE_TYPE_RUN_STATE (tide_run_state_get_type ())
G_DECLARE_FINAL_TYPE (TideRunState, tide_run_state, TIDE, RUN_STATE, AdwBin)

void tide_run_state_set_details (TideRunState          *self,
                                 TideLive              *live,
                                 const TideRunDetails  *details);

G_END_DECLS
