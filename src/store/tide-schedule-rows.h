/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64    id;
  gint64    connection_id;
  char     *stream;
  gboolean  enabled;
  int       interval_minutes;
  int       offset_minutes;
} TideScheduleRow;

GPtrArray *tide_schedule_rows_list    (TideDatabase           *database,
                                       GError                **error);
gboolean   tide_schedule_rows_put     (TideWrite              *write,
                                       const TideScheduleRow  *row,
                                       GError                **error);
gboolean   tide_schedule_rows_get_brakes (TideDatabase        *database,
                                       gint64                  connection_id,
                                       const char             *stream,
                                       gboolean               *brakes,
                                       GError                **error);
gboolean   tide_schedule_rows_set_brakes (TideWrite           *write,
                                       gint64                  connection_id,
                                       const char             *stream,
                                       gboolean                brakes,
                                       GError                **error);
void       tide_schedule_row_free     (TideScheduleRow        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideScheduleRow, tide_schedule_row_free)

G_END_DECLS
