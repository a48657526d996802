/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

GHashTable *ctl_secrets_new   (void);
gboolean    ctl_secrets_parse (Ctl               *ctl,
                               char             **options,
                               GPtrArray         *names,
                               GError           **error);
gboolean    ctl_secrets_read  (Ctl               *ctl,
                               GHashTable        *secrets,
                               const char        *name,
                               const char        *label,
                               GError           **error);
gboolean    ctl_ask           (Ctl               *ctl,
                               const char        *question);

G_END_DECLS
