/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tide-counts.h"
#include "tide-entity.h"
#include "tide-error.h"
#include "tide-field.h"
#include "tide-text.h"

#include <gio/gio.h>
#include <string.h>

static TideJsonValue
make_value (const char *json)
{
  TideJsonValue value = { TIDE_JSON_NUMBER, strchr (json, '\\') != NULL, strlen (json), json };

  switch (json[0])
    {
    case '\0':
      return (TideJsonValue) { TIDE_JSON_ABSENT };
    case '"':
      value.type = TIDE_JSON_STRING;
      break;
    case '{':
      value.type = TIDE_JSON_OBJECT;
      break;
    case '[':
      value.type = TIDE_JSON_ARRAY;
      break;
    case 't':
      value.type = TIDE_JSON_TRUE;
      break;
    case 'f':
      value.type = TIDE_JSON_FALSE;
      break;
    case 'n':
      value.type = TIDE_JSON_NULL;
      break;
    default:
      break;
    }

  return value;
}

/* What comes out of a conversion, as text: "i12", "tsome text", "null" or "!message". */
static char *
convert (TideFieldType  type,
         const char    *json,
         int            exponent)
{
  g_autoptr(TideArena) arena = tide_arena_new ();
  g_autoptr(GError) error = NULL;
  TideJsonValue input = make_value (json);
  TideValue value = { 0 };

  if (!tide_field_convert (type, &input, exponent, arena, &value, &error))
    {
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      return g_strdup_printf ("!%s", error->message);
    }

  switch (value.kind)
    {
    case TIDE_VALUE_INTEGER:
      return g_strdup_printf ("i%" G_GINT64_FORMAT, value.integer);
    case TIDE_VALUE_TEXT:
      return g_strdup_printf ("t%.*s", (int) value.length, value.text);
    case TIDE_VALUE_NULL:
      return g_strdup ("null");
    case TIDE_VALUE_REAL:
    default:
      g_assert_not_reached ();
    }
}

static void
assert_converts (TideFieldType  type,
                 int            exponent,
                 const char    *json,
                 const char    *expected)
{
  g_autofree char *actual = convert (type, json, exponent);

  g_assert_cmpstr (actual, ==, expected);
}

static void
test_field_null (void)
{
  for (TideFieldType type = TIDE_FIELD_TEXT; type <= TIDE_FIELD_JSON; type++)
    {
      assert_converts (type, 2, "", "null");
      assert_converts (type, 2, "null", "null");
      if (type == TIDE_FIELD_TEXT)
        assert_converts (type, 2, "\"\"", "t");
      else if (type == TIDE_FIELD_JSON)
        assert_converts (type, 2, "\"\"", "t\"\"");
      else
        assert_converts (type, 2, "\"\"", "null");
    }
}

static void
test_field_text (void)
{
  assert_converts (TIDE_FIELD_TEXT, 2, "\"plain\"", "tplain");
  assert_converts (TIDE_FIELD_TEXT, 2, "\"a\\n\\u00e9\"", "ta\n\xc3\xa9");
  assert_converts (TIDE_FIELD_TEXT, 2, "12345678901234567890.10", "t12345678901234567890.10");
  assert_converts (TIDE_FIELD_TEXT, 2, "true", "ttrue");
  assert_converts (TIDE_FIELD_TEXT, 2, "{\"a\":1}", "!not a single value: {\"a\":1}");
  assert_converts (TIDE_FIELD_TEXT, 2, "[1]", "!not a single value: [1]");
}

static void
test_field_borrowed (void)
{
  g_autoptr(TideArena) arena = tide_arena_new ();
  static const char * const jsons[] = { "\"plain\"", "\"2026-03-02T18:11:09.500Z\"", "\"2026-03-02\"", "\"1.5\"" };
  static const TideFieldType types[] = { TIDE_FIELD_TEXT, TIDE_FIELD_INSTANT, TIDE_FIELD_DATE, TIDE_FIELD_DECIMAL };

  for (guint i = 0; i < G_N_ELEMENTS (jsons); i++)
    {
      TideJsonValue input = make_value (jsons[i]);
      TideValue value;

      g_assert_true (tide_field_convert (types[i], &input, 2, arena, &value, NULL));
      g_assert_true (value.text == jsons[i] + 1);
      g_assert_cmpuint (value.length, ==, strlen (jsons[i]) - 2);
    }
}

static void
test_field_integer (void)
{
  static const struct
  {
    const char *json;
    const char *expected;
  } cases[] =
  {
    { "0", "i0" }, { "-0", "i0" }, { "123", "i123" }, { "\"123\"", "i123" }, { "\"-7\"", "i-7" }, { "12.0", "i12" },
    { "1e3", "i1000" }, { "1.5e1", "i15" }, { "1200e-2", "i12" }, { "0e999999999999999999999", "i0" }, { "0.000e-99999", "i0" },
    { "9223372036854775807", "i9223372036854775807" }, { "-9223372036854775808", "i-9223372036854775808" },
    { "9223372036854775808", "!number too large: 9223372036854775808" },
    { "-9223372036854775809", "!number too large: -9223372036854775809" },
    { "18446744073709551616", "!number too large: 18446744073709551616" },
    { "1e19", "!number too large: 1e19" }, { "1e999999999999999999999", "!number too large: 1e999999999999999999999" },
    { "9007199254740993", "i9007199254740993" }, { "\"007\"", "i7" },
    { "12.5", "!not a whole number: 12.5" }, { "1e-1", "!not a whole number: 1e-1" },
    { "1e-999999999999999999999", "!not a whole number: 1e-999999999999999999999" },
    { "\"abc\"", "!not a whole number: \"abc\"" }, { "\"12 \"", "!not a whole number: \"12 \"" }, { "\"+1\"", "!not a whole number: \"+1\"" },
    { "\"-\"", "!not a whole number: \"-\"" }, { "\"1.\"", "!not a whole number: \"1.\"" }, { "\".5\"", "!not a whole number: \".5\"" },
    { "\"1e\"", "!not a whole number: \"1e\"" }, { "\"0x10\"", "!not a whole number: \"0x10\"" }, { "true", "!not a whole number: true" },
    { "[]", "!not a single value: []" },
    { "\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"",
      "!not a whole number: \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_converts (TIDE_FIELD_INTEGER, 2, cases[i].json, cases[i].expected);
      assert_converts (TIDE_FIELD_MONEY, 2, cases[i].json, cases[i].expected);
    }
}

static void
test_field_money_decimal (void)
{
  static const struct
  {
    int         exponent;
    const char *json;
    const char *expected;
  } cases[] =
  {
    { 2, "\"12.30\"", "i1230" }, { 2, "12.3", "i1230" }, { 2, "12", "i1200" }, { 2, "-0.01", "i-1" }, { 2, "1.1e1", "i1100" },
    { 0, "\"1250\"", "i1250" }, { 0, "\"1250.00\"", "i1250" }, { 3, "\"1.2345\"", "i1235" }, { 4, "1", "i10000" },
    { 2, "0.005", "i1" }, { 2, "0.0049999", "i0" }, { 2, "-0.005", "i-1" }, { 2, "1.125", "i113" }, { 2, "1.135", "i114" },
    { 2, "-1.125", "i-113" }, { 2, "0.0005", "i0" }, { 2, "0.995", "i100" }, { 2, "9.99999", "i1000" }, { 0, "0.5", "i1" }, { 0, "5e-1", "i1" },
    { 0, "5e-2", "i0" }, { 2, "1e-400", "i0" },
    { 2, "92233720368547758.07", "i9223372036854775807" }, { 2, "-92233720368547758.08", "i-9223372036854775808" },
    { 2, "92233720368547758.08", "!amount too large: 92233720368547758.08" },
    { 2, "92233720368547758.075", "!amount too large: 92233720368547758.075" },
    { 2, "1e17", "!amount too large: 1e17" }, { 2, "\"12,30\"", "!not an amount: \"12,30\"" }, { 2, "\"$5\"", "!not an amount: \"$5\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_converts (TIDE_FIELD_MONEY_DECIMAL, cases[i].exponent, cases[i].json, cases[i].expected);
}

static void
test_field_decimal (void)
{
  assert_converts (TIDE_FIELD_DECIMAL, 2, "1.10", "t1.10");
  assert_converts (TIDE_FIELD_DECIMAL, 2, "\"0.50000\"", "t0.50000");
  assert_converts (TIDE_FIELD_DECIMAL, 2, "123456789012345678901234567890.5", "t123456789012345678901234567890.5");
  assert_converts (TIDE_FIELD_DECIMAL, 2, "\"one\"", "!not a decimal number: \"one\"");
  assert_converts (TIDE_FIELD_DECIMAL, 2, "false", "!not a decimal number: false");
}

static void
test_field_boolean (void)
{
  assert_converts (TIDE_FIELD_BOOLEAN, 2, "true", "i1");
  assert_converts (TIDE_FIELD_BOOLEAN, 2, "false", "i0");
  assert_converts (TIDE_FIELD_BOOLEAN, 2, "1", "i1");
  assert_converts (TIDE_FIELD_BOOLEAN, 2, "\"False\"", "i0");
  assert_converts (TIDE_FIELD_BOOLEAN, 2, "\"yes\"", "!neither true nor false: \"yes\"");
  assert_converts (TIDE_FIELD_BOOLEAN, 2, "2", "!neither true nor false: 2");
}

static void
test_field_times (void)
{
  assert_converts (TIDE_FIELD_INSTANT, 2, "\"2026-03-02T18:11:09Z\"", "t2026-03-02T18:11:09.000Z");
  assert_converts (TIDE_FIELD_INSTANT, 2, "\"2026-03-02T18:11:09.5+01:00\"", "t2026-03-02T17:11:09.500Z");
  assert_converts (TIDE_FIELD_INSTANT, 2, "\"2026-03-02T18:11:09\\u002b01:00\"", "t2026-03-02T17:11:09.000Z");
  assert_converts (TIDE_FIELD_INSTANT, 2, "\"2026-02-30T18:11:09Z\"", "!not a time: \"2026-02-30T18:11:09Z\"");
  assert_converts (TIDE_FIELD_INSTANT, 2, "1700000000", "!not a time: 1700000000");
  assert_converts (TIDE_FIELD_DATE, 2, "\"2024-02-29\"", "t2024-02-29");
  assert_converts (TIDE_FIELD_DATE, 2, "20240229", "t2024-02-29");
  assert_converts (TIDE_FIELD_DATE, 2, "\"20240229\"", "t2024-02-29");
  assert_converts (TIDE_FIELD_DATE, 2, "\"2023-02-29\"", "!not a date: \"2023-02-29\"");
  assert_converts (TIDE_FIELD_DATE, 2, "20230229", "!not a date: 20230229");
  assert_converts (TIDE_FIELD_DATE, 2, "\"2024-02-29T00:00:00Z\"", "!not a date: \"2024-02-29T00:00:00Z\"");
  assert_converts (TIDE_FIELD_JSON, 2, "{\"a\": [1]}", "t{\"a\": [1]}");
}

static void
test_field_names (void)
{
  for (TideFieldType type = TIDE_FIELD_TEXT; type <= TIDE_FIELD_JSON; type++)
    {
      TideFieldType found = TIDE_FIELD_TEXT;

      g_assert_true (tide_field_type_from_name (tide_field_type_get_name (type), &found));
      g_assert_cmpint (found, ==, type);
    }
  g_assert_false (tide_field_type_from_name ("number", &(TideFieldType) { 0 }));
  g_assert_false (tide_field_type_from_name (NULL, &(TideFieldType) { 0 }));
}

static void
test_field_currency (void)
{
  g_assert_cmpint (tide_currency_get_exponent ("EUR", 3), ==, 2);
  g_assert_cmpint (tide_currency_get_exponent ("JPY", 3), ==, 0);
  g_assert_cmpint (tide_currency_get_exponent ("kwd", 3), ==, 3);
  g_assert_cmpint (tide_currency_get_exponent ("CLF", 3), ==, 4);
  g_assert_cmpint (tide_currency_get_exponent ("???", 3), ==, 2);
  g_assert_cmpint (tide_currency_get_exponent (NULL, 0), ==, 2);
}

static void
test_field_arena (void)
{
  g_autoptr(TideArena) arena = tide_arena_new ();
  char *texts[3000];

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      texts[i] = tide_arena_alloc (arena, i + 1);
      memset (texts[i], i % 251, i + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      for (guint j = 0; j <= i; j++)
        g_assert_cmpint ((guchar) texts[i][j], ==, i % 251);
    }
  memset (tide_arena_alloc (arena, 1000000), 0, 1000000);
}

static void
test_field_counts (void)
{
  TideCounts counts = { .read = 14, .created = 1, .updated = 2, .unchanged = 3, .failed = 3, .conflicted = 4,
                        .skipped = 1, .deleted = 9 };
  TideCounts more = { .read = 2, .created = 2 };
  g_autoptr(GError) error = NULL;

  g_assert_true (tide_counts_check (&counts, NULL));
  tide_counts_add (&counts, &more);
  g_assert_true (tide_counts_check (&counts, NULL));
  g_assert_cmpint (counts.created, ==, 3);

  counts.failed--;
  g_assert_false (tide_counts_check (&counts, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "read 16, created 3, updated 2, unchanged 3, failed 2, conflicted 4,"
                                           " skipped 1, deleted 9"));

  counts = (TideCounts) { .created = -1, .failed = 1 };
  g_assert_false (tide_counts_check (&counts, NULL));
}

static void
test_field_text_helpers (void)
{
  g_autofree char *field = NULL;
  g_autofree char *id = tide_id_new ();
  g_autofree char *other_id = tide_id_new ();
  g_autofree char *uuid = tide_uuid_new ();
  g_autofree char *long_name = g_strnfill (64, 'a');

  g_assert_false (tide_set_str (&field, NULL));
  g_assert_true (tide_set_str (&field, "a"));
  g_assert_false (tide_set_str (&field, "a"));
  g_assert_false (tide_set_str (&field, field));
  g_assert_true (tide_set_str (&field, field + 1));
  g_assert_cmpstr (field, ==, "");

  g_assert_true (g_regex_match_simple ("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", id, 0, 0));
  g_assert_cmpstr (id, !=, other_id);
  g_assert_true (g_uuid_string_is_valid (uuid));

  g_assert_true (tide_text_is_name ("order_lines2"));
  g_assert_true (tide_text_is_name (long_name + 1));
  g_assert_false (tide_text_is_name (long_name));
  g_assert_false (tide_text_is_name (""));
  g_assert_false (tide_text_is_name (NULL));
  g_assert_false (tide_text_is_name ("_id"));
  g_assert_false (tide_text_is_name ("2a"));
  g_assert_false (tide_text_is_name ("Orders"));
  g_assert_false (tide_text_is_name ("a\"b"));
  g_assert_false (tide_text_is_name ("\xc3\xa9"));
}

static void
test_field_entities (void)
{
  gsize n_entities;
  const TideEntity *entities = tide_entity_all (&n_entities);

  g_assert_cmpuint (n_entities, ==, 14);
  for (gsize i = 0; i < n_entities; i++)
    {
      g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
      gboolean has_money = FALSE;

      g_assert_true (tide_text_is_name (entities[i].name));
      g_assert_true (tide_entity_lookup (entities[i].name) == &entities[i]);
      g_assert_cmpint (entities[i].offset_minutes, <, entities[i].interval_minutes);
      for (const TideEntityColumn *column = entities[i].columns; column->name != NULL; column++)
        {
          g_assert_true (tide_text_is_name (column->name));
          g_assert_true (g_hash_table_add (seen, (gpointer) column->name));
          has_money |= column->type == TIDE_FIELD_MONEY;
        }
      /* Whoever adds money up must know of what. */
      g_assert_true (!has_money || g_hash_table_contains (seen, "currency"));
    }
  g_assert_cmpint (tide_entity_lookup ("orders")->priority, ==, 6);
  g_assert_null (tide_entity_lookup ("nothing"));
  g_assert_null (tide_entity_lookup (NULL));
}

static void
test_field_error_names (void)
{
  g_autoptr(GError) error = g_error_new_literal (TIDE_ERROR, TIDE_ERROR_NO_SPACE, "x");
  g_autoptr(GError) last = g_error_new_literal (TIDE_ERROR, TIDE_ERROR_NO_KEYRING, "x");
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr(GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  g_assert_cmpstr (tide_error_to_name (error), ==, "no-space");
  g_assert_cmpstr (tide_error_to_name (last), ==, "no-keyring");
  g_assert_cmpstr (tide_error_to_name (cancelled), ==, "cancelled");
  g_assert_cmpstr (tide_error_to_name (foreign), ==, "internal");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/field/null", test_field_null);
  g_test_add_func ("/core/field/text", test_field_text);
  g_test_add_func ("/core/field/borrowed", test_field_borrowed);
  g_test_add_func ("/core/field/integer", test_field_integer);
  g_test_add_func ("/core/field/money-decimal", test_field_money_decimal);
  g_test_add_func ("/core/field/decimal", test_field_decimal);
  g_test_add_func ("/core/field/boolean", test_field_boolean);
  g_test_add_func ("/core/field/times", test_field_times);
  g_test_add_func ("/core/field/names", test_field_names);
  g_test_add_func ("/core/field/currency", test_field_currency);
  g_test_add_func ("/core/field/arena", test_field_arena);
  g_test_add_func ("/core/counts", test_field_counts);
  g_test_add_func ("/core/text", test_field_text_helpers);
  g_test_add_func ("/core/entities", test_field_entities);
  g_test_add_func ("/core/error-names", test_field_error_names);

  return g_test_run ();
}
