/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* What the cells of the table of runs show; bound as callbacks of the page's template, from where its
 * column factories have them. */
void  tide_run_cells_bind    (GtkWidgetClass  *widget_class);
char *tide_run_dup_what      (TideLive        *live,
                              const TideRun   *run);

G_END_DECLS
