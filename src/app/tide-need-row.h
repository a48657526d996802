/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-need.h"

G_BEGIN_DECLS

/* A thing that needs the owner, with what to press. */
#define TIDE_TYPE_NEED_ROW (tide_need_row_get_type ())
G_DECLARE_FINAL_TYPE (TideNeedRow, tide_need_row, TIDE, NEED_ROW, GtkListBoxRow)

GtkWidget *tide_need_row_new        (const TideNeed  *need,
                                     gboolean         first,
                                     gint64           now,
                                     GTimeZone       *zone);
void       tide_need_row_set_narrow (TideNeedRow     *self,
                                     gboolean         narrow);

G_END_DECLS
