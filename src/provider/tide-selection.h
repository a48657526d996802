/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream-reader.h"

G_BEGIN_DECLS

/**
 * TideSelection:
 * @ids: (nullable): of just these records, none of them twice
 * @wanted: (nullable): the same as a set; its keys are borrowed from @ids
 * @values: (nullable): name → #TideTemplateValue, of filters that stand in requests
 * @partition: (nullable): the partition's value that is chosen
 * @by_lookup: the provider is asked for @ids; else they are picked out of its listing
 *
 * To what a reading is narrowed down. Immutable once made: may be used from several threads.
 */
typedef struct
{
  char       **ids;
  GHashTable  *wanted;
  GHashTable  *values;
  char        *partition;
  gboolean     by_lookup;
} TideSelection;

gboolean  tide_selection_init     (TideSelection       *self,
                                   TideStream          *stream,
                                   const TideReadPlan  *plan,
                                   GError             **error);
void      tide_selection_clear    (TideSelection       *self);
gboolean  tide_selection_is_part  (const TideSelection *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideSelection, tide_selection_clear)

G_END_DECLS
