/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TIDE_TYPE_KEYRING (tide_keyring_get_type ())
G_DECLARE_INTERFACE (TideKeyring, tide_keyring, TIDE, KEYRING, GObject)

/**
 * TideKeyringInterface:
 * @store: keeps a secret, in place of the one that had that name
 * @lookup: gives a secret, to be freed with tide_secret_free()
 * @remove: forgets one secret
 * @remove_all: forgets all secrets of a connection; none there is no error
 *
 * Where secrets are kept. All of it blocks (the owner may be asked for a password meanwhile) and may be
 * called from any thread; an implementation may assume that no argument but @cancellable is %NULL.
 */
struct _TideKeyringInterface
{
  GTypeInterface parent_iface;

  gboolean  (*store)      (TideKeyring   *self,
                           const char    *workspace,
                           const char    *connection,
                           const char    *name,
                           const char    *label,
                           const char    *value,
                           GCancellable  *cancellable,
                           GError       **error);
  char    * (*lookup)     (TideKeyring   *self,
                           const char    *workspace,
                           const char    *connection,
                           const char    *name,
                           GCancellable  *cancellable,
                           GError       **error);
  gboolean  (*remove)     (TideKeyring   *self,
                           const char    *workspace,
                           const char    *connection,
                           const char    *name,
                           GCancellable  *cancellable,
                           GError       **error);
  gboolean  (*remove_all) (TideKeyring   *self,
                           const char    *workspace,
                           const char    *connection,
                           GCancellable  *cancellable,
                           GError       **error);
};

gboolean  tide_keyring_store       (TideKeyring   *self,
                                    const char    *workspace,
                                    const char    *connection,
                                    const char    *name,
                                    const char    *label,
                                    const char    *value,
                                    GCancellable  *cancellable,
                                    GError       **error);
char     *tide_keyring_lookup      (TideKeyring   *self,
                                    const char    *workspace,
                                    const char    *connection,
                                    const char    *name,
                                    GCancellable  *cancellable,
                                    GError       **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  tide_keyring_remove      (TideKeyring   *self,
                                    const char    *workspace,
                                    const char    *connection,
                                    const char    *name,
                                    GCancellable  *cancellable,
                                    GError       **error);
gboolean  tide_keyring_remove_all  (TideKeyring   *self,
                                    const char    *workspace,
                                    const char    *connection,
                                    GCancellable  *cancellable,
                                    GError       **error);

char     *tide_secret_dup          (const char    *value) G_GNUC_WARN_UNUSED_RESULT;
void      tide_secret_free         (char          *secret);

G_END_DECLS
