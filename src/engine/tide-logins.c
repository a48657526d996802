/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-logins.h"

#include "tide-error.h"

struct _TideLogins
{
  TideKeyring   *keyring;     /* (owned) */
  TideTransport *transport;   /* (owned) */
  TideClock     *clock;       /* (owned) */
  char          *workspace;   /* (owned) */

  GMutex         lock;
  GHashTable    *requesters;  /* (owned) (mutex lock): connection's id → TideRequester */
};

/* What a requester asks with. Its own references, as it may outlive the engine's. */
typedef struct
{
  TideLogins     *logins;     /* (owned) */
  TideConnection *connection; /* (owned) */
  GHashTable     *given;      /* (owned) (nullable): secrets that are not in the keyring yet */
} SecretSource;

static void
secret_source_free (SecretSource *self)
{
  g_clear_pointer (&self->given, g_hash_table_unref);
  tide_connection_unref (self->connection);
  g_clear_pointer (&self->logins, tide_logins_unref);
  g_free (self);
}

/* A secret that the keyring does not have is a login that the owner has to renew. */
static char *
secret_source_get_cb (const char  *name,
                      gpointer     user_data,
                      GError     **error)
{
  SecretSource *source = user_data;
  const char *given = source->given != NULL ? g_hash_table_lookup (source->given, name) : NULL;
  g_autoptr(GError) local_error = NULL;
  char *secret, *copy;

  if (given != NULL)
    return g_strdup (given);

  secret = tide_keyring_lookup (source->logins->keyring, source->logins->workspace, source->connection->name, name,
                                NULL, &local_error);
  if (secret != NULL)
    {
      /* The keyring's memory is of a kind that the requester, which wipes its copy, cannot free. */
      copy = g_strdup (secret);
      tide_secret_free (secret);
      return copy;
    }

  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_AUTH, "%s: its %s is not in the keyring any more",
                 source->connection->name, name);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * tide_logins_new:
 * @keyring: where the secrets are
 * @transport: sends all requests
 * @clock: their time
 * @workspace: under which the secrets are kept
 *
 * Returns: (transfer full): the logins, none of them known yet
 */
TideLogins *
tide_logins_new (TideKeyring   *keyring,
                 TideTransport *transport,
                 TideClock     *clock,
                 const char    *workspace)
{
  TideLogins *self = g_atomic_rc_box_new0 (TideLogins);

  self->keyring = g_object_ref (keyring);
  self->transport = g_object_ref (transport);
  self->clock = g_object_ref (clock);
  self->workspace = g_strdup (workspace);
  self->requesters = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  g_mutex_init (&self->lock);
  return self;
}

TideLogins *
tide_logins_ref (TideLogins *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tide_logins_clear (TideLogins *self)
{
  g_hash_table_unref (self->requesters);
  g_mutex_clear (&self->lock);
  g_free (self->workspace);
  g_object_unref (self->clock);
  g_object_unref (self->transport);
  g_object_unref (self->keyring);
}

void
tide_logins_unref (TideLogins *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)tide_logins_clear);
}

/**
 * tide_logins_close:
 *
 * Lets go of all requesters. Needed at the end: they ask us for secrets, so they hold references to us.
 */
void
tide_logins_close (TideLogins *self)
{
  g_autoptr(GHashTable) requesters = NULL;

  g_mutex_lock (&self->lock);
  requesters = g_steal_pointer (&self->requesters);
  self->requesters = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_logins_new_requester:
 * @secrets: (nullable): secrets to use instead of those in the keyring
 *
 * Returns: (transfer full): a requester of its own, for a trial
 */
TideRequester *
tide_logins_new_requester (TideLogins           *self,
                           TideManifest         *manifest,
                           const TideConnection *connection,
                           GHashTable           *secrets)
{
  SecretSource *source = g_new0 (SecretSource, 1);

  source->logins = tide_logins_ref (self);
  source->connection = tide_connection_copy (connection);
  source->given = secrets != NULL ? g_hash_table_ref (secrets) : NULL;
  return tide_requester_new (manifest, connection, self->transport, self->clock, secret_source_get_cb, source,
                             (GDestroyNotify)secret_source_free);
}

/**
 * tide_logins_get_requester:
 * @manifest: its provider's
 * @connection: a connection that is in the store
 *
 * Returns: (transfer full): the connection's requester
 */
TideRequester *
tide_logins_get_requester (TideLogins           *self,
                           TideManifest         *manifest,
                           const TideConnection *connection)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TideRequester *requester = g_hash_table_lookup (self->requesters, &connection->id);

  if (requester == NULL)
    {
      requester = tide_logins_new_requester (self, manifest, connection, NULL);
      g_hash_table_insert (self->requesters, g_memdup2 (&connection->id, sizeof connection->id), requester);
    }
  return g_object_ref (requester);
}

/**
 * tide_logins_forget:
 *
 * Drops what is in memory of a connection: the keyring is asked anew, and the requester starts afresh.
 */
void
tide_logins_forget (TideLogins *self,
                    gint64      connection_id)
{
  g_autofree gpointer key = NULL;
  gpointer requester = NULL;

  g_mutex_lock (&self->lock);
  g_hash_table_steal_extended (self->requesters, &connection_id, &key, &requester);
  g_mutex_unlock (&self->lock);

  /* Outside of the lock: with the requester goes a reference to us. */
  g_clear_object (&requester);
}

static gboolean
tide_logins_store_all (TideLogins            *self,
                       const TideConnection  *connection,
                       GHashTable            *secrets,
                       GCancellable          *cancellable,
                       GError               **error)
{
  GHashTableIter iter;
  gpointer name, secret;

  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &secret))
    {
      g_autofree char *label = g_strdup_printf ("Tidemark: %s, %s", connection->name, (char *)name);

      if (!tide_keyring_store (self->keyring, self->workspace, connection->name, name, label, secret, cancellable,
                               error))
        return FALSE;
    }
  return TRUE;
}

/**
 * tide_logins_store:
 * @secrets: name → secret
 *
 * Puts secrets into the keyring. Blocks; the owner may be asked for a password.
 */
gboolean
tide_logins_store (TideLogins            *self,
                   const TideConnection  *connection,
                   GHashTable            *secrets,
                   GCancellable          *cancellable,
                   GError               **error)
{
  gboolean ok = tide_logins_store_all (self, connection, secrets, cancellable, error);

  tide_logins_forget (self, connection->id);
  return ok;
}

/**
 * tide_logins_load:
 *
 * Blocks.
 *
 * Returns: (transfer full): those secrets of a connection that the keyring has, name → secret
 */
GHashTable *
tide_logins_load (TideLogins            *self,
                  TideManifest          *manifest,
                  const TideConnection  *connection,
                  GCancellable          *cancellable,
                  GError               **error)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify)tide_secret_free);
  const TideSecretSpec *specs;
  gsize n_specs;

  specs = tide_manifest_get_secrets (manifest, &n_specs);
  for (gsize i = 0; i < n_specs; i++)
    {
      g_autoptr(GError) local_error = NULL;
      char *secret = tide_keyring_lookup (self->keyring, self->workspace, connection->name, specs[i].name,
                                          cancellable, &local_error);

      if (secret != NULL)
        g_hash_table_insert (secrets, g_strdup (specs[i].name), secret);
      else if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return g_steal_pointer (&secrets);
}

/**
 * tide_logins_remove:
 *
 * Takes a connection's secrets out of the keyring and out of memory. Blocks.
 */
gboolean
tide_logins_remove (TideLogins            *self,
                    const TideConnection  *connection,
                    GCancellable          *cancellable,
                    GError               **error)
{
  tide_logins_forget (self, connection->id);
  return tide_keyring_remove_all (self->keyring, self->workspace, connection->name, cancellable, error);
}
