/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-checkpointer-private.h"
#include "tide-database-private.h"

struct _TideCheckpointer
{
  char    *path;              /* (owned) */
  GThread *thread;            /* (owned) (nullable) (mutex mutex) */
  GMutex   mutex;
  GCond    changed;
  gboolean wanted;            /* (mutex mutex) */
  gboolean working;           /* (mutex mutex) */
  gboolean stopping;          /* (mutex mutex) */
};

/* Copies as much as can be copied now, and waits for nobody. */
static void
copy_log (const char    *path,
          TideDatabase **database)
{
  g_autoptr(GError) error = NULL;

  if (*database == NULL)
    *database = tide_database_open (path, TIDE_DATABASE_NONE, &error);
  /* What fails here is tried again at the next commit, and at the latest when the store is closed. */
  if (*database == NULL || !tide_database_execute (*database, "PRAGMA wal_checkpoint (PASSIVE)", &error))
    g_info ("copying the log: %s", error->message);
}

static gpointer
tide_checkpointer_thread (gpointer data)
{
  TideCheckpointer *self = data;
  g_autoptr(TideDatabase) database = NULL;

  g_mutex_lock (&self->mutex);
  while (!self->stopping)
    {
      if (!self->wanted)
        {
          g_cond_wait (&self->changed, &self->mutex);
          continue;
        }
      self->wanted = FALSE;
      self->working = TRUE;
      g_mutex_unlock (&self->mutex);
      copy_log (self->path, &database);
      g_mutex_lock (&self->mutex);
      self->working = FALSE;
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/**
 * tide_checkpointer_new:
 * @path: the database
 *
 * Returns: (transfer full): a checkpointer
 */
TideCheckpointer *
tide_checkpointer_new (const char *path)
{
  TideCheckpointer *self = g_new0 (TideCheckpointer, 1);

  self->path = g_strdup (path);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  return self;
}

/**
 * tide_checkpointer_free:
 * @self: (transfer full): a checkpointer, which ends what it is at
 */
void
tide_checkpointer_free (TideCheckpointer *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->thread, g_thread_join);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/**
 * tide_checkpointer_request:
 *
 * Asks to copy the log soon. Returns at once.
 */
void
tide_checkpointer_request (TideCheckpointer *self)
{
  g_mutex_lock (&self->mutex);
  self->wanted = TRUE;
  if (self->thread == NULL)
    self->thread = g_thread_new ("tide-checkpoint", tide_checkpointer_thread, self);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_checkpointer_wait:
 *
 * Waits until nothing is asked for any more. Blocks.
 */
void
tide_checkpointer_wait (TideCheckpointer *self)
{
  g_mutex_lock (&self->mutex);
  while (self->wanted || self->working)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
