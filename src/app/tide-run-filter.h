/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run-query.h"
#include "tide-run.h"

G_BEGIN_DECLS

/**
 * TideRunFilter:
 *
 * Which runs to list: a TideRunQuery that owns its strings, so that it can cross threads. Zero and
 * %NULL mean "any".
 */
typedef struct
{
  gint64  connection_id;
  char   *venue;
  char   *provider;
  char   *entity;
  char   *outcome;
  char   *requested_by;
  char   *search;
  gint64  since;
  gint64  until;
} TideRunFilter;

TideRunFilter *tide_run_filter_copy     (const TideRunFilter  *self);
void           tide_run_filter_clear    (TideRunFilter        *self);
void           tide_run_filter_free     (TideRunFilter        *self);
gboolean       tide_run_filter_is_empty (const TideRunFilter  *self);
TideRunQuery   tide_run_filter_to_query (const TideRunFilter  *self,
                                         gint64                before_id,
                                         guint                 limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunFilter, tide_run_filter_free)

G_END_DECLS
