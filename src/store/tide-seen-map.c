/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tide-seen-map-private.h"

#define BLOCK_ROWS 65536
#define BLOCK_BYTES (BLOCK_ROWS / 8)

/* The block that tells of the listing itself. */
#define LISTING_BLOCK (-1)

struct _TideSeenMap
{
  gint64     connection_id;
  char      *stream;          /* (owned) */
  gint64     high;            /* highest key when the listing began: later rows are new by themselves */
  gint64     n_unnamed;       /* records that came by and did not tell their id */
  gsize      n_blocks;
  guint8   **blocks;          /* (owned) (array length=n_blocks): NULL where no bit is set */
  gboolean  *dirty;           /* (owned) (array length=n_blocks) */
  gboolean   listing_dirty;
};

static void
set_high (TideSeenMap *self,
          gint64       high)
{
  tide_seen_map_clear (self);
  g_free (self->blocks);
  g_free (self->dirty);
  self->high = high;
  self->n_blocks = (gsize)(high / BLOCK_ROWS) + 1;
  self->blocks = g_new0 (guint8 *, self->n_blocks);
  self->dirty = g_new0 (gboolean, self->n_blocks);
}

/**
 * tide_seen_map_new:
 * @connection_id: whose listing
 * @stream: of which stream
 * @high: highest key in the table now
 *
 * Returns: (transfer full): a map of a listing that has seen nothing
 */
TideSeenMap *
tide_seen_map_new (gint64      connection_id,
                   const char *stream,
                   gint64      high)
{
  TideSeenMap *self = g_new0 (TideSeenMap, 1);

  self->connection_id = connection_id;
  self->stream = g_strdup (stream);
  set_high (self, high);
  return self;
}

/**
 * tide_seen_map_clear:
 *
 * Forgets all that was seen.
 */
void
tide_seen_map_clear (TideSeenMap *self)
{
  for (gsize i = 0; i < self->n_blocks; i++)
    {
      g_clear_pointer (&self->blocks[i], g_free);
      self->dirty[i] = FALSE;
    }
  self->n_unnamed = 0;
  self->listing_dirty = TRUE;
}

/**
 * tide_seen_map_free:
 * @self: (transfer full): a map
 */
void
tide_seen_map_free (TideSeenMap *self)
{
  tide_seen_map_clear (self);
  g_free (self->blocks);
  g_free (self->dirty);
  g_free (self->stream);
  g_free (self);
}

/**
 * tide_seen_map_get_high:
 *
 * Returns: highest key when the listing began
 */
gint64
tide_seen_map_get_high (TideSeenMap *self)
{
  return self->high;
}

/**
 * tide_seen_map_add:
 * @key: a row that came by; nothing happens where it is younger than the listing
 */
void
tide_seen_map_add (TideSeenMap *self,
                   gint64       key)
{
  gsize block = (gsize)(key / BLOCK_ROWS);
  gsize bit = (gsize)(key % BLOCK_ROWS);
  guint8 mask = (guint8)(1u << bit % 8);

  if (key <= 0 || key > self->high)
    return;
  if (self->blocks[block] == NULL)
    self->blocks[block] = g_malloc0 (BLOCK_BYTES);
  if ((self->blocks[block][bit / 8] & mask) != 0)
    return;
  self->blocks[block][bit / 8] |= mask;
  self->dirty[block] = TRUE;
}

/**
 * tide_seen_map_contains:
 *
 * Returns: whether the row came by, or is younger than the listing
 */
gboolean
tide_seen_map_contains (TideSeenMap *self,
                        gint64       key)
{
  const guint8 *block;

  if (key > self->high)
    return TRUE;
  block = self->blocks[key / BLOCK_ROWS];
  return block != NULL && (block[key % BLOCK_ROWS / 8] & 1u << key % 8) != 0;
}

/**
 * tide_seen_map_add_unnamed:
 *
 * Notes that a record came by whose id could not be read: it may be any.
 */
void
tide_seen_map_add_unnamed (TideSeenMap *self)
{
  self->n_unnamed++;
  self->listing_dirty = TRUE;
}

/**
 * tide_seen_map_get_unnamed:
 *
 * Returns: how many records came by whose id could not be read
 */
gint64
tide_seen_map_get_unnamed (TideSeenMap *self)
{
  return self->n_unnamed;
}

static void
load_listing (TideSeenMap *self,
              const char  *text,
              gsize        length)
{
  g_autofree char *copy = g_strndup (text, length);
  long long high = 0;
  long long n_unnamed = 0;

  if (sscanf (copy, "%lld %lld", &high, &n_unnamed) < 1)
    return;
  set_high (self, high);
  self->n_unnamed = n_unnamed;
  self->listing_dirty = FALSE;
}

static void
load_block (TideSeenMap   *self,
            TideStatement *row)
{
  gint64 block = tide_statement_get_int (row, 0);
  gsize length;
  const void *bits = tide_statement_get_blob (row, 1, &length);

  if (block == LISTING_BLOCK)
    {
      load_listing (self, bits, length);
      return;
    }
  /* Blocks come after the listing, which tells how many there can be. */
  if (block < 0 || (gsize)block >= self->n_blocks || length != BLOCK_BYTES)
    return;
  g_free (self->blocks[block]);
  self->blocks[block] = g_memdup2 (bits, length);
  self->dirty[block] = FALSE;
}

/**
 * tide_seen_map_load:
 * @database: a connection
 * @found: (out): whether a listing was under way
 * @error: return location
 *
 * Becomes the map of the listing that is under way, with the highest key that it began with. Where
 * there is none, nothing changes.
 *
 * Returns: whether that could be found out
 */
gboolean
tide_seen_map_load (TideSeenMap   *self,
                    TideDatabase  *database,
                    gboolean      *found,
                    GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT block, bits FROM sync_seen"
                                  " WHERE connection_id = @connection AND stream = @stream ORDER BY block", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", self->connection_id);
  tide_statement_bind_text (statement, "@stream", self->stream);
  *found = FALSE;
  while (tide_statement_next (statement, &local_error))
    {
      load_block (self, statement);
      *found = TRUE;
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the listing of %s: ", self->stream);
  return FALSE;
}

static gboolean
put_block (TideSeenMap    *self,
           TideStatement  *statement,
           gint64          block,
           const void     *bits,
           gsize           length,
           GError        **error)
{
  tide_statement_bind_int (statement, "@connection", self->connection_id);
  tide_statement_bind_text (statement, "@stream", self->stream);
  tide_statement_bind_int (statement, "@block", block);
  tide_statement_bind_blob (statement, "@bits", bits, length);
  return tide_statement_run (statement, error);
}

static gboolean
put_listing (TideSeenMap    *self,
             TideStatement  *statement,
             GError        **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, self->high, self->n_unnamed);

  return put_block (self, statement, LISTING_BLOCK, text, strlen (text), error);
}

/**
 * tide_seen_map_save:
 * @database: the writer's connection
 * @anew: whether whatever listing was under way before is to be forgotten
 * @error: return location
 *
 * Writes down what has changed since it was written down last.
 *
 * Returns: whether it is written
 */
gboolean
tide_seen_map_save (TideSeenMap   *self,
                    TideDatabase  *database,
                    gboolean       anew,
                    GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  if (anew && !tide_seen_map_remove (self, database, error))
    return FALSE;
  statement = tide_statement_new (database,
                                  "INSERT INTO sync_seen (connection_id, stream, block, bits)"
                                  " VALUES (@connection, @stream, @block, @bits)"
                                  " ON CONFLICT (connection_id, stream, block) DO UPDATE SET bits = excluded.bits",
                                  error);
  if (statement == NULL)
    return FALSE;
  if ((anew || self->listing_dirty) && !put_listing (self, statement, error))
    return FALSE;
  self->listing_dirty = FALSE;
  for (gsize i = 0; i < self->n_blocks; i++)
    {
      if (!self->dirty[i])
        continue;
      if (!put_block (self, statement, (gint64)i, self->blocks[i], BLOCK_BYTES, error))
        return FALSE;
      self->dirty[i] = FALSE;
    }
  return TRUE;
}

/**
 * tide_seen_map_remove:
 * @database: the writer's connection
 * @error: return location
 *
 * Removes what is written down: the listing is over.
 *
 * Returns: whether it is removed
 */
gboolean
tide_seen_map_remove (TideSeenMap   *self,
                      TideDatabase  *database,
                      GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "DELETE FROM sync_seen"
                                  " WHERE connection_id = @connection AND stream = @stream", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@connection", self->connection_id);
  tide_statement_bind_text (statement, "@stream", self->stream);
  return tide_statement_run (statement, error);
}
