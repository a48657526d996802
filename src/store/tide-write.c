/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-database-private.h"
#include "tide-store-private.h"
#include "tide-write-private.h"

typedef struct
{
  TideWriteEndFunc func;
  gpointer         user_data;
} EndHook;

/* The store's one writer, inside a transaction. Belongs to the thread that began it. */
struct _TideWrite
{
  TideStore    *store;        /* (owned) */
  TideDatabase *database;     /* the store's, until it is given back */
  gboolean      committed;
  GArray       *hooks;        /* (owned) (element-type EndHook) */
};

static void
tide_write_tell (TideWrite *self)
{
  g_autoptr(GArray) hooks = g_steal_pointer (&self->hooks);

  self->hooks = g_array_new (FALSE, FALSE, sizeof (EndHook));
  for (guint i = 0; i < hooks->len; i++)
    {
      const EndHook *hook = &g_array_index (hooks, EndHook, i);

      hook->func (self->committed, hook->user_data);
    }
}

/**
 * tide_store_begin_write:
 * @self: a store that is not read-only
 * @cancellable: (nullable): ends the wait, and each statement of the write
 * @error: return location
 *
 * Waits for the writer (first come, first served) and begins a transaction. Blocks. Whoever
 * has one must not begin another.
 *
 * Returns: (transfer full) (nullable): the write
 */
TideWrite *
tide_store_begin_write (TideStore     *self,
                        GCancellable  *cancellable,
                        GError       **error)
{
  TideDatabase *database;
  TideWrite *write;

  g_return_val_if_fail (TIDE_IS_STORE (self), NULL);

  database = tide_store_acquire_writer (self, cancellable, error);
  if (database == NULL)
    return NULL;
  tide_database_set_cancellable (database, cancellable);
  /* A transaction that begins by reading cannot wait for its turn to write. */
  if (!tide_database_begin (database, "BEGIN IMMEDIATE", error))
    {
      tide_database_set_cancellable (database, NULL);
      tide_store_release_writer (self);
      return NULL;
    }
  write = g_new0 (TideWrite, 1);
  write->store = g_object_ref (self);
  write->database = database;
  write->hooks = g_array_new (FALSE, FALSE, sizeof (EndHook));
  return write;
}

/**
 * tide_write_get_store:
 *
 * Returns: (transfer none): whose write it is
 */
TideStore *
tide_write_get_store (TideWrite *self)
{
  return self->store;
}

/**
 * tide_write_get_database:
 * @self: a write that was not committed yet
 *
 * Returns: (transfer none): the connection, for statements
 */
TideDatabase *
tide_write_get_database (TideWrite *self)
{
  g_return_val_if_fail (!self->committed, NULL);

  return self->database;
}

/**
 * tide_write_commit:
 * @self: a write
 * @error: return location
 *
 * Makes lasting what was written: once it returns, a power cut takes nothing back. The writer is
 * given back when @self is freed, after the statements that were declared behind it.
 *
 * Returns: whether it is committed; if not, it is rolled back when @self is freed
 */
gboolean
tide_write_commit (TideWrite  *self,
                   GError    **error)
{
  g_return_val_if_fail (!self->committed, FALSE);

  if (!tide_database_commit (self->database, error))
    return FALSE;
  self->committed = TRUE;
  tide_store_limit_log (self->store);
  tide_write_tell (self);
  return TRUE;
}

/**
 * tide_write_free:
 * @self: (transfer full): a write; rolled back unless it was committed
 */
void
tide_write_free (TideWrite *self)
{
  if (!self->committed)
    {
      tide_database_rollback (self->database);
      tide_write_tell (self);
    }
  tide_database_set_cancellable (self->database, NULL);
  tide_store_release_writer (self->store);
  g_array_unref (self->hooks);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * tide_write_add_end_func:
 * @func: told the outcome
 * @user_data: for @func
 *
 * For those who remember what they have written.
 */
void
tide_write_add_end_func (TideWrite        *self,
                         TideWriteEndFunc  func,
                         gpointer          user_data)
{
  EndHook hook = { func, user_data };

  g_array_append_val (self->hooks, hook);
}

/**
 * tide_write_remove_end_func:
 * @user_data: as it was added
 */
void
tide_write_remove_end_func (TideWrite *self,
                            gpointer   user_data)
{
  for (guint i = self->hooks->len; i > 0; i--)
    if (g_array_index (self->hooks, EndHook, i - 1).user_data == user_data)
      g_array_remove_index (self->hooks, i - 1);
}
