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
 * @TIDE_RUN_PENDING: waits for its turn, or for another try
 * @TIDE_RUN_PROCESSING: is going
 * @TIDE_RUN_COMPLETED: read to the end (records may still have failed: see the counts)
 * @TIDE_RUN_FAILED: was given up; the cursor is kept
 * @TIDE_RUN_PAUSED: somebody holds it until it is resumed; the cursor is kept
 * @TIDE_RUN_CANCELLED: somebody stopped it for good; the cursor is kept
 * @TIDE_RUN_AWAITING_APPROVAL: halted before it did something that its owner is to be asked about
 *
 * The state of a run, which is also its state in the queue. Kept over restarts: what was going when the
 * program ended goes on when it comes back.
 */
typedef enum
{
  TIDE_RUN_PENDING,
  TIDE_RUN_PROCESSING,
  TIDE_RUN_COMPLETED,
  TIDE_RUN_FAILED,
  TIDE_RUN_PAUSED,
  TIDE_RUN_CANCELLED,
  TIDE_RUN_AWAITING_APPROVAL,
} TideRunStatus;

#define TIDE_RUN_N_STATUSES (TIDE_RUN_AWAITING_APPROVAL + 1)

/* Brakes that an owner has let go of, for one run. */
typedef enum
{
  TIDE_RUN_ALLOW_NONE = 0,
  TIDE_RUN_ALLOW_DELETES = 1 << 0,    /* however many records a full listing no longer has */
  TIDE_RUN_ALLOW_CHANGES = 1 << 1,    /* though most of a table changes */
} TideRunAllow;

/* A refresh that somebody waits for at a form goes before everything. */
#define TIDE_RUN_PRIORITY_SMART 100

/**
 * TideRun:
 * @sync_id: its public id
 * @connection_id: which connection
 * @connection_name: its name (as it is now)
 * @venue_name: its venue's name
 * @provider: its manifest's id
 * @stream: what was read
 * @entity: what that is
 * @ids: (nullable): JSON array of the provider's ids: only these records are read, the cursor stays
 * @filters: (nullable): JSON object, name → value, of the manifest's filters: only what fits is read, the cursor stays
 * @priority: its place in the queue, higher goes first
 * @rank: the order of the queue, lowest first, in which priority and age have become one number
 * @due_at: instant before which it is not begun (another try), 0 for none
 * @attempts: how often it was tried since somebody asked for it or retried it; being halted or asked about is no try
 * @stalled: how many of the last attempts, in a row, brought nothing
 * @allowed: brakes that its owner has let go of
 * @requested_by: who asked ("schedule", "owner", a name)
 * @requested_at: instant
 * @started_at: instant of the first attempt, 0 before it
 * @ended_at: instant, 0 until it has ended
 * @counts: its ledger
 * @expected: records that the provider says there are, -1 where it does not say
 * @pages: pages read
 * @bytes: bytes received
 * @retries: requests that had to be repeated
 * @waited: microseconds spent waiting (limits, backoff)
 * @error_code: (nullable): name of the TideError that it failed with, or that its last attempt did
 * @error_message: (nullable): what exactly went wrong, or why it was halted
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
  char          *ids;
  char          *filters;
  int            priority;
  gint64         rank;
  gint64         due_at;
  guint          attempts;
  guint          stalled;
  TideRunAllow   allowed;
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
gboolean     tide_run_is_part          (const TideRun  *self);

const char  *tide_run_mode_to_name     (TideRunMode     mode);
gboolean     tide_run_mode_from_name   (const char     *name,
                                        TideRunMode    *mode);
const char  *tide_run_status_to_name   (TideRunStatus   status);
gboolean     tide_run_status_from_name (const char     *name,
                                        TideRunStatus  *status);
gboolean     tide_run_status_may_become (TideRunStatus  from,
                                         TideRunStatus  to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRun, tide_run_unref)

G_END_DECLS
