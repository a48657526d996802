/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the owner of a workspace can be asked by the same user's other processes: the socket tidemark.sock in
 * its folder. A connection carries requests, a line each, and their answers, a line each, in turn; one that follows
 * is told lines from then on. What the lines say is not this type's business.
 *
 * Belongs to the thread that made it, and works in what was that thread's default main context then; never
 * blocks it. Who is slow, silent or too loud is cut off. */
typedef struct _TideOwnerSocket TideOwnerSocket;

/**
 * TideOwnerSocketFunc:
 * @line: (nullable): a request without its end, not necessarily UTF-8; %NULL if it was longer than is allowed
 * @length: of it
 * @follow: (out): set to %TRUE if the connection is to be told things from now on
 *
 * Answers a request. May free the socket.
 *
 * Returns: (transfer full): the answer, with its end
 */
typedef char *(*TideOwnerSocketFunc) (const char *line,
                                      gsize       length,
                                      gboolean   *follow,
                                      gpointer    user_data);

TideOwnerSocket *tide_owner_socket_new           (const char           *folder,
                                                  gsize                 max_line,
                                                  TideOwnerSocketFunc   func,
                                                  gpointer              user_data,
                                                  GError              **error);
void             tide_owner_socket_free          (TideOwnerSocket      *self);
gboolean         tide_owner_socket_has_followers (TideOwnerSocket      *self);
void             tide_owner_socket_tell          (TideOwnerSocket      *self,
                                                  const char           *line,
                                                  gboolean              passing);

GSocket         *tide_owner_socket_connect       (const char           *folder,
                                                  guint                 patience,
                                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideOwnerSocket, tide_owner_socket_free)

G_END_DECLS
