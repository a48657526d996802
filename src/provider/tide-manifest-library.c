/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "config.h"

#include "tide-manifest-library.h"

#include "tide-error.h"
#include "tide-provider-resources.h"

#define BUILT_IN_PATH APP_PATH "/providers"

struct _TideManifestLibrary
{
  GPtrArray *manifests;     /* (owned) by name */
};

static void
tide_manifest_library_add (TideManifestLibrary *self,
                           TideManifest        *manifest)
{
  for (guint i = 0; i < self->manifests->len; i++)
    {
      TideManifest *other = g_ptr_array_index (self->manifests, i);

      if (g_str_equal (tide_manifest_get_id (other), tide_manifest_get_id (manifest)))
        {
          g_ptr_array_remove_index (self->manifests, i);
          break;
        }
    }
  g_ptr_array_add (self->manifests, manifest);
}

/* An owner's file with a mistake must not take the others away: it is left out and told about. */
static void
add_problems (GPtrArray    *problems,
              const char   *origin,
              GPtrArray    *found,
              const GError *error)
{
  g_warning ("%s", error->message);
  if (problems == NULL)
    return;
  if (found->len == 0)
    {
      TideManifestProblem *problem = g_new0 (TideManifestProblem, 1);

      problem->field = g_strdup ("");
      problem->reason = g_strdup (error->message);
      g_ptr_array_add (problems, problem);
      return;
    }
  for (guint i = 0; i < found->len; i++)
    {
      TideManifestProblem *problem = g_ptr_array_index (found, i);
      char *reason = g_strdup_printf ("%s: %s", origin, problem->reason);

      g_free (problem->reason);
      problem->reason = reason;
      g_ptr_array_add (problems, problem);
    }
  g_ptr_array_set_free_func (found, NULL);
}

static void
tide_manifest_library_load (TideManifestLibrary *self,
                            GBytes              *bytes,
                            const char          *origin,
                            GPtrArray           *problems)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
  g_autoptr(GError) error = NULL;
  TideManifest *manifest = tide_manifest_new_from_bytes (bytes, origin, found, &error);

  if (manifest != NULL)
    tide_manifest_library_add (self, manifest);
  else
    add_problems (problems, origin, found, error);
}

static void
load_built_in (TideManifestLibrary *self)
{
  GResource *resource = tide_provider_get_resource ();
  g_auto(GStrv) names = g_resource_enumerate_children (resource, BUILT_IN_PATH, 0, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (BUILT_IN_PATH "/", names[i], NULL);
      g_autoptr(GBytes) bytes = g_resource_lookup_data (resource, path, 0, NULL);

      if (!g_str_has_suffix (names[i], ".schema.json"))
        tide_manifest_library_add (self, tide_manifest_new_built_in (bytes, names[i]));
    }
}

static void
load_file (TideManifestLibrary *self,
           const char          *path,
           GPtrArray           *problems)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  char *text;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      g_autoptr(GPtrArray) none = g_ptr_array_new ();

      add_problems (problems, path, none, error);
      return;
    }
  bytes = g_bytes_new_take (text, length);
  tide_manifest_library_load (self, bytes, path, problems);
}

static void
load_folder (TideManifestLibrary *self,
             const char          *folder,
             GPtrArray           *problems)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  /* Most owners have none of their own, and no such folder. */
  if (dir == NULL)
    return;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, ".json") && !g_str_has_suffix (name, ".schema.json"))
        load_file (self, path, problems);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (tide_manifest_get_name (*(TideManifest **)a), tide_manifest_get_name (*(TideManifest **)b));
}

/**
 * tide_manifest_library_new:
 * @user_folder: (nullable): the owner's own manifests
 * @problems: (nullable) (element-type TideManifestProblem): gets what is wrong with those that were left out
 *
 * Reads files; call it once.
 *
 * Returns: (transfer full): the library
 */
TideManifestLibrary *
tide_manifest_library_new (const char *user_folder,
                           GPtrArray  *problems)
{
  TideManifestLibrary *self = g_new0 (TideManifestLibrary, 1);

  self->manifests = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_unref);
  load_built_in (self);
  if (user_folder != NULL)
    load_folder (self, user_folder, problems);
  g_ptr_array_sort (self->manifests, compare_names);
  return self;
}

void
tide_manifest_library_free (TideManifestLibrary *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->manifests);
  g_free (self);
}

/**
 * tide_manifest_library_list:
 *
 * Returns: (transfer none) (element-type TideManifest): all there are, by name
 */
GPtrArray *
tide_manifest_library_list (TideManifestLibrary *self)
{
  return self->manifests;
}

static char *
list_ids (TideManifestLibrary *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) ids = NULL;

  for (guint i = 0; i < self->manifests->len; i++)
    g_strv_builder_add (builder, tide_manifest_get_id (g_ptr_array_index (self->manifests, i)));
  ids = g_strv_builder_end (builder);
  return g_strjoinv (", ", ids);
}

/**
 * tide_manifest_library_lookup:
 * @id: "square"
 * @error: TIDE_ERROR_NOT_FOUND, with the ones there are
 *
 * Returns: (transfer none): the manifest, or %NULL
 */
TideManifest *
tide_manifest_library_lookup (TideManifestLibrary  *self,
                              const char           *id,
                              GError              **error)
{
  g_autofree char *ids = NULL;

  for (guint i = 0; i < self->manifests->len; i++)
    if (g_str_equal (tide_manifest_get_id (g_ptr_array_index (self->manifests, i)), id))
      return g_ptr_array_index (self->manifests, i);

  ids = list_ids (self);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "no provider \"%s\" (there are: %s)", id, ids);
  return NULL;
}
