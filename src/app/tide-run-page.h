/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* One run: what was asked, how it went, what it changed, what it could not read. */
#define TIDE_TYPE_RUN_PAGE (tide_run_page_get_type ())
G_DECLARE_FINAL_TYPE (TideRunPage, tide_run_page, TIDE, RUN_PAGE, AdwBin)

GtkWidget *tide_run_page_new      (TideLive     *live);
void       tide_run_page_show_run (TideRunPage  *self,
                                   const char   *sync_id);
TideRun   *tide_run_page_get_run  (TideRunPage  *self);

G_END_DECLS
