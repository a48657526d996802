/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-body-pool.h"

G_BEGIN_DECLS

/**
 * TideBodyBuffer:
 * @pool: where @data comes from
 * @data: (owned) what has been received, room for more behind it
 * @size: bytes received
 * @capacity: bytes there is room for
 * @limit: bytes there may ever be
 *
 * Where a body is received. Made in the right size when the length is known, so that a page of megabytes
 * is neither copied nor reallocated.
 */
typedef struct
{
  TideBodyPool *pool;
  char         *data;
  gsize         size;
  gsize         capacity;
  gsize         limit;
} TideBodyBuffer;

void      tide_body_buffer_init  (TideBodyBuffer *self,
                                  TideBodyPool   *pool,
                                  gsize           expected,
                                  gsize           limit);
gboolean  tide_body_buffer_room  (TideBodyBuffer *self);
GBytes   *tide_body_buffer_steal (TideBodyBuffer *self);
void      tide_body_buffer_clear (TideBodyBuffer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideBodyBuffer, tide_body_buffer_clear)

G_END_DECLS
