/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-store.h"

G_BEGIN_DECLS

/* What is not kept for ever. The audit log is. */
typedef enum
{
  TIDE_RETENTION_EVENTS,
  TIDE_RETENTION_LOGS,        /* of runs */
  TIDE_RETENTION_CHANGES,     /* before-images */
  TIDE_RETENTION_RUNS,        /* with all that hangs on them */
  TIDE_RETENTION_REQUESTS,    /* idempotency keys */
} TideRetentionKind;

#define TIDE_RETENTION_N_KINDS (TIDE_RETENTION_REQUESTS + 1)

/**
 * TideRetentionStep:
 * @before: what is older goes; instant
 * @excess: so many of the oldest go however young they are
 * @after: where the last step ended; 0 to begin with
 * @removed: rows removed so far, of the kind's own
 * @done: nothing more is to be looked at
 *
 * Where pruning one kind stands, from batch to batch.
 */
typedef struct
{
  gint64   before;
  gint64   excess;
  gint64   after;
  gint64   removed;
  gboolean done;
} TideRetentionStep;

gboolean tide_retention_rows_count        (TideDatabase       *database,
                                           TideRetentionKind   kind,
                                           gint64             *count,
                                           GError            **error);
gboolean tide_retention_rows_count_larger (TideDatabase       *database,
                                           gint64              max_bytes,
                                           gint64             *excess,
                                           GError            **error);
gboolean tide_retention_rows_prune        (TideWrite          *write,
                                           TideRetentionKind   kind,
                                           TideRetentionStep  *step,
                                           guint               batch,
                                           GError            **error);

G_END_DECLS
