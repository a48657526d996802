/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-arena.h"

/* A page's worth of converted text mostly fits one block; what is larger than a quarter of a block
 * gets one of its own, so that little is lost at the end of the others. */
#define BLOCK_SIZE (64 * 1024)

struct _TideArena
{
  GPtrArray *blocks; /* (owned) */
  char      *next;
  gsize      left;
};

/**
 * tide_arena_new:
 *
 * Makes an empty arena. For use by one thread at a time.
 *
 * Returns: (transfer full): the arena
 */
TideArena *
tide_arena_new (void)
{
  TideArena *self = g_new0 (TideArena, 1);

  self->blocks = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/**
 * tide_arena_free:
 * @self: (transfer full) (nullable): an arena
 *
 * Frees the arena and all that was allocated from it.
 */
void
tide_arena_free (TideArena *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->blocks);
  g_free (self);
}

/**
 * tide_arena_alloc:
 * @self: an arena
 * @size: bytes wanted
 *
 * Takes room for text out of the arena. It is not aligned and not cleared.
 *
 * Returns: (transfer none): @size bytes that live as long as the arena
 */
char *
tide_arena_alloc (TideArena *self,
                  gsize      size)
{
  char *block;

  g_return_val_if_fail (self != NULL, NULL);

  if (size > BLOCK_SIZE / 4)
    {
      block = g_malloc (size);
      g_ptr_array_add (self->blocks, block);
      return block;
    }

  if (size > self->left)
    {
      self->next = g_malloc (BLOCK_SIZE);
      self->left = BLOCK_SIZE;
      g_ptr_array_add (self->blocks, self->next);
    }

  block = self->next;
  self->next += size;
  self->left -= size;

  return block;
}
