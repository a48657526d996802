/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-providers.h"

#include <gio/gio.h>

#include "tide-error.h"
#include "tide-manifest-library.h"
#include "tide-provider-info-private.h"

struct _TideProviders
{
  char                *folder;    /* (owned): the owner's files */

  GMutex               lock;
  TideManifestLibrary *library;   /* (owned) (mutex lock) */
};

/**
 * tide_providers_new:
 * @folder: where the owner's files are
 *
 * Reads all manifests. A file with mistakes is left out, with a warning in the log.
 *
 * Returns: (transfer full): the providers
 */
TideProviders *
tide_providers_new (const char *folder)
{
  TideProviders *self = g_new0 (TideProviders, 1);

  g_mutex_init (&self->lock);
  self->folder = g_strdup (folder);
  self->library = tide_manifest_library_new (folder, NULL);
  return self;
}

/**
 * tide_providers_free:
 * @self: (transfer full): providers
 */
void
tide_providers_free (TideProviders *self)
{
  tide_manifest_library_free (self->library);
  g_mutex_clear (&self->lock);
  g_free (self->folder);
  g_free (self);
}

/**
 * tide_providers_lookup:
 * @id: "square"
 *
 * Returns: (transfer full): its manifest; %NULL with TIDE_ERROR_NOT_FOUND
 */
TideManifest *
tide_providers_lookup (TideProviders  *self,
                       const char     *id,
                       GError        **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TideManifest *manifest = tide_manifest_library_lookup (self->library, id != NULL ? id : "", error);

  return manifest != NULL ? tide_manifest_ref (manifest) : NULL;
}

/**
 * tide_providers_find:
 *
 * Returns: (transfer full): what views may know of a provider; %NULL with TIDE_ERROR_NOT_FOUND
 */
TideProviderInfo *
tide_providers_find (TideProviders  *self,
                     const char     *id,
                     GError        **error)
{
  g_autoptr(TideManifest) manifest = tide_providers_lookup (self, id, error);

  return manifest != NULL ? tide_provider_info_new (manifest) : NULL;
}

/**
 * tide_providers_list:
 *
 * Returns: (transfer full) (element-type TideProviderInfo): all there are
 */
GPtrArray *
tide_providers_list (TideProviders *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *manifests = tide_manifest_library_list (self->library);
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_provider_info_unref);

  for (guint i = 0; i < manifests->len; i++)
    g_ptr_array_add (infos, tide_provider_info_new (g_ptr_array_index (manifests, i)));
  return infos;
}

static GBytes *
read_file (const char  *path,
           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  char *text;
  gsize length;

  if (g_file_get_contents (path, &text, &length, &local_error))
    return g_bytes_new_take (text, length);

  g_set_error (error, TIDE_ERROR,
               g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? TIDE_ERROR_NOT_FOUND
                                                                               : TIDE_ERROR_STORAGE,
               "reading a manifest: %s", local_error->message);
  return NULL;
}

static void
add_problems (GPtrArray *problems,
              GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    {
      const TideManifestProblem *problem = g_ptr_array_index (found, i);
      TideProviderProblem *copy = g_new0 (TideProviderProblem, 1);

      copy->line = problem->line;
      copy->field = g_strdup (problem->field);
      copy->reason = g_strdup (problem->reason);
      g_ptr_array_add (problems, copy);
    }
}

static TideManifest *
read_manifest (GBytes      *bytes,
               const char  *path,
               GPtrArray   *problems,
               GError     **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_manifest_problem_free);
  TideManifest *manifest = tide_manifest_new_from_bytes (bytes, path, found, error);

  if (problems != NULL)
    add_problems (problems, found);
  return manifest;
}

/**
 * tide_providers_check:
 * @path: a manifest file
 * @problems: (nullable) (element-type TideProviderProblem): gets what is wrong with it
 *
 * Returns: (transfer full): what it describes; %NULL with TIDE_ERROR_INVALID, _NOT_FOUND or _STORAGE
 */
TideProviderInfo *
tide_providers_check (const char  *path,
                      GPtrArray   *problems,
                      GError     **error)
{
  g_autoptr(GBytes) bytes = read_file (path, error);
  g_autoptr(TideManifest) manifest = bytes != NULL ? read_manifest (bytes, path, problems, error) : NULL;

  return manifest != NULL ? tide_provider_info_new (manifest) : NULL;
}

static gboolean
tide_providers_install (TideProviders  *self,
                        const char     *id,
                        GBytes         *bytes,
                        GError        **error)
{
  g_autofree char *name = g_strconcat (id, ".json", NULL);
  g_autofree char *target = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) local_error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (g_mkdir_with_parents (self->folder, 0700) == 0 &&
      g_file_set_contents_full (target, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local_error))
    return TRUE;

  if (local_error == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE, "folder %s: could not be made", self->folder);
  else
    g_set_error (error, TIDE_ERROR,
                 g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? TIDE_ERROR_NO_SPACE
                                                                                 : TIDE_ERROR_STORAGE,
                 "adding a manifest: %s", local_error->message);
  return FALSE;
}

/**
 * tide_providers_add:
 * @path: a manifest file
 * @problems: (nullable) (element-type TideProviderProblem): gets what is wrong with it
 *
 * Checks a file and copies it to the owner's ones, where it wins over a built-in one of its id.
 *
 * Returns: (transfer full): what it describes; %NULL with an error, and nothing changed
 */
TideProviderInfo *
tide_providers_add (TideProviders  *self,
                    const char     *path,
                    GPtrArray      *problems,
                    GError        **error)
{
  g_autoptr(GBytes) bytes = read_file (path, error);
  g_autoptr(TideManifest) manifest = bytes != NULL ? read_manifest (bytes, path, problems, error) : NULL;
  TideManifestLibrary *library;

  if (manifest == NULL || !tide_providers_install (self, tide_manifest_get_id (manifest), bytes, error))
    return NULL;

  library = tide_manifest_library_new (self->folder, NULL);
  g_mutex_lock (&self->lock);
  tide_manifest_library_free (self->library);
  self->library = library;
  g_mutex_unlock (&self->lock);
  return tide_provider_info_new (manifest);
}
