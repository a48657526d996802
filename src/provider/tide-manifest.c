/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "config.h"

#include "tide-manifest.h"

#include <string.h>

#include "tide-error.h"
#include "tide-json-position.h"
#include "tide-json-reader.h"
#include "tide-manifest-checker.h"
#include "tide-provider-resources.h"
#include "tide-schema-validator.h"

#define SCHEMA_PATH APP_PATH "/providers/manifest.schema.json"

/* A manifest is written by hand; what is larger is something else. */
#define MAX_SIZE (1024 * 1024)

static gpointer
load_schema (gpointer data)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data (tide_provider_get_resource (), SCHEMA_PATH, 0, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) error = NULL;
  TideSchemaValidator *validator = NULL;

  if (json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error))
    validator = tide_schema_validator_new (json_parser_get_root (parser), &error);
  if (validator == NULL)
    g_error ("the manifest schema that is compiled in: %s", error->message);
  return validator;
}

/* The schema is compiled in, made ready once, and lives as long as the program. */
static const TideSchemaValidator *
get_validator (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_schema, NULL);
}

static void
add_problem (GPtrArray  *problems,
             guint       line,
             const char *field,
             const char *reason)
{
  TideManifestProblem *problem = g_new0 (TideManifestProblem, 1);

  problem->line = line;
  problem->field = g_strdup (field);
  problem->reason = g_strdup (reason);
  g_ptr_array_add (problems, problem);
}

void
tide_manifest_problem_free (TideManifestProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->field);
  g_free (self->reason);
  g_free (self);
}

static gboolean
ignore_record (const TideJsonValue  *record,
               const TideJsonValue  *values,
               gpointer              user_data,
               GError              **error)
{
  return TRUE;
}

/* json-glib takes comments and other things that are no JSON; what has passed here is the real thing. */
static gboolean
check_syntax (const char *text,
              gsize       length,
              GError    **error)
{
  /* No manifest has such a member: it is only read to be validated. */
  g_autoptr(TideJsonReader) reader = tide_json_reader_new ("/\001", NULL, 0, NULL);

  return tide_json_reader_read (reader, text, length, ignore_record, NULL, error);
}

/* The reader's message begins with the place of the fault: "byte 12: ...". */
static guint
find_syntax_line (const char   *text,
                  gsize         length,
                  const GError *error)
{
  if (!g_str_has_prefix (error->message, "byte "))
    return 1;
  return tide_json_position_of_offset (text, length, g_ascii_strtoull (error->message + strlen ("byte "), NULL, 10));
}

static gboolean
begins_as_object (const char *text,
                  gsize       length)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;
  return i < length && text[i] == '{';
}

static JsonNode *
parse (const char *text,
       gsize       length,
       GPtrArray  *problems)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) error = NULL;

  if (length > MAX_SIZE)
    add_problem (problems, 0, "", "is too large for a manifest");
  else if (!g_utf8_validate (text, length, NULL))
    add_problem (problems, 0, "", "is not UTF-8 text");
  else if (!begins_as_object (text, length))
    add_problem (problems, 1, "", "is not a JSON object");
  else if (!check_syntax (text, length, &error) || !json_parser_load_from_data (parser, text, length, &error))
    add_problem (problems, find_syntax_line (text, length, error), "", error->message);
  else if (json_parser_get_root (parser) != NULL)
    return json_node_ref (json_parser_get_root (parser));
  return NULL;
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return (int)(*(TideManifestProblem **)a)->line - (int)(*(TideManifestProblem **)b)->line;
}

static void
take_problems (GPtrArray  *problems,
               GPtrArray  *found,
               const char *text,
               gsize       length)
{
  for (guint i = 0; i < found->len; i++)
    {
      TideSchemaProblem *problem = g_ptr_array_index (found, i);

      add_problem (problems, tide_json_position_of_pointer (text, length, problem->pointer),
                   problem->pointer, problem->reason);
    }
  g_ptr_array_sort (problems, compare_lines);
}

static TideManifest *
build (JsonNode   *root,
       const char *origin,
       const char *text,
       gsize       length,
       GPtrArray  *problems)
{
  g_autoptr(GPtrArray) found = tide_schema_validator_validate (get_validator (), root);
  g_autoptr(TideManifest) manifest = NULL;

  if (found->len == 0)
    {
      manifest = tide_manifest_new_from_json (json_node_get_object (root), origin);
      tide_manifest_checker_run (manifest, json_node_get_object (root), found);
    }
  take_problems (problems, found, text, length);
  return problems->len == 0 ? g_steal_pointer (&manifest) : NULL;
}

static void
set_error (GError     **error,
           const char  *origin,
           GPtrArray   *problems)
{
  const TideManifestProblem *first = g_ptr_array_index (problems, 0);

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s, line %u: %s%s%s%s", origin, first->line,
               first->field, *first->field != '\0' ? ": " : "", first->reason,
               problems->len > 1 ? " (and more)" : "");
}

static void
give_problems (GPtrArray *problems,
               GPtrArray *found)
{
  if (problems == NULL)
    return;
  for (guint i = 0; i < found->len; i++)
    {
      const TideManifestProblem *problem = g_ptr_array_index (found, i);

      add_problem (problems, problem->line, problem->field, problem->reason);
    }
}

/**
 * tide_manifest_new_from_bytes:
 * @bytes: a manifest as its file holds it
 * @origin: where it comes from, in words; a path
 * @problems: (nullable) (element-type TideManifestProblem): gets everything that is wrong with it, by line
 * @error: TIDE_ERROR_INVALID with the first of them
 *
 * Returns: (transfer full): the manifest, or %NULL if anything is wrong
 */
TideManifest *
tide_manifest_new_from_bytes (GBytes     *bytes,
                              const char *origin,
                              GPtrArray  *problems,
                              GError    **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr(JsonNode) root = NULL;
  TideManifest *manifest = NULL;

  if (length == 0)
    add_problem (found, 0, "", "is empty");
  else
    root = parse (text, length, found);
  if (root != NULL)
    manifest = build (root, origin, text, length, found);
  if (manifest == NULL)
    {
      set_error (error, origin, found);
      give_problems (problems, found);
    }
  return manifest;
}

/**
 * tide_manifest_new_built_in:
 * @bytes: a manifest that comes with the program
 * @origin: its file's name
 *
 * As tide_manifest_new_from_bytes(), without looking for mistakes: the tests have done that for all programs, and each
 * start would pay for it.
 *
 * Returns: (transfer full): the manifest
 */
TideManifest *
tide_manifest_new_built_in (GBytes     *bytes,
                            const char *origin)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr(JsonNode) root = parse (text, length, problems);

  g_return_val_if_fail (root != NULL, NULL);

  return tide_manifest_new_from_json (json_node_get_object (root), origin);
}

TideManifest *
tide_manifest_ref (TideManifest *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

const char *
tide_manifest_get_id (TideManifest *self)
{
  return self->id;
}

const char *
tide_manifest_get_name (TideManifest *self)
{
  return self->name;
}

/* What it yields, in a line; (nullable). */
const char *
tide_manifest_get_summary (TideManifest *self)
{
  return self->summary;
}

const char *
tide_manifest_get_tile (TideManifest *self)
{
  return self->tile;
}

/* The file it was read from. */
const char *
tide_manifest_get_origin (TideManifest *self)
{
  return self->origin;
}

/**
 * tide_manifest_get_base_url:
 * @environment: "production" or "sandbox"
 *
 * Returns: (nullable): its host; may hold {{ settings.… }}. %NULL where it has no such environment
 */
const char *
tide_manifest_get_base_url (TideManifest *self,
                            const char   *environment)
{
  return g_hash_table_lookup (self->base_urls, environment);
}

const TideSecretSpec *
tide_manifest_get_secrets (TideManifest *self,
                           gsize        *n_secrets)
{
  *n_secrets = self->secrets->len;
  return (const TideSecretSpec *)(gpointer)self->secrets->data;
}

const TideSettingSpec *
tide_manifest_get_settings (TideManifest *self,
                            gsize        *n_settings)
{
  *n_settings = self->settings->len;
  return (const TideSettingSpec *)(gpointer)self->settings->data;
}

/**
 * tide_manifest_get_streams:
 *
 * Returns: (transfer none) (element-type TideStream): all, children behind their parents
 */
GPtrArray *
tide_manifest_get_streams (TideManifest *self)
{
  return self->streams;
}

/**
 * tide_manifest_get_stream:
 *
 * Returns: (transfer none) (nullable): the stream of that name
 */
TideStream *
tide_manifest_get_stream (TideManifest *self,
                          const char   *name)
{
  for (guint i = 0; i < self->streams->len; i++)
    if (g_str_equal (tide_stream_get_name (g_ptr_array_index (self->streams, i)), name))
      return g_ptr_array_index (self->streams, i);
  return NULL;
}

/**
 * tide_manifest_ensure_tables:
 * @store: where
 * @cancellable: (nullable): for the wait for the writer
 *
 * Makes the record tables and views of all its streams, or adds the columns that are new.
 *
 * Returns: %FALSE with @error set if the store cannot
 */
gboolean
tide_manifest_ensure_tables (TideManifest  *self,
                             TideStore     *store,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(GArray) tables = g_array_new (FALSE, FALSE, sizeof (TideTableSpec));
  g_autoptr(GArray) children = g_array_new (FALSE, FALSE, sizeof (TideChildSpec));

  for (guint i = 0; i < self->streams->len; i++)
    {
      TideStream *stream = g_ptr_array_index (self->streams, i);

      if (stream->child)
        g_array_append_val (children, stream->child_spec);
      else
        g_array_append_val (tables, stream->table);
    }
  return tide_record_table_ensure (store, (const TideTableSpec *)(gpointer)tables->data, tables->len,
                                   (const TideChildSpec *)(gpointer)children->data, children->len,
                                   cancellable, error);
}
