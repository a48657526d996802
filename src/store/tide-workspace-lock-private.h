/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The claim of this process on a workspace folder: a lock on its file tidemark.lock. The system
 * drops it with the process, however that ends. */
typedef struct _TideWorkspaceLock TideWorkspaceLock;

TideWorkspaceLock *tide_workspace_lock_take (const char         *folder,
                                             GError            **error);
void               tide_workspace_lock_free (TideWorkspaceLock  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideWorkspaceLock, tide_workspace_lock_free)

G_END_DECLS
