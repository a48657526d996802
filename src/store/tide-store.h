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
gboolean      tide_store_check          (TideStore      *self,
                                         GPtrArray      *findings,
                                         GCancellable   *cancellable,
                                         GError        **error);

/* A write is a guard: leave its scope without committing and it rolls back. */
typedef struct _TideWrite TideWrite;

TideWrite    *tide_store_begin_write    (TideStore      *self,
                                         GCancellable   *cancellable,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
TideDatabase *tide_write_get_database   (TideWrite      *self);
gboolean      tide_write_commit         (TideWrite      *self,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void          tide_write_free           (TideWrite      *self);

/* A read connection out of the pool, inside one read transaction (a consistent view). */
typedef struct _TideRead TideRead;

TideRead     *tide_store_begin_read     (TideStore      *self,
                                         GCancellable   *cancellable,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
TideDatabase *tide_read_get_database    (TideRead       *self);
void          tide_read_free            (TideRead       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideWrite, tide_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRead, tide_read_free)

G_END_DECLS
