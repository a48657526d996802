/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TidePageQueue:
 *
 * A short bounded queue between two stages of a run, each on a thread of its own: who is ahead
 * waits. Ended by its producer (finish: what is in it is still handed out) or by anybody
 * (abort: both sides wake at once and what is in it is freed).
 */
typedef struct _TidePageQueue TidePageQueue;

typedef enum
{
  TIDE_PAGE_QUEUE_ITEM,       /* there is one */
  TIDE_PAGE_QUEUE_NOT_YET,    /* none came in time */
  TIDE_PAGE_QUEUE_END,        /* none will come */
} TidePageQueueResult;

TidePageQueue       *tide_page_queue_new    (guint            capacity,
                                             GDestroyNotify   free_func);
void                 tide_page_queue_free   (TidePageQueue   *self);
gboolean             tide_page_queue_push   (TidePageQueue   *self,
                                             gpointer         item);
TidePageQueueResult  tide_page_queue_pop    (TidePageQueue   *self,
                                             gint64           timeout,
                                             gpointer        *item);
void                 tide_page_queue_finish (TidePageQueue   *self);
void                 tide_page_queue_abort  (TidePageQueue   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TidePageQueue, tide_page_queue_free)

G_END_DECLS
