/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"
#include "tide-stream-health.h"

G_BEGIN_DECLS

/**
 * TideQueueFacts:
 *
 * What the runs that are not over, and the blocked connections, say of each stream. A picture of one moment.
 */
typedef struct _TideQueueFacts TideQueueFacts;

TideQueueFacts *tide_queue_facts_new         (TideDatabase     *database,
                                              GPtrArray        *live_runs,
                                              GError          **error);
void            tide_queue_facts_free        (TideQueueFacts   *self);
void            tide_queue_facts_get         (TideQueueFacts   *self,
                                              gint64            connection_id,
                                              const char       *stream,
                                              TideStreamFacts  *facts,
                                              gint64           *retry_at);
gint64          tide_queue_facts_get_brought (TideQueueFacts   *self,
                                              gint64            connection_id,
                                              const char       *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideQueueFacts, tide_queue_facts_free)

G_END_DECLS
