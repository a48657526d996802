/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-provider-info-private.h"

G_DEFINE_BOXED_TYPE (TideProviderInfo, tide_provider_info, tide_provider_info_ref, tide_provider_info_unref)

static void
tide_secret_info_free (TideSecretInfo *self)
{
  g_free (self->name);
  g_free (self->label);
  g_free (self->help);
  g_free (self);
}

static void
tide_setting_info_free (TideSettingInfo *self)
{
  g_free (self->name);
  g_free (self->label);
  g_free (self->help);
  g_free (self->fallback);
  g_free (self);
}

static void
tide_stream_info_free (TideStreamInfo *self)
{
  g_free (self->name);
  g_free (self->label);
  g_free (self->entity);
  g_free (self->parent);
  g_free (self);
}

static void
tide_provider_info_clear (TideProviderInfo *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->summary);
  g_free (self->tile);
  g_free (self->origin);
  g_free (self->production_url);
  g_free (self->sandbox_url);
  g_ptr_array_unref (self->secrets);
  g_ptr_array_unref (self->settings);
  g_ptr_array_unref (self->streams);
}

static TideSecretInfo *
tide_secret_info_new (const TideSecretSpec *spec)
{
  TideSecretInfo *self = g_new0 (TideSecretInfo, 1);

  self->name = g_strdup (spec->name);
  self->label = g_strdup (spec->label);
  self->help = g_strdup (spec->help);
  return self;
}

static TideSettingInfo *
tide_setting_info_new (const TideSettingSpec *spec)
{
  TideSettingInfo *self = g_new0 (TideSettingInfo, 1);

  self->name = g_strdup (spec->name);
  self->label = g_strdup (spec->label);
  self->help = g_strdup (spec->help);
  self->fallback = g_strdup (spec->fallback);
  self->required = spec->required;
  return self;
}

static TideStreamInfo *
tide_stream_info_new (TideStream *stream)
{
  TideStreamInfo *self = g_new0 (TideStreamInfo, 1);
  TideStream *parent = tide_stream_get_parent (stream);

  self->name = g_strdup (tide_stream_get_name (stream));
  self->label = g_strdup (tide_stream_get_label (stream));
  self->entity = g_strdup (tide_stream_get_entity (stream));
  self->parent = parent != NULL ? g_strdup (tide_stream_get_name (parent)) : NULL;
  self->child = tide_stream_is_child (stream);
  self->incremental = tide_stream_is_incremental (stream);
  return self;
}

static void
tide_provider_info_add_login (TideProviderInfo *self,
                              TideManifest     *manifest)
{
  gsize n_secrets;
  gsize n_settings;
  const TideSecretSpec *secrets = tide_manifest_get_secrets (manifest, &n_secrets);
  const TideSettingSpec *settings = tide_manifest_get_settings (manifest, &n_settings);

  self->secrets = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_secret_info_free);
  self->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_setting_info_free);
  for (gsize i = 0; i < n_secrets; i++)
    g_ptr_array_add (self->secrets, tide_secret_info_new (&secrets[i]));
  for (gsize i = 0; i < n_settings; i++)
    g_ptr_array_add (self->settings, tide_setting_info_new (&settings[i]));
}

/**
 * tide_provider_info_new:
 * @manifest: a provider's manifest
 *
 * Returns: (transfer full): what views may know of it
 */
TideProviderInfo *
tide_provider_info_new (TideManifest *manifest)
{
  TideProviderInfo *self = g_atomic_rc_box_new0 (TideProviderInfo);
  GPtrArray *streams = tide_manifest_get_streams (manifest);

  self->id = g_strdup (tide_manifest_get_id (manifest));
  self->name = g_strdup (tide_manifest_get_name (manifest));
  self->summary = g_strdup (tide_manifest_get_summary (manifest));
  self->tile = g_strdup (tide_manifest_get_tile (manifest));
  self->origin = g_strdup (tide_manifest_get_origin (manifest));
  self->production_url = g_strdup (tide_manifest_get_base_url (manifest, "production"));
  self->sandbox_url = g_strdup (tide_manifest_get_base_url (manifest, "sandbox"));
  tide_provider_info_add_login (self, manifest);
  self->streams = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_info_free);
  for (guint i = 0; i < streams->len; i++)
    g_ptr_array_add (self->streams, tide_stream_info_new (g_ptr_array_index (streams, i)));
  return self;
}

/**
 * tide_provider_info_get_stream:
 * @name: a stream's name
 *
 * Returns: (transfer none) (nullable): it, or %NULL if there is none of that name
 */
const TideStreamInfo *
tide_provider_info_get_stream (const TideProviderInfo *self,
                               const char             *name)
{
  for (guint i = 0; i < self->streams->len; i++)
    {
      const TideStreamInfo *stream = g_ptr_array_index (self->streams, i);

      if (g_strcmp0 (stream->name, name) == 0)
        return stream;
    }
  return NULL;
}

TideProviderInfo *
tide_provider_info_ref (TideProviderInfo *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_provider_info_unref (TideProviderInfo *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_provider_info_clear);
}

/**
 * tide_provider_problem_free:
 * @self: (transfer full): a problem
 */
void
tide_provider_problem_free (TideProviderProblem *self)
{
  g_free (self->field);
  g_free (self->reason);
  g_free (self);
}
