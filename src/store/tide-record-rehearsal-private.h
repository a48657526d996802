/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-memory-private.h"

G_BEGIN_DECLS

/**
 * TideRecordRehearsal:
 *
 * Does as if. A dry run changes no record: the memory, which holds all rows, alone decides, and takes note of what
 * would have been done, so that a record that comes twice is counted right. The first of the changes are kept with
 * their payloads, for whoever wants to see what would happen.
 */
typedef struct _TideRecordRehearsal TideRecordRehearsal;

TideRecordRehearsal *tide_record_rehearsal_new   (TideRecordMemory     *memory,
                                                  gint64                run_id);
void                 tide_record_rehearsal_free  (TideRecordRehearsal  *self);
gboolean             tide_record_rehearsal_write (TideRecordRehearsal  *self,
                                                  TideDatabase         *database,
                                                  TideRecordBatch      *batch,
                                                  TideCounts           *counts,
                                                  GError              **error);
gboolean             tide_record_rehearsal_sweep (TideRecordRehearsal  *self,
                                                  TideDatabase         *database,
                                                  gboolean              keep,
                                                  TideCounts           *counts,
                                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordRehearsal, tide_record_rehearsal_free)

G_END_DECLS
