/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-paginator.h"

G_BEGIN_DECLS

/**
 * TideWalkGuard:
 *
 * Watches one walk through pages for going in circles. For one thread.
 */
typedef struct _TideWalkGuard TideWalkGuard;

TideWalkGuard *tide_walk_guard_new      (const TidePaginatorSpec *paginator);
void           tide_walk_guard_free     (TideWalkGuard           *self);
void           tide_walk_guard_reset    (TideWalkGuard           *self,
                                         const char              *at);
gboolean       tide_walk_guard_check    (TideWalkGuard           *self,
                                         GBytes                  *body,
                                         gboolean                 empty,
                                         const char              *next,
                                         GError                 **error);
gboolean       tide_walk_guard_is_first (const TideWalkGuard     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideWalkGuard, tide_walk_guard_free)

G_END_DECLS
