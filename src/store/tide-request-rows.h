/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/* So long is a request known by its key. */
#define TIDE_REQUEST_KEPT_DAYS 30

/**
 * TideRequestRow:
 * @key: its idempotency key
 * @body: a hash of what was asked for
 * @sync_ids: (array zero-terminated=1): the runs that came of it
 * @requested_by: who asked
 * @requested_at: instant
 *
 * What was asked for under an idempotency key.
 */
typedef struct
{
  char   *key;
  char   *body;
  char  **sync_ids;
  char   *requested_by;
  gint64  requested_at;
} TideRequestRow;

TideRequestRow *tide_request_rows_get  (TideDatabase          *database,
                                        const char            *key,
                                        gint64                 now,
                                        GError               **error);
gboolean        tide_request_rows_put  (TideWrite             *write,
                                        const TideRequestRow  *row,
                                        GError               **error);
void            tide_request_row_free  (TideRequestRow        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRequestRow, tide_request_row_free)

G_END_DECLS
