/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-keyring.h"

G_BEGIN_DECLS

#define TIDE_TYPE_SECRET_KEYRING (tide_secret_keyring_get_type ())
G_DECLARE_FINAL_TYPE (TideSecretKeyring, tide_secret_keyring, TIDE, SECRET_KEYRING, GObject)

TideSecretKeyring *tide_secret_keyring_new    (void);
gboolean           tide_secret_keyring_probe  (TideSecretKeyring  *self,
                                               GCancellable       *cancellable,
                                               GError            **error);

G_END_DECLS
