/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"
#include "tide-connection.h"
#include "tide-keyring.h"
#include "tide-manifest.h"
#include "tide-requester.h"
#include "tide-transport.h"

G_BEGIN_DECLS

/**
 * TideLogins:
 *
 * The connections' secrets and those who send requests with them: one requester a connection, so that its
 * rate limit holds over all its runs. It asks the keyring for a secret once and keeps it in memory, until it is
 * forgotten. Thread-safe.
 */
typedef struct _TideLogins TideLogins;

TideLogins    *tide_logins_new           (TideKeyring           *keyring,
                                          TideTransport         *transport,
                                          TideClock             *clock,
                                          const char            *workspace);
TideLogins    *tide_logins_ref           (TideLogins            *self);
void           tide_logins_unref         (TideLogins            *self);
void           tide_logins_close         (TideLogins            *self);
TideRequester *tide_logins_get_requester (TideLogins            *self,
                                          TideManifest          *manifest,
                                          const TideConnection  *connection);
TideRequester *tide_logins_new_requester (TideLogins            *self,
                                          TideManifest          *manifest,
                                          const TideConnection  *connection,
                                          GHashTable            *secrets);
void           tide_logins_forget        (TideLogins            *self,
                                          gint64                 connection_id);
gboolean       tide_logins_store         (TideLogins            *self,
                                          const TideConnection  *connection,
                                          GHashTable            *secrets,
                                          GCancellable          *cancellable,
                                          GError               **error);
GHashTable    *tide_logins_load          (TideLogins            *self,
                                          TideManifest          *manifest,
                                          const TideConnection  *connection,
                                          GCancellable          *cancellable,
                                          GError               **error);
gboolean       tide_logins_remove        (TideLogins            *self,
                                          const TideConnection  *connection,
                                          GCancellable          *cancellable,
                                          GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLogins, tide_logins_unref)

G_END_DECLS
