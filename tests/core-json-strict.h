/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean json_strict_check (const char *text,
                            gsize       length,
                            gsize      *fault);

G_END_DECLS
