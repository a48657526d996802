/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-manifest.h"
#include "tide-provider-info.h"

G_BEGIN_DECLS

/**
 * TideProviders:
 *
 * The manifests there are just now: the built-in ones and the owner's files, which may get more while
 * others are in use. Thread-safe.
 */
typedef struct _TideProviders TideProviders;

TideProviders    *tide_providers_new    (const char     *folder);
void              tide_providers_free   (TideProviders  *self);
TideManifest     *tide_providers_lookup (TideProviders  *self,
                                         const char     *id,
                                         GError        **error);
TideProviderInfo *tide_providers_find   (TideProviders  *self,
                                         const char     *id,
                                         GError        **error);
GPtrArray        *tide_providers_list   (TideProviders  *self);
TideProviderInfo *tide_providers_check  (const char     *path,
                                         GPtrArray      *problems,
                                         GError        **error);
TideProviderInfo *tide_providers_add    (TideProviders  *self,
                                         const char     *path,
                                         GPtrArray      *problems,
                                         GError        **error);

G_END_DECLS
