/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideBodyPool:
 *
 * Memory for large bodies, used again while a reading goes on: fresh memory costs a page fault every few
 * kilobytes, which shows at hundreds of megabytes a second. Holds on to nothing once no body is in use. Thread-safe.
 */
typedef struct _TideBodyPool TideBodyPool;

TideBodyPool *tide_body_pool_new   (void);
TideBodyPool *tide_body_pool_ref   (TideBodyPool *self);
void          tide_body_pool_unref (TideBodyPool *self);
char         *tide_body_pool_take  (TideBodyPool *self,
                                    gsize        *capacity);
void          tide_body_pool_give  (TideBodyPool *self,
                                    char         *data,
                                    gsize         capacity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBodyPool, tide_body_pool_unref)

G_END_DECLS
