/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-field.h"

#include "tide-decimal-private.h"
#include "tide-error.h"
#include "tide-time-private.h"

#include <string.h>

/* So much of a value is quoted in a message. */
#define QUOTE_MAX 40

/* A value's text: what a string says, or how anything else is written. */
typedef struct
{
  const char *text;
  gsize       length;
} Text;

static const char * const type_names[] =
{
  [TIDE_FIELD_TEXT] = "text",
  [TIDE_FIELD_INTEGER] = "integer",
  [TIDE_FIELD_DECIMAL] = "decimal",
  [TIDE_FIELD_BOOLEAN] = "boolean",
  [TIDE_FIELD_MONEY] = "money",
  [TIDE_FIELD_MONEY_DECIMAL] = "money_decimal",
  [TIDE_FIELD_INSTANT] = "instant",
  [TIDE_FIELD_DATE] = "date",
  [TIDE_FIELD_JSON] = "json",
};

/**
 * tide_field_type_from_name:
 * @name: (nullable): a name as manifests write it, e.g. "money_decimal"
 * @type: (out): the type
 *
 * Finds a field type by its name.
 *
 * Returns: whether there is one
 */
gboolean
tide_field_type_from_name (const char    *name,
                           TideFieldType *type)
{
  g_return_val_if_fail (type != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (type_names); i++)
    {
      if (g_strcmp0 (type_names[i], name) == 0)
        {
          *type = (TideFieldType) i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * tide_field_type_get_name:
 * @type: a type
 *
 * Gives the name by which manifests know a field type.
 *
 * Returns: a static string
 */
const char *
tide_field_type_get_name (TideFieldType type)
{
  g_return_val_if_fail ((gsize) type < G_N_ELEMENTS (type_names), NULL);

  return type_names[type];
}

/* Sets an error that quotes the value as it stands in the page. */
static gboolean
fail (const TideJsonValue *json,
      const char          *what,
      GError             **error)
{
  gsize length = json->length;
  g_autofree char *quote = NULL;

  if (length > QUOTE_MAX)
    {
      for (length = QUOTE_MAX; length > 0 && ((guchar) json->text[length] & 0xc0) == 0x80; length--)
        ;
    }
  quote = g_strndup (json->text, length);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: %s%s", what, quote, length < json->length ? "…" : "");

  return FALSE;
}

static Text
get_text (const TideJsonValue *json,
          TideArena           *arena)
{
  char *copy;

  if (json->type != TIDE_JSON_STRING)
    return (Text) { json->text, json->length };
  if (!json->escaped)
    return (Text) { json->text + 1, json->length - 2 };

  copy = tide_arena_alloc (arena, json->length);

  return (Text) { copy, tide_json_unescape (json, copy) };
}

static gboolean
set_text (TideValue  *value,
          const char *text,
          gsize       length)
{
  value->kind = TIDE_VALUE_TEXT;
  value->length = length;
  value->text = text;

  return TRUE;
}

static gboolean
set_integer (TideValue *value,
             gint64     integer)
{
  value->kind = TIDE_VALUE_INTEGER;
  value->length = 0;
  value->integer = integer;

  return TRUE;
}

static gboolean
set_null (TideValue *value)
{
  value->kind = TIDE_VALUE_NULL;
  value->length = 0;
  value->text = NULL;

  return TRUE;
}

static gboolean
convert_integer (const TideJsonValue *json,
                 Text                 text,
                 TideValue           *value,
                 GError             **error)
{
  gint64 integer;

  switch (tide_decimal_to_integer (text.text, text.length, 0, &integer))
    {
    case TIDE_DECIMAL_EXACT:
      return set_integer (value, integer);
    case TIDE_DECIMAL_OVERFLOW:
      return fail (json, "number too large", error);
    case TIDE_DECIMAL_ROUNDED:
    case TIDE_DECIMAL_INVALID:
    default:
      return fail (json, "not a whole number", error);
    }
}

static gboolean
convert_money (const TideJsonValue *json,
               Text                 text,
               int                  exponent,
               TideValue           *value,
               GError             **error)
{
  gint64 minor;

  switch (tide_decimal_to_integer (text.text, text.length, exponent, &minor))
    {
    case TIDE_DECIMAL_EXACT:
    case TIDE_DECIMAL_ROUNDED:
      return set_integer (value, minor);
    case TIDE_DECIMAL_OVERFLOW:
      return fail (json, "amount too large", error);
    case TIDE_DECIMAL_INVALID:
    default:
      return fail (json, "not an amount", error);
    }
}

static gboolean
convert_decimal (const TideJsonValue *json,
                 Text                 text,
                 TideValue           *value,
                 GError             **error)
{
  gint64 ignored;

  if (tide_decimal_to_integer (text.text, text.length, 0, &ignored) == TIDE_DECIMAL_INVALID)
    return fail (json, "not a decimal number", error);

  return set_text (value, text.text, text.length);
}

static gboolean
text_is (Text        text,
         const char *word)
{
  return text.length == strlen (word) && g_ascii_strncasecmp (text.text, word, text.length) == 0;
}

static gboolean
convert_boolean (const TideJsonValue *json,
                 Text                 text,
                 TideValue           *value,
                 GError             **error)
{
  if (text_is (text, "true") || text_is (text, "1"))
    return set_integer (value, 1);
  if (text_is (text, "false") || text_is (text, "0"))
    return set_integer (value, 0);

  return fail (json, "neither true nor false", error);
}

static gboolean
convert_instant (const TideJsonValue *json,
                 Text                 text,
                 TideArena           *arena,
                 TideValue           *value,
                 GError             **error)
{
  char buffer[TIDE_TIME_TEXT_LENGTH + 1];
  char *copy;

  if (tide_time_is_normal (text.text, text.length))
    return set_text (value, text.text, text.length);
  if (json->type != TIDE_JSON_STRING || !tide_time_normalize (text.text, text.length, buffer))
    return fail (json, "not a time", error);

  copy = tide_arena_alloc (arena, TIDE_TIME_TEXT_LENGTH);
  memcpy (copy, buffer, TIDE_TIME_TEXT_LENGTH);

  return set_text (value, copy, TIDE_TIME_TEXT_LENGTH);
}

/* Also the basic form of ISO 8601, yyyymmdd, as string or number: business days come so. */
static gboolean
convert_date (const TideJsonValue *json,
              Text                 text,
              TideArena           *arena,
              TideValue           *value,
              GError             **error)
{
  char date[11];
  char *copy;

  if (json->type == TIDE_JSON_STRING && tide_time_is_date (text.text, text.length))
    return set_text (value, text.text, text.length);
  if (text.length != 8)
    return fail (json, "not a date", error);

  g_snprintf (date, sizeof date, "%.4s-%.2s-%.2s", text.text, text.text + 4, text.text + 6);
  if (!tide_time_is_date (date, 10))
    return fail (json, "not a date", error);

  copy = tide_arena_alloc (arena, 10);
  memcpy (copy, date, 10);

  return set_text (value, copy, 10);
}

/* A value that is there and is not null. */
static gboolean
convert_text (TideFieldType        type,
              const TideJsonValue *json,
              int                  currency_exponent,
              TideArena           *arena,
              TideValue           *value,
              GError             **error)
{
  Text text = get_text (json, arena);

  if (type == TIDE_FIELD_TEXT)
    return set_text (value, text.text, text.length);
  if (text.length == 0)
    return set_null (value);

  switch (type)
    {
    case TIDE_FIELD_INTEGER:
    case TIDE_FIELD_MONEY:
      return convert_integer (json, text, value, error);
    case TIDE_FIELD_MONEY_DECIMAL:
      return convert_money (json, text, currency_exponent, value, error);
    case TIDE_FIELD_DECIMAL:
      return convert_decimal (json, text, value, error);
    case TIDE_FIELD_BOOLEAN:
      return convert_boolean (json, text, value, error);
    case TIDE_FIELD_INSTANT:
      return convert_instant (json, text, arena, value, error);
    case TIDE_FIELD_DATE:
      return convert_date (json, text, arena, value, error);
    case TIDE_FIELD_TEXT:
    case TIDE_FIELD_JSON:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * tide_field_convert:
 * @type: what the column holds
 * @json: what the page has
 * @currency_exponent: decimals of the currency's minor unit, for %TIDE_FIELD_MONEY_DECIMAL
 * @arena: where converted text goes
 * @value: (out): the cell; its text belongs to the page or to @arena
 * @error: return location
 *
 * Converts a value to what its column holds, exactly or not at all:
 *
 * - absent and null are NULL; so is an empty string, but for text and JSON
 * - text: a string unescaped; numbers and booleans as they are written
 * - integer, money: a whole number that fits 64 bits, as number or string; 12.0 and 1e3 are whole
 * - decimal: a number or a string that is one, kept as it is written
 * - boolean: true and false, as words or strings in any case, and 1 and 0
 * - money as decimal: a number or a string that is one, times ten to @currency_exponent; digits beyond
 *   that are rounded, a half away from zero, as tills do
 * - instant: whatever tide_time_parse() reads, as its normal form
 * - date: a day of the calendar, yyyy-mm-dd or yyyymmdd
 * - JSON: any value as it is written
 *
 * Objects and arrays are refused by all types but JSON.
 *
 * Returns: %TRUE, or %FALSE with %TIDE_ERROR_INVALID, whose message is a fragment that quotes the start of
 *    the value; the caller knows the field's name
 */
gboolean
tide_field_convert (TideFieldType         type,
                    const TideJsonValue  *json,
                    int                   currency_exponent,
                    TideArena            *arena,
                    TideValue            *value,
                    GError              **error)
{
  g_return_val_if_fail (json != NULL && arena != NULL && value != NULL, FALSE);
  g_return_val_if_fail ((gsize) type < G_N_ELEMENTS (type_names), FALSE);

  if (json->type == TIDE_JSON_ABSENT || json->type == TIDE_JSON_NULL)
    return set_null (value);
  if (json->length > G_MAXUINT32)
    return fail (json, "value too long", error);
  if (type == TIDE_FIELD_JSON)
    return set_text (value, json->text, json->length);
  if (json->type == TIDE_JSON_OBJECT || json->type == TIDE_JSON_ARRAY)
    return fail (json, "not a single value", error);

  return convert_text (type, json, currency_exponent, arena, value, error);
}
