/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-stream-private.h"

G_BEGIN_DECLS

void tide_narrowing_checker_run (TideStream *stream,
                                 const char *pointer,
                                 GPtrArray  *problems);

G_END_DECLS
