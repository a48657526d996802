/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* Is everything up to date? If not, what is to be pressed? */
#define TIDE_TYPE_OVERVIEW_PAGE (tide_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (TideOverviewPage, tide_overview_page, TIDE, OVERVIEW_PAGE, AdwBin)

GtkWidget *tide_overview_page_new (TideLive   *live,
                                   GSettings  *settings);

G_END_DECLS
