/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-walker.h"

G_BEGIN_DECLS

/**
 * TideWindowSet:
 *
 * An increment that is cut into windows of time which are read at the same time, each on a thread of its own. The
 * pages come out window by window, oldest first: a record that is changed meanwhile can come in two windows, and what
 * it is now must come last. For one thread; its own threads call the note function, one at a time.
 */
typedef struct _TideWindowSet TideWindowSet;

TideWindowSet *tide_window_set_new  (TideStream           *stream,
                                     TideRequester        *requester,
                                     const TideSelection  *selection,
                                     const TidePartition  *partition,
                                     gboolean              in_line,
                                     TideRequestNoteFunc   note_func,
                                     gpointer              note_data);
void           tide_window_set_free (TideWindowSet        *self);
GBytes        *tide_window_set_next (TideWindowSet        *self,
                                     gboolean             *last,
                                     TideErrorAction      *action,
                                     GCancellable         *cancellable,
                                     GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideWindowSet, tide_window_set_free)

G_END_DECLS
