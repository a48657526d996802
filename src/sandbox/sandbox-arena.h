/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a rendered record lies. */
typedef struct
{
  guint32 chunk;
  guint32 offset;
  guint32 length;
} SandboxSpan;

/* Record texts one after the other in large chunks, a comma after each, so that a page
 * of neighbours is one slice that is sent without being copied. Only ever appended to. */
typedef struct _SandboxArena SandboxArena;

SandboxArena *sandbox_arena_new    (void);
void          sandbox_arena_free   (SandboxArena      *self);
SandboxSpan   sandbox_arena_append (SandboxArena      *self,
                                    const char        *text,
                                    gsize              length);
const char   *sandbox_arena_peek   (SandboxArena      *self,
                                    const SandboxSpan *span);
GBytes       *sandbox_arena_slice  (SandboxArena      *self,
                                    const SandboxSpan *span);
gboolean      sandbox_span_join    (SandboxSpan       *self,
                                    const SandboxSpan *next);

G_END_DECLS
