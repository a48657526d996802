/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* On which line of a text a JSON value stands; json-glib does not remember. */
guint tide_json_position_of_pointer (const char *text,
                                     gsize       length,
                                     const char *pointer);
guint tide_json_position_of_offset  (const char *text,
                                     gsize       length,
                                     gsize       offset);

G_END_DECLS
