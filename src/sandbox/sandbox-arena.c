/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sandbox-arena.h"

#define CHUNK_SIZE (4u * 1024 * 1024)
#define HUGE_PAGE  (2u * 1024 * 1024)

struct _SandboxArena
{
  GPtrArray *chunks;   /* (owned) (element-type GBytes) */
  char      *last;     /* the writable data of the last chunk */
  guint32    used;
};

/** sandbox_arena_new: an empty arena. */
SandboxArena *
sandbox_arena_new (void)
{
  SandboxArena *self = g_new0 (SandboxArena, 1);

  self->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  return self;
}

/** sandbox_arena_free: slices that were handed out stay valid. */
void
sandbox_arena_free (SandboxArena *self)
{
  g_ptr_array_unref (self->chunks);
  g_free (self);
}

/* The GBytes covers the chunk's full size from the start; what is sliced off it has
 * been written before and does not change any more. */
static void
arena_add_chunk (SandboxArena *self)
{
  self->last = aligned_alloc (HUGE_PAGE, CHUNK_SIZE);
  if (self->last == NULL)
    g_error ("out of memory");
  self->used = 0;
  /* Gigabytes of small pages would take the kernel longer than rendering takes us; only a hint. */
  madvise (self->last, CHUNK_SIZE, MADV_HUGEPAGE);
  g_ptr_array_add (self->chunks, g_bytes_new_with_free_func (self->last, CHUNK_SIZE, free, self->last));
}

/**
 * sandbox_arena_append:
 * @text: a record; must be shorter than a chunk
 *
 * Returns: where the copy lies
 */
SandboxSpan
sandbox_arena_append (SandboxArena *self,
                      const char   *text,
                      gsize         length)
{
  SandboxSpan span;

  g_assert (length < CHUNK_SIZE);
  if (self->last == NULL || self->used + length + 1 > CHUNK_SIZE)
    arena_add_chunk (self);

  span.chunk = self->chunks->len - 1;
  span.offset = self->used;
  span.length = (guint32)length;
  memcpy (self->last + self->used, text, length);
  self->last[self->used + length] = ',';
  self->used += span.length + 1;
  return span;
}

/** sandbox_arena_peek: (transfer none): the bytes of @span. */
const char *
sandbox_arena_peek (SandboxArena      *self,
                    const SandboxSpan *span)
{
  GBytes *chunk = g_ptr_array_index (self->chunks, span->chunk);

  return (const char *)g_bytes_get_data (chunk, NULL) + span->offset;
}

/** sandbox_arena_slice: (transfer full): the bytes of @span, not copied. */
GBytes *
sandbox_arena_slice (SandboxArena      *self,
                     const SandboxSpan *span)
{
  return g_bytes_new_from_bytes (g_ptr_array_index (self->chunks, span->chunk), span->offset, span->length);
}

/**
 * sandbox_span_join:
 * @next: the span that is to follow
 *
 * Extends @self over the comma and @next if they lie side by side.
 *
 * Returns: %FALSE, and @self unchanged, if they do not
 */
gboolean
sandbox_span_join (SandboxSpan       *self,
                   const SandboxSpan *next)
{
  if (self->chunk != next->chunk || self->offset + self->length + 1 != next->offset)
    return FALSE;

  self->length += 1 + next->length;
  return TRUE;
}
