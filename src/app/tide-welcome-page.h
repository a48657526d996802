/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* First start: what to begin with. */
#define TIDE_TYPE_WELCOME_PAGE (tide_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (TideWelcomePage, tide_welcome_page, TIDE, WELCOME_PAGE, AdwBin)

G_END_DECLS
