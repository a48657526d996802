/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-credentials"

#include "config.h"

#include <string.h>

#include <libsecret/secret.h>

#include "tide-error.h"
#include "tide-keyring.h"

G_DEFINE_INTERFACE (TideKeyring, tide_keyring, G_TYPE_OBJECT)

static void
tide_keyring_default_init (TideKeyringInterface *iface)
{
}

/**
 * tide_keyring_store:
 * @workspace: an id of the workspace that stays the same for its life
 * @connection: an id of the connection within the workspace
 * @name: which of the connection's secrets ("access_token")
 * @label: what the owner reads in a password manager
 * @value: the secret; an empty one or one that is not UTF-8 is refused
 *
 * Keeps a secret, in place of the one that had that name. Blocks; any thread.
 *
 * Returns: %FALSE with TIDE_ERROR_NO_KEYRING (there is no place for secrets, or it is locked) or
 *   TIDE_ERROR_INVALID
 */
gboolean
tide_keyring_store (TideKeyring   *self,
                    const char    *workspace,
                    const char    *connection,
                    const char    *name,
                    const char    *label,
                    const char    *value,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_return_val_if_fail (TIDE_IS_KEYRING (self), FALSE);
  g_return_val_if_fail (workspace != NULL && connection != NULL && name != NULL, FALSE);
  g_return_val_if_fail (label != NULL && value != NULL, FALSE);

  if (*value == '\0' || !g_utf8_validate (value, -1, NULL))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                   *value == '\0' ? "secret %s: is empty" : "secret %s: is not UTF-8 text", name);
      return FALSE;
    }

  return TIDE_KEYRING_GET_IFACE (self)->store (self, workspace, connection, name, label, value,
                                               cancellable, error);
}

/**
 * tide_keyring_lookup:
 *
 * Blocks; any thread. Arguments as for tide_keyring_store().
 *
 * Returns: (transfer full): the secret, to be freed with tide_secret_free(), which wipes it; %NULL with
 *   TIDE_ERROR_NOT_FOUND when it is certainly not there, TIDE_ERROR_NO_KEYRING when that cannot be told
 */
char *
tide_keyring_lookup (TideKeyring   *self,
                     const char    *workspace,
                     const char    *connection,
                     const char    *name,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_return_val_if_fail (TIDE_IS_KEYRING (self), NULL);
  g_return_val_if_fail (workspace != NULL && connection != NULL && name != NULL, NULL);

  return TIDE_KEYRING_GET_IFACE (self)->lookup (self, workspace, connection, name, cancellable, error);
}

/**
 * tide_keyring_remove:
 *
 * Forgets one secret. Blocks; any thread. Arguments as for tide_keyring_store().
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND or TIDE_ERROR_NO_KEYRING
 */
gboolean
tide_keyring_remove (TideKeyring   *self,
                     const char    *workspace,
                     const char    *connection,
                     const char    *name,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_return_val_if_fail (TIDE_IS_KEYRING (self), FALSE);
  g_return_val_if_fail (workspace != NULL && connection != NULL && name != NULL, FALSE);

  return TIDE_KEYRING_GET_IFACE (self)->remove (self, workspace, connection, name, cancellable, error);
}

/**
 * tide_keyring_remove_all:
 *
 * Forgets all secrets of a connection; that there are none is no error. Blocks; any thread.
 *
 * Returns: %FALSE with TIDE_ERROR_NO_KEYRING: they may still be there
 */
gboolean
tide_keyring_remove_all (TideKeyring   *self,
                         const char    *workspace,
                         const char    *connection,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_return_val_if_fail (TIDE_IS_KEYRING (self), FALSE);
  g_return_val_if_fail (workspace != NULL && connection != NULL, FALSE);

  return TIDE_KEYRING_GET_IFACE (self)->remove_all (self, workspace, connection, cancellable, error);
}

/**
 * tide_secret_dup:
 *
 * Returns: (transfer full): a copy in memory that is not swapped out, where the system grants some
 */
char *
tide_secret_dup (const char *value)
{
  SecretValue *copy;

  g_return_val_if_fail (value != NULL, NULL);

  copy = secret_value_new (value, strlen (value), "text/plain");
  return secret_value_unref_to_password (copy, NULL);
}

/**
 * tide_secret_free:
 * @secret: (nullable): what tide_keyring_lookup() or tide_secret_dup() gave
 *
 * Wipes a secret and frees it.
 */
void
tide_secret_free (char *secret)
{
  if (secret != NULL)
    secret_password_free (secret);
}
