/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages out of nothing but a seed: valid ones in every way JSON can be written, and broken ones. */

#include "core-json-samples.h"

#define DEPTH_MAX 5

static const char * const names[] =
{
  "a", "b", "c/d", "e~f", "", "0", "1", "\xc3\xa9", "name", "a_name_of_more_than_sixteen_bytes", "records", "data", "cursor",
  "\\u0061", "\\u00e9", "n\\u0061me", "c\\/d", "x\\\"y", "\\ud83d\\ude00",
};

static const char * const strings[] =
{
  "", "a", "plain text", "exactly16bytes..", "a text that is somewhat longer than sixteen bytes, and plain",
  "\xc3\xa9t\xc3\xa9", "\xe2\x82\xac 12,50", "\xf0\x9f\x98\x80", "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf4\x8f\xbf\xbf", "\xc2\x80\x7f",
  "a \\\"quoted\\\" word", "back\\\\slash", "\\\\", "\\\"", "\\/\\b\\f\\n\\r\\t", "\\u0041\\u00e9\\u20ac", "\\ud83d\\ude00",
  "long and then an escape at the very end \\n", "2026-03-02T18:11:09.500Z", "{[]}", "\\\\\\\"[", "]]]]", "}}}}\\\\",
};

static const char * const numbers[] =
{
  "0", "-0", "1", "-1", "12", "1599", "9007199254740993", "9223372036854775807", "-9223372036854775808", "0.5", "-0.5", "1.10",
  "12345678901234567.25", "1e3", "1E+3", "2.5e-3", "0e0", "0.0E0", "123456789012345678901234567890.5",
};

static const char * const words[] = { "true", "false", "null" };

static const char * const spaces[] = { "", "", "", "", "", " ", "\n", "\r\n  ", "\t", "                      " };

/* What gets spliced in to break a text: whatever some parser somewhere takes for JSON. */
static const char * const splinters[] =
{
  "\"", "\\", "{", "}", "[", "]", ",", ":", "/", "-", "+", ".", "e", "0", "1", " ", "\n", "\t", "\f", "\x01", "\x1f", "\x7f",
  "true", "null", "nul", "NaN", "'", "/* */", "//", "#", ";", "var a = ", "\\u", "\\u0000", "\\ud800", "\\udc00", "\\x", "\\'", "\\0",
  "01", "0x1", "$f", "1.", ".5", "1e", "--1", "- 1", "\xef\xbb\xbf", "\x80", "\xc0\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
  "\xf8\x88\x80\x80\x80", "\xc3", "\xe2\x82", "\xff", "{}", "[]", "\"\"", "\"a\":1", ",\"a\":null", "\"records\":[],",
};

static void append_value (GRand   *rand,
                          GString *text,
                          int      depth);

#define PICK(rand, array) (array[g_rand_int_range (rand, 0, G_N_ELEMENTS (array))])

static void
append_space (GRand   *rand,
              GString *text)
{
  g_string_append (text, PICK (rand, spaces));
}

static void
append_string (GRand      *rand,
               GString    *text,
               const char *string)
{
  g_string_append_c (text, '"');
  g_string_append (text, string);
  g_string_append_c (text, '"');
}

static void
append_name (GRand      *rand,
             GString    *text,
             const char *name)
{
  append_space (rand, text);
  append_string (rand, text, name);
  append_space (rand, text);
  g_string_append_c (text, ':');
}

static void
append_object (GRand   *rand,
               GString *text,
               int      depth)
{
  int n = g_rand_int_range (rand, 0, 7);

  g_string_append_c (text, '{');
  append_space (rand, text);
  for (int i = 0; i < n; i++)
    {
      append_name (rand, text, PICK (rand, names));
      append_value (rand, text, depth + 1);
      if (i < n - 1)
        g_string_append_c (text, ',');
    }
  g_string_append_c (text, '}');
}

static void
append_array (GRand   *rand,
              GString *text,
              int      depth)
{
  int n = g_rand_int_range (rand, 0, 4);

  g_string_append_c (text, '[');
  append_space (rand, text);
  for (int i = 0; i < n; i++)
    {
      append_value (rand, text, depth + 1);
      if (i < n - 1)
        g_string_append_c (text, ',');
    }
  g_string_append_c (text, ']');
}

static void
append_value (GRand   *rand,
              GString *text,
              int      depth)
{
  int kind = g_rand_int_range (rand, depth >= DEPTH_MAX ? 4 : 0, 10);

  append_space (rand, text);
  if (kind <= 1)
    append_object (rand, text, depth);
  else if (kind <= 3)
    append_array (rand, text, depth);
  else if (kind <= 6)
    append_string (rand, text, PICK (rand, strings));
  else if (kind <= 8)
    g_string_append (text, PICK (rand, numbers));
  else
    g_string_append (text, PICK (rand, words));
  append_space (rand, text);
}

static void
append_records (GRand   *rand,
                GString *text)
{
  int n = g_rand_int_range (rand, 0, 5);

  g_string_append_c (text, '[');
  for (int i = 0; i < n; i++)
    {
      if (g_rand_int_range (rand, 0, 8) == 0)
        append_value (rand, text, 2);
      else
        append_object (rand, text, 1);
      if (i < n - 1)
        g_string_append_c (text, ',');
    }
  g_string_append_c (text, ']');
}

/**
 * json_sample_new:
 * @rand: where it comes from
 *
 * Makes a valid document: mostly a page with its records where one of the usual pointers finds
 * them, else anything at all.
 *
 * Returns: (transfer full): its text
 */
GString *
json_sample_new (GRand *rand)
{
  GString *text = g_string_new (NULL);
  int kind = g_rand_int_range (rand, 0, 8);

  append_space (rand, text);
  if (kind == 0)
    append_value (rand, text, 0);
  else if (kind <= 2)
    append_records (rand, text);
  else
    {
      g_string_append_c (text, '{');
      if (g_rand_boolean (rand))
        {
          append_name (rand, text, "cursor");
          append_value (rand, text, 3);
          g_string_append_c (text, ',');
        }
      append_name (rand, text, kind == 3 ? "data" : "records");
      g_string_append (text, kind == 3 ? "{\"records\":" : "");
      append_records (rand, text);
      g_string_append (text, kind == 3 ? "}" : "");
      if (g_rand_boolean (rand))
        {
          g_string_append_c (text, ',');
          append_name (rand, text, PICK (rand, names));
          append_value (rand, text, 1);
        }
      g_string_append_c (text, '}');
    }
  append_space (rand, text);

  return text;
}

/**
 * json_sample_mutate:
 * @rand: where it comes from
 * @text: a document
 *
 * Breaks a document in one place, or tries to: it may come out valid.
 */
void
json_sample_mutate (GRand   *rand,
                    GString *text)
{
  gsize at = g_rand_int_range (rand, 0, text->len + 1);
  gsize rest = text->len - at;
  gsize wanted = g_rand_int_range (rand, 1, 6);
  gsize length = MIN (rest, wanted);

  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      g_string_truncate (text, at);
      break;
    case 1:
      g_string_erase (text, at, length);
      break;
    case 2:
      if (rest > 0)
        text->str[at] = (char) g_rand_int_range (rand, 0, 256);
      break;
    case 3:
      {
        g_autofree char *slice = g_strndup (text->str + at, length);

        g_string_insert (text, g_rand_int_range (rand, 0, text->len + 1), slice);
      }
      break;
    default:
      g_string_insert (text, at, PICK (rand, splinters));
      break;
    }
}
