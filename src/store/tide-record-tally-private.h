/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-memory-private.h"

G_BEGIN_DECLS

gboolean tide_record_tally_count (TideRecordMemory  *memory,
                                  TideDatabase      *database,
                                  gint64             run_id,
                                  gint64             n_created,
                                  TideRecordTally   *tally,
                                  gint64            *n_live,
                                  GError           **error);

G_END_DECLS
