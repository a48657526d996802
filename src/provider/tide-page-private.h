/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-reading.h"

G_BEGIN_DECLS

/**
 * TidePage:
 * @partition: (unowned) which; lives as long as the reader
 * @body: (owned) as received
 * @after: the state that holds once the page is stored, but for what only parsing tells
 * @first: it is the partition's first in this reading
 * @finished: the partition's walk ends with it
 * @part: of a reading of some records only, which has no state
 * @aside: pages before it are still to come, so that @after is the state before all of them
 * @end: it is the reading's last
 * @state: (owned) (nullable) @after as JSON; made by parsing
 * @expected: records announced so far in this reading, -1 = not known
 */
struct _TidePage
{
  const TidePartition *partition;
  GBytes              *body;
  TideStreamState      after;
  gboolean             first;
  gboolean             finished;
  gboolean             part;
  gboolean             aside;
  gboolean             end;
  char                *state;
  gint64               expected;
};

TidePage *tide_page_new (const TidePartition *partition,
                         GBytes              *body);

G_END_DECLS
