/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-partition.h"
#include "tide-stream-reader.h"

G_BEGIN_DECLS

/**
 * TideReading:
 * @partitions: (owned) of #TidePartition, in the order they are read
 * @listing: id of the full listing that it is, or goes on with, or else closes; or TIDE_TIME_INVALID
 * @is_listing: all partitions are read in full, those that are done included
 * @resumes: @listing was begun by an earlier run
 *
 * What one run is to read of a stream: decided from its saved states before anything is asked for. See
 * #TideStreamState for listings. Each partition's state holds the walk to be made.
 */
typedef struct
{
  GPtrArray *partitions;
  gint64     listing;
  gboolean   is_listing;
  gboolean   resumes;
} TideReading;

void  tide_reading_init         (TideReading               *self,
                                 TideStream                *stream,
                                 const TideReadPlan        *plan);
void  tide_reading_clear        (TideReading               *self);
void  tide_walk_enter_window    (TideWalk                  *walk,
                                 const TideIncrementalSpec *spec,
                                 gint64                     since);

G_END_DECLS
