/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "provider-fixture.h"
#include "tide-schema-validator.h"

/* What a manifest may say, and what is said about one that has mistakes. */

#define HEAD \
  "{\n" \
  "  \"manifest\": 1, \"id\": \"toy\", \"name\": \"Toy\", \"tile\": \"T\",\n" \
  "  \"environments\": {\"production\": {\"base_url\": \"https://toy.example\"}},\n" \
  "  \"secrets\": [{\"name\": \"token\", \"label\": \"Token\"}],\n" \
  "  \"authenticator\": {\"type\": \"bearer\", \"token\": \"{{ secrets.token }}\"},\n" \
  "  \"streams\": [\n"
#define PLACES \
  "    {\"name\": \"places\", \"label\": \"Places\", \"entity\": \"locations\", \"request\": {\"path\": \"/places\"},\n" \
  "     \"records\": {\"pointer\": \"\", \"id\": \"/id\"}, \"fields\": [{\"name\": \"name\", \"type\": \"text\"}]}"
#define ITEMS(name, request, more) \
  "    {\"name\": \"" name "\", \"label\": \"Items\", \"entity\": \"things\",\n" \
  "     \"request\": " request ",\n" \
  "     \"records\": {\"pointer\": \"/items\", \"id\": \"/id\"},\n" \
  "     " more "\n" \
  "     \"fields\": [{\"name\": \"name\", \"type\": \"text\"},\n" \
  "       {\"name\": \"updated_at\", \"type\": \"instant\"}]}"
#define TAIL "\n  ]\n}\n"
#define GOOD HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/items\"}", "") TAIL

/* @line: where the first problem is; @field, @reason: what its pointer is and its reason contains. */
typedef struct
{
  const char *name;
  const char *text;
  guint       line;
  const char *field;
  const char *reason;
} Mistake;

static const Mistake mistakes[] = {
  { "empty", "", 0, "", "is empty" },
  { "not-json", "hello", 1, "", "is not a JSON object" },
  { "cut", "{\n \"manifest\": 1,\n \"id\"", 3, "", "byte" },
  { "comment", "{\n /* hello */ \"manifest\": 1}", 2, "", "byte" },
  { "trailing-comma", "{\n \"manifest\": 1,\n}", 3, "", "byte" },
  { "not-utf8", "{\"id\": \"\xff\"}", 0, "", "UTF-8" },
  { "array", "[]", 1, "", "is not a JSON object" },
  { "nothing-there", "{}", 1, "", "\"manifest\" is missing" },
  { "version", "{\"manifest\": 2}", 1, "", "missing" },
  { "misspelt", HEAD PLACES ",\n" ITEMS ("items", "{\"paht\": \"/items\"}", "") TAIL, 10, "/streams/1/request/paht",
    "there is no \"paht\" here; did you mean \"path\"?" },
  { "misspelt-type", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/i\"}", "\"paginator\": {\"type\": \"cursr\"},") TAIL, 12,
    "/streams/1/paginator", "\"type\" must be one of \"none\", \"cursor\"" },
  { "wrong-kind", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": 7}", "") TAIL, 10, "/streams/1/request/path",
    "must be string, not integer" },
  { "bad-name", HEAD PLACES ",\n" ITEMS ("it ems", "{}", "") TAIL, 9, "/streams/1/name", "is not a plain name" },
  { "sql-name", HEAD PLACES ",\n" ITEMS ("a\\\"; DROP TABLE x", "{}", "") TAIL, 9, "/streams/1/name", "is not a plain name" },
  { "newline-name", HEAD PLACES ",\n" ITEMS ("items\\n", "{}", "") TAIL, 9, "/streams/1/name", "is not a plain name" },
  { "bad-pointer", HEAD PLACES ",\n" ITEMS ("items", "{}", "\"total\": {\"pointer\": \"a/b\"},") TAIL, 12,
    "/streams/1/total/pointer", "is not a JSON pointer" },
  { "twice", HEAD PLACES ",\n" ITEMS ("places", "{\"path\": \"/items\"}", "") TAIL, 9, "/streams/1/name",
    "there are two streams \"places\"" },
  { "no-parent", HEAD PLACES ",\n" ITEMS ("items", "{}", "\"partition\": {\"type\": \"parent\", \"parent\": \"shops\"},") TAIL, 12,
    "/streams/1/partition", "there is no stream \"shops\"" },
  { "own-parent", HEAD PLACES ",\n" ITEMS ("items", "{}", "\"partition\": {\"type\": \"parent\", \"parent\": \"items\"},") TAIL, 12,
    "/streams/1/partition", "its own parent" },
  { "circle", HEAD ITEMS ("a", "{}", "\"partition\": {\"type\": \"parent\", \"parent\": \"b\"},") ",\n"
    ITEMS ("b", "{}", "\"partition\": {\"type\": \"parent\", \"parent\": \"a\"},") TAIL, 10, "/streams/0/partition", "its own parent" },
  { "no-column", HEAD PLACES ",\n"
    ITEMS ("items", "{}", "\"partition\": {\"type\": \"parent\", \"parent\": \"places\", \"column\": \"code\"},") TAIL, 12,
    "/streams/1/partition", "\"places\" has no field \"code\"" },
  { "no-variable", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/{{ sinc }}\"}", "") TAIL, 10, "/streams/1/request/path",
    "there is no variable {{ sinc }}" },
  { "no-format", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/{{ since | nice }}\"}", "") TAIL, 10, "/streams/1/request/path",
    "there is no format \"nice\"" },
  { "no-partition", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/{{ partition }}\"}", "") TAIL, 10, "/streams/1/request/path",
    "{{ partition }} has no value here" },
  { "secret-in-path", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/{{ secrets.token }}\"}", "") TAIL, 10,
    "/streams/1/request/path", "{{ secrets.token }} has no value here" },
  { "no-setting", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/{{ settings.x }}\"}", "") TAIL, 10, "/streams/1/request/path",
    "there is no setting \"x\"" },
  { "open-braces", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/{{ since\"}", "") TAIL, 10, "/streams/1/request/path",
    "{{ without its }}" },
  { "no-cursor-field", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ since }}\"}}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"changed_at\"},") TAIL, 12, "/streams/1/incremental",
    "there is no field \"changed_at\"" },
  { "cursor-type", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ since }}\"}}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"name\"},") TAIL, 12, "/streams/1/incremental",
    "must be a field of type instant" },
  { "no-since", HEAD PLACES ",\n" ITEMS ("items", "{}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"},") TAIL, 12, "/streams/1/incremental",
    "{{ since }} is missing" },
  { "bad-duration", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ since }}\"}}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"look_back\": \"PT\"},") TAIL, 12,
    "/streams/1/incremental/look_back", "no length of time" },
  { "bad-initial", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ since }}\"}}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"initial\": \"long ago, in May\"},") TAIL, 12,
    "/streams/1/incremental", "initial is no instant" },
  { "no-cursor", HEAD PLACES ",\n" ITEMS ("items", "{}", "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/c\"},") TAIL, 12,
    "/streams/1/paginator", "{{ cursor }} is missing" },
  { "no-total", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"p\": \"{{ page }}\"}}",
    "\"paginator\": {\"type\": \"page\", \"page_size\": 5, \"stop\": \"total\"},") TAIL, 12, "/streams/1/paginator",
    "\"total\" must say where it is" },
  { "entity-type", HEAD PLACES ",\n    {\"name\": \"orders\", \"label\": \"Orders\", \"entity\": \"orders\", \"request\": {},\n"
    "     \"records\": {\"pointer\": \"\", \"id\": \"/id\"}, \"fields\": [{\"name\": \"total\", \"type\": \"text\"}]}" TAIL, 10,
    "/streams/1/fields/0", "\"total\" of orders must be of type money" },
  { "lookup-no-id", HEAD PLACES ",\n" ITEMS ("items", "{}",
    "\"lookup\": {\"request\": {\"path\": \"/items\"}, \"records\": \"/item\"},") TAIL, 12,
    "/streams/1/lookup", "either {{ id }} or {{ ids }}" },
  { "lookup-batch", HEAD PLACES ",\n" ITEMS ("items", "{}",
    "\"lookup\": {\"request\": {\"path\": \"/items/{{ id }}\"}, \"records\": \"/item\", \"batch\": 5},") TAIL, 12,
    "/streams/1/lookup", "a batch of 5 needs {{ ids }}" },
  { "lookup-cursor", HEAD PLACES ",\n" ITEMS ("items", "{}",
    "\"lookup\": {\"request\": {\"path\": \"/items/{{ id }}/{{ cursor }}\"}, \"records\": \"/item\"},") TAIL, 12,
    "/streams/1/lookup/request/path", "{{ cursor }} has no value here" },
  { "id-in-request", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/items/{{ id }}\"}", "") TAIL, 10,
    "/streams/1/request/path", "{{ id }} has no value here" },
  { "filter-unheeded", HEAD PLACES ",\n" ITEMS ("items", "{}", "\"filters\": [{\"name\": \"state\"}],") TAIL, 12,
    "/streams/1/filters/0", "{{ filters.state }} is missing" },
  { "filter-unheeded-full", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ filters.state }}\"}}",
    "\"filters\": [{\"name\": \"state\"}], \"full_request\": {\"query\": {}},") TAIL, 12,
    "/streams/1/filters/0", "nothing in the full_request heeds it" },
  { "filter-unknown", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ filters.stat }}\"}}",
    "\"filters\": [{\"name\": \"state\"}],") TAIL, 10, "/streams/1/request/query/s", "there is no filter \"stat\"" },
  { "filter-none", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ filters.state }}\"}}", "") TAIL, 10,
    "/streams/1/request/query/s", "{{ filters.state }} has no value here" },
  { "filter-in-path", HEAD PLACES ",\n" ITEMS ("items", "{\"path\": \"/items/{{ filters.state }}\"}",
    "\"filters\": [{\"name\": \"state\"}],") TAIL, 10, "/streams/1/request/path", "cannot stand in a path" },
  { "filter-format", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ filters.state | unix }}\"}}",
    "\"filters\": [{\"name\": \"state\"}],") TAIL, 10, "/streams/1/request/query/s", "takes no format" },
  { "filter-values", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ filters.n }}\"}}",
    "\"filters\": [{\"name\": \"n\", \"type\": \"integer\", \"values\": [\"1\", \"two\"]}],") TAIL, 12,
    "/streams/1/filters/0", "is not of its type" },
  { "filter-partition", HEAD PLACES ",\n" ITEMS ("items", "{}",
    "\"filters\": [{\"name\": \"place\", \"partition\": true}],") TAIL, 12, "/streams/1/filters/0",
    "can only choose among partitions" },
  { "filter-twice", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ filters.s }}\"}}",
    "\"filters\": [{\"name\": \"s\"}, {\"name\": \"s\"}],") TAIL, 12, "/streams/1/filters/1", "two filters" },
  { "parallel-no-until", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"s\": \"{{ since }}\"}}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"parallel\": 4},") TAIL, 12,
    "/streams/1/incremental", "slices need {{ until }}" },
  { "parallel-rate", "{\"requester\": {\"rate_limit\": {\"requests\": 3, \"per\": \"1s\"}},\n" "  \"manifest\": 1,"
    " \"id\": \"toy\", \"name\": \"Toy\", \"tile\": \"T\", \"environments\": {\"production\": {\"base_url\": \"https://x.example\"}},"
    " \"authenticator\": {\"type\": \"none\"}, \"streams\": [\n"
    ITEMS ("items", "{\"query\": {\"s\": \"{{ since }}\", \"u\": \"{{ until }}\"}}",
    "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"parallel\": 4},") TAIL, 6,
    "/streams/0/incremental", "does not admit 4 requests at once" },
  { "page-sizes", HEAD PLACES ",\n" ITEMS ("items", "{\"query\": {\"p\": \"{{ page }}\"}}",
    "\"paginator\": {\"type\": \"page\", \"page_size\": {\"usual\": 5}},") TAIL, 12, "/streams/1/paginator/page_size",
    "\"largest\" is missing" },
};

static TideManifest *
load (const char  *text,
      GPtrArray   *problems,
      GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return tide_manifest_new_from_bytes (bytes, "toy.json", problems, error);
}

static GPtrArray *
problems_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
}

static void
test_good (void)
{
  g_autoptr(TideManifest) manifest = provider_manifest_load (GOOD);

  g_assert_cmpstr (tide_manifest_get_id (manifest), ==, "toy");
  g_assert_cmpstr (tide_manifest_get_base_url (manifest, "production"), ==, "https://toy.example");
  g_assert_null (tide_manifest_get_base_url (manifest, "sandbox"));
  g_assert_cmpuint (tide_manifest_get_streams (manifest)->len, ==, 2);
}

static void
test_mistake (gconstpointer data)
{
  const Mistake *mistake = data;
  g_autoptr(GPtrArray) problems = problems_new ();
  g_autoptr(GError) error = NULL;
  const TideManifestProblem *first;

  g_assert_null (load (mistake->text, problems, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "toy.json, line "));
  g_assert_cmpuint (problems->len, >, 0);
  first = g_ptr_array_index (problems, 0);
  g_test_message ("%u %s: %s", first->line, first->field, first->reason);
  g_assert_nonnull (strstr (first->reason, mistake->reason));
  g_assert_cmpstr (first->field, ==, mistake->field);
  g_assert_cmpuint (first->line, ==, mistake->line);
}

/* All at once, by line. */
static void
test_several (void)
{
  g_autoptr(GPtrArray) problems = problems_new ();
  g_autoptr(GError) error = NULL;

  g_assert_null (load (HEAD ITEMS ("It", "{\"methid\": \"GET\"}", "\"totl\": {},") ",\n"
                       ITEMS ("items", "{\"method\": \"PUSH\"}", "") TAIL, problems, &error));
  g_assert_cmpuint (problems->len, ==, 4);
  for (guint i = 1; i < problems->len; i++)
    g_assert_cmpuint (((TideManifestProblem *)g_ptr_array_index (problems, i - 1))->line, <=,
                      ((TideManifestProblem *)g_ptr_array_index (problems, i))->line);
  g_assert_true (g_str_has_suffix (error->message, "(and more)"));
}

static void
test_schema_keywords (void)
{
  static const char * const bad[] = {
    "{\"type\": \"object\", \"if\": {}}", "{\"properties\": {\"a\": {\"format\": \"date\"}}}", "{\"$ref\": \"#/$defs/none\"}",
    "{\"pattern\": \"(\"}", "{\"items\": 3}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(JsonNode) schema = json_from_string (bad[i], NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (tide_schema_validator_new (schema, &error));
      g_assert_nonnull (error);
    }
}

static void
assert_valid (const char *schema_text,
              const char *text,
              guint       n_problems)
{
  g_autoptr(JsonNode) schema = json_from_string (schema_text, NULL);
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaValidator) validator = tide_schema_validator_new (schema, &error);
  g_autoptr(GPtrArray) problems = NULL;

  g_assert_no_error (error);
  problems = tide_schema_validator_validate (validator, node);
  if (problems->len != n_problems)
    g_test_message ("%s against %s: %u problems", text, schema_text, problems->len);
  g_assert_cmpuint (problems->len, ==, n_problems);
}

static void
test_schema (void)
{
  assert_valid ("{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 3}", "2", 0);
  assert_valid ("{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 3}", "0", 1);
  assert_valid ("{\"type\": \"integer\"}", "2.5", 1);
  assert_valid ("{\"type\": \"number\"}", "2", 0);
  assert_valid ("{\"type\": [\"string\", \"null\"]}", "null", 0);
  assert_valid ("{\"type\": [\"string\", \"null\"]}", "true", 1);
  assert_valid ("{\"enum\": [1, \"a\"]}", "\"a\"", 0);
  assert_valid ("{\"enum\": [1, \"a\"]}", "\"b\"", 1);
  assert_valid ("{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}", "\"äö\"", 0);
  assert_valid ("{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}", "\"ä\"", 1);
  assert_valid ("{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}", "\"äöüß\"", 1);
  assert_valid ("{\"type\": \"array\", \"minItems\": 1, \"maxItems\": 2, \"items\": {\"type\": \"string\"}}", "[\"a\", 1]", 1);
  assert_valid ("{\"type\": \"array\", \"minItems\": 1, \"maxItems\": 2}", "[]", 1);
  assert_valid ("{\"type\": \"array\", \"minItems\": 1, \"maxItems\": 2}", "[1, 2, 3]", 1);
  assert_valid ("{\"propertyNames\": {\"pattern\": \"^a\"}, \"minProperties\": 1}", "{\"b\": 1}", 1);
  assert_valid ("{\"minProperties\": 1}", "{}", 1);
  assert_valid ("{\"additionalProperties\": {\"type\": \"string\"}}", "{\"a\": 1, \"b\": \"\"}", 1);
  assert_valid ("{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]}", "[\"a\"]", 0);
  assert_valid ("{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]}", "[1]", 1);
  assert_valid ("{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"array\"}]}", "7", 1);
  assert_valid ("{\"$defs\": {\"n\": {\"items\": {\"$ref\": \"#/$defs/n\"}}}, \"$ref\": \"#/$defs/n\"}", "[[[[]]]]", 0);
}

/* What comes with the program is not checked when it starts, so all of it is here. */
static void
test_built_in (void)
{
  g_auto(GStrv) names = g_resources_enumerate_children ("/org/tidemark/Tidemark/providers", 0, NULL);
  guint n = 0;

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *path = g_strconcat ("/org/tidemark/Tidemark/providers/", *name, NULL);
      g_autoptr(GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
      g_autoptr(GError) error = NULL;

      if (g_str_has_suffix (*name, ".schema.json"))
        continue;
      tide_manifest_unref (tide_manifest_new_from_bytes (bytes, *name, NULL, &error));
      g_assert_no_error (error);
      n++;
    }
  g_assert_cmpuint (n, >, 0);
}

static void
test_square (void)
{
  g_autoptr(TideManifestLibrary) library = tide_manifest_library_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  TideManifest *manifest = tide_manifest_library_lookup (library, "square", &error);
  gsize n_secrets;
  TideStream *lines;

  g_assert_no_error (error);
  g_assert_cmpstr (tide_manifest_get_name (manifest), ==, "Square");
  g_assert_cmpstr (tide_manifest_get_tile (manifest), ==, "Sq");
  g_assert_cmpstr (tide_manifest_get_secrets (manifest, &n_secrets)[0].name, ==, "access_token");
  g_assert_cmpuint (n_secrets, ==, 1);
  g_assert_cmpuint (tide_manifest_get_streams (manifest)->len, ==, 11);
  lines = tide_manifest_get_stream (manifest, "order_lines");
  g_assert_true (tide_stream_is_child (lines));
  g_assert_cmpstr (tide_stream_get_name (tide_stream_get_parent (lines)), ==, "orders");
  g_assert_null (tide_stream_get_table (lines));
  g_assert_cmpstr (tide_stream_get_parent_column (tide_manifest_get_stream (manifest, "payments")), ==, "_id");
  g_assert_true (tide_stream_tells_deletions (tide_manifest_get_stream (manifest, "products")));
  g_assert_false (tide_stream_is_incremental (tide_manifest_get_stream (manifest, "team_members")));
  g_assert_null (tide_manifest_library_lookup (library, "sqare", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "square"));
}

/* About the library's bad file; all other warnings stay fatal. */
static GLogWriterOutput
drop_warnings (GLogLevelFlags   level,
               const GLogField *fields,
               gsize            n_fields,
               gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "GLIB_DOMAIN") && g_strcmp0 (fields[i].value, "tide-provider") == 0 &&
        (level & G_LOG_LEVEL_WARNING) != 0)
      return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

/* The owner's own win; one with a mistake is told about and takes no other away. */
static void
test_library (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tidemark-XXXXXX", NULL);
  g_autofree char *own = g_build_filename (folder, "own.json", NULL);
  g_autofree char *bad = g_build_filename (folder, "bad.json", NULL);
  g_autofree char *other = g_build_filename (folder, "notes.txt", NULL);
  g_auto(GStrv) parts = g_strsplit (GOOD, "\"toy\"", 2);
  g_autofree char *text = g_strjoinv ("\"square\"", parts);
  g_autoptr(GPtrArray) problems = problems_new ();
  g_autoptr(TideManifestLibrary) library = NULL;

  g_assert_true (g_file_set_contents (own, text, -1, NULL));
  g_assert_true (g_file_set_contents (bad, "{\n}", -1, NULL));
  g_assert_true (g_file_set_contents (other, "hello", -1, NULL));
  library = tide_manifest_library_new (folder, problems);
  g_assert_cmpuint (tide_manifest_library_list (library)->len, ==, 1);
  g_assert_cmpstr (tide_manifest_get_name (tide_manifest_library_lookup (library, "square", NULL)), ==, "Toy");
  g_assert_cmpuint (problems->len, >, 0);
  g_assert_nonnull (strstr (((TideManifestProblem *)g_ptr_array_index (problems, 0))->reason, "bad.json"));
  g_unlink (own);
  g_unlink (bad);
  g_unlink (other);
  g_rmdir (folder);
}

/* Bytes of a good manifest changed, dropped and doubled at random: never a crash, and what is refused is
 * refused with a reason. */
static void
test_mutations (void)
{
  g_autoptr(GBytes) square = g_resources_lookup_data ("/org/tidemark/Tidemark/providers/square.json", 0, NULL);
  const char alphabet[] = "{}[]\",:0eE-.\\u \n~/|";
  gsize length;
  const char *text;

  tide_manifest_library_free (tide_manifest_library_new (NULL, NULL));
  g_assert_nonnull (square);
  text = g_bytes_get_data (square, &length);
  for (guint i = 0; i < (g_test_slow () ? 100000 : 1500); i++)
    {
      g_autoptr(GString) mutant = g_string_new_len (text, length);
      g_autoptr(GPtrArray) problems = problems_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(TideManifest) manifest = NULL;
      g_autoptr(GBytes) bytes = NULL;

      for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
        {
          gsize at = g_test_rand_int_range (0, mutant->len - 40);
          int kind = g_test_rand_int_range (0, 4);

          if (kind == 0)
            g_string_erase (mutant, at, g_test_rand_int_range (1, 40));
          else if (kind == 1)
            mutant->str[at] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
          else if (kind == 2)
            mutant->str[at] = g_test_rand_int_range (1, 256);
          else
            g_string_insert_len (mutant, at, mutant->str + at, 20);
        }
      bytes = g_bytes_new (mutant->str, mutant->len);
      manifest = tide_manifest_new_from_bytes (bytes, "mutant.json", problems, &error);
      g_assert_true ((manifest != NULL) == (error == NULL));
      g_assert_true ((manifest != NULL) == (problems->len == 0));
    }
}

/* Each value in turn replaced by one of each JSON kind: valid JSON, mostly no manifest. */
static void
replace_values (JsonNode  *node,
                JsonNode  *root,
                guint     *n_done)
{
  static const char * const others[] = { "null", "true", "-1", "1e99", "\"\"", "\"x\"", "[]", "[null]", "{}", "{\"type\": 1}" };
  g_autoptr(GList) names = NULL;
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      replace_values (json_array_get_element (json_node_get_array (node), i), root, n_done);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  object = json_node_get_object (node);
  names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *name = g_strdup (l->data);
      g_autoptr(JsonNode) original = json_node_ref (json_object_get_member (object, name));

      replace_values (original, root, n_done);
      for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
        {
          g_autofree char *text = NULL;
          g_autoptr(TideManifest) manifest = NULL;

          json_object_set_member (object, name, json_from_string (others[i], NULL));
          text = json_to_string (root, TRUE);
          manifest = load (text, NULL, NULL);
          (*n_done)++;
        }
      json_object_set_member (object, name, json_node_copy (original));
    }
}

static void
test_replacements (void)
{
  const char *rich =
    "{\"manifest\": 1, \"id\": \"toy\", \"name\": \"Toy\", \"tile\": \"T\", \"environments\": {\"sandbox\": {\"base_url\": \"http://x/{{ settings.s }}\"}},"
    " \"settings\": [{\"name\": \"s\", \"label\": \"S\", \"default\": \"d\", \"required\": true}], \"secrets\": [{\"name\": \"t\", \"label\": \"T\"}],"
    " \"authenticator\": {\"type\": \"basic\", \"username\": \"u\", \"password\": \"{{ secrets.t }}\"},"
    " \"oauth2\": {\"authorize_url\": \"https://a/b\", \"token_url\": \"https://a/c\", \"scopes\": [\"x\"], \"pkce\": true},"
    " \"requester\": {\"headers\": {\"a\": \"b\"}, \"rate_limit\": {\"requests\": 1, \"per\": \"1s\", \"burst\": 2}, \"retry\": {\"base\": \"1s\"},"
    "  \"timeout\": {\"idle\": \"1s\", \"total\": \"2s\"}, \"max_page_bytes\": 5000, \"errors\": [{\"status\": [\"4xx\", 500], \"pointer\": \"/a\","
    "  \"value\": [1, \"a\"], \"action\": \"retry\", \"error\": \"auth\", \"wait\": \"1s\", \"say\": \"no\"}]},"
    " \"check\": {\"requests\": [{\"request\": {\"path\": \"/me\"}, \"account\": \"/a\", \"details\": {\"records\": \"/b\", \"fields\": [\"/c\"]}}]},"
    " \"streams\": [{\"name\": \"p\", \"label\": \"P\", \"entity\": \"locations\", \"request\": {}, \"records\": {\"pointer\": \"\", \"id\": \"/id\"},"
    "  \"fields\": [{\"name\": \"name\", \"type\": \"text\"}]},"
    "  {\"name\": \"o\", \"label\": \"O\", \"entity\": \"orders\", \"request\": {\"method\": \"POST\", \"query\": {\"q\": [\"a\", \"{{ since | unix }}\"]},"
    "  \"body\": {\"c\": \"{{ cursor }}\", \"u\": \"{{ until }}\", \"l\": [\"{{ partition_list }}\"]}}, \"full_request\": {\"path\": \"/x\"},"
    "  \"partition\": {\"type\": \"parent\", \"parent\": \"p\", \"column\": \"name\", \"chunk\": 3},"
    "  \"paginator\": {\"type\": \"keyset\", \"pointer\": \"/id\", \"page_size\": 5, \"stop\": \"empty_page\", \"max_pages\": 7},"
    "  \"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"look_back\": \"1h\", \"boundary\": \"exclusive\", \"tick\": \"1s\","
    "  \"initial\": \"2020-01-01T00:00:00Z\", \"window\": \"1d\", \"until\": \"started\"}, \"total\": {\"header\": \"X-Total\"},"
    "  \"records\": {\"pointer\": \"/o\", \"id\": [\"/a\", \"/b\"], \"deleted\": {\"pointer\": \"/d\"}, \"skip\": [{\"pointer\": \"/t\", \"value\": true}]},"
    "  \"fields\": [{\"name\": \"updated_at\", \"type\": \"instant\"}, {\"name\": \"total\", \"type\": \"money_decimal\", \"currency\": \"/cur\","
    "   \"currency_code\": \"{{ settings.s }}\"}, {\"name\": \"place\", \"type\": \"text\", \"value\": \"{{ partition }}\"}],"
    "  \"children\": [{\"name\": \"l\", \"label\": \"L\", \"entity\": \"order_lines\", \"pointer\": \"/l\", \"parent_id\": \"order_id\","
    "   \"fields\": [{\"name\": \"position\", \"type\": \"integer\", \"pointer\": \"\"}]}], \"errors\": [{\"status\": 404, \"action\": \"skip_partition\"}]}]}";
  g_autoptr(TideManifest) manifest = provider_manifest_load (rich);
  g_autoptr(JsonNode) root = json_from_string (rich, NULL);
  guint n_done = 0;

  g_assert_nonnull (manifest);
  replace_values (root, root, &n_done);
  g_assert_cmpuint (n_done, >, 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (drop_warnings, NULL, NULL);

  g_test_add_func ("/provider/manifest/good", test_good);
  g_test_add_func ("/provider/manifest/several", test_several);
  g_test_add_func ("/provider/manifest/schema", test_schema);
  g_test_add_func ("/provider/manifest/schema-keywords", test_schema_keywords);
  g_test_add_func ("/provider/manifest/built-in", test_built_in);
  g_test_add_func ("/provider/manifest/square", test_square);
  g_test_add_func ("/provider/manifest/library", test_library);
  g_test_add_func ("/provider/manifest/mutations", test_mutations);
  g_test_add_func ("/provider/manifest/replacements", test_replacements);
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strconcat ("/provider/manifest/mistake/", mistakes[i].name, NULL);

      g_test_add_data_func (path, &mistakes[i], test_mistake);
    }
  return g_test_run ();
}
