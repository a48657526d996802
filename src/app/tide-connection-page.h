/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* One connection: how its sign-in is, what it keeps fresh, and how to part with it. */
#define TIDE_TYPE_CONNECTION_PAGE (tide_connection_page_get_type ())
G_DECLARE_FINAL_TYPE (TideConnectionPage, tide_connection_page, TIDE, CONNECTION_PAGE, AdwBin)

GtkWidget *tide_connection_page_new               (TideLive            *live);
void       tide_connection_page_show_connection   (TideConnectionPage  *self,
                                                   gint64               connection_id);
gint64     tide_connection_page_get_connection_id (TideConnectionPage  *self);

G_END_DECLS
