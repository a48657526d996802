/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * CtlProgress:
 *
 * Tells how a sync is going: a bar on a terminal, a line a run in a pipe, JSON Lines for programs.
 */
typedef struct _CtlProgress CtlProgress;

CtlProgress *ctl_progress_new     (Ctl                    *ctl);
void         ctl_progress_free    (CtlProgress            *self);
void         ctl_progress_start   (CtlProgress            *self,
                                   const TideRun          *run);
void         ctl_progress_update  (CtlProgress            *self,
                                   const TideRunProgress  *progress);
void         ctl_progress_retry   (CtlProgress            *self,
                                   const TideRun          *run);
void         ctl_progress_end     (CtlProgress            *self,
                                   const TideRun          *run,
                                   const char             *event);
void         ctl_progress_say     (CtlProgress            *self,
                                   const char             *sentence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlProgress, ctl_progress_free)

G_END_DECLS
