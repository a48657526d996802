/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* A run that goes or waits: what, where, why it waits, and its buttons. Presses the actions "queue.first" and, when
 * another row was dropped on it, "queue.before". */
#define TIDE_TYPE_QUEUE_ROW (tide_queue_row_get_type ())
G_DECLARE_FINAL_TYPE (TideQueueRow, tide_queue_row, TIDE, QUEUE_ROW, GtkListBoxRow)

GtkWidget  *tide_queue_row_new             (const char           *sync_id);
const char *tide_queue_row_get_sync_id     (TideQueueRow         *self);
void        tide_queue_row_set_entry       (TideQueueRow         *self,
                                            const TideQueueEntry *entry,
                                            TideLive             *live);
void        tide_queue_row_update_progress (TideQueueRow         *self,
                                            TideRunProgress      *progress);
void        tide_queue_row_set_narrow      (TideQueueRow         *self,
                                            gboolean              narrow);
gboolean    tide_queue_row_get_movable     (TideQueueRow         *self);

G_END_DECLS
