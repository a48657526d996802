/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* The records, an entity at a time: searched, put in order, opened, exported. Who looks at customers gets fresh ones. */
#define TIDE_TYPE_DATA_PAGE (tide_data_page_get_type ())
G_DECLARE_FINAL_TYPE (TideDataPage, tide_data_page, TIDE, DATA_PAGE, AdwBin)

GtkWidget *tide_data_page_new (TideLive *live);

G_END_DECLS
