/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* Everybody and everything outside of the engine: who asks, cancels and decides, the business that the provider's records
 * come from, the computer with its clock and disk. What each gets for an answer is checked at once. */
SimPeople *sim_people_new      (SimWorld   *world);
void       sim_people_free     (SimPeople  *self);
void       sim_people_act      (SimPeople  *self,
                                gboolean    within);
void       sim_people_forget   (SimPeople  *self);
void       sim_people_mend     (SimPeople  *self);
void       sim_people_decide   (SimPeople  *self,
                                gboolean    all);
void       sim_people_ask_all  (SimPeople  *self,
                                const char *stream);
void       sim_people_sessions (SimPeople  *self,
                                guint      *n_sure,
                                guint      *n_possible);

G_END_DECLS
