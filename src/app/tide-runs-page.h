/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* Every run there was: when, what came, what went wrong. */
#define TIDE_TYPE_RUNS_PAGE (tide_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (TideRunsPage, tide_runs_page, TIDE, RUNS_PAGE, AdwBin)

GtkWidget *tide_runs_page_new  (TideLive      *live);
void       tide_runs_page_show (TideRunsPage  *self,
                                gint64         connection_id,
                                const char    *stream,
                                gint64         hour,
                                gboolean       problems);

G_END_DECLS
