/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

#define TIDE_TYPE_WINDOW (tide_window_get_type ())
G_DECLARE_FINAL_TYPE (TideWindow, tide_window, TIDE, WINDOW, AdwApplicationWindow)

TideWindow *tide_window_new           (AdwApplication  *application,
                                       gboolean         demo);
void        tide_window_set_engine    (TideWindow      *self,
                                       TideEngine      *engine);
void        tide_window_show_trouble  (TideWindow      *self,
                                       const char      *folder,
                                       const GError    *error);
TideLive   *tide_window_get_live      (TideWindow      *self);
GSettings  *tide_window_get_settings  (TideWindow      *self);
gboolean    tide_window_get_demo      (TideWindow      *self);
const char *tide_window_get_page      (TideWindow      *self);
GtkWidget  *tide_window_open_page     (TideWindow      *self,
                                       const char      *page);
void        tide_window_go_back       (TideWindow      *self);
void        tide_window_add_toast     (TideWindow      *self,
                                       AdwToast        *toast);
void        tide_window_say           (TideWindow      *self,
                                       const char      *text);
void        tide_window_add_trouble   (TideWindow      *self,
                                       const GError    *error,
                                       const char      *who);

G_END_DECLS
