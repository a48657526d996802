/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-database.h"

G_BEGIN_DECLS

/* A thread that copies the log into the database while the writer goes on. Idle, it sleeps; it is
 * not even started before it is first needed. */
typedef struct _TideCheckpointer TideCheckpointer;

TideCheckpointer *tide_checkpointer_new     (const char       *path);
void              tide_checkpointer_free    (TideCheckpointer *self);
void              tide_checkpointer_request (TideCheckpointer *self);
void              tide_checkpointer_wait    (TideCheckpointer *self);

G_END_DECLS
