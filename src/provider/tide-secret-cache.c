/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-secret-cache.h"

#include <string.h>

/* What is shorter is no secret, and replacing it would garble messages. */
#define SHORTEST_SECRET 4

struct _TideSecretCache
{
  GMutex          mutex;
  GPtrArray      *names;       /* (owned) of char* */
  TideSecretFunc  func;
  gpointer        user_data;
  GDestroyNotify  destroy;
  GHashTable     *secrets;     /* (owned) (nullable) (mutex) name → text; never changed, only replaced */
};

static void
wipe (gpointer data)
{
  char *secret = data;

  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

TideSecretCache *
tide_secret_cache_new (GPtrArray      *names,
                       TideSecretFunc  func,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  TideSecretCache *self = g_new0 (TideSecretCache, 1);

  g_mutex_init (&self->mutex);
  self->names = g_ptr_array_ref (names);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

void
tide_secret_cache_free (TideSecretCache *self)
{
  if (self == NULL)
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_pointer (&self->secrets, g_hash_table_unref);
  g_ptr_array_unref (self->names);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static GHashTable *
ask (TideSecretCache  *self,
     GError          **error)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe);

  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      char *secret = self->func (name, self->user_data, error);

      if (secret == NULL)
        return NULL;
      g_hash_table_insert (secrets, g_strdup (name), secret);
    }
  return g_steal_pointer (&secrets);
}

/**
 * tide_secret_cache_dup:
 *
 * Asks for the secrets at the first call, and may block then.
 *
 * Returns: (transfer full): the secrets, or %NULL with the error of whoever keeps them
 */
GHashTable *
tide_secret_cache_dup (TideSecretCache  *self,
                       GError          **error)
{
  GHashTable *secrets = NULL;

  g_mutex_lock (&self->mutex);
  if (self->secrets == NULL)
    self->secrets = ask (self, error);
  if (self->secrets != NULL)
    secrets = g_hash_table_ref (self->secrets);
  g_mutex_unlock (&self->mutex);
  return secrets;
}

static gboolean
differ (GHashTable *a,
        GHashTable *b)
{
  GHashTableIter iter;
  gpointer name;
  gpointer secret;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &name, &secret))
    if (g_strcmp0 (secret, g_hash_table_lookup (b, name)) != 0)
      return TRUE;
  return FALSE;
}

/**
 * tide_secret_cache_refresh:
 * @used: the secrets with which a login was refused
 *
 * Asks again: the owner may have entered a new token, or another request may have renewed it.
 *
 * Returns: whether there are others now than @used
 */
gboolean
tide_secret_cache_refresh (TideSecretCache  *self,
                           GHashTable       *used,
                           GError          **error)
{
  gboolean changed = FALSE;

  g_mutex_lock (&self->mutex);
  if (self->secrets == used)
    {
      GHashTable *secrets = ask (self, error);

      if (secrets != NULL)
        {
          g_hash_table_unref (self->secrets);
          self->secrets = secrets;
        }
    }
  if (self->secrets != NULL)
    changed = differ (self->secrets, used);
  g_mutex_unlock (&self->mutex);
  return changed;
}

/**
 * tide_secret_cache_redact:
 * @text: what somebody else wrote
 *
 * Returns: (transfer full): @text without any secret that it may repeat
 */
char *
tide_secret_cache_redact (TideSecretCache *self,
                          const char      *text)
{
  g_autoptr(GString) result = g_string_new (text);
  GHashTableIter iter;
  gpointer secret;

  g_mutex_lock (&self->mutex);
  if (self->secrets != NULL)
    {
      g_hash_table_iter_init (&iter, self->secrets);
      while (g_hash_table_iter_next (&iter, NULL, &secret))
        if (strlen (secret) >= SHORTEST_SECRET)
          g_string_replace (result, secret, "•••", 0);
    }
  g_mutex_unlock (&self->mutex);
  return g_string_free (g_steal_pointer (&result), FALSE);
}
