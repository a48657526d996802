/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* What is connected, and what else could be. */
#define TIDE_TYPE_INTEGRATIONS_PAGE (tide_integrations_page_get_type ())
G_DECLARE_FINAL_TYPE (TideIntegrationsPage, tide_integrations_page, TIDE, INTEGRATIONS_PAGE, AdwBin)

GtkWidget *tide_integrations_page_new (TideLive *live);

G_END_DECLS
