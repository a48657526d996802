/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <stdlib.h>

#include "tide-database-private.h"
#include "tide-error.h"
#include "tide-migrations-private.h"
#include "tide-store-resources.h"

#define MIGRATIONS_PATH APP_PATH "/migrations/"

/**
 * tide_migration_new:
 *
 * Returns: (transfer full): one step
 */
TideMigration *
tide_migration_new (int         version,
                    const char *sql)
{
  TideMigration *self = g_new0 (TideMigration, 1);

  self->version = version;
  self->sql = g_strdup (sql);
  return self;
}

void
tide_migration_free (TideMigration *self)
{
  g_free (self->sql);
  g_free (self);
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  const TideMigration *first = *(const TideMigration * const *)a;
  const TideMigration *second = *(const TideMigration * const *)b;

  return first->version - second->version;
}

/**
 * tide_migrations_load:
 *
 * Returns: (transfer full) (element-type TideMigration): the migrations that this program knows,
 *    from schema 0 up
 */
GPtrArray *
tide_migrations_load (void)
{
  GResource *resource = tide_store_get_resource ();
  g_auto(GStrv) names = g_resource_enumerate_children (resource, MIGRATIONS_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr(GPtrArray) migrations = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_migration_free);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *path = g_strconcat (MIGRATIONS_PATH, *name, NULL);
      g_autoptr(GBytes) sql = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      /* Resource data end in a zero byte that does not count. */
      g_ptr_array_add (migrations, tide_migration_new (atoi (*name), g_bytes_get_data (sql, NULL)));
    }
  g_ptr_array_sort (migrations, compare_versions);
  return g_steal_pointer (&migrations);
}

/**
 * tide_migrations_get_newest:
 *
 * Returns: the schema that @migrations lead to
 */
int
tide_migrations_get_newest (GPtrArray *migrations)
{
  const TideMigration *last;

  if (migrations->len == 0)
    return 0;
  last = g_ptr_array_index (migrations, migrations->len - 1);
  return last->version;
}

static gboolean
check_foreign_keys (TideDatabase  *database,
                    GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, "PRAGMA foreign_key_check", error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_STORAGE, "a row of %s points to nothing in %s",
                   tide_statement_get_text (statement, 0), tide_statement_get_text (statement, 2));
      return FALSE;
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
run_migration (TideDatabase         *database,
               const TideMigration  *migration,
               GError              **error)
{
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version = %d", migration->version);

  return tide_database_begin (database, "BEGIN EXCLUSIVE", error) &&
         tide_database_execute (database, migration->sql, error) &&
         tide_database_execute (database, version, error) &&
         check_foreign_keys (database, error) &&
         tide_database_commit (database, error);
}

static gboolean
apply_from (TideDatabase  *database,
            GPtrArray     *migrations,
            gint64         current,
            GError       **error)
{
  for (guint i = 0; i < migrations->len; i++)
    {
      const TideMigration *migration = g_ptr_array_index (migrations, i);

      if (migration->version <= current)
        continue;
      if (!run_migration (database, migration, error))
        {
          tide_database_rollback (database);
          g_prefix_error (error, "migrating to schema %d: ", migration->version);
          return FALSE;
        }
      g_info ("migrated to schema %d", migration->version);
    }
  return TRUE;
}

/**
 * tide_migrations_apply:
 * @database: the writer's connection, with no transaction open
 * @migrations: (element-type TideMigration): the steps there are, in their order
 * @error: return location
 *
 * Takes a database up to the newest schema. Each step and its number are one transaction: after
 * a failure the database is at the last schema that it reached in full.
 *
 * Returns: whether it is at the newest schema
 */
gboolean
tide_migrations_apply (TideDatabase  *database,
                       GPtrArray     *migrations,
                       GError       **error)
{
  gint64 current;
  gboolean done;

  if (!tide_database_query_int (database, "PRAGMA user_version", &current, error))
    return FALSE;
  if (current >= tide_migrations_get_newest (migrations))
    return TRUE;
  /* SQLite cannot change a table in place: a step may have to drop one that others point to. */
  if (!tide_database_execute (database, "PRAGMA foreign_keys = OFF", error))
    return FALSE;
  done = apply_from (database, migrations, current, error);
  return tide_database_execute (database, "PRAGMA foreign_keys = ON", done ? error : NULL) && done;
}
