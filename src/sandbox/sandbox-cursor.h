/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a walk through pages stands. To clients it is opaque text. */
typedef struct
{
  guint64 query;      /* which query it belongs to */
  gint64  until;      /* the end that was set at the walk's first request */
  gint64  time;       /* sort key of the last record served */
  guint32 place;      /* in the log, or the last record served */
  guint16 salt;       /* makes texts differ that mean the same */
  guint8  started;    /* 0: nothing was served yet */
  guint8  looping;    /* answers with itself for ever */
} SandboxCursor;

char     *sandbox_cursor_to_text   (const SandboxCursor *self);
gboolean  sandbox_cursor_from_text (SandboxCursor       *self,
                                    const char          *text);

G_END_DECLS
