/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-fixture.h"

G_BEGIN_DECLS

/**
 * EngineGuest:
 *
 * Somebody on a thread of his own, while the owner's main loop runs on the test's.
 */
typedef struct
{
  const char *folder;
  void      (*func) (const char *folder);
  GThread    *thread;
  int         done;           /* (atomic) */
} EngineGuest;

void      engine_guest_start (EngineGuest    *self,
                              EngineFixture  *fixture,
                              void          (*func) (const char *folder));
void      engine_guest_join  (EngineGuest    *self,
                              EngineFixture  *fixture);
void      engine_guest_visit (EngineFixture  *fixture,
                              void          (*func) (const char *folder));

GSocket  *engine_guest_dial  (const char     *folder);
gboolean  engine_guest_say   (GSocket        *socket,
                              const char     *text,
                              gsize           length);
char     *engine_guest_hear  (GSocket        *socket);
gsize     engine_guest_hear_out (GSocket     *socket);

G_END_DECLS
