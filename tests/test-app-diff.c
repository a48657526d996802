/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-diff"

#include <locale.h>

#include "tide-record-diff.h"

/* What changed in a record, in words. */

static char *
join (GPtrArray *changes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const TideFieldChange *change = g_ptr_array_index (changes, i);

      g_string_append_printf (text, "%s%s: %s -> %s", i > 0 ? "; " : "", change->label,
                              change->before != NULL ? change->before : "nothing",
                              change->after != NULL ? change->after : "nothing");
    }
  return g_string_free (text, FALSE);
}

static void
check (const char *before,
       const char *after,
       const char *expected)
{
  g_autoptr(GPtrArray) changes = tide_record_diff (before, after);
  g_autofree char *text = join (changes);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_fields (void)
{
  check ("{\"state\":\"OPEN\"}", "{\"state\":\"OPEN\"}", "");
  check ("{\"state\":\"OPEN\"}", "{\"state\":\"COMPLETED\"}", "State: OPEN -> COMPLETED");
  check ("{\"note\":\"x\"}", "{}", "Note: x -> nothing");
  check ("{}", "{\"note\":\"x\"}", "Note: nothing -> x");
  check ("{\"paid\":false}", "{\"paid\":true}", "Paid: no -> yes");
  check ("{\"a\":null}", "{}", "");
}

static void
test_money (void)
{
  check ("{\"total_money\":{\"amount\":2400,\"currency\":\"GBP\"}}",
         "{\"total_money\":{\"amount\":2160,\"currency\":\"GBP\"}}", "Total: £24.00 -> £21.60");
}

static void
test_nested (void)
{
  check ("{\"address\":{\"city\":\"Leeds\",\"lines\":[\"a\",\"b\"]}}",
         "{\"address\":{\"city\":\"York\",\"lines\":[\"a\",\"c\"]}}",
         "Address › City: Leeds -> York; Address › Lines 2: b -> c");
}

/* What changes whenever anything does is no news. */
static void
test_bookkeeping (void)
{
  check ("{\"version\":1,\"updated_at\":\"2026-01-01T00:00:00Z\",\"name\":\"x\"}",
         "{\"version\":2,\"updated_at\":\"2026-01-02T00:00:00Z\",\"name\":\"x\"}", "");
}

/* Payloads come from outside: what is not JSON must do no harm. */
static void
test_nonsense (void)
{
  check ("not json", "{\"a\":1}", "A: nothing -> 1");
  check (NULL, NULL, "");
  check ("[1,2]", "[1,3]", " 2: 2 -> 3");
}

static void
check_title (const char *payload,
             const char *expected)
{
  g_autofree char *title = tide_record_dup_title (payload, "CAISENgvlJ6jLWAzERDzjyHVybY");

  g_assert_cmpstr (title, ==, expected);
}

static void
test_titles (void)
{
  check_title ("{\"given_name\":\"Ana\",\"family_name\":\"Ferreira\"}", "Ana Ferreira");
  check_title ("{\"item_data\":{\"name\":\"Flat white\"}}", "Flat white");
  check_title ("{\"receipt_number\":\"9fQa\"}", "Receipt 9fQa");
  check_title ("{\"name\":\"\"}", "…yHVybY");
  check_title (NULL, "…yHVybY");
}

static void
test_faults (void)
{
  g_autofree char *field = tide_record_dup_fault ("created_at: not an instant: {\"x\":1}");
  g_autofree char *other = tide_record_dup_fault ("Not JSON at all: what");
  g_autofree char *bare = tide_record_dup_fault ("no id");

  g_assert_cmpstr (field, ==, "“Created at” is not as expected");
  g_assert_cmpstr (other, ==, "It is not as expected");
  g_assert_cmpstr (bare, ==, "It is not as expected");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diff/fields", test_fields);
  g_test_add_func ("/diff/money", test_money);
  g_test_add_func ("/diff/nested", test_nested);
  g_test_add_func ("/diff/bookkeeping", test_bookkeeping);
  g_test_add_func ("/diff/nonsense", test_nonsense);
  g_test_add_func ("/diff/titles", test_titles);
  g_test_add_func ("/diff/faults", test_faults);
  return g_test_run ();
}
