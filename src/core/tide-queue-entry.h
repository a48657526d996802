/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"

G_BEGIN_DECLS

/**
 * TideHold:
 * @TIDE_HOLD_NONE: it goes
 * @TIDE_HOLD_TURN: others go first
 * @TIDE_HOLD_RETRY: it failed and waits for its next try
 * @TIDE_HOLD_SMART_SYNC: somebody fills in a form, whose refresh goes first
 * @TIDE_HOLD_PAUSED: somebody paused it
 * @TIDE_HOLD_ALL_PAUSED: somebody paused everything
 * @TIDE_HOLD_APPROVAL: it waits for its owner's decision
 *
 * Why a run in the queue does not go just now.
 */
typedef enum
{
  TIDE_HOLD_NONE,
  TIDE_HOLD_TURN,
  TIDE_HOLD_RETRY,
  TIDE_HOLD_SMART_SYNC,
  TIDE_HOLD_PAUSED,
  TIDE_HOLD_ALL_PAUSED,
  TIDE_HOLD_APPROVAL,
} TideHold;

/**
 * TideQueueEntry:
 * @run: the run
 * @position: 1 for the next to go; 0 for those that go or do not wait for a turn
 * @hold: why it does not go
 *
 * A run in the queue.
 */
typedef struct
{
  TideRun  *run;
  guint     position;
  TideHold  hold;
} TideQueueEntry;

void tide_queue_entry_free (TideQueueEntry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideQueueEntry, tide_queue_entry_free)

G_END_DECLS
