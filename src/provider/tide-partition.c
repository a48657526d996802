/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-partition.h"

#include <string.h>

static void
tide_partition_free (gpointer data)
{
  TidePartition *self = data;

  g_free (self->key);
  g_strfreev (self->values);
  g_strfreev (self->ids);
  tide_stream_state_clear (&self->state);
  g_free (self);
}

/* Values are joined by a comma; one that holds a comma is escaped. */
static char *
make_key (char **values)
{
  g_autoptr(GString) key = g_string_new (NULL);

  for (guint i = 0; values[i] != NULL; i++)
    {
      g_autoptr(GString) value = g_string_new (values[i]);

      g_string_replace (value, "%", "%25", 0);
      g_string_replace (value, ",", "%2C", 0);
      g_string_append_printf (key, "%s%s", i == 0 ? "" : ",", value->str);
    }
  return g_string_free (g_steal_pointer (&key), FALSE);
}

static char **
split_key (const char *key)
{
  char **values = g_strsplit (key, ",", -1);

  for (guint i = 0; values[i] != NULL; i++)
    {
      char *value = g_uri_unescape_string (values[i], NULL);

      if (value == NULL)
        continue;
      g_free (values[i]);
      values[i] = value;
    }
  return values;
}

static void
add_partition (GPtrArray   *partitions,
               char       **values,
               GHashTable  *states)
{
  TidePartition *self = g_new0 (TidePartition, 1);
  const char *state;

  self->n_windows = 1;
  self->values = values;
  self->key = values != NULL ? make_key (values) : g_strdup ("");
  state = states != NULL ? g_hash_table_lookup (states, self->key) : NULL;
  if (state == NULL)
    tide_stream_state_init (&self->state);
  else if (!tide_stream_state_parse (&self->state, state))
    g_warning ("the saved state of partition \"%s\" cannot be understood; it is read anew", self->key);
  g_ptr_array_add (partitions, self);
}

static gboolean
all_are_left (GHashTable  *left,
              char       **values)
{
  for (guint i = 0; values[i] != NULL; i++)
    if (!g_hash_table_contains (left, values[i]))
      return FALSE;
  return values[0] != NULL;
}

static int
compare_text (gconstpointer a,
              gconstpointer b)
{
  return strcmp (a, b);
}

/* Chunks are kept as they were put together once: if one more location came to belong to a chunk, all of
 * the chunk would have to be read anew. */
static void
add_known_chunks (GPtrArray  *partitions,
                  GHashTable *left,
                  GHashTable *states)
{
  g_autoptr(GList) keys = states != NULL ? g_list_sort (g_hash_table_get_keys (states), compare_text) : NULL;

  for (GList *l = keys; l != NULL; l = l->next)
    {
      char **values = split_key (l->data);

      if (!all_are_left (left, values))
        {
          g_strfreev (values);
          continue;
        }
      for (guint i = 0; values[i] != NULL; i++)
        g_hash_table_remove (left, values[i]);
      add_partition (partitions, values, states);
    }
}

static void
add_new_chunks (GPtrArray  *partitions,
                GPtrArray  *values,
                GHashTable *left,
                guint       chunk,
                GHashTable *states)
{
  g_autoptr(GPtrArray) members = g_ptr_array_new ();

  for (guint i = 0; i < values->len; i++)
    {
      const char *value = g_ptr_array_index (values, i);

      if (g_hash_table_remove (left, value))
        g_ptr_array_add (members, g_strdup (value));
      if (members->len == chunk || (members->len > 0 && i == values->len - 1))
        {
          g_ptr_array_add (members, NULL);
          add_partition (partitions, (char **)g_ptr_array_steal (members, NULL), states);
        }
    }
}

static GPtrArray *
get_values (TideStream *stream,
            GPtrArray  *parent_values)
{
  GPtrArray *values;

  if (stream->partition.parent != NULL)
    return parent_values != NULL ? g_ptr_array_ref (parent_values) : g_ptr_array_new ();
  values = g_ptr_array_new ();
  for (guint i = 0; stream->partition.values[i] != NULL; i++)
    g_ptr_array_add (values, stream->partition.values[i]);
  return values;
}

/**
 * tide_partitions_new:
 * @parent_values: (nullable) (element-type utf8): values of the parent's column
 * @states: (nullable): key → saved state
 *
 * Returns: (transfer full) (element-type TidePartition): the partitions of a stream, in a fixed order; a
 *    single one where it has none; none at all where its parent has no records
 */
GPtrArray *
tide_partitions_new (TideStream *stream,
                     GPtrArray  *parent_values,
                     GHashTable *states)
{
  GPtrArray *partitions = g_ptr_array_new_with_free_func (tide_partition_free);
  g_autoptr(GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) values = NULL;

  if (stream->partition.parent == NULL && stream->partition.values == NULL)
    {
      add_partition (partitions, NULL, states);
      return partitions;
    }
  values = get_values (stream, parent_values);
  for (guint i = 0; i < values->len; i++)
    g_hash_table_add (left, g_ptr_array_index (values, i));
  add_known_chunks (partitions, left, states);
  add_new_chunks (partitions, values, left, stream->partition.chunk, states);
  return partitions;
}

/**
 * tide_partitions_new_for_ids:
 * @ids: records to look up
 * @batch: how many in a request
 *
 * Returns: (transfer full) (element-type TidePartition): one for each request; they have no state
 */
GPtrArray *
tide_partitions_new_for_ids (char  **ids,
                             guint   batch)
{
  GPtrArray *partitions = g_ptr_array_new_with_free_func (tide_partition_free);
  guint n_ids = g_strv_length (ids);

  for (guint i = 0; i < n_ids; i += batch)
    {
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

      for (guint j = i; j < MIN (i + batch, n_ids); j++)
        g_strv_builder_add (builder, ids[j]);
      add_partition (partitions, NULL, NULL);
      ((TidePartition *)g_ptr_array_index (partitions, partitions->len - 1))->ids = g_strv_builder_end (builder);
    }
  return partitions;
}

/**
 * tide_partitions_choose:
 * @value: the one that is to be read for
 *
 * Leaves out all partitions, and of a chunk all values, but that one. Keys stay.
 *
 * Returns: whether there is that one
 */
gboolean
tide_partitions_choose (GPtrArray  *partitions,
                        const char *value)
{
  for (guint i = partitions->len; i > 0; i--)
    {
      TidePartition *partition = g_ptr_array_index (partitions, i - 1);

      if (partition->values == NULL || !g_strv_contains ((const char * const *)partition->values, value))
        {
          g_ptr_array_remove_index (partitions, i - 1);
          continue;
        }
      g_clear_pointer (&partition->values, g_strfreev);
      partition->values = g_new0 (char *, 2);
      partition->values[0] = g_strdup (value);
    }
  return partitions->len > 0;
}
