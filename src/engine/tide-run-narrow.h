/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream.h"

G_BEGIN_DECLS

/* What single records were asked for, as a run keeps it: JSON that is the same whenever the same is meant. */
gboolean tide_run_narrow_ids     (const char * const  *ids,
                                  char               **json,
                                  GError             **error);
gboolean tide_run_narrow_filters (TideStream          *stream,
                                  const char * const  *filters,
                                  char               **json,
                                  GError             **error);

G_END_DECLS
