/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-toy.h"

#include <string.h>

/* Every paginator reads every record once, whatever remains for the last page; and an interrupted reading
 * goes on at the page where it was stopped. */

typedef struct
{
  const char *name;
  const char *stream;
} PagingCase;

static const PagingCase cases[] = {
  { "cursor",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"cursor\": \"{{ cursor }}\"}},"
    "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}" },
  { "page",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"page\": \"{{ page }}\"}},"
    "\"paginator\": {\"type\": \"page\", \"page_size\": 4}" },
  { "page-empty",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"page\": \"{{ page }}\"}},"
    "\"paginator\": {\"type\": \"page\", \"page_size\": 4, \"stop\": \"empty_page\"}" },
  { "page-total",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"page\": \"{{ page }}\"}},"
    "\"paginator\": {\"type\": \"page\", \"page_size\": 4, \"stop\": \"total\"}, \"total\": {\"pointer\": \"/count\"}" },
  { "offset",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"offset\": \"{{ offset }}\"}},"
    "\"paginator\": {\"type\": \"offset\", \"page_size\": 4}" },
  { "offset-empty",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"3\", \"offset\": \"{{ offset }}\"}},"
    "\"paginator\": {\"type\": \"offset\", \"page_size\": 4, \"stop\": \"empty_page\"}" },
  { "offset-total",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"3\", \"offset\": \"{{ offset }}\"}},"
    "\"paginator\": {\"type\": \"offset\", \"page_size\": 4, \"stop\": \"total\"}, \"total\": {\"pointer\": \"/count\"}" },
  { "link",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\"}},"
    "\"paginator\": {\"type\": \"link\", \"page_size\": 4}" },
  { "next-url",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\"}},"
    "\"paginator\": {\"type\": \"next_url\", \"pointer\": \"/next\", \"page_size\": 4}" },
  { "keyset",
    "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"after\": \"{{ cursor }}\"}},"
    "\"paginator\": {\"type\": \"keyset\", \"pointer\": \"/key\", \"page_size\": 4}" },
};

static const guint sizes[] = { 0, 1, 3, 4, 5, 8, 40, 41 };

static void
test_all (ProviderFixture *fixture,
          gconstpointer    data)
{
  const PagingCase *paging = data;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(Toy) toy = toy_new (fixture, sizes[i]);
      g_auto(ToyReading) reading = { 0 };
      g_autoptr(GError) error = NULL;

      toy_load (toy, paging->stream);
      toy_reading_init (&reading, toy);
      g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (toy_reading_count (&reading), ==, sizes[i]);
      g_assert_true (reading.full);
      g_assert_false (reading.resumed);
    }
}

/* Killed after each number of pages, then gone on with: no page is asked for twice but the one that was
 * fetched ahead and lost. */
static void
test_resume (ProviderFixture *fixture,
             gconstpointer    data)
{
  const PagingCase *paging = data;
  g_autoptr(Toy) toy = toy_new (fixture, 18);

  toy_load (toy, paging->stream);
  for (int n_pages = 1; n_pages < 5; n_pages++)
    {
      g_auto(ToyReading) reading = { 0 };
      g_autoptr(GError) error = NULL;
      guint n_before;

      toy_reading_init (&reading, toy);
      toy_reading_run (&reading, TIDE_RUN_MODE_FULL, n_pages, &error);
      g_assert_no_error (error);
      n_before = toy_reading_count (&reading);
      g_assert_cmpuint (n_before, >=, n_pages * 3);
      g_assert_cmpuint (n_before, <, 18);
      reading.started_at += TIDE_HOUR;
      toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error);
      g_assert_no_error (error);
      g_assert_true (reading.resumed);
      g_assert_true (reading.full);
      g_assert_cmpint (reading.expected, ==, -1);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);

      /* Over: the next one begins anew. */
      toy_reading_forget (&reading);
      toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error);
      g_assert_no_error (error);
      g_assert_false (reading.resumed);
      g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
    }
}

static void
repeat_cursor (ProviderCall *call,
               gpointer      user_data)
{
  g_string_assign (call->answer, "{\"items\": [{\"id\": \"r1\"}], \"cursor\": \"c-4\"}");
}

static void
test_cursor_loop (ProviderFixture *fixture,
                  gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[0].stream);
  toy_set_fault (toy, repeat_cursor, NULL);
  toy_reading_init (&reading, toy);
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_nonnull (strstr (error->message, "same cursor again"));
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 2);
}

static void
ignore_page (ProviderCall *call,
             gpointer      user_data)
{
  g_string_assign (call->answer, "{\"items\": [{\"id\": \"1\"}, {\"id\": \"2\"}, {\"id\": \"3\"}, {\"id\": \"4\"}]}");
}

/* A provider that does not know the parameter gives the first page for ever. */
static void
test_page_ignored (ProviderFixture *fixture,
                   gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[1].stream);
  toy_set_fault (toy, ignore_page, NULL);
  toy_reading_init (&reading, toy);
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_nonnull (strstr (error->message, "same page again"));
}

/* As many empty pages with a cursor as @user_data says, then a full one. */
static void
empty_pages (ProviderCall *call,
             gpointer      user_data)
{
  if (call->number < GPOINTER_TO_UINT (user_data))
    g_string_printf (call->answer, "{\"items\": [], \"cursor\": \"e-%u\"}", call->number);
  else
    g_string_assign (call->answer, "{\"items\": [{\"id\": \"r1\"}]}");
}

static void
test_empty_pages (ProviderFixture *fixture,
                  gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[0].stream);
  toy_reading_init (&reading, toy);
  toy_set_fault (toy, empty_pages, GUINT_TO_POINTER (49));
  g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_no_error (error);
  g_assert_true (toy_reading_has (&reading, 1));

  toy_reading_forget (&reading);
  toy_set_fault (toy, empty_pages, GUINT_TO_POINTER (60));
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_nonnull (strstr (error->message, "empty pages"));
}

static void
test_max_pages (ProviderFixture *fixture,
                gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"cursor\": \"{{ cursor }}\"}},"
                 "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4, \"max_pages\": 3}");
  toy_reading_init (&reading, toy);
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_nonnull (strstr (error->message, "more than 3 pages"));
}

static void
point_elsewhere (ProviderCall *call,
                 gpointer      user_data)
{
  g_string_assign (call->answer, "{\"items\": [{\"id\": \"r1\"}], \"next\": \"http://127.0.0.2:1/items?next=4\"}");
}

static void
test_other_host (ProviderFixture *fixture,
                 gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[8].stream);
  toy_set_fault (toy, point_elsewhere, NULL);
  toy_reading_init (&reading, toy);
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_nonnull (strstr (error->message, "another host"));
}

/* Refuses the cursor that a killed run had stored. */
static void
refuse_old_cursor (ProviderCall *call,
                   gpointer      user_data)
{
  if (call->number > 0 || provider_call_get (call, "cursor") == NULL)
    return;
  call->status = 400;
  g_string_assign (call->answer, "{\"code\": \"BAD_CURSOR\"}");
}

static void
test_stale_cursor (ProviderFixture *fixture,
                   gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[0].stream);
  toy_reading_init (&reading, toy);
  toy_reading_run (&reading, TIDE_RUN_MODE_FULL, 2, &error);
  toy_reading_forget (&reading);
  toy_set_fault (toy, refuse_old_cursor, NULL);
  g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  g_assert_cmpuint (fixture->retries, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (fixture->notes, 0), "beginning again"));
}

static void
refuse_all_cursors (ProviderCall *call,
                    gpointer      user_data)
{
  if (provider_call_get (call, "cursor") == NULL)
    return;
  call->status = 400;
  g_string_assign (call->answer, "{\"code\": \"BAD_CURSOR\"}");
}

static void
test_never_a_cursor (ProviderFixture *fixture,
                     gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[0].stream);
  toy_set_fault (toy, refuse_all_cursors, NULL);
  toy_reading_init (&reading, toy);
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpuint (provider_fixture_count_calls (fixture), ==, 8);
}

static void
test_total (ProviderFixture *fixture,
            gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  toy_load (toy, cases[3].stream);
  toy_reading_init (&reading, toy);
  g_assert_true (toy_reading_run (&reading, TIDE_RUN_MODE_FULL, -1, &error));
  g_assert_cmpint (reading.expected, ==, 18);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) \
  g_test_add (path, ProviderFixture, data, provider_fixture_set_up, func, provider_fixture_tear_down)

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *all = g_strconcat ("/provider/paging/all/", cases[i].name, NULL);
      g_autofree char *resume = g_strconcat ("/provider/paging/resume/", cases[i].name, NULL);

      ADD (all, &cases[i], test_all);
      ADD (resume, &cases[i], test_resume);
    }
  ADD ("/provider/paging/cursor-loop", NULL, test_cursor_loop);
  ADD ("/provider/paging/page-ignored", NULL, test_page_ignored);
  ADD ("/provider/paging/empty-pages", NULL, test_empty_pages);
  ADD ("/provider/paging/max-pages", NULL, test_max_pages);
  ADD ("/provider/paging/other-host", NULL, test_other_host);
  ADD ("/provider/paging/stale-cursor", NULL, test_stale_cursor);
  ADD ("/provider/paging/never-a-cursor", NULL, test_never_a_cursor);
  ADD ("/provider/paging/total", NULL, test_total);
  return g_test_run ();
}
