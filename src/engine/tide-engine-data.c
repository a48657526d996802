/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-export.h"
#include "tide-failure-rows.h"
#include "tide-read.h"
#include "tide-record-query.h"
#include "tide-run-rows.h"
#include "tide-schedule.h"
#include "tide-snapshots.h"

/* Looking at what there is. The functions belong to tide-engine.h; all of them may be called from any thread. */

/**
 * tide_engine_get_run:
 * @sync_id: its public id
 *
 * Returns: (transfer full): the run as it is now; %NULL with TIDE_ERROR_NOT_FOUND
 */
TideRun *
tide_engine_get_run (TideEngine  *self,
                     const char  *sync_id,
                     GError     **error)
{
  g_autoptr(TideRead) read = NULL;
  g_autoptr(TideRun) live = NULL;
  g_autoptr(TideRun) run = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sync_id != NULL, NULL);

  /* Of what waits the queue knows before the store, and of what goes the store knows how far it has come. */
  live = tide_run_queue_get_run (self->queue, sync_id);
  if (live != NULL && live->status != TIDE_RUN_PROCESSING)
    return g_steal_pointer (&live);

  read = tide_store_begin_read (self->store, NULL, error);
  if (read == NULL)
    return NULL;
  run = tide_run_rows_get (tide_read_get_database (read), sync_id, live == NULL ? error : NULL);
  if (live != NULL && (run == NULL || (run->status != TIDE_RUN_PROCESSING && !tide_run_is_over (run))))
    return g_steal_pointer (&live);
  return g_steal_pointer (&run);
}

/**
 * tide_engine_query_runs:
 * @query: which
 *
 * Returns: (transfer full) (element-type TideRun): one page of runs, newest first
 */
GPtrArray *
tide_engine_query_runs (TideEngine          *self,
                        const TideRunQuery  *query,
                        GError             **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_run_rows_query (tide_read_get_database (read), query, error) : NULL;
}

/**
 * tide_engine_count_runs:
 *
 * Returns: how many runs there are in all; -1 with @error set on failure
 */
gint64
tide_engine_count_runs (TideEngine          *self,
                        const TideRunQuery  *query,
                        GError             **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && query != NULL, -1);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_run_rows_count (tide_read_get_database (read), query, error) : -1;
}

/**
 * tide_engine_get_run_hours:
 *
 * Returns: (transfer full) (element-type TideRunHour): the runs from @since to before @until, by hour and stream
 */
GArray *
tide_engine_get_run_hours (TideEngine  *self,
                           gint64       since,
                           gint64       until,
                           GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_run_rows_hours (tide_read_get_database (read), since, until, error) : NULL;
}

/**
 * tide_engine_get_run_log:
 *
 * Returns: (transfer full) (element-type TideLogLine): a run's log, oldest first
 */
GPtrArray *
tide_engine_get_run_log (TideEngine  *self,
                         const char  *sync_id,
                         GError     **error)
{
  g_autoptr(TideRun) run = tide_engine_get_run (self, sync_id, error);
  g_autoptr(TideRead) read = run != NULL ? tide_store_begin_read (self->store, NULL, error) : NULL;

  return read != NULL ? tide_run_rows_get_log (tide_read_get_database (read), run->id, error) : NULL;
}

/**
 * tide_engine_get_run_changes:
 *
 * Returns: (transfer full) (element-type TideRecordChange): what a run changed, with before and after
 */
GPtrArray *
tide_engine_get_run_changes (TideEngine  *self,
                             const char  *sync_id,
                             guint        limit,
                             guint        offset,
                             GError     **error)
{
  g_autoptr(TideRun) run = tide_engine_get_run (self, sync_id, error);
  g_autoptr(TideRead) read = run != NULL ? tide_store_begin_read (self->store, NULL, error) : NULL;

  return read != NULL ? tide_run_rows_get_changes (tide_read_get_database (read), run, limit, offset, error) : NULL;
}

/**
 * tide_engine_get_failures:
 * @connection_id: whose; 0 for anybody's
 * @sync_id: (nullable): only those that this run met last
 * @limit: at most so many; 0 for all
 *
 * Returns: (transfer full) (element-type TideFailure): records put aside and not solved
 */
GPtrArray *
tide_engine_get_failures (TideEngine  *self,
                          gint64       connection_id,
                          const char  *sync_id,
                          guint        limit,
                          GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_failure_rows_list (tide_read_get_database (read), connection_id, sync_id, limit, error)
                      : NULL;
}

static GPtrArray *
tide_engine_build_status (TideEngine    *self,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GPtrArray) live_runs = tide_run_queue_list_runs (self->queue);
  g_autoptr(GPtrArray) unsaved_runs = tide_run_queue_list_unsaved (self->queue);

  return tide_status_builder_build (self->status, live_runs, unsaved_runs, cancellable, error);
}

/**
 * tide_engine_get_status:
 *
 * Returns: (transfer full) (element-type TideStreamStatus): how each stream of each connection is doing
 */
GPtrArray *
tide_engine_get_status (TideEngine  *self,
                        GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  return tide_engine_build_status (self, NULL, error);
}

static void
get_status_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *list = tide_engine_build_status (source_object, cancellable, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tide_engine_get_status_async:
 *
 * As tide_engine_get_status(), without blocking. The engine's thread.
 */
void
tide_engine_get_status_async (TideEngine          *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_engine_get_status_async);
  g_task_run_in_thread (task, get_status_thread);
}

GPtrArray *
tide_engine_get_status_finish (TideEngine    *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
tide_planned_run_free (TidePlannedRun *self)
{
  g_free (self->stream);
  g_free (self);
}

static int
compare_planned (gconstpointer a,
                 gconstpointer b)
{
  const TidePlannedRun *x = *(TidePlannedRun * const *)a;
  const TidePlannedRun *y = *(TidePlannedRun * const *)b;

  return x->at < y->at ? -1 : x->at > y->at;
}

static void
add_planned (GPtrArray              *list,
             const TideStreamStatus *status,
             gint64                  at)
{
  TidePlannedRun *planned = g_new0 (TidePlannedRun, 1);

  planned->at = at;
  planned->connection_id = status->connection->id;
  planned->stream = g_strdup (status->stream);
  planned->duration = status->usual_duration;
  g_ptr_array_add (list, planned);
}

/* The status says where the next slot is; the rest follows at the schedule's own distances. */
static gboolean
tide_engine_add_slots (TideEngine              *self,
                       GPtrArray               *list,
                       const TideStreamStatus  *status,
                       gint64                   until,
                       GError                 **error)
{
  g_autoptr(GArray) slots = tide_status_builder_list_slots (self->status, status, until, error);

  if (slots == NULL)
    return FALSE;
  for (guint i = 0; i < slots->len; i++)
    add_planned (list, status, g_array_index (slots, gint64, i));
  if (status->retry_at != 0 && status->retry_at < until)
    add_planned (list, status, status->retry_at);
  return TRUE;
}

/**
 * tide_engine_get_planned:
 * @until: instant
 *
 * Returns: (transfer full) (element-type TidePlannedRun): the runs that will be asked for by themselves from now
 *   to before @until, by time
 */
GPtrArray *
tide_engine_get_planned (TideEngine  *self,
                         gint64       until,
                         GError     **error)
{
  g_autoptr(GPtrArray) statuses = tide_engine_get_status (self, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_planned_run_free);

  if (statuses == NULL)
    return NULL;
  for (guint i = 0; i < statuses->len; i++)
    if (!tide_engine_add_slots (self, list, g_ptr_array_index (statuses, i), until, error))
      return NULL;
  g_ptr_array_sort (list, compare_planned);
  return g_steal_pointer (&list);
}

/* A query's caller, on its way through the store. */
typedef struct
{
  TideResultFunc   func;
  gpointer         user_data;
  GPtrArray       *names;     /* (owned) (nullable): char */
  TideValue       *values;    /* (owned) (nullable) */
} ResultSink;

static void
read_value (TideStatement *row,
            int            column,
            TideValue     *value)
{
  /* Their numbers are SQLite's own, but for those of nothing and of a blob (a query's own: the store has none). */
  int kind = tide_statement_get_kind (row, column);

  value->kind = kind <= TIDE_VALUE_TEXT ? (TideValueKind)kind : TIDE_VALUE_NULL;
  value->length = 0;
  if (value->kind == TIDE_VALUE_INTEGER)
    value->integer = tide_statement_get_int (row, column);
  else if (value->kind == TIDE_VALUE_REAL)
    value->real = tide_statement_get_double (row, column);
  else if (value->kind == TIDE_VALUE_TEXT)
    {
      value->text = tide_statement_get_text (row, column);
      value->length = (guint32)tide_statement_get_length (row, column);
    }
}

static gboolean
result_row_cb (TideStatement  *row,
               gpointer        user_data,
               GError        **error)
{
  ResultSink *sink = user_data;
  int n_columns = tide_statement_get_n_columns (row);

  if (sink->names == NULL)
    {
      sink->names = g_ptr_array_new_with_free_func (g_free);
      sink->values = g_new0 (TideValue, MAX (n_columns, 1));
      for (int i = 0; i < n_columns; i++)
        g_ptr_array_add (sink->names, g_strdup (tide_statement_get_name (row, i)));
      g_ptr_array_add (sink->names, NULL);
    }

  for (int i = 0; i < n_columns; i++)
    read_value (row, i, &sink->values[i]);
  return sink->func ((const char * const *)sink->names->pdata, sink->values, (gsize)n_columns, sink->user_data, error);
}

/**
 * tide_engine_query_sql:
 * @sql: one statement that only reads
 * @max_rows: at most so many; 0 for all
 * @func: called for each row
 * @truncated: (out) (nullable): whether there were more
 *
 * Runs a query of the owner's. Blocks.
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID if it is no such statement, or with @func's error
 */
gboolean
tide_engine_query_sql (TideEngine      *self,
                       const char      *sql,
                       guint64          max_rows,
                       TideResultFunc   func,
                       gpointer         user_data,
                       gboolean        *truncated,
                       GCancellable    *cancellable,
                       GError         **error)
{
  ResultSink sink = { .func = func, .user_data = user_data };
  g_autoptr(TideRead) read = NULL;
  gboolean more = FALSE;
  gboolean ok;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && sql != NULL && func != NULL, FALSE);

  read = tide_store_begin_read (self->store, cancellable, error);
  ok = read != NULL && tide_record_query_run (tide_read_get_database (read), sql, max_rows, result_row_cb, &sink,
                                              &more, error);
  g_clear_pointer (&sink.names, g_ptr_array_unref);
  g_free (sink.values);
  if (ok && truncated != NULL)
    *truncated = more;
  return ok;
}

/**
 * tide_engine_export_entity:
 * @entity: "orders"
 * @where: (nullable): condition in SQL
 * @format: "csv", "jsonl" or "sqlite"
 * @path: file to write
 * @n_records: (out) (nullable): how many it holds
 *
 * Writes an entity's records to a file, whole or not at all. Blocks.
 */
gboolean
tide_engine_export_entity (TideEngine    *self,
                           const char    *entity,
                           const char    *where,
                           const char    *format,
                           const char    *path,
                           gint64        *n_records,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  return tide_export_entity (self->store, entity, where, format, path, n_records, cancellable, error);
}

static TideSnapshotInfo *
new_snapshot_info (const TideSnapshot *snapshot)
{
  TideSnapshotInfo *info = g_atomic_rc_box_new0 (TideSnapshotInfo);

  info->id = snapshot->id;
  info->name = g_strdup (snapshot->name);
  info->taken_at = snapshot->taken_at;
  info->path = g_strdup (snapshot->path);
  info->size = snapshot->size;
  info->sha256 = g_strdup (snapshot->sha256);
  info->records = snapshot->records;
  return info;
}

/**
 * tide_engine_take_snapshot:
 * @name: as the owner calls it; unique
 *
 * Takes a consistent copy of the store, also while a sync runs, and also by an engine that only looks, beside
 * the program that has the workspace. Blocks.
 *
 * Returns: (transfer full): the snapshot
 */
TideSnapshotInfo *
tide_engine_take_snapshot (TideEngine    *self,
                           const char    *name,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(TideSnapshot) snapshot = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && name != NULL, NULL);

  snapshot = tide_snapshots_take (self->store, name, NULL, NULL, cancellable, error);
  return snapshot != NULL ? new_snapshot_info (snapshot) : NULL;
}

/**
 * tide_engine_list_snapshots:
 *
 * Returns: (transfer full) (element-type TideSnapshotInfo): all of them
 */
GPtrArray *
tide_engine_list_snapshots (TideEngine  *self,
                            GError     **error)
{
  g_autoptr(GPtrArray) snapshots = NULL;
  GPtrArray *infos;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  snapshots = tide_snapshots_list (self->store, error);
  if (snapshots == NULL)
    return NULL;

  infos = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_snapshot_info_unref);
  for (guint i = 0; i < snapshots->len; i++)
    g_ptr_array_add (infos, new_snapshot_info (g_ptr_array_index (snapshots, i)));
  return infos;
}

/**
 * tide_engine_verify_snapshot:
 *
 * Returns: whether a snapshot is still what it was; %FALSE with TIDE_ERROR_CORRUPT if not
 */
gboolean
tide_engine_verify_snapshot (TideEngine    *self,
                             const char    *name,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && name != NULL, FALSE);

  return tide_snapshots_verify (self->store, name, cancellable, error);
}

/**
 * tide_engine_export_snapshot:
 * @format: "csv", "jsonl" or "sqlite"
 * @path: where to
 * @n_records: (out) (nullable): how many records went
 */
gboolean
tide_engine_export_snapshot (TideEngine    *self,
                             const char    *name,
                             const char    *format,
                             const char    *path,
                             gint64        *n_records,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && name != NULL, FALSE);

  return tide_snapshots_export (self->store, name, format, path, n_records, cancellable, error);
}

static void
examine_secrets (TideEngine           *self,
                 TideManifest         *manifest,
                 const TideConnection *connection,
                 GPtrArray            *findings,
                 GCancellable         *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) secrets = tide_logins_load (self->logins, manifest, connection, cancellable, &error);
  gsize n_specs;
  const TideSecretSpec *specs = tide_manifest_get_secrets (manifest, &n_specs);

  if (secrets == NULL)
    {
      g_ptr_array_add (findings, g_strdup_printf ("The login of connection “%s” cannot be looked at: %s.",
                                                  connection->name, error->message));
      return;
    }
  for (gsize i = 0; i < n_specs; i++)
    if (!g_hash_table_contains (secrets, specs[i].name))
      g_ptr_array_add (findings, g_strdup_printf ("Connection “%s” has no %s in the keyring: sign in again.",
                                                  connection->name, specs[i].label));
}

/**
 * tide_engine_examine:
 *
 * Looks for what is wrong with the workspace: the database itself, connections without a provider or a
 * login. Blocks, for as long as reading all of the database takes.
 *
 * Returns: (transfer full) (element-type utf8): findings as sentences, none when all is well
 */
GPtrArray *
tide_engine_examine (TideEngine    *self,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) connections = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (!tide_store_check (self->store, findings, cancellable, error))
    return NULL;
  connections = tide_engine_list_connections (self, error);
  if (connections == NULL)
    return NULL;

  for (guint i = 0; i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);
      g_autoptr(TideManifest) manifest = tide_providers_lookup (self->providers, connection->provider, NULL);

      if (manifest != NULL)
        examine_secrets (self, manifest, connection, findings, cancellable);
      else
        g_ptr_array_add (findings, g_strdup_printf ("Connection “%s” is to provider %s, of which there is no"
                                                    " manifest any more.", connection->name, connection->provider));
    }
  return g_steal_pointer (&findings);
}
