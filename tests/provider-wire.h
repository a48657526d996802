/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ProviderWire:
 *
 * A server that sends fixed bytes whatever it is asked, in pieces, and then closes the connection or leaves
 * it hanging: for answers that no proper server would give.
 */
typedef struct _ProviderWire ProviderWire;

ProviderWire *provider_wire_new         (const char   *bytes,
                                         gsize         length,
                                         gboolean      hang);
void          provider_wire_free        (ProviderWire *self);
const char   *provider_wire_get_url     (ProviderWire *self);
void          provider_wire_wait_asked  (ProviderWire *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ProviderWire, provider_wire_free)

G_END_DECLS
