/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-table.h"

G_BEGIN_DECLS

/* One endpoint that yields records of one entity; belongs to its manifest. Immutable. */
typedef struct _TideStream TideStream;

const char          *tide_stream_get_name           (TideStream *self);
const char          *tide_stream_get_label          (TideStream *self);
const char          *tide_stream_get_entity         (TideStream *self);
gboolean             tide_stream_is_child           (TideStream *self);
TideStream          *tide_stream_get_parent         (TideStream *self);
const char          *tide_stream_get_parent_column  (TideStream *self);
gboolean             tide_stream_is_incremental     (TideStream *self);
gboolean             tide_stream_tells_deletions    (TideStream *self);
gboolean             tide_stream_has_lookup         (TideStream *self);
const char * const  *tide_stream_list_filters       (TideStream *self);
gboolean             tide_stream_check_filters      (TideStream *self,
                                                     GHashTable *filters,
                                                     GError    **error);
const TideTableSpec *tide_stream_get_table          (TideStream *self);

G_END_DECLS
