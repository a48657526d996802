/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader against json-glib, over pages made from fixed seeds, whole and broken. They must agree on
 * what is JSON and on every value found, but for what is written down here:
 *
 * json-glib takes what is no JSON (LENIENCES below, each by the character at which the text stops
 * being JSON); it refuses most halves of surrogate pairs, which RFC 8259 lets a text have; it cuts strings
 * and names at \u0000; numbers that an int64 does not hold wrap round in it. And of records that are there
 * twice it knows the second array only, where the reader refuses the page. */

#include "core-json-samples.h"
#include "core-json-strict.h"
#include "tide-error.h"
#include "tide-json-reader.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define N_SEEDS 6
#define N_SAMPLES 250
#define N_SAMPLES_SLOW 5000
#define N_MUTATIONS 4

static const char * const records_pointers[] = { "", "/records", "/data/records", "/1" };

static const char * const fields[] =
{
  "", "/a", "/b", "/a/a", "/a/0", "/a/1/b", "/b/c~1d/0", "/c~1d", "/e~0f", "/", "/0", "/1", "/\xc3\xa9", "/name", "/name/name",
  "/a_name_of_more_than_sixteen_bytes", "/a", "/x\"y", "/\xf0\x9f\x98\x80",
};

static const char * const lookups[] =
{
  "/cursor", "/records", "/records/0", "/records/1/a", "/records/2/name", "/data/records/0/b", "/1/a", "", "/0", "no pointer",
};

/* Where the text stops being JSON, and what json-glib takes it for. */
static const struct
{
  const char *before;  /* the character before is one of these; NULL: whatever */
  const char *at;      /* and this one of these; "" is the end of the text */
  const char *what;
} leniences[] =
{
  { NULL, "'", "a string in single quotes" },
  { NULL, "/", "a comment" },
  { NULL, "#", "a comment" },
  { NULL, "v", "var NAME = VALUE;" },
  { NULL, "$", "a hexadecimal number" },
  { "0", "xXbBoO", "a number of another base" },
  { "0", "0123456789", "a number with zeros in front" },
  { NULL, ".", "a number that begins with its point" },
  { ".", NULL, "a number that ends with its point" },
  { ".", "", "a number that ends with its point" },
  { "-", " \t\r\n/\f\v$'.", "something between the minus and its number" },
  { "\\", NULL, "an escape that there is not" },
  { NULL, "\f\v", "form feed or vertical tab as a blank" },
};

typedef struct
{
  JsonArray *records;  /* json-glib's; NULL if it has none */
  guint      count;
} Comparison;

static JsonNode *
node_child (JsonNode   *node,
            const char *name)
{
  guint64 index;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_member (json_node_get_object (node), name);
  if (!JSON_NODE_HOLDS_ARRAY (node) || !g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &index, NULL) ||
      (name[0] == '0' && name[1] != '\0') || index >= json_array_get_length (json_node_get_array (node)))
    return NULL;

  return json_array_get_element (json_node_get_array (node), index);
}

/* What a pointer leads to in json-glib's tree. */
static JsonNode *
node_lookup (JsonNode   *node,
             const char *pointer)
{
  g_auto(GStrv) names = g_strsplit (pointer, "/", -1);

  if (pointer[0] == '\0')
    return node;
  if (pointer[0] != '/')
    return NULL;

  for (guint i = 1; node != NULL && names[i] != NULL; i++)
    {
      g_autoptr(GString) name = g_string_new (names[i]);

      g_string_replace (name, "~1", "/", 0);
      g_string_replace (name, "~0", "~", 0);
      node = node_child (node, name->str);
    }

  return node;
}

static void
assert_same_number (const TideJsonValue *value,
                    JsonNode            *node)
{
  g_autofree char *text = g_strndup (value->text, value->length);
  gint64 integer;

  g_assert_cmpint (value->type, ==, TIDE_JSON_NUMBER);
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    {
      g_assert_cmpfloat (g_ascii_strtod (text, NULL), ==, json_node_get_double (node));
      return;
    }

  errno = 0;
  integer = g_ascii_strtoll (text, NULL, 10);
  if (errno == 0)
    g_assert_cmpint (integer, ==, json_node_get_int (node));
}

static void
assert_same_string (const TideJsonValue *value,
                    JsonNode            *node)
{
  g_autofree char *text = tide_json_value_dup_string (value);

  g_assert_cmpint (value->type, ==, TIDE_JSON_STRING);
  g_assert_cmpint (value->escaped, ==, memchr (value->text, '\\', value->length) != NULL);
  /* Halves of surrogate pairs are U+FFFD here; where json-glib takes one, it is no UTF-8 there. */
  if (strstr (text, "\xef\xbf\xbd") == NULL)
    g_assert_cmpstr (text, ==, json_node_get_string (node));
}

/* The span of an object or array, read by json-glib by itself, is the node it has in the page. */
static void
assert_same_container (const TideJsonValue *value,
                       JsonNode            *node)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (value->type, ==, JSON_NODE_HOLDS_OBJECT (node) ? TIDE_JSON_OBJECT : TIDE_JSON_ARRAY);
  json_parser_load_from_data (parser, value->text, value->length, &error);
  g_assert_no_error (error);
  g_assert_true (json_node_equal (json_parser_get_root (parser), node));
}

static void
assert_same_value (const TideJsonValue *value,
                   JsonNode            *node)
{
  if (node == NULL)
    g_assert_cmpint (value->type, ==, TIDE_JSON_ABSENT);
  else if (JSON_NODE_HOLDS_NULL (node))
    g_assert_cmpint (value->type, ==, TIDE_JSON_NULL);
  else if (!JSON_NODE_HOLDS_VALUE (node))
    assert_same_container (value, node);
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_assert_cmpint (value->type, ==, json_node_get_boolean (node) ? TIDE_JSON_TRUE : TIDE_JSON_FALSE);
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    assert_same_string (value, node);
  else
    assert_same_number (value, node);
}

static gboolean
record_cb (const TideJsonValue  *record,
           const TideJsonValue  *values,
           gpointer              user_data,
           GError              **error)
{
  Comparison *self = user_data;
  JsonNode *node;

  if (self->records == NULL)
    return TRUE;

  g_assert_cmpuint (self->count, <, json_array_get_length (self->records));
  node = json_array_get_element (self->records, self->count++);
  assert_same_value (record, node);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    assert_same_value (&values[i], node_lookup (node, fields[i]));

  return TRUE;
}

/* json-glib makes do with fewer than four digits after \u. */
static gboolean
is_short_escape (const char *text,
                 gsize       fault)
{
  gsize at = fault;

  while (at > 0 && fault - at < 3 && g_ascii_isxdigit (text[at - 1]))
    at--;

  return at >= 2 && text[at - 1] == 'u' && text[at - 2] == '\\';
}

/* An escape that is half of a surrogate pair, or looks like it. */
static gboolean
has_surrogate (const char *text,
               gsize       length)
{
  g_autofree char *lower = g_ascii_strdown (text, length);

  return g_regex_match_simple ("\\\\ud[89a-f]", lower, G_REGEX_RAW, 0);
}

static gboolean
is_listed (const char *text,
           gsize       length,
           gsize       fault)
{
  char before = fault > 0 ? text[fault - 1] : '\n';
  const guchar at = fault < length ? text[fault] : '\0';
  gsize ignored;

  /* Nothing but blanks; a byte order mark; a control character in a string. */
  if (fault == length && strspn (text, " \t\r\n") >= length)
    return TRUE;
  if (fault == 0 && length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    return TRUE;
  if ((fault < length && at < 0x20) || is_short_escape (text, fault))
    return TRUE;
  /* Where it looks for the other half of a pair it swallows what is there, be it a quote. */
  if (has_surrogate (text, fault))
    return TRUE;
  /* One whole document, and then more. */
  if (json_strict_check (text, fault, &ignored))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (leniences); i++)
    {
      const char *here = leniences[i].at;

      if (leniences[i].before != NULL && strchr (leniences[i].before, before) == NULL)
        continue;
      if (here == NULL || (fault == length ? here[0] == '\0' : at != '\0' && strchr (here, at) != NULL))
        return TRUE;
    }

  return FALSE;
}

/* Asserts that json-glib and the strict judge agree but for what is listed. Gives json-glib's tree if
 * both take the text and the values are to be compared. */
static JsonNode *
parse_with_json_glib (const char *text,
                      gsize       length,
                      gboolean    strict,
                      gsize       fault)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  gboolean ok = length == 0 || json_parser_load_from_data (parser, text, length, NULL);

  if (ok && !strict && !is_listed (text, length, fault))
    g_error ("json-glib takes, for no listed reason at byte %" G_GSIZE_FORMAT " (%.10s): %s",
             fault, text + MIN (fault, length), text);
  if (!ok && strict && !has_surrogate (text, length))
    g_error ("json-glib refuses, for no listed reason: %s", text);

  /* It also cuts names at \u0000, and then finds other members than there are. */
  return ok && strict && strstr (text, "\\u0000") == NULL ? json_parser_steal_root (parser) : NULL;
}

/* Whether what should be the records, or is on the way there, is of another type. */
static gboolean
is_misplaced (JsonNode   *node,
              const char *pointer)
{
  g_auto(GStrv) names = g_strsplit (pointer, "/", -1);

  for (guint i = 1; pointer[0] != '\0' && names[i] != NULL; i++)
    {
      if (node == NULL || JSON_NODE_HOLDS_NULL (node))
        return FALSE;
      if (!JSON_NODE_HOLDS_OBJECT (node) && !(JSON_NODE_HOLDS_ARRAY (node) && g_ascii_isdigit (names[i][0])))
        return TRUE;
      node = node_child (node, names[i]);
    }

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) && !JSON_NODE_HOLDS_ARRAY (node);
}

static gboolean
has_name_twice (const char *page,
                gsize       length,
                const char *pointer)
{
  g_auto(GStrv) names = g_strsplit (pointer, "/", -1);

  for (guint i = 1; pointer[0] != '\0' && names[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("\"%s\"", names[i]);
      const char *first = g_strstr_len (page, length, name);

      if (first != NULL && g_strstr_len (first + 1, page + length - first - 1, name) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* A page may be JSON and still not have its records in the right place. Of two that have one name
 * json-glib does not know the first, so there it cannot tell. */
static void
assert_refused_rightly (const GError *error,
                        const char   *pointer,
                        const char   *page,
                        gsize         length,
                        gboolean      strict,
                        JsonNode     *root)
{
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER);
  g_assert_true (g_str_has_prefix (error->message, "byte "));
  if (!strict || g_str_has_suffix (error->message, "the records are there twice"))
    return;

  g_assert_true (g_str_has_suffix (error->message, "the records are not an array") ||
                 g_str_has_suffix (error->message, "on the way to the records"));
  g_assert_true (root == NULL || is_misplaced (root, pointer) || has_name_twice (page, length, pointer));
}

static void
compare_reader (const TideJsonReader *reader,
                const char           *pointer,
                const char           *page,
                gsize                 length,
                gboolean              strict,
                JsonNode             *root)
{
  g_autoptr(GError) error = NULL;
  JsonNode *records = root != NULL ? node_lookup (root, pointer) : NULL;
  Comparison comparison = { 0 };
  gboolean ok;

  if (records != NULL && JSON_NODE_HOLDS_ARRAY (records))
    comparison.records = json_node_get_array (records);

  /* Records that turn up in an array that json-glib forgot over a later one are not compared. */
  ok = tide_json_reader_read (reader, page, length, record_cb,
                              &(Comparison) { .records = NULL }, &error);
  if (!ok)
    {
      assert_refused_rightly (error, pointer, page, length, strict, root);
      return;
    }

  g_assert_true (strict);
  if (root == NULL)
    return;
  g_assert_true (records == NULL || JSON_NODE_HOLDS_NULL (records) || comparison.records != NULL);
  g_assert_true (tide_json_reader_read (reader, page, length, record_cb, &comparison, NULL));
  if (comparison.records != NULL)
    g_assert_cmpuint (comparison.count, ==, json_array_get_length (comparison.records));
}

static void
compare_lookup (const char *page,
                gsize       length,
                gboolean    strict,
                JsonNode   *root)
{
  TideJsonValue values[G_N_ELEMENTS (lookups)];
  gboolean ok = tide_json_lookup (page, length, lookups, G_N_ELEMENTS (lookups), values);

  if (strict)
    g_assert_true (ok);
  for (guint i = 0; i < G_N_ELEMENTS (lookups); i++)
    {
      /* Even of no JSON it must be safe to do something with what was found. */
      g_free (tide_json_value_dup_string (&values[i]));
      if (root != NULL)
        assert_same_value (&values[i], node_lookup (root, lookups[i]));
    }
}

static void
compare (const GString   *sample,
         TideJsonReader **readers)
{
  /* A copy of exact size, without a NUL: whoever reads past it is caught under the sanitizer. */
  g_autofree char *page = g_memdup2 (sample->str, sample->len);
  gsize fault;
  gboolean strict = json_strict_check (sample->str, sample->len, &fault);
  g_autoptr(JsonNode) root = parse_with_json_glib (sample->str, sample->len, strict, fault);

  for (guint i = 0; i < G_N_ELEMENTS (records_pointers); i++)
    compare_reader (readers[i], records_pointers[i], page, sample->len, strict, root);
  compare_lookup (page, sample->len, strict, root);
}

static void
test_json_oracle (gconstpointer data)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  TideJsonReader *readers[G_N_ELEMENTS (records_pointers)];
  const int n_samples = g_test_slow () ? N_SAMPLES_SLOW : N_SAMPLES;

  for (guint i = 0; i < G_N_ELEMENTS (records_pointers); i++)
    readers[i] = tide_json_reader_new (records_pointers[i], fields, G_N_ELEMENTS (fields), NULL);

  for (int i = 0; i < n_samples; i++)
    {
      g_autoptr(GString) sample = json_sample_new (rand);
      gsize fault;

      g_assert_true (json_strict_check (sample->str, sample->len, &fault));
      compare (sample, readers);
      for (int j = 0; j < N_MUTATIONS; j++)
        {
          json_sample_mutate (rand, sample);
          compare (sample, readers);
        }
    }

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    tide_json_reader_free (readers[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/core/json/oracle/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_json_oracle);
    }

  return g_test_run ();
}
