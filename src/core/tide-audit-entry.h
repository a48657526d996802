/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideAuditEntry:
 * @id: grows by one
 * @at: instant
 * @actor: who: "owner", a token's name, "Tidemark" for what it decided itself
 * @action: what: "run-requested", "failure-dismissed", ...
 * @object: on what, in words or by id
 * @detail: a JSON object
 *
 * One line of the audit log.
 */
typedef struct
{
  gint64  id;
  gint64  at;
  char   *actor;
  char   *action;
  char   *object;
  char   *detail;
} TideAuditEntry;

void tide_audit_entry_free (TideAuditEntry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideAuditEntry, tide_audit_entry_free)

G_END_DECLS
