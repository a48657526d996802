/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-event.h"
#include "tide-store.h"

G_BEGIN_DECLS

gboolean   tide_event_rows_add      (TideWrite        *write,
                                     const TideEvent  *event,
                                     GError          **error);
GPtrArray *tide_event_rows_list     (TideDatabase     *database,
                                     gint64            after,
                                     guint             limit,
                                     GError          **error);
gint64     tide_event_rows_get_last (TideDatabase     *database,
                                     GError          **error);

G_END_DECLS
