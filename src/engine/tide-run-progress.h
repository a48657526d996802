/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "tide-counts.h"

G_BEGIN_DECLS

#define TIDE_TYPE_RUN_PROGRESS (tide_run_progress_get_type ())

/**
 * TideRunProgress:
 * @expected: records there will be, as far as is known (the provider's total, or what the store
 *    has of a full listing), else -1
 * @rate: records a second
 * @remaining: microseconds left by that, -1 if unknown
 * @waiting: (nullable): in words, what it waits for just now
 *
 * Where a running run stands. Immutable value: may cross threads.
 */
typedef struct
{
  char       *sync_id;
  gint64      connection_id;
  char       *stream;
  TideCounts  counts;
  gint64      pages;
  gint64      bytes;
  gint64      expected;
  double      rate;
  gint64      remaining;
  char       *waiting;
} TideRunProgress;

GType            tide_run_progress_get_type (void);
TideRunProgress *tide_run_progress_ref      (TideRunProgress *self);
void             tide_run_progress_unref    (TideRunProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunProgress, tide_run_progress_unref)

G_END_DECLS
