/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char     *tide_file_digest       (const char    *path,
                                  gint64        *size,
                                  GCancellable  *cancellable,
                                  GError       **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  tide_file_sync_folder  (const char    *path,
                                  GError       **error);
void      tide_file_set_error    (GError       **error,
                                  int            system_errno,
                                  const char    *path);

G_END_DECLS
