/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-audit-entry.h"
#include "tide-event.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideChronicle:
 *
 * Gives events their numbers, and writes events and audit entries down: on a thread of its own, in batches, so that
 * nobody waits for the store's writer; or, where there are to be no threads, at once. Thread-safe. Nobody who has a
 * #TideWrite may call any of it.
 */
typedef struct _TideChronicle TideChronicle;

TideChronicle *tide_chronicle_new         (TideStore       *store,
                                           gboolean         in_line,
                                           GError         **error);
void           tide_chronicle_close       (TideChronicle   *self);
void           tide_chronicle_free        (TideChronicle   *self);
TideEvent     *tide_chronicle_make_event  (TideChronicle   *self,
                                           const char      *name,
                                           const char      *data,
                                           gboolean         keep);
void           tide_chronicle_add_entry   (TideChronicle   *self,
                                           TideAuditEntry  *entry);
gint64         tide_chronicle_get_last    (TideChronicle   *self);
GPtrArray     *tide_chronicle_list_events (TideChronicle   *self,
                                           gint64           after,
                                           guint            limit,
                                           GError         **error);
void           tide_chronicle_flush       (TideChronicle   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideChronicle, tide_chronicle_free)

G_END_DECLS
