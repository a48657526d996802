/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small bump allocator for converted text; freed as a whole with its batch. */
typedef struct _TideArena TideArena;

TideArena *tide_arena_new   (void);
void       tide_arena_free  (TideArena *self);
char      *tide_arena_alloc (TideArena *self,
                             gsize      size) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideArena, tide_arena_free)

G_END_DECLS
