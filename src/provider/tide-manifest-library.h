/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-manifest.h"

G_BEGIN_DECLS

/* All manifests there are: the built-in ones, and the owner's own, which win. Immutable once made. */
typedef struct _TideManifestLibrary TideManifestLibrary;

TideManifestLibrary *tide_manifest_library_new      (const char          *user_folder,
                                                     GPtrArray           *problems);
void                 tide_manifest_library_free     (TideManifestLibrary *self);
GPtrArray           *tide_manifest_library_list     (TideManifestLibrary *self);
TideManifest        *tide_manifest_library_lookup   (TideManifestLibrary *self,
                                                     const char          *id,
                                                     GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifestLibrary, tide_manifest_library_free)

G_END_DECLS
