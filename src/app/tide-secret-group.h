/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-provider-info.h"

G_BEGIN_DECLS

/* Where the owner types what a provider asks of a login: a row for each, with where to find it. */
#define TIDE_TYPE_SECRET_GROUP (tide_secret_group_get_type ())
G_DECLARE_FINAL_TYPE (TideSecretGroup, tide_secret_group, TIDE, SECRET_GROUP, AdwPreferencesGroup)

void        tide_secret_group_set_provider (TideSecretGroup   *self,
                                            TideProviderInfo  *provider);
gboolean    tide_secret_group_is_complete  (TideSecretGroup   *self);
GHashTable *tide_secret_group_dup_secrets  (TideSecretGroup   *self);
void        tide_secret_group_show_refused (TideSecretGroup   *self,
                                            gboolean           refused);

G_END_DECLS
