/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-requester.h"

G_BEGIN_DECLS

/**
 * TideSecretCache:
 *
 * The secrets of one connection while requests are being sent, so that the Secret Service is not asked for
 * each of them. Thread-safe. Wiped when freed.
 */
typedef struct _TideSecretCache TideSecretCache;

TideSecretCache *tide_secret_cache_new     (GPtrArray        *names,
                                            TideSecretFunc    func,
                                            gpointer          user_data,
                                            GDestroyNotify    destroy);
void             tide_secret_cache_free    (TideSecretCache  *self);
GHashTable      *tide_secret_cache_dup     (TideSecretCache  *self,
                                            GError          **error);
gboolean         tide_secret_cache_refresh (TideSecretCache  *self,
                                            GHashTable       *used,
                                            GError          **error);
char            *tide_secret_cache_redact  (TideSecretCache  *self,
                                            const char       *text);

G_END_DECLS
