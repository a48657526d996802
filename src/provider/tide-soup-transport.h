/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-transport.h"

G_BEGIN_DECLS

#define TIDE_TYPE_SOUP_TRANSPORT (tide_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (TideSoupTransport, tide_soup_transport, TIDE, SOUP_TRANSPORT, GObject)

/* The real network, through one libsoup session with connections kept alive. Thread-safe: its
 * session is set up when it is made and then only used by blocking calls. */
TideTransport *tide_soup_transport_new (void);

G_END_DECLS
