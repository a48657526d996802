/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-query.h"
#include "tide-store.h"

G_BEGIN_DECLS

/* Of a row of sync_failures: the cause that its reason begins with. */
#define TIDE_FAILURE_CAUSE_SQL \
  "CASE instr(reason, ': ') WHEN 0 THEN reason ELSE substr(reason, 1, instr(reason, ': ') - 1) END"

GPtrArray *tide_failure_groups_list (TideDatabase  *database,
                                     GError       **error);

G_END_DECLS
