/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* Who asks for runs, and remembers under which keys. */
typedef struct _SimRequests SimRequests;

SimRequests *sim_requests_new       (SimWorld     *world);
void         sim_requests_free      (SimRequests  *self);
void         sim_requests_ask       (SimRequests  *self);
void         sim_requests_ask_again (SimRequests  *self);
void         sim_requests_ask_all   (SimRequests  *self,
                                     const char   *stream);

G_END_DECLS
