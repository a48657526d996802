/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean tide_store_file_make_folder (const char  *folder,
                                      GError     **error);
gboolean tide_store_file_is_missing  (const char  *path);
gboolean tide_store_file_check       (const char  *path,
                                      int          newest,
                                      GError     **error);
gboolean tide_store_file_create      (const char  *path,
                                      GPtrArray   *migrations,
                                      GError     **error);
gboolean tide_store_file_check_schema (const char *path,
                                       gint64      version,
                                       int         newest,
                                       GError    **error);

G_END_DECLS
