/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The one table in which what libsoup and GIO say becomes a TIDE_ERROR. */
void tide_soup_error_propagate (GError      **dest,
                                GError       *src,
                                SoupMessage  *message);

G_END_DECLS
