/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-window.h"

G_BEGIN_DECLS

/* The commands of the window, shared by menus, shortcuts, buttons and tests. */
void tide_window_actions_init (TideWindow *self);

G_END_DECLS
