/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "tide-body-buffer.h"

/* First guess where no length was told (chunked, or compressed on the way). */
#define FIRST_CAPACITY (64 * 1024)

/* A body in use, for as long as somebody holds its bytes. */
typedef struct
{
  TideBodyPool *pool;       /* (owned) */
  char         *data;       /* (owned) */
  gsize         capacity;
} Body;

static void
body_free (Body *self)
{
  tide_body_pool_give (self->pool, self->data, self->capacity);
  tide_body_pool_unref (self->pool);
  g_free (self);
}

/**
 * tide_body_buffer_init:
 * @self: (out caller-allocates): an empty buffer
 * @pool: where its memory comes from and goes back to; must outlive @self, not its bytes
 * @expected: the bytes that were told, 0 if none were
 * @limit: more than so many are refused
 */
void
tide_body_buffer_init (TideBodyBuffer *self,
                       TideBodyPool   *pool,
                       gsize           expected,
                       gsize           limit)
{
  /* One byte more than expected: the read that meets the end needs somewhere to read to, and it
   * shows when the body is longer than was told. */
  self->capacity = (expected != 0 ? MIN (expected, limit) : MIN (FIRST_CAPACITY, limit)) + 1;
  self->pool = pool;
  self->data = tide_body_pool_take (pool, &self->capacity);
  self->size = 0;
  self->limit = limit;
}

/**
 * tide_body_buffer_room:
 *
 * Makes room for at least one byte more.
 *
 * Returns: %FALSE if the body is longer than is allowed
 */
gboolean
tide_body_buffer_room (TideBodyBuffer *self)
{
  if (self->size > self->limit)
    return FALSE;
  if (self->size == self->capacity)
    {
      self->capacity = MIN (self->capacity * 2, self->limit + 1);
      self->data = g_realloc (self->data, self->capacity);
    }
  return TRUE;
}

/**
 * tide_body_buffer_steal:
 *
 * Returns: (transfer full): what was received; the buffer is empty and of no more use
 */
GBytes *
tide_body_buffer_steal (TideBodyBuffer *self)
{
  Body *body = g_new (Body, 1);

  *body = (Body) { tide_body_pool_ref (self->pool), g_steal_pointer (&self->data), self->capacity };
  return g_bytes_new_with_free_func (body->data, self->size, (GDestroyNotify)body_free, body);
}

void
tide_body_buffer_clear (TideBodyBuffer *self)
{
  if (self->data != NULL)
    tide_body_pool_give (self->pool, g_steal_pointer (&self->data), self->capacity);
}
