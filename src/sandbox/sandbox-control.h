/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-clock.h"
#include "sandbox-faults.h"
#include "sandbox-reply.h"
#include "sandbox-request.h"
#include "sandbox-stats.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

#define SANDBOX_CONTROL_PREFIX "/_sandbox/"

/* What tests and the demo tell the sandbox to do; no part of Square. */
typedef struct
{
  SandboxWorld  *world;    /* (not owned) */
  SandboxClock  *clock;    /* (not owned) */
  SandboxFaults *faults;   /* (not owned) */
  SandboxStats  *stats;    /* (not owned) */
} SandboxControl;

gboolean sandbox_control_answer (SandboxControl    *self,
                                 SandboxRequest    *request,
                                 SandboxReply      *reply,
                                 SoupServerMessage *message);

G_END_DECLS
