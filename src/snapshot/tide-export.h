/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_EXPORT_CSV,
  TIDE_EXPORT_JSONL,
  TIDE_EXPORT_SQLITE,
} TideExportFormat;

gboolean     tide_export_format_from_name     (const char        *name,
                                               TideExportFormat  *format,
                                               GError           **error);
const char  *tide_export_format_get_extension (TideExportFormat   format);
GPtrArray   *tide_export_list_entities        (TideDatabase      *database,
                                               GError           **error);
gboolean     tide_export_entity               (TideStore         *store,
                                               const char        *entity,
                                               const char        *where,
                                               const char        *format,
                                               const char        *path,
                                               gint64            *n_records,
                                               GCancellable      *cancellable,
                                               GError           **error);
gboolean     tide_export_entity_from          (TideDatabase      *database,
                                               const char        *entity,
                                               const char        *where,
                                               TideExportFormat   format,
                                               const char        *path,
                                               gint64            *n_records,
                                               GCancellable      *cancellable,
                                               GError           **error);

G_END_DECLS
