/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-look.h"

G_BEGIN_DECLS

/* A state: icon, word and colour. */
#define TIDE_TYPE_STATUS_LABEL (tide_status_label_get_type ())
G_DECLARE_FINAL_TYPE (TideStatusLabel, tide_status_label, TIDE, STATUS_LABEL, GtkBox)

GtkWidget *tide_status_label_new        (void);
void       tide_status_label_set_look   (TideStatusLabel  *self,
                                         TideLook          look);
void       tide_status_label_set_word   (TideStatusLabel  *self,
                                         const char       *word);
void       tide_status_label_keep_whole (TideStatusLabel  *self);

G_END_DECLS
