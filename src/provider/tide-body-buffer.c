/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "tide-body-buffer.h"

/* First guess where no length was told (chunked, or compressed on the way). */
#define FIRST_CAPACITY (64 * 1024)

void
tide_body_buffer_init (TideBodyBuffer *self,
                       gsize           expected,
                       gsize           limit)
{
  /* One byte more than expected: the read that meets the end needs somewhere to read to, and it
   * shows when the body is longer than was told. */
  self->capacity = (expected != 0 ? MIN (expected, limit) : MIN (FIRST_CAPACITY, limit)) + 1;
  self->data = g_malloc (self->capacity);
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

GBytes *
tide_body_buffer_steal (TideBodyBuffer *self)
{
  GBytes *bytes = g_bytes_new_take (g_steal_pointer (&self->data), self->size);

  self->size = 0;
  self->capacity = 0;
  return bytes;
}

void
tide_body_buffer_clear (TideBodyBuffer *self)
{
  g_clear_pointer (&self->data, g_free);
}
