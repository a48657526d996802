/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

TideDatabase *tide_store_acquire_writer (TideStore     *self,
                                         GCancellable  *cancellable,
                                         GError       **error);
void          tide_store_release_writer (TideStore     *self);
void          tide_store_limit_log      (TideStore     *self);
TideDatabase *tide_store_acquire_reader (TideStore     *self,
                                         GError       **error);
void          tide_store_release_reader (TideStore     *self,
                                         TideDatabase  *database);

G_END_DECLS
