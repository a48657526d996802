/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-store-private.h"

/* A read connection inside a transaction. Belongs to the thread that began it. */
struct _TideRead
{
  TideStore    *store;        /* (owned) */
  TideDatabase *database;     /* (owned) */
};

/**
 * tide_store_begin_read:
 * @self: a store
 * @cancellable: (nullable): ends each statement of the read
 * @error: return location
 *
 * Begins to read. All that is read until it is freed is as it stood at the first statement,
 * whatever is written meanwhile; so keep it short, as the log cannot start over during it.
 *
 * Returns: (transfer full) (nullable): the read
 */
TideRead *
tide_store_begin_read (TideStore     *self,
                       GCancellable  *cancellable,
                       GError       **error)
{
  TideDatabase *database;
  TideRead *read;

  g_return_val_if_fail (TIDE_IS_STORE (self), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  database = tide_store_acquire_reader (self, error);
  if (database == NULL)
    return NULL;
  tide_database_set_cancellable (database, cancellable);
  if (!tide_database_begin (database, "BEGIN", error))
    {
      tide_database_close (database);
      return NULL;
    }
  read = g_new0 (TideRead, 1);
  read->store = g_object_ref (self);
  read->database = database;
  return read;
}

/**
 * tide_read_get_database:
 *
 * Returns: (transfer none): the connection, for statements
 */
TideDatabase *
tide_read_get_database (TideRead *self)
{
  return self->database;
}

/**
 * tide_read_free:
 * @self: (transfer full): a read, all of whose statements have been freed
 */
void
tide_read_free (TideRead *self)
{
  tide_database_rollback (self->database);
  tide_database_set_cancellable (self->database, NULL);
  tide_store_release_reader (self->store, self->database);
  g_object_unref (self->store);
  g_free (self);
}
