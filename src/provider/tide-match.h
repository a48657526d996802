/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "tide-json-reader.h"

G_BEGIN_DECLS

/**
 * TideMatch:
 * @pointer: JSON pointer of what is looked at
 * @values: (nullable): a scalar or an array of scalars, one of which it must be; %NULL for anything
 *    but null, false and absent
 *
 * A condition on a JSON value, as manifests write them. Immutable.
 */
typedef struct
{
  char     *pointer;
  JsonNode *values;
} TideMatch;

TideMatch *tide_match_new  (JsonObject          *object);
void       tide_match_free (TideMatch           *self);
gboolean   tide_match_test (const TideMatch     *self,
                            const TideJsonValue *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideMatch, tide_match_free)

G_END_DECLS
