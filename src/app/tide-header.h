/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The header bar of a page: back button where there is something to go back to, title, main menu. */
#define TIDE_TYPE_HEADER (tide_header_get_type ())
G_DECLARE_FINAL_TYPE (TideHeader, tide_header, TIDE, HEADER, AdwBin)

void tide_header_set_titles (TideHeader  *self,
                             const char  *title,
                             const char  *subtitle);

G_END_DECLS
