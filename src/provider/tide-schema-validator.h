/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * TideSchemaProblem:
 * @pointer: JSON pointer of the value
 * @reason: what is wrong and what would be right
 */
typedef struct
{
  char *pointer;
  char *reason;
} TideSchemaProblem;

/**
 * TideSchemaValidator:
 *
 * Checks JSON against a JSON Schema that keeps to these keywords: $ref (to "#/$defs/..."), $defs, type,
 * enum, const, properties, required, additionalProperties, propertyNames (pattern), minProperties,
 * items, minItems, maxItems, minLength, maxLength, pattern, minimum, maximum, oneOf; and the
 * notes title, description, examples, default. A oneOf is told apart by the JSON type of its
 * branches or by a property with a const in each, so that a problem is reported for the branch that
 * was meant. A schema with any other keyword is refused. Immutable: may be used from several threads.
 */
typedef struct _TideSchemaValidator TideSchemaValidator;

TideSchemaValidator *tide_schema_validator_new      (JsonNode                   *schema,
                                                     GError                    **error);
void                 tide_schema_validator_free     (TideSchemaValidator        *self);
GPtrArray           *tide_schema_validator_validate (const TideSchemaValidator  *self,
                                                     JsonNode                   *node);
void                 tide_schema_problem_free       (TideSchemaProblem          *self);
const char          *tide_schema_find_similar       (const char                 *name,
                                                     GList                      *candidates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaValidator, tide_schema_validator_free)

G_END_DECLS
