/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-schema-validator.h"

G_BEGIN_DECLS

struct _TideSchemaValidator
{
  JsonNode   *schema;       /* (owned) */
  GHashTable *patterns;     /* (owned) text → GRegex */
};

gboolean tide_schema_take (TideSchemaValidator  *self,
                           JsonNode             *node,
                           GError              **error);

G_END_DECLS
