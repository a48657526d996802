/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideCounts:
 *
 * The ledger of a run. Every record read is in exactly one of created, updated, unchanged,
 * failed, conflicted and skipped. Deleted ones were not read (or came as a notice of deletion, and are
 * then counted as read and updated): they stand outside the sum.
 */
typedef struct
{
  gint64 read;
  gint64 created;
  gint64 updated;
  gint64 unchanged;
  gint64 failed;
  gint64 conflicted;
  gint64 skipped;
  gint64 deleted;
} TideCounts;

void     tide_counts_add         (TideCounts       *self,
                                  const TideCounts *other);
gboolean tide_counts_check       (const TideCounts *self,
                                  GError          **error);

G_END_DECLS
