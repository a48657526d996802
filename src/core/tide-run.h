/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "tide-counts.h"

G_BEGIN_DECLS

#define TIDE_TYPE_RUN (tide_run_get_type ())

typedef enum
{
  TIDE_RUN_MODE_INCREMENTAL,
  TIDE_RUN_MODE_FULL,
} TideRunMode;

/**
 * TideRunStatus:
 * @TIDE_RUN_PENDING: waits for its turn
 * @TIDE_RUN_PROCESSING: is going
 * @TIDE_RUN_COMPLETED: read to the end (records may still have failed: see the counts)
 * @TIDE_RUN_FAILED: could not go on; the cursor is kept
 * @TIDE_RUN_CANCELLED: somebody stopped it; the cursor is kept
 * @TIDE_RUN_INTERRUPTED: the program ended while it was going; the cursor is kept
 */
typedef enum
{
  TIDE_RUN_PENDING,
  TIDE_RUN_PROCESSING,
  TIDE_RUN_COMPLETED,
  TIDE_RUN_FAILED,
  TIDE_RUN_CANCELLED,
  TIDE_RUN_INTERRUPTED,
} TideRunStatus;

/**
 * TideRun:
 * @sync_id: its public id
 * @connection_id: which connection
 * @connection_name: its name (as it is now)
 * @venue_name: its venue's name
 * @provider: its manifest's id
 * @stream: what was read
 * @entity: what that is
 * @requested_by: who asked ("schedule", "owner", a name)
 * @requested_at: instant
 * @started_at: instant, 0 while pending
 * @ended_at: instant, 0 until it has ended
 * @counts: its ledger
 * @expected: records that the provider says there are, -1 where it does not say
 * @pages: pages read
 * @bytes: bytes received
 * @retries: requests that had to be repeated
 * @waited: microseconds spent waiting (limits, backoff)
 * @error_code: (nullable): name of the TideError it failed with
 * @error_message: (nullable): what exactly went wrong
 * @phases: (nullable): JSON array of {name, start, duration} in milliseconds since @started_at
 *
 * One run as it was when it was read from the store. Immutable value, reference counted
 * atomically: may cross threads.
 */
typedef struct
{
  gint64         id;
  char          *sync_id;
  gint64         connection_id;
  char          *connection_name;
  char          *venue_name;
  char          *provider;
  char          *stream;
  char          *entity;
  TideRunMode    mode;
  TideRunStatus  status;
  gboolean       dry_run;
  char          *requested_by;
  gint64         requested_at;
  gint64         started_at;
  gint64         ended_at;
  TideCounts     counts;
  gint64         expected;
  gint64         pages;
  gint64         bytes;
  gint64         retries;
  gint64         waited;
  char          *error_code;
  char          *error_message;
  char          *phases;
} TideRun;

GType        tide_run_get_type         (void);
TideRun     *tide_run_copy             (const TideRun  *self);
TideRun     *tide_run_ref              (TideRun        *self);
void         tide_run_unref            (TideRun        *self);
gboolean     tide_run_is_over          (const TideRun  *self);

const char  *tide_run_mode_to_name     (TideRunMode     mode);
gboolean     tide_run_mode_from_name   (const char     *name,
                                        TideRunMode    *mode);
const char  *tide_run_status_to_name   (TideRunStatus   status);
gboolean     tide_run_status_from_name (const char     *name,
                                        TideRunStatus  *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRun, tide_run_unref)

G_END_DECLS
