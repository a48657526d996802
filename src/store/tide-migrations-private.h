/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-database.h"

G_BEGIN_DECLS

/**
 * TideMigration:
 * @version: the schema that it leads to
 * @sql: (owned): what leads there from the one before
 */
typedef struct
{
  int   version;
  char *sql;
} TideMigration;

GPtrArray     *tide_migrations_load        (void);
int            tide_migrations_get_newest  (GPtrArray     *migrations);
TideMigration *tide_migration_new          (int            version,
                                            const char    *sql);
void           tide_migration_free         (TideMigration *self);
gboolean       tide_migrations_apply       (TideDatabase  *database,
                                            GPtrArray     *migrations,
                                            GError       **error);

G_END_DECLS
