/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"
#include "tide-summary.h"

G_BEGIN_DECLS

/* A row of Overview: a connection, or one of its streams. */
#define TIDE_TYPE_STATUS_ROW (tide_status_row_get_type ())
G_DECLARE_FINAL_TYPE (TideStatusRow, tide_status_row, TIDE, STATUS_ROW, GtkListBoxRow)

GtkWidget  *tide_status_row_new               (gint64              connection_id,
                                               const char         *stream);
void        tide_status_row_set_titles        (TideStatusRow      *self,
                                               const char         *tile,
                                               const char         *title,
                                               const char         *subtitle);
void        tide_status_row_update            (TideStatusRow      *self,
                                               const TideSummary  *summary,
                                               TideLive           *live);
void        tide_status_row_update_progress   (TideStatusRow      *self,
                                               TideLive           *live);
void        tide_status_row_set_narrow        (TideStatusRow      *self,
                                               gboolean            narrow);
void        tide_status_row_set_expanded      (TideStatusRow      *self,
                                               gboolean            expanded);
gboolean    tide_status_row_get_expanded      (TideStatusRow      *self);
gint64      tide_status_row_get_connection_id (TideStatusRow      *self);
const char *tide_status_row_get_stream        (TideStatusRow      *self);
gint64      tide_status_row_get_hour          (TideStatusRow      *self,
                                               guint               cell);

G_END_DECLS
