/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-arena.h"
#include "tide-currency.h"
#include "tide-json-reader.h"

G_BEGIN_DECLS

/**
 * TideFieldType:
 * @TIDE_FIELD_TEXT: a string, unescaped; numbers and booleans are taken as their text
 * @TIDE_FIELD_INTEGER: a whole number (or a string that is one)
 * @TIDE_FIELD_DECIMAL: an exact decimal, kept as its text
 * @TIDE_FIELD_BOOLEAN: 0 or 1
 * @TIDE_FIELD_MONEY: integer minor units as given
 * @TIDE_FIELD_MONEY_DECIMAL: a decimal amount ("12.30"), stored as minor units by the currency's exponent
 * @TIDE_FIELD_INSTANT: a point in time, stored as UTC of fixed width
 * @TIDE_FIELD_DATE: a calendar day, yyyy-mm-dd
 * @TIDE_FIELD_JSON: any value, as its JSON text
 */
typedef enum
{
  TIDE_FIELD_TEXT,
  TIDE_FIELD_INTEGER,
  TIDE_FIELD_DECIMAL,
  TIDE_FIELD_BOOLEAN,
  TIDE_FIELD_MONEY,
  TIDE_FIELD_MONEY_DECIMAL,
  TIDE_FIELD_INSTANT,
  TIDE_FIELD_DATE,
  TIDE_FIELD_JSON,
} TideFieldType;

typedef enum
{
  TIDE_VALUE_NULL,
  TIDE_VALUE_INTEGER,
  TIDE_VALUE_REAL,
  TIDE_VALUE_TEXT,
} TideValueKind;

/**
 * TideValue:
 *
 * A typed cell on its way to the store. Text is borrowed: from the page, or from the
 * arena that the conversion was given.
 */
typedef struct
{
  TideValueKind kind;
  guint32       length;
  union
  {
    gint64      integer;
    double      real;         /* only in results of queries: records hold none */
    const char *text;
  };
} TideValue;

gboolean    tide_field_type_from_name  (const char          *name,
                                        TideFieldType       *type);
const char *tide_field_type_get_name   (TideFieldType        type);
gboolean    tide_field_convert         (TideFieldType        type,
                                        const TideJsonValue *json,
                                        int                  currency_exponent,
                                        TideArena           *arena,
                                        TideValue           *value,
                                        GError             **error);

G_END_DECLS
