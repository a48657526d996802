/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* Signs in again: the new key is tried first, and only one that works takes the old one's place. */
#define TIDE_TYPE_KEY_DIALOG (tide_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TideKeyDialog, tide_key_dialog, TIDE, KEY_DIALOG, AdwWindow)

GtkWidget *tide_key_dialog_new (GtkWindow       *parent,
                                TideLive        *live,
                                TideConnection  *connection);

G_END_DECLS
