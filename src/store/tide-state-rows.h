/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/* How far the partitions of a stream have been read; the text is the provider layer's. */
GHashTable *tide_state_rows_load      (TideDatabase  *database,
                                       gint64         connection_id,
                                       const char    *stream,
                                       GError       **error);
gboolean    tide_state_rows_save      (TideWrite     *write,
                                       gint64         connection_id,
                                       const char    *stream,
                                       const char    *partition,
                                       const char    *state,
                                       gint64         now,
                                       GError       **error);
gboolean    tide_state_rows_clear     (TideWrite     *write,
                                       gint64         connection_id,
                                       const char    *stream,
                                       GError       **error);

G_END_DECLS
