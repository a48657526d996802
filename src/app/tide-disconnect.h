/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-window.h"

G_BEGIN_DECLS

void tide_disconnect_ask (TideWindow      *window,
                          TideLive        *live,
                          TideConnection  *connection);

G_END_DECLS
