/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "sandbox-query.h"

G_BEGIN_DECLS

/* An answer before it is sent: small pieces are copied, large ones only referenced. */
typedef struct
{
  guint       status;
  const char *type;           /* (static) */
  int         retry_after;    /* seconds; -1: none */
  GPtrArray  *pieces;         /* (owned) (element-type GBytes) */
  GByteArray *tail;           /* (owned): the piece being written */
  gsize       length;
} SandboxReply;

SandboxReply *sandbox_reply_new    (void);
void          sandbox_reply_free   (SandboxReply      *self);
void          sandbox_reply_text   (SandboxReply      *self,
                                    const char        *text,
                                    gsize              length);
void          sandbox_reply_string (SandboxReply      *self,
                                    const char        *text);
void          sandbox_reply_page   (SandboxReply      *self,
                                    const char        *key,
                                    SandboxTable      *table,
                                    const SandboxPage *page,
                                    const char        *cursor);
void          sandbox_reply_error  (SandboxReply      *self,
                                    guint              status,
                                    const char        *category,
                                    const char        *code,
                                    const char        *detail,
                                    const char        *field);
void          sandbox_reply_bad    (SandboxReply      *self,
                                    const char        *code,
                                    const char        *field,
                                    const char        *detail);
void          sandbox_reply_reset  (SandboxReply      *self);
GBytes       *sandbox_reply_flatten (SandboxReply     *self);
void          sandbox_reply_set_bytes (SandboxReply   *self,
                                       GBytes         *bytes);
void          sandbox_reply_send   (SandboxReply      *self,
                                    SoupServerMessage *message,
                                    gboolean           compress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxReply, sandbox_reply_free)

G_END_DECLS
