/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-connector.h"

#include "tide-connection-rows.h"
#include "tide-entity.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-schedule-rows.h"
#include "tide-venue-rows.h"
#include "tide-write.h"

/* What the schema allows for a schedule; what is recommended daily gets the longest. */
#define LONGEST_INTERVAL 180

struct _TideConnector
{
  TideStore     *store;     /* (owned) */
  TideLogins    *logins;    /* (owned) */
  TideProviders *providers;
};

/**
 * tide_connector_new:
 * @providers: outlives the connector
 *
 * Returns: (transfer full): a connector
 */
TideConnector *
tide_connector_new (TideStore     *store,
                    TideLogins    *logins,
                    TideProviders *providers)
{
  TideConnector *self = g_new0 (TideConnector, 1);

  self->store = g_object_ref (store);
  self->logins = tide_logins_ref (logins);
  self->providers = providers;
  return self;
}

/**
 * tide_connector_free:
 * @self: (transfer full): a connector
 */
void
tide_connector_free (TideConnector *self)
{
  tide_logins_unref (self->logins);
  g_object_unref (self->store);
  g_free (self);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

/* Without TLS the login would be readable for everybody on the way; on loopback there is no way. */
static gboolean
check_url (const char  *url,
           GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' ||
      (!g_str_equal (g_uri_get_scheme (uri), "https") && !g_str_equal (g_uri_get_scheme (uri), "http")))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "address %s: is not one such as https://example.com", url);
  else if (g_uri_get_userinfo (uri) != NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "address of host %s: must not hold a login", host);
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "address %s: must end before any ? or #", url);
  else if (g_str_equal (g_uri_get_scheme (uri), "http") && !is_loopback (host))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                 "address %s: http is for this computer only, another one needs https", url);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_environment (TideManifest          *manifest,
                   const TideConnection  *connection,
                   GError               **error)
{
  const char *environment = connection->environment;

  if (g_strcmp0 (environment, "production") != 0 && g_strcmp0 (environment, "sandbox") != 0)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "environment %s: is neither production nor sandbox",
                   environment != NULL ? environment : "");
      return FALSE;
    }
  if (connection->base_url != NULL)
    return check_url (connection->base_url, error);
  if (tide_manifest_get_base_url (manifest, environment) != NULL)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: has no address of its own for %s, so one has to be given",
               tide_manifest_get_id (manifest), environment);
  return FALSE;
}

static gboolean
has_secret (TideManifest *manifest,
            const char   *name)
{
  gsize n_specs;
  const TideSecretSpec *specs = tide_manifest_get_secrets (manifest, &n_specs);

  for (gsize i = 0; i < n_specs; i++)
    if (g_str_equal (specs[i].name, name))
      return TRUE;
  return FALSE;
}

static gboolean
check_secrets (TideManifest  *manifest,
               GHashTable    *secrets,
               GError       **error)
{
  gsize n_specs;
  const TideSecretSpec *specs = tide_manifest_get_secrets (manifest, &n_specs);
  GHashTableIter iter;
  gpointer name;

  for (gsize i = 0; i < n_specs; i++)
    {
      const char *secret = secrets != NULL ? g_hash_table_lookup (secrets, specs[i].name) : NULL;

      if (secret == NULL || *secret == '\0')
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: its %s (%s) is missing",
                       tide_manifest_get_id (manifest), specs[i].name, specs[i].label);
          return FALSE;
        }
    }

  if (secrets == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!has_secret (manifest, name))
      {
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%s: knows no secret %s",
                     tide_manifest_get_id (manifest), (char *)name);
        return FALSE;
      }
  return TRUE;
}

static TideConnection *
tide_connector_find (TideConnector  *self,
                     const char     *name,
                     gint64          id,
                     GError        **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);

  if (read == NULL)
    return NULL;
  return name != NULL ? tide_connection_rows_find (tide_read_get_database (read), name, error)
                      : tide_connection_rows_get (tide_read_get_database (read), id, error);
}

/* Before the keyring is touched: under a name that is taken it holds somebody else's secrets. */
static gboolean
tide_connector_check_free (TideConnector         *self,
                           const TideConnection  *connection,
                           GError               **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideConnection) other = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(TideVenue) venue = NULL;

  if (read == NULL)
    return FALSE;
  venue = tide_venue_rows_get (tide_read_get_database (read), connection->venue_id, error);
  if (venue == NULL)
    return FALSE;

  other = tide_connection_rows_find (tide_read_get_database (read), connection->name, &local_error);
  if (other != NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "there is already a connection “%s”", connection->name);
  else if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
put_schedules (TideWrite     *write,
               TideManifest  *manifest,
               gint64         connection_id,
               GError       **error)
{
  GPtrArray *streams = tide_manifest_get_streams (manifest);

  for (guint i = 0; i < streams->len; i++)
    {
      TideStream *stream = g_ptr_array_index (streams, i);
      const TideEntity *entity = tide_entity_lookup (tide_stream_get_entity (stream));
      TideScheduleRow row = { .connection_id = connection_id, .enabled = TRUE };

      if (tide_stream_is_child (stream))
        continue;

      row.stream = (char *)tide_stream_get_name (stream);
      row.interval_minutes = entity != NULL && entity->interval_minutes > 0 ? entity->interval_minutes
                                                                            : LONGEST_INTERVAL;
      row.offset_minutes = entity != NULL ? entity->offset_minutes : 0;
      if (!tide_schedule_rows_put (write, &row, error))
        return FALSE;
    }
  return TRUE;
}

static TideConnection *
tide_connector_add_row (TideConnector         *self,
                        TideManifest          *manifest,
                        const TideConnection  *connection,
                        GCancellable          *cancellable,
                        GError               **error)
{
  g_autoptr(TideConnection) added = NULL;
  g_autoptr(TideWrite) write = NULL;

  if (!tide_manifest_ensure_tables (manifest, self->store, cancellable, error))
    return NULL;
  write = tide_store_begin_write (self->store, cancellable, error);
  if (write == NULL)
    return NULL;

  added = tide_connection_rows_add (write, connection, error);
  if (added == NULL || !put_schedules (write, manifest, added->id, error) || !tide_write_commit (write, error))
    return NULL;
  return g_steal_pointer (&added);
}

/* Not cancellable: what was begun is taken back to the end. */
static void
tide_connector_take_back_secrets (TideConnector        *self,
                                  const TideConnection *connection)
{
  g_autoptr(GError) error = NULL;

  if (tide_logins_remove (self->logins, connection, NULL, &error))
    return;
  /* Without a keyring there is nothing to take back, and the caller hears of that anyway. */
  if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING))
    g_info ("connection %s: taking back its secrets: %s", connection->name, error->message);
  else
    g_warning ("connection %s: was not made, but its secrets could not be taken back: %s", connection->name,
               error->message);
}

/**
 * tide_connector_connect:
 * @connection: what to add; its name must be free
 * @secrets: (nullable): name → secret: all that its provider needs and nothing else
 *
 * Puts the secrets into the keyring and then the connection into the store, with the schedules that are
 * recommended. If the second fails the first is undone. An account that was disconnected and whose records were
 * kept is taken up again where it was left. Blocks; the owner may be asked for a password.
 *
 * Returns: (transfer full): the connection with its id; %NULL with TIDE_ERROR_INVALID, _NOT_FOUND (provider,
 *   venue), _CONFLICT (name), _NO_KEYRING, or the store's errors
 */
TideConnection *
tide_connector_connect (TideConnector         *self,
                        const TideConnection  *connection,
                        GHashTable            *secrets,
                        GCancellable          *cancellable,
                        GError               **error)
{
  g_autoptr(TideManifest) manifest = NULL;
  TideConnection *added;

  if (connection->name == NULL || *connection->name == '\0')
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "a connection needs a name");
      return NULL;
    }

  manifest = tide_providers_lookup (self->providers, connection->provider, error);
  if (manifest == NULL ||
      !check_environment (manifest, connection, error) ||
      !check_secrets (manifest, secrets, error) ||
      !tide_connector_check_free (self, connection, error))
    return NULL;

  if (secrets != NULL && !tide_logins_store (self->logins, connection, secrets, cancellable, error))
    {
      /* The first of several may be there. Where not even one is, there is nothing to be taken back either, and
       * whoever asked is told why. */
      tide_logins_remove (self->logins, connection, NULL, NULL);
      return NULL;
    }

  added = tide_connector_add_row (self, manifest, connection, cancellable, error);
  /* One that was here before may have left a requester that asks for its old secrets. */
  if (added != NULL)
    tide_logins_forget (self->logins, added->id);
  else
    tide_connector_take_back_secrets (self, connection);
  return added;
}

/**
 * tide_connector_replace_secrets:
 * @secrets: name → secret: all that the provider needs
 *
 * Renews a connection's login. Blocks.
 */
gboolean
tide_connector_replace_secrets (TideConnector  *self,
                                gint64          connection_id,
                                GHashTable     *secrets,
                                GCancellable   *cancellable,
                                GError        **error)
{
  g_autoptr(TideConnection) connection = tide_connector_find (self, NULL, connection_id, error);
  g_autoptr(TideManifest) manifest = NULL;

  if (connection == NULL)
    return FALSE;
  manifest = tide_providers_lookup (self->providers, connection->provider, error);
  return manifest != NULL && check_secrets (manifest, secrets, error) &&
         tide_logins_store (self->logins, connection, secrets, cancellable, error);
}

static gboolean
tide_connector_remove_row (TideConnector  *self,
                           gint64          connection_id,
                           gboolean        delete_records,
                           GCancellable   *cancellable,
                           GError        **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, cancellable, error);

  return write != NULL &&
         tide_connection_rows_remove (write, connection_id, delete_records, error) &&
         tide_write_commit (write, error);
}

/* A manifest that is gone must not keep its connections from being removed. */
static GHashTable *
tide_connector_load_secrets (TideConnector         *self,
                             const TideConnection  *connection,
                             GCancellable          *cancellable,
                             GError               **error)
{
  g_autoptr(TideManifest) manifest = tide_providers_lookup (self->providers, connection->provider, NULL);

  if (manifest == NULL)
    return g_hash_table_new (g_str_hash, g_str_equal);
  return tide_logins_load (self->logins, manifest, connection, cancellable, error);
}

/**
 * tide_connector_disconnect:
 * @delete_records: whether what it brought goes too
 *
 * Takes the secrets out of the keyring and then the connection out of the store. If the second fails the first
 * is undone. Blocks.
 */
gboolean
tide_connector_disconnect (TideConnector  *self,
                           gint64          connection_id,
                           gboolean        delete_records,
                           GCancellable   *cancellable,
                           GError        **error)
{
  g_autoptr(TideConnection) connection = tide_connector_find (self, NULL, connection_id, error);
  g_autoptr(GHashTable) secrets = NULL;
  g_autoptr(GError) local_error = NULL;

  if (connection == NULL)
    return FALSE;
  secrets = tide_connector_load_secrets (self, connection, cancellable, error);
  if (secrets == NULL || !tide_logins_remove (self->logins, connection, cancellable, error))
    return FALSE;
  if (tide_connector_remove_row (self, connection_id, delete_records, cancellable, error))
    return TRUE;

  if (!tide_logins_store (self->logins, connection, secrets, NULL, &local_error))
    g_warning ("connection %s: is still there, but its secrets could not be put back: %s", connection->name,
               local_error->message);
  return FALSE;
}

static void
tide_connector_save_account (TideConnector        *self,
                             const TideConnection *connection,
                             const char           *account)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = NULL;

  if (connection->id == 0 || g_strcmp0 (connection->account, account) == 0)
    return;

  write = tide_store_begin_write (self->store, NULL, &error);
  if (write == NULL ||
      !tide_connection_rows_set_account (write, connection->id, account, &error) ||
      !tide_write_commit (write, &error))
    g_info ("connection %s: the account's name could not be noted: %s", connection->name, error->message);
}

/**
 * tide_connector_test:
 * @connection: one of the store's, or one that may become it (id 0)
 * @secrets: (nullable): the login to try; %NULL for the one in the keyring
 *
 * Asks the provider whose login it is and what it may. Blocks on the network.
 *
 * Returns: (transfer full): what it answered; %NULL with TIDE_ERROR_AUTH, _PROVIDER, or as tide_connector_connect()
 */
TideProbe *
tide_connector_test (TideConnector         *self,
                     const TideConnection  *connection,
                     GHashTable            *secrets,
                     GCancellable          *cancellable,
                     GError               **error)
{
  g_autoptr(TideManifest) manifest = tide_providers_lookup (self->providers, connection->provider, error);
  g_autoptr(TideRequester) requester = NULL;
  TideProbe *probe;

  if (manifest == NULL || !check_environment (manifest, connection, error))
    return NULL;
  if ((secrets != NULL || connection->id == 0) && !check_secrets (manifest, secrets, error))
    return NULL;

  requester = tide_logins_new_requester (self->logins, manifest, connection, secrets);
  probe = tide_requester_probe (requester, cancellable, error);
  if (probe != NULL && secrets == NULL)
    tide_connector_save_account (self, connection, probe->account);
  return probe;
}
