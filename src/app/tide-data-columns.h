/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-data-shape.h"
#include "tide-live.h"

G_BEGIN_DECLS

/* The columns of a table of TideDataRow, made for what an entity has. */

void        tide_data_columns_set       (GtkColumnView  *view,
                                         TideLive       *live,
                                         TideDataShape  *shape);
void        tide_data_columns_fit       (GtkColumnView  *view,
                                         int             width);
const char *tide_data_columns_get_sort  (GtkColumnView  *view,
                                         gboolean       *descending);

G_END_DECLS
