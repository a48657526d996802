/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-field.h"

G_BEGIN_DECLS

char *tide_json_path_quote (const char     *text);
char *tide_json_path_new   (const char     *pointer,
                            GError        **error);
char *tide_json_path_cell  (const char     *value,
                            const char     *pointer,
                            TideFieldType   type,
                            const char     *currency,
                            GError        **error);

G_END_DECLS
