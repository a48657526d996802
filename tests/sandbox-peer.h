/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A tidemark-sandbox of the test's own, run as a process and talked to over HTTP, one
 * blocking request at a time. What goes wrong in the helper itself aborts the test.
 * Which program that is says the environment's TIDEMARK_SANDBOX. */
typedef struct _SandboxPeer SandboxPeer;

#define SANDBOX_PEER_NOW "2026-03-31T12:00:00Z"

SandboxPeer *sandbox_peer_start       (const char         *arguments);
void         sandbox_peer_stop        (SandboxPeer        *self);
const char  *sandbox_peer_get_url     (SandboxPeer        *self);
void         sandbox_peer_set_token   (SandboxPeer        *self,
                                       const char         *token);
void         sandbox_peer_set_version (SandboxPeer        *self,
                                       const char         *version);
GBytes      *sandbox_peer_send        (SandboxPeer        *self,
                                       const char         *method,
                                       const char         *path,
                                       const char         *body,
                                       guint              *out_status,
                                       SoupMessageHeaders **out_headers,
                                       GError            **error);
JsonNode    *sandbox_peer_call        (SandboxPeer        *self,
                                       const char         *method,
                                       const char         *path,
                                       const char         *body,
                                       guint               status);
void         sandbox_peer_expect      (SandboxPeer        *self,
                                       const char         *method,
                                       const char         *path,
                                       const char         *body,
                                       guint               status,
                                       const char         *code);
char        *sandbox_peer_text        (SandboxPeer        *self,
                                       const char         *entity);
GPtrArray   *sandbox_peer_truth       (SandboxPeer        *self,
                                       const char         *entity);
GPtrArray   *sandbox_peer_walk        (SandboxPeer        *self,
                                       const char         *method,
                                       const char         *path,
                                       const char         *body,
                                       const char         *key,
                                       guint              *out_pages);
char        *sandbox_peer_locations   (SandboxPeer        *self);

const char  *sandbox_record_text      (JsonObject         *record,
                                       const char         *member);
gint64       sandbox_record_money     (JsonObject         *record,
                                       const char         *member);
void         sandbox_assert_same      (GPtrArray          *records,
                                       GPtrArray          *others);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxPeer, sandbox_peer_stop)

G_END_DECLS
