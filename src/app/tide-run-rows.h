/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-entry.h"

G_BEGIN_DECLS

#define TIDE_RUN_ROWS_PAGE 200

/**
 * TideRunRows:
 *
 * The rows of a long list of runs in pages of TIDE_RUN_ROWS_PAGE. Of each page it knows the key, once that has been
 * found; of those that were looked at last it keeps the entries. It asks nobody: who has it fetches what it lacks.
 * Main thread.
 */
typedef struct _TideRunRows TideRunRows;

TideRunRows  *tide_run_rows_new             (void);
void          tide_run_rows_free            (TideRunRows  *self);
void          tide_run_rows_reset           (TideRunRows  *self,
                                             guint         length,
                                             gint64        before_id,
                                             GPtrArray    *entries);
void          tide_run_rows_set_length      (TideRunRows  *self,
                                             guint         length);
guint         tide_run_rows_get_length      (TideRunRows  *self);
guint         tide_run_rows_get_n_pages     (TideRunRows  *self);
guint         tide_run_rows_get_page_length (TideRunRows  *self,
                                             guint         page);
void          tide_run_rows_set_key         (TideRunRows  *self,
                                             guint         page,
                                             gint64        before_id);
gint64        tide_run_rows_get_key         (TideRunRows  *self,
                                             guint         page);
TideRunEntry *tide_run_rows_peek            (TideRunRows  *self,
                                             guint         row);
TideRunEntry *tide_run_rows_look            (TideRunRows  *self,
                                             guint         row);
gboolean      tide_run_rows_is_waiting      (TideRunRows  *self,
                                             guint         page);
guint         tide_run_rows_find_waiting    (TideRunRows  *self);
void          tide_run_rows_fill            (TideRunRows  *self,
                                             guint         page,
                                             GPtrArray    *runs,
                                             TideUsual    *usual);
void          tide_run_rows_foreach         (TideRunRows  *self,
                                             GFunc         func,
                                             gpointer      user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunRows, tide_run_rows_free)

G_END_DECLS
