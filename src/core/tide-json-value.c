/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-json-reader.h"

#include <string.h>

#define REPLACEMENT 0xfffd

static int
hex_digits (const char *text,
            const char *end)
{
  int number = 0;

  if (end - text < 4)
    return -1;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return -1;
      number = number * 16 + digit;
    }

  return number;
}

/* Reads the digits that follow \u, with the other half of a surrogate pair. Returns how many bytes of
 * the text that took. */
static gsize
decode_unicode (const char *text,
                const char *end,
                gunichar   *character)
{
  int high = hex_digits (text, end);
  int low;

  *character = REPLACEMENT;
  if (high < 0xd800 || high > 0xdfff)
    {
      /* A NUL would cut the text short for whoever reads it as a C string. */
      if (high != 0)
        *character = high;
      return 4;
    }

  if (high > 0xdbff || end - text < 10 || text[4] != '\\' || text[5] != 'u')
    return 4;
  low = hex_digits (text + 6, end);
  if (low < 0xdc00 || low > 0xdfff)
    return 4;

  *character = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);

  return 10;
}

static char
simple_escape (char c)
{
  switch (c)
    {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
    }
}

/**
 * tide_json_unescape:
 * @value: a string of a page
 * @buffer: (out): room for at least @value's length
 *
 * Writes what a string says, in UTF-8 with a NUL at its end. Half of a surrogate pair, and \u0000, become
 * U+FFFD: the one has no UTF-8, the other would end the text for all who read it as a C string. (What
 * was received is still in the record's payload.)
 *
 * Returns: bytes written, without the NUL
 */
gsize
tide_json_unescape (const TideJsonValue *value,
                    char                *buffer)
{
  const char *p, *end;
  char *out = buffer;

  g_return_val_if_fail (value != NULL && value->type == TIDE_JSON_STRING && value->length >= 2, 0);

  p = value->text + 1;
  end = value->text + value->length - 1;

  while (p < end)
    {
      const char *backslash = value->escaped ? memchr (p, '\\', end - p) : NULL;
      gsize plain = (backslash != NULL ? backslash : end) - p;
      gunichar character;

      memmove (out, p, plain);
      out += plain;
      p += plain;
      if (backslash == NULL)
        break;

      if (++p == end)
        break;

      /* What the skimming look-up found may have escapes that are none: they must not grow. */
      if (*p != 'u' || hex_digits (p + 1, end) < 0)
        {
          *out++ = simple_escape (*p++);
          continue;
        }
      p += 1 + decode_unicode (p + 1, end, &character);
      out += g_unichar_to_utf8 (character, out);
    }
  *out = '\0';

  return out - buffer;
}

/**
 * tide_json_value_dup_string:
 * @value: any value
 *
 * Gives a value as text of its own: a string unescaped, others as they stand in the page.
 *
 * Returns: (transfer full) (nullable): the text, %NULL for an absent value and for null
 */
char *
tide_json_value_dup_string (const TideJsonValue *value)
{
  char *text;

  g_return_val_if_fail (value != NULL, NULL);

  if (value->type == TIDE_JSON_ABSENT || value->type == TIDE_JSON_NULL)
    return NULL;
  if (value->type != TIDE_JSON_STRING)
    return g_strndup (value->text, value->length);

  text = g_malloc (value->length);
  tide_json_unescape (value, text);

  return text;
}
