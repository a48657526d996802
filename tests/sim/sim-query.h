/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* A second opinion on a store: SQL on its file, by nobody else's code. Statements are kept. What fails here fails the
 * process: it is never the store's fault. */
typedef struct _SimQuery SimQuery;

/* Called in the middle of a transaction of whoever changes a row, with what the SQL function sim_tell() is given. */
typedef void (*SimTellFunc) (const char  *what,
                             const char  *was,
                             gpointer     user_data);

void          sim_query_listen  (SimTellFunc   func,
                                 gpointer      user_data);
SimQuery     *sim_query_open    (const char   *folder);
void          sim_query_free    (SimQuery     *self);
void          sim_query_execute (SimQuery     *self,
                                 const char   *sql);
sqlite3_stmt *sim_query_ask     (SimQuery     *self,
                                 const char   *sql);
gboolean      sim_query_next    (SimQuery     *self,
                                 sqlite3_stmt *statement);
gint64        sim_query_int     (SimQuery     *self,
                                 const char   *sql);
const char   *sim_query_text    (sqlite3_stmt *statement,
                                 int           column);

G_END_DECLS
