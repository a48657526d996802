/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideExportFile:
 *
 * A file that appears under its name when it is complete, or not at all; or standard output, where
 * what has been written is gone. Belongs to one thread.
 */
typedef struct _TideExportFile TideExportFile;

TideExportFile *tide_export_file_new            (const char      *path,
                                                 GError         **error);
const char     *tide_export_file_get_temporary  (TideExportFile  *self);
GString        *tide_export_file_get_buffer     (TideExportFile  *self);
gboolean        tide_export_file_flush          (TideExportFile  *self,
                                                 gboolean         all,
                                                 GError         **error);
gboolean        tide_export_file_copy           (TideExportFile  *self,
                                                 const char      *from,
                                                 GCancellable    *cancellable,
                                                 GError         **error);
gboolean        tide_export_file_finish         (TideExportFile  *self,
                                                 GError         **error);
void            tide_export_file_free           (TideExportFile  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideExportFile, tide_export_file_free)

G_END_DECLS
