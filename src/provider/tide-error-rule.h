/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-error.h"
#include "tide-match.h"
#include "tide-transport.h"

G_BEGIN_DECLS

/**
 * TideErrorAction:
 * @TIDE_ERROR_ACTION_NONE: the answer is fine
 * @TIDE_ERROR_ACTION_RETRY: send it again after a while
 * @TIDE_ERROR_ACTION_REFRESH_LOGIN: send it again once with a login that was renewed, if it was
 * @TIDE_ERROR_ACTION_RESTART: the page walk must begin anew
 * @TIDE_ERROR_ACTION_SKIP_PARTITION: nothing is to be had from this partition
 * @TIDE_ERROR_ACTION_FAIL: give up
 */
typedef enum
{
  TIDE_ERROR_ACTION_NONE,
  TIDE_ERROR_ACTION_RETRY,
  TIDE_ERROR_ACTION_REFRESH_LOGIN,
  TIDE_ERROR_ACTION_RESTART,
  TIDE_ERROR_ACTION_SKIP_PARTITION,
  TIDE_ERROR_ACTION_FAIL,
} TideErrorAction;

/**
 * TideErrorRule:
 * @statuses: (nullable): pairs of lowest and highest status; %NULL for any
 * @match: (nullable): what must stand in the body
 * @action: what then
 * @code: TideError of a failure, -1 = by status
 * @wait: at least this long before a retry
 * @say: (nullable): what it means, for the owner
 */
typedef struct
{
  GArray          *statuses;
  TideMatch       *match;
  TideErrorAction  action;
  int              code;
  gint64           wait;
  char            *say;
} TideErrorRule;

GPtrArray           *tide_error_rules_new      (JsonArray           *array);
const TideErrorRule *tide_error_rules_find     (GPtrArray           *rules,
                                                const TideResponse  *response);
const TideErrorRule *tide_error_rules_default  (guint                status);

G_END_DECLS
