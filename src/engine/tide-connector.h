/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection.h"
#include "tide-logins.h"
#include "tide-providers.h"
#include "tide-requester.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideConnector:
 *
 * Makes connections and takes them away, so that the row in the store and the secrets in the keyring are either
 * both there or both not. Thread-safe.
 */
typedef struct _TideConnector TideConnector;

TideConnector  *tide_connector_new             (TideStore             *store,
                                                TideLogins            *logins,
                                                TideProviders         *providers);
void            tide_connector_free            (TideConnector         *self);
TideConnection *tide_connector_connect         (TideConnector         *self,
                                                const TideConnection  *connection,
                                                GHashTable            *secrets,
                                                GCancellable          *cancellable,
                                                GError               **error);
gboolean        tide_connector_replace_secrets (TideConnector         *self,
                                                gint64                 connection_id,
                                                GHashTable            *secrets,
                                                GCancellable          *cancellable,
                                                GError               **error);
gboolean        tide_connector_disconnect      (TideConnector         *self,
                                                gint64                 connection_id,
                                                gboolean               delete_records,
                                                GCancellable          *cancellable,
                                                GError               **error);
TideProbe      *tide_connector_test            (TideConnector         *self,
                                                const TideConnection  *connection,
                                                GHashTable            *secrets,
                                                GCancellable          *cancellable,
                                                GError               **error);

G_END_DECLS
