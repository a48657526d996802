/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* Leads through connecting a service. Nothing is kept until the last step. */
#define TIDE_TYPE_CONNECT_ASSISTANT (tide_connect_assistant_get_type ())
G_DECLARE_FINAL_TYPE (TideConnectAssistant, tide_connect_assistant, TIDE, CONNECT_ASSISTANT, AdwWindow)

GtkWidget *tide_connect_assistant_new (GtkWindow         *parent,
                                       TideLive          *live,
                                       TideProviderInfo  *provider);

G_END_DECLS
