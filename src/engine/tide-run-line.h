/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-item.h"

G_BEGIN_DECLS

/**
 * TideRunLine:
 *
 * The order in which runs have their turn: by rank, except that never two runs go on one entity of one connection,
 * that a stream's parent that was never read goes before it, and that a run that is to be tried
 * again waits for its time. Items that share a lock stand in a lane of their own, and the
 * lanes are ordered by who is first in them; so each question is answered in logarithmic time,
 * however many wait and whatever they wait for.
 *
 * Holds items by pointers that whoever owns them keeps valid. Not thread-safe. An item is taken out before anything
 * is changed that decides on its place, and put in again after.
 */
typedef struct _TideRunLine TideRunLine;

TideRunLine *tide_run_line_new        (void);
void         tide_run_line_free       (TideRunLine   *self);
void         tide_run_line_put        (TideRunLine   *self,
                                       TideRunItem   *item,
                                       TideRunPlace   place);
void         tide_run_line_take       (TideRunLine   *self,
                                       TideRunItem   *item);
TideRunItem *tide_run_line_choose     (TideRunLine   *self,
                                       gboolean       smart_only);
TideRunItem *tide_run_line_find_equal (TideRunLine   *self,
                                       const char    *join_key,
                                       TideRunStatus  status);
TideRunItem *tide_run_line_get_next_due (TideRunLine *self);
guint        tide_run_line_get_n_ready (TideRunLine  *self);
GSequence   *tide_run_line_get_order  (TideRunLine   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunLine, tide_run_line_free)

G_END_DECLS
