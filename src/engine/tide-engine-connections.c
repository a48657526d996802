/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-block-rows.h"
#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-venue-rows.h"
#include "tide-write.h"

/* Venues, providers and connections. The functions belong to tide-engine.h. */

/* What a connection is tried or made with, on its way to a thread. Plain memory: the last reference to a
 * task may be dropped by its thread. */
typedef struct
{
  TideConnection *connection;
  GHashTable     *secrets;      /* (nullable) */
} LoginTask;

static void
login_task_free (LoginTask *self)
{
  tide_connection_unref (self->connection);
  g_clear_pointer (&self->secrets, g_hash_table_unref);
  g_free (self);
}

static GHashTable *
copy_secrets (GHashTable *secrets)
{
  GHashTable *copy;
  GHashTableIter iter;
  gpointer name, secret;

  if (secrets == NULL)
    return NULL;

  copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_secret_free);
  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &secret))
    g_hash_table_insert (copy, g_strdup (name), tide_secret_dup (secret));
  return copy;
}

static LoginTask *
login_task_new (const TideConnection *connection,
                GHashTable           *secrets)
{
  LoginTask *self = g_new0 (LoginTask, 1);

  self->connection = tide_connection_copy (connection);
  self->secrets = copy_secrets (secrets);
  return self;
}

/**
 * tide_engine_add_venue:
 * @name: as the owner calls it; unique
 * @timezone: IANA name ("Europe/Rome")
 *
 * Returns: (transfer full): the venue; %NULL with TIDE_ERROR_CONFLICT (name) or _INVALID (zone). Any thread
 */
TideVenue *
tide_engine_add_venue (TideEngine  *self,
                       const char  *name,
                       const char  *timezone,
                       GError     **error)
{
  g_autoptr(TideWrite) write = NULL;
  g_autoptr(TideVenue) venue = NULL;
  g_autofree char *detail = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (!tide_engine_check_writable (self, error))
    return NULL;
  write = tide_store_begin_write (self->store, NULL, error);
  if (write == NULL)
    return NULL;
  venue = tide_venue_rows_add (write, name, timezone, error);
  if (venue == NULL || !tide_write_commit (write, error))
    return NULL;
  g_clear_pointer (&write, tide_write_free);

  detail = tide_engine_make_detail ("timezone", venue->timezone, NULL);
  tide_engine_audit (self, NULL, "venue-added", venue->name, detail);
  tide_engine_connections_changed (self, 0);
  return g_steal_pointer (&venue);
}

/**
 * tide_engine_list_venues:
 *
 * Returns: (transfer full) (element-type TideVenue): all of them. Any thread
 */
GPtrArray *
tide_engine_list_venues (TideEngine  *self,
                         GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_venue_rows_list (tide_read_get_database (read), error) : NULL;
}

/**
 * tide_engine_find_venue:
 *
 * Returns: (transfer full): the venue; %NULL with TIDE_ERROR_NOT_FOUND. Any thread
 */
TideVenue *
tide_engine_find_venue (TideEngine  *self,
                        const char  *name,
                        GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && name != NULL, NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_venue_rows_find (tide_read_get_database (read), name, error) : NULL;
}

/**
 * tide_engine_list_providers:
 *
 * Returns: (transfer full) (element-type TideProviderInfo): all there are. Any thread
 */
GPtrArray *
tide_engine_list_providers (TideEngine *self)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  return tide_providers_list (self->providers);
}

/**
 * tide_engine_find_provider:
 *
 * Returns: (transfer full): the provider; %NULL with TIDE_ERROR_NOT_FOUND. Any thread
 */
TideProviderInfo *
tide_engine_find_provider (TideEngine  *self,
                           const char  *id,
                           GError     **error)
{
  g_return_val_if_fail (TIDE_IS_ENGINE (self) && id != NULL, NULL);

  return tide_providers_find (self->providers, id, error);
}

/**
 * tide_engine_check_provider:
 * @path: a manifest file
 * @problems: (nullable) (element-type TideProviderProblem): gets what is wrong with it
 *
 * Returns: (transfer full): what it describes; %NULL with TIDE_ERROR_INVALID, _NOT_FOUND or _STORAGE. Any thread
 */
TideProviderInfo *
tide_engine_check_provider (const char  *path,
                            GPtrArray   *problems,
                            GError     **error)
{
  return tide_providers_check (path, problems, error);
}

/**
 * tide_engine_add_provider:
 * @path: a manifest file
 * @problems: (nullable) (element-type TideProviderProblem): gets what is wrong with it
 *
 * Checks a manifest and copies it to the owner's own ones, which win over the built-in ones. Any thread.
 *
 * Returns: (transfer full): what it describes; %NULL with an error, and nothing changed
 */
TideProviderInfo *
tide_engine_add_provider (TideEngine  *self,
                          const char  *path,
                          GPtrArray   *problems,
                          GError     **error)
{
  g_autoptr(TideProviderInfo) info = NULL;
  g_autoptr(TideManifest) manifest = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && path != NULL, NULL);

  if (!tide_engine_check_writable (self, error))
    return NULL;
  info = tide_providers_add (self->providers, path, problems, error);
  if (info == NULL)
    return NULL;
  manifest = tide_providers_lookup (self->providers, info->id, error);
  if (manifest == NULL || !tide_manifest_ensure_tables (manifest, self->store, NULL, error))
    return NULL;

  tide_engine_audit (self, NULL, "provider-added", info->id, NULL);
  tide_engine_connections_changed (self, 0);
  return g_steal_pointer (&info);
}

/**
 * tide_engine_connect:
 * @connection: what to make; its id does not count, its name must be free
 * @secrets: (nullable): name → secret: all that its provider needs and nothing else
 * @cancellable: (nullable)
 *
 * Stores the secrets in the Secret Service and then the connection, with the recommended schedules: both or
 * neither. An account (by its name, if @connection tells it) that was disconnected and whose records were kept is
 * taken up again, with its id. Does not ask the provider. Blocks, perhaps for the owner's password; any thread.
 *
 * Returns: (transfer full): the connection; %NULL with TIDE_ERROR_INVALID, _NOT_FOUND (provider, venue), _CONFLICT
 *   (name), _NO_KEYRING, or an error of the store
 */
TideConnection *
tide_engine_connect (TideEngine            *self,
                     const TideConnection  *connection,
                     GHashTable            *secrets,
                     GCancellable          *cancellable,
                     GError               **error)
{
  g_autofree char *detail = NULL;
  TideConnection *made;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && connection != NULL, NULL);

  if (!tide_engine_check_writable (self, error))
    return NULL;
  made = tide_connector_connect (self->connector, connection, secrets, cancellable, error);
  if (made == NULL)
    return NULL;

  detail = tide_engine_make_detail ("provider", made->provider, "environment", made->environment, NULL);
  tide_engine_audit (self, NULL, "connection-added", made->name, detail);
  /* If it was here before, what its old login was refused for is over. */
  tide_engine_connections_changed (self, made->id);
  return made;
}

/**
 * tide_engine_list_connections:
 *
 * Returns: (transfer full) (element-type TideConnection): all of them. Any thread
 */
GPtrArray *
tide_engine_list_connections (TideEngine  *self,
                              GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_connection_rows_list (tide_read_get_database (read), error) : NULL;
}

/**
 * tide_engine_find_connection:
 *
 * Returns: (transfer full): the connection; %NULL with TIDE_ERROR_NOT_FOUND. Any thread
 */
TideConnection *
tide_engine_find_connection (TideEngine  *self,
                             const char  *name,
                             GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && name != NULL, NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_connection_rows_find (tide_read_get_database (read), name, error) : NULL;
}

/* Its name, also of one that is gone in a moment. */
static char *
tide_engine_dup_name (TideEngine *self,
                      gint64      connection_id)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, NULL);
  g_autoptr(TideConnection) connection = NULL;

  if (read != NULL)
    connection = tide_connection_rows_get (tide_read_get_database (read), connection_id, NULL);
  return connection != NULL ? g_strdup (connection->name) : g_strdup_printf ("%" G_GINT64_FORMAT, connection_id);
}

static gboolean
tide_engine_delete_block (TideEngine  *self,
                          gint64       connection_id,
                          GError     **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);

  return write != NULL && tide_block_rows_delete (write, connection_id, error) && tide_write_commit (write, error);
}

/**
 * tide_engine_replace_secrets:
 * @secrets: name → secret: all that the provider needs
 *
 * Renews a connection's login. What its refusal had stopped goes on. Blocks; any thread.
 */
gboolean
tide_engine_replace_secrets (TideEngine    *self,
                             gint64         connection_id,
                             GHashTable    *secrets,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && secrets != NULL, FALSE);

  if (!tide_engine_check_writable (self, error) ||
      !tide_connector_replace_secrets (self->connector, connection_id, secrets, cancellable, error) ||
      !tide_engine_delete_block (self, connection_id, error))
    return FALSE;

  name = tide_engine_dup_name (self, connection_id);
  tide_engine_audit (self, NULL, "secrets-replaced", name, NULL);
  tide_engine_connections_changed (self, connection_id);
  return TRUE;
}

static gboolean
tide_engine_check_unused (TideEngine  *self,
                          gint64       connection_id,
                          GError     **error)
{
  g_autoptr(GPtrArray) runs = tide_run_queue_list_runs (self->queue);

  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);

      /* Those that wait go with it. */
      if (run->connection_id == connection_id && run->status == TIDE_RUN_PROCESSING)
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_BUSY, "connection %s: a sync of %s is under way",
                       run->connection_name, run->stream);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * tide_engine_disconnect:
 * @delete_records: whether what it brought goes too
 *
 * Takes a connection and its secrets away: both or neither. Blocks; any thread.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND, _BUSY (a sync of it is under way), _NO_KEYRING or an error of the store
 */
gboolean
tide_engine_disconnect (TideEngine    *self,
                        gint64         connection_id,
                        gboolean       delete_records,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *name = NULL;
  g_autofree char *detail = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  name = tide_engine_dup_name (self, connection_id);
  if (!tide_engine_check_writable (self, error) ||
      !tide_engine_check_unused (self, connection_id, error) ||
      !tide_connector_disconnect (self->connector, connection_id, delete_records, cancellable, error))
    return FALSE;

  detail = tide_engine_make_detail ("records", delete_records ? "deleted" : "kept", NULL);
  tide_engine_audit (self, NULL, "connection-removed", name, detail);
  tide_engine_connections_changed (self, 0);
  return TRUE;
}

void
tide_test_result_free (TideTestResult *self)
{
  g_free (self->account);
  g_strfreev (self->details);
  g_strfreev (self->missing);
  g_free (self);
}

static char **
dup_lines (char **lines)
{
  return lines != NULL ? g_strdupv (lines) : g_new0 (char *, 1);
}

/**
 * tide_engine_test:
 * @connection: one of the store's, or one that may become it (id 0)
 * @secrets: (nullable): the login to try; %NULL for the stored one
 *
 * Asks the provider whose login it is and what it may. Blocks on the network; any thread.
 *
 * Returns: (transfer full): what it answered; %NULL with TIDE_ERROR_AUTH, _PROVIDER, _INVALID, _NO_KEYRING
 */
TideTestResult *
tide_engine_test (TideEngine            *self,
                  const TideConnection  *connection,
                  GHashTable            *secrets,
                  GCancellable          *cancellable,
                  GError               **error)
{
  g_autoptr(TideProbe) probe = NULL;
  TideTestResult *result;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && connection != NULL, NULL);

  probe = tide_connector_test (self->connector, connection, secrets, cancellable, error);
  if (probe == NULL)
    return NULL;

  result = g_new0 (TideTestResult, 1);
  result->account = g_strdup (probe->account);
  result->details = dup_lines (probe->details);
  result->missing = dup_lines (probe->missing);
  return result;
}

static void
test_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  LoginTask *login = task_data;
  GError *error = NULL;
  TideTestResult *result = tide_engine_test (source_object, login->connection, login->secrets, cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify)tide_test_result_free);
  else
    g_task_return_error (task, error);
}

/**
 * tide_engine_test_async:
 *
 * As tide_engine_test(), without blocking. The engine's thread.
 */
void
tide_engine_test_async (TideEngine           *self,
                        const TideConnection *connection,
                        GHashTable           *secrets,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_engine_test_async);
  g_task_set_task_data (task, login_task_new (connection, secrets), (GDestroyNotify)login_task_free);
  g_task_run_in_thread (task, test_thread);
}

TideTestResult *
tide_engine_test_finish (TideEngine    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
connect_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  LoginTask *login = task_data;
  GError *error = NULL;
  TideConnection *made = tide_engine_connect (source_object, login->connection, login->secrets, cancellable, &error);

  if (made != NULL)
    g_task_return_pointer (task, made, (GDestroyNotify)tide_connection_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tide_engine_connect_async:
 *
 * As tide_engine_connect(), without blocking. The engine's thread.
 */
void
tide_engine_connect_async (TideEngine           *self,
                           const TideConnection *connection,
                           GHashTable           *secrets,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tide_engine_connect_async);
  g_task_set_task_data (task, login_task_new (connection, secrets), (GDestroyNotify)login_task_free);
  g_task_run_in_thread (task, connect_thread);
}

TideConnection *
tide_engine_connect_finish (TideEngine    *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
