/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideBlockRow:
 * @connection_id: which connection
 * @error_code: as a run has it
 * @error_message: likewise
 * @since: instant
 *
 * A connection that only a person can mend.
 */
typedef struct
{
  gint64  connection_id;
  char   *error_code;
  char   *error_message;
  gint64  since;
} TideBlockRow;

GPtrArray *tide_block_rows_list   (TideDatabase        *database,
                                   GError             **error);
gboolean   tide_block_rows_has    (TideDatabase        *database,
                                   gint64               connection_id,
                                   gboolean            *has,
                                   GError             **error);
gboolean   tide_block_rows_put    (TideWrite           *write,
                                   const TideBlockRow  *row,
                                   GError             **error);
gboolean   tide_block_rows_delete (TideWrite           *write,
                                   gint64               connection_id,
                                   GError             **error);
void       tide_block_row_free    (TideBlockRow        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBlockRow, tide_block_row_free)

G_END_DECLS
