/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int tide_currency_get_exponent (const char *code,
                                gsize       length);

G_END_DECLS
