/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-reply.h"
#include "sandbox-request.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

/* What may be wrong with one page though the answer as such is in order. */
typedef enum
{
  SANDBOX_TWIST_NONE,
  SANDBOX_TWIST_DUPLICATE,
  SANDBOX_TWIST_SHIFT,
  SANDBOX_TWIST_EMPTY,
  SANDBOX_TWIST_LOOP
} SandboxTwist;

void     sandbox_square_answer (SandboxWorld   *world,
                                SandboxRequest *request,
                                SandboxTwist    twist,
                                SandboxReply   *reply);

G_END_DECLS
