/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "tide-statement.h"

G_BEGIN_DECLS

/**
 * TideDatabaseFlags:
 * @TIDE_DATABASE_READ_ONLY: for reading; nothing is created or changed
 * @TIDE_DATABASE_IMMUTABLE: the file cannot change while it is open (a read-only disk): no locks
 */
typedef enum
{
  TIDE_DATABASE_NONE = 0,
  TIDE_DATABASE_READ_ONLY = 1 << 0,
  TIDE_DATABASE_IMMUTABLE = 1 << 1,
} TideDatabaseFlags;

TideDatabase  *tide_database_open            (const char         *path,
                                              TideDatabaseFlags   flags,
                                              GError            **error);
void           tide_database_close           (TideDatabase       *self);
sqlite3       *tide_database_get_handle      (TideDatabase       *self);
gboolean       tide_database_query_int       (TideDatabase       *self,
                                              const char         *sql,
                                              gint64             *value,
                                              GError            **error);
void           tide_database_set_cancellable (TideDatabase       *self,
                                              GCancellable       *cancellable);
void           tide_database_set_time_limit  (TideDatabase       *self,
                                              gint64              usec);
gboolean       tide_database_begin           (TideDatabase       *self,
                                              const char         *sql,
                                              GError            **error);
gboolean       tide_database_commit          (TideDatabase       *self,
                                              GError            **error);
void           tide_database_rollback        (TideDatabase       *self);
gboolean       tide_database_is_usable       (TideDatabase       *self,
                                              GError            **error);
void           tide_database_set_error       (TideDatabase       *self,
                                              int                 rc,
                                              const char         *sql,
                                              GError            **error);
TideStatement *tide_database_take_statement  (TideDatabase       *self,
                                              const char         *sql);
void           tide_database_rest_statement  (TideDatabase       *self,
                                              TideStatement      *statement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDatabase, tide_database_close)

G_END_DECLS
