/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* A stream on its connection's page: what is here, how fresh it is, when it is synced next. */
#define TIDE_TYPE_STREAM_ROW (tide_stream_row_get_type ())
G_DECLARE_FINAL_TYPE (TideStreamRow, tide_stream_row, TIDE, STREAM_ROW, AdwActionRow)

GtkWidget *tide_stream_row_new             (TideStreamStatus  *status);
void       tide_stream_row_update          (TideStreamRow     *self,
                                            TideStreamStatus  *status,
                                            TideLive          *live);
void       tide_stream_row_update_progress (TideStreamRow     *self,
                                            TideLive          *live);

G_END_DECLS
