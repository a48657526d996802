/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "sandbox-table.h"

G_BEGIN_DECLS

/* All live records of a table as JSON Lines, sent in pieces: there may be gigabytes. */

void sandbox_truth_send (SandboxTable      *table,
                         guint              kinds,
                         SoupServerMessage *message);

G_END_DECLS
