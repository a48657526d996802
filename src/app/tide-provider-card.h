/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-provider-info.h"

G_BEGIN_DECLS

/* A service of the gallery, as a button that connects it. */
GtkWidget *tide_provider_card_new (TideProviderInfo *provider,
                                   guint             n_connected);

G_END_DECLS
