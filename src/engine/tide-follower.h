/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* Hears what the process that has a workspace tells. Belongs to the thread that made it, and works in what was that
 * thread's default main context then. */
typedef struct _TideFollower TideFollower;

/**
 * TideFollowerFunc:
 * @told: (nullable): a line; %NULL, as the last call, if the other process has gone
 *
 * May free the follower.
 */
typedef void (*TideFollowerFunc) (JsonObject *told,
                                  gpointer    user_data);

TideFollower *tide_follower_new  (const char        *folder,
                                  TideFollowerFunc   func,
                                  gpointer           user_data,
                                  GError           **error);
void          tide_follower_free (TideFollower      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideFollower, tide_follower_free)

G_END_DECLS
