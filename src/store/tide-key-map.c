/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <xxhash.h>

#include "tide-key-map-private.h"

#define CAPACITY_MIN 1024

/* Open addressing stays fast up to here. */
static gboolean
is_full (const TideKeyMap *self)
{
  return self->n >= self->capacity / 5 * 4;
}

/* Maps a 64-bit number evenly onto 0 .. capacity - 1, for a capacity that need not be a power of two: what
 * a million keys take must not jump from 20 to 40 MB. */
static gsize
first_place (const TideKeyMap *self,
             guint64           key)
{
  return (gsize)(((unsigned __int128)key * self->capacity) >> 64);
}

static void
allocate (TideKeyMap *self,
          gsize       capacity,
          gboolean    keys_only)
{
  self->capacity = capacity;
  self->keys = g_new0 (guint64, capacity);
  self->hashes = keys_only ? NULL : g_new (guint64, capacity);
  self->rows = keys_only ? NULL : g_new (guint32, capacity);
}

/**
 * tide_key_map_new:
 * @expected: how many keys there will be; more are welcome
 * @keys_only: whether neither hashes nor rows are kept
 *
 * Returns: (transfer full): an empty map
 */
TideKeyMap *
tide_key_map_new (gsize    expected,
                  gboolean keys_only)
{
  TideKeyMap *self = g_new0 (TideKeyMap, 1);

  allocate (self, MAX (expected + expected / 3, CAPACITY_MIN), keys_only);
  return self;
}

/**
 * tide_key_map_free:
 * @self: (transfer full): a map
 */
void
tide_key_map_free (TideKeyMap *self)
{
  g_free (self->keys);
  g_free (self->hashes);
  g_free (self->rows);
  g_free (self);
}

/**
 * tide_key_map_hash:
 * @id: a record's id
 * @length: its bytes
 *
 * Returns: its key; never 0
 */
guint64
tide_key_map_hash (const char *id,
                   gsize       length)
{
  guint64 key = XXH3_64bits (id, length);

  return key != 0 ? key : 1;
}

/**
 * tide_key_map_find:
 * @key: a key
 * @place: (out): where it is, or where it would be put
 *
 * Returns: whether it is there
 */
gboolean
tide_key_map_find (const TideKeyMap *self,
                   guint64           key,
                   gsize            *place)
{
  gsize at = first_place (self, key);

  while (self->keys[at] != 0 && self->keys[at] != key)
    at = at + 1 < self->capacity ? at + 1 : 0;
  *place = at;
  return self->keys[at] == key;
}

static void
grow (TideKeyMap *self)
{
  TideKeyMap old = *self;

  allocate (self, old.capacity + old.capacity / 2, old.hashes == NULL);
  for (gsize i = 0; i < old.capacity; i++)
    {
      gsize place;

      if (old.keys[i] == 0)
        continue;
      tide_key_map_find (self, old.keys[i], &place);
      self->keys[place] = old.keys[i];
      if (old.hashes != NULL)
        {
          self->hashes[place] = old.hashes[i];
          self->rows[place] = old.rows[i];
        }
    }
  g_free (old.keys);
  g_free (old.hashes);
  g_free (old.rows);
}

/**
 * tide_key_map_put:
 * @key: a key
 * @hash: content hash as stored
 * @row: the row; 0 = must be asked for
 * @gone: whether the row is marked as deleted
 *
 * Adds a key, or changes what is known of it. A key that comes with another row than before stands for
 * two ids that happen to have the same hash: then the database has to be asked.
 */
void
tide_key_map_put (TideKeyMap *self,
                  guint64     key,
                  guint64     hash,
                  gint64      row,
                  gboolean    gone)
{
  guint32 number = row > 0 && row <= TIDE_KEY_MAP_ROW_MAX ? (guint32)row : 0;
  gboolean found;
  gsize place;

  if (is_full (self))
    grow (self);
  found = tide_key_map_find (self, key, &place);
  if (!found)
    {
      self->keys[place] = key;
      self->n++;
    }
  if (self->rows == NULL)
    return;
  if (found && (self->rows[place] & TIDE_KEY_MAP_ROW_MAX) != number)
    number = 0;
  self->hashes[place] = hash;
  self->rows[place] = number | (gone ? TIDE_KEY_MAP_GONE : 0);
}
