/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "sandbox-text.h"

G_BEGIN_DECLS

/* What can go wrong. */
typedef enum
{
  SANDBOX_FAULT_NONE,
  SANDBOX_FAULT_RATE_LIMIT,        /* 429 with Retry-After (retry_after, 1) */
  SANDBOX_FAULT_RATE_LIMIT_BARE,   /* 429 without */
  SANDBOX_FAULT_SERVER_ERROR,      /* 500 */
  SANDBOX_FAULT_UNAVAILABLE,       /* 503 */
  SANDBOX_FAULT_RESET_BEFORE,      /* TCP reset instead of an answer */
  SANDBOX_FAULT_RESET_MIDDLE,      /* TCP reset after half of the body */
  SANDBOX_FAULT_SLOW_DRIP,         /* the body in pieces (pieces, 20), pauses between (delay_ms, 20) */
  SANDBOX_FAULT_TRUNCATED,         /* half of the JSON in a complete response */
  SANDBOX_FAULT_WRONG_TYPE,        /* a web page with status 200 */
  SANDBOX_FAULT_DUPLICATE_PAGE,    /* the page comes once more under the next cursor */
  SANDBOX_FAULT_SHIFTING_PAGE,     /* a record further on changes, the last one served comes again */
  SANDBOX_FAULT_EMPTY_PAGE,        /* no records, but a cursor that goes on */
  SANDBOX_FAULT_CURSOR_LOOP,       /* the same page and cursor for ever */
  SANDBOX_FAULT_EXPIRED_TOKEN,     /* 401 ACCESS_TOKEN_EXPIRED */
  SANDBOX_FAULT_BAD_RECORD,        /* one record of wrong types (field, created_at) */
  SANDBOX_FAULT_BAD_UTF8,          /* bytes that are not UTF-8 inside a string */
  SANDBOX_FAULT_HUGE_BODY,         /* padded (bytes, 67108864) */
  SANDBOX_FAULT_HANG,              /* no answer; closed after (seconds, 120) */
  SANDBOX_FAULT_FORBIDDEN,         /* 403 INSUFFICIENT_SCOPES */
  SANDBOX_N_FAULTS
} SandboxFaultKind;

/* A fault that is due, with its parameters. */
typedef struct
{
  SandboxFaultKind  kind;
  gint64            retry_after;
  gint64            pieces;
  gint64            delay_ms;
  gint64            bytes;
  gint64            seconds;
  char             *field;         /* (owned) (nullable) */
} SandboxFault;

/* Which faults happen when: by script and at random. */
typedef struct _SandboxFaults SandboxFaults;

SandboxFaults      *sandbox_faults_new        (void);
void                sandbox_faults_free       (SandboxFaults    *self);
gboolean            sandbox_faults_add_spec   (SandboxFaults    *self,
                                               const char       *spec,
                                               GError          **error);
gboolean            sandbox_faults_add_json   (SandboxFaults    *self,
                                               JsonArray        *faults,
                                               GError          **error);
gboolean            sandbox_faults_set_random (SandboxFaults    *self,
                                               guint64           seed,
                                               double            rate,
                                               const char       *kinds,
                                               guint             most,
                                               GError          **error);
void                sandbox_faults_clear      (SandboxFaults    *self);
const SandboxFault *sandbox_faults_draw       (SandboxFaults    *self,
                                               const char       *path);
const char         *sandbox_fault_get_name    (SandboxFaultKind  kind);
void                sandbox_faults_render     (SandboxFaults    *self,
                                               SandboxText      *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxFaults, sandbox_faults_free)

G_END_DECLS
