/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-faults.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

typedef struct
{
  SandboxWorldOptions  world;
  guint                port;
  const char          *token;
  double               speed;
  guint                latency;     /* milliseconds before each answer */
  gboolean             gzip;
  guint                rate;        /* requests a second; 0: any */
} SandboxServerOptions;

/* The HTTP side: who may ask, what goes wrong, what is counted. Lives on the main loop. */
typedef struct _SandboxServer SandboxServer;

SandboxServer *sandbox_server_new      (const SandboxServerOptions *options,
                                        SandboxFaults              *faults);
void           sandbox_server_free     (SandboxServer              *self);
gboolean       sandbox_server_listen   (SandboxServer              *self,
                                        GError                    **error);
guint          sandbox_server_get_port (SandboxServer              *self);

G_END_DECLS
