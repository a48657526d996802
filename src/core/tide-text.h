/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean tide_set_str         (char       **field,
                               const char  *value);
gboolean tide_text_is_name    (const char  *text);
char    *tide_id_new          (void);
char    *tide_uuid_new        (void);

G_END_DECLS
