/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-match.h"
#include "tide-request-spec.h"

G_BEGIN_DECLS

/**
 * TideLookup:
 * @request: with {{ id }} or {{ ids }}
 * @pointer: of the record, or of the array of them
 * @batch: how many ids a request
 * @only: (nullable): what does not fit is a record of another stream
 *
 * How records are asked for by their ids, as a stream's manifest says. Immutable.
 */
typedef struct
{
  TideRequestSpec *request;
  char            *pointer;
  guint            batch;
  TideMatch       *only;
} TideLookup;

TideLookup *tide_lookup_new   (JsonObject              *object);
void        tide_lookup_free  (TideLookup              *self);
GBytes     *tide_lookup_read  (const TideLookup        *self,
                               const TideResponse      *response,
                               const char              *id_pointer,
                               const char * const      *ids,
                               GPtrArray               *gone,
                               GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLookup, tide_lookup_free)

G_END_DECLS
