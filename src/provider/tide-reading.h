/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-partition.h"
#include "tide-selection.h"

G_BEGIN_DECLS

/**
 * TideReading:
 * @partitions: (owned) of #TidePartition, in the order they are read
 * @listing: id of the full listing that it is, or goes on with, or else closes; or TIDE_TIME_INVALID
 * @is_listing: all partitions are read in full, those that are done included
 * @is_part: only some records are read, so that states are neither heeded nor saved
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
  gboolean   is_part;
  gboolean   resumes;
} TideReading;

gboolean  tide_reading_init       (TideReading               *self,
                                   TideStream                *stream,
                                   const TideReadPlan        *plan,
                                   const TideSelection       *selection,
                                   GError                   **error);
void      tide_reading_clear      (TideReading               *self);
void      tide_walk_enter_window  (TideWalk                  *walk,
                                   const TideIncrementalSpec *spec,
                                   gint64                     since);
void      tide_walk_cut_window    (TideWalk                  *walk,
                                   const TideIncrementalSpec *spec,
                                   const TideWalk            *whole,
                                   guint                      index,
                                   guint                      n_windows);

G_END_DECLS
