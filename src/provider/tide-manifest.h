/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tide-manifest-problem.h"
#include "tide-record-table.h"
#include "tide-stream.h"

G_BEGIN_DECLS

/* How to talk to one provider, as its file says. Immutable; may be used from any thread. */
typedef struct _TideManifest TideManifest;

/**
 * TideSecretSpec:
 * @name: "access_token"
 * @label: what the owner calls it
 * @help: (nullable): where to find it
 */
typedef struct
{
  char *name;
  char *label;
  char *help;
} TideSecretSpec;

/**
 * TideSettingSpec:
 * @name: "store_url"
 * @label: what the owner calls it
 * @help: (nullable): where to find it
 * @fallback: (nullable): its value where the connection has none
 * @required: without it nothing can be read
 */
typedef struct
{
  char     *name;
  char     *label;
  char     *help;
  char     *fallback;
  gboolean  required;
} TideSettingSpec;

TideManifest          *tide_manifest_new_from_bytes   (GBytes         *bytes,
                                                       const char     *origin,
                                                       GPtrArray      *problems,
                                                       GError        **error);
TideManifest          *tide_manifest_new_built_in     (GBytes         *bytes,
                                                       const char     *origin);
TideManifest          *tide_manifest_ref              (TideManifest   *self);
void                   tide_manifest_unref            (TideManifest   *self);
const char            *tide_manifest_get_id           (TideManifest   *self);
const char            *tide_manifest_get_name         (TideManifest   *self);
const char            *tide_manifest_get_summary      (TideManifest   *self);
const char            *tide_manifest_get_tile         (TideManifest   *self);
const char            *tide_manifest_get_origin       (TideManifest   *self);
const char            *tide_manifest_get_base_url     (TideManifest   *self,
                                                       const char     *environment);
const TideSecretSpec  *tide_manifest_get_secrets      (TideManifest   *self,
                                                       gsize          *n_secrets);
const TideSettingSpec *tide_manifest_get_settings     (TideManifest   *self,
                                                       gsize          *n_settings);
GPtrArray             *tide_manifest_get_streams      (TideManifest   *self);
TideStream            *tide_manifest_get_stream       (TideManifest   *self,
                                                       const char     *name);
gboolean               tide_manifest_ensure_tables    (TideManifest   *self,
                                                       TideStore      *store,
                                                       GCancellable   *cancellable,
                                                       GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifest, tide_manifest_unref)

G_END_DECLS

/* Whoever knows manifests finds them in the library. */
#include "tide-manifest-library.h"
