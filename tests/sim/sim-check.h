/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* What must always hold. It looks at the store with a connection of its own, and at what the engine tells; what does
 * not hold ends the world. */
SimCheck *sim_check_new      (SimWorld   *world);
void      sim_check_free     (SimCheck   *self);
void      sim_check_watch    (SimCheck   *self,
                              TideEngine *engine);
void      sim_check_unwatch  (SimCheck   *self);
void      sim_check_opened   (SimCheck   *self);
void      sim_check_look     (SimCheck   *self);
void      sim_check_step     (SimCheck   *self);
void      sim_check_end      (SimCheck   *self);
void      sim_check_note_halt (SimCheck  *self,
                               const char *sync_id);
gboolean  sim_check_is_quiet (SimCheck   *self);
char     *sim_check_pick_run (SimCheck   *self);

G_END_DECLS
