/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A connection to the database file, with a cache of its prepared statements. Belongs to the
 * TideWrite or TideRead that lends it. */
typedef struct _TideDatabase TideDatabase;

gboolean       tide_database_execute        (TideDatabase     *self,
                                             const char       *sql,
                                             GError          **error);
gint64         tide_database_get_last_key   (TideDatabase     *self);
gint64         tide_database_get_changes    (TideDatabase     *self);
char          *tide_database_quote_name     (const char       *name);

G_END_DECLS
