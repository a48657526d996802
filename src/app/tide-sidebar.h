/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* The side bar: which venue, which page, and how everything is doing. */
#define TIDE_TYPE_SIDEBAR (tide_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (TideSidebar, tide_sidebar, TIDE, SIDEBAR, AdwBin)

void tide_sidebar_set_live   (TideSidebar  *self,
                              TideLive     *live);
void tide_sidebar_set_page   (TideSidebar  *self,
                              const char   *page);
void tide_sidebar_set_folded (TideSidebar  *self,
                              gboolean      folded);

G_END_DECLS
