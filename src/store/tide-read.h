/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/* A read connection out of the pool, inside one read transaction (a consistent view). */
typedef struct _TideRead TideRead;

TideRead     *tide_store_begin_read     (TideStore      *self,
                                         GCancellable   *cancellable,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
TideDatabase *tide_read_get_database    (TideRead       *self);
void          tide_read_free            (TideRead       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRead, tide_read_free)

G_END_DECLS
