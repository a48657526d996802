/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/* Does something about runs. Returns the exit status. */
typedef int (*CtlSteerFunc) (Ctl        *ctl,
                             TideEngine *engine,
                             const char *what);

int      ctl_steer                (Ctl           *ctl,
                                   CtlSteerFunc   func,
                                   const char    *what);
gboolean ctl_steer_put_first      (TideEngine    *engine,
                                   const char    *sync_id,
                                   GError       **error);
int      ctl_steer_print_run      (Ctl           *ctl,
                                   TideEngine    *engine,
                                   const char    *sync_id);
int      ctl_steer_print_count    (Ctl           *ctl,
                                   const char    *name,
                                   gint64         count);
gboolean ctl_steer_check_provider (TideEngine    *engine,
                                   const char    *provider,
                                   const char    *venue,
                                   GError       **error);

G_END_DECLS
