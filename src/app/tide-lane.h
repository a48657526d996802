/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_BLOCK_PLANNED,
  TIDE_BLOCK_RUNNING,
  TIDE_BLOCK_RETRY,
} TideBlockKind;

/* A run on the time line. */
typedef struct
{
  gint64         at;
  gint64         duration;
  TideBlockKind  kind;
  char          *label;       /* (owned): what it syncs */
} TideBlock;

/**
 * TideLane:
 * @label: what stands before it
 * @waits: (nullable): in words, why nothing will happen in it
 * @blocks: (element-type TideBlock): by time
 */
typedef struct
{
  char   *label;
  char   *waits;
  GArray *blocks;
} TideLane;

TideLane  *tide_lane_new       (const char     *label);
void       tide_lane_free      (TideLane       *self);
void       tide_lane_add       (TideLane       *self,
                                TideBlockKind   kind,
                                gint64          at,
                                gint64          duration,
                                const char     *label);
GPtrArray *tide_lane_list_new  (GPtrArray      *statuses,
                                gint64          venue_id,
                                GPtrArray      *running,
                                GPtrArray      *planned,
                                gint64          now,
                                gint64          until);

G_END_DECLS
