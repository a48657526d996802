/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the owner of a workspace can be asked by the same user's other processes: the socket tidemark.sock in
 * its folder. A connection carries one request, a line, and its answer, a line:
 *
 *   cancel SYNC-ID     ok | error CODE MESSAGE
 *
 * Belongs to the thread that made it, and works in what was that thread's default main context then. */
typedef struct _TideOwnerSocket TideOwnerSocket;

/**
 * TideOwnerSocketFunc:
 * @sync_id: what the other process calls a run: UTF-8, but otherwise as it came
 *
 * Answers "cancel". May free the socket.
 */
typedef gboolean (*TideOwnerSocketFunc) (const char  *sync_id,
                                         gpointer     user_data,
                                         GError     **error);

TideOwnerSocket *tide_owner_socket_new        (const char           *folder,
                                               TideOwnerSocketFunc   cancel,
                                               gpointer              user_data,
                                               GError              **error);
void             tide_owner_socket_free       (TideOwnerSocket      *self);
gboolean         tide_owner_socket_ask_cancel (const char           *folder,
                                               const char           *sync_id,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideOwnerSocket, tide_owner_socket_free)

G_END_DECLS
