/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/* Which rows a full listing has come across, a bit a row, kept in sync_seen so that a listing can
 * go on after a crash. */
typedef struct _TideSeenMap TideSeenMap;

TideSeenMap *tide_seen_map_new          (gint64         connection_id,
                                         const char    *stream,
                                         gint64         high);
void         tide_seen_map_free         (TideSeenMap   *self);
gint64       tide_seen_map_get_high     (TideSeenMap   *self);
void         tide_seen_map_add          (TideSeenMap   *self,
                                         gint64         key);
gboolean     tide_seen_map_contains     (TideSeenMap   *self,
                                         gint64         key);
void         tide_seen_map_add_unnamed  (TideSeenMap   *self);
gint64       tide_seen_map_get_unnamed  (TideSeenMap   *self);
gboolean     tide_seen_map_load         (TideSeenMap   *self,
                                         TideDatabase  *database,
                                         gboolean      *found,
                                         GError       **error);
gboolean     tide_seen_map_save         (TideSeenMap   *self,
                                         TideDatabase  *database,
                                         gboolean       anew,
                                         GError       **error);
gboolean     tide_seen_map_remove       (TideSeenMap   *self,
                                         TideDatabase  *database,
                                         GError       **error);
void         tide_seen_map_clear        (TideSeenMap   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSeenMap, tide_seen_map_free)

G_END_DECLS
