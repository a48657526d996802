/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "tide-template.h"
#include "tide-transport.h"

G_BEGIN_DECLS

/* How a request carries the login, as a manifest says. Immutable. */
typedef struct _TideAuthenticator TideAuthenticator;

TideAuthenticator *tide_authenticator_new          (JsonObject              *object);
void               tide_authenticator_free         (TideAuthenticator       *self);
gboolean           tide_authenticator_visit        (const TideAuthenticator *self,
                                                    TideTemplateVisitor      visitor,
                                                    gpointer                 user_data);
void               tide_authenticator_apply        (const TideAuthenticator *self,
                                                    const TideTemplateScope *scope,
                                                    TideRequest             *request);
char              *tide_authenticator_strip_url    (const TideAuthenticator *self,
                                                    const char              *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideAuthenticator, tide_authenticator_free)

G_END_DECLS
