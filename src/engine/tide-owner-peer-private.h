/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A connection to the owner's socket, from its beginning to its end. Reference counted: what is under way holds one.
 * Belongs to the thread of its socket. */
typedef struct _TideOwnerPeer TideOwnerPeer;

/**
 * TideOwnerPeerFuncs:
 * @answer: (transfer full): answers a line, which is %NULL if it was too long; may end the peer
 * @ended: the connection is over: it has been ended already
 */
typedef struct
{
  char *(*answer) (TideOwnerPeer *peer,
                   const char    *line,
                   gsize          length,
                   gboolean      *follow,
                   gpointer       user_data);
  void  (*ended)  (TideOwnerPeer *peer,
                   gpointer       user_data);
} TideOwnerPeerFuncs;

TideOwnerPeer *tide_owner_peer_new        (GSocketConnection        *connection,
                                           gsize                     max_line,
                                           const TideOwnerPeerFuncs *funcs,
                                           gpointer                  user_data);
void           tide_owner_peer_start      (TideOwnerPeer            *self);
void           tide_owner_peer_end        (TideOwnerPeer            *self);
void           tide_owner_peer_unref      (TideOwnerPeer            *self);
gboolean       tide_owner_peer_is_follower (TideOwnerPeer           *self);
void           tide_owner_peer_tell       (TideOwnerPeer            *self,
                                           const char               *line,
                                           gboolean                  passing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideOwnerPeer, tide_owner_peer_unref)

G_END_DECLS
