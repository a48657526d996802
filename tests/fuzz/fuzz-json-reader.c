/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A fuzz target (libFuzzer's, with the option "fuzz") that also runs as a test, over the files of its
 * corpus. Checks what must hold for any bytes: the reader agrees with the strict judge on what is JSON,
 * values lie within the page and are what they say, and the look-up finds what the reader finds. */

#include "core-json-strict.h"
#include "tide-error.h"
#include "tide-field.h"

#include <gio/gio.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* Asked of each record, and by the look-up of the page itself. */
static const char * const fields[] = { "", "/id", "/a", "/a/b", "/a/1", "/a/1/b", "/0", "/", "/m~1n", "/\xc3\xa9" };

typedef struct
{
  const char *page;
  gsize       length;
  TideArena  *arena;
  guint       n_records;
} Target;

static void
assert_sane (Target              *target,
             const TideJsonValue *value)
{
  g_autofree char *string = tide_json_value_dup_string (value);
  gsize fault;

  if (value->type == TIDE_JSON_ABSENT)
    return;

  g_assert_true (value->text >= target->page && value->length > 0);
  g_assert_true (value->text + value->length <= target->page + target->length);
  g_assert_true (json_strict_check (value->text, value->length, &fault));
  if (value->type == TIDE_JSON_STRING)
    {
      g_assert_true (g_utf8_validate (string, -1, NULL));
      g_assert_cmpint (value->escaped, ==, memchr (value->text, '\\', value->length) != NULL);
    }

  for (TideFieldType type = TIDE_FIELD_TEXT; type <= TIDE_FIELD_JSON; type++)
    {
      g_autoptr(GError) error = NULL;
      TideValue cell;

      if (!tide_field_convert (type, value, 2, target->arena, &cell, &error))
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static gboolean
record_cb (const TideJsonValue  *record,
           const TideJsonValue  *values,
           gpointer              user_data,
           GError              **error)
{
  Target *target = user_data;

  target->n_records++;
  assert_sane (target, record);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    assert_sane (target, &values[i]);
  g_assert_true (values[0].text == record->text && values[0].length == record->length);

  return TRUE;
}

static void
check_reader (Target     *target,
              const char *pointer,
              gboolean    strict)
{
  g_autoptr(TideJsonReader) reader = tide_json_reader_new (pointer, fields, G_N_ELEMENTS (fields), NULL);
  g_autoptr(GError) error = NULL;

  if (tide_json_reader_read (reader, target->page, target->length, record_cb, target, &error))
    g_assert_true (strict);
  else
    g_assert_true (!strict || strstr (error->message, "records") != NULL);
}

/* The page as the only record of a page: then the reader's values are those of the look-up. */
static gboolean
compare_cb (const TideJsonValue  *record,
            const TideJsonValue  *values,
            gpointer              user_data,
            GError              **error)
{
  const TideJsonValue *found = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_assert_cmpint (values[i].type, ==, found[i].type);
      g_assert_cmpmem (values[i].text, values[i].length, found[i].text, found[i].length);
    }

  return TRUE;
}

static void
check_lookup (Target   *target,
              gboolean  strict)
{
  g_autoptr(TideJsonReader) reader = tide_json_reader_new ("", fields, G_N_ELEMENTS (fields), NULL);
  g_autofree char *wrapped = g_malloc (target->length + 2);
  TideJsonValue found[G_N_ELEMENTS (fields)];
  gboolean ok = tide_json_lookup (target->page, target->length, fields, G_N_ELEMENTS (fields), found);

  g_assert_true (ok || !strict);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_free (tide_json_value_dup_string (&found[i]));
      g_assert_true (found[i].text == NULL || found[i].text + found[i].length <= target->page + target->length);
    }

  wrapped[0] = '[';
  memcpy (wrapped + 1, target->page, target->length);
  wrapped[target->length + 1] = ']';
  if (strict)
    tide_json_reader_read (reader, wrapped, target->length + 2, compare_cb, found, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(TideArena) arena = tide_arena_new ();
  g_autofree char *page = g_malloc (MAX (size, 1));
  Target target = { page, size, arena, 0 };
  gboolean strict;
  gsize fault;

  if (size > 0)
    memcpy (page, data, size);
  strict = json_strict_check (page, size, &fault);
  check_reader (&target, "", strict);
  check_reader (&target, "/a", strict);
  check_reader (&target, "/a/1/b", strict);
  check_lookup (&target, strict);

  return 0;
}

#ifndef TIDE_FUZZING
static void
test_fuzz_corpus_file (gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  g_file_get_contents (data, &text, &length, &error);
  g_assert_no_error (error);
  LLVMFuzzerTestOneInput ((const uint8_t *) text, length);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;
  guint n_files = 0;

  g_test_init (&argc, &argv, NULL);

  g_assert_cmpint (argc, ==, 2);
  dir = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);
  for (; (name = g_dir_read_name (dir)) != NULL; n_files++)
    {
      g_autofree char *path = g_strconcat ("/core/json/corpus/", name, NULL);

      g_test_add_data_func_full (path, g_build_filename (argv[1], name, NULL), test_fuzz_corpus_file, g_free);
    }
  g_assert_cmpuint (n_files, >, 0);

  return g_test_run ();
}
#endif
