/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-credentials"

#include "config.h"

#include "tide-error.h"
#include "tide-memory-keyring.h"

/* A keyring that forgets everything when it goes: for tests. Thread-safe. */
struct _TideMemoryKeyring
{
  GObject     parent_instance;

  GMutex      lock;
  GHashTable *secrets;        /* (owned) (mutex lock): workspace, connection and name, to secret */
  gboolean    broken;         /* (mutex lock) */
};

static void tide_memory_keyring_keyring_init (TideKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideMemoryKeyring, tide_memory_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_KEYRING, tide_memory_keyring_keyring_init))

/* The parts are put apart by a character that none of them has. */
static char *
make_key (const char *workspace,
          const char *connection,
          const char *name)
{
  return g_strjoin ("\x1f", workspace, connection, name, NULL);
}

static gboolean
tide_memory_keyring_check (TideMemoryKeyring  *self,
                           GCancellable       *cancellable,
                           GError            **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->broken)
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING, "the keyring is made to fail");
  return !self->broken;
}

static gboolean
tide_memory_keyring_store (TideKeyring   *keyring,
                           const char    *workspace,
                           const char    *connection,
                           const char    *name,
                           const char    *label,
                           const char    *value,
                           GCancellable  *cancellable,
                           GError       **error)
{
  TideMemoryKeyring *self = TIDE_MEMORY_KEYRING (keyring);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!tide_memory_keyring_check (self, cancellable, error))
    return FALSE;

  g_hash_table_replace (self->secrets, make_key (workspace, connection, name), tide_secret_dup (value));
  return TRUE;
}

static char *
tide_memory_keyring_lookup (TideKeyring   *keyring,
                            const char    *workspace,
                            const char    *connection,
                            const char    *name,
                            GCancellable  *cancellable,
                            GError       **error)
{
  TideMemoryKeyring *self = TIDE_MEMORY_KEYRING (keyring);
  g_autofree char *key = make_key (workspace, connection, name);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const char *value;

  if (!tide_memory_keyring_check (self, cancellable, error))
    return NULL;

  value = g_hash_table_lookup (self->secrets, key);
  if (value != NULL)
    return tide_secret_dup (value);

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "secret %s: is not in the keyring", name);
  return NULL;
}

static gboolean
tide_memory_keyring_remove (TideKeyring   *keyring,
                            const char    *workspace,
                            const char    *connection,
                            const char    *name,
                            GCancellable  *cancellable,
                            GError       **error)
{
  TideMemoryKeyring *self = TIDE_MEMORY_KEYRING (keyring);
  g_autofree char *key = make_key (workspace, connection, name);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!tide_memory_keyring_check (self, cancellable, error))
    return FALSE;
  if (g_hash_table_remove (self->secrets, key))
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "secret %s: is not in the keyring", name);
  return FALSE;
}

static gboolean
has_prefix (gpointer key,
            gpointer value,
            gpointer prefix)
{
  return g_str_has_prefix (key, prefix);
}

static gboolean
tide_memory_keyring_remove_all (TideKeyring   *keyring,
                                const char    *workspace,
                                const char    *connection,
                                GCancellable  *cancellable,
                                GError       **error)
{
  TideMemoryKeyring *self = TIDE_MEMORY_KEYRING (keyring);
  g_autofree char *prefix = make_key (workspace, connection, "");
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!tide_memory_keyring_check (self, cancellable, error))
    return FALSE;

  g_hash_table_foreach_remove (self->secrets, has_prefix, prefix);
  return TRUE;
}

static void
tide_memory_keyring_finalize (GObject *object)
{
  TideMemoryKeyring *self = TIDE_MEMORY_KEYRING (object);

  g_clear_pointer (&self->secrets, g_hash_table_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_memory_keyring_parent_class)->finalize (object);
}

static void
tide_memory_keyring_keyring_init (TideKeyringInterface *iface)
{
  iface->store = tide_memory_keyring_store;
  iface->lookup = tide_memory_keyring_lookup;
  iface->remove = tide_memory_keyring_remove;
  iface->remove_all = tide_memory_keyring_remove_all;
}

static void
tide_memory_keyring_class_init (TideMemoryKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_memory_keyring_finalize;
}

static void
tide_memory_keyring_init (TideMemoryKeyring *self)
{
  g_mutex_init (&self->lock);
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_secret_free);
}

/**
 * tide_memory_keyring_new:
 *
 * Returns: (transfer full): an empty keyring
 */
TideMemoryKeyring *
tide_memory_keyring_new (void)
{
  return g_object_new (TIDE_TYPE_MEMORY_KEYRING, NULL);
}

/**
 * tide_memory_keyring_set_broken:
 *
 * Lets every call fail with TIDE_ERROR_NO_KEYRING until taken back. Any thread.
 */
void
tide_memory_keyring_set_broken (TideMemoryKeyring *self,
                                gboolean           broken)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (TIDE_IS_MEMORY_KEYRING (self));

  locker = g_mutex_locker_new (&self->lock);
  self->broken = broken;
}

/**
 * tide_memory_keyring_get_size:
 *
 * Returns: how many secrets it holds. Any thread.
 */
guint
tide_memory_keyring_get_size (TideMemoryKeyring *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_MEMORY_KEYRING (self), 0);

  locker = g_mutex_locker_new (&self->lock);
  return g_hash_table_size (self->secrets);
}
