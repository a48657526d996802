/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-record-sql-private.h"

#define EXAMPLES_MAX "5"

/* Adds a finding for each row of @sql: @what, then its first column. */
static gboolean
find (TideDatabase  *database,
      const char    *sql,
      const char    *what,
      GPtrArray     *findings,
      GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (findings, g_strdup_printf ("%s: %s", what, tide_statement_get_text (statement, 0)));
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* A table without its index is being filled for the first time; but once a run was completed it must
 * have one. */
static gboolean
check_index (TideDatabase  *database,
             const char    *table,
             GPtrArray     *findings,
             GError       **error)
{
  g_autofree char *text = g_strdup_printf ("'%s'", table);
  g_autofree char *sql = NULL;
  gboolean exists;

  if (!tide_record_sql_index_exists (database, table, &exists, error))
    return FALSE;
  if (exists)
    return TRUE;
  sql = g_strdup_printf ("SELECT 'no index of ids' FROM streams s WHERE s.source = %s AND EXISTS"
                         " (SELECT 1 FROM sync_runs r JOIN connections c ON c.id = r.connection_id"
                         "  WHERE c.provider = s.provider AND r.stream = s.stream"
                         "  AND r.status = 'completed' AND NOT r.dry_run)", text);
  return find (database, sql, table, findings, error);
}

static gboolean
check_rows (TideDatabase  *database,
            const char    *table,
            GPtrArray     *findings,
            GError       **error)
{
  g_autofree char *name = tide_database_quote_name (table);
  g_autofree char *twice = NULL;
  g_autofree char *orphans = NULL;
  g_autofree char *marks = NULL;

  twice = g_strdup_printf ("SELECT 'record ' || _id || ' of connection ' || _connection || ' is there '"
                           " || count(*) || ' times' FROM %s GROUP BY _connection, _id"
                           " HAVING count(*) > 1 LIMIT " EXAMPLES_MAX, name);
  orphans = g_strdup_printf ("SELECT 'record ' || _id || ' belongs to connection ' || _connection"
                             " || ', which is not there' FROM %s"
                             " WHERE _connection NOT IN (SELECT id FROM connections) LIMIT " EXAMPLES_MAX, name);
  marks = g_strdup_printf ("SELECT 'record ' || _id || ' has a payload that is not JSON' FROM %s"
                           " WHERE NOT json_valid(_raw) LIMIT " EXAMPLES_MAX, name);
  return find (database, twice, table, findings, error) &&
         find (database, orphans, table, findings, error) &&
         find (database, marks, table, findings, error);
}

static gboolean
check_tables (TideDatabase  *database,
              GPtrArray     *findings,
              GError       **error)
{
  g_autoptr(GPtrArray) tables = tide_record_sql_list_tables (database, error);

  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    {
      const char *table = g_ptr_array_index (tables, i);

      if (!check_index (database, table, findings, error) || !check_rows (database, table, findings, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_all (TideDatabase  *database,
           GPtrArray     *findings,
           GError       **error)
{
  return find (database, "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
               "file", findings, error) &&
         find (database, "SELECT 'a row points to nothing in ' || parent || ' (' || \"table\" || ')'"
                         " FROM pragma_foreign_key_check", "file", findings, error) &&
         find (database, "SELECT sync_id || ' does not balance' FROM sync_runs"
                         " WHERE read <> created + updated + unchanged + failed + skipped",
               "run", findings, error) &&
         check_tables (database, findings, error);
}

/**
 * tide_store_check:
 * @self: a store
 * @findings: (element-type utf8): a line for each thing that is not as it should be is added here
 * @cancellable: (nullable): cancels
 * @error: return location
 *
 * Reads the whole database and looks whether it is sound: the file, what points to what, the ledgers, the
 * record tables. Blocks for as long as that takes; changes nothing.
 *
 * Returns: whether it could be looked at; a database too broken for that is %TIDE_ERROR_CORRUPT
 */
gboolean
tide_store_check (TideStore     *self,
                  GPtrArray     *findings,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self, cancellable, error);

  if (read == NULL)
    return FALSE;
  if (check_all (tide_read_get_database (read), findings, error))
    return TRUE;
  g_prefix_error (error, "checking %s: ", tide_store_get_path (self));
  return FALSE;
}
