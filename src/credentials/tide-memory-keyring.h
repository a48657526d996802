/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-keyring.h"

G_BEGIN_DECLS

#define TIDE_TYPE_MEMORY_KEYRING (tide_memory_keyring_get_type ())
G_DECLARE_FINAL_TYPE (TideMemoryKeyring, tide_memory_keyring, TIDE, MEMORY_KEYRING, GObject)

TideMemoryKeyring *tide_memory_keyring_new         (void);
void               tide_memory_keyring_set_broken  (TideMemoryKeyring  *self,
                                                    gboolean            broken);
guint              tide_memory_keyring_get_size    (TideMemoryKeyring  *self);

G_END_DECLS
