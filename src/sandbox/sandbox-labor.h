/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-agenda.h"
#include "sandbox-business.h"

G_BEGIN_DECLS

/* Who worked when: a timecard a shift. */
typedef struct _SandboxLabor SandboxLabor;

SandboxLabor *sandbox_labor_new       (SandboxBusiness    *business,
                                       SandboxAgenda      *agenda);
void          sandbox_labor_free      (SandboxLabor       *self);
SandboxTable *sandbox_labor_get_table (SandboxLabor       *self);
void          sandbox_labor_plan_day  (SandboxLabor       *self,
                                       gint64              day);
void          sandbox_labor_happen    (SandboxLabor       *self,
                                       const SandboxEvent *event);
void          sandbox_labor_edit      (SandboxLabor       *self,
                                       guint32             record,
                                       gint64              now);
gboolean      sandbox_labor_delete    (SandboxLabor       *self,
                                       guint32             record);

G_END_DECLS
