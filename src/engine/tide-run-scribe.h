/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-workers.h"

G_BEGIN_DECLS

/**
 * TideRunScribeFunc:
 * @item: whose row it was
 * @row: (transfer full): the row, with its key if it has one
 * @error: (nullable) (transfer full): why it was not
 *
 * Something was written, or could not be. Called on the writing thread.
 */
typedef void (*TideRunScribeFunc) (TideRunItem *item,
                                   TideRun     *row,
                                   GError      *error,
                                   gpointer     user_data);

/**
 * TideRunScribe:
 *
 * Writes the rows of runs on a thread of its own, in the order in which it is given them and many in one
 * transaction: a thousand runs that are asked for together are not a thousand waits for the disk. Or, in line, at once.
 */
typedef struct _TideRunScribe TideRunScribe;

TideRunScribe *tide_run_scribe_new      (TideStore         *store,
                                         gboolean           in_line,
                                         TideRunScribeFunc  func,
                                         gpointer           user_data);
void           tide_run_scribe_free     (TideRunScribe     *self);
gboolean       tide_run_scribe_save     (TideRunScribe     *self,
                                         TideRunItem       *item,
                                         TideRun           *row);
gboolean       tide_run_scribe_withdraw (TideRunScribe     *self,
                                         TideRunItem       *item);
void           tide_run_scribe_write    (TideRunScribe     *self,
                                         GPtrArray         *items,
                                         TideRunWriteFunc   func,
                                         gpointer           data,
                                         GDestroyNotify     destroy);
void           tide_run_scribe_close    (TideRunScribe     *self);

G_END_DECLS
