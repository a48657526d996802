/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-faults.h"
#include "sandbox-reply.h"
#include "sandbox-square.h"

G_BEGIN_DECLS

/* How faults are carried out. */

gboolean     sandbox_mischief_replaces (const SandboxFault *fault,
                                        SandboxReply       *reply);
SandboxTwist sandbox_mischief_twist    (const SandboxFault *fault);
void         sandbox_mischief_spoil    (const SandboxFault *fault,
                                        SandboxReply       *reply);
gboolean     sandbox_mischief_send     (const SandboxFault *fault,
                                        SandboxReply       *reply,
                                        SoupServerMessage  *message);

G_END_DECLS
