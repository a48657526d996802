/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-run-query.h"

G_BEGIN_DECLS

/* Rows of a run's page: a record it changed, before and after; one it could not read. */
GtkWidget *tide_change_row_new  (const TideRecordChange *change);
GtkWidget *tide_failure_row_new (const TideFailure      *failure);

G_END_DECLS
