/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"

G_BEGIN_DECLS

/**
 * TideWalk:
 * @mode: FULL from the beginning of time, INCREMENTAL from the watermark
 * @began: when it began; what is dated later is not trusted to have been seen in full
 * @since: lower end of the window being read, or TIDE_TIME_INVALID
 * @until: upper end of the window being read, or TIDE_TIME_INVALID in the last one
 * @page_size: of its pages, where that is not the stream's usual one; else 0. A position may mean nothing with another
 * @at: (nullable): position of the page to ask for next, %NULL for the window's first
 * @max: greatest cursor value read that is not later than @began, or TIDE_TIME_INVALID
 * @future: some record was dated later than @began
 *
 * One way through a partition from its first page to its last, over as many runs as that takes.
 */
typedef struct
{
  TideRunMode  mode;
  gint64       began;
  gint64       since;
  gint64       until;
  gint64       page_size;
  char        *at;
  gint64       max;
  gboolean     future;
} TideWalk;

/**
 * TideStreamState:
 * @watermark: up to here everything has been read, or TIDE_TIME_INVALID
 * @listing: the full listing that the partition took part in last, or TIDE_TIME_INVALID
 * @closed: that listing is over
 * @walking: @walk is under way; if not, and the listing is not over, the partition is done in it
 *
 * How far a partition has been read; what is saved as its state, in JSON. It always says "everything up to
 * and including the page it was saved with is stored".
 *
 * A full listing goes over all partitions, and an interrupted one must go on with those that are not done.
 * Its id is the instant at which it began, kept with each partition that it has come to; the page that ends
 * the last partition says that it is closed. So the newest id among the partitions, if it is not closed
 * anywhere, is a listing that was interrupted. A reading that is no listing closes it with every state it
 * saves: from then on it must not be gone on with, as it would miss what came and went meanwhile.
 */
typedef struct
{
  gint64    watermark;
  gint64    listing;
  gboolean  closed;
  gboolean  walking;
  TideWalk  walk;
} TideStreamState;

void      tide_stream_state_init      (TideStreamState       *self);
gboolean  tide_stream_state_parse     (TideStreamState       *self,
                                       const char            *text);
char     *tide_stream_state_to_string (const TideStreamState *self);
void      tide_stream_state_copy      (TideStreamState       *self,
                                       const TideStreamState *from);
void      tide_stream_state_clear     (TideStreamState       *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideStreamState, tide_stream_state_clear)

G_END_DECLS
