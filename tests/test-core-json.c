/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tide-error.h"
#include "tide-json-reader.h"

#include <gio/gio.h>
#include <string.h>

static const char * const some_fields[] = { "/id", "/m/amount", "/l/1/n" };

/* Writes what it is given as a line a record: its length, then each value's text, or - where there is none. */
static gboolean
print_cb (const TideJsonValue  *record,
          const TideJsonValue  *values,
          gpointer              user_data,
          GError              **error)
{
  GString *lines = user_data;

  g_string_append_printf (lines, "%" G_GSIZE_FORMAT, record->length);
  for (guint i = 0; i < G_N_ELEMENTS (some_fields); i++)
    g_string_append_printf (lines, " %.*s", values[i].text != NULL ? (int) values[i].length : 1,
                            values[i].text != NULL ? values[i].text : "-");
  g_string_append_c (lines, '\n');

  return TRUE;
}

static char *
read_page (const char  *pointer,
           const char  *page,
           gsize        length,
           GError     **error)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *exact = g_memdup2 (page, length);
  g_autoptr(TideJsonReader) reader = tide_json_reader_new (pointer, some_fields, G_N_ELEMENTS (some_fields), NULL);

  if (!tide_json_reader_read (reader, exact, length, print_cb, lines, error))
    return NULL;

  return g_strdup (lines->str);
}

static void
assert_reads (const char *pointer,
              const char *page,
              const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *lines = read_page (pointer, page, strlen (page), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lines, ==, expected);
}

static void
assert_refuses (const char *pointer,
                const char *page,
                const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *lines = read_page (pointer, page, strlen (page), &error);

  g_assert_null (lines);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_json_records (void)
{
  assert_reads ("/r", "{\"r\":[{\"id\":1},{\"id\":\"b\",\"m\":{\"amount\":12.50}}]}", "8 1 - -\n31 \"b\" 12.50 -\n");
  assert_reads ("", "[{\"l\":[{\"n\":1},{\"x\":0,\"n\":2}]}]", "29 - - 2\n");
  assert_reads ("/a/r", "{\"a\":{\"x\":[],\"r\":[7, null]}, \"b\":0}", "1 - - -\n4 - - -\n");
  assert_reads ("/1", "[[1],[{\"id\":5}]]", "8 5 - -\n");
  assert_reads ("/r", " \n{\t\"x\" : 1 , \"r\" : [ { } , { \"id\" : 2 } ] } \r\n", "3 - - -\n12 2 - -\n");
  /* Nothing is made smaller than it is. */
  assert_reads ("", "[{\"id\":12345678901234567890123,\"m\":{\"amount\":1.10}}]", "50 12345678901234567890123 1.10 -\n");
}

static void
test_json_no_records (void)
{
  assert_reads ("/r", "{}", "");
  assert_reads ("/r", "{\"cursor\":\"x\"}", "");
  assert_reads ("/r", "{\"r\":null}", "");
  assert_reads ("/r", "{\"r\":[]}", "");
  assert_reads ("/a/r", "{\"a\":null}", "");
  assert_reads ("/a/r", "{\"a\":{}}", "");
  assert_reads ("/r", "null", "");
  assert_reads ("", "[ ]", "");
  assert_reads ("", "null", "");
}

static void
test_json_misplaced_records (void)
{
  assert_refuses ("/r", "{\"r\":{}}", "byte 5: the records are not an array");
  assert_refuses ("/r", "{\"r\":\"x\"}", "byte 5: the records are not an array");
  assert_refuses ("", "{\"id\":1}", "byte 0: the records are not an array");
  assert_refuses ("/r", "[]", "byte 0: expected an object on the way to the records");
  assert_refuses ("/a/r", "{\"a\":1}", "byte 5: expected an object on the way to the records");
  assert_refuses ("/r", "{\"r\":[],\"r\":[]}", "byte 12: the records are there twice");
  assert_refuses ("/a/r", "{\"a\":{\"r\":[]},\"a\":{}}", "byte 18: the records are there twice");
}

static void
test_json_duplicates (void)
{
  assert_reads ("", "[{\"id\":1,\"id\":2}]", "15 2 - -\n");
  assert_reads ("", "[{\"m\":{\"amount\":1},\"m\":{}}]", "25 - - -\n");
  assert_reads ("", "[{\"m\":{\"amount\":1},\"m\":null}]", "27 - - -\n");
  assert_reads ("", "[{\"m\":{\"amount\":1},\"m\":{\"amount\":2}}]", "35 - 2 -\n");
  /* Of the last record nothing stays for the next. */
  assert_reads ("", "[{\"id\":1,\"m\":{\"amount\":1}},{}]", "25 1 1 -\n2 - - -\n");
}

static void
test_json_escaped_names (void)
{
  assert_reads ("/r", "{\"\\u0072\":[{\"\\u0069d\":3}]}", "13 3 - -\n");
  assert_reads ("/r", "{\"r\":[{\"i\\u0064\":1,\"\\u0069\\u0064x\":2}]}", "31 1 - -\n");
}

static void
test_json_faults (void)
{
  static const struct
  {
    const char *page;
    const char *message;
  } faults[] =
  {
    { "", "byte 0: unexpected end of text" },
    { " \n ", "byte 3: unexpected end of text" },
    { "[", "byte 1: unexpected end of text" },
    { "[1", "byte 2: unexpected end of text" },
    { "[1,", "byte 3: unexpected end of text" },
    { "[{\"a\"", "byte 5: unexpected end of text" },
    { "[{\"a\":", "byte 6: unexpected end of text" },
    { "[\"ab", "byte 4: unexpected end of text" },
    { "[\"ab\\", "byte 5: unexpected end of text" },
    { "[\"\\u12", "byte 6: unexpected end of text" },
    { "[tru", "byte 4: unexpected end of text" },
    { "[-", "byte 2: unexpected end of text" },
    { "[1.", "byte 3: unexpected end of text" },
    { "[1,]", "byte 3: expected a value" },
    { "[,1]", "byte 1: expected a value" },
    { "[1 2]", "byte 3: expected , or ]" },
    { "[1}", "byte 2: expected , or ]" },
    { "[{\"a\":1,}]", "byte 8: expected a name" },
    { "[{a:1}]", "byte 2: expected a name" },
    { "[{\"a\" 1}]", "byte 6: expected :" },
    { "[{\"a\":1]]", "byte 7: expected , or }" },
    { "[01]", "byte 2: expected , or ]" },
    { "[+1]", "byte 1: expected a value" },
    { "[.5]", "byte 1: expected a value" },
    { "[1.]", "byte 3: expected a digit" },
    { "[1:                    ]", "byte 2: expected , or ]" },
    { "[1e]", "byte 3: expected a digit" },
    { "[1e+]", "byte 4: expected a digit" },
    { "[-a]", "byte 2: expected a digit" },
    { "[trux]", "byte 4: expected a value" },
    { "[NaN]", "byte 1: expected a value" },
    { "['a']", "byte 1: expected a value" },
    { "[\"a\tb\"]", "byte 3: control character in a string" },
    { "[\"sixteen bytes..\n\"]", "byte 17: control character in a string" },
    { "[\"\\x\"]", "byte 3: bad escape in a string" },
    { "[\"\\u12g4\"]", "byte 6: bad \\u escape in a string" },
    { "[1] 2", "byte 4: text after the end of the document" },
    { "[]]", "byte 2: text after the end of the document" },
    { "\xef\xbb\xbf[]", "byte 0: expected a value" },
    { "nul", "byte 3: unexpected end of text" },
    { "{", "byte 1: unexpected end of text" },
    { "[1]/**/", "byte 3: text after the end of the document" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *lines = read_page ("", faults[i].page, strlen (faults[i].page), &error);

      g_assert_null (lines);
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
      g_assert_cmpstr (error->message, ==, faults[i].message);
    }
}

/* Every sequence that Unicode's table 3-7 draws a line at, in each place of a block of 16. */
static void
test_json_utf8 (void)
{
  static const char * const good[] =
  {
    "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xec\xbf\xbf", "\xed\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
    "\xf0\x90\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x8f\xbf\xbf", "\x7f",
  };
  static const char * const bad[] =
  {
    "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x7f", "\xc2\xc0", "\xe0\x9f\xbf", "\xe0\xa0", "\xe1\x80", "\xe1\x80\xc0",
    "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf1\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8", "\xff",
  };

  for (int padding = 0; padding < 20; padding++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (good); i++)
        {
          g_autofree char *page = g_strdup_printf ("[\"%.*s%s\"]", padding, "....................", good[i]);
          g_autofree char *lines = read_page ("", page, strlen (page), NULL);

          g_assert_nonnull (lines);
        }
      for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
        {
          g_autofree char *page = g_strdup_printf ("[\"%.*s%s\"]", padding, "....................", bad[i]);
          g_autofree char *message = g_strdup_printf ("byte %d: not UTF-8", padding + 2);

          assert_refuses ("", page, message);
        }
    }
}

static void
test_json_depth (void)
{
  for (int depth = 511; depth <= 514; depth++)
    {
      g_autofree char *opening = g_strnfill (depth, '[');
      g_autofree char *closing = g_strnfill (depth, ']');
      g_autofree char *page = g_strconcat (opening, closing, NULL);
      g_autofree char *lines = read_page ("", page, strlen (page), NULL);

      g_assert_cmpint (lines != NULL, ==, depth <= 512);
      if (depth > 512)
        assert_refuses ("", page, "byte 512: nested too deeply");
    }

  /* Levels that were left do not count. */
  {
    g_autoptr(GString) page = g_string_new ("[0");

    for (int i = 0; i < 2000; i++)
      g_string_append (page, ",[{\"a\":[]}]");
    g_string_append_c (page, ']');
    g_assert_true (tide_json_lookup (page->str, page->len, NULL, 0, NULL));
    {
      g_autofree char *lines = read_page ("", page->str, page->len, NULL);

      g_assert_nonnull (lines);
    }
  }
}

static gboolean
stop_cb (const TideJsonValue  *record,
         const TideJsonValue  *values,
         gpointer              user_data,
         GError              **error)
{
  int *left = user_data;

  if (--*left > 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");

  return FALSE;
}

static void
test_json_stop (void)
{
  g_autoptr(TideJsonReader) reader = tide_json_reader_new ("", NULL, 0, NULL);
  g_autoptr(GError) error = NULL;
  int left = 2;

  g_assert_false (tide_json_reader_read (reader, "[1,2,3", 6, stop_cb, &left, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (left, ==, 0);
}

static void
test_json_pointers (void)
{
  g_autofree char *long_name = g_strnfill (256, 'x');
  g_autofree char *longest_name = g_strnfill (255, 'x');
  g_autofree char *too_long = g_strconcat ("/", long_name, NULL);
  g_autofree char *longest = g_strconcat ("/", longest_name, NULL);
  const char *bad[] = { "id", "/a~2", "/a~", "/\xff", too_long };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tide_json_reader_new ("", &bad[i], 1, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_clear_error (&error);
      g_assert_null (tide_json_reader_new (bad[i], NULL, 0, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
    }

  {
    g_autoptr(TideJsonReader) reader = tide_json_reader_new ("", (const char * const *) &longest, 1, NULL);

    g_assert_nonnull (reader);
  }
}

static void
assert_unescapes (const char *text,
                  const char *expected,
                  gsize       length)
{
  TideJsonValue value = { TIDE_JSON_STRING, strchr (text, '\\') != NULL, strlen (text), text };
  g_autofree char *buffer = g_malloc (value.length);

  g_assert_cmpmem (buffer, tide_json_unescape (&value, buffer), expected, length);
  g_assert_cmpint (buffer[length], ==, '\0');
}

#define ASSERT_UNESCAPES(text, expected) assert_unescapes (text, expected, sizeof expected - 1)

static void
test_json_unescape (void)
{
  ASSERT_UNESCAPES ("\"\"", "");
  ASSERT_UNESCAPES ("\"plain\"", "plain");
  ASSERT_UNESCAPES ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
  ASSERT_UNESCAPES ("\"a\\u0041\\u00e9\\u20AC.\"", "aA\xc3\xa9\xe2\x82\xac.");
  ASSERT_UNESCAPES ("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80");
  ASSERT_UNESCAPES ("\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf");
  ASSERT_UNESCAPES ("\"\\ud83d\"", "\xef\xbf\xbd");
  ASSERT_UNESCAPES ("\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd");
  ASSERT_UNESCAPES ("\"\\ud83dx\\ude00\"", "\xef\xbf\xbdx\xef\xbf\xbd");
  ASSERT_UNESCAPES ("\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A");
  ASSERT_UNESCAPES ("\"\\ud83d\\ue000\"", "\xef\xbf\xbd\xee\x80\x80");
  ASSERT_UNESCAPES ("\"\\ud83d\\n\"", "\xef\xbf\xbd\n");
  ASSERT_UNESCAPES ("\"a\\u0000b\"", "a\xef\xbf\xbd" "b");
  /* No JSON, but the look-up may come with it: what counts is that it does not grow. */
  ASSERT_UNESCAPES ("\"\\u\\u\\uz\"", "uuuz");
  ASSERT_UNESCAPES ("\"\\u00zz\"", "u00zz");
}

static void
test_json_dup_string (void)
{
  TideJsonValue number = { TIDE_JSON_NUMBER, FALSE, 4, "1.10" };
  TideJsonValue string = { TIDE_JSON_STRING, TRUE, 5, "\"a\\nb\"" };
  TideJsonValue null = { TIDE_JSON_NULL, FALSE, 4, "null" };
  TideJsonValue absent = { TIDE_JSON_ABSENT };
  g_autofree char *number_text = tide_json_value_dup_string (&number);
  g_autofree char *string_text = NULL;

  string.length = 6;
  string_text = tide_json_value_dup_string (&string);
  g_assert_cmpstr (number_text, ==, "1.10");
  g_assert_cmpstr (string_text, ==, "a\nb");
  g_assert_null (tide_json_value_dup_string (&null));
  g_assert_null (tide_json_value_dup_string (&absent));
}

static void
test_json_lookup (void)
{
  static const char page[] =
    "{\"orders\":[{\"id\":\"]}\\\"\",\"cursor\":1},[[[]]],{\"a\":{\"b\":\"\\\\\"}}], \"cursor\" : \"x\\u0079\" ,"
    "\"n\":{\"deep\":[1,{\"x\":true}]}}";
  static const char * const pointers[] = { "/cursor", "/n/deep/1/x", "/orders/0/cursor", "/none", "/n", "/orders/7", "/n/deep/0", "/n/deep/00" };
  static const char * const expected[] = { "\"x\\u0079\"", "true", "1", NULL, "{\"deep\":[1,{\"x\":true}]}", NULL, "1", NULL };
  TideJsonValue values[G_N_ELEMENTS (pointers)];

  g_assert_true (tide_json_lookup (page, strlen (page), pointers, G_N_ELEMENTS (pointers), values));
  for (guint i = 0; i < G_N_ELEMENTS (pointers); i++)
    {
      g_assert_cmpint (values[i].type == TIDE_JSON_ABSENT, ==, expected[i] == NULL);
      if (expected[i] != NULL)
        g_assert_cmpmem (values[i].text, values[i].length, expected[i], strlen (expected[i]));
    }
  g_assert_true (values[0].escaped);

  /* A text that ends early says so, wherever it ends. */
  for (gsize length = 0; length < strlen (page); length++)
    {
      g_autofree char *part = g_memdup2 (page, length);

      g_assert_false (tide_json_lookup (part, length, pointers, G_N_ELEMENTS (pointers), values));
    }
}

/* Runs of backslashes of every length across every place of a block of 64. */
static void
test_json_lookup_blocks (void)
{
  static const char * const pointer[] = { "/z" };

  for (int padding = 0; padding < 70; padding++)
    {
      for (int n = 0; n < 6; n++)
        {
          g_autofree char *spaces = g_strnfill (padding, '.');
          g_autofree char *backslashes = g_strnfill (2 * n, '\\');
          g_autofree char *page = g_strdup_printf ("{\"a\":[\"%s%s\\\"]]\",{\"b\":\"%s\"}],\"z\":%d}",
                                                   spaces, backslashes, backslashes, n);
          TideJsonValue value;

          g_assert_true (tide_json_lookup (page, strlen (page), pointer, 1, &value));
          g_assert_cmpint (value.type, ==, TIDE_JSON_NUMBER);
          g_assert_cmpint (value.text[0], ==, '0' + n);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/json/records", test_json_records);
  g_test_add_func ("/core/json/no-records", test_json_no_records);
  g_test_add_func ("/core/json/misplaced-records", test_json_misplaced_records);
  g_test_add_func ("/core/json/duplicates", test_json_duplicates);
  g_test_add_func ("/core/json/escaped-names", test_json_escaped_names);
  g_test_add_func ("/core/json/faults", test_json_faults);
  g_test_add_func ("/core/json/utf8", test_json_utf8);
  g_test_add_func ("/core/json/depth", test_json_depth);
  g_test_add_func ("/core/json/stop", test_json_stop);
  g_test_add_func ("/core/json/pointers", test_json_pointers);
  g_test_add_func ("/core/json/unescape", test_json_unescape);
  g_test_add_func ("/core/json/dup-string", test_json_dup_string);
  g_test_add_func ("/core/json/lookup", test_json_lookup);
  g_test_add_func ("/core/json/lookup-blocks", test_json_lookup_blocks);

  return g_test_run ();
}
