/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/* A write is a guard: leave its scope without committing and it rolls back. */
typedef struct _TideWrite TideWrite;

TideWrite    *tide_store_begin_write    (TideStore      *self,
                                         GCancellable   *cancellable,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
TideStore    *tide_write_get_store      (TideWrite      *self);
TideDatabase *tide_write_get_database   (TideWrite      *self);
gboolean      tide_write_commit         (TideWrite      *self,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void          tide_write_free           (TideWrite      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideWrite, tide_write_free)

G_END_DECLS
