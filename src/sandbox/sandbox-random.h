/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A small seeded generator. Everything in the made-up business is drawn from one that
 * is started from (seed, stream, number), so any record can be drawn again at any time
 * and nothing depends on the order in which records were asked for. */
typedef struct
{
  guint64 state;
} SandboxRandom;

guint64  sandbox_mix           (guint64        seed,
                                guint64        stream,
                                guint64        number);
void     sandbox_random_init   (SandboxRandom *self,
                                guint64        seed,
                                guint64        stream,
                                guint64        number);
guint64  sandbox_random_next   (SandboxRandom *self);
guint    sandbox_random_below  (SandboxRandom *self,
                                guint          bound);
guint    sandbox_random_span   (SandboxRandom *self,
                                guint          low,
                                guint          high);
gboolean sandbox_random_chance (SandboxRandom *self,
                                guint          of_10000);
double   sandbox_random_unit   (SandboxRandom *self);

#define SANDBOX_ID_SIZE 40

typedef struct
{
  char text[SANDBOX_ID_SIZE];
} SandboxId;

SandboxId sandbox_id_make (const char *prefix,
                           guint       length,
                           gboolean    upper_case,
                           guint64     seed,
                           guint64     stream,
                           guint64     number);

G_END_DECLS
