/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TIDE_TYPE_EVENT (tide_event_get_type ())

/**
 * TideEvent:
 * @id: grows from event to event, also over restarts, with gaps
 * @at: instant
 * @name: "sync-started" and the like
 * @data: a JSON object, camelCase
 *
 * Something that happened in the engine, as it is told to whoever follows. Immutable value, reference counted
 * atomically: may cross threads.
 */
typedef struct
{
  gint64  id;
  gint64  at;
  char   *name;
  char   *data;
} TideEvent;

GType      tide_event_get_type (void);
TideEvent *tide_event_new      (gint64      id,
                                gint64      at,
                                const char *name,
                                const char *data);
TideEvent *tide_event_ref      (TideEvent  *self);
void       tide_event_unref    (TideEvent  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideEvent, tide_event_unref)

G_END_DECLS
