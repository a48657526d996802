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
 * @done: it is not to be read: the listing that is gone on with has it already
 *
 * One part of a stream that is read by itself.
 */
typedef struct
{
  char             *key;
  char            **values;
  TideStreamState   state;
  gboolean          done;
} TidePartition;

GPtrArray *tide_partitions_new (TideStream *stream,
                                GPtrArray  *parent_values,
                                GHashTable *states);

G_END_DECLS
