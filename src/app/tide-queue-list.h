/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* What goes now and what waits, in order, with the means to change that. Not to be seen while there is nothing; it
 * comes and goes gently, and listens instead of asking again and again. */
#define TIDE_TYPE_QUEUE_LIST (tide_queue_list_get_type ())
G_DECLARE_FINAL_TYPE (TideQueueList, tide_queue_list, TIDE, QUEUE_LIST, AdwBin)

void tide_queue_list_set_live   (TideQueueList  *self,
                                 TideLive       *live);
void tide_queue_list_set_narrow (TideQueueList  *self,
                                 gboolean        narrow);

G_END_DECLS
