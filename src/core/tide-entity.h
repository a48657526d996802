/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-field.h"

G_BEGIN_DECLS

/**
 * TideEntityColumn:
 * @name: the column in the entity's view
 * @type: what it holds; an instant also gets a column NAME_local in the venue's time
 *
 * A column that an entity has whatever the provider. A stream fills it when its manifest has
 * a field of that name; otherwise it is NULL.
 */
typedef struct
{
  const char    *name;
  TideFieldType  type;
} TideEntityColumn;

/**
 * TideEntity:
 * @name: DESIGN's word ("orders")
 * @priority: its place in the queue; higher goes first
 * @interval_minutes: the recommended interval, 0 = daily
 * @offset_minutes: the recommended start offset
 * @columns: its columns, ended by a NULL name
 *
 * What a record is, whoever it came from. Static data.
 */
typedef struct
{
  const char             *name;
  int                     priority;
  int                     interval_minutes;
  int                     offset_minutes;
  const TideEntityColumn *columns;
} TideEntity;

const TideEntity *tide_entity_lookup (const char *name);
const TideEntity *tide_entity_all    (gsize      *n_entities);

G_END_DECLS
