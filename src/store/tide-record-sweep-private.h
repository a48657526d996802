/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-memory-private.h"
#include "tide-record-rows-private.h"

G_BEGIN_DECLS

/* The end of a full listing: what did not come by is gone. */
GArray  *tide_record_sweep_list  (TideRecordMemory  *memory,
                                  TideDatabase      *database,
                                  GError           **error);
gboolean tide_record_sweep_count (TideRecordMemory  *memory,
                                  TideDatabase      *database,
                                  GArray            *rows,
                                  gint64            *n_unseen,
                                  gint64            *n_live,
                                  GError           **error);
gboolean tide_record_sweep_run   (TideRecordRows    *rows,
                                  GArray            *unseen,
                                  TideCounts        *counts,
                                  GError           **error);

G_END_DECLS
