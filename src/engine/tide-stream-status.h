/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection.h"
#include "tide-run.h"

G_BEGIN_DECLS

#define TIDE_TYPE_STREAM_STATUS (tide_stream_status_get_type ())

/**
 * TideHealth:
 * @TIDE_HEALTH_FRESH: inside its promise
 * @TIDE_HEALTH_OFF: by the owner's will
 * @TIDE_HEALTH_NEVER: not synced yet; never green
 * @TIDE_HEALTH_SYNCING: a run is going or waits for its turn, and nothing was wrong before
 * @TIDE_HEALTH_LATE: past its promise (2 intervals), mends itself
 * @TIDE_HEALTH_RETRYING: a try failed, and there will be another by itself
 * @TIDE_HEALTH_PARTLY: some records could not be read
 * @TIDE_HEALTH_STALE: far past its promise (4 intervals)
 * @TIDE_HEALTH_APPROVAL: a run halted, and waits for its owner's decision
 * @TIDE_HEALTH_FAILED: will not mend by itself
 * @TIDE_HEALTH_SIGN_IN: the provider refuses the login
 *
 * From best to worst, so that the worst of several is the largest.
 */
typedef enum
{
  TIDE_HEALTH_FRESH,
  TIDE_HEALTH_OFF,
  TIDE_HEALTH_NEVER,
  TIDE_HEALTH_SYNCING,
  TIDE_HEALTH_LATE,
  TIDE_HEALTH_RETRYING,
  TIDE_HEALTH_PARTLY,
  TIDE_HEALTH_STALE,
  TIDE_HEALTH_APPROVAL,
  TIDE_HEALTH_FAILED,
  TIDE_HEALTH_SIGN_IN,
} TideHealth;

/* An hour of a stream's last day, or of its next hours. */
typedef struct
{
  gint64 hour;                /* instant at which it begins */
  gint64 runs;
  gint64 records;             /* created, updated and deleted ones */
  gint64 retried;
  gint64 failed;
  gint64 planned;             /* runs still to come */
} TideHourCell;

#define TIDE_STRIP_PAST 24
#define TIDE_STRIP_PLANNED 4
#define TIDE_STRIP_CELLS (TIDE_STRIP_PAST + TIDE_STRIP_PLANNED)

/**
 * TideStreamStatus:
 * @connection: whose stream
 * @stream: its name
 * @label: for the owner: "Orders"
 * @entity: what it holds
 * @health: its state in one word
 * @last_success: instant of the last completed run, 0 if never
 * @since: instant since when @health is what it is, where that is known, else 0
 * @last_run: (nullable): the newest run that has ended
 * @next_run: instant of the next planned run, 0 if none
 * @retry_at: instant of the next try, 0 if none
 * @interval: microseconds between planned runs, 0 if none
 * @usual_duration: microseconds that a run usually takes (median of the last ones)
 * @records: live records in the store
 * @today: records that came or changed today (the venue's day)
 * @open_failures: records put aside and not solved
 * @cells: the last 24 hours (the current one is the last of them) and the next 4
 *
 * How one stream of one connection is doing. Immutable value: may cross threads.
 */
typedef struct
{
  TideConnection *connection;
  char           *stream;
  char           *label;
  char           *entity;
  TideHealth      health;
  gint64          last_success;
  gint64          since;
  TideRun        *last_run;
  gint64          next_run;
  gint64          retry_at;
  gint64          interval;
  gint64          usual_duration;
  gint64          records;
  gint64          today;
  gint64          open_failures;
  TideHourCell    cells[TIDE_STRIP_CELLS];
} TideStreamStatus;

GType             tide_stream_status_get_type   (void);
TideStreamStatus *tide_stream_status_ref        (TideStreamStatus *self);
void              tide_stream_status_unref      (TideStreamStatus *self);

const char       *tide_health_to_name           (TideHealth        health);
gboolean          tide_health_needs_owner       (TideHealth        health);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideStreamStatus, tide_stream_status_unref)

G_END_DECLS
