/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-data-shape.h"

G_BEGIN_DECLS

/* A record as the Data page shows it: empty until its page has come. Lives on the main thread. */
#define TIDE_TYPE_DATA_ROW (tide_data_row_get_type ())
G_DECLARE_FINAL_TYPE (TideDataRow, tide_data_row, TIDE, DATA_ROW, GObject)

TideDataRow    *tide_data_row_new        (TideDataShape  *shape,
                                          gint64          key);
gint64          tide_data_row_get_key    (TideDataRow    *self);
TideDataShape  *tide_data_row_get_shape  (TideDataRow    *self);
gboolean        tide_data_row_is_loaded  (TideDataRow    *self);
void            tide_data_row_set_cells  (TideDataRow    *self,
                                          GStrv           cells);
const char     *tide_data_row_get_common (TideDataRow    *self,
                                          TideDataCommon  which);
const char     *tide_data_row_get_cell   (TideDataRow    *self,
                                          const char     *column);
char           *tide_data_row_dup_text   (TideDataRow    *self,
                                          const char     *column,
                                          gint64          now,
                                          GTimeZone      *zone) G_GNUC_WARN_UNUSED_RESULT;
char           *tide_data_row_dup_title  (TideDataRow    *self) G_GNUC_WARN_UNUSED_RESULT;
const char     *tide_data_get_label      (const char     *column);
gboolean        tide_data_is_title       (const char     *column);

G_END_DECLS
