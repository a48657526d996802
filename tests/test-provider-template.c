/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tide-duration.h"
#include "tide-error.h"
#include "tide-template.h"
#include "tide-time.h"

/* 2026-03-02T18:11:09.500Z */
#define INSTANT G_GINT64_CONSTANT (1772475069500000)

static const char * const list[] = { "a", "b", NULL };

static TideTemplateScope
full_scope (void)
{
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;

  scope.partition = "L 1";
  scope.partition_list = list;
  scope.since = INSTANT;
  scope.page_size = 100;
  scope.offset = 0;
  return scope;
}

static void
assert_expands (const char *text,
                const char *expected)
{
  const TideTemplateScope scope = full_scope ();
  g_autofree char *result = tide_template_expand (text, &scope);

  g_assert_cmpstr (result, ==, expected);
}

static void
test_expand (void)
{
  assert_expands ("", "");
  assert_expands ("plain { } text", "plain { } text");
  assert_expands ("{{ partition }}", "L 1");
  assert_expands ("{{partition}}/{{  page_size  }}", "L 1/100");
  assert_expands ("{{ partition_list }}", "a,b");
  assert_expands ("{{ offset }}", "0");
  assert_expands ("before {{ cursor }} after", NULL);
  assert_expands ("{{ until }}", NULL);
  assert_expands ("{{ page }}", NULL);
  assert_expands ("{{ settings.x }}", NULL);
}

static void
test_formats (void)
{
  assert_expands ("{{ since }}", "2026-03-02T18:11:09.500Z");
  assert_expands ("{{ since | rfc3339 }}", "2026-03-02T18:11:09.500Z");
  assert_expands ("{{ since|rfc3339_seconds }}", "2026-03-02T18:11:09Z");
  assert_expands ("{{ since | rfc3339_offset }}", "2026-03-02T18:11:09.500+0000");
  assert_expands ("{{ since | iso }}", "2026-03-02T18:11:09");
  assert_expands ("{{ since | date }}", "2026-03-02");
  assert_expands ("{{ since | date_compact }}", "20260302");
  assert_expands ("{{ since | unix }}", "1772475069");
  assert_expands ("{{ since | unix_ms }}", "1772475069500");
}

static void
test_before_1970 (void)
{
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;

  scope.since = -1500000;
  text = tide_template_expand ("{{ since }}", &scope);
  number = tide_template_expand ("{{ since | unix }}", &scope);
  g_assert_cmpstr (text, ==, "1969-12-31T23:59:58.500Z");
  g_assert_cmpstr (number, ==, "-2");
}

static void
assert_json (const char *text,
             const char *expected)
{
  const TideTemplateScope scope = full_scope ();
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  g_autoptr(JsonNode) result = tide_template_expand_json (node, &scope);
  g_autofree char *printed = result != NULL ? json_to_string (result, FALSE) : NULL;

  g_assert_cmpstr (printed, ==, expected);
}

static void
test_json (void)
{
  assert_json ("{\"limit\": \"{{ page_size }}\", \"o\": \"{{ offset }}\"}", "{\"limit\":100,\"o\":0}");
  assert_json ("{\"ids\": \"{{ partition_list }}\"}", "{\"ids\":[\"a\",\"b\"]}");
  assert_json ("{\"ids\": \"ids {{ partition_list }}\"}", "{\"ids\":\"ids a,b\"}");
  assert_json ("{\"t\": \"{{ since | unix }}\", \"u\": \"{{ since }}\"}",
               "{\"t\":1772475069,\"u\":\"2026-03-02T18:11:09.500Z\"}");
  /* What has no value goes, and what it leaves empty; what was written empty stays. */
  assert_json ("{\"a\": {\"b\": {\"c\": \"{{ cursor }}\"}}, \"d\": 1}", "{\"d\":1}");
  assert_json ("{\"a\": [\"{{ cursor }}\"], \"b\": [1, \"{{ cursor }}\", 2]}", "{\"b\":[1,2]}");
  assert_json ("{\"a\": {}, \"b\": [], \"c\": \"\"}", "{\"a\":{},\"b\":[],\"c\":\"\"}");
  assert_json ("{\"a\": \"{{ cursor }}\"}", NULL);
  assert_json ("{\"n\": null, \"t\": true, \"f\": 1.5, \"s\": \"x\"}", "{\"n\":null,\"t\":true,\"f\":1.5,\"s\":\"x\"}");
}

static void
assert_pieces (const char *text,
               const char *expected)
{
  const TideTemplateScope scope = full_scope ();
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  g_autofree char *result = tide_template_expand_pieces (node, &scope);

  g_assert_cmpstr (result, ==, expected);
}

static void
test_pieces (void)
{
  assert_pieces ("[\"SELECT\", \" WHERE t > {{ since | unix }}\", \" AFTER {{ cursor }}\"]", "SELECT WHERE t > 1772475069");
  assert_pieces ("7", "7");
  assert_pieces ("true", "true");
  assert_pieces ("\"{{ cursor }}\"", NULL);
}

static void
test_check (void)
{
  const struct
  {
    const char            *text;
    TideTemplateVariables  allowed;
    gboolean               good;
  } cases[] = {
    { "{{ since | iso }}", TIDE_TEMPLATE_TIME, TRUE },
    { "{{ since | isso }}", TIDE_TEMPLATE_TIME, FALSE },
    { "{{ page | iso }}", TIDE_TEMPLATE_PAGING, FALSE },
    { "{{ since }}", TIDE_TEMPLATE_PAGING, FALSE },
    { "{{ }}", TIDE_TEMPLATE_PAGING, FALSE },
    { "{{ settings. }}", TIDE_TEMPLATE_SETTINGS, FALSE },
    { "{{ secrets.x }}", TIDE_TEMPLATE_SECRETS, TRUE },
    { "{{ secrets.x }}", TIDE_TEMPLATE_SETTINGS, FALSE },
    { "{{ since", TIDE_TEMPLATE_TIME, FALSE },
    { "since }}", TIDE_TEMPLATE_TIME, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (tide_template_check (cases[i].text, cases[i].allowed, &error) == cases[i].good);
      if (!cases[i].good)
        g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
    }
}

static void
test_durations (void)
{
  const struct
  {
    const char *text;
    gint64      usec;
  } cases[] = {
    { "72h", 72 * TIDE_HOUR }, { "500ms", TIDE_SECOND / 2 }, { "30s", 30 * TIDE_SECOND }, { "15m", 15 * TIDE_MINUTE },
    { "1.5h", 90 * TIDE_MINUTE }, { "2d", 2 * TIDE_DAY }, { "1w", 7 * TIDE_DAY }, { "0s", 0 },
    { "PT72H", 72 * TIDE_HOUR }, { "P3D", 3 * TIDE_DAY }, { "P1DT2H3M4.5S", TIDE_DAY + 2 * TIDE_HOUR + 3 * TIDE_MINUTE + 4500000 },
    { "P2W", 14 * TIDE_DAY }, { "PT0.001S", 1000 },
    { "", -1 }, { "h", -1 }, { "72", -1 }, { "72x", -1 }, { "P", -1 }, { "PT", -1 }, { "P1DT", -1 }, { "-1h", -1 },
    { "1h30", -1 }, { "99999999999h", -1 }, { "999999w", -1 }, { "P1M", -1 }, { "1 h", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 usec = -1;

      g_assert_true (tide_duration_parse (cases[i].text, &usec) == (cases[i].usec >= 0));
      g_assert_cmpint (usec, ==, cases[i].usec);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/provider/template/expand", test_expand);
  g_test_add_func ("/provider/template/formats", test_formats);
  g_test_add_func ("/provider/template/before-1970", test_before_1970);
  g_test_add_func ("/provider/template/json", test_json);
  g_test_add_func ("/provider/template/pieces", test_pieces);
  g_test_add_func ("/provider/template/check", test_check);
  g_test_add_func ("/provider/template/durations", test_durations);
  return g_test_run ();
}
