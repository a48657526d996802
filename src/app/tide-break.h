/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Says by its property "narrow" when there is not the room for columns, so that its content can be laid
 * out otherwise. (libadwaita 1.2 has no breakpoints.) */
#define TIDE_TYPE_BREAK (tide_break_get_type ())
G_DECLARE_FINAL_TYPE (TideBreak, tide_break, TIDE, BREAK, AdwBin)

gboolean tide_break_get_narrow (TideBreak *self);
double   tide_break_get_scale  (GtkWidget *widget);

G_END_DECLS
