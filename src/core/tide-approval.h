/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_APPROVAL_OPEN,
  TIDE_APPROVAL_APPROVED,
  TIDE_APPROVAL_REFUSED,
} TideApprovalState;

/**
 * TideApproval:
 * @id: its key
 * @kind: what it is about: a brake
 * @run: the run that halted, as it is now
 * @asked_at: instant
 * @reason: what would happen, in words
 * @affected: so many records
 * @total: of so many
 * @state: whether it is decided
 * @decided_at: instant, 0 while open
 * @decided_by: (nullable): by whom
 *
 * A question to the owner that a run waits for.
 */
typedef struct
{
  gint64             id;
  TideRunAllow       kind;
  TideRun           *run;
  gint64             asked_at;
  char              *reason;
  gint64             affected;
  gint64             total;
  TideApprovalState  state;
  gint64             decided_at;
  char              *decided_by;
} TideApproval;

void tide_approval_free (TideApproval *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideApproval, tide_approval_free)

G_END_DECLS
