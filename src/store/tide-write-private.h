/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-write.h"

G_BEGIN_DECLS

/**
 * TideWriteEndFunc:
 * @committed: whether what was written stays
 *
 * Called once, when the outcome of a write is known, on the thread that ends it.
 */
typedef void (*TideWriteEndFunc) (gboolean committed,
                                  gpointer user_data);

void tide_write_add_end_func    (TideWrite        *self,
                                 TideWriteEndFunc  func,
                                 gpointer          user_data);
void tide_write_remove_end_func (TideWrite        *self,
                                 gpointer          user_data);

G_END_DECLS
