/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* What goes on whether the engine looks or not: the trade that makes records, who changes a password, and the
 * computer's own troubles. */
typedef struct _SimBusiness SimBusiness;

SimBusiness *sim_business_new         (SimWorld     *world);
void         sim_business_free        (SimBusiness  *self);
void         sim_business_trade       (SimBusiness  *self);
void         sim_business_clear_out   (SimBusiness  *self);
void         sim_business_break_login (SimBusiness  *self);
void         sim_business_set_clock   (SimBusiness  *self);
void         sim_business_sleep       (SimBusiness  *self);
void         sim_business_spoil_disk  (SimBusiness  *self);

G_END_DECLS
