/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * CtlWatch:
 *
 * Some runs, from the request to their end, with their progress shown: whether they go in this process or in the one
 * that has the workspace. Ctrl+C cancels them.
 */
typedef struct _CtlWatch CtlWatch;

CtlWatch *ctl_watch_new  (Ctl         *ctl,
                          TideEngine  *engine);
void      ctl_watch_free (CtlWatch    *self);
void      ctl_watch_add  (CtlWatch    *self,
                          TideRun     *run);
int       ctl_watch_run  (CtlWatch    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlWatch, ctl_watch_free)

G_END_DECLS
