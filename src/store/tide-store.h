/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"
#include "tide-statement.h"

G_BEGIN_DECLS

#define TIDE_TYPE_STORE (tide_store_get_type ())
G_DECLARE_FINAL_TYPE (TideStore, tide_store, TIDE, STORE, GObject)

typedef enum
{
  TIDE_STORE_NONE = 0,
  TIDE_STORE_READ_ONLY = 1 << 0,      /* no lock taken, nothing migrated, works beside the owner of the workspace */
} TideStoreFlags;

/* One SQLite file in a workspace folder, locked to this process. Thread-safe: one writer at a
 * time, readers of their own. */
TideStore    *tide_store_open           (const char     *folder,
                                         TideStoreFlags  flags,
                                         TideClock      *clock,
                                         GError        **error);
const char   *tide_store_get_folder     (TideStore      *self);
const char   *tide_store_get_path       (TideStore      *self);
TideClock    *tide_store_get_clock      (TideStore      *self);
gboolean      tide_store_is_wanted      (TideStore      *self);
gboolean      tide_store_check          (TideStore      *self,
                                         GPtrArray      *findings,
                                         GCancellable   *cancellable,
                                         GError        **error);

G_END_DECLS

#include "tide-read.h"
#include "tide-write.h"
