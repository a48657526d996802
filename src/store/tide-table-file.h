/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-statement.h"

G_BEGIN_DECLS

/**
 * TideTableFile:
 *
 * A SQLite file of one table that is being filled, for an export. Belongs to one thread.
 */
typedef struct _TideTableFile TideTableFile;

TideTableFile *tide_table_file_new     (const char          *path,
                                        const char          *table,
                                        const char * const  *columns,
                                        GError             **error);
gboolean       tide_table_file_add     (TideTableFile       *self,
                                        TideStatement       *row,
                                        GError             **error);
gboolean       tide_table_file_finish  (TideTableFile       *self,
                                        GError             **error);
void           tide_table_file_free    (TideTableFile       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideTableFile, tide_table_file_free)

G_END_DECLS
