/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-paginator.h"
#include "tide-partition.h"
#include "tide-selection.h"
#include "tide-walk-guard.h"

G_BEGIN_DECLS

/**
 * TideWalker:
 * @stream: (unowned) what is read
 * @requester: (unowned) of the connection
 * @selection: (unowned) what it is narrowed down to
 * @note_func: (nullable): is told of waits and repetitions
 * @expected: records announced so far, -1 = not known
 *
 * Goes through a window of a partition page by page: asks, and finds the way to the next page. For one thread at
 * a time. The rest is its own.
 */
typedef struct
{
  TideStream           *stream;
  TideRequester        *requester;
  const TideSelection  *selection;
  TideRequestNoteFunc   note_func;
  gpointer              note_data;
  gint64                expected;

  const TidePartition  *partition;    /* (unowned) */
  TideWalk             *walk;         /* (unowned) */
  TidePaginatorSpec     paginator;    /* the stream's, with the page size of the walk; its text is borrowed */
  TideWalkGuard        *guard;        /* (owned) */
  guint                 restarts;
} TideWalker;

void    tide_walker_init      (TideWalker           *self,
                               TideStream           *stream,
                               TideRequester        *requester,
                               const TideSelection  *selection,
                               TideRequestNoteFunc   note_func,
                               gpointer              note_data);
void    tide_walker_clear     (TideWalker           *self);
void    tide_walker_enter     (TideWalker           *self,
                               const TidePartition  *partition,
                               TideWalk             *walk);
void    tide_walker_go_on     (TideWalker           *self);
void    tide_walker_note      (TideWalker           *self,
                               const char           *level,
                               gboolean              retry,
                               const char           *text);
void    tide_walker_fill_scope (TideWalker          *self,
                               const TidePartition  *partition,
                               TideTemplateScope    *scope);
GBytes *tide_walker_next      (TideWalker           *self,
                               TideErrorAction      *action,
                               GCancellable         *cancellable,
                               GError              **error);

G_END_DECLS
