/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-text.h"

G_BEGIN_DECLS

/* How much was asked and answered. */
typedef struct
{
  guint64     requests;
  guint64     bytes;
  GHashTable *paths;   /* (owned): path to count */
} SandboxStats;

void sandbox_stats_init   (SandboxStats *self);
void sandbox_stats_clear  (SandboxStats *self);
void sandbox_stats_count  (SandboxStats *self,
                           const char   *path);
void sandbox_stats_render (SandboxStats *self,
                           SandboxText  *text);

G_END_DECLS
