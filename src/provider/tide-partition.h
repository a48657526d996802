/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream-private.h"
#include "tide-stream-state.h"

G_BEGIN_DECLS

/**
 * TidePartition:
 * @key: what its state is saved under; "" where the stream has no partitions
 * @values: (nullable): what it is made of
 * @state: as it was when the reading began
 * @ids: (nullable): instead of @values: the records that are looked up
 * @n_windows: in how many windows side by side it is read; 1 = one after the other
 * @done: it is not to be read: the listing that is gone on with has it already
 *
 * One part of a stream that is read by itself.
 */
typedef struct
{
  char             *key;
  char            **values;
  TideStreamState   state;
  char            **ids;
  guint             n_windows;
  gboolean          done;
} TidePartition;

GPtrArray *tide_partitions_new (TideStream *stream,
                                GPtrArray  *parent_values,
                                GHashTable *states);
GPtrArray *tide_partitions_new_for_ids (char  **ids,
                                        guint   batch);
gboolean   tide_partitions_choose (GPtrArray  *partitions,
                                   const char *value);

G_END_DECLS
