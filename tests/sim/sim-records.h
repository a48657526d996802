/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-query.h"
#include "sim-world.h"

G_BEGIN_DECLS

/* What the store holds against what the provider has. */
void sim_records_check_listing (SimWorld      *world,
                                SimQuery      *query,
                                const TideRun *run);
void sim_records_check_cursors (SimWorld      *world,
                                SimQuery      *query);
void sim_records_check_unique  (SimWorld      *world,
                                SimQuery      *query);
void sim_records_check_all     (SimWorld      *world,
                                SimQuery      *query);

G_END_DECLS
