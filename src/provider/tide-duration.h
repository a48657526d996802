/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lengths of time as manifests write them: "72h", "1500ms", or ISO 8601 "P3D", "PT1H30M". */
gboolean  tide_duration_parse     (const char *text,
                                   gint64     *usec);
char     *tide_duration_to_words  (gint64      usec);

G_END_DECLS
