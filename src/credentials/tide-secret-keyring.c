/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-credentials"

#include "config.h"

#include <string.h>

#include <libsecret/secret.h>

#include "tide-error.h"
#include "tide-secret-keyring.h"

#define TEXT_NO_BUS \
  "there is no session bus to reach the Secret Service on: start this from a desktop session, " \
  "or under dbus-run-session with gnome-keyring"
#define TEXT_NO_SERVICE \
  "no Secret Service answers on this session: install and start gnome-keyring " \
  "(or KeePassXC with its Secret Service switched on)"
#define TEXT_LOCKED \
  "the keyring is locked and was not unlocked: unlock it with your login password " \
  "(log in to the desktop again, or open Passwords and Keys)"
#define TEXT_NO_KEYRING_YET \
  "there is no keyring yet and none could be made: log in to the desktop once, " \
  "or make a keyring in Passwords and Keys and set it as the default one"

/* Secrets in the Secret Service of the session (GNOME Keyring, KeePassXC, KWallet). Thread-safe. */
struct _TideSecretKeyring
{
  GObject        parent_instance;

  GMutex         lock;
  SecretService *service;     /* (owned) (nullable) (mutex lock) */
};

/* What a call is about, and what it found. */
typedef struct
{
  GHashTable *attributes;     /* (owned) */
  const char *label;
  const char *value;
  char       *found;          /* (owned) (nullable) */
  gboolean    removed;
} Request;

typedef gboolean (*RequestFunc) (SecretService  *service,
                                 Request        *request,
                                 GCancellable   *cancellable,
                                 GError        **error);

static const SecretSchema schema = {
  APP_ID,
  SECRET_SCHEMA_NONE,
  {
    { "workspace", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "connection", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void tide_secret_keyring_keyring_init (TideKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSecretKeyring, tide_secret_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_KEYRING, tide_secret_keyring_keyring_init))

static void
request_clear (Request *request)
{
  g_clear_pointer (&request->attributes, g_hash_table_unref);
  g_clear_pointer (&request->found, tide_secret_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

/* A service without a keyring may still name one as its default: a path where nothing is. */
static gboolean
is_missing_object (const GError *error)
{
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
}

static const char *
describe_dbus_error (const GError *error)
{
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
      /* It is installed, but the bus could not start it. */
      (error->domain == G_DBUS_ERROR &&
       error->code >= G_DBUS_ERROR_SPAWN_EXEC_FAILED && error->code <= G_DBUS_ERROR_SPAWN_NO_MEMORY))
    return TEXT_NO_SERVICE;
  return NULL;
}

static const char *
describe_error (const GError *error)
{
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return TEXT_LOCKED;
  if (is_missing_object (error))
    return TEXT_NO_KEYRING_YET;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TEXT_NO_SERVICE;
  return describe_dbus_error (error);
}

/* The one place where libsecret's and D-Bus's errors become ours. Takes @local_error. */
static void
propagate_secret_error (GError **error,
                        GError  *local_error)
{
  const char *text = describe_error (local_error);

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, local_error);
      return;
    }

  if (g_dbus_error_is_remote_error (local_error))
    g_dbus_error_strip_remote_error (local_error);
  if (text != NULL)
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING, text);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING, "the Secret Service failed: %s", local_error->message);
  g_error_free (local_error);
}

/* GLib ends the whole process when a shared bus goes away; a sync must survive the desktop's end. */
static gboolean
check_bus (GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, &local_error);

  if (bus != NULL)
    {
      g_dbus_connection_set_exit_on_close (bus, FALSE);
      return TRUE;
    }

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING, TEXT_NO_BUS);
  return FALSE;
}

static SecretService *
tide_secret_keyring_open (TideSecretKeyring  *self,
                          gboolean           *fresh,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *fresh = self->service == NULL;
  if (!*fresh)
    return g_object_ref (self->service);

  if (!check_bus (cancellable, error))
    return NULL;

  self->service = secret_service_open_sync (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION,
                                            cancellable, &local_error);
  if (self->service == NULL)
    {
      propagate_secret_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_object_ref (self->service);
}

/* Lets go of @service, unless somebody has already put another one in its place. */
static void
tide_secret_keyring_drop (TideSecretKeyring *self,
                          SecretService     *service)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->service == service)
    g_clear_object (&self->service);
}

static gboolean
is_connection_error (const GError *error)
{
  return error->domain == G_DBUS_ERROR ||
         (error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CANCELLED);
}

/* Does a call. The session with a service that has been restarted since is worth nothing: such a
 * call is done once more with a new session. */
static gboolean
tide_secret_keyring_call (TideSecretKeyring  *self,
                          RequestFunc         func,
                          Request            *request,
                          GCancellable       *cancellable,
                          GError            **error)
{
  gboolean fresh = FALSE;

  do
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(SecretService) service = tide_secret_keyring_open (self, &fresh, cancellable, error);

      if (service == NULL)
        return FALSE;
      if (func (service, request, cancellable, &local_error))
        return TRUE;

      if (is_connection_error (local_error))
        tide_secret_keyring_drop (self, service);
      if (fresh || !is_connection_error (local_error))
        {
          if (local_error->domain == TIDE_ERROR)
            g_propagate_error (error, g_steal_pointer (&local_error));
          else
            propagate_secret_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  while (TRUE);
}

/* @collection: (out) (nullable): the default keyring; %NULL if there is none */
static gboolean
find_default_collection (SecretService     *service,
                         SecretCollection **collection,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autoptr(GError) local_error = NULL;

  *collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                                  cancellable, &local_error);
  if (local_error == NULL || is_missing_object (local_error))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* A locked keyring answers "not found", so that has to be looked at before it is believed. No
 * default keyring at all is fine here: then there is nothing in it. */
static gboolean
ensure_unlocked (SecretService  *service,
                 gboolean       *was_locked,
                 GCancellable   *cancellable,
                 GError        **error)
{
  g_autoptr(SecretCollection) collection = NULL;
  g_autoptr(GError) local_error = NULL;
  GList objects = { NULL, NULL, NULL };

  *was_locked = FALSE;
  if (!find_default_collection (service, &collection, cancellable, error))
    return FALSE;
  if (collection == NULL || !secret_collection_get_locked (collection))
    return TRUE;

  *was_locked = TRUE;
  objects.data = collection;
  if (secret_service_unlock_sync (service, &objects, cancellable, NULL, &local_error) > 0)
    return TRUE;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING, TEXT_LOCKED);
  return FALSE;
}

static gboolean
request_store (SecretService  *service,
               Request        *request,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autoptr(SecretValue) value = secret_value_new (request->value, strlen (request->value), "text/plain");

  return secret_service_store_sync (service, &schema, request->attributes, SECRET_COLLECTION_DEFAULT,
                                    request->label, value, cancellable, error);
}

static gboolean
request_lookup_once (SecretService  *service,
                     Request        *request,
                     GCancellable   *cancellable,
                     GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(SecretValue) value = NULL;

  value = secret_service_lookup_sync (service, &schema, request->attributes, cancellable, &local_error);
  /* Taken whatever its content type: password managers differ in what they say there. */
  if (value != NULL)
    request->found = tide_secret_dup (secret_value_get (value, NULL));
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
request_lookup (SecretService  *service,
                Request        *request,
                GCancellable   *cancellable,
                GError        **error)
{
  gboolean was_locked;

  if (!request_lookup_once (service, request, cancellable, error))
    return FALSE;
  if (request->found != NULL)
    return TRUE;

  return ensure_unlocked (service, &was_locked, cancellable, error) &&
         (!was_locked || request_lookup_once (service, request, cancellable, error));
}

static gboolean
request_remove (SecretService  *service,
                Request        *request,
                GCancellable   *cancellable,
                GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean was_locked;

  if (!ensure_unlocked (service, &was_locked, cancellable, error))
    return FALSE;

  request->removed = secret_service_clear_sync (service, &schema, request->attributes, cancellable, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
request_probe (SecretService  *service,
               Request        *request,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autoptr(SecretCollection) collection = NULL;

  if (!find_default_collection (service, &collection, cancellable, error))
    return FALSE;
  if (collection != NULL && !secret_collection_get_locked (collection))
    return TRUE;

  g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING,
                       collection != NULL ? TEXT_LOCKED : TEXT_NO_KEYRING_YET);
  return FALSE;
}

static GHashTable *
make_attributes (const char *workspace,
                 const char *connection,
                 const char *name)
{
  GHashTable *attributes = secret_attributes_build (&schema,
                                                    "workspace", workspace,
                                                    "connection", connection,
                                                    NULL);

  if (name != NULL)
    g_hash_table_insert (attributes, g_strdup ("name"), g_strdup (name));
  return attributes;
}

static gboolean
tide_secret_keyring_store (TideKeyring   *keyring,
                           const char    *workspace,
                           const char    *connection,
                           const char    *name,
                           const char    *label,
                           const char    *value,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_auto(Request) request = { make_attributes (workspace, connection, name), label, value, NULL, FALSE };

  return tide_secret_keyring_call (TIDE_SECRET_KEYRING (keyring), request_store, &request, cancellable, error);
}

static char *
tide_secret_keyring_lookup (TideKeyring   *keyring,
                            const char    *workspace,
                            const char    *connection,
                            const char    *name,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_auto(Request) request = { make_attributes (workspace, connection, name), NULL, NULL, NULL, FALSE };

  if (!tide_secret_keyring_call (TIDE_SECRET_KEYRING (keyring), request_lookup, &request, cancellable, error))
    return NULL;
  if (request.found == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "secret %s: is not in the keyring", name);

  return g_steal_pointer (&request.found);
}

static gboolean
tide_secret_keyring_remove (TideKeyring   *keyring,
                            const char    *workspace,
                            const char    *connection,
                            const char    *name,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_auto(Request) request = { make_attributes (workspace, connection, name), NULL, NULL, NULL, FALSE };

  if (!tide_secret_keyring_call (TIDE_SECRET_KEYRING (keyring), request_remove, &request, cancellable, error))
    return FALSE;
  if (!request.removed)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "secret %s: is not in the keyring", name);

  return request.removed;
}

static gboolean
tide_secret_keyring_remove_all (TideKeyring   *keyring,
                                const char    *workspace,
                                const char    *connection,
                                GCancellable  *cancellable,
                                GError       **error)
{
  g_auto(Request) request = { make_attributes (workspace, connection, NULL), NULL, NULL, NULL, FALSE };

  return tide_secret_keyring_call (TIDE_SECRET_KEYRING (keyring), request_remove, &request, cancellable, error);
}

static void
tide_secret_keyring_finalize (GObject *object)
{
  TideSecretKeyring *self = TIDE_SECRET_KEYRING (object);

  g_clear_object (&self->service);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_secret_keyring_parent_class)->finalize (object);
}

static void
tide_secret_keyring_keyring_init (TideKeyringInterface *iface)
{
  iface->store = tide_secret_keyring_store;
  iface->lookup = tide_secret_keyring_lookup;
  iface->remove = tide_secret_keyring_remove;
  iface->remove_all = tide_secret_keyring_remove_all;
}

static void
tide_secret_keyring_class_init (TideSecretKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_secret_keyring_finalize;
}

static void
tide_secret_keyring_init (TideSecretKeyring *self)
{
  g_mutex_init (&self->lock);
}

/**
 * tide_secret_keyring_new:
 *
 * Does not talk to the service yet, so it cannot fail.
 *
 * Returns: (transfer full): the session's keyring
 */
TideSecretKeyring *
tide_secret_keyring_new (void)
{
  return g_object_new (TIDE_TYPE_SECRET_KEYRING, NULL);
}

/**
 * tide_secret_keyring_probe:
 *
 * Looks, without asking the owner anything, whether secrets could be kept and found now. Blocks; any thread.
 *
 * Returns: %FALSE with TIDE_ERROR_NO_KEYRING, which says what to install or start
 */
gboolean
tide_secret_keyring_probe (TideSecretKeyring  *self,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_auto(Request) request = { NULL, NULL, NULL, NULL, FALSE };

  g_return_val_if_fail (TIDE_IS_SECRET_KEYRING (self), FALSE);

  return tide_secret_keyring_call (self, request_probe, &request, cancellable, error);
}
