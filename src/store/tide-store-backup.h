/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideBackupFunc:
 * @done: pages copied
 * @total: pages there are
 */
typedef void (*TideBackupFunc) (gint64    done,
                                gint64    total,
                                gpointer  user_data);

/**
 * TideBesideFunc:
 * @database: a connection inside a write transaction
 *
 * Returns: %FALSE with @error set to roll back
 */
typedef gboolean (*TideBesideFunc) (TideDatabase  *database,
                                    gpointer       user_data,
                                    GError       **error);

/* A copy of a store, open for reading: a connection for statements. */
typedef TideDatabase TideStoreCopy;

gboolean        tide_store_backup        (TideStore       *self,
                                          const char      *path,
                                          TideBackupFunc   func,
                                          gpointer         user_data,
                                          GCancellable    *cancellable,
                                          GError         **error);
gboolean        tide_store_write_beside  (TideStore       *self,
                                          TideBesideFunc   func,
                                          gpointer         user_data,
                                          GCancellable    *cancellable,
                                          GError         **error);

TideStoreCopy  *tide_store_copy_open     (const char      *path,
                                          GCancellable    *cancellable,
                                          GError         **error);
gboolean        tide_store_copy_check    (TideStoreCopy   *copy,
                                          GError         **error);
gint64          tide_store_copy_count    (TideStoreCopy   *copy,
                                          GError         **error);
void            tide_store_copy_close    (TideStoreCopy   *copy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideStoreCopy, tide_store_copy_close)

G_END_DECLS
